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
    free = lines(types, actor, _free) if actor.teams else None
    held = {line.row["number"] for line in mine}
    asked = [line for line in lines(types, actor, None, CALLER) if line.row["number"] not in held]
    loads = workload.own(actor)
    shares = _shares(types, loads, free)
    context = {
        "title": _("My work"),
        "gauges": [*gauges(shares), *_resolved(types, actor)],
        "at_hand": sum(load.at_hand for load in loads.values()),
        "shares": shares,
        "mine": [line for line in mine if line.row["kind"] != "waiting"],
        "waiting": [line for line in mine if line.row["kind"] == "waiting"],
        "free": free or [],
        "asked": asked,
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


@dataclass(frozen=True)
class Share:
    """Some of the work in figures: how many of each type, and the list that shows exactly these."""

    lists: tuple[tuple[str, str, str], ...]
    count: int
    is_more: bool = False

    @property
    def said(self) -> str:
        return f"{nb(self.count)}{'+' if self.is_more else ''}"

    def leads(self, card: str) -> str:
        """Where its number leads: to the list where all of it is of one type, and else to what names each."""
        return self.lists[0][2] if len(self.lists) == 1 else card


def _share(
    types: Sequence[RecordType],
    counts: Mapping[str, int],
    what: Callable[[RecordType], list[Condition]],
    most: int | None = None,
) -> Share:
    """Of a type of which there are `most` no more were looked for: it may be more."""
    some = [(t, counts[t.name], counts[t.name] == most) for t in types if counts.get(t.name)]
    lists = [
        (say(t.label_plural), f"{nb(n)}{'+' if is_more else ''}", addresses.url_of(t, all_of((OPEN, *what(t)))))
        for t, n, is_more in some
    ]  # fmt: skip
    return Share(tuple(lists), sum(n for _t, n, _m in some), any(m for _t, _n, m in some))


def _shares(
    types: Sequence[RecordType], loads: Mapping[str, workload.Load], free: Sequence[Line] | None
) -> dict[str, Share]:
    """What the reader holds, and what nobody of their teams has (None: they are in none), by the cards that show it."""
    shares = {
        "mine": _share(
            types, {n: load.at_hand for n, load in loads.items()}, lambda t: [_assigned(t), *_moving(t)]
        ),
        "late": _share(types, {n: load.overdue for n, load in loads.items()}, lambda t: [_assigned(t), LATE]),
        "waiting": _share(
            types, {n: load.waiting for n, load in loads.items()}, lambda t: [_assigned(t), _waiting(t)]
        ),
    }  # fmt: skip
    if free is not None:
        counts = Counter(line.rtype.name for line in free)
        shares["free"] = _share(types, counts, lambda t: [_free(t)], SIZE)
    return shares


def gauges(shares: Mapping[str, Share]) -> list[Gauge]:
    """What the reader holds, over all types, and what nobody of their teams has."""
    words = {
        "mine": (_("Assigned to me"), "user", _("at hand")),
        "late": (_("Overdue"), "clock", _("past their date")),
        "waiting": (_("On hold"), "st-pause", _("waiting for others")),
        "free": (_("Nobody has taken it yet"), "users", _("in my teams")),
    }
    found = []
    for card, share in shares.items():
        name, icon, label = words[card]
        told = [_("%(name)s: %(value)s") % {"name": n, "value": v} for n, v, _url in share.lists]
        # Where none is late, the card of what is one's own is what there is to see.
        href = share.leads("#mine" if card == "late" and not share.lists else f"#{card}")
        value = share.said if share.is_more else share.count
        gauge = Gauge(name, icon, href, value, label=label, why=", ".join(told))
        if card == "late":
            gauge = replace(gauge, tells=Tells.ACT if share.count else Tells.FINE)
        found.append(gauge)
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
