"""What has happened since somebody last asked: events as they become visible, for whoever tells people at once.

An event's id is drawn before its transaction commits, so on PostgreSQL a lower one may become visible after a higher
one. Ids that were passed over are asked for again until they come, or until no transaction can still hold them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
from django.db import connection

from mainstay.pure.rules import Actor
from mainstay.records import access, fields
from mainstay.records.types import RecordType, shelf

BATCH = 500
# Of ids that were passed over: how long they are asked for, and how many at most.
PATIENCE_S, MOST_GAPS = 120.0, 2000
EVENT = "select id, record_id, name, audience, changes from records_event"
KNOWN = (
    "select id, type, number, organisation_id, team_id, requester_id, assignee_id, requested_for_id"
    " from records_record"
)
CHANGING = {"organisation_id", "team_id", "requester_id", "assignee_id", "requested_for_id"}


class Known(NamedTuple):
    """A record by what access rules look at."""

    id: int
    type_name: str
    number: str
    organisation_id: int | None
    team_id: int | None
    requester_id: int | None
    assignee_id: int | None
    requested_for_id: int | None

    @property
    def rtype(self) -> RecordType:
        """Its declaration, whose rules are asked."""
        return shelf.type(self.type_name)


class News(NamedTuple):
    """One event, as much of it as decides who hears of it.

    `was` is what it changed of what access rules look at, `other` the record it linked its own with, or no longer.
    """

    event: int
    record: int
    type_name: str
    is_internal: bool
    is_first: bool = False
    was: Mapping[str, int | None] | None = None
    other: int | None = None

    def before(self, after: Known) -> Known | None:
        """The record as it was until then, by what it was from then on; None where there was none."""
        if self.is_first:
            return None
        facts: dict[str, Any] = dict(self.was or {})
        return after._replace(**facts) if facts else after


class Happened(NamedTuple):
    """An event with its record before and after it; the same object where access rules see no difference."""

    news: News
    before: Known | None
    after: Known

    @property
    def sides(self) -> tuple[Known, ...]:
        """What it has to be judged by: who loses sight of a record has to hear of that as well."""
        if self.before is None or self.before is self.after:
            return (self.after,)
        return self.before, self.after


class Watch:
    """One reader's place among the events; asked again and again by one thread on its own connection."""

    def __init__(self) -> None:
        self.mark = 0
        self.has_moved = False
        self._gaps: dict[int, float] = {}
        self._version: int | None = None

    @property
    def safe(self) -> int:
        """Up to here everything that will ever be visible has been told."""
        return min(self._gaps) - 1 if self._gaps else self.mark

    def begin(self, size: int) -> list[News]:
        """The last events there are, in the order of their ids."""
        found = _ask(f"{EVENT} order by id desc limit %s", [size])[::-1]
        self.mark = found[-1].event if found else 0
        self._gaps = {}
        self._pass_over(found[-BATCH:])
        return found

    def more(self) -> list[News]:
        """What has become visible since; `has_moved` says whether anything else may have, too.

        It goes on to its new place when all of it was read: where a statement fails, it is read again.
        """
        version = self._count()
        self.has_moved = version is None or version != self._version
        if not self.has_moved:
            return []
        asked, late = time.monotonic(), self._late()
        fresh = _ask(f"{EVENT} where id > %s order by id limit %s", [self.mark, BATCH])
        # A gap is given up when it was asked for after its time, and not when nobody could ask.
        came = {news.event for news in late}
        self._gaps = {n: t for n, t in self._gaps.items() if n not in came and t > asked}
        if fresh:
            self._pass_over([News(self.mark, 0, "", is_internal=False), *fresh])
            self.mark = fresh[-1].event
        # A full batch: there is more, whether or not anybody writes again.
        self._version = None if len(fresh) == BATCH else version
        return late + fresh

    def let_go(self) -> None:
        """Another connection counts the writes of others from its own beginning."""
        self._version = None

    def _count(self) -> int | None:
        """SQLite tells for nothing whether anybody else has written; None where nobody knows."""
        if connection.vendor != "sqlite":
            return None
        with connection.cursor() as cursor:
            cursor.execute("pragma data_version")
            return int(cursor.fetchone()[0])

    def _late(self) -> list[News]:
        if not self._gaps:
            return []
        return _ask(f"{EVENT} where id in ({_marks(self._gaps)}) order by id", list(self._gaps))

    def _pass_over(self, found: Sequence[News]) -> None:
        if connection.vendor == "sqlite":  # there is one writer, and ids are drawn in its turn
            return
        until = time.monotonic() + PATIENCE_S
        for one, other in pairwise(found):
            first = max(one.event + 1, other.event - MOST_GAPS)
            self._gaps.update(dict.fromkeys(range(first, other.event), until))
        for id in sorted(self._gaps)[:-MOST_GAPS]:
            del self._gaps[id]


def known(ids: Iterable[int]) -> dict[int, Known]:
    """Records as they are now. One statement."""
    return {one.id: one for one in _known("id", sorted(set(ids)))}


def numbered(numbers: Iterable[str]) -> dict[str, Known]:
    """The same by their numbers."""
    return {one.number: one for one in _known("number", sorted(set(numbers)))}


def hears(actor: Actor, record: Known, *, internal: bool = False) -> bool:
    """Whether this actor may know that something happened to it; of what is internal, only who works on it may."""
    rtype = record.rtype
    may = access.allows(rtype, rtype.access.see, actor, record)
    return may and (not internal or access.is_insider(rtype, actor, record))


def happened(found: Iterable[News], records: Mapping[int, Known]) -> list[Happened]:
    """Events with their records as each of them found and left it, told back from what they are now."""
    facts, told = dict(records), []
    for news in sorted(found, key=lambda news: news.event, reverse=True):
        if (after := facts.get(news.record)) is not None:
            before = news.before(after)
            told.append(Happened(news, before, after))
            facts[news.record] = before or after
    return told[::-1]


def hears_of(actor: Actor, happening: Happened) -> bool:
    """Whether this actor may know of it: by what the record was or is, or as it came into or left their sight."""
    sides, internal = happening.sides, happening.news.is_internal
    if any(hears(actor, side, internal=internal) for side in sides):
        return True
    return internal and len({hears(actor, side) for side in sides}) > 1


def _known(column: str, wanted: Sequence[Any]) -> list[Known]:
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{KNOWN} where {column} in ({_marks(wanted)})", list(wanted))
        return [Known(*row) for row in cursor.fetchall()]


def _ask(sql: str, params: list[Any]) -> list[News]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_news(*row) for row in cursor.fetchall()]


def _news(event: int, record: int, name: str, audience: str, changes: Any) -> News:
    type_name, _dot, verb = name.partition(".")
    told = changes if isinstance(changes, dict) else orjson.loads(changes)
    columns = _columns(type_name)
    was = {columns[n]: told[n][0] for n in told.keys() & columns.keys()}
    other = told["link"]["record"] if verb in ("link", "unlink") else None
    return News(event, record, type_name, audience == "internal", verb == "create", was, other)


@cache
def _columns(type_name: str) -> dict[str, str]:
    """Of what access rules look at, what each is called in the events of a type."""
    named = fields.of(shelf.type(type_name)).values()
    return {field.name: field.stored for field in named if field.stored in CHANGING}


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in values)
