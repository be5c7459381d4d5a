"""Exact intervals against published values and against their own definition."""

from __future__ import annotations

import math

import pytest

from mainstay.pure.rates import compare, rate


# Garwood's limits as every table of Poisson confidence limits has them.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.689),
        (1, 0.0253, 5.572),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (100, 81.364, 121.627),
    ],
)
def test_a_rate_has_garwoods_limits(count: int, low: float, high: float) -> None:
    found = rate(count, 1)
    assert found.low == pytest.approx(low, abs=0.001)
    assert found.high == pytest.approx(high, abs=0.001)
    slower = rate(count, 4)
    assert (slower.per_week, slower.high) == pytest.approx((count / 4, high / 4), abs=0.001)


def test_a_ratio_is_that_of_the_textbook() -> None:
    """R's own example, poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)): 1.971488, 0.8584264 to 4.2772659."""
    found = compare(21, 1083 + 1050 + 878, 11, 800)
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert found.verdict == "unproven"


@pytest.mark.parametrize("before", [1, 4, 12, 60])
def test_none_at_all_after_the_fix_has_the_bound_that_solves_it(before: int) -> None:
    """With none after, the upper bound is where (1 - p)^n = 2.5 %: a closed form."""
    found = compare(before, 10, 0, 10)
    p = 1 - 0.025 ** (1 / before)
    assert (found.ratio, found.low) == (0, 0)
    assert found.high == pytest.approx(p / (1 - p), rel=1e-9)
    assert (found.verdict == "fewer") is (before > 5)


def test_turned_round_it_is_the_reciprocal() -> None:
    one, other = compare(30, 12, 7, 4), compare(7, 4, 30, 12)
    assert (one.low, one.high) == pytest.approx((1 / other.high, 1 / other.low), rel=1e-9)


def test_nothing_before_proves_nothing_and_much_after_proves_more() -> None:
    empty = compare(0, 12, 0, 4)
    assert (empty.ratio, empty.low, empty.high, empty.verdict) == (None, 0, math.inf, "unproven")
    assert compare(0, 12, 9, 4).verdict == "more"
    assert compare(2, 12, 20, 4).verdict == "more"
    assert compare(1000, 12, 300, 12).verdict == "fewer"
