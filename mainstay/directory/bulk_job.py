"""The same step for very many records, as a job: with the rights the person has at each step, not at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mainstay.directory import actors, languages
from mainstay.directory.audit import noting
from mainstay.pure.rules import By
from mainstay.records import bulk, commands, history, jobs
from mainstay.records.errors import Denied, Illegal, Refused
from mainstay.records.models import Job
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
    plan = {
        "type": rtype.name,
        "move": move,
        "remove": is_removal,
        "data": {name: v.isoformat() if isinstance(v, date) else v for name, v in data.items()},
        "reason": reason,
        "message": [message.audience, message.text] if message else None,
    }
    return str(jobs.start(KIND, title, keys, plan, by).id)


def can_undo(job: Mapping[str, Any]) -> bool:
    """Whether what such a job did, as `jobs.one` tells of it, can be taken back: removals, as where few are removed."""
    is_over = job["finished_at"] is not None and job["left"] > 0
    return job["kind"] == KIND and bool(job["plan"].get("remove")) and is_over


def undo(key: str, by: By) -> str:
    """The id of the job that brings back what one of the actor's own removed. Raises Missing or Illegal."""
    job = jobs.one(by.actor, key)
    if not (can_undo(job) or job["undone_by"]):
        raise Illegal(_("This cannot be undone."))
    plan = {"type": job["plan"]["type"], "restore": _times(job)}
    return jobs.take_back(key, _("Undo: %(step)s") % {"step": job["title"]}, plan, by)


def _times(job: Mapping[str, Any]) -> list[str]:
    """Between which moments it removed: what was removed at another time was removed by something else."""
    ended = job["finished_at"] or job["created_at"]
    return [job["created_at"].isoformat(), ended.isoformat()]


def _restore(job: Job, rtype: RecordType, key: str, by: By) -> None:
    """Brings back what the job removed, unless it was brought back and removed again since. Raises Illegal."""
    since, until = job.plan["restore"]
    removal = history.newest(commands.restore(rtype, key, by).id, f"{rtype.name}.remove")
    mine = removal is not None and (removal.actor_id, removal.door) == (job.person_id, bulk.DOOR)
    if not (mine and since <= removal.at.isoformat() <= until):
        raise Illegal(_("%(number)s was removed again since.") % {"number": key})


def refused(job: Job, refusal: Refused) -> None:
    """What somebody may not do or see stands in the audit, as where few are worked on at once."""
    asked = "restore" if job.plan.get("restore") else "bulk"
    with suppress(LookupError):
        by = By(actors.for_person(job.person_id), job.door)
        path = f"/{shelf.type(job.plan['type']).plural}/{asked}/"
        noting.refused_by_a_job(by, path, refusal)


def step(job: Job, key: str) -> None:
    try:
        by = By(actors.for_person(job.person_id), job.door)
    except LookupError:
        raise Denied(_("Whoever started this has left.")) from None
    with languages.spoken_to(by.actor):
        _do(job, shelf.type(job.plan["type"]), key, by)


def _do(job: Job, rtype: RecordType, key: str, by: By) -> None:
    plan = job.plan
    if plan.get("restore"):
        _restore(job, rtype, key, by)
        return
    message = Message(*plan["message"]) if plan["message"] else None
    if plan.get("remove"):
        commands.remove(rtype, key, by)
    elif plan["move"]:
        commands.move(
            rtype, key, plan["move"], plan["data"], by, message=message, reason=plan["reason"]
        )
    else:
        commands.change(rtype, key, plan["data"], by, message=message, reason=plan["reason"])
