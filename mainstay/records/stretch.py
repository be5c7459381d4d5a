"""A stretch of what one record gathered, between two of its events: history, conversation and files are read so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.rows import Row
from mainstay.records.types import RecordType

USUAL = 200
NO_END = 2**63 - 1


@dataclass(frozen=True)
class Stretch:
    """`after` and `before` are ids of events, neither is part of it; `newest` takes its end and not its beginning.

    `audience` narrows it to what is for "all" or "internal".
    """

    after: int = 0
    before: int = NO_END
    size: int = USUAL
    newest: bool = False
    audience: str = ""

    def rows(
        self, select: str, event: str, rtype: RecordType, actor: Actor, row: Row
    ) -> list[tuple[Any, ...]]:
        """What the actor may read of it, in order; `event` is the column with the event's id. One statement."""
        table = event.partition(".")[0]
        heard = "'all', 'internal'" if access.is_insider(rtype, actor, row.facts) else "'all'"
        narrow, params = (
            (f" and {table}.audience = %s", [self.audience]) if self.audience else ("", [])
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"{select} where {table}.record_id = %s and {event} > %s and {event} < %s"
                f" and {table}.audience in ({heard}){narrow}"
                f" order by {event} {'desc' if self.newest else 'asc'} limit %s",
                [row.facts.id, self.after, self.before, *params, self.size],
            )
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if self.newest:
            found.reverse()
        return found


ALL = Stretch()
