"""What incidents do when something happened to the problem that causes them; each runs in the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from mainstay.capabilities.conversation.queries import entries
from mainstay.capabilities.notices import queries as notices
from mainstay.directory import actors
from mainstay.directory.walls import words_may_cross
from mainstay.practices.incidents.record import incident
from mainstay.pure.language import kept
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, fields, history, queries
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.fields import UNLIMITED
from mainstay.records.reactions import Heard
from mainstay.records.stretch import Stretch
from mainstay.records.turnstile import writing
from mainstay.records.types import Message, shelf

log = logging.getLogger("mainstay.worker")
CAUSED_BY = "caused_by"
# What is said before the problem's own text: a caller knows of no problem.
OPENINGS = {
    "problem.communicate_workaround": kept("Until this is solved, there is a way around it:"),
    "problem.communicate_fix": kept("What caused this has been found, and this is done:"),
}

# What is said where it ends.
REMOVED = kept("The problem this waited for was removed.")
UNLINKED = kept("The problem this waited for is not linked any more.")
CANCELLED = kept("The problem this waited for was cancelled.")
NONE_IS_OPEN = kept("No problem that causes this is open any more.")
FIXED = kept("What caused this has been fixed.")
FIXED_FOR_YOU = kept("What caused this has been fixed. If it still happens, say so here.")
ACCEPTED = kept("The risk of what causes this is accepted until %(day)s; no fix is to come before.")
# A wait may begin before its problem is linked; what takes a link away tells of one.
BEGINNINGS = ("incident.hold", "incident.restore", "incident.take_back")
JUDGED_BY = ("is_open", "resolution_code", "resolved_at")


def tell_callers(heard: Heard) -> None:
    """The text of one communication as a reply in each open incident, once: not again where it was said already."""
    found = _row(heard)
    [message] = entries(heard.rtype, SYSTEM, found, Stretch(after=heard.event.pk - 1, size=1))
    said = message["text"]
    text = f"{OPENINGS[heard.event.name]}\n\n{said}"

    def tell(record: Any) -> None:
        row = queries.one(incident, SYSTEM, record.number, names=())
        told = entries(incident, SYSTEM, row, Stretch(newest=True))
        if not any(each["author"] is None and each["text"] == text for each in told):
            commands.note_on(
                incident, record, "reply", heard.by,
                message=Message("all", text), facts={"problem": {"record": heard.record.id}},
            )  # fmt: skip

    _for_each(heard, tell)


def tell_on_notices(heard: Heard) -> None:
    """The same on what is published from these incidents, where its sender wanted that and may write there.

    It is the sender who changes the notice: everybody reads its history, and the problem is not named in it.
    """
    sender = heard.event.actor_id
    if sender is None or not heard.event.changes.get("on_notices"):
        return
    actor = actors.for_people([sender]).get(sender)
    if actor is None:  # they have left
        return
    [message] = entries(heard.rtype, SYSTEM, _row(heard), Stretch(after=heard.event.pk - 1, size=1))
    text = f"{OPENINGS[heard.event.name]}\n\n{message['text']}"
    notice, by = shelf.type("notice"), By(actor, heard.event.door)
    for number in notices.running(list(_open_ones(heard))):
        with suppress(Missing, Denied, Invalid):  # not theirs to write, or full
            told = queries.one(notice, actor, number, names=("text",))["text"]
            if text not in told:
                commands.change(notice, number, {"text": f"{told}\n\n{text}"}, by)


def wait_no_more(heard: Heard) -> None:
    """What waits for a problem that is fixed, cancelled or removed is resolved with it, or taken up again."""
    _for_each(heard, lambda record: _end_the_wait(heard, record))


def look_whether_it_waits(heard: Heard) -> None:
    """The same where the incident changed and not its problem: a link came or went, or its waiting began late."""
    link = heard.event.changes.get("link")
    if heard.record.is_removed or (link is not None and link["kind"] != CAUSED_BY):
        return
    if _waits(heard.record):
        with writing():
            record = commands.locked(incident, heard.record.number, heard.by)
            if not history.has_followed(record.id, heard.event.pk):
                _end_the_wait(heard, record)


def _end_the_wait(heard: Heard, record: Any, *, is_told: bool = False) -> None:
    """Judged by what causes the locked record now: while a problem of these is open, it waits on.

    One fix that came after it was last reported suffices. Without any its caller still waits for the service, so that
    somebody goes on with it, and reads why.
    """
    if not _waits(record):
        return
    causes = queries.linked(
        shelf.type("problem"), SYSTEM, record.id, CAUSED_BY, names=JUDGED_BY, towards="target", python=True
    )  # fmt: skip
    never_had_one = not causes and heard.event.name in BEGINNINGS
    if never_had_one or any(_holds(heard, cause) for cause in causes):
        return
    if any(_fixes(cause, record) for cause in causes):
        _resolve(record, heard.by)
    else:
        is_told = is_told or any(_tells_of_itself(heard, cause) for cause in causes)
        said = None if is_told else Message("internal", _why(heard, record, causes))
        resume = incident.lifecycle.move("resume")
        commands.go(incident, record, resume, {}, heard.by, message=said)


def _waits(record: Any) -> bool:
    return bool((record.state, record.waiting_for) == ("on_hold", "problem"))


def _tells_of_itself(heard: Heard, cause: Mapping[str, Any]) -> bool:
    """Whether its risk was accepted after what is heard here: whoever hears of that tells why, once and in full."""
    is_accepted = cause["resolution_code"] == "risk_accepted"
    return is_accepted and _happened_since(heard, cause, "problem.accept_risk")


def _happened_since(heard: Heard, cause: Mapping[str, Any], name: str) -> bool:
    facts = queries.one(shelf.type("problem"), SYSTEM, cause["number"], names=()).facts
    return history.has_happened_since(facts.id, name, heard.event.pk)


def _why(heard: Heard, record: Any, causes: Sequence[Mapping[str, Any]]) -> str:
    """By how it stands and not by what is heard: a link of before is sometimes heard after the problem's end."""
    was_unlinked = not causes and history.last(record.id, "incident.unlink") is not None
    if heard.event.name == "problem.remove" or not (causes or was_unlinked):
        return REMOVED
    if not causes:
        return UNLINKED
    if all(cause["resolution_code"] == "cancelled" for cause in causes):
        return CANCELLED
    return NONE_IS_OPEN


