"""A step for many records asks before it empties a field, whether few are worked on at once or very many as a job."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from mainstay.records import bulk, clock, commands, jobs, queries
from mainstay.records.models import Event, Job, JobEvent
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse, applied, looked
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
STEP = {"step": "set:category", "apply": "1"}


def categories(numbers: list[str]) -> list[Any]:
    return [queries.one(incident, SETUP.actor, number)["category"] for number in numbers]


def filled(world: World, count: int = 3) -> list[str]:
    numbers = [str(world.incident().number) for _ in range(count)]
    for number in numbers:
        commands.change(incident, number, {"category": "Network"}, SETUP)
    return numbers


@pytest.mark.parametrize("at_once", [100, pytest.param(2, marks=pytest.mark.sqlite_only)])
def test_a_forgotten_value_empties_nothing(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", at_once)
    numbers = filled(world)
    agent, form, before = browse("agn"), STEP | {"sel": numbers}, Event.objects.count()
    asked = agent.post("/incidents/bulk/", form | {"apply": ""}).content.decode()
    assert 'name="empty"' in asked and "optional" not in asked.partition("Reason")[0]
    for typed in ("", "   "):
        told = agent.post("/incidents/bulk/", form | {"category": typed, "reason": "Moved"})
        assert told.status_code == 422
        shown = told.content.decode()
        assert "Choose a value, or say that the field is to be emptied." in shown
        assert 'value="Moved"' in shown and "The 3 selected" in shown
    both = agent.post("/incidents/bulk/", form | {"category": "Desk", "empty": "1"})
    assert both.status_code == 422 and "not both" in both.content.decode()
    assert (Event.objects.count(), Job.objects.count()) == (before, 0)
    assert agent.post("/incidents/bulk/", form | {"empty": "1"}).status_code == 303
    while jobs.work_one():
        pass
    assert categories(numbers) == [""] * 3


@pytest.mark.sqlite_only
def test_all_that_match_are_still_meant_when_the_form_comes_back(
    world: World, browse: Browse
) -> None:
    numbers = filled(world)
    form = STEP | {"sel": numbers[:1], "which": "all"}
    shown = browse("agn").post("/incidents/bulk/?view=all", form).content.decode()
    assert 'value="all" checked' in shown and 'value="chosen" checked' not in shown
    assert categories(numbers) == ["Network"] * 3


def test_what_a_move_needs_is_said_before_it_is_sent(world: World, browse: Browse) -> None:
    form = {"step": "move:resolve", "sel": filled(world, 2)}
    shown = browse("agn").post("/incidents/bulk/", form).content.decode()
    for name in incident.lifecycle.move("resolve").needs:
        label = re.search(rf'<label for="f-{name}">(.*?)</label>', shown)
        assert label and "optional" not in label[1], name
        assert re.search(rf'name="{name}" aria-required="true"', shown), name


@pytest.mark.sqlite_only
def test_what_is_never_empty_is_not_offered_to_be(world: World, browse: Browse) -> None:
    numbers, agent = filled(world, 1), browse("agn")
    form = {"step": "set:impact", "sel": numbers}
    assert 'name="empty"' not in agent.post("/incidents/bulk/", form).content.decode()
    for more in ({}, {"empty": "1"}):
        told = agent.post("/incidents/bulk/", form | {"apply": "1"} | more)
        assert told.status_code == 422 and "Choose a value." in told.content.decode()


@pytest.mark.sqlite_only
def test_where_some_were_not_removed_the_others_are_taken_back_without_a_script(
    world: World, browse: Browse
) -> None:
    numbers = filled(world)
    commands.remove(incident, numbers[0], SETUP)
    told = applied(browse("adm"), {"step": "remove:", "sel": numbers}).content.decode()
    undo = f"/jobs/{Job.objects.get().pk}/undo/"
    assert numbers[0] in told and f'action="{undo}"' in told


def test_what_it_would_do_is_told_before_it_is_done(world: World, browse: Browse) -> None:
    """By the same guards: who has it already, who cannot and why, the first of them by number."""
    numbers = [str(world.incident().number) for _ in range(8)]
    commands.change(incident, numbers[0], {"impact": 1, "urgency": 1}, SETUP)
    commands.change(incident, numbers[1], {"impact": 1, "urgency": 1}, SETUP)
    for number in numbers[2:7]:
        commands.move(incident, number, "cancel", {}, SETUP)
    form = {"step": "set:urgency", "urgency": "3", "sel": numbers}
    agent, before = browse("agn"), Event.objects.count()
    shown = agent.post("/incidents/bulk/", form | {"preview": "1"}).content.decode()
    assert "None will change." not in shown and "2 cannot: " in shown
    assert "Lowering the priority needs a reason" in shown
    assert all(f'href="/r/{n}"' in shown for n in numbers[:2])
    assert "6 have this already and stay as they are." in shown
    assert 'name="apply" value="1" disabled' in shown
    shown = agent.post("/incidents/bulk/", form | {"preview": "1", "reason": "x"}).content.decode()
    assert "2 will change." in shown and ">Change 2</button>" in shown
    assert 'value="1" disabled' not in shown
    assert "Until now High:" in shown and shown.count("Until now") == 1
    assert (Event.objects.count(), Job.objects.count()) == (before, 0)
    moving = {"step": "move:start", "sel": numbers}
    shown = agent.post("/incidents/bulk/", moving | {"shown": "8"}).content.decode()
    assert "All 8 on this page" in shown
    assert ">Start work: 3</button>" in shown, "what asks for nothing is tried at once"
    assert "5 cannot: Start work is not possible while this is cancelled." in shown
    assert "and 2 more" in shown and "cannot be undone" not in shown
    seen = shown.partition('name="previewed" value="')[2][:16]
    sent = moving | {"which": "chosen", "assignee": "", "apply": "1", "previewed": seen}
    assert "3 changed" in agent.post("/incidents/bulk/", sent).content.decode()


@pytest.mark.sqlite_only
def test_what_was_changed_after_the_look_is_looked_at_again(world: World, browse: Browse) -> None:
    numbers, agent = filled(world), browse("agn")
    form = {"step": "set:category", "category": "Desk", "sel": numbers}
    shown = agent.post("/incidents/bulk/", form | {"preview": "1"}).content.decode()
    seen = shown.partition('name="previewed" value="')[2][:16]
    other = form | {"category": "Mail", "apply": "1", "previewed": seen}
    assert "3 will change." in agent.post("/incidents/bulk/", other).content.decode()
    assert categories(numbers) == ["Network"] * 3
    # A reason changes nothing of what was shown, so that nobody has to press twice for one.
    done = form | {"apply": "1", "previewed": seen, "reason": "They sit there."}
    assert agent.post("/incidents/bulk/", done).status_code == 303
    assert categories(numbers) == ["Desk"] * 3


NETWORK = '?view=all&filter=category.contains("Network")'
OTHER = "Something has changed since you looked."


@pytest.mark.parametrize("at_once", [100, pytest.param(2, marks=pytest.mark.sqlite_only)])
@pytest.mark.parametrize(
    "step", [{"step": "set:category", "category": "Desk"}, {"step": "remove:"}]
)
def test_what_came_to_match_after_the_look_is_shown_before_it_is_done(
    world: World,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
    step: dict[str, str],
) -> None:
    """Done at once or by a job: no record is changed, none goes, that was not in what was shown."""
    monkeypatch.setattr(bulk, "AT_ONCE", at_once)
    filled(world)
    chief, form = browse("adm"), step | {"which": "all"}
    sent = looked(chief, form, NETWORK)
    came = filled(world, 2)
    before = Event.objects.count()
    shown = chief.post(f"/incidents/bulk/{NETWORK}", sent).content.decode()
    assert OTHER in shown and re.search(r">(Change|Remove) 5</button>", shown)
    assert (Event.objects.count(), Job.objects.count()) == (before, 0)
    assert chief.post(f"/incidents/bulk/{NETWORK}", looked(chief, form, NETWORK)).status_code == 303
    while jobs.work_one():
        pass
    left = JobEvent.objects.filter(job=Job.objects.get())
    assert left.count() == 5 and left.filter(event__record__number__in=came).count() == 2


@pytest.mark.sqlite_only
@pytest.mark.parametrize("at_once", [100, 2])
def test_what_would_become_of_them_is_part_of_what_was_shown(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """One that had the value, one that would be refused, and what the others held until then."""
    monkeypatch.setattr(bulk, "AT_ONCE", at_once)
    numbers, agent = filled(world, 4), browse("agn")
    commands.change(incident, numbers[0], {"category": "Desk"}, SETUP)
    commands.remove(incident, numbers[3], SETUP)
    form = {"step": "set:category", "category": "Desk", "sel": numbers}

    def turn(number: str, category: str) -> None:
        commands.change(incident, number, {"category": category}, SETUP)

    for meanwhile, told in (
        (lambda: turn(numbers[0], "Mail"), "3 will change."),
        (lambda: turn(numbers[1], "Mail"), "Until now Mail:"),
        (lambda: commands.restore(incident, numbers[3], SETUP), "4 will change."),
        (lambda: turn(numbers[2], "Desk"), "One has this already"),
    ):
        sent = looked(agent, form)
        meanwhile()
        shown = agent.post("/incidents/bulk/", sent).content.decode()
        assert OTHER in shown and told in shown
    assert not Job.objects.exists()
    # Whatever else was written on them is nothing of what was shown.
    sent = looked(agent, form)
    commands.change(incident, numbers[0], {"title": "Said otherwise"}, SETUP)
    assert agent.post("/incidents/bulk/", sent).status_code == 303
    while jobs.work_one():
        pass
    assert categories(numbers) == ["Desk"] * 4


@pytest.mark.sqlite_only
def test_those_that_were_not_tried_are_part_of_it_too(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "TRIED", 1)
    filled(world)
    agent, form = browse("agn"), {"step": "set:category", "category": "Desk", "which": "all"}
    sent = looked(agent, form, NETWORK)
    filled(world, 1)
    shown = agent.post(f"/incidents/bulk/{NETWORK}", sent).content.decode()
    assert OTHER in shown and "Tried on the first 1 of 4:" in shown
    assert not Job.objects.exists()


@pytest.mark.sqlite_only
def test_a_look_at_what_lacks_a_value_complains_only_when_it_was_asked_for(
    world: World, browse: Browse
) -> None:
    form = {"step": "set:category", "sel": filled(world)}
    agent = browse("agn")
    assert agent.post("/incidents/bulk/", form | {"preview": "auto"}).status_code == 200
    assert agent.post("/incidents/bulk/", form | {"preview": "1"}).status_code == 422


@pytest.mark.sqlite_only
def test_where_there_are_very_many_the_first_are_tried(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "TRIED", 2)
    form = {"step": "set:category", "category": "Desk", "sel": filled(world, 5)}
    shown = browse("agn").post("/incidents/bulk/", form | {"preview": "1"}).content.decode()
    assert "Tried on the first 2 of 5:" in shown and "Set Category: up to 5</button>" in shown


@pytest.mark.sqlite_only
def test_any_field_of_the_form_can_be_set_for_many(world: World, browse: Browse) -> None:
    """But those of which no two records may have the same value."""
    world.incident()
    page = browse("agn").get("/incidents/?view=all").content.decode()
    assert all(f'value="set:{name}"' in page for name in incident.form)
    people = browse("adm").get("/users/?view=all").content.decode()
    assert 'value="set:title"' in people and 'value="set:username"' not in people


def test_a_hundred_are_taken_back_but_those_that_moved_on(world: World, browse: Browse) -> None:
    numbers = [str(world.incident().number) for _ in range(100)]
    agent = browse("agn")
    done = applied(agent, {"step": "set:category", "category": "Desk", "sel": numbers})
    assert done.status_code == 303
    job = Job.objects.get()
    page = agent.get(f"/jobs/{job.pk}/").content.decode()
    assert "100 were changed; until " in page and f'action="/jobs/{job.pk}/undo/"' in page
    for number in numbers[:3]:
        commands.change(incident, number, {"category": "Mail"}, world.by("agm"))
    commands.remove(incident, numbers[3], SETUP)
    back = agent.post(f"/jobs/{job.pk}/undo/")
    told = agent.get(back["Location"]).content.decode()
    assert "4 were not changed:" in told
    assert told.count("Person agm set “Category” to Mail since, at ") == 3
    assert categories(numbers[:3]) == ["Mail"] * 3
    assert categories(numbers[4:]) == [""] * 96
    again = agent.post(f"/jobs/{job.pk}/undo/")
    assert again["Location"] == back["Location"] and Job.objects.count() == 2
    for name in ("ra1", "agm", "adm"):
        assert browse(name).post(f"/jobs/{job.pk}/undo/").status_code == 404


@pytest.mark.sqlite_only
def test_for_a_day(world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, agent = filled(world), browse("agn")
    applied(agent, {"step": "set:category", "category": "Desk", "sel": numbers})
    Job.objects.update(created_at=clock.now() - timedelta(hours=25))
    agent.get("/incidents/")  # where the toast stood
    page = f"/jobs/{Job.objects.get().pk}/"
    assert "undo/" not in agent.get(page).content.decode()
    assert agent.post(f"{page}undo/").status_code == 409
    assert categories(numbers) == ["Desk"] * 3


@pytest.mark.sqlite_only
def test_what_could_not_be_seen_is_no_more_seen_by_trying(world: World, browse: Browse) -> None:
    hidden = world.hidden_incident().number
    form = {"step": "set:category", "category": "x", "preview": "1"}
    told = []
    for number in (hidden, "INC-99999"):
        shown = browse("agn").post("/incidents/bulk/", form | {"sel": [number]}).content.decode()
        told.append(
            shown.partition('id="told"')[2].replace(number, "X").partition('<div class="acts')[0]
        )
    strip = [t.partition('class="would"')[2] for t in told]
    assert strip[0] == strip[1] and "There is no incident X" in strip[0]


def test_a_preview_says_what_is_set_and_a_name_of_nobody_is_mended_where_it_stands(
    world: World, browse: Browse
) -> None:
    numbers, agent = filled(world), browse("agn")
    form = {"step": "set:assignee", "sel": numbers, "preview": "1"}
    shown = agent.post("/incidents/bulk/", form | {"assignee": "Person agd"}).content.decode()
    assert "Set Assignee to Person agd" in shown and "3 will change." in shown
    several = agent.post("/incidents/bulk/", form | {"assignee": "person"})
    assert (
        several.status_code == 422 and "Several match, such as Person" in several.content.decode()
    )
    nobody = agent.post("/incidents/bulk/", form | {"assignee": "zebulon"})
    assert nobody.status_code == 422
    assert "There is no person zebulon" in nobody.content.decode()
    assert 'value="zebulon"' in nobody.content.decode() and "cannot:" not in nobody.content.decode()
