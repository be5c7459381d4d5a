"""What came to a team and what was dealt with, day by day, as its records stand now.

A record counts for the team it is in now. One that was opened anew has not been resolved; one that was cancelled has
left, without having been resolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import connection

from mainstay.directory import workload
from mainstay.pure.rules import Actor
from mainstay.records import access, clock, fields
from mainstay.records.rows import Row
from mainstay.records.types import RecordType

DAYS = 14
# What was dealt with is looked for among all that changed since; of more than so many it is not.
MOST = 10_000
# Without these a type does not say when it was dealt with.
DATED = {"resolved_at", "resolved_by", "closed_at"}


@dataclass(frozen=True)
class DayOf:
    """What came on a day, what was resolved, and how much was open at its end (now, where it has not ended)."""

    day: date
    opened: int
    resolved: int
    open: int


def types() -> list[RecordType]:
    """The types whose records are work and that know when they were dealt with."""
    return [rtype for rtype in workload.types() if fields.of(rtype).keys() >= DATED]


def days(zone: tzinfo, many: int = DAYS) -> list[date]:
    """The last ones where the reader is, today at the end."""
    today = clock.now().astimezone(zone).date()
    return [today - timedelta(days=n) for n in reversed(range(many))]


def begins(day: date, zone: tzinfo) -> datetime:
    """Its first moment."""
    return datetime.combine(day, time(), zone)


def of_team(team: Row, actor: Actor, zone: tzinfo) -> list[DayOf] | None:
    """Of what exists for the actor; None where too much changed to be looked through. One statement."""
    shown = days(zone)
    starts = [begins(day, zone) for day in shown]
    counts = _counted(team, actor, starts)
    if counts is None:
        return None
    opened, resolved, left, still = counts
    # Backwards from what is open now: what left after a day was open at its end, what came after it was not.
    found = []
    for n in reversed(range(len(shown))):
        found.append(DayOf(shown[n], opened[n], resolved[n], max(still, 0)))
        still += left[n] - opened[n]
    return found[::-1]


def _counted(
    team: Row, actor: Actor, starts: Sequence[datetime]
) -> tuple[list[int], list[int], list[int], int] | None:
    """By day: how many came, were resolved and left; and how many are open now."""
    came, came_params = _day_of("r.created_at", starts)
    went, went_params = _day_of("coalesce(c.resolved_at, c.closed_at)", starts)
    since = connection.ops.adapt_datetimefield_value(starts[0])
    # SQLite would rather begin with all the team ever had; CROSS JOIN keeps the order it is written in.
    join = "cross join" if connection.vendor == "sqlite" else "join"
    parts, params = [], list[Any]()
    for rtype in types():
        seen = access.one_condition(rtype, rtype.access.see, actor)
        known = f"not r.is_removed and {seen.sql}"
        # The team's index has those that came, and those that are open.
        parts.append(
            f"select 'came' as what, {came} as n, 0 as resolved from records_record r"
            f" where r.team_id = %s and r.type = %s and r.created_at >= %s and {known}"
        )
        params += [*came_params, team.facts.id, rtype.name, since, *seen.params]
        parts.append(
            f"select 'open', 0, 0 from records_record r"
            f" where r.team_id = %s and r.type = %s and r.is_open and {known}"
        )
        params += [team.facts.id, rtype.name, *seen.params]
        # What was dealt with since has changed since; the index of changes has them, over all teams.
        changed = (
            "(select m.id from records_record m where m.type = %s and m.updated_at >= %s"
            " order by m.updated_at desc"
        )
        parts.append(
            f"select 'went', {went}, case when c.resolved_at is null then 0 else 1 end"
            f" from {changed} limit {MOST}) m {join} records_record r on r.id = m.id"
            f" {join} {rtype.child_table} c on c.record_ptr_id = r.id"
            f" where r.team_id = %s and not r.is_open and {known}"
            " and coalesce(c.resolved_at, c.closed_at) >= %s"
        )
        params += [*went_params, rtype.name, since, team.facts.id, *seen.params, since]
        parts.append(f"select 'more', 0, 0 from {changed} limit 1 offset {MOST}) m")
        params += [rtype.name, since]
    opened, resolved, left, still = ([0] * len(starts) for _ in range(4))
    with connection.cursor() as cursor:
        cursor.execute(
            "select what, n, count(*), sum(resolved) from ("
            f"{' union all '.join(parts)}) w group by 1, 2",
            params,
        )
        for what, n, count, solved in cursor.fetchall():
            match what:
                case "more":
                    return None
                case "open":
                    still[0] += count
                case "came":
                    opened[n] += count
                case _:
                    left[n] += count
                    resolved[n] += solved
    return opened, resolved, left, still[0]


def resolved_by(actor: Actor, zone: tzinfo) -> dict[str, list[int]]:
    """How many the actor resolved on each of the last days, by the names of the types. One statement.

    A person's index has all that they ever resolved, and of each it is looked at when.
    """
    starts = [begins(day, zone) for day in days(zone)]
    went, went_params = _day_of("c.resolved_at", starts)
    since = connection.ops.adapt_datetimefield_value(starts[0])
    parts, params = [], list[Any]()
    for rtype in types() if actor.id is not None else ():
        seen = access.one_condition(rtype, rtype.access.see, actor)
        parts.append(
            f"select '{rtype.name}' as type, {went} as n from {rtype.child_table} c"
            " join records_record r on r.id = c.record_ptr_id"
            " where c.resolved_by_id = %s and c.resolved_at >= %s"
            f" and not r.is_removed and {seen.sql}"
        )
        params += [*went_params, actor.id, since, *seen.params]
    found: dict[str, list[int]] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(
                f"select type, n, count(*) from ({' union all '.join(parts)}) w group by 1, 2",
                params,
            )
            for name, n, count in cursor.fetchall():
                found.setdefault(name, [0] * len(starts))[n] = count
    return found


def _day_of(column: str, starts: Sequence[datetime]) -> tuple[str, list[Any]]:
    """SQL for which of the days a moment is on, counted from 0: days begin where the reader is."""
    cases = " ".join(f"when {column} < %s then {n}" for n in range(len(starts) - 1))
    adapt = connection.ops.adapt_datetimefield_value
    return f"case {cases} else {len(starts) - 1} end", [adapt(start) for start in starts[1:]]
