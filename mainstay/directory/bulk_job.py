"""The same step for very many records, as a job: with the rights the person has at each step, not at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.directory import actors, languages
from mainstay.directory.audit import noting
from mainstay.pure.rules import By
from mainstay.records import bulk, clock, commands, jobs, undoing
from mainstay.records.errors import Denied, Illegal, Refused
from mainstay.records.models import Event, Job
from mainstay.records.types import Message, RecordType, shelf

KIND = "bulk"


def start(
    rtype: RecordType,
    keys: Sequence[str],
    title: str,
    data: Mapping[str, Any],
    by: By,
    *,
    move: str = "",
    reason: str = "",
    message: Message | None = None,
    is_removal: bool = False,
) -> str:
    """The id of a job that moves (with `move`), removes or changes each record; `data` as commands take it."""
    plan = _plan(rtype, move, is_removal=is_removal) | {
        "data": {name: v.isoformat() if isinstance(v, date) else v for name, v in data.items()},
        "reason": reason,
        "message": [message.audience, message.text] if message else None,
    }
    return str(jobs.start(KIND, title, keys, plan, by).id)


def keep(
    rtype: RecordType,
    keys: Sequence[str],
    title: str,
    by: By,
    outcome: bulk.Outcome,
    *,
    move: str = "",
    is_removal: bool = False,
) -> str:
    """The id of such a job for what was done at once: its page has the way back, and what was refused."""
    plan = _plan(rtype, move, is_removal=is_removal)
    return str(jobs.keep(KIND, title, keys, plan, by, outcome.events, outcome.reasons).id)


def _plan(rtype: RecordType, move: str, *, is_removal: bool) -> dict[str, Any]:
    """With the language of whoever asks: a worker knows none but the person's own."""
    spoken = get_language() or ""
    return {"type": rtype.name, "move": move, "remove": is_removal, "language": spoken}


def can_undo(job: Mapping[str, Any]) -> bool:
    """Whether what such a job did, as `jobs.one` tells of it, can be taken back: for a day."""
    is_over = job["finished_at"] is not None and job["left"] > 0
    is_fresh = clock.now() - job["created_at"] < undoing.LONGEST
    is_step = job["kind"] == KIND and "undoes" not in job["plan"]
    return is_over and is_fresh and is_step and job["plan"]["type"] in shelf


def undo(key: str, by: By) -> str:
    """The id of the job that takes back what one of the actor's own did. Raises Missing or Illegal.

    For few it is done when this ends.
    """
    job = jobs.one(by.actor, key)
    if not (can_undo(job) or job["undone_by"]):
        raise Illegal(_("This cannot be undone."))
    plan = _plan(shelf.type(job["plan"]["type"]), "", is_removal=False) | {"undoes": key}
    made = jobs.take_back(key, _("Undo: %(step)s") % {"step": job["title"]}, plan, by)
    if job["left"] <= bulk.AT_ONCE:
        jobs.work_here(made)
    return made


def refused(job: Job, refusal: Refused) -> None:
    """What somebody may not do or see stands in the audit, as where few are worked on at once."""
    with suppress(LookupError):
        by = By(actors.for_person(job.person_id), job.door)
        undone = job.plan.get("undoes")
        path = f"/jobs/{undone}/undo/" if undone else _path(shelf.type(job.plan["type"]))
        noting.refused_by_a_job(by, path, refusal)


def _path(rtype: RecordType) -> str:
    return f"/{rtype.plural}/bulk/"


def step(job: Job, key: str) -> int | None:
    """The event it left on the record, where it changed anything."""
    plan = job.plan
    try:
        by = By(actors.for_person(job.person_id), job.door)
    except LookupError:
        raise Denied(lambda: _("Whoever started this has left.")) from None
    rtype = shelf.type(plan["type"])
    with languages.spoken_to(by.actor, plan.get("language", "")):
        if undone := plan.get("undoes"):
            event = jobs.event_of(undone, key)
            return undoing.take_back(rtype, key, event, by).pk if event is not None else None
        return _left(_done(rtype, plan, key, by))


def _left(written: Any) -> int | None:
    """The id of what a command left, whether it gave the event itself or its record."""
    event = written if isinstance(written, Event) else written.last_event
    return event.pk if event is not None else None


def _done(rtype: RecordType, plan: Mapping[str, Any], key: str, by: By) -> Any:
    if plan["remove"]:
        return commands.remove(rtype, key, by)
    message = Message(*plan["message"]) if plan["message"] else None
    data, reason = plan["data"], plan["reason"]
    if move := plan["move"]:
        return commands.move(rtype, key, move, data, by, message=message, reason=reason)
    return commands.change(rtype, key, data, by, message=message, reason=reason)
