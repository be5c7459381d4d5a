"""Steps for more records than one can wait for become a job whose page is its starter's alone."""

import re

import pytest
from django.test import Client

from mainstay.directory import commands as directory
from mainstay.records import bulk, commands, fields, jobs, queries
from mainstay.records.errors import Missing
from mainstay.records.models import Event, Job
from mainstay.records.types import shelf
from mainstay.surfaces.web import steps
from tests.surfaces.web.conftest import Browse, applied
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def started(
    world: World, browse: Browse, monkeypatch, count: int = 3
) -> tuple[Client, str, list[str]]:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    numbers = [str(world.incident().number) for _ in range(count)]
    agent = browse("agn")
    told = agent.post(
        "/incidents/bulk/",
        {"step": "set:assignee", "assignee": world.number("agm"), "sel": numbers, "apply": "1"},
    )
    assert told.status_code == 303
    return agent, told["Location"], numbers


def removing(
    world: World, browse: Browse, monkeypatch, count: int = 4
) -> tuple[Client, str, list[str]]:
    """An administrator's removal of so many, the first of which somebody else has removed already."""
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    numbers = [str(world.incident().number) for _ in range(count)]
    commands.remove(incident, numbers[0], SETUP)
    chief = browse("adm")
    told = applied(chief, {"step": "remove:", "sel": numbers})
    return chief, told["Location"], numbers


def there(numbers: list[str]) -> list[bool]:
    found = []
    for number in numbers:
        try:
            found.append(queries.one(incident, SETUP.actor, number) is not None)
        except Missing:
            found.append(False)
    return found


def test_a_large_step_becomes_a_job_with_a_page(world: World, browse: Browse, monkeypatch) -> None:
    agent, page, numbers = started(world, browse, monkeypatch)
    assert "0 of 3" in agent.get(page).content.decode()
    jobs.work_one()
    assert "Worked through all 3" in agent.get(page).content.decode()
    held = {queries.one(incident, SETUP.actor, n)["assignee"]["number"] for n in numbers}
    assert held == {world.number("agm")}


def test_it_can_be_stopped_and_is_nobody_elses(world: World, browse: Browse, monkeypatch) -> None:
    agent, page, numbers = started(world, browse, monkeypatch)
    other = browse("mgr")
    missing = other.get("/jobs/01a20e2b-af66-76bb-a439-8b634e9e80e6/")
    assert other.get(page).status_code == missing.status_code == 404
    assert other.post(page).status_code == 404
    assert agent.post(page).status_code == 303
    jobs.work_one()
    assert "Stopped after 0 of 3" in agent.get(page).content.decode()
    assert queries.one(incident, SETUP.actor, numbers[0])["assignee"] is None


def test_whoever_left_its_page_finds_it_again(world: World, browse: Browse, monkeypatch) -> None:
    agent, page, _numbers = started(world, browse, monkeypatch)
    listed = agent.get("/jobs/").content.decode()
    assert f'href="{page}"' in listed and "0 of 3." in listed
    assert 'href="/jobs/"' in agent.get("/incidents/").content.decode()
    other = browse("mgr").get("/jobs/").content.decode()
    assert page not in other and "No background work" in other
    jobs.work_one()
    assert "Worked through all 3." in agent.get("/jobs/").content.decode()


def test_what_a_large_removal_did_is_taken_back(world: World, browse: Browse, monkeypatch) -> None:
    """That alone: what it was refused, and what somebody has brought back since, stays as it is."""
    chief, page, numbers = removing(world, browse, monkeypatch)
    assert f'action="{page}undo/"' not in chief.get(page).content.decode(), "it is not over yet"
    assert chief.post(f"{page}undo/").status_code == 409
    jobs.work_one()
    over = chief.get(page).content.decode()
    assert "3 were changed; until " in over and f'action="{page}undo/"' in over
    assert there(numbers) == [False] * 4
    commands.restore(incident, numbers[1], SETUP)
    back = chief.post(f"{page}undo/")
    assert back.status_code == 303
    assert chief.post(f"{page}undo/")["Location"] == back["Location"] != page
    assert Job.objects.count() == 2, "one is enough, however often it is asked for"
    jobs.work_one()
    assert there(numbers) == [False, True, True, True]
    told = chief.get(back["Location"]).content.decode()
    assert "Undo: Remove" in told and "Worked through all 3" in told
    assert f"brought {numbers[1]} back since, at " in told
    assert Event.objects.filter(name="incident.restore", door=bulk.DOOR).count() == 2
    assert "undo/" not in told, "as where few are brought back"
    assert f'href="{back["Location"]}"' in chief.get(page).content.decode()
    assert f'action="{page}undo/"' not in chief.get(page).content.decode()


