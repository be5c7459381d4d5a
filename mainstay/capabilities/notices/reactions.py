"""A notice ends with the record it was published from."""

from __future__ import annotations

from mainstay.capabilities.notices import queries
from mainstay.pure.rules import By
from mainstay.records import commands
from mainstay.records.reactions import Heard
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf


def end_with_the_record(heard: Heard) -> None:
    """In the worker. Twice is once, and a record that was reopened meanwhile keeps its notice."""
    goes_on = heard.record.is_open and not heard.record.is_removed
    number = None if goes_on else queries.published_from(heard.record.id)
    if number is None:
        return
    notice = shelf.type("notice")
    # Without its cause: everybody reads the history of a notice, and the cause is an event of the record.
    by = By(heard.by.actor, heard.by.door, depth=heard.by.depth)
    with writing():
        record = commands.locked(notice, number, by)
        if record.state == "published":
            commands.go(notice, record, notice.lifecycle.move("end"), {}, by)
