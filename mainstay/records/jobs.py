"""Long work with progress: a row says what is to be done and how far it is; whichever worker is free does it.

Each step commits together with the mark that it is done, so that after a kill the next worker goes on where the last
one was, and nothing is done twice. See docs/decisions for why this is a table of ours.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mainstay.pure.numbers import normal
from mainstay.pure.rules import Actor, By
from mainstay.records import clock
from mainstay.records.errors import Illegal, Missing, Refused
from mainstay.records.models import Job, JobEvent, JobRefusal
from mainstay.records.turnstile import writing

log = logging.getLogger("mainstay.worker")

LEASE = timedelta(seconds=30)
MOST_TRIES = 5
LONGEST = timedelta(seconds=2 * 4**MOST_TRIES)  # that a failed one is put off, or one is leased
TOLD_AT_ONCE = 200  # refusals told on one page
MOST_LISTED = 50
MOST_TOLD = 5  # that ended, at one time
KEPT = timedelta(days=30)

# How many of somebody's jobs ended that they were not told of: a part of a statement that every page sends anyway.
NEWS = "select count(*) from records_job where person_id = %s and is_news"

# Does one step of a job's plan, and gives the id of the event it left, where it left one; what it refuses is listed,
# what it raises otherwise is tried again.
Step = Callable[[Job, Any], int | None]
# Is told what a step refused, when the step is undone: for the audit.
Told = Callable[[Job, Refused], None]
_kinds: dict[str, Step] = {}
_told: dict[str, Told] = {}


def install(kinds: dict[str, Step], told: dict[str, Told]) -> None:
    """Called once at startup with every kind of job of the product, and who is told what one of them refused."""
    _kinds.clear()
    _kinds.update(kinds)
    _told.clear()
    _told.update(told)


def start(kind: str, title: str, steps: Sequence[Any], plan: dict[str, Any], by: By) -> Job:
    """A job of the actor's; each element of `steps` is handed to the kind's function, in order."""
    if kind not in _kinds:
        raise KeyError(kind)
    with writing():
        return _made(kind, title, steps, plan, by)


def keep(
    kind: str,
    title: str,
    steps: Sequence[Any],
    plan: dict[str, Any],
    by: By,
    events: Mapping[int, int],
    reasons: Mapping[int, str],
) -> Job:
    """The same for steps that were all done by now: the events they left and the reasons for refusals, by step."""
    with writing():
        job = _made(kind, title, steps, plan, by, done=len(steps), finished_at=clock.now())
        JobEvent.objects.bulk_create(
            JobEvent(job=job, step=step, event_id=event) for step, event in events.items()
        )
        JobRefusal.objects.bulk_create(
            JobRefusal(job=job, step=step, reason=reason) for step, reason in reasons.items()
        )
        return job


def _made(
    kind: str, title: str, steps: Sequence[Any], plan: dict[str, Any], by: By, **more: Any
) -> Job:
    return Job.objects.create(
        kind=kind,
        title=title[:250],
        person_id=by.actor.id,
        door=by.door,
        plan=plan | {"steps": list(steps)},
        total=len(steps),
        created_at=clock.now(),
        **more,
    )


def own(actor: Actor) -> list[dict[str, Any]]:
    """The newest of the actor's own jobs, how far each is and how many it refused, without its steps. One statement."""
    told = ("id", "title", "done", "total", "is_cancelled", "created_at", "finished_at", "refused")
    of_it = JobRefusal.objects.filter(job=OuterRef("pk")).order_by().values("job")
    refused = Coalesce(Subquery(of_it.values(n=Count("*"))), 0)
    mine = Job.objects.filter(person_id=actor.id).annotate(refused=refused)
    return list(mine.order_by("-created_at").values(*told)[:MOST_LISTED])


