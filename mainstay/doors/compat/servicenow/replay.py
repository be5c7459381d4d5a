"""Replays an incident log in batches, each of which commits with the mark to go on from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mainstay.doors.compat.servicenow import log, pasts
from mainstay.doors.compat.servicenow.names import Name, Names
from mainstay.doors.compat.servicenow.shapes import MISSING, SYSTEM
from mainstay.pure.rules import SYSTEM as MAINSTAY
from mainstay.pure.rules import By
from mainstay.records import replay
from mainstay.records.replay import Stride
from mainstay.records.types import shelf

BY = By(MAINSTAY, "servicenow-log")
# Enough to be quick, few enough that others who want to write wait for a moment only.
ROWS_A_BATCH = 1000


@dataclass(frozen=True)
class Progress:
    """How far it is: incidents and rows done, of how many; `skipped` ones were here already."""

    incidents: int
    of_incidents: int
    rows: int
    of_rows: int
    skipped: int = 0
    was_finished: bool = False


Tell = Callable[[Progress], None]


def run(
    path: Path,
    tell: Tell = lambda _: None,
    most: int | None = None,
    rows_a_batch: int = ROWS_A_BATCH,
) -> Progress:
    """Replays what is not here yet, or the first `most` incidents. Raises Invalid, Illegal."""
    read = log.read(path)
    incidents = read.incidents[:most]
    source = f"servicenow-log:{read.digest}"
    mark = replay.mark(source)
    so_far = _progress(incidents, mark.position)
    if mark.is_finished or mark.position >= len(incidents):
        return Progress(*so_far, was_finished=True)
    incident = shelf.type("incident")
    replay.reserve(incident, (updates[0].number for updates in read.incidents))
    names, skipped, at = Names(BY), 0, mark.position
    for batch in batches(incidents[mark.position :], rows_a_batch):
        names.meet(_met(batch))
        stride = Stride(source, at, at + len(batch), at + len(batch) == len(read.incidents))
        lives = [pasts.past_of(updates, names) for updates in batch]
        skipped += len(batch) - replay.take(incident, SYSTEM, lives, BY, stride)
        at = stride.end
        so_far = _progress(incidents, at)
        tell(Progress(*so_far, skipped))
    return Progress(*so_far, skipped)


def batches(incidents: Sequence[pasts.Updates], most: int) -> Iterator[list[pasts.Updates]]:
    """Whole incidents, as many as make up a batch of rows."""
    batch: list[pasts.Updates] = []
    rows = 0
    for updates in incidents:
        batch.append(updates)
        rows += len(updates)
        if rows >= most:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _met(batch: Sequence[pasts.Updates]) -> dict[Name, datetime]:
    met: dict[Name, datetime] = {}
    for updates in batch:
        for name, at in pasts.named(updates):
            if name[1] != MISSING:
                met.setdefault(name, at)
    return met


def _progress(incidents: Sequence[pasts.Updates], at: int) -> tuple[int, int, int, int]:
    rows = sum(map(len, incidents[:at]))
    return at, len(incidents), rows, sum(map(len, incidents))
