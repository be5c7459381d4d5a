"""The worker: hands each event to whoever wants to hear of it after the commit, in order for each record.

A worker leases some sixteenths of all records, reads their pending rows by event id, runs the listeners outside any
transaction, and deletes the rows in one that proves the leases are still its own. A listener that fails leaves a row
of its own with a due time; for that listener later events of the record wait behind it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from mainstay.pure.rules import SYSTEM, By
from mainstay.records import clock, prepared, timers, turnstile
from mainstay.records.models import Event, Pending, Shard
from mainstay.records.reactions import Heard, Reaction, later_for
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf

log = logging.getLogger("mainstay.worker")

LEASE_S = 30.0
BATCH = 200
SHARDS = (
    4  # at a time: what a batch costs beside its events is shared, and three more workers find work
)
MOST_TRIES = 5
LONGEST_S = 600  # that an event is put off for a listener


class LeaseLost(Exception):
    """Another worker has these events now; whatever ran here may run there again."""


def drain(most_rounds: int = 1000) -> int:
    """Works off everything that is due now; for tests and for commands that end."""
    total = 0
    for _ in range(most_rounds):
        busy = deliver("drain") + timers.fire_due()
        total += busy
        if not busy:
            break
    return total


def deliver(holder: str) -> int:
    """One batch of the shards that wait longest. Returns how many rows were worked off."""
    shards = _lease(holder)
    if not shards:
        return 0
    rows = _waiting(shards)
    blocked = _blocked({row.record_id for row in rows})
    together = _Together()
    done = {row.pk for row in rows if _hear(row, blocked, together)}
    done -= together.hear(blocked)
    _finish(shards, holder, sorted(done))
    return len(rows)


def _lease(holder: str) -> list[int]:
    now = time.time()
    # One that ends much later than any begun now is of a clock that was set back since. Not a little later: another
    # worker takes its own while this one looks.
    free = Q(until__lt=now) | Q(until__gt=now + 2 * LEASE_S)
    waiting = _in_turn(free)
    for first in range(0, len(waiting), SHARDS):
        # By number, so that workers who want the same ones wait in one line instead of for each other.
        wanted = sorted(waiting[first : first + SHARDS])
        with writing():
            leased = Shard.objects.filter(free)
            until = {"holder": holder, "until": now + LEASE_S}
            taken = [shard for shard in wanted if leased.filter(pk=shard).update(**until)]
        if taken:
            return taken
    return []


def _in_turn(free: Q) -> list[int]:
    """The free shards that have work, by their oldest event: none is left behind while more comes than is heard."""
    waiting = Pending.objects.filter(is_dead=False, due_at=None, shard=OuterRef("pk"))
    first = Subquery(waiting.order_by("event_id").values("event_id")[:1])
    shards = Shard.objects.filter(free).annotate(first=first)
    oldest = dict(shards.exclude(first=None).values_list("pk", "first"))
    again = Pending.objects.filter(_is_due(), is_dead=False)
    for shard, event in again.values_list("shard", "event_id")[:64]:
        oldest[shard] = min(event, oldest.get(shard, event))
    return sorted(oldest, key=oldest.__getitem__)


def _is_due() -> Q:
    """What failed and was put off until now; or for longer than anything is, by a clock that was set back since."""
    now = clock.now()
    return Q(due_at__lte=now) | Q(due_at__gt=now + timedelta(seconds=LONGEST_S))


def _waiting(shards: list[int]) -> list[Pending]:
    rows = Pending.objects.filter(is_dead=False).select_related("event").order_by("event_id")
    found = list(rows.filter(_is_due(), shard__in=shards)[:BATCH])
    for shard in shards:  # one by one: an index gives the oldest of each, however many wait
        found += rows.filter(shard=shard, due_at=None)[: max(1, BATCH // len(shards))]
    return sorted(found, key=lambda row: (row.event_id, row.listener))


def _blocked(records: Iterable[int]) -> dict[tuple[int, str], int]:
    """For each record and listener that failed before, the first event still to be heard."""
    found: dict[tuple[int, str], int] = {}
    rows = Pending.objects.filter(record_id__in=list(records), is_dead=False).exclude(listener="")
    for record_id, listener, event_id in rows.values_list(
        "record_id", "listener", "event_id"
    ).order_by("-event_id"):
        found[record_id, listener] = event_id
    return found


class _Together:
    """What listeners that take many events at once are to hear when the others have heard theirs."""

    def __init__(self) -> None:
        self._waiting: dict[Reaction, list[Pending]] = {}

    def add(self, row: Pending, reaction: Reaction) -> None:
        self._waiting.setdefault(reaction, []).append(row)

    def hear(self, blocked: dict[tuple[int, str], int]) -> set[int]:
        """The rows that are not done with. A batch that fails is heard event by event."""
        put_back: set[int] = set()
        for reaction, rows in self._waiting.items():
            try:
                if reaction.many is not None:
                    reaction.many([row.event for row in rows])
            except Exception:
                log.exception("%s failed on %s events at once", reaction.name, len(rows))
                put_back |= {
                    row.pk for row in rows if not _hear_one(row, reaction, blocked) and row.listener
                }
        return put_back


def _hear(row: Pending, blocked: dict[tuple[int, str], int], together: _Together) -> bool:
    """Whether the row is done with; one that was put back itself stays, however long the batch takes from here."""
    is_done, record = True, _Current(row.event)
    for reaction in later_for(row.event.name):
        if row.listener and reaction.name != row.listener:
            continue
        if reaction.many is not None and (row.record_id, reaction.name) not in blocked:
            together.add(row, reaction)
        elif not _hear_one(row, reaction, blocked, record):
            is_done = not row.listener
    return is_done


def _hear_one(
    row: Pending,
    reaction: Reaction,
    blocked: dict[tuple[int, str], int],
    record: _Current | None = None,
) -> bool:
    """Whether this listener has heard it; what it could not hear is left for it alone."""
    key = (row.record_id, reaction.name)
    first = blocked.get(key)
    if first is not None and first < row.event_id:
        _leave(row, reaction, tries=0, error="waits behind an earlier event")
        return False
    try:
        run(row.event, reaction, record)
    except Exception as error:
        log.exception("%s failed on event %s", reaction.name, row.event_id)
        _leave(row, reaction, tries=row.tries + 1 if row.listener else 1, error=repr(error))
        blocked.setdefault(key, row.event_id)
        return False
    if first == row.event_id:
        del blocked[key]
    return True


class _Current:
    """The record of an event as it is now: read once for all who hear of it, and anew when one of them has written."""

    def __init__(self, event: Event) -> None:
        self.rtype = shelf.type(event.name.split(".")[0])
        self._key, self._written = event.record_id, -1

    def read(self) -> Any:
        if self._written != turnstile.begun():
            self._found = prepared.read(self.rtype.model, self._key, self.rtype.name)
            self._written = turnstile.begun()
        return self._found


def run(event: Event, reaction: Reaction, current: _Current | None = None) -> None:
    """One listener hears one event of a record that is still there."""
    current = current or _Current(event)
    record = current.read()
    if record is not None:
        cause = By(SYSTEM, reaction.name.split(".")[-2], cause=event.pk, depth=event.depth + 1)
        reaction.run(Heard(event, record, current.rtype, cause))


def _leave(row: Pending, reaction: Reaction, *, tries: int, error: str) -> None:
    """A row for one listener that must hear this event again, or a dead letter after the last try."""
    later = clock.now() + timedelta(seconds=min(2 * 4**tries, LONGEST_S))
    values = {
        "record_id": row.record_id,
        "shard": row.shard,
        "due_at": later,
        "tries": tries,
        "error": error[:2000],
        "is_dead": tries >= MOST_TRIES,
    }
    with writing():
        if row.listener:
            Pending.objects.filter(pk=row.pk).update(**values)
        else:
            Pending.objects.update_or_create(
                event_id=row.event_id, listener=reaction.name, defaults=values
            )


def _finish(shards: list[int], holder: str, done: list[int]) -> None:
    with writing():
        ours = Shard.objects.filter(pk__in=shards, holder=holder).update(until=0)
        if ours < len(shards):
            transaction.set_rollback(True)
            raise LeaseLost(f"shards {shards}")
        Pending.objects.filter(pk__in=done).delete()
