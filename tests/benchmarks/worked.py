"""What the worker is measured by, in the site the environment names: each verb prints its figures as JSON.

Beside a served site, whose own worker does the work; `throughput` alone hears the events itself.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.telling import reactions as telling
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.config import wiring
from mainstay.directory import actors, bulk_job
from mainstay.pure.rules import By
from mainstay.records import clock, commands, delivery, reactions, timers
from mainstay.records.models import Job, JobRefusal, Pending, Record, Timer
from mainstay.records.reactions import Heard, Reaction
from mainstay.records.turnstile import writing
from mainstay.records.types import Message, shelf
from tests.benchmarks.data import CAST

PATIENCE_S = 300.0
ENTRIES = 200
LISTENERS = 5


def by(login: str = CAST.agent) -> By:
    person = shelf.type("user").model.objects.get(username=login)
    return By(actors.for_person(person.id), "web")


def some(count: int, **of: Any) -> list[tuple[int, str]]:
    """Ids and numbers of the newest incidents of a kind."""
    rows = Record.objects.filter(type="incident", **of).order_by("-id")
    return list(rows.values_list("id", "number")[:count])


def seen_by_all(count: int) -> list[str]:
    """Numbers of the newest incidents that no wall hides from an agent."""
    return [number for _id, number in some(count, team__is_restricted=False)]


def long_record(number: str) -> None:
    """Brings what was said on a record to two hundred entries."""
    who = by()
    for n in range(ENTRIES):
        audience = "internal" if n % 3 == 0 else "all"
        message = Message(audience, f"Entry {n}: the log of the gateway shows the same again.")
        say(shelf.type("incident"), number, message, who)


def backlog() -> int:
    return Pending.objects.filter(is_dead=False).count()


def throughput(events: int) -> dict[str, float]:
    """Changes of incidents, heard by five listeners: those that there are, and quick ones to make them five.

    They are changed once before, so that whom somebody can take has somebody: an assignment is a command of its own,
    and how many there are follows from the time of day.
    """
    incident, who = shelf.type("incident"), by()
    chosen = some(events, is_open=True, team__is_restricted=False)
    for turn in ("before", "measured"):
        while delivery.deliver("bench"):
            pass
        for n, (_id, number) in enumerate(chosen):
            commands.change(incident, number, {"body": f"{turn}, {n}: {clock.now()}."}, who)
    real = sum(reaction.hears("incident.change") for reaction in wiring.LATER)
    more = [_listener(n) for n in range(LISTENERS - real)]
    reactions.install(
        wiring.INLINE,
        [*wiring.LATER, *(Reaction("incident.change", each) for each in more)],
        wiring.REPLAYED,
    )
    waiting, begun = backlog(), time.monotonic()
    while delivery.deliver("bench"):
        pass
    took = time.monotonic() - begun
    return {"events": waiting, "seconds": took, "rate": waiting / took, "real": real}


def _listener(n: int) -> Any:
    def heard(_heard: Heard) -> None:
        """Hears it and does nothing: what is measured is that it is heard, with the record as it is now."""

    heard.__name__ = heard.__qualname__ = f"listener_{n}"
    return heard


def lateness(count: int, span_s: float) -> dict[str, float]:
    """How late timers fire that come due within some seconds, by what each leaves behind.

    A telling of what was done before would take the place of that, so the worker hears all of it first.
    """
    _wait(lambda: backlog() == 0)
    found = some(count, is_open=True, assignee__isnull=False, team__is_restricted=False)
    InboxEntry.objects.filter(record_id__in=[key for key, _ in found]).delete()
    begin = clock.now() + timedelta(seconds=3)
    due = {}
    with writing():
        for n, (key, number) in enumerate(found):
            due[key] = begin + timedelta(seconds=span_s * n / len(found))
            timers.arm(Record.objects.get(number=number), telling.DUE_TIMER, due[key])
    _wait(lambda: not Timer.objects.filter(record_id__in=due, name=telling.DUE_TIMER).exists())
    rows = InboxEntry.objects.filter(record_id__in=due, kind="due").values_list("record_id", "at")
    late = sorted((at - due[key]).total_seconds() for key, at in rows)
    return {
        "fired": len(late),
        "p50": late[len(late) // 2],
        "p99": late[int(len(late) * 0.99)],
        "worst": late[-1],
    }


def bulk(count: int) -> dict[str, float]:
    """A step for so many records, from its start to the last of them."""
    numbers = [number for _id, number in some(count, is_open=True, team__is_restricted=False)]
    begun = time.monotonic()
    job = bulk_job.start(shelf.type("incident"), numbers, "Bulk", {"category": "network"}, by())
    _wait(lambda: Job.objects.filter(pk=job, finished_at__isnull=False).exists())
    took, done = time.monotonic() - begun, Job.objects.get(pk=job)
    return {
        "records": len(numbers),
        "refused": JobRefusal.objects.filter(job=done).count(),
        "seconds": took,
    }


def _wait(is_done: Any) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_done():
        if time.monotonic() > until:
            raise RuntimeError("the worker did not come to it")
        time.sleep(0.1)
