"""Where the marks of a chart stand: in the drawing, in the order of what they say, and never where a number is none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from mainstay.surfaces.web import charts
from mainstay.surfaces.web.charts import Box, Day, Flow, Health
from mainstay.surfaces.web.clocks import percent

HUGE = 1.7e308
SERIES: dict[str, list[float]] = {
    "one": [7],
    "two": [3, 4],
    "equal": [5, 5, 5],
    "nothing": [0, 0, 0, 0],
    "negative": [-3, -7, -1],
    "both": [3, -2, 4, 0, -4],
    "huge": [-HUGE, HUGE, 0],
    "tiny": [5e-324, 0],
    "large count": [10**300, 1, 10**299],
}
NONE = (float("nan"), float("inf"), float("-inf"), 10**400)
TODAY = date(2026, 11, 24)


def _points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path)]


@pytest.mark.parametrize("name", SERIES)
def test_a_line_stays_in_its_drawing_and_ends_at_its_newest(name: str) -> None:
    values = SERIES[name]
    drawn = charts.course(values, 84, 30)
    assert drawn.last is not None
    points = _points(drawn.line) or [drawn.last]
    assert len(points) == len(values)
    assert all(0 <= x <= 84 and 0 <= y <= 30 for x, y in points)
    assert points[-1] == drawn.last == (81.0, points[-1][1])
    # The higher, the nearer to the top; the same is as high.
    for (_, y), value in zip(points, values, strict=True):
        for (_, other_y), other in zip(points, values, strict=True):
            if value > other:
                assert y < other_y or name == "tiny"
            if value == other:
                assert y == other_y
    assert [x for x, _ in points] == sorted({x for x, _ in points})


def test_a_line_of_nothing_and_of_one() -> None:
    none = charts.course([])
    assert (none.line, none.area, none.last, none.target) == ("", "", None, None)
    one = charts.course([7])
    assert (one.line, one.area, one.last) == ("", "", (81.0, 15.0))
    assert charts.course([5, 5]).line == "M3.0 15.0 L81.0 15.0"


def test_a_target_is_on_the_scale_of_its_line() -> None:
    assert charts.course([10, 20], target=15).target == 15.0
    above = charts.course([10, 20], target=30)
    assert above.target == 3.0
    assert _points(above.line)[-1][1] == 15.0
    assert charts.course([], target=3).target is None


@pytest.mark.parametrize("name", SERIES)
def test_columns_stand_on_nothing(name: str) -> None:
    values = SERIES[name]
    drawn = charts.columns(values, 84, 30)
    assert [box.is_some for box in drawn.boxes] == [value != 0 for value in values]
    assert len({box.width for box in drawn.boxes}) == 1
    for box, value in zip(drawn.boxes, values, strict=True):
        assert box.x >= 0 and box.x + box.width <= 84
        assert box.y >= 0 and box.y + box.height <= 30
        assert box.height >= charts.LEAST
        if value > 0:
            assert box.y < drawn.base
        if value < 0:
            assert box.y + box.height > drawn.base
    ends = [(box.x, box.x + box.width) for box in drawn.boxes]
    assert all(end < start for (_, end), (start, _) in pairwise(ends))


def test_columns_are_as_high_as_they_count() -> None:
    low, high, none = charts.columns([5, 10, 0]).boxes
    assert high.height == pytest.approx(2 * low.height, abs=0.1)
    assert none == Box(none.x, none.y, none.width, charts.LEAST, is_some=False)
    assert charts.columns([]).boxes == ()


@pytest.mark.parametrize("none", NONE)
def test_what_is_no_number_is_refused(none: float) -> None:
    for draw in (charts.course, charts.columns):
        with pytest.raises(ValueError, match="drawn"):
            draw([1, none, 2])
    with pytest.raises(ValueError, match="drawn"):
        charts.course([1, 2], target=none)
    with pytest.raises(ValueError, match="drawn"):
        percent(none)


def _days(*kinds: Health) -> list[Day]:
    return [Day(TODAY + timedelta(days=n), kind) for n, kind in enumerate(kinds)]


def test_the_worse_a_day_the_higher_its_bar() -> None:
    days = _days(Health.UNKNOWN, Health.FINE, Health.DEGRADED, Health.OUTAGE)
    drawn = charts.daybars(days)
    boxes = [box for box, _day in drawn.bars]
    assert [box.height for box in boxes] == sorted({box.height for box in boxes})
    assert all(box.y + box.height == 22 and box.y >= 0 for box in boxes)
    assert boxes[-1].x + boxes[-1].width == drawn.width
    assert [day for _box, day in drawn.bars] == days


def test_days_are_counted_and_those_that_were_not_fine_told() -> None:
    drawn = charts.daybars(
        _days(Health.FINE, Health.OUTAGE, Health.FINE, Health.MAINTENANCE, Health.OUTAGE)
    )
    assert drawn.counts == {
        Health.FINE: 2, Health.OUTAGE: 2, Health.MAINTENANCE: 1, Health.DEGRADED: 0, Health.UNKNOWN: 0,
    }  # fmt: skip
    kinds = [day.health for day in drawn.troubled]
    assert kinds == [Health.OUTAGE, Health.MAINTENANCE, Health.OUTAGE]
    assert drawn.troubled[0].day > drawn.troubled[-1].day
    none = charts.daybars([])
    assert (none.width, none.bars, none.troubled) == (0, (), [])


@pytest.mark.parametrize(
    ("most", "shown"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (48, [0, 10, 20, 30, 40, 50]),
        (51, [0, 20, 40, 60]),
        (10**18 + 1, [n * 5 * 10**17 for n in range(4)]),
    ],
)
def test_an_axis_has_round_figures(most: int, shown: list[int]) -> None:
    assert list(charts.ticks(most)) == shown


def test_an_axis_is_short_and_reaches_what_it_measures() -> None:
    for most in range(2000):
        marks = charts.ticks(most)
        assert marks[-1] >= most and len(marks) <= charts.TICKS + 1
        assert len({b - a for a, b in pairwise(marks)}) == 1


def _flow(*counts: tuple[int, int, int]) -> list[Flow]:
    return [Flow(TODAY + timedelta(days=n), *three) for n, three in enumerate(counts)]


@pytest.mark.parametrize(
    "counts",
    [
        [(3, 4, 12)],
        [(0, 0, 0)] * 14,
        [(5, 5, 5)] * 3,
        [(39, 44, 155), (14, 8, 160), (0, 51, 109)],
        [(n, 2 * n, 10**12 + n) for n in range(90)],
        [(10**300, 0, 10**300), (1, 1, 1)],
    ],
)
def test_a_flow_stays_in_its_drawing(counts: list[tuple[int, int, int]]) -> None:
    drawn = charts.flow(_flow(*counts))
    assert drawn is not None
    assert [(d.flow.opened, d.flow.resolved, d.flow.open) for d in drawn.days] == counts
    for day in drawn.days:
        for box, count in ((day.opened, day.flow.opened), (day.resolved, day.flow.resolved)):
            assert box.is_some == (count > 0)
            assert box.y + box.height == pytest.approx(100, abs=0.02)
            assert 0 <= box.height <= 100
            assert box.height == pytest.approx(100 * (count / drawn.ticks[-1]), abs=0.01)
            assert day.room.x - 0.02 <= box.x
            assert box.x + box.width <= day.room.x + day.room.width + 0.02
        assert day.opened.x + day.opened.width <= day.resolved.x
        # From 0, as the columns beside it: twice as many stand twice as high.
        most = max(count[2] for count in counts)
        tall = (100 - charts.TOP) * (day.flow.open / most if most else 0)
        assert day.line_y == pytest.approx(100 - tall, abs=0.01)
    assert bool(drawn.line) == (len(counts) > 1)
    assert drawn.opened == sum(c[0] for c in counts)
    assert drawn.resolved == sum(c[1] for c in counts)
    dated = [day for day in drawn.days if day.dated]
    assert 1 <= len(dated) <= charts.DATES
    assert dated[-1] is drawn.days[-1] and dated[-1].dated == 2


def test_a_flow_says_its_last_its_highest_where_it_begins_and_its_lowest() -> None:
    drawn = charts.flow(_flow((1, 1, 10), (1, 1, 30), (1, 1, 20)))
    assert drawn is not None
    assert [m.value for m in drawn.marks if m.is_last] == [20]
    assert [m.value for m in drawn.marks] == [20, 30, 0, 10]
    same = charts.flow(_flow((1, 1, 10), (1, 1, 10)))
    assert same is not None
    assert [(m.value, m.y) for m in same.marks] == [(10, charts.TOP), (0, 100.0)]
    # Nothing at all stands at the foot, and is said once.
    nothing = charts.flow(_flow((0, 0, 0), (0, 0, 0)))
    assert nothing is not None
    assert [(m.value, m.y) for m in nothing.marks] == [(0, 100.0)]
    # Beside each other they would touch: the last is said.
    near = charts.flow(_flow((1, 1, 0), (1, 1, 100), (1, 1, 98)))
    assert near is not None
    assert [m.value for m in near.marks] == [98, 0]
    ys = [m.y for m in drawn.marks]
    assert ys[1] < ys[0] < ys[3] < ys[2]


def test_no_flow_and_none_below_nothing() -> None:
    assert charts.flow([]) is None
    for wrong in ((-1, 0, 0), (0, -1, 0), (0, 0, -1)):
        with pytest.raises(ValueError, match="below nothing"):
            charts.flow(_flow((1, 1, 1), wrong))
    with pytest.raises(ValueError, match="too large"):
        charts.flow(_flow((10**400, 0, 0)))


@pytest.mark.parametrize(
    ("used", "shown"), [(-1, 0), (0, 0), (0.001, 1), (0.5, 50), (0.994, 99), (1, 100), (7e300, 100)]
)
def test_a_bar_is_never_fuller_than_full(used: float, shown: int) -> None:
    assert percent(used) == shown