def test_an_undo_that_was_stopped_is_gone_on_with(
    world: World, browse: Browse, monkeypatch
) -> None:
    chief, page, numbers = removing(world, browse, monkeypatch)
    jobs.work_one()
    back = chief.post(f"{page}undo/")["Location"]
    chief.post(back)  # stops it
    jobs.work_one()
    assert "Stopped after 0 of 3" in chief.get(back).content.decode()
    again = chief.get(page).content.decode()
    assert "It did not come to 3 of them." in again and "Undo the rest" in again
    rest = chief.post(f"{page}undo/")["Location"]
    assert rest not in (back, page)
    jobs.work_one()
    assert there(numbers) == [False, True, True, True]
    assert "Undo the rest" not in chief.get(page).content.decode()
    assert chief.post(f"{page}undo/")["Location"] == rest


def test_what_was_removed_again_by_somebody_else_stays_removed(
    world: World, browse: Browse, monkeypatch
) -> None:
    chief, page, numbers = removing(world, browse, monkeypatch)
    jobs.work_one()
    commands.restore(incident, numbers[1], SETUP)
    commands.remove(incident, numbers[1], SETUP)
    back = chief.post(f"{page}undo/")["Location"]
    jobs.work_one()
    assert there(numbers) == [False, False, True, True]
    assert f"removed {numbers[1]} again since, at " in chief.get(back).content.decode()


def test_a_removal_that_was_stopped_is_taken_back_as_far_as_it_went(
    world: World, browse: Browse, monkeypatch
) -> None:
    chief, page, numbers = removing(world, browse, monkeypatch)
    real, done = jobs._kinds["bulk"], []

    def stopped_after_two(job: Job, key: str) -> int | None:
        done.append(key)
        if len(done) == 2:
            jobs.cancel(world.actor("adm"), str(job.pk))
        return real(job, key)

    monkeypatch.setitem(jobs._kinds, "bulk", stopped_after_two)
    jobs.work_one()
    monkeypatch.setitem(jobs._kinds, "bulk", real)
    assert there(numbers) == [False, False, True, True]
    assert "One was changed; until " in chief.get(page).content.decode()
    back = chief.post(f"{page}undo/")["Location"]
    jobs.work_one()
    assert there(numbers) == [False, True, True, True]
    assert "One was put back." in chief.get(back).content.decode()


@pytest.mark.sqlite_only
def test_it_is_taken_back_by_who_did_it_and_only_while_they_may(
    world: World, browse: Browse, monkeypatch
) -> None:
    chief, page, numbers = removing(world, browse, monkeypatch)
    jobs.work_one()
    for name in ("mgr", "agn", "ra1"):
        assert browse(name).post(f"{page}undo/").status_code == 404
    assert chief.get(f"{page}undo/").status_code == 405
    assert Job.objects.count() == 1
    back = chief.post(f"{page}undo/")["Location"]
    directory.grant(world.number("mgr"), "administrator", SETUP)
    directory.withdraw(world.number("adm"), "administrator", SETUP)
    jobs.work_one()
    assert there(numbers) == [False] * 4
    # Who lost every right has no desk any more; asked for as a script does, the page tells what became of it.
    assert chief.get(back)["Location"] == "/portal/"
    told = chief.get(back, headers={"HX-Request": "true"}).content.decode()
    assert "3 were not changed" in told


