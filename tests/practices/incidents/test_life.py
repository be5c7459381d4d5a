"""What is special to incidents, from the report to the caller's consent."""

from datetime import timedelta

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.files.commands import attach
from mainstay.directory import commands as directory
from mainstay.directory import duty
from mainstay.practices.incidents.lifecycle import CLOSES_AFTER
from mainstay.records import clock, commands, counting, delivery, history, queries, timers, where
from mainstay.records.errors import Denied, Illegal, Incomplete, Invalid, Missing, Stale
from mainstay.records.models import Event
from mainstay.records.types import Message, shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}


def state(number: str) -> tuple[str, str | None]:
    row = queries.one(incident, SETUP.actor, number)
    return row["state"], row["waiting_for"]


def names(number: str) -> list[str]:
    row = queries.one(incident, SETUP.actor, number)
    return [e["name"].split(".")[1] for e in history.events(incident, SETUP.actor, row)]


def on_hold(world: World, waiting_for: str = "caller") -> str:
    number = str(world.incident().number)
    question = Message("all", "Which client do you use?")
    commands.move(
        incident, number, "hold", {"waiting_for": waiting_for}, world.by("agn"), message=question
    )
    return number


def test_the_whole_life(world: World) -> None:
    number = on_hold(world)
    say(incident, number, Message("all", "The one with the blue icon"), world.by("ra1", "portal"))
    assert state(number) == ("in_progress", None)
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.move(
        incident,
        number,
        "reopen",
        {},
        world.by("ra1", "portal"),
        message=Message("all", "It is back"),
    )
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.move(incident, number, "confirm", {}, world.by("ra1", "portal"))
    row = queries.one(incident, SETUP.actor, number)
    assert (row["state"], row["reopen_count"]) == ("closed", 1)
    told = ["create", "hold", "reply", "resume", "resolve", "reopen", "resolve", "confirm"]
    assert names(number) == told


def test_only_the_callers_answer_ends_the_waiting_for_the_caller(world: World) -> None:
    number = on_hold(world)
    say(incident, number, Message("all", "Any news?"), world.by("agn"))
    say(incident, number, Message("internal", "Chased"), world.by("agn"))
    assert state(number) == ("on_hold", "caller")
    number = on_hold(world, "vendor")
    say(incident, number, Message("all", "Hello?"), world.by("ra1"))
    assert state(number) == ("on_hold", "vendor")


def test_waiting_for_the_caller_needs_a_question(world: World) -> None:
    number = world.incident().number
    with pytest.raises(Invalid, match="Ask the caller"):
        commands.move(incident, number, "hold", {"waiting_for": "caller"}, world.by("agn"))
    with pytest.raises(Incomplete):
        commands.move(incident, number, "hold", {}, world.by("agn"))
    assert names(number) == ["create"]


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"), [(1, 1, 1), (1, 3, 3), (2, 2, 3), (3, 1, 3), (3, 3, 5)]
)
def test_priority_is_read_from_the_matrix(
    world: World, impact: int, urgency: int, priority: int
) -> None:
    record = world.incident(impact=impact, urgency=urgency)
    assert record.priority == priority


def test_lowering_the_priority_needs_a_reason_that_is_kept(world: World) -> None:
    number = world.incident(impact=1, urgency=1).number
    with pytest.raises(Invalid, match="reason"):
        commands.change(incident, number, {"urgency": 3}, world.by("agn"))
    commands.change(incident, number, {"urgency": 3}, world.by("agn"), reason="One desk only")
    row = queries.one(incident, world.actor("agn"), number)
    told = history.events(incident, world.actor("agn"), row)[-1]
    assert told["changes"]["reason"]["to"] == "One desk only"
    commands.change(incident, number, {"urgency": 1}, world.by("agn"))


def test_closes_by_itself_a_week_after_the_resolution_and_not_after_the_last_word(
    world: World,
) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    resolved = clock.now()
    with clock.held(resolved + timedelta(days=6)):
        say(incident, number, Message("internal", "Called, no answer"), world.by("agn"))
        delivery.drain()
    assert state(number)[0] == "resolved"
    with clock.held(resolved + CLOSES_AFTER):
        delivery.drain()
    assert state(number)[0] == "closed"
    last = Event.objects.last()
    assert (last.name, last.door, last.actor_id) == ("incident.close", "timer", None)


