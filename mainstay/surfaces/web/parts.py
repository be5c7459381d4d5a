"""`/-/parts/`: every component in every state, drawn by the macros the pages use, without anybody's data.

A folder of templates named `reference/` brings components: each file is a group, each `part(…)` in it a component.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from jinja2 import Environment
from markupsafe import Markup

from mainstay.records.errors import Missing
from mainstay.surfaces.web import formats, jinja, samples_of_charts, samples_of_maps, shell, tokens
from mainstay.surfaces.web import samples as given
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.forms import Input
from mainstay.surfaces.web.samples import Lists, State, Type
from mainstay.surfaces.web.samples_of_plans import Plans
from mainstay.surfaces.web.timeline import Alert, Entry

FOLDER = "reference/"
# How the components stand there; what light and dark are, stands side by side.
WAYS = ("usual", "rtl", "compact", "touch")
LONG = (
    "Handheld scanners in the returns hall lose the wireless network between aisle 14 and 22 " * 2
)
ALERT = "payment-gateway: TLS handshake failure rate 38 % (threshold 2 %)"
FROM_THE_RIGHT = {
    "title": "تنقطع شبكة VPN كل 20 دقيقة",
    "name": "ليلى حداد",
    "text": "بدأ ذلك بعد التحديث. **ثلاثة** من خمسة أجهزة.",
}
FROM_THE_LEFT = {
    "title": "VPN disconnects every 20 minutes",
    "name": "Priya Raman",
    "text": "It began after the update. **Three** of five devices.",
}


@dataclass
class Reference:
    """Draws the groups one after the other, and remembers what it drew for the table of contents."""

    way: str
    frame: Any
    drawn: dict[str, list[str]] = field(default_factory=dict)
    group: str = ""

    def part(
        self, name: str, drawn_by: str, about: str, *, caller: Callable[[str], Markup]
    ) -> Markup:
        """One component; `caller` draws its states and is given what makes its ids its own."""
        self.drawn[self.group].append(name)
        return Markup(self.frame.part(name, drawn_by, about, self.way, caller))  # noqa: S704 - a macro's


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    """For everybody who works here; it asks the database for nothing of its own."""
    if not shell.works_here(request.actor):
        raise Missing
    way = request.GET.get("way", "")
    reference = Reference(way if way in WAYS else "usual", _frame(jinja.environment()))
    values = {**shell.frame(request), **samples(reference.way), "part": reference.part}
    drawn = [(name, _drawn(reference, name, values)) for name in _groups(jinja.environment())]
    context = {
        "title": _("Components"),
        "ways": ways(),
        "way": reference.way,
        "drawn": drawn,
        "contents": reference.drawn,
        "labels": labels(),
        "contrasts": list(tokens.contrasts(tokens.built())) if tokens.built() else [],
        "state": _frame(jinja.environment()).state,
    }
    return jinja.page(request, "web/parts.html", context)


def ways() -> list[tuple[str, str]]:
    """Each with its word."""
    words = (_("Light and dark"), _("Right to left"), _("Compact"), _("Touch"))
    return list(zip(WAYS, words, strict=True))


def labels() -> dict[str, str]:
    """What the groups are called; one a practice brings is called as its file is."""
    return {
        "marks": _("Marks"),
        "buttons": _("Buttons and choices"),
        "fields": _("Fields"),
        "cards": _("Cards and lists"),
        "lists": _("Lists"),
        "record": _("Record"),
        "charts": _("Charts"),
        "plans": _("Plans"),
        "maps": _("Maps"),
        "document": _("Documents"),
        "inbox": _("Inbox"),
        "tasks": _("Tasks"),
        "search": _("Search"),
        "notices": _("Notices"),
        "floating": _("What floats"),
        "frame": _("Around the page"),
        "portal": pgettext("group of components", "Portal"),
    }


def samples(way: str) -> dict[str, Any]:
    """What the components say here: nobody's data, and the same for everybody."""
    words = FROM_THE_RIGHT if way == "rtl" else FROM_THE_LEFT
    now = timezone.now()
    person = {"title": words["name"], "number": "USER-12", "id": "1"}
    entries = _entries(words, person, now)
    return {
        "sample": {
            **words,
            "long": LONG.strip(),
            "long_name": given.LONG_NAME,
            "person": person,
            "row": _row(words, now),
            "now": now,
        },
        "input": _input,
        "entries": entries,
        "job": {"done": 412, "total": 1000, "finished_at": None, "is_cancelled": False},
        "property_sample": given.properties(person),
        "rail": tuple(_rail()),
        "long_rail": tuple(_long_rail()),
        "rails": given.rails(),
        "sample_load": _Load(),
        "no_load": _Load(0, 0, 0, 0, {}),
        "sample_type": Type(),
        "lists_sample": Lists(words, LONG.strip(), now),
        "filters_sample": given.filters(LONG.strip()),
        "steps_sample": given.STEPS,
        "around": given.around(words),
        "around_long": given.around_long(words, LONG.strip()),
        "groups_sample": given.groups(),
        "long_groups": given.long_groups(),
        "plans_sample": Plans(words, LONG.strip(), now, formats.reader()[1]),
        **samples_of_charts.samples(now.date(), LONG.strip()),
        **samples_of_maps.samples(words, LONG.strip(), now),
        "waits": given.waits,
        "uploads": given.uploads,
        "going": given.GOING,
        "refused_file": given.REFUSED,
        "there": given.there,
        "colleagues": given.COLLEAGUES,
        "undoable": lambda path, **more: replace(entries["change"], undo=path, **more),
    }


