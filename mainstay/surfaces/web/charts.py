"""Where the marks of a chart stand, and what a gauge holds. No queries: numbers in, numbers out.

Drawings run from left to right and from the top down; a page from the right mirrors them. What is no number,
or endless, is refused: a chart that leaves it out would lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Room around a line, so that its dot is whole; below it a column is not seen, so that it is never lower.
PAD = 3.0
LEAST = 3.0
# A day has so much room in the drawing of days, and its bar so much of that.
SLOT, BAR = 5.0, 3.5
# What a chart of the flow shows at most: figures on its axis, days with their date.
TICKS, DATES = 5, 7


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    # There is a value, and it is not nothing.
    is_some: bool = True


@dataclass(frozen=True)
class Course:
    """A line in a drawing of `width` by `height` pixels, oldest first; `target` is how high its target stands."""

    width: int
    height: int
    line: str = ""
    area: str = ""
    last: tuple[float, float] | None = None
    target: float | None = None


@dataclass(frozen=True)
class Columns:
    """Columns in a drawing of `width` by `height` pixels, oldest first; `base` is where nothing stands."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    base: float


def checked(values: Sequence[float]) -> list[float]:
    """The same as floats; ValueError where one is none."""
    try:
        numbers = [float(value) for value in values]
    except OverflowError:
        raise ValueError("too large to be drawn") from None
    if not all(map(math.isfinite, numbers)):
        raise ValueError("only numbers can be drawn")
    return numbers


def _share(value: float, low: float, high: float) -> float:
    """Where it stands between the two, 0 to 1; in the middle where they are the same.

    Halves, for the distance of two large numbers may be too large for one.
    """
    whole = high / 2 - low / 2
    return (value / 2 - low / 2) / whole if whole else 0.5


def course(
    values: Sequence[float], width: int = 84, height: int = 30, *, target: float | None = None
) -> Course:
    """From the lowest to the highest of what is shown, the target among them."""
    numbers = checked(values)
    goal = checked([] if target is None else [target])
    if not numbers:
        return Course(width, height)
    low, high = min(numbers + goal), max(numbers + goal)

    def up(value: float) -> float:
        return round(height - PAD - _share(value, low, high) * (height - 2 * PAD), 1)

    step = (width - 2 * PAD) / max(len(numbers) - 1, 1)
    # One value alone is the newest, and stands where the newest stands.
    first = width - PAD - step * (len(numbers) - 1)
    points = [(round(first + n * step, 1), up(value)) for n, value in enumerate(numbers)]
    line = "M" + " L".join(f"{x} {y}" for x, y in points) if len(points) > 1 else ""
    area = f"{line} L{points[-1][0]} {height} L{points[0][0]} {height}Z" if line else ""
    return Course(width, height, line, area, points[-1], up(goal[0]) if goal else None)


def columns(values: Sequence[float], width: int = 84, height: int = 30) -> Columns:
    """From nothing up, what is below it down; what is nothing is a low mark, so that its day is seen."""
    numbers = checked(values)
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    room = height - 2.0

    def up(value: float) -> float:
        return 1 + (1 - _share(value, low, high)) * room

    base = up(0.0) if low or high else height - 1.0
    slot = (width - 2) / max(len(numbers), 1)
    boxes = []
    for n, value in enumerate(numbers):
        tall = max(LEAST, abs(up(value) - base)) if value else LEAST
        top = base if value < 0 else base - tall
        # What is low stays within the drawing.
        top = min(max(top, 0), height - tall)
        boxes.append(
            Box(
                round(1 + n * slot, 1), round(top, 1), round(slot * 0.76, 1), round(tall, 1),
                is_some=value != 0,
            )
        )  # fmt: skip
    return Columns(width, height, tuple(boxes), round(base, 1))


class Health(StrEnum):
    """How a service was on a day: the worst of it."""

    FINE = "fine"
    DEGRADED = "degraded"
    OUTAGE = "outage"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Day:
    day: date
    health: Health


# The worse, the higher, of 22: it is seen without colours. What is not known is a low mark.
HEIGHTS = {
    Health.FINE: 13.0,
    Health.MAINTENANCE: 13.0,
    Health.DEGRADED: 17.5,
    Health.OUTAGE: 22.0,
    Health.UNKNOWN: 3.0,
}


@dataclass(frozen=True)
class DayBars:
    """Bars in a drawing of `width` by 22 units, oldest first, each with its day; how many there are of each kind."""

    width: float
    bars: tuple[tuple[Box, Day], ...]
    counts: dict[Health, int]

    @property
    def troubled(self) -> list[Day]:
        """What a table says: the days that were not fine, newest first."""
        return [day for _box, day in reversed(self.bars) if day.health is not Health.FINE]


