"""What is special to problems, from the suspicion to the end, and who may do it."""

import pytest

from mainstay.practices.problems.commands import communicate, from_incident
from mainstay.records import clock, commands, counting, delivery, queries, where
from mainstay.records.errors import Denied, Illegal, Incomplete, Invalid, Missing
from mainstay.records.models import Event, Record
from mainstay.surfaces.api import schemas
from tests.practices.problems.conftest import CAUSE, Desk
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db


def test_the_whole_life(desk: Desk) -> None:
    number = desk.made("resolved")
    row = desk.see(number)
    assert (row["state"], row["resolution_code"]) == ("resolved", "fix_applied")
    assert row["resolved_by"]["number"] == desk.world.number("agn")
    desk.move(number, "close", by="lead")
    assert desk.see(number)["kind"] == "closed"
    told = [e["name"].split(".")[1] for e in desk.events(number)]
    assert told == ["create", "assess", "confirm", "fix", "resolve", "close"]


def test_priority_is_read_and_the_team_is_found_by_the_service(desk: Desk) -> None:
    number = desk.made(impact=1, urgency=2)
    delivery.drain()
    row = desk.see(number)
    assert row["priority"] == 2
    assert row["team"]["number"] == desk.world.teams["net"]
    assert row["assignee"] is not None
    with pytest.raises(Invalid, match="Lowering"):
        desk.change(number, impact=3)


def test_the_codes_are_servicenows(desk: Desk) -> None:
    properties = schemas.of(desk.problem)["Problem"]["properties"]
    states = properties["state"][schemas.EXPORTED]
    assert list(states.values()) == ["101", "102", "103", "104", "106", "107", "107"]
    codes = properties["resolution_code"][schemas.EXPORTED]
    assert list(codes.values()) == ["fix_applied", "risk_accepted", "duplicate", "canceled"]


def test_a_fix_without_a_cause_is_none(desk: Desk) -> None:
    number = desk.made("root_cause_analysis")
    with pytest.raises(Incomplete):
        desk.move(number, "fix")
    with pytest.raises(Incomplete):
        desk.move(number, "resolve", cause="Known")
    with pytest.raises(Illegal):
        desk.move(desk.made(), "resolve", cause="Known", fix="Done")


def test_analysing_again_keeps_what_is_written_and_nothing_that_says_it_held(desk: Desk) -> None:
    number = desk.made("resolved")
    desk.move(number, "reanalyse")
    row = desk.see(number)
    assert (row["state"], row["reopen_count"]) == ("root_cause_analysis", 1)
    assert (row["fix"], row["resolution_code"], row["resolved_at"]) == (
        "Interval set to 8 hours",
        "",
        None,
    )
    with pytest.raises(Invalid, match="analysed again"):
        communicate(number, "fix", "", desk.world.by("agn"))
    desk.move(number, "resolve")  # as where what reopened it was linked by mistake
    assert desk.see(number)["resolution_code"] == "fix_applied"
    assert row["cause"] == CAUSE["cause"]


def test_cancelling_says_so_in_the_code(desk: Desk) -> None:
    number = desk.made("assess")
    desk.move(number, "cancel")
    assert desk.see(number)["resolution_code"] == "cancelled"


@pytest.mark.parametrize("name", ["ra1", "rb1", "agb"])
def test_whom_it_does_not_concern_never_meets_one(desk: Desk, name: str) -> None:
    """A caller, one of another organisation, and an agent behind that one's wall: also in counts and links."""
    world, number = desk.world, desk.made()
    incident = desk.caused(number)
    by, events = world.by(name), Event.objects.count()
    with pytest.raises(Missing):
        queries.one(desk.problem, by.actor, number)
    assert queries.page(desk.problem, by.actor).items == []
    assert counting.count(desk.problem, by.actor) == (0, True)
    for refused in (
        lambda: commands.move(desk.problem, number, "assess", {}, by),
        lambda: commands.change(desk.problem, number, {"cause": "Mine"}, by),
        lambda: from_incident(incident, by),
    ):
        with pytest.raises((Missing, Denied)):
            refused()
    if name != "agb":
        with pytest.raises(Denied):
            commands.create(desk.problem, {"title": "Mine"}, by)
    assert Event.objects.count() == events


def test_a_caller_is_not_told_of_the_link(desk: Desk) -> None:
    number = desk.made()
    incident = desk.caused(number)
    caller = desk.world.actor("ra1")
    row = queries.one(desk.incident, caller, incident)
    assert queries.links(caller, row) == []
    assert number not in str(desk.events(incident, desk.incident, by="ra1"))
    assert number in str(desk.events(incident, desk.incident, by="agn"))


def test_a_caller_is_not_told_that_it_waits_for_a_problem(desk: Desk) -> None:
    """Neither where it stands, nor in its history, nor by looking for it; what it waits for else they are."""
    incident = desk.waiting(desk.made())
    for name, known in (("ra1", False), ("agn", True), ("aud", True)):
        actor = desk.world.actor(name)
        row = queries.one(desk.incident, actor, incident)
        assert row["state"] == "on_hold" and (row["waiting_for"] == "problem") is known
        assert ("problem" in str(desk.events(incident, desk.incident, by=name))) is known
        asked = where.parse(desk.incident, actor, 'waiting_for == "problem"')
        assert bool(queries.page(desk.incident, actor, where=asked).items) is known
        assert "on_hold" in str(desk.events(incident, desk.incident, by=name))
    commands.change(desk.incident, incident, {"waiting_for": "vendor"}, desk.world.by("agn"))
    last = desk.events(incident, desk.incident, by="ra1")[-1]["changes"]
    assert last["waiting_for"] == {"from": None, "to": "vendor"}