@pytest.mark.sqlite_only
def test_a_move_of_many_is_taken_back_also_where_none_leads_back(
    world: World, browse: Browse, monkeypatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    numbers, agent = [str(world.incident().number) for _ in range(3)], browse("agn")
    solved = {"close_code": "solution_provided", "resolution": "x"}
    page = applied(agent, {"step": "move:resolve", "sel": numbers, **solved})["Location"]
    jobs.work_one()
    commands.move(incident, numbers[0], "reopen", {}, world.by("agm"))
    assert "undo/" in agent.get(page).content.decode()
    back = agent.post(f"{page}undo/")["Location"]
    jobs.work_one()
    shown = agent.get(back).content.decode()
    assert "One was not changed" in shown
    assert "Person agm set “State” to In progress since" in shown
    states = [queries.one(incident, SETUP.actor, number)["state"] for number in numbers]
    assert states == ["in_progress", "new", "new"]


def test_a_large_change_is_taken_back_too(world: World, browse: Browse, monkeypatch) -> None:
    agent, page, numbers = started(world, browse, monkeypatch)
    jobs.work_one()
    back = agent.post(f"{page}undo/")["Location"]
    jobs.work_one()
    assert "Worked through all 3" in agent.get(back).content.decode()
    held = {queries.one(incident, SETUP.actor, n)["assignee"] for n in numbers}
    assert held == {None}


def test_each_that_was_not_changed_is_counted_and_told(
    world: World, browse: Browse, monkeypatch
) -> None:
    monkeypatch.setattr(jobs, "TOLD_AT_ONCE", 2)
    agent, page, numbers = started(world, browse, monkeypatch, count=5)
    for number in numbers:
        commands.remove(incident, number, SETUP)
    jobs.work_one()
    seen = []
    for asked, told in (
        ("", "1 to 2 of 5"),
        ("?page=2", "3 to 4 of 5"),
        ("?page=3", "5 to 5 of 5"),
    ):
        shown = agent.get(f"{page}{asked}").content.decode()
        assert "5 were not changed:" in shown and told in shown
        seen += [number for number in numbers if f'href="/r/{number}"' in shown]
    assert seen == numbers
    assert "Worked through all 5. 5 were not changed." in agent.get("/jobs/").content.decode()
    for odd in ("?page=4", "?page=-1", "?page=0", "?page=x", "?page=%00", "?page=99999999999"):
        assert agent.get(f"{page}{odd}").status_code == 200


def named(agent: Client, form: dict[str, str], numbers: list[str]) -> str:
    """What such a step is called among what was done, the newest first."""
    assert applied(agent, form | {"sel": numbers}).status_code == 303
    listed = agent.get("/jobs/").content.decode()
    return re.findall(r'<span class="med t13" dir="auto">(.*?)</span>', listed)[0]


@pytest.mark.parametrize("at_once", [100, pytest.param(1, marks=pytest.mark.sqlite_only)])
def test_what_was_set_is_said_so_that_one_is_told_from_another(
    world: World, browse: Browse, monkeypatch, at_once: int
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", at_once)
    numbers, agent = [str(world.incident().number) for _ in range(2)], browse("agn")
    for form, title in (
        ({"category": "Printer"}, "Set Category to Printer"),
        ({"category": "Mail"}, "Set Category to Mail"),
        ({"category": "\u202eMail"}, "Set Category to Mail"),
        ({"empty": "1"}, "Empty Category"),
        ({"category": "x" * 70}, f"Set Category to {'x' * 59}…"),
        ({"impact": "1"}, "Set Impact to High"),
        ({"assignee": world.number("agm")}, "Set Assignee to Person agm"),
        ({"body": "As it was told"}, "Set Description"),
    ):
        field = next((name for name in form if name != "empty"), "category")
        assert named(agent, {"step": f"set:{field}"} | form, numbers) == title
        while jobs.work_one():
            pass
    # What nobody may see is not called by its name, wherever it is found.
    hidden = str(world.hidden_incident().number)
    told = steps._called(fields.of(incident)["assignee"], hidden, world.actor("agn"))
    assert told == hidden


FRAGMENT = {"HX-Request": "true", "HX-Target": "bell"}


def toasts(page: str) -> str:
    return "".join(re.findall(r'<div class="toast">.*?</div>', page, re.DOTALL))


def test_whoever_went_elsewhere_is_told_once_that_it_has_ended(
    world: World, browse: Browse, monkeypatch
) -> None:
    """On the next page they open, with the way to it and the way back; and nobody else is."""
    agent, page, numbers = started(world, browse, monkeypatch)
    commands.remove(incident, numbers[0], SETUP)
    assert page not in toasts(agent.get("/incidents/").content.decode()), "it goes on"
    jobs.work_one()
    assert "toast" not in browse("mgr").get("/inbox/bell/", headers=FRAGMENT).content.decode()
    ahead = agent.get("/incidents/", headers={"Sec-Purpose": "prefetch"}).content.decode()
    assert toasts(ahead) == ""
    told = toasts(agent.get("/incidents/").content.decode())
    assert f'href="{page}"' in told and f'action="{page}undo/"' in told
    assert "Set Assignee" in told and "Worked through all 3. One was not changed." in told
    assert toasts(agent.get("/incidents/").content.decode()) == ""
    assert toasts(agent.get("/inbox/bell/", headers=FRAGMENT).content.decode()) == ""


def test_an_open_page_is_told_by_the_bell_that_is_rung(
    world: World, browse: Browse, monkeypatch
) -> None:
    agent, page, _numbers = started(world, browse, monkeypatch)
    jobs.work_one()
    own = agent.get("/portal/inbox/bell/", headers=FRAGMENT).content.decode()
    assert toasts(own) == "", "the portal has no page of it"
    here = {"Referer": "http://testserver/incidents/"}
    told = toasts(agent.get("/inbox/bell/", headers=FRAGMENT | here).content.decode())
    assert f'href="{page}"' in told and f'action="{page}undo/"' in told
    assert toasts(agent.get("/incidents/").content.decode()) == ""


@pytest.mark.parametrize("is_whole", [True, False])
def test_whoever_sees_how_it_ended_is_told_nothing(
    world: World, browse: Browse, monkeypatch, is_whole: bool
) -> None:
    """Its own page in front of a person says it, whether it was opened then or was open."""
    agent, page, _numbers = started(world, browse, monkeypatch)
    jobs.work_one()
    here = FRAGMENT | {"Referer": f"http://testserver{page}"}
    seen = agent.get(page) if is_whole else agent.get("/inbox/bell/", headers=here)
    assert toasts(seen.content.decode()) == ""
    assert toasts(agent.get("/incidents/").content.decode()) == ""


def test_what_one_did_oneself_is_no_news(world: World, browse: Browse, monkeypatch) -> None:
    """What was stopped, and what was done and taken back at once."""
    agent, page, numbers = started(world, browse, monkeypatch)
    agent.post(page)
    jobs.work_one()
    assert "Stopped after" in agent.get(page).content.decode()
    form = {"step": "set:category", "category": "Desk", "sel": numbers[:2]}
    applied(agent, form)
    told = toasts(agent.get("/incidents/").content.decode())
    assert "2 changed" in told and "/jobs/" not in told.replace("undo/", "", 1).split("<form")[0]
    agent.post(f"/jobs/{Job.objects.latest('created_at').pk}/undo/")
    agent.get("/incidents/")
    assert not Job.objects.filter(is_news=True).exists()


def test_what_was_given_up_is_told_too(world: World, browse: Browse, monkeypatch) -> None:
    agent, page, _numbers = started(world, browse, monkeypatch)

    def fails(job: Job, key: str) -> int | None:
        raise RuntimeError

    monkeypatch.setitem(jobs._kinds, "bulk", fails)
    for _ in range(jobs.MOST_TRIES):
        Job.objects.update(until=None)
        jobs.work_one()
    told = toasts(agent.get("/incidents/").content.decode())
    assert f'href="{page}"' in told and "Given up after 0 of 3." in told and "undo/" not in told
