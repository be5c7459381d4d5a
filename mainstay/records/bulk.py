"""One step for many records: each in a transaction of its own, so that one refusal does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from mainstay.records.errors import Refused

# The door of a step for many records: the audit says so, and nobody is told of each single one.
DOOR = "bulk"
# As many as one answer may wait for; more become a job with progress.
AT_ONCE = 100
# As many as one step may touch at all.
MOST = 10_000


@dataclass
class Outcome:
    """The numbers that were changed, and those that were not with the reason in words."""

    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)


def run(keys: Iterable[str], step: Callable[[str], Any]) -> Outcome:
    """Calls `step(key)`, which is a command; what it refuses is listed, nothing else is undone."""
    outcome = Outcome()
    for key in keys:
        try:
            step(key)
        except Refused as refusal:
            outcome.failed.append((key, str(refusal)))
            outcome.refusals.append(refusal)
        else:
            outcome.done.append(key)
    return outcome