def one(actor: Actor, key: str, page: int = 1) -> dict[str, Any]:
    """How far one of the actor's own jobs is. Raises Missing for anybody else's.

    `failed` are the steps that were refused, of a page of them; `refused` is how many there are of all, and `changed`
    how many left an event. `left` is how many of its steps could still be taken back: those, or what the job that
    takes them back did not come to.
    """
    job = _own(actor, key)
    refused = JobRefusal.objects.filter(job=job).order_by("step")
    count = refused.count()
    changed = JobEvent.objects.filter(job=job).count()
    pages = max(1, -(-count // TOLD_AT_ONCE))
    page = min(max(page, 1), pages)
    first = (page - 1) * TOLD_AT_ONCE
    told = refused.values_list("step", "reason")[first : first + TOLD_AT_ONCE] if count else ()
    steps = job.plan["steps"]
    return {
        "id": str(job.id),
        "kind": job.kind,
        "title": job.title,
        "plan": {name: value for name, value in job.plan.items() if name != "steps"},
        "done": job.done,
        "total": job.total,
        "refused": count,
        "changed": changed,
        "failed": [(str(steps[step]), reason) for step, reason in told],
        "first": first + 1,
        "page": page,
        "pages": pages,
        "is_cancelled": job.is_cancelled,
        "undone_by": str(job.undone_by) if job.undone_by else "",
        "left": _left(job, changed),
        "error": job.error,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def news(actor: Actor) -> list[str]:
    """The ids of the actor's own jobs that ended and were not told of yet; they are by this, once, whoever asks."""
    ended = Job.objects.filter(person_id=actor.id, is_news=True)
    found = list(ended.order_by("finished_at").values_list("pk", flat=True)[:MOST_TOLD])
    if not found:
        return []
    with writing():
        return [str(key) for key in found if ended.filter(pk=key).update(is_news=False)]


def standing(people: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each of these people a value that changes when a job ends that they are to be told of. One statement."""
    ended = Job.objects.filter(is_news=True, person_id__in=set(people)).order_by()
    found = ended.values_list("person_id").annotate(count=Count("*"), at=Max("finished_at"))
    return {person: tuple(map(str, told)) for person, *told in found}


def cancel(actor: Actor, key: str) -> None:
    """Stops after the step that is being done; what is done stays."""
    job = _own(actor, key)
    with writing():
        Job.objects.filter(pk=job.pk, finished_at=None).update(is_cancelled=True)


def take_back(key: str, title: str, plan: dict[str, Any], by: By) -> str:
    """The id of a job for the steps that an ended one of the actor's own left events of; asked again, of the same job.

    One that ended before it was through is no answer: then another goes on where it was. What `plan` says is done to
    them; the kind's function does it. Raises Missing or Illegal.
    """
    with writing():
        job = Job.objects.select_for_update().get(pk=_own(by.actor, key).pk)
        if job.finished_at is None:
            raise Illegal(_("This is still being done; stop it first."))
        begun = _taking_back(job)
        if begun is not None and not _ended_early(begun):
            return str(begun.pk)
        if begun is not None:
            steps = begun.plan["steps"][begun.done :]
        else:
            left = JobEvent.objects.filter(job=job).order_by("step").values_list("step", flat=True)
            steps = [job.plan["steps"][step] for step in left]
        made = start(job.kind, title, steps, plan, by)
        Job.objects.filter(pk=job.pk).update(undone_by=made.pk)
        return str(made.pk)


def _taking_back(job: Job) -> Job | None:
    return Job.objects.filter(pk=job.undone_by).first() if job.undone_by else None


def _left(job: Job, changed: int) -> int:
    undoing = _taking_back(job)
    if undoing is None:
        return changed
    return undoing.total - undoing.done if _ended_early(undoing) else 0


def _ended_early(job: Job) -> bool:
    return job.finished_at is not None and job.done < job.total


def event_of(key: str, number: str) -> int | None:
    """The event that a job left on the record of that number; the caller has asked whose job it is."""
    found = JobEvent.objects.filter(job_id=key, event__record__number=normal(number))
    return found.order_by("-step").values_list("event_id", flat=True).first()


def undone_events(key: str, most: int) -> list[int]:
    """The first of the events that a job took back; the caller has asked whose job it is."""
    found = JobEvent.objects.filter(job_id=key).order_by("step")
    ids = found.values_list("event__cause_id", flat=True)[:most]
    return [cause for cause in ids if cause is not None]


def work_here(key: str) -> None:
    """Does a short job while somebody waits for it, unless a worker has it already."""
    job = Job.objects.get(pk=key)
    if job.finished_at is None and _take(job):
        _work(job, is_awaited=True)


def work_one() -> int:
    """Takes one free job and does it to the end, to its cancelling or to its first unexpected error."""
    job = _lease()
    if job is None:
        return 0
    _work(job)
    return 1


def _work(job: Job, *, is_awaited: bool = False) -> None:
    """`is_awaited` says that somebody sees how it ends: nobody has to tell them."""
    try:
        while _step(job, is_awaited=is_awaited):
            pass
    except Exception as error:
        log.exception("job %s failed at step %s", job.pk, job.done)
        _fail(job, repr(error))


def sweep() -> int:
    """Forgets jobs that ended a month ago; what they did stands in the history of their records."""
    with writing():
        return Job.objects.filter(finished_at__lt=clock.now() - KEPT).delete()[0]


def _lease() -> Job | None:
    now = clock.now()
    for job in Job.objects.filter(finished_at=None).order_by("created_at")[:20]:
        # What is leased or put off for longer than that, a clock that was set back has made so.
        if job.until is not None and now < job.until <= now + LONGEST:
            continue
        if _take(job):
            return job
    return None


def _take(job: Job) -> bool:
    free = Job.objects.filter(pk=job.pk, until=job.until, finished_at=None)
    with writing():
        return bool(free.update(until=clock.now() + LEASE))


def _step(job: Job, *, is_awaited: bool) -> bool:
    """One step with its mark, in one transaction. False when there is none left."""
    with writing():
        fresh = Job.objects.select_for_update().get(pk=job.pk)
        if fresh.is_cancelled or fresh.done >= fresh.total:
            # Whoever stopped it knows.
            is_news = not (is_awaited or fresh.is_cancelled)
            ended = {"finished_at": clock.now(), "until": None, "is_news": is_news}
            Job.objects.filter(pk=job.pk).update(**ended)
            return False
        step = fresh.plan["steps"][fresh.done]
        try:
            with writing():
                event = _kinds[job.kind](fresh, step)
            if event is not None:
                JobEvent.objects.create(job=fresh, step=fresh.done, event_id=event)
        except Refused as refusal:
            JobRefusal.objects.create(job=fresh, step=fresh.done, reason=str(refusal))
            if job.kind in _told:
                _told[job.kind](fresh, refusal)
        Job.objects.filter(pk=job.pk).update(done=fresh.done + 1, until=clock.now() + LEASE)
    return True


def _fail(job: Job, error: str) -> None:
    with writing():
        fresh = Job.objects.select_for_update().get(pk=job.pk)
        ended = fresh.tries + 1 >= MOST_TRIES
        Job.objects.filter(pk=job.pk).update(
            tries=fresh.tries + 1,
            error=error[:2000],
            until=clock.now() + timedelta(seconds=2 * 4**fresh.tries),
            finished_at=clock.now() if ended else None,
            is_news=ended,
        )


def _own(actor: Actor, key: str) -> Job:
    job = (
        Job.objects.filter(pk=key, person_id=actor.id).first()
        if len(key) == 36 and _is_uuid(key)
        else None
    )
    if job is None:
        raise Missing(_("such job"))
    return job


def _is_uuid(key: str) -> bool:
    return all(c in "0123456789abcdefABCDEF-" for c in key) and key.count("-") == 4
