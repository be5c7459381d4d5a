"""Who has what, and who has room: the open records each person of a team holds, and those nobody has taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from mainstay.pure.lifecycle import Kind
from mainstay.pure.rules import Actor
from mainstay.records import access, clock
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf

# Work is what somebody asked for and somebody deals with.
WORK = {"requester", "assignee", "team"}


@dataclass
class Load:
    """Open records in numbers: how many, how many of them wait for others or are late, and by priority.

    `types` are the names of those they are of.
    """

    open: int = 0
    waiting: int = 0
    overdue: int = 0
    priorities: dict[int, int] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)

    def add(self, rtype: str, priority: int | None, kind: str, is_late: Any, count: int) -> None:
        self.types.add(rtype)
        self.open += count
        self.waiting += count if kind == Kind.WAITING else 0
        self.overdue += count if is_late else 0
        if priority is not None:
            self.priorities[priority] = self.priorities.get(priority, 0) + count

    @property
    def at_hand(self) -> int:
        """What the person can go on with now."""
        return self.open - self.waiting

    def has_room(self, capacity: int | None) -> bool | None:
        """None where nobody said how much one person can hold."""
        return None if capacity is None else self.at_hand < capacity


def types() -> list[RecordType]:
    """The types whose records are work."""
    return [rtype for rtype in shelf if WORK.isdisjoint(rtype.omits)]


def held(people: Sequence[int], actor: Actor) -> dict[int, Load]:
    """What each of the people holds, of what exists for the actor; by their ids."""
    loads = {person: Load() for person in people}
    if people:
        marks = ", ".join(["%s"] * len(people))
        for person, *rest in _counted(f"r.assignee_id in ({marks})", list(people), actor):
            loads[person].add(*rest)
    return loads


def own(actor: Actor) -> dict[str, Load]:
    """What the actor holds, by the names of the types; one of which they hold nothing is not in it. One statement."""
    loads: dict[str, Load] = {}
    if actor.id is not None:
        for _me, name, *rest in _counted("r.assignee_id = %s", [actor.id], actor):
            loads.setdefault(name, Load()).add(name, *rest)
    return loads


def untaken(team: Row, actor: Actor) -> Load:
    """What the team has and nobody of it, of what exists for the actor."""
    return unheld(team, actor)[None]


def unheld(team: Row, actor: Actor) -> dict[int | None, Load]:
    """What nobody present has of what the team has: nobody at all (None), and each who has left, by their ids.

    One statement.
    """
    loads: dict[int | None, Load] = {None: Load()}
    where = (
        "r.team_id = %s and (r.assignee_id is null or exists"
        " (select 1 from records_record p where p.id = r.assignee_id and not p.is_open))"
    )
    for person, *rest in _counted(where, [team.facts.id], actor):
        loads.setdefault(person, Load()).add(*rest)
    return loads


def _counted(where: str, params: list[Any], actor: Actor) -> list[tuple[Any, ...]]:
    """`(assignee, type, priority, kind, is late, how many)` of the open records, in one statement."""
    ways, allowed = [], list[Any]()
    for rtype in types():
        seen = access.one_condition(rtype, rtype.access.see, actor)
        ways.append(f"(r.type = %s and {seen.sql})")
        allowed += [rtype.name, *seen.params]
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "select assignee_id, type, priority, kind, is_late, count(*) from ("
            "select r.assignee_id, r.type, r.priority, r.kind, coalesce(r.due_at < %s, false) is_late"
            f" from records_record r where {where} and r.is_open and not r.is_removed"
            f" and ({' or '.join(ways)})) w group by 1, 2, 3, 4, 5",
            [now, *params, *allowed],
        )
        return cursor.fetchall()
