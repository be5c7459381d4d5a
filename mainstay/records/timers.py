"""Things that happen to a record at a time: rows with a due time, fired once and never early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from mainstay.pure.rules import SYSTEM, By
from mainstay.records import clock, prepared
from mainstay.records.errors import Refused
from mainstay.records.models import Record, Timer
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType, shelf

# `name` → what happens: called with the record's type, the locked record and who acts.
Alarm = Callable[[RecordType, Any, By], None]
_alarms: dict[str, Alarm] = {}
MOST_TRIES = 5
ARM = (
    "insert into records_timer (record_id, name, due_at, tries, error) values (%s, %s, %s, 0, '')"
    " on conflict (record_id, name) do update set due_at = excluded.due_at, tries = 0, error = ''"
)


def install(alarms: dict[str, Alarm]) -> None:
    """Called once at startup with every alarm of the product."""
    _alarms.clear()
    _alarms.update(alarms)


def arm(record: Any, name: str, due_at: datetime) -> None:
    """Sets or moves a timer, in the transaction of the command that needs it."""
    with connection.cursor() as cursor:
        cursor.execute(ARM, [record.id, name, connection.ops.adapt_datetimefield_value(due_at)])


def disarm(record: Any, name: str) -> None:
    """Takes a timer away, in the transaction of the command that needs it no longer."""
    Timer.objects.filter(record_id=record.id, name=name).delete()


def fire_due(most: int = 100) -> int:
    """Fires what is due, each in a transaction of its own with its effect. Returns how many were due."""
    due = list(
        Timer.objects.filter(due_at__lte=clock.now())
        .order_by("due_at", "id")
        .values_list("id", "record_id")[:most]
    )
    for timer_id, record_id in due:
        try:
            _fire(timer_id, record_id)
        except Refused as refusal:
            _give_up(timer_id, f"refused: {refusal}")
        except Exception as error:
            _postpone(timer_id, repr(error))
    return len(due)


def _fire(timer_id: int, record_id: int) -> None:
    with writing():
        # The record first, as every command does; then the row, so that of two workers one finds it gone.
        type_name = Record.objects.filter(pk=record_id).values_list("type", flat=True).get()
        rtype = shelf.type(type_name)
        record = prepared.lock(rtype.model, "id", record_id, type_name, removed=None)
        timer = Timer.objects.filter(pk=timer_id, due_at__lte=clock.now()).first()
        if timer is None or record is None:
            return
        timer.delete()
        alarm = _alarms.get(timer.name)
        if alarm is not None and not record.is_removed:
            alarm(rtype, record, By(SYSTEM, "timer"))


def _postpone(timer_id: int, error: str) -> None:
    timer = Timer.objects.filter(pk=timer_id).first()
    if timer is None:
        return
    if timer.tries + 1 >= MOST_TRIES:
        _give_up(timer_id, error)
        return
    with writing():
        later = clock.now() + timedelta(seconds=10 * 3**timer.tries)
        Timer.objects.filter(pk=timer_id).update(
            tries=timer.tries + 1, due_at=later, error=error[:2000]
        )


def _give_up(timer_id: int, error: str) -> None:
    """Kept for whoever looks why nothing happened, a century away from ever being due again."""
    with writing():
        never = clock.now() + timedelta(days=36500)
        Timer.objects.filter(pk=timer_id).update(due_at=never, error=error[:2000])
