"""What becomes of a record's tasks when the record moves behind another wall, or ends."""

from __future__ import annotations

from mainstay.capabilities.tasks import queries
from mainstay.capabilities.tasks.record import task
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, fields, prepared
from mainstay.records.errors import Missing
from mainstay.records.reactions import Heard
from mainstay.records.turnstile import writing

# Whose record it is and who works on it: together they are the walls a record stands behind.
WALLS = ("organisation_id", "team_id")


def stay_with_the_record(heard: Heard) -> None:
    """In the same transaction, so that no task is ever seen where its record is not; the record is locked first."""
    known = fields.by_stored(heard.rtype)
    moved = [name for name in WALLS if known[name].name in heard.event.changes]
    if not moved or heard.event.name.endswith(".create"):
        return
    by = By(SYSTEM, "automation", cause=heard.event.pk, depth=heard.by.depth + 1)
    given = {fields.by_stored(task)[name]: getattr(heard.record, name) for name in moved}
    for number, _is_removed in queries.numbers(heard.record.id):
        record = prepared.lock(task.model, "number", number, task.name, removed=None)
        # Meanwhile it may have gone to another record.
        if record is not None and record.parent_id == heard.record.id:
            commands.write_on(task, record, "change", given, by)


def skip_what_is_left(heard: Heard) -> None:
    """In the worker: nobody need do any more what a record that has ended had open. Twice is once."""
    if not heard.rtype.lifecycle.state(heard.record.state).kind.is_final:
        return
    for number, _is_removed in queries.numbers(heard.record.id, only_open=True):
        with writing():
            try:
                record = commands.locked(task, number, heard.by)
            except Missing:
                continue
            if record.state == "open":
                commands.go(task, record, task.lifecycle.move("skip"), {}, heard.by)
