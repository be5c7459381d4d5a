"""Whose pages show a record besides its own: what it is linked with, what it names and what names it, the teams whose
load it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection

from mainstay.records import fields
from mainstay.records.news import Happened
from mainstay.records.rows import any_of
from mainstay.records.types import RecordType, shelf

LINKED = (
    "select source_id, target_id from records_link where source_id {0}"
    " union all select target_id, source_id from records_link where target_id {0}"
    " union all select notice_id, record_id from notices_origin where notice_id {0}"
)
NAMING = (
    "select id, type, requester_id, requested_for_id, assignee_id, team_id, organisation_id"
    " from records_record where id {0}"
)
TASKED = "select distinct parent_id from tasks_task where parent_id {0}"
TEAMS_OF = "select user_id, team_id from directory_membership where user_id {0}"


def of(happenings: Sequence[Happened], followed: Collection[int]) -> dict[int, set[int]]:
    """Where each that something happened to stands, or has stood; what names it only of what is `followed`.

    A statement, one for teams, one for what is followed, and for each of their types one.
    """
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
    for one, others in _naming(followed):
        for record in found.keys() & others:
            found[record].add(one)
    return {record: {one for one in others if one} for record, others in found.items()}


def _add_teams(found: dict[int, set[int | None]], happenings: Sequence[Happened]) -> None:
    """A team's page tells who of it has how much."""
    has = {(news.record, side.assignee_id) for news, *sides in happenings for side in sides if side}
    teams = defaultdict(set)
    for person, team in _ask(TEAMS_OF, {person for _record, person in has if person}):
        teams[person].add(team)
    for record, person in has:
        found[record] |= teams.get(person, set())


def _naming(followed: Collection[int]) -> Iterator[tuple[int, set[int]]]:
    """What each of these names: its people and its team, a task its record, an incident its service."""
    types = defaultdict(set)
    for one, type_name, *others in _ask(NAMING, followed):
        types[type_name].add(one)
        yield one, set(others)
    for type_name, those in types.items():
        for one, *others in _ask(_references(shelf.type(type_name)), those):
            yield one, set(others)


def tasked(ids: Collection[int]) -> set[int]:
    """Those of these that have tasks: the list of all tasks names them. One statement."""
    return {record for (record,) in _ask(TASKED, ids)}


@cache
def _references(rtype: RecordType) -> str:
    """What the type's own table says of other records; nothing where it says nothing."""
    own = [
        f.source.column for f in fields.of(rtype).values() if f.is_reference and f.column[0] == "c"
    ]
    if not own:
        return ""
    key = "record_ptr_id"
    return f"select {key}, {', '.join(own)} from {rtype.child_table} where {key} {{0}}"


def _ask(sql: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    wanted = sorted(set(ids))
    if not wanted or not sql:
        return []
    some, given = any_of(wanted)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(some), [given] * sql.count("{0}"))
        return list(cursor.fetchall())