def daybars(days: Sequence[Day]) -> DayBars:
    bars = []
    for n, day in enumerate(days):
        tall = HEIGHTS[day.health]
        bars.append((Box(n * SLOT, 22 - tall, BAR, tall), day))
    counts = {health: sum(1 for day in days if day.health is health) for health in Health}
    # The gap behind the last one is not drawn.
    return DayBars(max(len(days) * SLOT - (SLOT - BAR), 0), tuple(bars), counts)


@dataclass(frozen=True)
class Flow:
    """What came and went on a day, and how much was open at its end."""

    day: date
    opened: int
    resolved: int
    open: int


@dataclass(frozen=True)
class FlowDay:
    """Where a day stands: its room and its two columns, and the middle of its line; all in hundredths of the drawing.

    `dated` is 0 where it has no date below it, 1 where only a wide drawing has room for that, 2 where every one has.
    """

    flow: Flow
    room: Box
    opened: Box
    resolved: Box
    middle: float
    line_y: float
    dated: int


@dataclass(frozen=True)
class Mark:
    """A figure beside the end of the line, as high as it stands."""

    value: int
    y: float
    is_last: bool = False


@dataclass(frozen=True)
class FlowChart:
    """`ticks` are the figures of the axis from 0 up, evenly apart; `line` the points of what was open.

    That has a scale of its own, from 0 to its highest, for it may be far above what came and went in a day: `marks` are
    its figures, the last, the highest, 0 and the lowest, where they do not cover each other. All places are in
    hundredths of the drawing.
    """

    ticks: tuple[int, ...]
    days: tuple[FlowDay, ...]
    line: str
    marks: tuple[Mark, ...]

    @property
    def opened(self) -> int:
        return sum(day.flow.opened for day in self.days)

    @property
    def resolved(self) -> int:
        return sum(day.flow.resolved for day in self.days)


def ticks(most: int) -> tuple[int, ...]:
    """Round figures from 0 to what is not below `most`: steps of 1, 2 or 5, of tens, of hundreds, and so on."""
    step = next(step for step in _steps() if step * TICKS >= most)
    return tuple(range(0, max(-(-most // step), 1) * step + 1, step))


def _steps() -> Iterator[int]:
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10


# What was open is drawn off the upper edge, so that the figure beside it has room; figures nearer to each other than
# that would touch.
TOP, APART = 8.0, 9.0


def flow(days: Sequence[Flow]) -> FlowChart | None:
    """None where there is no day. Counts below nothing are refused."""
    if not days:
        return None
    if any(count < 0 for day in days for count in (day.opened, day.resolved, day.open)):
        raise ValueError("a count is never below nothing")
    scale = ticks(max(max(day.opened, day.resolved) for day in days))
    low, high = min(day.open for day in days), max(day.open for day in days)
    checked([scale[-1], high])
    slot = 100 / len(days)
    wide, gap = min(slot * 0.3, 4.0), min(slot * 0.06, 0.5)
    every = -(-len(days) // DATES)
    drawn = []

    def up(count: int) -> float:
        return round(100 - _share(count, 0, max(high, 1)) * (100 - TOP), 2)

    for n, day in enumerate(days):
        back = len(days) - 1 - n  # the last day has its date always
        middle = (n + 0.5) * slot
        drawn.append(
            FlowDay(
                flow=day,
                room=Box(round(n * slot, 2), 0, round(slot, 2), 100),
                opened=_column(middle - gap / 2 - wide, wide, day.opened, scale[-1]),
                resolved=_column(middle + gap / 2, wide, day.resolved, scale[-1]),
                middle=round(middle, 2),
                line_y=up(day.open),
                dated=0 if back % every else 1 if back // every % 2 else 2,
            )
        )
    line = " ".join(f"{day.middle},{day.line_y}" for day in drawn) if len(drawn) > 1 else ""
    marks = [Mark(days[-1].open, up(days[-1].open), is_last=True)]
    for mark in (Mark(count, up(count)) for count in (high, 0, low)):
        if all(abs(mark.y - other.y) >= APART for other in marks):
            marks.append(mark)
    return FlowChart(scale, tuple(drawn), line, tuple(marks))


def _column(x: float, width: float, count: int, top: int) -> Box:
    tall = round(100 * _share(count, 0, top), 2)
    return Box(round(x, 2), round(100 - tall, 2), round(width, 2), tall, is_some=count > 0)


class Tells(StrEnum):
    """What a gauge asks for."""

    FINE = "ok"
    WATCH = "watch"
    ACT = "act"


@dataclass(frozen=True)
class Gauge:
    """One number that matters, and where it leads.

    `value` with its `unit` ("of 14"), `label` what it counts, `why` the sentence below; `course` how it went, oldest
    first, which `course_name` names, as columns where it is mostly nothing; `trouble` says why there is no number now.
    """

    name: str
    icon: str
    href: str
    value: int | str | None
    unit: str = ""
    label: str = ""
    why: str = ""
    tells: Tells | None = None
    course: tuple[float, ...] = ()
    course_name: str = ""
    target: float | None = None
    has_columns: bool = False
    trouble: str = ""
