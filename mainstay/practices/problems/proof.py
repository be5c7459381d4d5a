"""Whether the fix worked: incidents a week before and after it, with what chance alone could have done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mainstay.pure.rates import Comparison, compare
from mainstay.pure.rules import Actor
from mainstay.records import clock, history, queries
from mainstay.records.rows import Row
from mainstay.records.types import shelf

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


@dataclass(frozen=True)
class Proof:
    """Of the last fix: how many incidents came since, and the comparison, where enough was seen on either side.

    `is_current` is it while the problem counts as fixed; while it is worked on again this is what came of the last one.
    """

    since: int
    is_current: bool
    figures: Comparison | None

    @property
    def verdict(self) -> str:
        """`failed` where it is worked on again and incidents came, else what the figures say, or `none`."""
        if self.since and not self.is_current:
            return "failed"
        return self.figures.verdict if self.figures else "none"


def of(actor: Actor, problem: Row, incidents: Iterable[Mapping[str, Any]]) -> Proof | None:
    """None where no fix was applied, and on the first day of one that holds.

    Incidents count by when they were reported, after the fix also by when they were last reopened: what came back is
    as good as new. Those that were cancelled count nowhere.
    """
    is_current = problem["resolution_code"] == "fix_applied"
    fixed_at = problem["resolved_at"] if is_current else _fixed_last(problem)
    if fixed_at is None:
        return None
    real = [incident for incident in incidents if incident["state"] != "cancelled"]
    figures = _figures(actor, fixed_at, real)
    if is_current and figures is None:
        return None
    since = sum(_happened(incident, fixed_at, clock.now()) for incident in real)
    return Proof(since, is_current, figures)


def _fixed_last(problem: Row) -> datetime | None:
    """When the fix was made that did not hold; only history knows it while the next one is looked for."""
    if not (problem["is_open"] and problem["reopen_count"]):
        return None
    return history.last(problem.facts.id, "problem.resolve")


def _figures(
    actor: Actor, fixed_at: datetime, incidents: Sequence[Mapping[str, Any]]
) -> Comparison | None:
    """What was seen before is no longer than there are incidents at all; the one it begins with does not count."""
    until = min(clock.now(), fixed_at + SPAN)
    oldest = queries.page(
        shelf.type("incident"),
        actor,
        names=("created_at",),
        order="created_at",
        size=1,
        python=True,
    ).items
    since = max(fixed_at - SPAN, oldest[0]["created_at"] if oldest else fixed_at)
    if min(until - fixed_at, fixed_at - since) < A_DAY:
        return None
    before = sum(since < incident["created_at"] < fixed_at for incident in incidents)
    after = sum(_happened(incident, fixed_at, until) for incident in incidents)
    return compare(before, (fixed_at - since) / A_WEEK, after, (until - fixed_at) / A_WEEK)


def _happened(incident: Mapping[str, Any], since: datetime, until: datetime) -> bool:
    """Reported or last reopened between two moments."""
    moments = (incident["created_at"], incident["reopened_at"])
    return any(moment is not None and since <= moment <= until for moment in moments)