def _rail() -> Iterator[tuple[State, str]]:
    places = (("New", "done"), ("In progress", "now"), ("Resolved", ""), ("Closed", ""))
    for word, place in places:
        yield State(word), place


def _long_rail() -> Iterator[tuple[State, str]]:
    """A long lifecycle, as a language with long words calls its states."""
    words = (
        "Entgegengenommen",
        "Wartet auf die Genehmigung der Geschäftsleitung",
        "In Bearbeitung",
    )
    for word, place in zip(words, ("done", "now", ""), strict=True):
        yield State(word), place
    for word in ("Wartet auf Rückmeldung", "Gelöst", "Abgeschlossen"):
        yield State(word), ""


@dataclass(frozen=True)
class _Load:
    """As much as a bar of work shows."""

    open: int = 7
    at_hand: int = 5
    waiting: int = 2
    overdue: int = 1
    priorities: dict[int, int] = field(default_factory=lambda: {1: 1, 3: 6})


def _row(words: dict[str, str], now: datetime) -> dict[str, Any]:
    return {
        "number": "INC-20481", "title": words["title"], "priority": 2, "kind": "active", "state": "in_progress",
        "updated_at": now - timedelta(minutes=12), "due_at": (now - timedelta(days=2)).date(), "version": 1,
    }  # fmt: skip


def _input(name: str, label: str, widget: str = "text", value: Any = "", **more: Any) -> Input:
    return Input(name, label, widget, value, **more)


def _entries(words: dict[str, str], person: dict[str, str], now: datetime) -> dict[str, Entry]:
    at = now - timedelta(hours=3)
    linked = {"record": {"number": "INC-20474", "title": words["title"]}}
    file = {"id": "0", "name": "scanner-log.txt", "size": 48_213}
    return {
        "note": Entry(at, person, text=words["text"], is_internal=True),
        "reply": Entry(at, person, text=words["text"], files=[file]),
        "inbound": Entry(at, person, text=words["text"], is_inbound=True),
        "long": Entry(at, person, text=f"{LONG}\n\n```\nERR_{'x' * 120}\n```", is_internal=True),
        "event": Entry(at, person, verb="create", glyph="plus"),
        "alert": Entry(at, None, alert=Alert("Prometheus · checkout-eu", ALERT, 126)),
        "alert over": Entry(at, None, alert=Alert("Prometheus · checkout-eu", "", is_over=True)),
        "change": Entry(at, person, verb="change", glyph="pencil", changes=[("Priority", "P3", "P1")]),
        "link": Entry(at, person, verb="link", glyph="link", link=linked),
        "refused": Entry(at, person, verb="change", glyph="pencil", status="Closed", is_imported=True, is_refused=True),
        "undone": Entry(at, person, verb="change", glyph="pencil", changes=[("Priority", "P1", "P3")], is_undo=True),
        "imported": Entry(at, None, verb="attach", glyph="paperclip", files=[file], is_imported=True),
    }  # fmt: skip


def _frame(env: Environment) -> Any:
    return env.get_template("parts/reference.html").module


def _groups(env: Environment) -> list[str]:
    """The files of every `reference/` folder: ours in the order of their names here, then what others bring."""
    found = {n for n in env.list_templates() if n.startswith(FOLDER) and n.endswith(".html")}
    names = [name.removeprefix(FOLDER).removesuffix(".html") for name in sorted(found)]
    ours = list(labels())
    return sorted(names, key=lambda name: ours.index(name) if name in ours else len(ours))


def _drawn(reference: Reference, group: str, values: dict[str, Any]) -> Markup:
    reference.group = group
    reference.drawn[group] = []
    template = jinja.environment().get_template(f"{FOLDER}{group}.html")
    return Markup(template.render({**values, "state": reference.frame.state}))  # noqa: S704 - it escapes
