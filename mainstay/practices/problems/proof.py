"""Whether the fix worked: incidents a week before and after it, with what chance alone could have done."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mainstay.pure.rates import Comparison, compare
from mainstay.records import clock

# Chosen beforehand and alike for every problem: a span picked to suit the figures would prove what one likes.
SPAN = timedelta(weeks=12)
# What it reads of an incident beside what every row has.
JUDGED_BY = ("reopened_at",)
A_WEEK, A_DAY = timedelta(weeks=1), timedelta(days=1)


def happened(incident: Any, *, since: datetime) -> bool:
    """Whether one was reported or reopened after a moment; what was cancelled happened never."""
    again = incident.reopened_at
    is_after = incident.created_at > since or (again is not None and again > since)
    return bool(is_after and incident.state != "cancelled")


def of(problem: Mapping[str, Any], incidents: Iterable[Mapping[str, Any]]) -> Comparison | None:
    """None while no fix is applied, and on its first day.

    Incidents count by when they were reported, after the fix also by when they were last reopened: what came back is
    as good as new. Those that were cancelled count nowhere.
    """
    fixed_at = problem["resolved_at"]
    if fixed_at is None or problem["resolution_code"] != "fix_applied":
        return None
    until = min(clock.now(), fixed_at + SPAN)
    if until - fixed_at < A_DAY:
        return None
    real = [incident for incident in incidents if incident["state"] != "cancelled"]
    before = sum(fixed_at - SPAN <= incident["created_at"] < fixed_at for incident in real)
    after = sum(_happened(incident, fixed_at, until) for incident in real)
    return compare(before, SPAN / A_WEEK, after, (until - fixed_at) / A_WEEK)


def _happened(incident: Mapping[str, Any], since: datetime, until: datetime) -> bool:
    """Reported or last reopened between two moments."""
    moments = (incident["created_at"], incident["reopened_at"])
    return any(moment is not None and since <= moment <= until for moment in moments)
