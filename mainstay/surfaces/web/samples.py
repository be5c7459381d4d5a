"""Lists and the frame around a page, as `/-/parts/` shows them: nobody's data, drawn by what draws the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.records.grouping import Group
from mainstay.records.types import View
from mainstay.surfaces.web import shell, tables, ui
from mainstay.surfaces.web.forms import Input
from mainstay.surfaces.web.tables import Column
from mainstay.surfaces.web.tabs import Tab

HERE = "/-/parts/"
MINE, OPEN = View("team", "My team", ""), View("open", "All open", "")
OLD = View("old", "Old scanners", "")
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
    after: str = ""
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


# What stands in the bar for many, the words of a step as a real list brings them.
STEPS = {
    "quick": [("assignee", "Assign"), ("team", "Team")],
    "moves": [("resolve", "Resolve"), ("hold", "Put on hold")],
    "fields": [("priority", "Priority"), ("service", "Service")],
    "removal": [],
    "chosen": 2,
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


def filters() -> dict[str, Any]:
    """The conditions that hold, what else one may ask for, and one that is being made."""
    chosen = Input("priority", "Priority", "choice", 2, choices=((1, "Critical"), (2, "High")))
    operators = [("==", "is"), ("!=", "is not")]

    def unfit(key: str) -> SimpleNamespace:
        text = "There is no person Nobody."
        typed = Input(f"unfit-{key}", "Assignee", "text", "Nobody", errors=(text,))
        return SimpleNamespace(input=typed, operators=operators, op="!=")

    return {
        "chips": [
            SimpleNamespace(words="Status is open", without=""),
            SimpleNamespace(words="Priority at least P2", without=""),
        ],
        "filterable": [("priority", "Priority"), ("service", "Service"), ("team", "Team")],
        "adding": SimpleNamespace(input=chosen, operators=operators, op="=="),
        "unfit": unfit,
    }
