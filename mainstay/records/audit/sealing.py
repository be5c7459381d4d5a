"""Seals what was written since the last seal, every second; the worker does it, one worker at a time.

A row may be sealed once nothing with a lower id can come any more. SQLite has one writer, so everything there is may.
On PostgreSQL a transaction draws an id and commits later: `Horizon` waits for whoever was writing when it looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from mainstay.records import clock
from mainstay.records.audit import entries, leaves
from mainstay.records.audit.leaves import ENTRY, EVENT
from mainstay.records.audit.models import Seal
from mainstay.records.turnstile import writing

# Rows of each table in one seal: so many are hashed in some 20 ms, while nobody waits.
MOST: Final = 2_000
EVERY_S: Final = 1.0
# Any number will do, as long as it is always this one.
SEAL_LOCK: Final = 0x7365616C
# Whoever inserts holds such a lock on the table from before its id is drawn until its transaction has ended.
WRITERS: Final = """
select virtualtransaction from pg_locks
 where relation in ('records_event'::regclass, 'audit_entry'::regclass)
   and database = (select oid from pg_database where datname = current_database())
   and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
   and pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Mark:
    """The highest ids there were, and who was writing just then."""

    events: int
    entries: int
    writers: frozenset[str] = frozenset()


class Horizon:
    """Up to which ids everything is there that will ever be."""

    def __init__(self) -> None:
        self._safe, self._waiting = Mark(0, 0), list[Mark]()

    def look(self) -> Mark:
        """How far it is safe to seal now; to be asked again and again, since it learns who has ended."""
        # The order counts: whoever drew a lower id than these and is not seen yet is among the writers.
        here = Mark(leaves.highest(EVENT), leaves.highest(ENTRY))
        if connection.vendor == "sqlite":
            return here
        with connection.cursor() as cursor:
            cursor.execute(WRITERS)
            writers = frozenset(row[0] for row in cursor.fetchall())
        if self._waiting and not self._waiting[0].writers & writers:
            self._safe = self._waiting.pop()
        if not writers:
            self._safe, self._waiting = here, []
        elif not self._waiting:
            self._waiting = [Mark(here.events, here.entries, writers)]
        return self._safe


def seal(horizon: Horizon) -> int:
    """One batch; how many rows it holds, 0 where nothing is to be sealed or another worker seals."""
    safe, newest = horizon.look(), head()
    if newest is not None and safe.events <= newest.events and safe.entries <= newest.entries:
        return 0
    with writing():
        if not _alone():
            return 0
        return _seal(safe)


def _seal(safe: Mark) -> int:
    last = head()
    events, entered = (last.events, last.entries) if last else (0, 0)
    found = [leaf for leaf, _ in leaves.of(EVENT, events, safe.events, MOST)]
    events = found[-1].id if found else events
    other = [leaf for leaf, _ in leaves.of(ENTRY, entered, safe.entries, MOST)]
    entered = other[-1].id if other else entered
    found += other
    if not found:
        return 0
    number, at, stored = (last.pk if last else 0) + 1, clock.now(), leaves.kept(found)
    root, previous = leaves.root(found), last.digest if last else ""
    Seal.objects.create(
        id=number,
        at=at,
        events=events,
        entries=entered,
        count=len(found),
        leaves=stored,
        root=root,
        previous=previous,
        digest=leaves.digest_of_seal(number, at, events, entered, root, stored, previous),
    )
    return len(found)


def head() -> Seal | None:
    """The newest seal: whoever keeps it elsewhere can prove later what was there."""
    return Seal.objects.defer("leaves").order_by("-id").first()


def _alone() -> bool:
    """Whether no other worker seals; the lock ends with the transaction."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        return bool(cursor.fetchone()[0])


class Sealer:
    """When this worker seals next, and how far it may."""

    def __init__(self) -> None:
        self._horizon, self._due = Horizon(), 0.0

    def turn(self, now: float) -> int:
        """A batch if it is time for one; more than 0 where there may be another."""
        if now < self._due:
            return 0
        entries.settle_repeats()
        sealed = seal(self._horizon)
        if sealed < MOST:
            self._due = now + EVERY_S
        return sealed
