"""What problems do when something happened, or when a time has come."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from mainstay.practices.problems import proof
from mainstay.practices.problems.commands import CAUSED_BY, DUPLICATES
from mainstay.practices.problems.record import problem
from mainstay.pure.language import kept
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, queries, timers
from mainstay.records.errors import Invalid
from mainstay.records.fields import UNLIMITED
from mainstay.records.reactions import Heard
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType

VERIFIED = "problem.verified"
RISK_EXPIRES = "problem.risk_expires"
# What a timer hangs on, among what can be changed by hand.
TIMED_BY = ("verification_days", "risk_until")
# Why a problem is analysed again.
LINKED_AGAIN = kept("It happened again: an incident of after the fix was linked.")
REOPENED_AGAIN = kept("It happened again: an incident was reopened after the fix.")
NO_LONGER_ACCEPTED = kept("%(owner)s accepted the risk until %(day)s: %(why)s")


def take_in_an_incident(heard: Heard) -> None:
    """An incident is linked to its cause: nothing is caused by what never was one, and what recurs is not solved.

    Only what was reported or reopened after the resolution is a recurrence; an older one is found to belong here late.
    """
    if heard.event.changes["link"]["kind"] != CAUSED_BY:
        return
    # The newest link is the one this event tells of.
    number = queries.linked(problem, SYSTEM, heard.record.id, CAUSED_BY, towards="target")[0][
        "number"
    ]
    cause = By(SYSTEM, "problems", cause=heard.event.pk, depth=heard.by.depth + 1)
    record = commands.locked(problem, number, cause)
    if record.state == "cancelled" or record.resolution_code == "duplicate":
        text = _("%(problem)s was found to be no problem of its own; choose another one.")
        raise Invalid({"record": [text % {"problem": number}]})
    if record.state == "resolved" and proof.happened(heard.record, since=record.resolved_at):
        reason = LINKED_AGAIN
        _take_up_again(record, heard, cause, reason)


def take_back_a_reopened_incident(heard: Heard) -> None:
    """An incident that was over and is not after all: what causes it is not solved either, within the verification.

    It is the reopening that is judged, by the problem as it is now: one that was fixed anew since is not meant.
    """
    for row in queries.linked(problem, SYSTEM, heard.record.id, CAUSED_BY, towards="target"):
        with writing():
            record = commands.locked(problem, row["number"], heard.by)
            is_meant = record.state == "resolved" and heard.event.at > record.resolved_at
            if is_meant and heard.record.state != "cancelled":
                reason = REOPENED_AGAIN
                _take_up_again(record, heard, heard.by, reason)


def _take_up_again(record: Any, heard: Heard, by: By, reason: str) -> None:
    """Which incident it was is a fact of the event and no word of its reason: for those alone who may see it."""
    again, facts = problem.lifecycle.move("reanalyse"), {"because": {"record": heard.record.id}}
    commands.go(problem, record, again, {}, by, reason=reason, facts=facts)


def keep_timers(heard: Heard) -> None:
    """The end of the verification and of an accepted risk; another state disarms both."""
    record, changes = heard.record, heard.event.changes
    if heard.event.name == "problem.change" and not any(name in changes for name in TIMED_BY):
        return
    if record.state == "resolved":
        timers.arm(record, VERIFIED, record.verified_until)
    else:
        timers.disarm(record, VERIFIED)
    if record.resolution_code == "risk_accepted":
        timers.arm(record, RISK_EXPIRES, end_of(record.risk_until))
    else:
        timers.disarm(record, RISK_EXPIRES)


def end_of(day: Any) -> datetime:
    """The first moment a risk that was accepted until this day is accepted no more."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def close_by_itself(rtype: RecordType, record: Any, by: By) -> None:
    """The alarm: nothing came back for as long as it was watched."""
    if record.state == "resolved":
        commands.go(rtype, record, rtype.lifecycle.move("close"), {}, by)


def come_back(rtype: RecordType, record: Any, by: By) -> None:
    """The alarm: a risk was accepted for a time, and that is over."""
    if record.resolution_code == "risk_accepted":
        again = rtype.lifecycle.move("reanalyse")
        reason = NO_LONGER_ACCEPTED % {
            "owner": record.risk_owner.title,
            "day": record.risk_until.isoformat(),
            "why": record.risk_reason,
        }
        commands.go(rtype, record, again, {}, by, reason=reason[:UNLIMITED])


def duplicates_are_closed(heard: Heard) -> None:
    """What says that a problem is another's duplicate comes with its closing and goes with its being taken up again."""
    if heard.event.changes["link"]["kind"] != DUPLICATES:
        return
    if (heard.event.name == "problem.link") is not (heard.record.resolution_code == "duplicate"):
        text = _(
            "Close it as a duplicate, or analyse it again: this link comes and goes with that."
        )
        raise Invalid({"kind": [text]})


def be_one_of_its_own(heard: Heard) -> None:
    """A duplicate that is analysed again is none; the incidents that moved over stay where they are."""
    found = queries.linked(problem, SYSTEM, heard.record.id, DUPLICATES, towards="target")
    cause = By(SYSTEM, "problems", cause=heard.event.pk, depth=heard.by.depth + 1)
    for other in found:
        commands.unlink(problem, heard.record.number, DUPLICATES, other["number"], cause)
