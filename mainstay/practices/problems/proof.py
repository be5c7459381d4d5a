"""Whether the fix worked: incidents a week before and after it, with what chance alone could have done."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from mainstay.pure.rates import Comparison, compare
from mainstay.records import clock

# Chosen beforehand and alike for every problem: a span picked to suit the figures would prove what one likes.
SPAN = timedelta(weeks=12)
A_WEEK, A_DAY = timedelta(weeks=1), timedelta(days=1)


def of(problem: Mapping[str, Any], incidents: Iterable[Mapping[str, Any]]) -> Comparison | None:
    """None while no fix is applied, and on its first day; incidents count by when they were reported."""
    fixed_at = problem["resolved_at"]
    if fixed_at is None or problem["resolution_code"] != "fix_applied":
        return None
    until = min(clock.now(), fixed_at + SPAN)
    if until - fixed_at < A_DAY:
        return None
    moments = [incident["created_at"] for incident in incidents]
    before = sum(fixed_at - SPAN <= moment < fixed_at for moment in moments)
    after = sum(fixed_at <= moment <= until for moment in moments)
    return compare(before, SPAN / A_WEEK, after, (until - fixed_at) / A_WEEK)