def _holds(heard: Heard, cause: Mapping[str, Any]) -> bool:
    """An open one does, and one that was found to be another's duplicate until what it causes has moved over there.

    An incident may be heard before its problem: the worker keeps the order of one record alone. One that was a
    duplicate already when it was linked moves nothing any more.
    """
    if cause["is_open"] or cause["resolution_code"] != "duplicate":
        return bool(cause["is_open"])
    if heard.rtype is incident:
        return _happened_since(heard, cause, "problem.duplicate")
    return bool(cause["number"] != heard.record.number)


def _fixes(cause: Mapping[str, Any], record: Any) -> bool:
    """What was reported or reopened after the fix, the fix did not solve."""
    is_fixed = cause["resolution_code"] == "fix_applied"
    return is_fixed and cause["resolved_at"] >= (record.reopened_at or record.created_at)


def _resolve(record: Any, by: By) -> None:
    named = fields.named(incident, ("close_code", "resolution"))
    values = ("resolved_by_problem", FIXED)
    commands.go(
        incident, record, incident.lifecycle.move("resolve"), dict(zip(named, values, strict=True)), by,
        message=Message("all", FIXED_FOR_YOU),
    )  # fmt: skip


def note_the_accepted_risk(heard: Heard) -> None:
    """Those who work on them are told that no fix is to come, and why, where the reasons pass no wall.

    What waited for it is resumed, unless another problem holds it.
    """
    cause = heard.record
    text = ACCEPTED % {"day": cause.risk_until.isoformat() if cause.risk_until else "…"}

    def note(record: Any) -> None:
        why = cause.risk_reason if words_may_cross(cause, record) else ""
        said = Message("internal", f"{text}\n\n{why}".strip()[:UNLIMITED])
        commands.note_on(incident, record, "note", heard.by, message=said)
        _end_the_wait(heard, record, is_told=True)

    _for_each(heard, note)


def move_to_the_other_problem(heard: Heard) -> None:
    """All incidents of a duplicate, solved ones too: the other problem's count and proof are then whole."""
    others = queries.linked(heard.rtype, SYSTEM, heard.record.id, "duplicates", towards="target")
    if not others:  # removed since, or taken up again
        wait_no_more(heard)
        return
    target = others[0]["number"]
    for row in queries.linked(incident, SYSTEM, heard.record.id, CAUSED_BY):
        with writing():
            commands.unlink(incident, row["number"], CAUSED_BY, heard.record.number, heard.by)
            commands.link(incident, row["number"], CAUSED_BY, target, heard.by)


def _for_each(heard: Heard, act: Callable[[Any], None]) -> None:
    """Does something to each open incident under its lock, once for one event; one that fails stops no other.

    Those that failed are tried again with the event, which by then has been followed on the others.
    """
    failed: Exception | None = None
    for number in _open_ones(heard):
        try:
            with writing():
                record = commands.locked(incident, number, heard.by)
                if record.is_open and not history.has_followed(record.id, heard.event.pk):
                    act(record)
        except Exception as error:
            log.exception("%s could not follow event %s", number, heard.event.pk)
            failed = error
    if failed is not None:
        raise failed


def _open_ones(heard: Heard) -> Iterator[str]:
    found = queries.linked(incident, SYSTEM, heard.record.id, CAUSED_BY, names=("is_open",))
    return (row["number"] for row in found if row["is_open"])


def _row(heard: Heard) -> Any:
    return queries.one(heard.rtype, SYSTEM, heard.record.number, names=())
