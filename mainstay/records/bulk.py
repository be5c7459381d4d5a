"""One step for many records: each in a transaction of its own, so that one refusal does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mainstay.records.errors import Refused
from mainstay.records.models import Event
from mainstay.records.turnstile import writing

# The door of a step for many records: the audit says so, and nobody is told of each single one.
DOOR = "bulk"
# As many as one answer may wait for; more become a job with progress.
AT_ONCE = 100
# As many as one step may touch at all.
MOST = 10_000
# As many as are tried before it is done: that takes about a second.
TRIED = 500
# As many as are named for one reason.
NAMED = 3

# A command for one record: the event it left, or None where all of it stood so already.
Step = Callable[[str], Event | None]


@dataclass
class Outcome:
    """The numbers that were worked on, and those that were not with the reason in words.

    `events` are what it left, by the place of the key; there is none where nothing was to be changed.
    """

    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    events: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)


@dataclass
class Preview:
    """What a step would do to so many of all it is meant for: which ones change, how many stand so already.

    `reasons` are the numbers of those it would refuse, by the reason in words.
    """

    total: int
    tried: int = 0
    changed: list[str] = field(default_factory=list)
    same: int = 0
    reasons: dict[str, list[str]] = field(default_factory=dict)
    refusals: list[Refused] = field(default_factory=list)

    @property
    def changing(self) -> int:
        """How many it would change of those it was tried on."""
        return len(self.changed)

    @property
    def refused(self) -> int:
        """How many it would refuse of those it was tried on."""
        return len(self.refusals)

    @property
    def left_out(self) -> list[str]:
        """Those of them that it would refuse."""
        return [number for numbers in self.reasons.values() for number in numbers]

    @property
    def most(self) -> int:
        """As many as it may change: those that were not tried are not known."""
        return self.changing + self.total - self.tried


class _Tried(Exception):
    """Ends a transaction that was never meant to stay."""


def run(keys: Iterable[str], step: Step) -> Outcome:
    """Calls `step(key)`, which is a command; what it refuses is listed, nothing else is undone."""
    outcome = Outcome()
    for at, key in enumerate(keys):
        try:
            event = step(key)
        except Refused as refusal:
            outcome.failed.append((key, str(refusal)))
            outcome.refusals.append(refusal)
            outcome.reasons[at] = str(refusal)
        else:
            outcome.done.append(key)
            if event is not None:
                outcome.events[at] = event.pk
    return outcome


def preview(keys: Sequence[str], step: Step) -> Preview:
    """Does the step to the first of them and undoes it again, each in a transaction of its own.

    So it is judged by the very rules and guards that will be asked, and others write in between.
    """
    told = Preview(total=len(keys))
    for key in keys[:TRIED]:
        told.tried += 1
        try:
            if _would_change(key, step):
                told.changed.append(key)
            else:
                told.same += 1
        except Refused as refusal:
            told.reasons.setdefault(str(refusal), []).append(key)
            told.refusals.append(refusal)
    return told


def _would_change(key: str, step: Step) -> bool:
    event = None
    try:
        with writing():
            event = step(key)
            raise _Tried
    except _Tried:
        return event is not None
