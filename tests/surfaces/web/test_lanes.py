"""Where what is planned stands: clipped to its days, packed into rows, right on days of 23 and 25 hours."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st

from mainstay.surfaces.web import formats, lanes
from mainstay.surfaces.web.lanes import Band, Conflict, Event, Line, Span
from tests.programs import ROOT

PARIS = ZoneInfo("Europe/Paris")
ZONES = (
    "Europe/Paris",
    "America/Havana",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
)
TUESDAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 42, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, as a clock in Paris shows it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def event(start: datetime, end: datetime, number: str = "CHG-1") -> Event:
    return Event(number, "Patch the gateway", start, end, "/changes/CHG-1/")


def span(start: datetime, end: datetime, day: date = TUESDAY, days: int = 1) -> Span | None:
    return lanes.clipped(lanes.axis(day, days, PARIS), start, end)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(24, 6), at(24, 12), Span(250, 250)),
        (at(24, 0), at(25, 0), Span(0, 1000)),
        # Begun before and going on after: what is seen of it, and that there is more.
        (at(23, 18), at(24, 6), Span(0, 250, goes_before=True)),
        (at(24, 18), at(25, 6), Span(750, 250, goes_after=True)),
        (at(23, 1), at(26, 1), Span(0, 1000, goes_before=True, goes_after=True)),
        # Points in time, and what ends before it begins.
        (at(24, 12), at(24, 12), Span(500, 0)),
        (at(24, 0), at(24, 0), Span(0, 0)),
        (at(24, 12), at(24, 6), Span(500, 0)),
        # Over, or to come.
        (at(23, 12), at(24, 0), None),
        (at(25, 0), at(25, 6), None),
        (at(25, 0), at(25, 0), None),
    ],
)
def test_what_of_it_is_on_the_day(start: datetime, end: datetime, expected: Span | None) -> None:
    assert span(start, end) == expected


def test_a_moment_is_where_it_is_whatever_zone_it_is_told_in() -> None:
    assert span(at(24, 6).astimezone(UTC), at(24, 12).astimezone(ZoneInfo("Asia/Tokyo"))) == Span(
        250, 250
    )


def test_a_day_of_25_hours() -> None:
    """The clocks of Paris go from 03:00 back to 02:00 on 25 October 2026."""
    day = date(2026, 10, 25)
    first, again = (datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1))
    noon = datetime(2026, 10, 25, 12, tzinfo=PARIS)
    assert span(first, again, day) == Span(100, 40)
    assert span(noon, noon, day) == Span(520, 0)
    hours = lanes.day_lane(day, PARIS, [], first).hours
    assert [(span.at, word) for span, word in hours] == [
        (0, "00"), (160, "03"), (280, "06"), (400, "09"), (520, "12"), (640, "15"), (760, "18"), (880, "21"),
    ]  # fmt: skip


def test_a_day_of_23_hours() -> None:
    """They go from 02:00 forward to 03:00 on 29 March: there is no half past two."""
    day = date(2026, 3, 29)
    noon = datetime(2026, 3, 29, 12, tzinfo=PARIS)
    assert span(noon, noon, day) == Span(round(11 / 23 * 1000), 0)
    hours = {word: span.at for span, word in lanes.day_lane(day, PARIS, [], noon).hours}
    assert hours["03"] == round(2 / 23 * 1000)


def test_an_hour_that_is_left_out_has_no_word() -> None:
    """In Havana the clocks go forward at midnight: the day begins at one."""
    havana = ZoneInfo("America/Havana")
    day = date(2026, 3, 8)
    assert lanes.axis(day, 1, havana).start == datetime(2026, 3, 8, 5, tzinfo=UTC)
    hours = lanes.day_lane(day, havana, [], NOW).hours
    assert next(word for _span, word in hours) == "03"


def test_days_of_a_week_are_as_wide_as_each_other() -> None:
    """Also the one whose clocks go back: its noon is in its middle but for half an hour."""
    over = lanes.axis(date(2026, 10, 19), 7, PARIS)
    midnights = [datetime(2026, 10, 19 + n, tzinfo=PARIS) for n in range(7)]
    assert [round(over.place(m)) for m in midnights] == [round(n * 1000 / 7) for n in range(7)]
    assert over.end - over.start == timedelta(days=7, hours=1)


def test_classes_add_up_to_the_place() -> None:
    assert Span(372, 125).css == "placed at300 at70 at2 for100 for20 for5"
    assert Span(0, 1000, goes_before=True, goes_after=True).css == "placed for1000 cut-b cut-a"
    assert Span(5, 0).css == "placed at5"


def test_the_sheet_has_every_class_of_a_place_and_they_add_up() -> None:
    """In per cent, for any thousandth of the axis."""
    text = (ROOT / "frontend" / "css" / "drawn" / "plans.css").read_text()
    weights = {"h": 10, "t": 1, "u": 0.1}
    found = re.findall(r"\.((?:at|for)\d+) \{ --[af]([htu]): (\d+); \}", text)
    said = {name: int(n) * weights[place] for name, place, n in found}
    whole = "calc(var(--{0}h) * 10% + var(--{0}t) * 1% + var(--{0}u) * .1%)"
    assert whole.format("a") in text and whole.format("f") in text
    for value in range(lanes.WHOLE + 1):
        _placed, *names = Span(value, 0).css.split()
        assert sum(said[name] for name in names) == pytest.approx(value / 10)
        _placed, *names = Span(0, value).css.split()
        assert sum(said[name] for name in names) == pytest.approx(value / 10)


@pytest.mark.parametrize(
    ("where", "side"),
    [
        (Span(250, 250), "after"),
        (Span(620, 0), "after"),
        (Span(750, 250), "before"),
        (Span(620, 10), "before"),
        # Room on neither side: within the bar, which is as long as that.
        (Span(100, 800), "within"),
        (Span(0, 1000), "within"),
    ],
)
def test_a_label_stands_where_there_is_room(where: Span, side: str) -> None:
    assert lanes.beside(where) == side


@st.composite
def some_spans(draw: st.DrawFn) -> list[Span]:
    pairs = draw(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=25))
    return [Span(start, min(width, 1000 - start)) for start, width in pairs]


@checked(max_examples=200, deadline=None)
@given(some_spans())
def test_no_two_of_a_row_overlap_and_no_row_is_too_many(spans: list[Span]) -> None:
    cards = [lanes.widened(one) for one in spans]
    rows = lanes.packed(cards)
    assert len(rows) == len(cards)
    for row in set(rows):
        own = sorted((c.at, c.at + c.width) for c, r in zip(cards, rows, strict=True) if r == row)
        assert all(end + lanes.GAP <= start for (_at, end), (start, _end) in pairwise(own))
    # As many rows as stand over each other at the fullest place, and none below that is empty.
    ends = [(c.at, c.at + c.width + lanes.GAP) for c in cards]
    fullest = max((sum(a <= start < b for a, b in ends) for start, _end in ends), default=0)
    assert set(rows) == set(range(fullest))


@checked(max_examples=200, deadline=None)
@given(some_spans())
def test_a_card_holds_its_time_and_stays_on_the_axis(spans: list[Span]) -> None:
    for one in spans:
        card = lanes.widened(one)
        assert card.at >= 0 and card.at + card.width <= lanes.WHOLE
        assert card.width >= lanes.CARD
        assert card.at <= one.at and one.at + one.width <= card.at + card.width
        strip = lanes.within(one, card)
        assert strip.at + strip.width <= lanes.WHOLE
        # In thousandths of the card it is where it is on the axis, but for what is rounded.
        assert abs(card.at + strip.at * card.width / lanes.WHOLE - one.at) < 1


moments = st.integers(-30 * 60, 30 * 60).map(lambda minutes: timedelta(minutes=minutes))


@checked(max_examples=200, deadline=None)
@given(
    st.sampled_from(ZONES),
    # The clocks of these zones change on some of them; in Apia the 30th of December 2011 never was.
    st.sampled_from([(2026, 3, 8), (2026, 10, 25), (2026, 4, 5), (2011, 12, 29), (2026, 11, 24)]),
    st.integers(1, 14),
    st.lists(st.tuples(moments, moments), max_size=12),
)
def test_nothing_is_lost_and_nothing_is_drawn_twice(
    zone: str, first: tuple[int, int, int], days: int, pairs: list[tuple[timedelta, timedelta]]
) -> None:
    middle = datetime(*first, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    events = [event(middle + a, middle + b, f"CHG-{n}") for n, (a, b) in enumerate(pairs)]
    week = lanes.weeks(
        date(*first), days, ZoneInfo(zone), [Line("All", events=tuple(events))], middle
    )
    over = lanes.axis(date(*first), days, ZoneInfo(zone))
    seen = {one.number for one in events if lanes.clipped(over, one.start, one.end)}
    assert sorted(card.shown.number for card in week.lanes[0].cards) == sorted(seen)
    assert sorted(one.number for day in week.days for one, _lane in day.events) == sorted(seen)
    for one in events:
        is_within = one.start < over.end and (
            max(one.start, one.end) > over.start or one.start >= over.start
        )
        assert (one.number in seen) == is_within
    assert [day.date for day in week.days] == [
        date(*first) + timedelta(days=n) for n in range(days)
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((at(25, 21), at(26, 3)), (at(25, 22), at(26, 0, 30)), (at(25, 22), at(26, 0, 30))),
        ((at(25, 21), at(25, 23)), (at(25, 22), at(26, 1)), (at(25, 22), at(25, 23))),
        # The one begins as the other ends.
        ((at(25, 21), at(25, 22)), (at(25, 22), at(25, 23)), None),
        ((at(25, 21), at(25, 22)), (at(25, 23), at(25, 23)), None),
        # A point in time within another, as it begins, as it ends, and twice the same.
        ((at(25, 21), at(25, 23)), (at(25, 22), at(25, 22)), (at(25, 22), at(25, 22))),
        ((at(25, 21), at(25, 23)), (at(25, 21), at(25, 21)), (at(25, 21), at(25, 21))),
        ((at(25, 21), at(25, 23)), (at(25, 23), at(25, 23)), None),
        ((at(25, 21), at(25, 21)), (at(25, 21), at(25, 21)), (at(25, 21), at(25, 21))),
    ],
)
def test_the_time_two_share(
    one: tuple[datetime, datetime],
    other: tuple[datetime, datetime],
    expected: tuple[datetime, datetime] | None,
) -> None:
    assert lanes.shared(event(*one), event(*other)) == expected
    assert lanes.shared(event(*other), event(*one)) == expected


def test_an_event_shares_time_with_a_freeze() -> None:
    frozen = Band("Black Friday freeze", at(25, 20), at(30, 0))
    assert lanes.shared(event(at(25, 19), at(25, 21)), frozen) == (at(25, 20), at(25, 21))
    assert lanes.shared(event(at(25, 19), at(25, 20)), frozen) is None


def test_two_that_only_look_alike_as_the_clocks_go_back_share_nothing() -> None:
    """From half past two to three, and again an hour later."""
    halves = [datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1)]
    one, other = (event(half, half.astimezone(UTC) + timedelta(minutes=30)) for half in halves)
    assert lanes.shared(one, other) is None


@checked(max_examples=100, deadline=None)
@given(st.lists(st.tuples(moments, moments), max_size=9))
def test_all_that_overlap_are_found_once(pairs: list[tuple[timedelta, timedelta]]) -> None:
    events = [event(NOW + a, NOW + b, f"CHG-{n}") for n, (a, b) in enumerate(pairs)]
    found = [{one.number, other.number} for one, other in lanes.overlaps(events)]
    every = [
        {a.number, b.number} for n, a in enumerate(events) for b in events[:n] if lanes.shared(a, b)
    ]
    assert sorted(map(sorted, found)) == sorted(map(sorted, every))


def test_a_day_has_what_takes_some_of_it_in_its_order() -> None:
    late, early = event(at(24, 20), at(25, 1), "CHG-2"), event(at(23, 22), at(24, 2), "CHG-1")
    lane = lanes.day_lane(TUESDAY, PARIS, [late, event(at(25, 2), at(25, 3)), early], NOW)
    assert [bar.event.number for bar in lane.bars] == ["CHG-1", "CHG-2"]
    assert [bar.side for bar in lane.bars] == ["after", "before"]
    assert lane.now == Span(round((9 * 60 + 42) / 1440 * 1000), 0)
    assert lanes.day_lane(date(2026, 11, 25), PARIS, [late], NOW).now is None


def test_a_week_has_its_days_its_freezes_and_its_conflicts() -> None:
    frozen = Band("Black Friday freeze", at(25, 20), datetime(2026, 11, 30, tzinfo=PARIS))
    past = Band("Quarter", at(1, 0), at(5, 0))
    one, other = event(at(25, 22), at(26, 0, 30)), event(at(26, 5), at(26, 8), "CHG-2")
    lines = [Line("Checkout", "Tier 1", (other, one)), Line("Portal")]
    week = lanes.weeks(
        date(2026, 11, 23), 7, PARIS, lines, NOW, bands=[frozen, past], conflicts=[Conflict(one)]
    )
    assert [day.is_today for day in week.days] == [False, True, *[False] * 5]
    assert [day.is_free for day in week.days] == [*[False] * 5, True, True]
    assert week.freezes == ((frozen, Span(405, 595)),)
    assert [day.bands for day in week.days if day.bands] == [(frozen,)]
    assert [[card.shown.number for card in lane.cards] for lane in week.lanes] == [
        ["CHG-1", "CHG-2"],
        [],
    ]
    # The second card would cover the words of the first, so it stands below.
    assert [card.is_beside for card in week.lanes[0].cards] == [False, False]
    assert week.conflicts["CHG-1"].event is one
    assert not week.is_empty
    assert lanes.weeks(date(2026, 12, 7), 7, PARIS, lines, NOW).is_empty
    assert lanes.weeks(date(2026, 12, 7), 7, PARIS, lines, NOW).now is None


def test_what_has_room_stands_beside_the_other() -> None:
    events = (
        event(at(23, 1), at(23, 2)),
        event(at(28, 1), at(28, 2), "CHG-2"),
        event(at(23, 3), at(23, 4), "CHG-3"),
    )
    week = lanes.weeks(date(2026, 11, 23), 7, PARIS, [Line("Portal", events=events)], NOW)
    cards = week.lanes[0].cards
    assert [(card.shown.number, card.is_beside) for card in cards] == [
        ("CHG-1", False), ("CHG-2", True), ("CHG-3", False),
    ]  # fmt: skip


def test_what_began_before_stands_under_the_first_day() -> None:
    old = event(at(20, 1), at(24, 1))
    week = lanes.weeks(date(2026, 11, 23), 7, PARIS, [Line("Portal", events=(old,))], NOW)
    assert [len(day.events) for day in week.days] == [1, 0, 0, 0, 0, 0, 0]
    assert week.lanes[0].cards[0].span.goes_before


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (at(24, 9, 25), at(24, 11), "09:25–11:00"),
        (at(24, 9, 25).astimezone(UTC), at(24, 11).astimezone(UTC), "09:25–11:00"),
        (at(24, 9), at(24, 9), "09:00"),
        (at(24, 18), at(25, 0), "18:00–24:00"),
        (at(25, 22), at(26, 0, 30), "22:00, Wed 25 Nov – 00:30, Thu 26 Nov"),
        (at(24, 0), at(26, 0), "00:00, Tue 24 Nov – 00:00, Thu 26 Nov"),
        # The hour that comes twice.
        (
            datetime(2026, 10, 25, 2, 30, tzinfo=PARIS),
            datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1),
            "02:30–02:30",
        ),
        (None, at(24, 9), "09:00, Tue 24 Nov"),
        (None, None, ""),
    ],
)
def test_from_when_to_when_is_told_in_the_zone_of_who_reads(
    start: datetime | None, end: datetime | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats.timezone, "now", lambda: NOW)
    with formats.read_by("en", PARIS):
        assert formats.until(start, end) == told


def test_within_a_day_of_a_column_the_hours_are_enough() -> None:
    with formats.read_by("en", PARIS):
        assert formats.until(at(25, 22), at(26, 0, 30), with_days=False) == "22:00–00:30"
        assert formats.until(at(24, 18), at(25, 0), with_days=False) == "18:00–24:00"
        assert formats.until(at(24, 9), at(24, 9), with_days=False) == "09:00"
        assert formats.weekday(TUESDAY) == "Tue"


def test_an_hour_is_told_in_the_zone_of_who_reads() -> None:
    with formats.read_by("en", PARIS):
        assert formats.hour(NOW) == "09:42"
    with formats.read_by("en", ZoneInfo("Asia/Tokyo")):
        assert (formats.hour(NOW), formats.hour(None)) == ("17:42", "")
