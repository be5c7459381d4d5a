"""My work: what is mine over all types, what nobody has taken, and what waits for others."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import flow, workload
from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
    In,
    IsSet,
    Kind,
    Me,
    MyTeams,
    Not,
    Now,
    Op,
    Value,
    all_of,
)
from mainstay.pure.lifecycle import Kind as Means
from mainstay.pure.rules import CALLER, Actor, Rule
from mainstay.records import access, clock, fields, queries
from mainstay.records.types import RecordType
from mainstay.surfaces.web import addresses, shell
from mainstay.surfaces.web.answers import only, redirect, signed_in
from mainstay.surfaces.web.charts import Gauge, Tells
from mainstay.surfaces.web.filtering import YES
from mainstay.surfaces.web.formats import nb, reader, say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.panels import Panel

SIZE = 25
UNTOUCHED = "updated_at"
OPEN = Compare(FieldRef("is_open", Kind.BOOL), Op.EQ, YES)
LATE = Compare(FieldRef("due_at", Kind.TIME), Op.LT, Now())


Fill = Callable[[Actor], dict[str, Any]]
_installed: list[tuple[str, Fill]] = []


def install(*cards: tuple[str, Fill]) -> None:
    """Called once at startup with what capabilities put there; an empty one is not drawn."""
    _installed[:] = cards


@dataclass(frozen=True)
class Line:
    rtype: RecordType
    row: dict[str, Any]
    is_overdue: bool = False


@signed_in
@only("GET", "HEAD")
def my_work(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    if not shell.works_here(actor):
        return redirect("/portal/")
    types = work_types(actor)
    mine = lines(types, actor, _assigned)
    free = lines(types, actor, _free)
    held = {line.row["number"] for line in mine}
    asked = [line for line in lines(types, actor, None, CALLER) if line.row["number"] not in held]
    loads = workload.own(actor)
    context = {
        "title": _("My work"),
        "gauges": [*gauges(types, loads, free if actor.teams else None), *_resolved(types, actor)],
        "at_hand": sum(load.at_hand for load in loads.values()),
        "on_hold": sum(load.waiting for load in loads.values()),
        "mine": [line for line in mine if line.row["kind"] != "waiting"],
        "waiting": [line for line in mine if line.row["kind"] == "waiting"],
        "free": free if actor.teams else [],
        "asked": asked,
        "first": types[0] if types else None,
        "cards": [Panel(template, v) for template, fill in _installed if (v := fill(actor))],
    }
    return page(request, "web/home.html", context)


def work_types(actor: Actor) -> list[RecordType]:
    """What this person works on, of all types."""
    return [t for t in workload.types() if access.may_ever(t.access.see, actor)]


def ref(rtype: RecordType, attribute: str) -> FieldRef:
    """A common column under the name the type has for it."""
    name = next(f.name for f in fields.of(rtype).values() if f.attribute == attribute)
    return FieldRef(name, Kind.REF)


def _assigned(rtype: RecordType) -> Condition:
    return Compare(ref(rtype, "assignee"), Op.EQ, Me())


def _free(rtype: RecordType) -> Condition:
    return all_of((In(ref(rtype, "team"), MyTeams()), Not(IsSet(ref(rtype, "assignee")))))


def gauges(
    types: list[RecordType], loads: Mapping[str, workload.Load], free: list[Line] | None
) -> list[Gauge]:
    """What the reader holds, over all types, and what nobody of their teams has (None: they are in none)."""
    late = _gauge(
        (_("Overdue"), "clock", _("past their date"), "#mine"), types,
        {name: load.overdue for name, load in loads.items()}, lambda t: [_assigned(t), LATE],
    )  # fmt: skip
    found = [
        _gauge(
            (_("Assigned to me"), "user", _("at hand"), "#mine"), types,
            {name: load.at_hand for name, load in loads.items()}, lambda t: [_assigned(t), *_moving(t)],
        ),
        replace(late, tells=Tells.ACT if late.value else Tells.FINE),
        _gauge(
            (_("On hold"), "st-pause", _("waiting for others"), "#waiting"), types,
            {name: load.waiting for name, load in loads.items()}, lambda t: [_assigned(t), _waiting(t)],
        ),
    ]  # fmt: skip
    if free is not None:
        counts = Counter(line.rtype.name for line in free)
        gauge = _gauge(
            (_("Nobody has taken it yet"), "users", _("in my teams"), "#free"), types, counts, lambda t: [_free(t)]
        )  # fmt: skip
        # No more were looked for: it may be more.
        is_all = max(counts.values(), default=0) < SIZE
        found.append(gauge if is_all else replace(gauge, value=f"{nb(len(free))}+", why=""))
    return found


def _resolved(types: list[RecordType], actor: Actor) -> list[Gauge]:
    """What the reader resolved in the last days, of the type of which it was most: one list has all it counts."""
    zone = reader()[1]
    known = [t for t in flow.types() if t in types]
    if not known:
        return []
    found = flow.resolved_by(actor, zone)
    rtype = max(known, key=lambda t: sum(found.get(t.name, ())))
    days = found.get(rtype.name, [])
    since = flow.begins(flow.days(zone)[0], zone).astimezone(UTC)
    mine = Compare(FieldRef("resolved_by", Kind.REF), Op.EQ, Me())
    lately = Compare(FieldRef("resolved_at", Kind.TIME), Op.GE, Value(since))
    return [
        Gauge(
            _("Resolved by me"), "check", addresses.url_of(rtype, all_of((mine, lately))), sum(days),
            label=_("%(records)s in %(n)d days") % {"records": say(rtype.label_plural), "n": flow.DAYS},
            course=tuple(map(float, days)), course_name=_("Resolved by me, day by day"),
            # Where it is hardly ever more than one, a line would be a row of needles.
            has_columns=max(days, default=0) <= 2,
        )
    ]  # fmt: skip


def _gauge(
    words: tuple[str, str, str, str],
    types: Sequence[RecordType],
    counts: Mapping[str, int],
    what: Callable[[RecordType], list[Condition]],
) -> Gauge:
    """It leads to the list where all it counts is of one type, and else to the card, which has all of them.

    `words` are its name, its glyph, what it counts, and the card.
    """
    name, icon, label, card = words
    some = [t for t in types if counts.get(t.name)]
    told = [
        _("%(name)s: %(value)s") % {"name": say(t.label_plural), "value": nb(counts[t.name])}
        for t in some
    ]
    href = addresses.url_of(some[0], all_of((OPEN, *what(some[0])))) if len(some) == 1 else card
    value = sum(counts[t.name] for t in some)
    return Gauge(name, icon, href, value, label=label, why=", ".join(told))


def _waiting(rtype: RecordType) -> In:
    waits = [Value(s.name) for s in rtype.lifecycle.states if s.kind is Means.WAITING]
    return In(FieldRef("state", Kind.CHOICE), tuple(waits))


def _moving(rtype: RecordType) -> list[Condition]:
    """What is at hand; a type that never waits says nothing about it."""
    return [Not(waits)] if (waits := _waiting(rtype)).items else []


def lines(
    types: list[RecordType],
    actor: Actor,
    what: Callable[[RecordType], Condition] | None,
    among: Rule | None = None,
) -> list[Line]:
    """The open ones, what is overdue before the rest, the longest untouched first: as they should be picked up."""
    found = []
    now = clock.now()
    for rtype in types:
        names = [
            n for n in ("priority", "waiting_for", "due_at") if n in fields.visible(rtype, actor)
        ]
        rows = queries.page(
            rtype,
            actor,
            names=names,
            where=all_of((OPEN, what(rtype))) if what else OPEN,
            among=among,
            order=UNTOUCHED if UNTOUCHED in rtype.orders else "",
            size=SIZE,
            python=True,
        )
        found += [
            Line(rtype, row, is_overdue=_is_over(row.get("due_at"), now)) for row in rows.items
        ]
    return sorted(found, key=_urgency)


def _is_over(due: datetime | None, now: datetime) -> bool:
    return due is not None and due < now


def _urgency(line: Line) -> tuple[bool, int, datetime]:
    return not line.is_overdue, line.row.get("priority") or 9, line.row["updated_at"]
