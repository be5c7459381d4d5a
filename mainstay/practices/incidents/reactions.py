"""What incidents do when something happened: a caller's answer resumes, a resolution arms the closing."""

from typing import Any

from mainstay.practices.incidents.lifecycle import CLOSES_AFTER
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import access, commands, timers
from mainstay.records.reactions import Heard
from mainstay.records.types import RecordType

AUTO_CLOSE = "incident.auto_close"


def resume_on_answer(heard: Heard) -> None:
    """A caller's answer, by whichever door, ends the waiting for the caller and for nobody else."""
    record = heard.record
    said = heard.message is not None and heard.message.audience == "all"
    if heard.event.name == "incident.change" and not said:
        return
    waits = record.state == "on_hold" and record.waiting_for == "caller"
    if waits and access.is_caller(heard.by.actor, record):
        cause = By(SYSTEM, "automation", cause=heard.event.pk, depth=heard.by.depth + 1)
        commands.go(heard.rtype, record, heard.rtype.lifecycle.move("resume"), {}, cause)


def time_the_closing(heard: Heard) -> None:
    """A resolved incident closes by itself a fixed time after the resolution; any other state disarms that."""
    if heard.record.state == "resolved":
        timers.arm(heard.record, AUTO_CLOSE, heard.record.resolved_at + CLOSES_AFTER)
    else:
        timers.disarm(heard.record, AUTO_CLOSE)


def time_the_closing_anew(heard: Heard) -> None:
    """A resolution that was brought here, or back: its caller has the whole time from that day on."""
    if heard.record.state == "resolved":
        timers.arm(heard.record, AUTO_CLOSE, heard.event.recorded_at + CLOSES_AFTER)


def close_by_itself(rtype: RecordType, record: Any, by: By) -> None:
    """The alarm: nobody objected for as long as they could."""
    if record.state == "resolved":
        commands.go(rtype, record, rtype.lifecycle.move("close"), {}, by)
