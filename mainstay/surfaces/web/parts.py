"""`/-/parts/`: every component in every state, drawn by the macros the pages use, without anybody's data.

A folder of templates named `reference/` brings components: each file is a group with a page of its own, each `part(…)`
in it a component.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from jinja2 import Environment, nodes
from markupsafe import Markup

from mainstay.records.errors import Missing
from mainstay.surfaces.web import (
    formats,
    jinja,
    samples_of_charts,
    samples_of_maps,
    shell,
    shown,
    tokens,
)
from mainstay.surfaces.web import samples as given
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.forms import Input
from mainstay.surfaces.web.samples import Lists, State, Type
from mainstay.surfaces.web.samples_of_plans import Plans
from mainstay.surfaces.web.timeline import Alert, Entry

FOLDER = "reference/"
# How the components stand there; what light and dark are, stands side by side.
WAYS = ("usual", "rtl", "compact", *shown.WAYS)
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


@dataclass(frozen=True)
class Part:
    """Draws one component after the other in one of the ways."""

    way: str
    frame: Any

    def __call__(
        self, name: str, drawn_by: str, about: str, *, caller: Callable[[str], Markup]
    ) -> Markup:
        """`caller` draws the states of a component and is given what makes its ids its own."""
        return Markup(self.frame.part(name, drawn_by, about, self.way, caller))  # noqa: S704 - a macro's


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    """Where everything is, for everybody who works here; the database is asked for nothing of its own."""
    _for_who_works_here(request)
    context = {
        **_around(request),
        "title": _("Components"),
        "sample": samples(_way(request))["sample"],
        "states": states(),
        "contrasts": list(tokens.contrasts(tokens.built())) if tokens.built() else [],
    }
    return jinja.page(request, "web/parts.html", context)


@signed_in
@only("GET", "HEAD")
def group(request: HttpRequest, group: str) -> HttpResponse:
    """The components of one group."""
    _for_who_works_here(request)
    names = list(contents())
    if group not in names:
        raise Missing
    at = names.index(group)
    drawn = _drawn(request, group)
    context = {
        **_around(request),
        "title": labels().get(group, group),
        "group": group,
        "before": names[at - 1] if at else "",
        "after": names[at + 1] if at + 1 < len(names) else "",
        "drawn": Markup(drawn),  # noqa: S704 - a template, which escapes
        "own_sheets": tuple(getattr(drawn, "sheets", ())),
    }
    return jinja.page(request, "web/group.html", context)


@signed_in
@only("GET", "HEAD")
def sheet(request: HttpRequest, way: str, called: str) -> HttpResponse:
    """A sheet of styles in which one of the states holds for everything."""
    _for_who_works_here(request)
    try:
        text = shown.text(way, called)
    except KeyError:
        raise Missing from None
    return HttpResponse(
        text, content_type="text/css", headers={"Cache-Control": "private, max-age=3600"}
    )


def _for_who_works_here(request: HttpRequest) -> None:
    if not shell.works_here(request.actor):
        raise Missing


def _way(request: HttpRequest) -> str:
    way = request.GET.get("way", "")
    return way if way in WAYS else WAYS[0]


def _around(request: HttpRequest) -> dict[str, Any]:
    """What each of these pages has around its components."""
    way = _way(request)
    return {
        "ways": ways(),
        "way": way,
        "assets": shown.built(way),
        "asked": "" if way == WAYS[0] else f"?way={way}",
        "contents": contents(),
        "labels": labels(),
        "state": _frame(jinja.environment()).state,
    }


def ways() -> list[tuple[str, str]]:
    """Each with its word."""
    words = (
        _("Light and dark"), _("Right to left"), _("Compact"), _("Touch"), _("Pointed at"), _("Pressed"),
        _("In focus"), _("Print"), _("Forced colours"),
    )  # fmt: skip
    return list(zip(WAYS, words, strict=True))


def states() -> list[tuple[str, str]]:
    """Those that are drawn, and the other ways to look at all of it, with what each means."""
    return [
        (_("Default"), _("As it usually stands.")),
        (_("Selected"), _("Chosen or current. More than its colour says so.")),
        (_("Disabled"), _("Not possible now. What somebody may never do is absent.")),
        (_("Busy"), _("Sent and not answered yet: a bar at its foot.")),
        (_("Error"), _("What is wrong, and what to do about it.")),
        (_("Empty"), _("Nothing is in it.")),
        (_("Long text"), _("Goes on below or ends in dots. It never leaves its component.")),
        (_("Right to left"), _("Mirrored, with names and texts in Arabic.")),
        (_("Compact"), _("Rows and controls as high as a dense list has them.")),
        (_("Touch"), _("Everything one presses is 44 px high.")),
        (_("Pointed at"), _("What can be pressed says so.")),
        (_("Pressed"), _("While the pointer is down.")),
        (_("In focus"), _("A ring, wherever keys lead.")),
        (_("Print"), _("Light, without what only a screen can do.")),
        (_("Forced colours"), _("The reader's own. Lines and outlines say what colours said.")),
    ]


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
        "board": _("Boards"),
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


@cache
def contents() -> dict[str, list[str]]:
    """The groups with their components: ours in the order of their names here, then what others bring."""
    env = jinja.environment()
    found = {n for n in env.list_templates() if n.startswith(FOLDER) and n.endswith(".html")}
    names = [name.removeprefix(FOLDER).removesuffix(".html") for name in sorted(found)]
    ours = list(labels())
    in_order = sorted(names, key=lambda name: ours.index(name) if name in ours else len(ours))
    return {name: list(_named(env, name)) for name in in_order}


def _named(env: Environment, group: str) -> Iterator[str]:
    """What its file calls its components, without drawing them."""
    source = env.loader.get_source(env, f"{FOLDER}{group}.html")[0] if env.loader else ""
    for call in env.parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "part":
            yield call.args[0].as_const()


def _drawn(request: HttpRequest, group: str) -> Any:
    """The file of the group as it is drawn, with what it says about itself: `sheets`, those it needs."""
    env, way = jinja.environment(), _way(request)
    frame = _frame(env)
    values = {
        **shell.frame(request),
        **samples(way),
        "state": frame.state,
        "part": Part(way, frame),
    }
    return env.get_template(f"{FOLDER}{group}.html").make_module(values)
