"""How often something happens, before and after: exact intervals for counts that come by themselves (Poisson).

With few incidents a normal approximation promises too much, so every bound here is found by the exact tail of its
distribution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, lgamma, log

# What an interval leaves out at each end: 95 % lie inside.
TAIL = 0.025
# Halvings of a bracket: beyond what a float can tell apart.
HALVINGS = 200


@dataclass(frozen=True)
class Rate:
    """A count over some weeks as a rate for one week, between its bounds."""

    count: int
    weeks: float
    per_week: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """Two rates and their ratio (after ÷ before) between its bounds; `high` is infinite where nothing came before."""

    before: Rate
    after: Rate
    ratio: float | None
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """`fewer` or `more` where the whole interval lies on one side of 1, `unproven` otherwise."""
        return "fewer" if self.high < 1 else "more" if self.low > 1 else "unproven"


def rate(count: int, weeks: float) -> Rate:
    """The exact central 95 % interval of a Poisson rate.

    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), 437-442: the lower bound is the
    mean under which `count` or more has probability 2.5 %, the upper the one under which `count` or fewer has.
    """
    top = count + 20 * (count + 1) ** 0.5 + 20
    low = 0.0
    if count:
        low = _where(lambda mean: 1 - _poisson_up_to(count - 1, mean) - TAIL, 0, top)
    high = _where(lambda mean: TAIL - _poisson_up_to(count, mean), 0, top)
    return Rate(count, weeks, count / weeks, low / weeks, high / weeks)


def compare(before: int, weeks_before: float, after: int, weeks_after: float) -> Comparison:
    """The exact 95 % interval of the ratio of two Poisson rates.

    J. Przyborowski and H. Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 31
    (1940), 313-323: given the sum n, the later count is binomial with p = r·t2 / (t1 + r·t2) for the ratio r. The
    interval of p is that of C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404-413; r = p/(1 - p) · t1/t2.
    """
    n, scale = before + after, weeks_before / weeks_after
    low, high = 0.0, 1.0
    if after:
        low = _where(lambda p: 1 - _binomial_up_to(after - 1, n, p) - TAIL, 0, 1)
    if before:
        high = _where(lambda p: TAIL - _binomial_up_to(after, n, p), 0, 1)
    return Comparison(
        before=rate(before, weeks_before),
        after=rate(after, weeks_after),
        ratio=after / before * scale if before else None,
        low=low / (1 - low) * scale if low < 1 else inf,
        high=high / (1 - high) * scale if high < 1 else inf,
    )


def _where(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that rises crosses zero, by halving."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2


def _poisson_up_to(count: int, mean: float) -> float:
    """The probability of `count` or fewer."""
    if mean <= 0:
        return 1.0
    return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1))


def _binomial_up_to(count: int, n: int, p: float) -> float:
    """The probability of `count` or fewer successes among n."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return 1.0 if count >= n else 0.0
    return sum(
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p))
        for k in range(count + 1)
    )
