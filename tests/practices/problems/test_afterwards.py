"""What becomes of a problem later: verified, come back, accepted for a time, found to be another one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mainstay.capabilities.telling import queries as telling
from mainstay.practices.problems import proof
from mainstay.practices.problems.commands import duplicate
from mainstay.practices.problems.panels import incidents
from mainstay.practices.problems.reactions import end_of
from mainstay.records import clock, commands, delivery, queries
from mainstay.records.errors import Denied, Incomplete, Invalid, Missing
from mainstay.records.models import Event
from mainstay.records.types import Message
from tests.practices.problems.conftest import CAUSE, Desk
from tests.world import SETUP

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}


def verbs(desk: Desk, number: str) -> list[str]:
    return [e["name"].split(".")[1] for e in desk.events(number) if e["name"] != "problem.assign"]


class TestVerification:
    def test_it_closes_by_itself_at_the_end_and_not_before(self, desk: Desk) -> None:
        number = desk.made("resolved")
        until = desk.problem.model.objects.get(number=number).verified_until
        with clock.held(until - timedelta(seconds=1)):
            delivery.drain()
            assert desk.see(number)["state"] == "resolved"
        with clock.held(until):
            delivery.drain()
            delivery.drain()
        assert desk.see(number)["state"] == "closed"
        assert verbs(desk, number).count("close") == 1
        assert desk.events(number)[-1]["actor"] is None

    def test_how_long_is_said_when_resolving_and_may_change(self, desk: Desk) -> None:
        number = desk.made("fix_in_progress")
        for days in (0, 366):
            with pytest.raises(Invalid):
                desk.move(number, "resolve", fix="Done", verification_days=days)
        desk.move(number, "resolve", fix="Done", verification_days=90)
        record = desk.problem.model.objects.get(number=number)
        assert record.verified_until == record.resolved_at + 90 * DAY
        desk.change(number, verification_days=10)
        with clock.held(record.resolved_at + 10 * DAY):
            delivery.drain()
        assert desk.see(number)["state"] == "closed"

    def test_an_incident_after_the_fix_reopens_it_and_the_history_says_so(self, desk: Desk) -> None:
        number = desk.made("resolved")
        with clock.held(clock.now() + 5 * DAY):
            incident = desk.caused(number)
        row = desk.see(number)
        assert (row["state"], row["reopen_count"]) == ("root_cause_analysis", 1)
        last = next(e for e in desk.events(number) if e["name"] == "problem.reanalyse")
        assert "happened again" in last["changes"]["reason"]["to"]
        link = next(e for e in desk.events(incident, desk.incident) if e["name"] == "incident.link")
        assert last["cause"] == link["id"]
        with clock.held(clock.now() + 60 * DAY):
            delivery.drain()
        assert desk.see(number)["state"] == "root_cause_analysis"

    def test_an_older_incident_is_only_found_late(self, desk: Desk) -> None:
        number = desk.made("fix_in_progress")
        old = desk.world.incident().number
        desk.move(number, "resolve", fix="Done")
        commands.link(desk.incident, old, "caused_by", number, desk.world.by("agn"))
        assert desk.see(number)["state"] == "resolved"

    def test_one_that_is_reopened_after_the_fix_reopens_it_and_counts_as_after(
        self, desk: Desk
    ) -> None:
        number = desk.made("fix_in_progress")
        waits, other = desk.waiting(number), desk.caused(number)
        commands.move(desk.incident, other, "resolve", SOLVED, desk.world.by("agn"))
        desk.move(number, "resolve", fix="Done")
        delivery.drain()
        assert queries.one(desk.incident, SETUP.actor, waits)["state"] == "resolved"
        still = Message("all", "Still broken")
        with clock.held(clock.now() + 2 * DAY):
            for incident in (waits, other):
                commands.move(
                    desk.incident, incident, "reopen", {}, desk.world.by("ra1"), message=still
                )
            delivery.drain()
        row = desk.see(number)
        assert (row["state"], row["reopen_count"]) == ("root_cause_analysis", 1)
        last = next(e for e in desk.events(number) if e["name"] == "problem.reanalyse")
        assert "reopened after the fix" in last["changes"]["reason"]["to"]
        assert last["changes"]["because"]["record"]["number"] == waits

    def test_a_reopening_of_before_the_next_fix_or_after_the_end_reopens_nothing(
        self, desk: Desk
    ) -> None:
        number = desk.made("fix_in_progress")
        incident = desk.waiting(number)
        desk.move(number, "resolve", fix="Done")
        delivery.drain()
        commands.move(desk.incident, incident, "reopen", {}, desk.world.by("agn"))
        desk.move(number, "reanalyse")
        desk.move(number, "resolve", fix="Done anew")
        delivery.drain()
        assert desk.see(number)["state"] == "resolved"
        desk.move(number, "close", by="mgr")
        commands.move(desk.incident, incident, "resolve", SOLVED, desk.world.by("agn"))
        commands.move(desk.incident, incident, "reopen", {}, desk.world.by("agn"))
        delivery.drain()
        assert desk.see(number)["state"] == "closed"

    def test_which_one_came_back_is_known_to_those_who_may_see_it(self, desk: Desk) -> None:
        number, hidden = desk.made("fix_in_progress"), desk.world.hidden_incident().number
        commands.link(desk.incident, hidden, "caused_by", number, desk.world.by("agh"))
        commands.move(desk.incident, hidden, "resolve", SOLVED, desk.world.by("agh"))
        desk.move(number, "resolve", fix="Done")
        commands.move(desk.incident, hidden, "reopen", {}, desk.world.by("agh"))
        delivery.drain()
        assert desk.see(number)["state"] == "root_cause_analysis"
        assert hidden in str(desk.events(number, by="agh"))
        assert hidden not in str(desk.events(number, by="agn"))

    def test_what_was_cancelled_reopens_nothing(self, desk: Desk) -> None:
        number = desk.made("resolved")
        late = desk.world.incident().number
        commands.move(desk.incident, late, "cancel", {}, desk.world.by("agn"))
        commands.link(desk.incident, late, "caused_by", number, desk.world.by("agn"))
        assert desk.see(number)["state"] == "resolved"

    def test_after_the_end_an_incident_reopens_nothing(self, desk: Desk) -> None:
        number = desk.made("resolved")
        with clock.held(clock.now() + 31 * DAY):
            delivery.drain()
            desk.caused(number)
        assert desk.see(number)["state"] == "closed"


class TestProof:
    def history(self, desk: Desk, before: int, after: int, known: int = 200) -> Any:
        """`known` is how many days ago the site had its first incident."""
        now = clock.now()
        with clock.held(now - known * DAY):
            desk.world.incident()
        with clock.held(now - 70 * DAY):
            number = desk.made("fix_in_progress")
            for _ in range(before):
                desk.caused(number)
        with clock.held(now - 35 * DAY):
            desk.move(number, "resolve", fix="Done")
        with clock.held(now - 2 * DAY):
            delivery.drain()
            for _ in range(after):
                desk.caused(number)
        return number

    def of(self, desk: Desk, number: str, by: str) -> Any:
        row = queries.one(desk.problem, desk.world.actor(by), number, python=True)
        actor = desk.world.actor(by)
        found = proof.of(actor, row, incidents(actor, row))
        return found and found.figures

    def test_many_before_and_none_after_is_proven(self, desk: Desk) -> None:
        found = self.of(desk, self.history(desk, 14, 0), "agn")
        assert (found.before.count, found.after.count, found.verdict) == (14, 0, "fewer")
        assert (found.before.weeks, round(found.after.weeks, 2)) == (12, 5)

    def test_few_before_prove_nothing(self, desk: Desk) -> None:
        assert self.of(desk, self.history(desk, 3, 0), "agn").verdict == "unproven"
        assert self.of(desk, self.history(desk, 1, 8), "agn").verdict == "more"

    def test_it_counts_nothing_its_reader_may_not_see(self, desk: Desk) -> None:
        number = self.history(desk, 2, 0)
        hidden = desk.world.hidden_incident().number
        commands.link(desk.incident, hidden, "caused_by", number, desk.world.by("agh"))
        assert self.of(desk, number, "agn").after.count == 0
        assert self.of(desk, number, "agh").after.count == 1

    def test_before_is_no_longer_than_there_are_incidents_at_all(self, desk: Desk) -> None:
        found = self.of(desk, self.history(desk, 3, 0, known=77), "agn")
        assert (found.before.count, round(found.before.weeks, 2)) == (3, 6)

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize("known", [70, 35])
    def test_the_one_it_begins_with_does_not_count(self, desk: Desk, known: int) -> None:
        found = self.of(desk, self.history(desk, 3, 0, known=known), "agn")
        assert (found.before.count, round(found.before.weeks, 2)) == (0, 5)

    def test_what_came_of_the_last_fix_is_said_while_the_next_is_looked_for(
        self, desk: Desk
    ) -> None:
        number, actor = self.history(desk, 3, 2), desk.world.actor("agn")
        desk.move(number, "reanalyse")
        row = queries.one(desk.problem, actor, number, python=True)
        found = proof.of(actor, row, incidents(actor, row))
        assert found is not None and found.figures is not None
        assert (found.verdict, found.since, found.is_current) == ("failed", 2, False)
        assert found.figures.before.count == 3
        desk.move(number, "cancel")
        row = queries.one(desk.problem, actor, number, python=True)
        assert proof.of(actor, row, incidents(actor, row)) is None

    def test_what_was_cancelled_counts_nowhere_and_what_was_reopened_as_after(
        self, desk: Desk
    ) -> None:
        number = self.history(desk, 3, 3)
        found = self.linked(desk, number)
        for at in (0, -1):
            commands.move(desk.incident, found[at], "cancel", {}, desk.world.by("agn"))
        commands.move(desk.incident, found[1], "resolve", SOLVED, desk.world.by("agn"))
        commands.move(desk.incident, found[1], "reopen", {}, desk.world.by("agn"))
        told = self.of(desk, number, "agn")
        assert (told.before.count, told.after.count) == (2, 3)

    def linked(self, desk: Desk, number: str) -> list[str]:
        rows = incidents(SETUP.actor, desk.see(number))
        return [row["number"] for row in reversed(rows)]

    def test_there_is_none_without_a_fix(self, desk: Desk) -> None:
        for state in ("root_cause_analysis", "resolved"):
            assert self.of(desk, desk.made(state), "agn") is None


def accepted(desk: Desk, until: date, by: str = "adm", **more: Any) -> str:
    number = desk.made("root_cause_analysis", **CAUSE)
    incident = desk.waiting(number)
    risk = {
        "risk_owner": desk.world.number("mgr"),
        "risk_until": until.isoformat(),
        "risk_reason": "The gateway is replaced in spring",
    }
    desk.move(number, "accept_risk", by=by, **risk | more)
    delivery.drain()
    assert queries.one(desk.incident, SETUP.actor, incident)["state"] == "in_progress"
    return number


class TestAcceptedRisk:
    def test_it_comes_back_when_it_expires_never_before_and_once(self, desk: Desk) -> None:
        until = (clock.now() + 20 * DAY).date()
        number = accepted(desk, until)
        row = desk.see(number)
        assert (row["state"], row["resolution_code"]) == ("closed", "risk_accepted")
        with clock.held(end_of(until) - timedelta(seconds=1)):
            delivery.drain()
            assert desk.see(number)["state"] == "closed"
        with clock.held(end_of(until)):
            delivery.drain()
            delivery.drain()
        row = desk.see(number)
        assert (row["state"], row["risk_owner"], row["risk_until"]) == (
            "root_cause_analysis",
            None,
            None,
        )
        assert verbs(desk, number).count("reanalyse") == 1
        last = desk.events(number)[-1]["changes"]
        for named in (until.isoformat(), "Person mgr", "replaced in spring"):
            assert named in last["reason"]["to"]
        assert last["risk_owner"]["from"]["number"] == desk.world.number("mgr")

    def test_it_has_an_owner_a_reason_and_an_end_that_is_to_come(self, desk: Desk) -> None:
        for given in ({"risk_owner": None}, {"risk_reason": ""}):
            with pytest.raises(Incomplete):
                accepted(desk, (clock.now() + DAY).date(), **given)
        for days in (0, -1):
            with pytest.raises(Invalid, match="to come"):
                accepted(desk, (clock.now() + days * DAY).date())

    def test_its_owner_is_told_when_it_is_theirs_and_when_it_comes_back(self, desk: Desk) -> None:
        until = (clock.now() + 20 * DAY).date()
        number = accepted(desk, until)
        assert self.inbox(desk, "mgr") == [(number, "answerable", 1)]
        assert self.inbox(desk, "adm") == self.inbox(desk, "lead") == []
        with clock.held(end_of(until)):
            delivery.drain()
        assert self.inbox(desk, "mgr") == [(number, "answerable", 2)]

    def test_whom_it_passes_from_and_to_is_told(self, desk: Desk) -> None:
        number = accepted(desk, (clock.now() + 20 * DAY).date())
        desk.change(number, by="adm", risk_owner=desk.world.number("chm"))
        delivery.drain()
        assert self.inbox(desk, "mgr") == [(number, "answerable", 2)]
        assert self.inbox(desk, "chm") == [(number, "answerable", 1)]

    def inbox(self, desk: Desk, name: str) -> list[tuple[str, str, int]]:
        items, _next = telling.page(desk.world.actor(name), "needs")
        return [(item.number, item.kind.name, item.count) for item in items]

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize("owner", ["ra1", "ven"])
    def test_its_owner_is_somebody_who_may_see_it(self, desk: Desk, owner: str) -> None:
        with pytest.raises(Invalid, match="may not see this"):
            accepted(desk, (clock.now() + 20 * DAY).date(), risk_owner=desk.world.number(owner))
        assert not Event.objects.filter(name="problem.accept_risk").exists()

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize(
        ("name", "refusal"), [("ra1", Missing), ("aud", Denied), ("ven", Missing), ("agn", Denied)]
    )
    def test_who_answers_for_a_team_accepts_it_and_nobody_below(
        self, desk: Desk, name: str, refusal: type[Exception]
    ) -> None:
        until = (clock.now() + 20 * DAY).date()
        with pytest.raises(refusal):
            accepted(desk, until, by=name)
        number = accepted(desk, until, by="lead")
        events = Event.objects.count()
        with pytest.raises(Invalid, match="who may accept"):
            desk.change(number, risk_until=(until + 10 * DAY).isoformat())
        assert Event.objects.count() == events

    def test_another_end_moves_the_coming_back(self, desk: Desk) -> None:
        until = (clock.now() + 20 * DAY).date()
        number = accepted(desk, until)
        desk.change(number, by="mgr", risk_until=(until + 10 * DAY).isoformat())
        with clock.held(end_of(until)):
            delivery.drain()
            assert desk.see(number)["state"] == "closed"
        with clock.held(end_of(until + 10 * DAY)):
            delivery.drain()
        assert desk.see(number)["state"] == "root_cause_analysis"

    def test_taken_up_by_hand_it_comes_back_no_more(self, desk: Desk) -> None:
        until = (clock.now() + 20 * DAY).date()
        number = accepted(desk, until)
        desk.move(number, "reanalyse")
        with clock.held(end_of(until)):
            delivery.drain()
        assert verbs(desk, number).count("reanalyse") == 1

    def test_those_who_work_on_its_incidents_are_told_why_and_callers_are_not(
        self, desk: Desk
    ) -> None:
        number = desk.made("root_cause_analysis", **CAUSE)
        incident = desk.caused(number)
        until = (clock.now() + DAY).date().isoformat()
        risk = {"risk_owner": desk.world.number("mgr"), "risk_until": until, "risk_reason": "CNRY"}
        desk.move(number, "accept_risk", by="mgr", **risk)
        [note] = desk.said(incident, by="agn")
        assert note["visibility"] == "internal" and "CNRY" in note["text"]
        assert desk.said(incident) == []


class TestDuplicates:
    def test_its_incidents_move_over_and_it_closes(self, desk: Desk) -> None:
        number, other = desk.made("assess"), desk.made("root_cause_analysis")
        moved = {desk.caused(number), desk.caused(number)}
        duplicate(number, other, desk.world.by("agn"))
        delivery.drain()
        row = desk.see(number)
        assert (row["state"], row["resolution_code"]) == ("closed", "duplicate")
        agent = desk.world.actor("agn")
        there = queries.linked(desk.incident, agent, desk.see(other).facts.id, "caused_by")
        assert {each["number"] for each in there} == moved
        assert queries.linked(desk.incident, agent, row.facts.id, "caused_by") == []
        told = str(desk.events(moved.pop(), desk.incident))
        assert number in told and other in told
        assert {link["number"] for link in queries.links(agent, row)} == {other}

    def test_analysed_again_it_is_one_of_its_own(self, desk: Desk) -> None:
        number, other = desk.made("assess"), desk.made("assess")
        incident = desk.caused(number)
        duplicate(number, other, desk.world.by("agn"))
        delivery.drain()
        desk.move(number, "reanalyse")
        row = desk.see(number)
        assert (row["state"], row["resolution_code"]) == ("root_cause_analysis", "")
        assert queries.links(SETUP.actor, row) == []
        found = queries.one(desk.incident, SETUP.actor, incident)
        [cause] = queries.linked(
            desk.problem, SETUP.actor, found.facts.id, "caused_by", towards="target"
        )
        assert cause["number"] == other
        assert {"duplicate", "reanalyse", "unlink"} <= set(verbs(desk, number))

    def test_two_are_not_each_others(self, desk: Desk) -> None:
        number, other = desk.made("assess"), desk.made("assess")
        duplicate(number, other, desk.world.by("agn"))
        events = Event.objects.count()
        for key, of in ((other, number), (other, other), (other, "PRB-99999")):
            with pytest.raises(Invalid):
                duplicate(key, of, desk.world.by("agn"))
        with pytest.raises(Invalid, match="no problem"):
            late = desk.world.incident().number
            events += 1
            commands.link(desk.incident, late, "caused_by", number, desk.world.by("agn"))
        by_hand = (commands.link, other, number), (commands.unlink, number, other)
        for act, key, of in by_hand:
            with pytest.raises(Invalid):
                act(desk.problem, key, "duplicates", of, desk.world.by("agn"))
        assert Event.objects.count() == events

    def test_a_hidden_problem_is_as_good_as_none(self, desk: Desk) -> None:
        hidden = desk.made(by="agh", team=desk.world.teams["hr"], title="CNRY-payslips")
        number = desk.made("assess")
        with pytest.raises(Invalid) as refused:
            duplicate(number, hidden, desk.world.by("agn"))
        with pytest.raises(Invalid) as missing:
            duplicate(number, "PRB-99999", desk.world.by("agn"))
        assert str(refused.value).replace(hidden, "x") == str(missing.value).replace(
            "PRB-99999", "x"
        )
        duplicate(number, hidden, desk.world.by("agh"))
        delivery.drain()
        row = desk.see(number, by="agn")
        assert queries.links(desk.world.actor("agn"), row) == []
        assert "CNRY" not in str(desk.events(number, by="agn")) + str(row)

    @pytest.mark.parametrize(
        ("name", "refusal"), [("ra1", Missing), ("aud", Denied), ("ven", Missing)]
    )
    def test_others_may_not(self, desk: Desk, name: str, refusal: type[Exception]) -> None:
        number, other = desk.made("assess"), desk.made("assess")
        events = Event.objects.count()
        with pytest.raises(refusal):
            duplicate(number, other, desk.world.by(name))
        assert Event.objects.count() == events
