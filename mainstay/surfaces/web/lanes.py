"""Where what is planned stands on an axis of time: the hours of a day, the days of some weeks.

A place is a whole number of thousandths of the axis, counted from its start: `Span(250, 125)` begins after a quarter
and is an eighth long. The sheet has classes for them that add up (`frontend/css/drawn/plans.css`): `at200 at50 for100`.
Moments are aware, and are compared and subtracted in UTC: that is what makes days of 23 and 25 hours right.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Generic, Literal, TypeVar

WHOLE = 1000
# How much of an axis a card needs so that its words can be read, and what stays free between two.
CARD, GAP = 205, 5
# With this much room after its bar, a label always stands there.
ROOM = 380
SATURDAY = 5

Side = Literal["after", "before", "within"]
Kind = Literal["standard", "normal", "emergency"]


@dataclass(frozen=True)
class Axis:
    """Days beside each other, as wide as each other; `edges` are their midnights in UTC, and the end of the last."""

    edges: tuple[datetime, ...]
    zone: tzinfo

    @property
    def start(self) -> datetime:
        return self.edges[0]

    @property
    def end(self) -> datetime:
        return self.edges[-1]

    def holds(self, moment: datetime) -> bool:
        return self.start <= _utc(moment) < self.end

    def place(self, moment: datetime) -> float:
        """Thousandths from the start; what lies beyond an end is at that end."""
        at = min(max(_utc(moment), self.start), self.end)
        if at == self.end:
            return float(WHOLE)
        day = bisect_right(self.edges, at) - 1
        part = (at - self.edges[day]) / (self.edges[day + 1] - self.edges[day])
        return (day + part) * WHOLE / (len(self.edges) - 1)

    def local_day(self, moment: datetime) -> date:
        """The day of the axis it is on; of what began before, the first."""
        return max(_utc(moment), self.start).astimezone(self.zone).date()


@dataclass(frozen=True)
class Span:
    """A piece of an axis, in thousandths of it, and whether it is longer than what is seen of it."""

    at: int
    width: int
    goes_before: bool = False
    goes_after: bool = False

    @property
    def css(self) -> str:
        """Classes that say where it is: `at300 at70 at2 for100 for20 for5`."""
        names = [*_digits("at", self.at), *_digits("for", self.width)]
        cut = [("cut-b", self.goes_before), ("cut-a", self.goes_after)]
        return " ".join(["placed", *names, *(name for name, holds in cut if holds)])


@dataclass(frozen=True)
class Event:
    """Something planned, as it is shown; where it ends when it begins, it is a point in time."""

    number: str
    title: str
    start: datetime
    end: datetime
    href: str
    kind: Kind = "normal"
    # What the practice calls this kind and its state.
    kind_label: str = ""
    state: str = ""
    # Who sees to it.
    owner: str = ""
    is_running: bool = False
    is_done: bool = False
    is_current: bool = False


@dataclass(frozen=True)
class Band:
    """A time in which others should not be planned: a freeze."""

    name: str
    start: datetime
    end: datetime
    note: str = ""


@dataclass(frozen=True)
class Overlap:
    """The time two events share, and why that is one too many."""

    other: Event
    start: datetime
    end: datetime
    why: str = ""


@dataclass(frozen=True)
class Conflict:
    """An event, what it meets, and the ways out of that: `(label, address)`, the likeliest first."""

    event: Event
    overlaps: tuple[Overlap, ...] = ()
    freezes: tuple[Band, ...] = ()
    note: str = ""
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Bar:
    """An event on the hours of a day, and the side of it on which its label has most room."""

    event: Event
    span: Span
    side: Side


@dataclass(frozen=True)
class DayLane:
    """`hours` are spans without a width, each with its word; `now` is None on any other day."""

    hours: tuple[tuple[Span, str], ...]
    bars: tuple[Bar, ...]
    now: Span | None
    at: datetime


Shown = TypeVar("Shown", Event, Band)


@dataclass(frozen=True)
class Card(Generic[Shown]):
    """`span` is wide enough to be read; `strip` says, in thousandths of the card, when it really is."""

    shown: Shown
    span: Span
    strip: Span
    # Whether it stands beside the one before it, rather than below.
    is_beside: bool


@dataclass(frozen=True)
class Line:
    """What a lane is about, and what is planned there."""

    name: str
    note: str = ""
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Lane:
    line: Line
    cards: tuple[Card[Event], ...]


@dataclass(frozen=True)
class Day:
    """A column of the lanes, and what begins on it, with the name of its lane."""

    date: date
    is_today: bool
    bands: tuple[Band, ...]
    events: tuple[tuple[Event, str], ...]

    @property
    def is_free(self) -> bool:
        """Whether nobody works on it, as far as the calendar knows."""
        return self.date.weekday() >= SATURDAY


@dataclass(frozen=True)
class Weeks:
    """Days beside each other with a lane for each line. `conflicts` has them by the number of their event."""

    days: tuple[Day, ...]
    lanes: tuple[Lane, ...]
    # Where a freeze is, and where its name stands.
    freezes: tuple[tuple[Band, Span], ...]
    names: tuple[Card[Band], ...]
    conflicts: Mapping[str, Conflict]
    now: Span | None
    at: datetime

    @property
    def is_empty(self) -> bool:
        return not any(lane.cards for lane in self.lanes)


def axis(first: date, days: int, zone: tzinfo) -> Axis:
    """So many days from the first one on, as they are in this zone."""
    ends = (first + timedelta(days=n) for n in range(days + 1))
    return Axis(tuple(_utc(datetime.combine(day, time.min, zone)) for day in ends), zone)


def clipped(over: Axis, start: datetime, end: datetime) -> Span | None:
    """What of it is on the axis. What ends where the axis begins is over, what begins where it ends is to come."""
    start, end = _utc(start), max(_utc(start), _utc(end))
    if start >= over.end or (end <= over.start and start < over.start):
        return None
    at = round(over.place(start))
    return Span(at, round(over.place(end)) - at, start < over.start, end > over.end)


def widened(span: Span, least: int = CARD) -> Span:
    """At least so wide; near the end it moves forward rather than beyond it."""
    width = max(span.width, least)
    return replace(span, at=min(span.at, WHOLE - width), width=width)


def within(span: Span, card: Span) -> Span:
    """The span in thousandths of a card that holds it."""
    at = round((span.at - card.at) * WHOLE / card.width)
    return Span(at, min(round(span.width * WHOLE / card.width), WHOLE - at))


def packed(spans: Sequence[Span], gap: int = GAP) -> list[int]:
    """For each the number of its row, from 0: as few rows as can be, and no two of one row overlap."""
    rows, ends = [0] * len(spans), list[int]()
    for n in sorted(range(len(spans)), key=lambda n: (spans[n].at, n)):
        span = spans[n]
        row = next((row for row, end in enumerate(ends) if end + gap <= span.at), len(ends))
        rows[n] = row
        ends[row : row + 1] = [span.at + span.width]
    return rows


def beside(span: Span) -> Side:
    """Where its label stands: after the bar where there is room, else where there is most."""
    after = WHOLE - span.at - span.width
    if after >= ROOM:
        return "after"
    room: dict[Side, int] = {"after": after, "before": span.at, "within": span.width}
    return max(room, key=room.__getitem__)


def shared(one: Event | Band, other: Event | Band) -> tuple[datetime, datetime] | None:
    """The time both take. Where one begins as the other ends there is none; a point within the other is some."""
    times = _times(one), _times(other)
    start, end = max(begin for begin, _end in times), min(end for _begin, end in times)
    if start < end:
        return start, end
    has_point = start == end and any(begin == over for begin, over in times)
    is_over = any(begin < over == start for begin, over in times)
    return (start, end) if has_point and not is_over else None


def overlaps(events: Sequence[Event]) -> Iterator[tuple[Event, Event]]:
    """Each two that take the same time, the earlier one first; whether that matters others know."""
    running: list[Event] = []
    for event in _ordered(events):
        running = [other for other in running if _times(other)[1] >= _times(event)[0]]
        yield from ((other, event) for other in running if shared(other, event))
        running.append(event)


def day_lane(day: date, zone: tzinfo, events: Sequence[Event], now: datetime) -> DayLane:
    """Every event that takes some of this day, in the order in which they begin."""
    over = axis(day, 1, zone)
    found = ((event, clipped(over, event.start, event.end)) for event in _ordered(events))
    bars = (Bar(event, span, beside(span)) for event, span in found if span)
    return DayLane(tuple(_hours(over, day)), tuple(bars), _now(over, now), now)


def weeks(
    first: date,
    days: int,
    zone: tzinfo,
    lines: Sequence[Line],
    now: datetime,
    *,
    bands: Sequence[Band] = (),
    conflicts: Sequence[Conflict] = (),
) -> Weeks:
    """So many days from the first one on; of each line what is on them, packed."""
    over = axis(first, days, zone)
    cut = [(band, clipped(over, band.start, band.end)) for band in bands]
    return Weeks(
        days=tuple(_days(over, first, days, lines, bands, now)),
        lanes=tuple(Lane(line, _cards(over, _ordered(line.events))) for line in lines),
        freezes=tuple((band, span) for band, span in cut if span),
        names=_cards(over, sorted(bands, key=_times)),
        conflicts={conflict.event.number: conflict for conflict in conflicts},
        now=_now(over, now),
        at=now,
    )


def _cards(over: Axis, planned: Sequence[Shown]) -> tuple[Card[Shown], ...]:
    """Row by row, each from its start on."""
    found: list[Shown] = []
    spans: list[Span] = []
    for one in planned:
        if span := clipped(over, one.start, one.end):
            found.append(one)
            spans.append(span)
    wide = [widened(span) for span in spans]
    rows = packed(wide)
    cards: list[Card[Shown]] = []
    before: int | None = None
    for n in sorted(range(len(found)), key=lambda n: (rows[n], wide[n].at)):
        cards.append(Card(found[n], wide[n], within(spans[n], wide[n]), rows[n] == before))
        before = rows[n]
    return tuple(cards)


def _days(
    over: Axis, first: date, days: int, lines: Sequence[Line], bands: Sequence[Band], now: datetime
) -> Iterator[Day]:
    today = now.astimezone(over.zone).date()
    named = sorted(
        ((event, line.name) for line in lines for event in line.events),
        key=lambda pair: _times(pair[0]),
    )

    def begins(one: Event | Band, day: date) -> bool:
        on = clipped(over, one.start, one.end) is not None
        return on and over.local_day(one.start) == day

    for day in (first + timedelta(days=n) for n in range(days)):
        yield Day(
            day,
            day == today,
            tuple(band for band in bands if begins(band, day)),
            tuple(pair for pair in named if begins(pair[0], day)),
        )


def _hours(over: Axis, day: date, step: int = 3) -> Iterator[tuple[Span, str]]:
    """Every so many hours; one that a change of the clocks leaves out is not among them."""
    for hour in range(0, 24, step):
        at = _utc(datetime.combine(day, time(hour), over.zone))
        if at.astimezone(over.zone).hour == hour:
            yield Span(round(over.place(at)), 0), f"{hour:02}"


def _now(over: Axis, now: datetime) -> Span | None:
    return Span(round(over.place(now)), 0) if over.holds(now) else None


def _ordered(events: Sequence[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (*_times(event), event.number))


def _digits(name: str, value: int) -> Iterator[str]:
    for size in (100, 10, 1):
        digit, value = divmod(value, size)
        if digit:
            yield f"{name}{digit * size}"


def _times(one: Event | Band) -> tuple[datetime, datetime]:
    """From when to when, in UTC; nothing ends before it begins."""
    start = _utc(one.start)
    return start, max(start, _utc(one.end))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
