"""Taking back an event: what it put where, who may, and where the record has moved on since."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.conversation.queries import entries
from mainstay.practices.incidents.lifecycle import CLOSES_AFTER
from mainstay.records import clock, commands, delivery, history, queries, timers, undoing
from mainstay.records.errors import Denied, Illegal, Invalid, Missing, MovedOn
from mainstay.records.models import Event, EventText, Link, Timer
from mainstay.records.stretch import ALL
from mainstay.records.types import Message, shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident, problem, task = (shelf.type(name) for name in ("incident", "problem", "task"))
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}
MOVES_ALONG = ("version", "updated_at")


def row(number: str, rtype: Any = incident) -> dict[str, Any]:
    found = queries.one(rtype, SETUP.actor, number)
    return {name: value for name, value in found.items() if name not in MOVES_ALONG}


def change(world: World, number: str, who: str = "agn", **data: Any) -> int:
    done = commands.change(incident, number, data, world.by(who))
    return int(done.last_event.pk)


def back(world: World, number: str, event: int, who: str = "agn", rtype: Any = incident) -> Event:
    return undoing.take_back(rtype, number, event, world.by(who))


def test_a_change_is_taken_back_with_what_follows_from_it(world: World) -> None:
    number = world.incident().number
    before = row(number)
    event = change(world, number, impact=1, urgency=1, body="Since noon")
    assert row(number)["priority"] == 1
    made = back(world, number, event)
    assert row(number) == before
    assert (made.name, made.cause_id, made.changes["undoes"]) == ("incident.change", event, event)
    assert made.actor_id == world.people["agn"].id
    told = history.events(
        incident, world.actor("agn"), queries.one(incident, world.actor("agn"), number)
    )[-1]
    assert told["changes"]["undoes"] == event and told["changes"]["impact"]["to"] == 3


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_change_then_undo_gives_the_same_row(world: World, data: st.DataObject) -> None:
    people = [None, *(world.number(name) for name in ("agn", "agm", "agd", "adm"))]
    asked = {
        "title": st.sampled_from(["VPN drops", "Ünïcode ✓", "x"]),
        "body": st.sampled_from(["", "Line\none", "Markdown **bold**"]),
        "impact": st.sampled_from([1, 2, 3]),
        "urgency": st.sampled_from([1, 2, 3]),
        "category": st.sampled_from(["", "Network"]),
        "requester": st.sampled_from([world.number("ra1"), world.number("ra2")]),
        "requested_for": st.sampled_from([None, world.number("rb1"), world.number("ra2")]),
        "service": st.sampled_from([None, world.services["vpn"], world.services["mail"]]),
        "team": st.sampled_from([None, world.teams["net"], world.teams["desk"]]),
        "assignee": st.sampled_from(people),
        "channel": st.sampled_from(["phone", "api"]),
    }
    some = st.fixed_dictionaries({}, optional=asked)
    number = world.incident().number
    for given_before in (data.draw(some), {"urgency": 3}):
        with suppress(Invalid):
            commands.change(incident, number, given_before, SETUP, reason="so it stands")
    before = row(number)
    try:
        done = commands.change(incident, number, data.draw(some), SETUP, reason="as drawn")
    except Invalid:
        return
    if done.last_event is None:
        return
    undoing.take_back(incident, number, done.last_event.pk, SETUP)
    assert row(number) == before


def test_a_team_that_comes_back_takes_nobody_away(world: World) -> None:
    """Chosen by hand, though no member of it: with the team back it stands as before."""
    number = world.incident().number
    commands.change(incident, number, {"team": world.teams["desk"]}, SETUP)
    commands.change(incident, number, {"assignee": world.number("agn")}, SETUP)
    before = row(number)
    event = change(world, number, team=world.teams["net"])
    assert row(number)["assignee"] == before["assignee"]
    back(world, number, event)
    assert row(number) == before


def test_whoever_changed_the_same_since_is_named(world: World) -> None:
    number = world.incident().number
    event = change(world, number, impact=1, category="Network")
    commands.change(incident, number, {"impact": 2}, world.by("agm"), reason="x")
    with pytest.raises(MovedOn, match=r"Person agm set “Impact” to Medium since, at \d\d:\d\d\."):
        back(world, number, event)
    other = change(world, number, body="More")
    change(world, number, "agm", body="Much more")
    with pytest.raises(MovedOn, match="Person agm changed “Description” since"):
        back(world, number, other)
    assert (row(number)["impact"], row(number)["category"]) == (2, "Network")


def test_what_others_changed_besides_stays(world: World) -> None:
    number = world.incident().number
    event = change(world, number, impact=1)
    change(world, number, "agm", category="Network")
    back(world, number, event)
    assert (row(number)["impact"], row(number)["category"]) == (3, "Network")


def test_where_the_value_came_back_by_itself_it_is_no_conflict(world: World) -> None:
    number = world.incident().number
    event = change(world, number, category="Network")
    change(world, number, "agm", category="Desk")
    change(world, number, "agm", category="Network")
    back(world, number, event)
    assert row(number)["category"] == ""


def test_once_is_enough(world: World) -> None:
    number = world.incident().number
    event = change(world, number, category="Network")
    made = back(world, number, event, "agm")
    count = Event.objects.count()
    with pytest.raises(Illegal, match="Person agm took this back already"):
        back(world, number, event)
    with pytest.raises(Illegal, match="You yourself took this back already"):
        back(world, number, event, "agm")
    assert Event.objects.count() == count
    back(world, number, made.pk)
    assert row(number)["category"] == "Network", "what took it back can itself be taken back"
    with pytest.raises(Illegal, match="took this back already"):
        back(world, number, event)


def test_for_a_day_and_no_longer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.incident().number
    event = change(world, number, category="Network")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=24, seconds=1))
    with pytest.raises(Illegal, match="more than a day ago"):
        back(world, number, event)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=23))
    back(world, number, event)
    assert row(number)["category"] == ""


def test_who_may(world: World) -> None:
    """Whoever may change the record now; for whom it does not exist, no event of it does."""
    number = world.incident().number
    event = change(world, number, category="Network")
    count = Event.objects.count()
    for who, refusal in (("rb1", Missing), ("ra2", Missing), ("ra1", Denied), ("aud", Denied)):
        with pytest.raises(refusal):
            back(world, number, event, who)
    for wrong in (event + 10_000, 0, -1, 2**63 - 1, 2**80):
        with pytest.raises(Missing):
            back(world, number, wrong)
    other = world.incident().number
    with pytest.raises(Missing):
        back(world, other, event)
    assert Event.objects.count() == count + 1 and row(number)["category"] == "Network"
    back(world, number, event, "agm")
    assert row(number)["category"] == ""


def test_no_restricted_record_is_reached(world: World) -> None:
    hidden = world.hidden_incident().number
    event = commands.change(incident, hidden, {"category": "Pay"}, world.by("agh")).last_event.pk
    for who in ("agn", "adm", "ra1"):
        with pytest.raises(Missing):
            back(world, hidden, event, who)
    back(world, hidden, event, "agh")


def test_what_cannot_be_chosen_any_more_is_said_without_its_name(world: World) -> None:
    number = world.incident().number
    commands.change(incident, number, {"assignee": world.number("old")}, SETUP)
    event = change(world, number, assignee=world.number("agn"))
    commands.move(shelf.type("user"), world.number("old"), "leave", {}, SETUP)
    with pytest.raises(Invalid, match="cannot be chosen any more") as refused:
        back(world, number, event)
    assert world.number("old") not in str(refused.value)
    assert row(number)["assignee"]["number"] == world.number("agn")


def test_what_mainstay_did_because_of_it_goes_along(world: World) -> None:
    number = world.incident(service=None).number
    delivery.drain()
    before = row(number)
    event = change(world, number, team=world.teams["net"])
    delivery.drain()
    assert row(number)["assignee"] is not None, "somebody of the team was chosen"
    back(world, number, event)
    delivery.drain()
    assert row(number) == before


def test_a_move_is_taken_back_by_the_move_that_leads_back(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "start", {}, world.by("agn"))
    before = row(number)
    done = commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    made = back(world, number, done.last_event.pk)
    assert made.name == "incident.reopen"
    assert row(number) == before, "it counts as no reopening"


def test_a_wait_comes_back_with_whom_it_is_for(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "start", {}, world.by("agn"))
    question = Message("all", "Which office?")
    data = {"waiting_for": "caller"}
    commands.move(incident, number, "hold", data, world.by("agn"), message=question)
    before = row(number)
    resumed = commands.move(incident, number, "resume", {}, world.by("agn"))
    back(world, number, resumed.last_event.pk)
    assert row(number) == before


LIVES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "new": [],
    "in progress": [("start", {})],
    "waits for its caller": [("hold", {"waiting_for": "caller"})],
    "waits for a supplier": [("start", {}), ("hold", {"waiting_for": "vendor"})],
    "resolved": [("resolve", SOLVED)],
}
QUESTION = Message("all", "Which office?")


@pytest.mark.parametrize("life", LIVES)
def test_any_move_is_taken_back_also_where_none_leads_back(world: World, life: str) -> None:
    """By who made it and by whoever else may make it; nothing is left of it but the history."""
    by = world.by("agn")
    number = world.incident().number
    commands.change(incident, number, {"assignee": world.number("agn")}, SETUP)
    for name, data in LIVES[life]:
        commands.move(incident, number, name, data, by, message=QUESTION)
    delivery.drain()
    before = row(number)
    offered = queries.moves(incident, by.actor, queries.one(incident, SETUP.actor, number))
    for move in [
        m for m in offered if m.name != "reopen"
    ]:  # it has a move of its own, the solution
        data = {n: {**SOLVED, "waiting_for": "vendor"}[n] for n in move.needs}
        done = commands.move(incident, number, move.name, data, by)
        delivery.drain()
        made = back(world, number, done.last_event.pk, "agm")
        delivery.drain()
        assert (made.changes["undoes"], made.cause_id) == (done.last_event.pk,) * 2
        assert row(number) == before, move.name
        timed = Timer.objects.filter(name="incident.auto_close").values_list("due_at", flat=True)
        resolved_at = incident.model.objects.get(number=number).resolved_at
        assert list(timed) == ([resolved_at + CLOSES_AFTER] if resolved_at else [])


def test_what_took_a_move_back_is_an_event_of_its_own_and_can_be_taken_back(world: World) -> None:
    number = world.incident().number
    done = commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    solved = row(number)
    made = back(world, number, done.last_event.pk)
    assert made.name == "incident.take_back"
    assert (row(number)["state"], row(number)["resolution"]) == ("new", "")
    again = back(world, number, made.pk)
    assert again.name == "incident.resolve"
    times = ("resolved_at", "closed_at")
    assert {**row(number), **dict.fromkeys(times)} == {**solved, **dict.fromkeys(times)}
    with pytest.raises(Illegal, match="took this back already"):
        back(world, number, done.last_event.pk)


def test_a_problem_stands_again_where_it_stood(world: World) -> None:
    by = world.by("lead")
    made = commands.create(problem, {"title": "x", "cause": "Dust", "workaround": "Blow"}, by)
    number = made.number
    asked = {
        "fix": "Cleaned",
        "risk_owner": world.number("lead"),
        "risk_until": (clock.now() + timedelta(days=30)).date().isoformat(),
        "risk_reason": "Rare",
    }
    for onward in ("assess", "confirm", "fix", "resolve", "close"):
        there = row(number, problem)
        offered = queries.moves(problem, by.actor, queries.one(problem, SETUP.actor, number))
        for move in [m for m in offered if m.name != "reanalyse"]:
            data = {n: asked[n] for n in move.needs if n in asked}
            done = commands.move(problem, number, move.name, data, by)
            back(world, number, done.last_event.pk, "lead", problem)
            found = row(number, problem)
            assert {**found, "reopened_at": None} == {**there, "reopened_at": None}, move.name
        timed = Timer.objects.filter(record_id=made.pk).values_list("name", flat=True)
        assert list(timed) == (["problem.verified"] if there["state"] == "resolved" else [])
        data = {n: asked[n] for n in problem.lifecycle.move(onward).needs if n in asked}
        commands.move(problem, number, onward, data, by)
        if onward == "confirm":
            commands.change(problem, number, {"is_known_error": True}, by)


def test_a_move_stays_where_the_record_was_moved_since(world: World) -> None:
    number = world.incident().number
    started = commands.move(incident, number, "start", {}, world.by("agn")).last_event.pk
    held = commands.move(incident, number, "hold", {"waiting_for": "vendor"}, world.by("agn"))
    commands.move(incident, number, "resolve", SOLVED, world.by("agm"))
    with pytest.raises(MovedOn, match="Person agm set “State” to Resolved since"):
        back(world, number, held.last_event.pk)
    commands.move(incident, number, "reopen", {}, world.by("agm"))
    with pytest.raises(MovedOn, match="Person agm set “State” to In progress since"):
        back(world, number, started)
    assert row(number)["state"] == "in_progress"


def test_what_was_taken_back_meanwhile_stands_in_no_moves_way(world: World) -> None:
    number = world.incident().number
    before = row(number)
    started = commands.move(incident, number, "start", {}, world.by("agn")).last_event.pk
    solved = commands.move(incident, number, "resolve", SOLVED, world.by("agm")).last_event.pk
    back(world, number, solved)
    back(world, number, started)
    assert row(number) == before


def test_a_move_stays_where_what_it_set_was_changed_since(world: World) -> None:
    number = world.incident().number
    done = commands.move(incident, number, "resolve", SOLVED, world.by("agn")).last_event.pk
    commands.change(incident, number, {"resolution": "Another one"}, world.by("agm"))
    with pytest.raises(MovedOn, match="Person agm changed “Resolution” since"):
        back(world, number, done)
    assert row(number)["state"] == "resolved"


def test_it_takes_the_right_of_the_move_and_nothing_else_does(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "hold", {"waiting_for": "vendor"}, world.by("agn"))
    waiting = row(number)
    gone = commands.move(incident, number, "cancel", {}, world.by("ra1")).last_event.pk
    for who, refusal in (("aud", Denied), ("rb1", Missing)):
        with pytest.raises(refusal):
            back(world, number, gone, who)
    assert row(number)["state"] == "cancelled"
    back(world, number, gone, "ra1")
    assert row(number) == waiting, "a caller who may cancel takes that back with all it cleared"
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    closed = commands.move(incident, number, "confirm", {}, world.by("ra1")).last_event.pk
    with pytest.raises(Denied, match="You may not do this here: “Confirm”"):
        back(world, number, closed, "agn")
    back(world, number, closed, "ra1")
    assert row(number)["state"] == "resolved"


def test_a_caller_brings_back_nothing_that_is_not_told_them(world: World) -> None:
    """That it waits for a problem is for those who work on it; so is bringing that back."""
    number = world.incident().number
    commands.move(incident, number, "hold", {"waiting_for": "problem"}, world.by("agn"))
    gone = commands.move(incident, number, "cancel", {}, world.by("ra1")).last_event.pk
    with pytest.raises(Denied, match="Only who works on this may take that back"):
        back(world, number, gone, "ra1")
    assert row(number)["state"] == "cancelled"
    back(world, number, gone)
    assert (row(number)["state"], row(number)["waiting_for"]) == ("on_hold", "problem")


def test_what_mainstay_moved_by_itself_stays_where_no_move_leads_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + CLOSES_AFTER + timedelta(minutes=1))
    timers.fire_due()
    assert row(number)["state"] == "closed"
    closed = Event.objects.filter(name="incident.close").latest("pk").pk
    with pytest.raises(Illegal, match="No move leads from “Closed” back to “Resolved”"):
        back(world, number, closed)


def test_those_who_work_on_the_children_read_that_a_solution_was_taken_back(world: World) -> None:
    parent, child = world.incident().number, world.incident().number
    commands.link(incident, child, "child_of", parent, world.by("agn"))
    done = commands.move(incident, parent, "resolve", SOLVED, world.by("agn")).last_event.pk
    delivery.drain()
    back(world, parent, done)
    delivery.drain()
    assert (row(parent)["state"], row(child)["state"]) == ("new", "resolved")
    told = entries(incident, SETUP.actor, queries.one(incident, SETUP.actor, child), ALL)
    assert "This stays resolved" in told[-1]["text"]


def test_whoever_may_not_move_back_is_refused(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    reopened = commands.move(incident, number, "reopen", {}, world.by("ra1"))
    with pytest.raises(Denied):
        back(world, number, reopened.last_event.pk, "ra1")
    assert row(number)["state"] == "in_progress"
    back(world, number, reopened.last_event.pk, "agn")
    assert (row(number)["state"], row(number)["resolution"]) == ("resolved", "A new profile")


def test_links_both_ways(world: World) -> None:
    number, other = world.incident().number, world.incident().number
    made = commands.link(incident, number, "relates", other, world.by("agn"))
    assert made is not None
    with pytest.raises(Denied):
        back(world, number, made.pk, "ra1")
    gone = back(world, number, made.pk)
    assert gone.name == "incident.unlink" and not Link.objects.exists()
    again = back(world, number, gone.pk)
    assert again.name == "incident.link" and Link.objects.count() == 1
    commands.unlink(incident, number, "relates", other, world.by("agm"))
    with pytest.raises(MovedOn, match="Person agm took the link away since"):
        back(world, number, again.pk)
    assert not Link.objects.exists()


def test_a_link_to_what_the_actor_cannot_see_is_no_event_for_them(world: World) -> None:
    number = world.incident().number
    hidden = world.hidden_incident().number
    made = commands.link(incident, number, "relates", hidden, SETUP)
    assert made is not None
    with pytest.raises(Missing):
        back(world, number, made.pk)
    assert Link.objects.count() == 1


def test_removing_and_bringing_back(world: World) -> None:
    number = world.incident().number
    gone = commands.remove(incident, number, world.by("adm"))
    for who in ("agn", "ra1", "rb1"):
        with pytest.raises(Missing):
            back(world, number, gone.pk, who)
    restored = back(world, number, gone.pk, "adm")
    assert restored.name == "incident.restore" and row(number)["state"] == "new"
    with pytest.raises(Denied):
        back(world, number, restored.pk, "agn")
    back(world, number, restored.pk, "adm")
    with pytest.raises(Missing):
        row(number)
    with pytest.raises(Illegal):
        back(world, number, gone.pk, "adm")


def test_nothing_else_of_a_removed_record_is_taken_back(world: World) -> None:
    number = world.incident().number
    event = change(world, number, category="Network")
    commands.remove(incident, number, SETUP)
    with pytest.raises(Missing):
        back(world, number, event, "adm")


def test_what_is_no_change_has_no_way_back(world: World) -> None:
    number = world.incident().number
    created = Event.objects.filter(name="incident.create").latest("pk")
    said = say(incident, number, Message("all", "Hello"), world.by("agn"))
    for event in (created.pk, said.pk):
        with pytest.raises(Illegal, match="cannot be taken back"):
            back(world, number, event)


def test_an_internal_event_does_not_exist_for_a_caller(world: World) -> None:
    number = world.incident().number
    said = say(incident, number, Message("internal", "Careful"), world.by("agn"))
    with pytest.raises(Missing):
        back(world, number, said.pk, "ra1")


def test_words_that_were_taken_out_do_not_come_back(world: World) -> None:
    number = world.incident().number
    change(world, number, body="My password is 1234")
    event = change(world, number, body="")
    EventText.objects.filter(event_id=event).update(salt="", old="", new="", is_redacted=True)
    with pytest.raises(Illegal, match="taken out of the history"):
        back(world, number, event)


def test_a_raise_is_taken_back_without_a_reason(world: World) -> None:
    number = world.incident().number
    event = change(world, number, impact=1, urgency=1)
    back(world, number, event)
    assert row(number)["priority"] == 5


def test_guards_are_asked_as_for_any_change(world: World) -> None:
    """A known error needs its cause: what took the cause away after it was none any more has to stay."""
    by = world.by("agn")
    number = commands.create(problem, {"title": "x", "cause": "Dust"}, by).number
    event = commands.change(problem, number, {"workaround": "Blow"}, by).last_event.pk
    for name in ("assess", "confirm"):
        commands.move(problem, number, name, {}, by)
    commands.change(problem, number, {"is_known_error": True}, by)
    with pytest.raises(Invalid, match="A known error has this"):
        back(world, number, event, rtype=problem)
    assert row(number, problem)["workaround"] == "Blow"


def test_a_task_is_taken_up_again(world: World) -> None:
    by = world.by("agn")
    made = commands.create(task, {"title": "x", "parent": world.incident().number}, by)
    done = commands.move(task, made.number, "finish", {}, by)
    back(world, made.number, done.last_event.pk, rtype=task)
    assert row(made.number, task)["is_open"]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(world: World) -> None:
    number = world.incident().number
    event = change(world, number, category="Network")
    ready, outcomes = threading.Barrier(2), []

    def run(who: str) -> None:
        try:
            by = world.by(who)
            ready.wait()
            undoing.take_back(incident, number, event, by)
            outcomes.append("done")
        except Illegal:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(who,)) for who in ("agn", "agm")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert Event.objects.filter(cause_id=event, name="incident.change").count() == 1
    assert row(number)["category"] == ""
