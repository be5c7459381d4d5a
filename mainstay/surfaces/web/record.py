"""What the page of one record shows: its life, its properties, its history, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.pure.kinds import FieldKind
from mainstay.pure.language import within
from mainstay.pure.lifecycle import Kind, Move, State
from mainstay.pure.rules import Actor
from mainstay.records import access, fields, queries
from mainstay.records.fields import Field
from mainstay.records.rows import Row, callers
from mainstay.records.stretch import NO_END
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import answers, keys, panels, shell, tables, timeline, ui, whence
from mainstay.surfaces.web.formats import say, when
from mainstay.surfaces.web.jinja import page

# The move a person most likely wants next stands first, by what the state means.
NEXT_KINDS = {
    Kind.NEW: (Kind.ACTIVE, Kind.RESOLVED, Kind.WAITING),
    Kind.ACTIVE: (Kind.RESOLVED, Kind.WAITING, Kind.NEW),
    Kind.WAITING: (Kind.ACTIVE, Kind.RESOLVED),
    Kind.RESOLVED: (Kind.CLOSED, Kind.ACTIVE),
}
# A life of two states is told by the state alone.
SHORTEST_RAIL = 4
# What is shown apart from the properties.
APART = (FieldKind.LONG, FieldKind.DATA)
HEAD_FIELDS = ("title", "number", "id", "type", "kind", "is_open", "version", "state", "updated_at")


@dataclass(frozen=True)
class Property:
    """One line beside the record: its name, its value, and whether it is edited in place."""

    name: str
    label: str
    shown: Any
    is_editable: bool = False


def respond(
    request: HttpRequest,
    rtype: RecordType,
    key: str,
    *,
    toast: str = "",
    undo: str = "",
    named: Sequence[str] = (),
    **events: Any,
) -> HttpResponse:
    """The record as it is after something was done on it, with a sentence about that."""
    row = queries.one(rtype, request.actor, key, python=True)
    return answers.tell(draw(request, rtype, row), toast, undo, named=named, **events)


def draw(request: HttpRequest, rtype: RecordType, row: Row) -> HttpResponse:
    """The record page, its `record` block, or its timeline alone."""
    wanted = _looked_at(request).get("show", "")
    wanted = wanted if wanted in timeline.FILTERS else "everything"
    context = {
        "rtype": rtype,
        "row": row,
        "show": wanted,
        **told_of(rtype, request.actor, row, wanted, before(request)),
    }
    if answers.is_fragment(request) and answers.target_of(request) == "entries":
        return page(request, "web/record.html", context, block="entries")
    context |= {
        "title": row["number"],
        "write": request.GET.get("write", ""),
        **contents(rtype, request.actor, row),
    }
    return page(request, "web/record.html", context)


def _looked_at(request: HttpRequest) -> QueryDict:
    """What the address of the page says; a form on it is sent to one of its own."""
    if request.method != "POST":
        return request.GET
    return whence.asked_by(request)


def before(request: HttpRequest) -> int:
    """Where a page of a timeline ends: the newest where the address names no event."""
    given = request.GET.get("before", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else NO_END


def told_of(rtype: RecordType, actor: Actor, row: Row, wanted: str, until: int) -> dict[str, Any]:
    """The timeline, and what the choice of its parts asks for."""
    may_note = queries.may(rtype, actor, "note", row)
    return {
        "told": timeline.told(rtype, actor, row, wanted, before=until),
        "is_past": until != NO_END,
        "may_talk": may_note and rtype.has("conversation"),
        "is_insider": access.is_insider(rtype, actor, row.facts),
    }


def contents(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    """What stands around it."""
    may_change = queries.may(rtype, actor, "change", row)
    may_note = queries.may(rtype, actor, "note", row)
    return {
        "group": shell.AREAS[rtype.area][0] if rtype.area in shell.AREAS else "",
        "state": rtype.lifecycle.state(row["state"]),
        "rail": rail(rtype, row["state"]),
        "moves": (possible := moves(rtype, actor, row)),
        "keys": keys_of(rtype, actor, possible, may_change=may_change),
        "body": body_of(rtype, row),
        "texts": texts_of(rtype, actor, row),
        "kept": kept_of(rtype, actor, row),
        "properties": properties(rtype, actor, row, may_change=may_change),
        "links": links(rtype, actor, row),
        "link_kinds": link_kinds(rtype) if may_change else [],
        "panels": panels.of(rtype, actor, row),
        "may_change": may_change,
        "may_remove": queries.may(rtype, actor, "remove", row),
        "may_attach": may_note and rtype.has("files"),
        "drafts": drafts_of(rtype, actor, row) if may_note else {},
        "callers": callers(row),
    }


def link_kinds(rtype: RecordType) -> list[tuple[str, str]]:
    """How its records can be related to others."""
    return [(name, say(kind.label)) for name, kind in rtype.links.items()]


def keys_of(
    rtype: RecordType, actor: Actor, possible: list[Move], *, may_change: bool
) -> keys.Keys:
    """What the keys of a list would do to this record as it is now."""
    ever = keys.keys(rtype, actor)
    return replace(
        ever,
        resolve=ever.resolve if ever.resolve in [move.name for move in possible] else "",
        has_priority=ever.has_priority and may_change,
    )


def drafts_of(rtype: RecordType, actor: Actor, row: Row) -> Mapping[str, str]:
    """What this person has begun to write about it, by audience."""
    offer = rtype.offer("drafts")
    return offer(rtype, actor, row) if offer else {}


def rail(rtype: RecordType, now: str) -> list[tuple[State, str]]:
    """The states in order, each "done", "now" or "": what waits or is cancelled only while so.

    What was cancelled came to no end that counts: there each is "off".
    """
    states = rtype.lifecycle.states
    if len(states) < SHORTEST_RAIL:
        return []
    current = rtype.lifecycle.state(now)
    shown = [s for s in states if s.kind not in (Kind.WAITING, Kind.CANCELLED) or s is current]
    if current.kind is Kind.CANCELLED:
        return [(s, "off") for s in shown if s.kind is Kind.NEW or s is current]
    at = shown.index(current)
    return [
        (s, "done" if n < at or (n == at and s.kind.is_final) else "now" if n == at else "")
        for n, s in enumerate(shown)
    ]


def moves(rtype: RecordType, actor: Actor, row: Row) -> list[Move]:
    order = NEXT_KINDS.get(Kind(row["kind"]), ())

    def place(move: Move) -> int:
        kind = rtype.lifecycle.state(move.target).kind
        return order.index(kind) if kind in order else len(order)

    return sorted(queries.moves(rtype, actor, row), key=place)


def body_field(rtype: RecordType) -> str:
    """The long text a record is about: the first of its form."""
    known = fields.of(rtype)
    return next((n for n in rtype.form if known[n].kind is FieldKind.LONG), "")


def body_of(rtype: RecordType, row: Mapping[str, Any]) -> str:
    return row.get(body_field(rtype)) or ""


def texts_of(rtype: RecordType, actor: Actor, row: Row) -> list[tuple[str, str]]:
    """The other long texts that are filled, such as how it was resolved."""
    body = body_field(rtype)
    there = fields.readable(rtype, actor, row.facts).values()
    return [
        (say(f.label), row[f.name])
        for f in there
        if f.kind is FieldKind.LONG and f.name != body and row.get(f.name)
    ]


def kept_of(rtype: RecordType, actor: Actor, row: Row) -> list[tuple[str, list[tuple[str, Any]]]]:
    """What was kept beside our own values, such as the counters of the system a record came from."""
    there = fields.readable(rtype, actor, row.facts).values()
    return [
        (say(f.label), [(name.replace("_", " "), value) for name, value in row[f.name].items()])
        for f in there
        if f.kind is FieldKind.DATA and row.get(f.name)
    ]


def properties(rtype: RecordType, actor: Actor, row: Row, *, may_change: bool) -> list[Property]:
    there = fields.readable(rtype, actor, row.facts)
    listed = [
        n
        for n in dict.fromkeys((*(["priority"] if "priority" in there else []), *rtype.form))
        if n in there
    ]
    # A number that lists are only put in order by says nothing by itself.
    counts = [n for n in rtype.orders if n in there and there[n].kind is FieldKind.NUMBER]
    skipped = (*listed, *counts)
    listed += [n for n in there if n not in skipped and row.get(n) not in (None, "", 0)]
    found = []
    for name in listed:
        known = there[name]
        if name in HEAD_FIELDS or known.kind in APART:
            continue
        editable = may_change and known.writable and name in rtype.form
        found.append(Property(name, say(known.label), value_of(known, row[name]), editable))
    return found


def value_of(known: Field, value: Any) -> Any:
    """A value beside its label; a reference leads to what it names."""
    if known.is_reference and value:
        glyph = shelf.type(known.target).icon if known.target in shelf else "link"
        mark = ui.avatar(value, "s") if known.target == "user" else ui.icon(glyph, 14)
        has_left = known.name == "assignee" and not value.get("is_open", True)
        return Markup('%s<span class="trunc" dir="auto" title="%s">%s</span>%s') % (
            mark,
            value["number"],
            value["title"],
            Markup(' <span class="tag">%s</span>') % _("Has left") if has_left else "",
        )
    if known.name == "priority":
        return ui.prio(value, with_word=True)
    if known.kind is FieldKind.TIME:
        return when(value)
    return tables.shown(known, value)


def links(rtype: RecordType, actor: Actor, row: Row) -> list[dict[str, Any]]:
    """Related records under the words of the relation, from whichever side it is read."""
    if not rtype.links and not any(
        rtype.name in kind.targets for other in shelf for kind in other.links.values()
    ):
        return []
    found = []
    for link in queries.links(actor, row):
        other = shelf.type(link["type"])
        kind = rtype.links.get(link["kind"]) if link["is_source"] else other.links.get(link["kind"])
        if kind is None or (not link["is_source"] and panels.shows(rtype, link["kind"])):
            continue
        state = other.lifecycle.state(link["state"])
        found.append(
            {
                **link,
                "rtype": other,
                "status": ui.status(state.kind, state.label),
                "words": say(kind.label if link["is_source"] else kind.inverse),
            }
        )
    return found


def called(rtype: RecordType, row: Row) -> str:
    """What a sentence calls it: what has a name by that, all else by its number."""
    return str(row["title"] if "title" in rtype.labels else row["number"])


def toast_for(rtype: RecordType, number: str, move: Move) -> str:
    """What a move came to, not what was pressed."""
    state = within(rtype.lifecycle.state(move.target).label)
    return _("%(number)s is now %(state)s") % {"number": number, "state": state}


def toast_for_change(number: str, *, is_changed: bool) -> str:
    """Of values that were chosen or typed; they may be what stood there already."""
    told = _("%(number)s updated") if is_changed else _("%(number)s stays as it was")
    return told % {"number": number}


def after(
    request: HttpRequest,
    rtype: RecordType,
    number: str,
    toast: str,
    undo: str = "",
    named: Sequence[str] = (),
) -> HttpResponse:
    """The record as it is now: its block for htmx, a redirect otherwise."""
    here = f"/{rtype.plural}/{number}/"
    if not answers.is_fragment(request):
        return answers.redirect(here, toast, undo, named)
    if answers.target_of(request) == "toasts":
        return answers.taken_back(request, here, toast, named)
    if answers.target_of(request) != "record":
        return answers.done(request, here, toast, undo, named)
    closed = {"close-dialog": dict[str, Any]()}
    return respond(request, rtype, number, toast=toast, undo=undo, named=named, **closed)
