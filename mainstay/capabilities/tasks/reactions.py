"""What follows from a task for its record, and from a record for its tasks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.capabilities.tasks import queries
from mainstay.pure.rules import By
from mainstay.records import access, commands, fields, prepared
from mainstay.records.errors import Illegal, Invalid, Missing
from mainstay.records.reactions import Heard
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf

# What a task's record is told, by the task's own verb.
TOLD = {
    "create": "add_task",
    "finish": "finish_task",
    "skip": "skip_task",
    "reopen": "reopen_task",
}


def tell_the_parent(heard: Heard) -> None:
    """The record's history says what became of its tasks; no task is open on a record that is not.

    The record is locked after the task, here and nowhere the other way round.
    """
    verb = heard.event.name.partition(".")[2]
    found = access.led_to(heard.rtype, "parent", heard.record)
    if found is None:
        return
    rtype, facts = found
    parent = prepared.lock(rtype.model, "id", facts.id, rtype.name)
    if parent is None:
        return
    if verb in ("create", "reopen") and not parent.is_open:
        state = str(rtype.lifecycle.state(parent.state).label).lower()
        raise Illegal(_("The record it is about is %(state)s.") % {"state": state})
    by = By(heard.by.actor, heard.by.door, cause=heard.event.pk, depth=heard.by.depth + 1)
    told = {"task": {"record": heard.record.id}}
    commands.note_on(rtype, parent, TOLD[verb], by, facts=told, audience="internal")


def leave_nothing_open(heard: Heard) -> None:
    """Work that is still open is finished or let go before its record is done. Raises Invalid."""
    old, _new = heard.event.changes.get("state", ("", ""))
    if not old or not heard.rtype.lifecycle.state(old).kind.is_open:
        return
    left = len(queries.open_keys(heard.record.id))
    if not left:
        return
    if access.is_insider(heard.rtype, heard.by.actor, heard.record):
        said = ngettext(
            "%(n)d task is still open: finish or skip it first.",
            "%(n)d tasks are still open: finish or skip them first.",
            left,
        ) % {"n": left}
    else:
        said = _("Work on this is not finished yet.")
    raise Invalid({"": [said]})


def skip_what_is_left(heard: Heard) -> None:
    """In the worker: nobody need do any more what a cancelled record had open. Twice is once."""
    task = shelf.type("task")
    for number in queries.open_keys(heard.record.id):
        with writing():
            try:
                record = commands.locked(task, number, heard.by)
            except Missing:
                continue
            if record.state == "open":
                commands.go(task, record, task.lifecycle.move("skip"), {}, heard.by)


def follow_the_parent(heard: Heard) -> None:
    """In the worker: open tasks go where their record goes when it turns out to be another organisation's."""
    there = fields.by_stored(heard.rtype).get("organisation_id")
    if there is None or there.name not in heard.event.changes:
        return
    task = shelf.type("task")
    for number in queries.open_keys(heard.record.id):
        with writing():
            record = commands.locked(task, number, heard.by)
            commands.write_on(task, record, "change", {}, heard.by)
