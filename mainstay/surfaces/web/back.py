"""Where a form is sent that takes something back: for a toast, or a line of the history."""

from collections.abc import Mapping
from typing import Any

from mainstay.pure.lifecycle import Move
from mainstay.records.types import RecordType


def address(rtype: RecordType, number: str, event: Any) -> str:
    """Where a form is sent that takes an event back; empty where nothing was done."""
    return of(rtype, number, event.pk) if event is not None else ""


def of(rtype: RecordType, number: str, event: int) -> str:
    """The same for an event by its id."""
    return f"/{rtype.plural}/{number}/undo/{event}/"


def of_move(rtype: RecordType, row: Mapping[str, Any], verb: Move, event: Any) -> str:
    """The same for a move from where the row was, where some move leads back there."""
    back = [m for m in rtype.lifecycle.moves_from(verb.target) if m.target == row["state"]]
    return address(rtype, row["number"], event) if back else ""
