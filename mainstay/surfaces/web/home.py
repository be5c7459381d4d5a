"""My work: what is mine over all types, what nobody has taken, and what waits for others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import workload
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
    Op,
    all_of,
)
from mainstay.pure.rules import CALLER, Actor, Rule
from mainstay.records import access, clock, fields, queries
from mainstay.records.types import RecordType
from mainstay.surfaces.web import shell
from mainstay.surfaces.web.answers import only, redirect, signed_in
from mainstay.surfaces.web.filtering import YES
from mainstay.surfaces.web.jinja import page

SIZE = 25
UNTOUCHED = "updated_at"
OPEN = Compare(FieldRef("is_open", Kind.BOOL), Op.EQ, YES)


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
    context = {
        "title": _("My work"),
        "mine": [line for line in mine if line.row["kind"] != "waiting"],
        "waiting": [line for line in mine if line.row["kind"] == "waiting"],
        "free": free if actor.teams else [],
        "asked": asked,
        "first": types[0] if types else None,
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
