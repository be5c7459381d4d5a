"""Whose pages show a record besides its own: what it is linked with, what it names, the teams whose load it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection

from mainstay.records import fields
from mainstay.records.news import Happened
from mainstay.records.types import RecordType

LINKED = (
    "select source_id, target_id from records_link where source_id in ({0})"
    " union all select target_id, source_id from records_link where target_id in ({0})"
    " union all select notice_id, record_id from notices_origin where notice_id in ({0})"
)
TEAMS_OF = "select user_id, team_id from directory_membership where user_id in ({0})"


def of(happenings: Sequence[Happened]) -> dict[int, set[int]]:
    """Where each that something happened to stands, or has stood. A statement, one for teams, and one for each type."""
    found: dict[int, set[int | None]] = defaultdict(set)
    for news, before, after in happenings:
        found[news.record].add(news.other)
        for side in (before, after):
            if side is not None:
                found[news.record].add(side.team_id)
    for record, other in _ask(LINKED, found):
        found[record].add(other)
    for rtype in {happening.after.rtype for happening in happenings}:
        those = {after.id for _news, _before, after in happenings if after.rtype is rtype}
        for record, *others in _ask(_references(rtype), those):
            found[record].update(others)
    _add_teams(found, happenings)
    return {record: {one for one in others if one} for record, others in found.items()}


def _add_teams(found: dict[int, set[int | None]], happenings: Sequence[Happened]) -> None:
    """A team's page tells who of it has how much."""
    has = {(news.record, side.assignee_id) for news, *sides in happenings for side in sides if side}
    teams = defaultdict(set)
    for person, team in _ask(TEAMS_OF, {person for _record, person in has if person}):
        teams[person].add(team)
    for record, person in has:
        found[record] |= teams.get(person, set())


@cache
def _references(rtype: RecordType) -> str:
    """What the type's own table says of other records; nothing where it says nothing."""
    own = [
        f.source.column for f in fields.of(rtype).values() if f.is_reference and f.column[0] == "c"
    ]
    if not own:
        return ""
    key = "record_ptr_id"
    return f"select {key}, {', '.join(own)} from {rtype.child_table} where {key} in ({{0}})"


def _ask(sql: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    wanted = sorted(set(ids))
    if not wanted or not sql:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(sql.format(marks), wanted * sql.count("{0}"))
        return list(cursor.fetchall())
