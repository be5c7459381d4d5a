"""Lists and the frame around a page, as `/-/parts/` shows them: nobody's data, drawn by what draws the real ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.pure import lifecycle
from mainstay.records.grouping import Group
from mainstay.records.types import View
from mainstay.surfaces.web import record, shell, tables, ui
from mainstay.surfaces.web.builder import Form
from mainstay.surfaces.web.forms import Input
from mainstay.surfaces.web.tables import Column
from mainstay.surfaces.web.tabs import Tab

HERE = "/-/parts/"
MINE, OPEN = View("team", "My team", ""), View("open", "All open", "")
OLD = View("old", "Old scanners", "")
# Names as people have them; what is made of one word only cannot be broken where it ends.
LONG_NAME = "Maximiliane Freifrau von Hohenstaufen-Waldburg zu Wolfegg"
COLLEAGUES = (
    {"title": "Ada Okafor", "number": "USER-4"},
    {"title": "Luca Jensen", "number": "USER-7"},
)
STATES = {"new": "New", "active": "In progress", "waiting": "On hold", "resolved": "Resolved"}


@dataclass(frozen=True)
class State:
    """A state of a lifecycle, as far as it is shown."""

    label: str
    kind: str = "active"


class Type:
    """As much of a type as its lists and lines show."""

    name, plural, icon, prefix = "incident", "-/parts", "siren", "INC"
    label, label_plural = "Incident", "Incidents"
    order = "-updated_at"
    orders = ("-updated_at", "updated_at", "priority", "title")

    @property
    def lifecycle(self) -> Type:
        return self

    def state(self, name: str) -> State:
        return State(STATES.get(name, "In progress"), name if name in STATES else "active")


@dataclass(frozen=True)
class Look:
    """What one looks at in a list, as its macros ask for it; every address leads back here."""

    rtype: Type = field(default_factory=Type)
    view: View = MINE
    row: tuple[View, ...] = ()
    filter: str = ""
    group: str = ""
    order: str = ""
    density: str = ""
    columns: tuple[str, ...] = ()
    place: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    ordered_by: str = "-updated_at"
    bulk_url: str = HERE
    export_url: str = HERE

    def url(self, **_changes: Any) -> str:
        return HERE

    def below(self, _word: str) -> str:
        return HERE

    def kept_url(self, _view: View) -> str:
        return HERE

    def named(self) -> dict[str, str]:
        return {}


class Lists:
    """A list as the reference draws it; `first` keeps the numbers of one apart from those of the next."""

    def __init__(self, words: Mapping[str, str], long: str, now: datetime) -> None:
        self.words, self.long, self.now, self.type = words, long, now, Type()
        person = {"title": words["name"], "number": "USER-12"}
        self.people: tuple[dict[str, str] | None, ...] = (person, None)

    def look(self, **changes: Any) -> Look:
        return Look(row=(MINE, OPEN), **changes)

    def tabs(self, *, is_changed: bool = False) -> list[Tab]:
        return [
            Tab(MINE, "My team", HERE, is_current=True, count=None if is_changed else 12),
            Tab(OPEN, "All open", HERE, is_current=False, count=999, is_more=True),
            Tab(OLD, "Old scanners", HERE, is_current=False, trouble=_("cannot be shown")),
        ]

    def long_tabs(self) -> list[Tab]:
        long = View("long", self.long, "")
        return [
            Tab(MINE, "My team", HERE, is_current=False, count=12),
            Tab(long, self.long, HERE, is_current=True, count=1),
        ]

    def columns(self) -> list[Column]:
        shows = {
            "priority": lambda row: ui.prio(row["priority"]),
            "number": lambda row: Markup('<bdi class="ref">%s</bdi>') % row["number"],
            "title": lambda row: row["title"],
            "state": lambda row: ui.status(row["kind"], STATES[row["kind"]]),
            "assignee": lambda row: ui.person(row["assignee"]),
        }
        labels = {
            "priority": _("Pri"),
            "number": _("Number"),
            "state": "Status",
            "assignee": "Assignee",
        }
        css = {"assignee": "c-ref c-person c-o1"}
        order = {"priority": "priority", "title": "title"}
        return [
            Column(n, labels.get(n, ""), css.get(n, f"c-{n}"), show, order.get(n, ""))
            for n, show in shows.items()
        ]

    def rows(self, first: int) -> list[dict[str, Any]]:
        titles = (self.words["title"], self.long, self.words["title"])
        return [
            {
                "number": f"INC-{first + n}",
                "title": title,
                "priority": (1, 2, 4)[n],
                "kind": ("active", "new", "waiting")[n],
                "assignee": self.people[n % 2],
                "service": {"title": "Network & VPN", "number": "SVC-1"},
                "updated_at": self.now - timedelta(minutes=9 + 50 * n),
            }
            for n, title in enumerate(titles)
        ]

    def body(self, first: int, *, can_choose: bool = True) -> Markup:
        below: Any = SimpleNamespace(name="service")
        return self._body(below, self.rows(first), can_choose=can_choose)

    def chosen(self, first: int) -> Markup:
        """One row is ticked, and one stands on the next, as a person and a script do it."""
        second = f'<tr id="INC-{first + 1}"'
        body = str(self.body(first)).replace(' name="sel"', ' name="sel" checked', 1)
        return Markup(body.replace(second, f'{second} class="cur"'))  # noqa: S704 - drawn by a macro

    def long_rows(self, first: int) -> Markup:
        """What is long in every column at once."""
        below: Any = SimpleNamespace(name="service")
        row = {**self.rows(first)[1], "assignee": {"title": LONG_NAME, "number": "USER-13"}}
        service = {"title": self.long, "number": "SVC-1"}
        return self._body(below, [{**row, "service": service}], can_choose=True)

    def grouped(self, first: int) -> Markup:
        by: Any = SimpleNamespace(name="state", is_reference=False, label="Status")
        rtype: Any = self.type
        below: Any = SimpleNamespace(name="service")
        drawn = Markup("")
        for row in self.rows(first)[:2]:
            head = tables.group_head(rtype, by, Group(row["kind"], 1))
            drawn += self._body(below, [row], can_choose=True, head=head)
        return drawn

    def _body(
        self, below: Any, rows: list[dict[str, Any]], *, can_choose: bool, head: str = ""
    ) -> Markup:
        rtype: Any = self.type
        drawn = tables.body(rtype, self.columns(), below, rows, can_choose=can_choose)
        return Markup("<tbody>\n%s%s</tbody>") % (head, drawn)

    def glance(self, rail: tuple[Any, ...], entries: list[Any], csrf: str) -> dict[str, Any]:
        """What the preview beside a list shows."""
        return {
            "rtype": self.type,
            "row": {**self.rows(20481)[0], "version": 1},
            "state": rail[1][0],
            "rail": rail,
            "body": self.words["text"],
            "properties": [{"label": "Assignee", "shown": ui.person(self.people[0])}],
            "entries": entries,
            "moves": [],
            "away": HERE,
            "csrf": csrf,
        }

    def long_glance(self, rail: tuple[Any, ...], csrf: str) -> dict[str, Any]:
        """Of a record where everything is long, and of which nothing else is known."""
        shown = self.glance(rail, [], csrf)
        properties = [
            {"label": "Assignee", "shown": LONG_NAME},
            {"label": "Service", "shown": self.long},
        ]
        row = {**shown["row"], "title": self.long, "number": "INC-20482"}
        return {**shown, "row": row, "body": f"{self.long} " * 4, "properties": properties}

    def bare_glance(self, rail: tuple[Any, ...], csrf: str) -> dict[str, Any]:
        """Of a record of which nothing but its title is known."""
        shown = {**self.glance(rail, [], csrf), "rail": ()}
        row = {**shown["row"], "priority": None, "number": "INC-20483"}
        unset = [{"label": "Assignee", "shown": ""}]
        return {**shown, "state": rail[0][0], "row": row, "body": "", "properties": unset}


def waits(drawn: Markup) -> Markup:
    """As a script marks the first form of it while its answer is on its way."""
    before, form, after = str(drawn).partition("<form ")
    own = re.match('class="([^"]*)" ?', after)
    marked = f'class="htmx-request {own[1] if own else ""}" {after[own.end() if own else 0 :]}'
    return Markup(before + form + marked)  # noqa: S704 - drawn by a macro


def there(face: Markup, grade: str, glyph: Markup | str = "") -> Markup:
    """A face as a script draws it: of who looks at this, writes here, or has it open and looks elsewhere."""
    marked = str(face).replace('av-m"', f'av-m {grade}"').replace("</span>", f"{glyph}</span>")
    return Markup(marked)  # noqa: S704 - drawn by macros


def uploads(composer: Markup, line: Markup) -> Markup:
    """With a file below the text, as a script puts it there."""
    before, place, after = str(composer).partition('<ul class="comp-u"')
    return Markup(before + place + after.replace(" hidden>", f">{line}", 1))  # noqa: S704 - drawn by macros


# Lines of files as a script adds them: one on its way, one that was not taken.
GOING = Markup(
    '<li><bdi class="trunc">display.png</bdi><progress max="1" value=".4" aria-label="display.png"></progress>'
    '<button type="button" class="btn quiet s">Cancel</button></li>'
)
REFUSED = Markup(
    '<li class="err"><span role="alert">display.png: The file is larger than 25 MB.</span>'
    '<button type="button" class="btn quiet s">Take away</button></li>'
)

# What stands in the bar for many, the words of a step as a real list brings them.
STEPS = {
    "quick": [("assignee", "Assign"), ("team", "Team")],
    "moves": [("resolve", "Resolve"), ("hold", "Put on hold")],
    "fields": [("priority", "Priority"), ("service", "Service")],
    "removal": [],
    "chosen": 2,
}


def rails() -> dict[str, tuple[list[tuple[lifecycle.State, str]], lifecycle.State]]:
    """How far records have come that are not just worked on, with where each stands."""
    words = {"active": "In progress", "waiting": "On hold"}
    states = [
        lifecycle.State(kind.value, kind, words.get(kind, kind.value.capitalize()))
        for kind in lifecycle.Kind
    ]
    moves = tuple(
        lifecycle.Move(after.name, (before.name,), after.name, after.label)
        for before, after in pairwise(states)
    )
    rtype: Any = SimpleNamespace(lifecycle=lifecycle.Lifecycle(tuple(states), moves))
    return {s.name: (record.rail(rtype, s.name), s) for s in states}


def properties(person: Mapping[str, str]) -> dict[str, Any]:
    """The menu of a property as it opens beside it, and what is asked where two set one in the same minute."""
    namesake = {**person, "number": "USER-121"}
    return {
        "now": f"{person['title']} · {person['number']}",
        "choices": [
            {
                "value": one["number"],
                "word": one["title"],
                "number": told,
                "load": load,
                "person": one,
            }
            for load, one, told in (
                (2, COLLEAGUES[0], ""),
                (4, person, person["number"]),
                (0, namesake, namesake["number"]),
            )
        ],
        "conflict": {
            "said": "Kenji Mori changed this at 09:42.",
            "theirs": ui.prio(1, with_word=True),
            "mine": "P3 Moderate",
            "raw": "3",
        },
    }


def around(words: Mapping[str, str], here: str = Type.plural) -> dict[str, Any]:
    """Who is here and where, for the frame around a page."""
    actor = SimpleNamespace(
        name=words["name"], number="", id="", login="agent", organisation="Nordhaven Group"
    )
    counts = {"needs": 3, "info": 2, "is_exact": True}
    return {
        "actor": actor,
        "here": here,
        "path": HERE,
        "letters": {},
        "inbox": counts,
        "send_keys": ("Ctrl",),
    }


def around_long(words: Mapping[str, str], long: str) -> dict[str, Any]:
    """The same, where who is here and whom they work for have long names."""
    actor = SimpleNamespace(
        name=LONG_NAME, number="", id="", login="maximiliane.hohenstaufen@nordhaven.example",
        organisation=long,
    )  # fmt: skip
    return {**around(words), "actor": actor, "inbox": {"needs": 140, "info": 0, "is_exact": False}}


def long_groups() -> list[shell.Group]:
    """As a language with long words calls them."""
    here: Any = SimpleNamespace(
        plural="-/parts", label_plural="Softwarebereitstellungsaufträge", icon="boxes", label=""
    )
    label = "Verantwortlichkeiten der Geschäftsleitung"
    return [shell.Group("respond", label, "siren", (here,), is_open=True)]


def groups() -> list[shell.Group]:
    """Two responsibilities: one open and current, one closed."""
    here: Any = Type()
    other: Any = SimpleNamespace(
        plural="-/parts/#c-sidebar", label_plural="Problems", icon="bug", label="Problem"
    )
    return [
        shell.Group("respond", "Respond", "siren", (here, other), is_open=True),
        shell.Group("resources", "Resources", "boxes", (other,), is_open=False),
    ]


def filters(long: str) -> dict[str, Any]:
    """The conditions that hold, what else one may ask for, and one that is being made."""
    levels = (("1", "Critical"), ("2", "High"), ("3", "Moderate"))
    chosen = Input("priority", "Priority", "choice", ("1", "2"), choices=levels)
    person = Input("assignee", "Assignee", "ref", "", options="/-/parts/")
    spoken = Input("text", "Condition", "text", 'is_major || state == "new"')
    operators = [("is", "is"), ("any", "is one of")]

    def unfit(key: str) -> Form:
        text = "There is no person Nobody."
        typed = Input(f"unfit-{key}", "Assignee", "text", "Nobody", errors=(text,))
        return Form(typed, operators, "is")

    return {
        "chips": [
            SimpleNamespace(words="Status is open", without=""),
            SimpleNamespace(words="Priority at least P2", without=""),
        ],
        "long_chips": [SimpleNamespace(words=f"Title contains {long}", without="")],
        "filterable": [("priority", "Priority"), ("service", "Service"), ("team", "Team")],
        "adding": Form(chosen, operators, "any"),
        "several": Form(person, operators, "any", [("USER-3", f"{long} · USER-3")], part="0"),
        "spoken": Form(spoken, part="1", is_text=True),
        "unfit": unfit,
    }
