"""What incidents do when something happened to the problem that causes them; each runs in the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from mainstay.capabilities.conversation.queries import entries
from mainstay.capabilities.notices import queries as notices
from mainstay.directory import actors
from mainstay.directory.walls import words_may_cross
from mainstay.practices.incidents.record import incident
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
    "problem.communicate_workaround": lambda: _("Until this is solved, there is a way around it:"),
    "problem.communicate_fix": lambda: _("What caused this has been found, and this is done:"),
}


def tell_callers(heard: Heard) -> None:
    """The text of one communication as a reply in each open incident, once: not again where it was said already."""
    found = _row(heard)
    [message] = entries(heard.rtype, SYSTEM, found, Stretch(after=heard.event.pk - 1, size=1))
    said = message["text"]
    text = f"{OPENINGS[heard.event.name]()}\n\n{said}"

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
    text = f"{OPENINGS[heard.event.name]()}\n\n{message['text']}"
    notice, by = shelf.type("notice"), By(actor, heard.event.door)
    for number in notices.running(list(_open_ones(heard))):
        with suppress(Missing, Denied, Invalid):  # not theirs to write, or full
            told = queries.one(notice, actor, number, names=("text",))["text"]
            if text not in told:
                commands.change(notice, number, {"text": f"{told}\n\n{text}"}, by)


def resolve_with_the_problem(heard: Heard) -> None:
    """What waits for the problem is resolved with it, unless another open problem causes it as well."""
    from_the_problem = fields.named(incident, ("close_code", "resolution"))

    def resolve(record: Any) -> None:
        if (record.state, record.waiting_for) != ("on_hold", "problem"):
            return
        causes = queries.linked(
            heard.rtype, SYSTEM, record.id, CAUSED_BY, names=("is_open",), towards="target"
        )
        if any(cause["is_open"] for cause in causes):
            return
        values = ("resolved_by_problem", _("What caused this has been fixed."))
        text = _("What caused this has been fixed. If it still happens, say so here.")
        commands.go(
            incident,
            record,
            incident.lifecycle.move("resolve"),
            dict(zip(from_the_problem, values, strict=True)),
            heard.by,
            message=Message("all", text),
        )

    _for_each(heard, resolve)


def note_the_accepted_risk(heard: Heard) -> None:
    """Those who work on them are told that no fix is to come, and why, where the reasons pass no wall."""
    cause = heard.record
    text = _("The risk of what causes this is accepted until %(day)s; no fix is to come before.")
    text %= {"day": cause.risk_until.isoformat() if cause.risk_until else "…"}

    def note(record: Any) -> None:
        why = cause.risk_reason if words_may_cross(cause, record) else ""
        said = Message("internal", f"{text}\n\n{why}".strip()[:UNLIMITED])
        commands.note_on(incident, record, "note", heard.by, message=said)

    _for_each(heard, note)


def move_to_the_other_problem(heard: Heard) -> None:
    """All incidents of a duplicate, solved ones too: the other problem's count and proof are then whole."""
    others = queries.linked(heard.rtype, SYSTEM, heard.record.id, "duplicates", towards="target")
    if not others:
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