def test_a_restricted_teams_problem_exists_for_its_members_alone(desk: Desk) -> None:
    hr = {"team": desk.world.teams["hr"], "title": "CNRY-payslips"}
    number = desk.made(by="agh", **hr)
    incident = desk.caused(number, by="agh")
    for name in ("agn", "lead", "mgr", "adm", "aud"):
        actor = desk.world.actor(name)
        with pytest.raises(Missing):
            queries.one(desk.problem, actor, number)
        row = queries.one(desk.incident, actor, incident)
        assert queries.links(actor, row) == []
        assert (
            queries.linked(desk.problem, actor, row.facts.id, "caused_by", towards="target") == []
        )
        assert "CNRY" not in str(desk.events(incident, desk.incident, by=name))
    assert desk.see(number, by="agh")["title"] == "CNRY-payslips"


def test_an_auditor_reads_and_a_supplier_has_what_was_assigned(desk: Desk) -> None:
    number = desk.made("assess")
    assert desk.see(number, by="aud")["number"] == number
    with pytest.raises(Denied):
        desk.change(number, by="aud", cause="Mine")
    with pytest.raises(Missing):
        desk.see(number, by="ven")
    desk.change(number, assignee=desk.world.number("ven"))
    desk.move(number, "confirm", by="ven")
    with pytest.raises(Denied):
        desk.change(number, by="ven", cause="Mine")


def test_only_who_answers_for_a_team_closes_before_the_end_of_the_verification(desk: Desk) -> None:
    number = desk.made("resolved")
    with pytest.raises(Denied):
        desk.move(number, "close")
    desk.move(number, "close", by="mgr")


class TestFromAnIncident:
    def test_it_takes_over_what_is_listed_and_links(self, desk: Desk) -> None:
        source = desk.world.incident(body="CNRY-private words", impact=1, urgency=2)
        made = from_incident(source.number, desk.world.by("agn"))
        row = desk.see(made.number)
        assert (row["title"], row["impact"], row["priority"]) == (source.title, 1, 2)
        assert row["service"]["number"] == desk.world.services["vpn"]
        assert row["body"] == ""
        assert row["reporter"]["number"] == desk.world.number("agn")
        [link] = queries.links(SETUP.actor, row)
        assert (link["kind"], link["number"]) == ("caused_by", source.number)

    def test_a_second_one_is_refused_and_nothing_is_written(self, desk: Desk) -> None:
        source = desk.world.incident().number
        made = from_incident(source, desk.world.by("agn"))
        before = Record.objects.count(), Event.objects.count()
        with pytest.raises(Invalid, match=made.number):
            from_incident(source, desk.world.by("agd"))
        assert (Record.objects.count(), Event.objects.count()) == before


def known(desk: Desk) -> str:
    number = desk.made("root_cause_analysis", **CAUSE, workaround="Use the other gateway")
    desk.change(number, is_known_error=True)
    return number


class TestKnownError:
    def test_it_is_dated(self, desk: Desk) -> None:
        with clock.held(clock.now()):
            number = known(desk)
            assert desk.see(number)["known_error_at"] == _text(clock.now())
        condition = next(v.where for v in desk.problem.views if v.name == "known_errors")
        actor = desk.world.actor("agn")
        listed = queries.page(
            desk.problem, actor, where=where.parse(desk.problem, actor, condition)
        )
        assert [row["number"] for row in listed.items] == [number]

    def test_it_needs_cause_and_workaround_and_keeps_them(self, desk: Desk) -> None:
        number = desk.made("root_cause_analysis", **CAUSE)
        with pytest.raises(Invalid) as refused:
            desk.change(number, is_known_error=True)
        assert set(refused.value.fields) == {"workaround"}
        with pytest.raises(Invalid):
            desk.change(known(desk), workaround="")

    def test_not_before_it_is_confirmed(self, desk: Desk) -> None:
        number = desk.made("assess", **CAUSE, workaround="Use the other gateway")
        with pytest.raises(Invalid) as refused:
            desk.change(number, is_known_error=True)
        assert set(refused.value.fields) == {"is_known_error"}

    def test_it_is_taken_back_with_a_reason_that_stays(self, desk: Desk) -> None:
        number = known(desk)
        with pytest.raises(Invalid, match="why"):
            desk.change(number, is_known_error=False)
        desk.change(number, is_known_error=False, reason="It was the provider's line")
        row = desk.see(number)
        assert (row["is_known_error"], row["known_error_at"]) == (False, None)
        last = desk.events(number)[-1]["changes"]
        assert last["reason"]["to"] == "It was the provider's line"
        assert last["known_error_at"]["from"]

    def test_what_is_cancelled_is_known_as_none(self, desk: Desk) -> None:
        number = known(desk)
        desk.move(number, "cancel")
        assert desk.see(number)["is_known_error"] is False


def _text(moment: object) -> str:
    return str(moment).replace(" ", "T").removesuffix("+00:00") + "Z"


def test_what_was_cancelled_causes_nothing(desk: Desk, world: World) -> None:
    number = desk.made("assess")
    desk.move(number, "cancel")
    incident = world.incident().number
    events = Event.objects.count()
    with pytest.raises(Invalid, match="no problem"):
        commands.link(desk.incident, incident, "caused_by", number, world.by("agn"))
    assert Event.objects.count() == events