def test_reopening_stops_the_clock_and_a_closed_one_stays_closed(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.move(incident, number, "reopen", {}, world.by("ra1"))
    with clock.held(clock.now() + timedelta(days=30)):
        delivery.drain()
    assert state(number)[0] == "in_progress"
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.move(incident, number, "close", {}, world.by("agn"))
    with pytest.raises(Illegal):
        commands.move(incident, number, "reopen", {}, world.by("ra1"))


def test_goes_to_the_services_team_and_who_has_room_with_the_reason(world: World) -> None:
    world.incident(by="agn", assignee=world.number("agn"))
    world.incident(by="agn", assignee=world.number("lead"))
    number = world.incident().number
    delivery.drain()
    row = queries.one(incident, world.actor("agn"), number)
    assert row["team"]["number"] == world.teams["net"]
    assert row["assignee"]["number"] == world.number("agm")
    assert "VPN" in row["assigned_because"] and "fewest" in row["assigned_because"]
    assert "assigned_because" not in queries.one(incident, world.actor("ra1"), number)


def test_what_a_person_chose_stays(world: World) -> None:
    first = world.incident(by="agn", assignee=world.number("lead")).number
    second = world.incident().number
    commands.change(incident, second, {"assignee": world.number("agn")}, world.by("lead"))
    commands.change(incident, second, {"assignee": None}, world.by("lead"))
    delivery.drain()
    assert queries.one(incident, SETUP.actor, first)["assignee"]["number"] == world.number("lead")
    assert queries.one(incident, SETUP.actor, second)["assignee"] is None


def test_reassignments_count_from_the_second_team_on(world: World) -> None:
    number = world.incident().number
    for team in ("net", "desk", "net"):
        commands.change(incident, number, {"team": world.teams[team]}, world.by("agn"))
    assert queries.one(incident, SETUP.actor, number)["reassignment_count"] == 2


def test_a_caller_sees_no_internal_word_anywhere(world: World) -> None:
    number = world.incident().number
    say(incident, number, Message("internal", "CNRY-note"), world.by("agn"))
    say(incident, number, Message("all", "We look at it"), world.by("agn"))
    caller = world.actor("ra1")
    row = queries.one(incident, caller, number)
    shown = str(history.events(incident, caller, row)) + str(
        incident.capabilities[0].entries(incident, caller, row)
    )
    assert "CNRY" not in shown and "incident.note" not in shown and "We look at it" in shown
    with pytest.raises(Denied):
        say(incident, number, Message("internal", "x"), world.by("ra1"))


def test_a_restricted_teams_record_exists_for_members_and_the_caller_alone(world: World) -> None:
    hidden = world.hidden_incident()
    assert queries.one(incident, world.actor("agh"), hidden.number)
    assert queries.one(incident, world.actor("ra2"), hidden.number)
    for name in ("agn", "mgr", "adm", "aud", "lead", "ra1", "agb"):
        with pytest.raises(Missing):
            queries.one(incident, world.actor(name), hidden.number)
    directory.join(world.teams["hr"], world.number("old"), SETUP)
    commands.change(incident, hidden.number, {"assignee": world.number("old")}, world.by("agh"))
    directory.leave(world.teams["hr"], world.number("old"), SETUP)
    with pytest.raises(Missing):
        commands.change(incident, hidden.number, {"title": "x"}, world.by("old"))


def test_a_right_withdrawn_is_gone_at_the_next_look(world: World) -> None:
    hidden = world.hidden_incident()
    assert queries.one(incident, world.actor("agh"), hidden.number)
    directory.leave(world.teams["hr"], world.number("agh"), SETUP)
    with pytest.raises(Missing):
        queries.one(incident, world.actor("agh"), hidden.number)
    directory.withdraw(world.number("agn"), "agent", SETUP)
    assert counting.count(incident, world.actor("agn")) == (0, True)


def test_a_confined_organisation_sees_only_itself(world: World) -> None:
    ours, theirs = world.incident().number, world.incident(by="rb1").number
    listed = {row["number"] for row in queries.page(incident, world.actor("agb")).items}
    assert listed == {theirs}
    with pytest.raises(Missing):
        commands.change(incident, ours, {"title": "x"}, world.by("agb"))
    assert counting.count(incident, world.actor("agn")) == (2, True)


def test_a_caller_may_not_set_what_the_portal_does_not_offer(world: World) -> None:
    before = Event.objects.count()
    for extra in (
        {"team": world.teams["net"]},
        {"requester": world.number("ra2")},
        {"channel": "phone"},
    ):
        with pytest.raises((Denied, Invalid)):
            world.incident(**extra)
    assert Event.objects.count() == before


def test_an_agent_who_is_only_the_caller_is_a_caller_there(world: World) -> None:
    hidden = world.hidden_incident(requester=world.number("agn"))
    say(incident, hidden.number, Message("internal", "CNRY-suspicion"), world.by("agh"))
    caller = world.actor("agn")
    row = queries.one(incident, caller, hidden.number)
    assert "CNRY-suspicion" not in str(incident.capabilities[0].entries(incident, caller, row))
    assert "incident.note" not in str(history.events(incident, caller, row))
    with pytest.raises(Denied):
        say(incident, hidden.number, Message("internal", "x"), world.by("agn"))


def test_a_move_with_an_internal_note_is_still_told_to_the_caller(world: World) -> None:
    number = world.incident().number
    commands.move(
        incident,
        number,
        "resolve",
        SOLVED,
        world.by("agn"),
        message=Message("internal", "CNRY-why"),
    )
    caller = world.actor("ra1")
    row = queries.one(incident, caller, number)
    told = history.events(incident, caller, row)
    assert told[-1]["name"] == "incident.resolve"
    assert "CNRY" not in str(told) + str(incident.capabilities[0].entries(incident, caller, row))


def test_what_others_assigned_and_why_is_nothing_to_the_caller_who_is_an_agent_elsewhere(
    world: World,
) -> None:
    hidden = world.hidden_incident(requester=world.number("agn"), title="CNRY-mine")
    delivery.drain()
    caller, member = world.actor("agn"), world.actor("agh")
    because = queries.one(incident, member, hidden.number)["assigned_because"]
    assert because
    row = queries.one(incident, caller, hidden.number)
    assert row["assigned_because"] is None
    assert because not in str(history.events(incident, caller, row))
    for text, found in (
        ("assigned_because == null", [hidden.number]),
        ("assigned_because != null", []),
        (f'assigned_because.contains("{because[:5]}")', []),
    ):
        asked = where.parse(incident, caller, f'title == "cnry-mine" && {text}')
        numbers = [r["number"] for r in queries.page(incident, caller, where=asked).items]
        assert numbers == found, text


@pytest.mark.parametrize("blank", ["", "   ", "\n\t"])
def test_a_resolution_says_something(world: World, blank: str) -> None:
    number = world.incident().number
    with pytest.raises(Incomplete):
        commands.move(incident, number, "resolve", SOLVED | {"resolution": blank}, world.by("agn"))
    assert names(number) == ["create"]


def test_after_reopening_the_next_solution_is_told_anew(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.move(incident, number, "reopen", {}, world.by("ra1"))
    row = queries.one(incident, SETUP.actor, number)
    assert (row["close_code"], row["resolution"]) == ("", "")
    told = history.events(incident, SETUP.actor, row)[-1]["changes"]
    assert told["resolution"]["from"] == SOLVED["resolution"]
    with pytest.raises(Incomplete):
        commands.move(incident, number, "resolve", {}, world.by("agn"))


def test_a_vendor_works_on_what_is_theirs(world: World) -> None:
    other = world.incident().number
    number = world.incident(by="agn", assignee=world.number("ven")).number
    commands.move(incident, number, "start", {}, world.by("ven"))
    commands.move(incident, number, "hold", {"waiting_for": "vendor"}, world.by("ven"))
    commands.move(incident, number, "resume", {}, world.by("ven"))
    commands.move(incident, number, "resolve", SOLVED, world.by("ven"))
    for verb in ("close", "reopen", "cancel"):
        with pytest.raises(Denied):
            commands.move(incident, number, verb, {}, world.by("ven"))
    with pytest.raises(Missing):
        commands.move(incident, other, "start", {}, world.by("ven"))


@pytest.mark.parametrize("name", ["ra1", "aud", "agh2", "agb"])
def test_nobody_is_assigned_who_could_not_work_on_it(world: World, name: str) -> None:
    """Requesters and auditors do not work; agents outside a restricted team or behind a wall do not see it."""
    team = {"team": world.teams["hr"]} if name == "agh2" else {}
    person = {"agh2": "agn"}.get(name, name)
    before = Event.objects.count()
    with pytest.raises(Invalid) as refused:
        commands.create(
            incident,
            {"title": "x", "requester": world.number("ra1"), "assignee": world.number(person)}
            | team,
            SETUP,
        )
    assert list(refused.value.fields) == ["assignee"]
    assert Event.objects.count() == before


def test_another_team_chooses_anew(world: World) -> None:
    number = world.incident().number
    delivery.drain()
    assert queries.one(incident, SETUP.actor, number)["assignee"] is not None
    commands.change(incident, number, {"team": world.teams["desk"]}, world.by("mgr"))
    assert queries.one(incident, SETUP.actor, number)["assignee"] is None
    delivery.drain()
    row = queries.one(incident, SETUP.actor, number)
    assert row["assignee"]["number"] in (world.number("agd"), world.number("old"))
    assert "fewest open records" in row["assigned_because"]
    kept = {"team": world.teams["net"], "assignee": row["assignee"]["number"]}
    commands.change(incident, number, kept, world.by("mgr"))
    assert queries.one(incident, SETUP.actor, number)["assignee"] == row["assignee"]


def test_nobody_is_a_choice_too(world: World) -> None:
    """Whoever gives it to another team and names nobody there is not overruled."""
    number = world.incident().number
    delivery.drain()
    nobody = {"team": world.teams["desk"], "assignee": None}
    commands.change(incident, number, nobody, world.by("mgr"))
    delivery.drain()
    row = queries.one(incident, SETUP.actor, number)
    assert (row["team"]["number"], row["assignee"]) == (world.teams["desk"], None)


def test_whoever_holds_least_is_chosen_whoever_asked_for_it(world: World) -> None:
    """Records without a caller are work as any other."""
    for _ in range(3):
        held = world.incident(by="agn", assignee=world.number("agn")).number
        commands.change(incident, held, {"requester": None}, world.by("agn"))
    assert {m.id: m.load for m in duty.members(world_team(world))}[world.people["agn"].id] == 3


def world_team(world: World) -> int:
    return shelf.type("team").model.objects.get(number=world.teams["net"]).pk


def test_it_waits_for_a_caller_only_where_there_is_one(world: World) -> None:
    number = world.incident().number
    question = Message("all", "Which floor?")
    wait = {"waiting_for": "caller"}
    commands.move(incident, number, "hold", wait, world.by("agn"), message=question)
    with pytest.raises(Invalid):
        commands.change(incident, number, {"requester": None}, world.by("agn"))
    commands.move(incident, number, "resume", {}, world.by("agn"))
    commands.change(incident, number, {"requester": None}, world.by("agn"))
    with pytest.raises(Invalid) as refused:
        commands.move(incident, number, "hold", wait, world.by("agn"), message=question)
    assert "requester" in refused.value.fields


def test_a_chosen_assignee_leaves_the_team_to_the_service(world: World) -> None:
    number = world.incident(by="agn", assignee=world.number("lead")).number
    delivery.drain()
    row = queries.one(incident, SETUP.actor, number)
    assert row["team"]["number"] == world.teams["net"]
    assert row["assignee"]["number"] == world.number("lead")
    commands.change(incident, number, {"team": None}, world.by("agn"))
    delivery.drain()
    assert queries.one(incident, SETUP.actor, number)["team"] is None


def test_whoever_a_person_chose_stays_when_the_first_team_comes(world: World) -> None:
    """Somebody of another team, chosen before the service's team was found: a human choice always wins."""
    number = world.incident(by="agn", assignee=world.number("agd")).number
    delivery.drain()
    row = queries.one(incident, SETUP.actor, number)
    assert row["team"]["number"] == world.teams["net"]
    assert row["assignee"]["number"] == world.number("agd")


def test_an_agent_for_an_organisation_is_given_its_records(world: World) -> None:
    team = commands.create(shelf.type("team"), {"title": "Field"}, SETUP).number
    directory.join(team, world.number("ra2"), SETUP)
    directory.grant(world.number("ra2"), "agent", SETUP, organisation_key=world.organisations["a"])
    number = world.incident(by="agn", team=team).number
    delivery.drain()
    row = queries.one(incident, SETUP.actor, number)
    assert row["assignee"]["number"] == world.number("ra2")


def test_a_member_without_a_role_is_given_nothing(world: World) -> None:
    directory.join(world.teams["net"], world.number("ra2"), SETUP)
    for _ in range(5):
        world.incident()
    delivery.drain()
    for row in queries.page(incident, SETUP.actor).items:
        assert row["assignee"]["number"] != world.number("ra2")


@pytest.mark.parametrize(
    ("door", "who", "data", "channel"),
    [
        ("portal", "ra1", {}, "portal"),
        ("api", "ra1", {}, "api"),
        ("web", "agn", {"requester": "ra1"}, "phone"),
        ("web", "agn", {}, "portal"),
        ("web", "agn", {"requester": "ra1", "channel": "walk_in"}, "walk_in"),
        ("mail", "ra1", {}, ""),
    ],
)
def test_how_it_reached_us(
    world: World, door: str, who: str, data: dict[str, str], channel: str
) -> None:
    given = {n: world.number(v) if n == "requester" else v for n, v in data.items()}
    made = commands.create(incident, {"title": "x"} | given, world.by(who, door))
    assert queries.one(incident, SETUP.actor, made.number)["channel"] == channel


def test_nobody_expects_to_resume_in_the_past(world: World) -> None:
    number = world.incident().number
    for day, is_taken in (("2020-01-01", False), ("2099-01-01", True)):
        waits = {"waiting_for": "vendor", "resume_on": day}
        if is_taken:
            commands.move(incident, number, "hold", waits, world.by("agn"))
        else:
            with pytest.raises(Invalid, match="past"):
                commands.move(incident, number, "hold", waits, world.by("agn"))


def test_a_closed_one_is_answered_by_those_who_work_there_alone(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "cancel", {}, world.by("ra1"), message=Message("all", "Solved"))
    with pytest.raises(Illegal, match="start a new one"):
        say(incident, number, Message("all", "Hello?"), world.by("ra1"))
    say(incident, number, Message("all", "For the record"), world.by("agn"))
    assert names(number) == ["create", "cancel", "reply"]


@pytest.mark.parametrize("spelled", ["{n}", "{low}", "{padded}"])
def test_a_number_is_found_in_any_spelling_by_filters(world: World, spelled: str) -> None:
    number = world.incident().number
    world.incident()
    low, padded = number.lower().replace("-", ""), number.replace("-", "000")
    text = spelled.format(n=number, low=low, padded=padded)
    actor = world.actor("agn")
    for filter_text in (text, f'number == "{text}"', f'number in ["{text}", "INC-0"]'):
        found = queries.page(incident, actor, where=where.parse(incident, actor, filter_text))
        assert [r["number"] for r in found.items] == [number], filter_text


def test_a_member_who_could_not_work_on_it_is_passed_over(world: World) -> None:
    """A customer's agent in the provider's team sees the customer's incidents alone."""
    directory.join(world.teams["net"], world.number("agb"), SETUP)
    for _ in range(4):
        world.incident()
    delivery.drain()
    for row in queries.page(incident, SETUP.actor).items:
        assert row["team"]["number"] == world.teams["net"]
        assert row["assignee"]["number"] != world.number("agb")


def test_an_incident_belongs_where_its_caller_does(world: World) -> None:
    number = world.incident("agn").number
    commands.change(incident, number, {"requester": world.number("rb1")}, world.by("agn"))
    row = queries.one(incident, world.actor("rb1"), number)
    assert row["organisation"]["number"] == world.organisations["b"]
    told = str(history.events(incident, world.actor("rb1"), row))
    assert world.organisations["a"] not in told
    commands.change(incident, number, {"requester": world.number("ra1")}, world.by("agn"))
    with pytest.raises(Missing):
        queries.one(incident, world.actor("agb"), number)


def test_what_a_caller_wrote_is_not_handed_to_another_customer(world: World) -> None:
    number = world.incident().number
    given = {"requester": world.number("rb1")}
    for before in ({}, {"requester": world.number("agn")}):
        commands.change(incident, number, before, world.by("agn"))
        with pytest.raises(Invalid, match="Person ra1 wrote here"):
            commands.change(incident, number, given, world.by("agn"))
    commands.change(incident, number, {"requester": world.number("ra2")}, world.by("agn"))


def test_what_nobody_could_choose_any_more_stays_where_it_is(world: World) -> None:
    number = world.incident().number
    commands.move(shelf.type("user"), world.number("ra1"), "leave", {}, SETUP)
    commands.move(shelf.type("service"), world.services["vpn"], "retire", {}, SETUP)
    same = {"requester": world.number("ra1"), "service": world.services["vpn"]}
    commands.change(incident, number, same | {"title": "VPN"}, world.by("agn"))
    with pytest.raises(Invalid) as refused:
        commands.change(incident, number, {"assignee": world.number("ra1")}, world.by("agn"))
    assert set(refused.value.fields) == {"assignee"}
    with pytest.raises(Invalid):
        commands.create(incident, same | {"title": "Another"}, world.by("agn"))


def test_an_incident_of_somebody_who_left_is_worked_on(world: World) -> None:
    """Every form sends the assignee along as it was drawn."""
    number = world.incident(by="agn", assignee=world.number("agm")).number
    same = {"assignee": world.number("agm")}
    commands.move(shelf.type("user"), world.number("agm"), "leave", {}, SETUP)
    commands.change(incident, number, same | {"title": "VPN"}, world.by("agn"))
    commands.move(incident, number, "start", same, world.by("agn"))
    assert state(number)[0] == "in_progress"


def test_a_form_merges_with_what_others_changed(world: World) -> None:
    """A form sends all its fields; those it was drawn with are nobody's wish."""
    number = world.incident(body="as it was").number
    title = "VPN drops every 20 minutes"
    form = {"title": title, "category": None, "body": "as it was", "urgency": 3}
    given = {"category": "theirs", "body": "theirs", "urgency": 2}
    commands.change(incident, number, given, world.by("lead"))
    commands.change(incident, number, form | {"title": "mine"}, world.by("agn"), seen=1)
    row = queries.one(incident, SETUP.actor, number)
    assert (row["title"], row["category"], row["body"]) == ("mine", "theirs", "theirs")
    assert row["urgency"] == 2
    with pytest.raises(Stale) as told:
        commands.change(incident, number, form | {"body": "mine"}, world.by("agn"), seen=1)
    assert set(told.value.fields) == {"body"}


def test_another_team_in_the_whole_form_chooses_anew(world: World) -> None:
    number = world.incident(by="agn", team=world.teams["net"], assignee=world.number("agm")).number
    form = {"team": world.teams["desk"], "assignee": world.number("agm"), "title": "VPN"}
    commands.change(incident, number, form, world.by("agn"), seen=1)
    assert queries.one(incident, SETUP.actor, number)["assignee"] is None


def test_an_answer_that_comes_with_a_change_resumes_too(world: World) -> None:
    number = world.incident(by="agn").number
    question = Message("all", "Which client?")
    given = {"waiting_for": "caller"}
    commands.move(incident, number, "hold", given, world.by("lead"), message=question)
    aside, answer = Message("internal", "Hm."), Message("all", "The new one")
    commands.change(incident, number, {"category": "a"}, world.by("agn"), message=aside)
    assert state(number)[0] == "on_hold"
    commands.change(incident, number, {"category": "b"}, world.by("agn"), message=answer)
    assert state(number)[0] == "in_progress"


def test_a_retired_team_is_given_nothing(world: World) -> None:
    commands.move(shelf.type("team"), world.teams["net"], "retire", {}, SETUP)
    number = world.incident().number
    delivery.drain()
    row = queries.one(incident, SETUP.actor, number)
    assert (row["team"], row["assignee"]) == (None, None)


def test_a_solution_is_kept_after_closing(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.move(incident, number, "close", {}, world.by("agn"))
    for given in ({"close_code": ""}, {"resolution": ""}):
        with pytest.raises(Invalid):
            commands.change(incident, number, given, world.by("agn"))


def test_whom_a_move_set_free_stays_free(world: World) -> None:
    number = world.incident().number
    delivery.drain()
    assert queries.one(incident, SETUP.actor, number)["assignee"]
    commands.move(incident, number, "start", {"assignee": None}, world.by("agn"))
    commands.change(incident, number, {"category": "network"}, world.by("agn"))
    delivery.drain()
    assert queries.one(incident, SETUP.actor, number)["assignee"] is None


def test_a_restored_incident_closes_by_itself_again(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.remove(incident, number, world.by("adm"))
    with clock.held(clock.now() + CLOSES_AFTER):
        timers.fire_due()
        commands.restore(incident, number, world.by("adm"))
        timers.fire_due()
        assert state(number)[0] == "resolved"
        again = clock.now() + CLOSES_AFTER
    with clock.held(again):
        timers.fire_due()
        assert state(number)[0] == "closed"


@pytest.mark.parametrize("nothing", ["\u200b", " \u2060 \u200d"])
def test_words_that_show_nothing_are_none(world: World, nothing: str) -> None:
    number = world.incident().number
    with pytest.raises(Invalid):
        commands.move(
            incident,
            number,
            "hold",
            {"waiting_for": "caller"},
            world.by("agn"),
            message=Message("all", nothing),
        )
    commands.change(incident, number, {"urgency": 1}, world.by("agn"))
    with pytest.raises(Invalid):
        commands.change(incident, number, {"urgency": 3}, world.by("agn"), reason=nothing)
    assert state(number)[0] == "new"


def test_what_a_state_needs_is_kept_for_as_long_as_it_lasts(world: World) -> None:
    number = on_hold(world, "vendor")
    for given, field in (
        ({"waiting_for": None}, "waiting_for"),
        ({"waiting_for": "caller"}, "message"),
    ):
        with pytest.raises(Invalid) as refused:
            commands.change(incident, number, given, world.by("agn"))
        assert list(refused.value.fields) == [field]
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    for given in ({"close_code": ""}, {"resolution": "  "}):
        with pytest.raises(Invalid):
            commands.change(incident, number, given, world.by("agn"))
    commands.change(incident, number, {"resolution": "A newer profile"}, world.by("agn"))


def test_the_caller_hears_the_question(world: World) -> None:
    number = world.incident().number
    aside = Message("internal", "Which client?")
    with pytest.raises(Invalid, match="Ask the caller"):
        commands.move(
            incident, number, "hold", {"waiting_for": "caller"}, world.by("agn"), message=aside
        )


def test_why_the_priority_was_lowered_is_for_those_who_work_on_it(world: World) -> None:
    number = world.incident(impact=1, urgency=1).number
    commands.change(incident, number, {"impact": 3}, world.by("agn"), reason="CNRY-exaggerates")
    for name, is_told in (("ra1", False), ("agn", True)):
        actor = world.actor(name)
        told = history.events(incident, actor, queries.one(incident, actor, number))
        assert ("CNRY-exaggerates" in str(told)) is is_told


def test_a_caller_attaches_nothing_to_a_cancelled_one(world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "cancel", {}, world.by("ra1"))
    with pytest.raises(Illegal):
        attach(incident, number, "a.txt", [b"late"], "all", world.by("ra1"))


def test_part_of_a_number_is_found_in_any_spelling(world: World) -> None:
    number = world.incident().number
    text = f'number.contains("{number.replace("-", "000").lower()}")'
    found = queries.page(
        incident, world.actor("agn"), where=where.parse(incident, SETUP.actor, text)
    )
    assert [row["number"] for row in found.items] == [number]


def test_history_names_no_removed_record(world: World) -> None:
    first, second = world.incident().number, world.incident(title="CNRY-removed").number
    commands.link(incident, first, "relates", second, world.by("agn"))
    commands.remove(incident, second, SETUP)
    actor = world.actor("agn")
    told = history.events(incident, actor, queries.one(incident, actor, first))
    assert second not in str(told) and "CNRY-removed" not in str(told)
