"""Where a form is sent that takes something back: for a toast, or a line of the history."""

from typing import Any

from mainstay.records.types import RecordType


def address(rtype: RecordType, number: str, event: Any) -> str:
    """Where a form is sent that takes an event back; empty where nothing was done."""
    return of(rtype, number, event.pk) if event is not None else ""


def of(rtype: RecordType, number: str, event: int) -> str:
    """The same for an event by its id."""
    return f"/{rtype.plural}/{number}/undo/{event}/"
