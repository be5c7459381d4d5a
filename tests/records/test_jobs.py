"""Long work goes on where it was, is done once, and belongs to whoever started it."""

import pytest

from mainstay.directory import bulk_job
from mainstay.directory import commands as directory
from mainstay.directory.audit import noting
from mainstay.records import clock, jobs, queries
from mainstay.records.audit.models import AuditEntry
from mainstay.records.errors import Missing
from mainstay.records.models import Event, Job
from mainstay.records.types import shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def started(world: World, count: int = 5, who: str = "agn") -> tuple[str, list[str]]:
    keys = [str(world.incident().number) for _ in range(count)]
    job = bulk_job.start(
        incident, keys, "Take over", {"assignee": world.number("agn")}, world.by(who)
    )
    return job, keys


def test_every_record_once_with_progress(world: World) -> None:
    job, keys = started(world)
    assert jobs.work_one() == 1
    told = jobs.one(world.actor("agn"), job)
    assert (told["done"], told["total"], told["failed"]) == (5, 5, [])
    assert told["finished_at"] is not None
    held = {queries.one(incident, SETUP.actor, key)["assignee"]["number"] for key in keys}
    assert held == {world.number("agn")}
    assert jobs.work_one() == 0


def test_goes_on_after_a_crash_without_doing_anything_twice(world: World, monkeypatch) -> None:
    job, _keys = started(world)
    real, calls = bulk_job.step, []

    def dies_at_the_third(row: Job, key: str) -> None:
        calls.append(key)
        real(row, key)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setitem(jobs._kinds, "bulk", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        jobs.work_one()
    Job.objects.update(until=None)
    jobs.work_one()
    assert jobs.one(world.actor("agn"), job)["done"] == 5
    assert Event.objects.filter(name="incident.change").count() == 5


def test_what_is_refused_is_listed_and_the_rest_is_done(world: World) -> None:
    job, keys = started(world)
    from mainstay.records import commands

    commands.remove(incident, keys[1], SETUP)
    jobs.work_one()
    told = jobs.one(world.actor("agn"), job)
    assert [key for key, _reason in told["failed"]] == [keys[1]]
    assert told["done"] == 5


def test_what_somebody_may_not_see_or_do_stands_in_the_audit(world: World) -> None:
    """Whoever tries many numbers at once leaves as much as who tries one."""
    hidden = world.hidden_incident()
    keys = [hidden.number, *(f"INC-{n}" for n in range(9000, 9005))]
    for who in ("agn", "ra1"):
        bulk_job.start(incident, keys, "Mine now", {"category": "x"}, world.by(who))
        jobs.work_one()
    found = AuditEntry.objects.filter(kind=noting.MISSING).order_by("pk")
    people = [world.people[who].id for who in ("agn", "ra1")]
    assert [(e.actor_id, e.record_id) for e in found] == [(p, hidden.id) for p in people]
    assert {e.facts["path"] for e in found} == {"/incidents/bulk/"}
    bulk_job.start(incident, [world.incident().number], "x", {"category": "x"}, world.by("aud"))
    jobs.work_one()
    assert AuditEntry.objects.filter(kind=noting.DENIED).count() == 1


def test_a_right_withdrawn_meanwhile_counts(world: World) -> None:
    job, _keys = started(world)
    directory.withdraw(world.number("agn"), "agent", SETUP)
    jobs.work_one()
    assert len(jobs.one(world.actor("agn"), job)["failed"]) == 5
    assert not Event.objects.filter(name="incident.change").exists()


def test_is_nobody_elses_and_can_be_cancelled(world: World) -> None:
    job, _keys = started(world)
    with pytest.raises(Missing):
        jobs.one(world.actor("mgr"), job)
    with pytest.raises(Missing):
        jobs.cancel(world.actor("mgr"), job)
    jobs.cancel(world.actor("agn"), job)
    jobs.work_one()
    told = jobs.one(world.actor("agn"), job)
    assert told["done"] == 0 and told["is_cancelled"] and told["finished_at"]


def test_a_job_is_taken_up_after_the_clock_was_set_back(world: World) -> None:
    job, _keys = started(world)
    Job.objects.update(until=clock.now() + jobs.LEASE / 2)
    assert jobs.work_one() == 0
    Job.objects.update(until=clock.now() + jobs.LONGEST * 2)
    assert jobs.work_one() == 1
    assert jobs.one(world.actor("agn"), job)["done"] == 5
