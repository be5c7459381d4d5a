"""What was promised and how it stands: filled by whoever measures it, drawn by `ui.target_clock` and `rec.clocks`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mainstay.surfaces.web.charts import checked


class Stands(StrEnum):
    """How a target stands when the page is drawn; when it is at risk, whoever measures it says."""

    RUNNING = "running"
    RISK = "risk"
    MISSED = "missed"
    PAUSED = "paused"
    MET = "met"


@dataclass(frozen=True)
class Target:
    """One target as a row shows it: `left` in seconds (below zero: over by so much), `used` the share of its time."""

    name: str
    stands: Stands
    left: int = 0
    used: float = 0


@dataclass(frozen=True)
class Clock:
    """One of the row below a record's head: a target, or a number with its course.

    `shown` is what it says in figures ("3h 18m"; "": it has not begun), `used` the share of its time or of what is
    allowed (None: no bar), `note` what it is measured by, `course` how the number went, oldest first.
    """

    name: str
    shown: str = ""
    stands: Stands | None = None
    used: float | None = None
    note: str = ""
    course: tuple[float, ...] = ()


def percent(used: float) -> int:
    """A share as whole hundredths of a bar: never more than all of it, and never nothing of what has begun."""
    (share,) = checked([used])
    return 0 if share <= 0 else min(100, max(1, round(100 * share)))
