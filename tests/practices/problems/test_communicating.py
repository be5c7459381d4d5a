"""What a problem's team finds out reaches every caller it concerns, once, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.notices import commands as notices
from mainstay.practices.incidents import causes
from mainstay.practices.problems.commands import communicate, duplicate
from mainstay.records import clock, commands, delivery, queries
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.models import Event, Pending
from mainstay.records.reactions import Reaction, later_for
from mainstay.records.types import Message, shelf
from tests.practices.problems.conftest import CAUSE, Desk
from tests.world import SETUP

pytestmark = pytest.mark.django_db
NOTICE = {"title": "The mail is down", "text": "We know."}
AROUND = "Use the **other** gateway"
FOR_A_PROBLEM = {"waiting_for": "problem"}
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}


def known(desk: Desk) -> str:
    return desk.made("root_cause_analysis", **CAUSE, workaround=AROUND)


def tell(
    desk: Desk, number: str, about: str = "workaround", text: str = "", by: str = "agn"
) -> Any:
    return communicate(number, about, text, desk.world.by(by))


def by_mainstay(desk: Desk, incident: str, reader: str = "ra1") -> list[str]:
    return [e["text"] for e in desk.said(incident, by=reader) if e["author"] is None]


def test_every_open_incident_is_told_in_public_and_history_has_both_sides(desk: Desk) -> None:
    number = known(desk)
    first, second, other = desk.caused(number), desk.caused(number), desk.world.incident().number
    event = tell(desk, number)
    for incident in (first, second):
        [said] = by_mainstay(desk, incident)
        assert said.endswith(AROUND) and number not in said
        last = next(
            e for e in desk.events(incident, desk.incident) if e["name"] == "incident.reply"
        )
        assert (last["name"], last["cause"]) == ("incident.reply", event.pk)
        assert last["changes"]["problem"]["record"]["number"] == number
        assert number not in str(desk.events(incident, desk.incident, by="ra1"))
    assert by_mainstay(desk, other) == []
    assert "problem.communicate_workaround" in [e["name"] for e in desk.events(number)]


def test_what_is_told_is_what_was_written_then(desk: Desk) -> None:
    number = known(desk)
    incident = desk.caused(number)
    tell(desk, number, text="Choose the second entry in the list")
    desk.change(number, workaround="Something else")
    [said] = by_mainstay(desk, incident)
    assert said.endswith("Choose the second entry in the list")


def test_what_is_closed_or_cancelled_is_left_alone(desk: Desk) -> None:
    number = known(desk)
    solved, cancelled = desk.caused(number), desk.caused(number)
    commands.move(desk.incident, solved, "resolve", SOLVED, desk.world.by("agn"))
    commands.move(desk.incident, cancelled, "cancel", {}, desk.world.by("agn"))
    tell(desk, number)
    assert by_mainstay(desk, solved) == by_mainstay(desk, cancelled) == []


def test_heard_twice_is_told_once(desk: Desk) -> None:
    number = known(desk)
    incident = desk.caused(number)
    event = tell(desk, number)
    delivery.drain()
    Pending.objects.create(event=event, record_id=event.record_id, shard=event.record_id % 16)
    assert len(by_mainstay(desk, incident)) == 1


def test_sent_twice_is_told_once_but_reaches_who_came_since(desk: Desk) -> None:
    number = known(desk)
    first = desk.caused(number)
    tell(desk, number)
    delivery.drain()
    second = desk.caused(number)
    tell(desk, number)
    assert len(by_mainstay(desk, first)) == len(by_mainstay(desk, second)) == 1
    tell(desk, number, text="A better way")
    assert len(by_mainstay(desk, first)) == 2


def test_one_that_fails_stops_no_other_and_is_told_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = known(desk)
    first, second = desk.caused(number), desk.caused(number)
    event, real = tell(desk, number), commands.note_on

    def fails(rtype: Any, record: Any, *args: Any, **more: Any) -> Any:
        if record.number == second:
            raise RuntimeError("not now")
        return real(rtype, record, *args, **more)

    monkeypatch.setattr(causes.commands, "note_on", fails)
    delivery.drain()
    assert len(by_mainstay(desk, first)) == 1
    assert Event.objects.filter(cause=event).count() == 1
    monkeypatch.undo()
    Pending.objects.update(due_at=None)
    assert len(by_mainstay(desk, first)) == len(by_mainstay(desk, second)) == 1


def test_it_reaches_an_incident_whoever_tells_may_not_see(desk: Desk) -> None:
    """The push is an act of the problem's team: a caller of HR's is told, and the agent learns of none."""
    number = known(desk)
    hidden = desk.world.hidden_incident().number
    commands.link(desk.incident, hidden, "caused_by", number, desk.world.by("agh"))
    tell(desk, number)
    assert len(by_mainstay(desk, hidden, reader="ra2")) == 1
    actor = desk.world.actor("agn")
    assert queries.linked(desk.incident, actor, desk.see(number).facts.id, "caused_by") == []
    assert hidden not in str(desk.events(number, by="agn"))


def test_it_stands_on_notices_where_that_is_wanted_and_theirs_to_write(desk: Desk) -> None:
    """For those who have it and did not ask."""
    number, hidden = known(desk), desk.world.hidden_incident().number
    commands.link(desk.incident, hidden, "caused_by", number, desk.world.by("agh"))
    seen = desk.caused(number)
    published = {
        incident: notices.publish(desk.incident, incident, NOTICE, desk.world.by(who)).number
        for incident, who in ((seen, "agn"), (hidden, "agh"))
    }

    def texts() -> list[str]:
        delivery.drain()
        actor = desk.world.actor("adm")
        return [
            queries.one(shelf.type("notice"), actor, each, names=("text",))["text"]
            for each in published.values()
        ]

    tell(desk, number)
    assert texts() == ["We know.", "We know."]
    communicate(number, "workaround", "", desk.world.by("agn"), on_notices=True)
    first, second = texts()
    assert first.startswith("We know.") and first.endswith(AROUND) and second == "We know."
    event = Event.objects.filter(name="problem.communicate_workaround").last()
    assert event is not None
    delivery.run(event, Reaction("problem.*", causes.tell_on_notices))
    assert texts() == [first, "We know."]


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("ra1", Missing), ("rb1", Missing), ("agb", Missing), ("aud", Denied), ("ven", Missing)],
)
def test_others_tell_nobody_anything(desk: Desk, name: str, refusal: type[Exception]) -> None:
    number = known(desk)
    incident = desk.caused(number)
    events = Event.objects.count()
    with pytest.raises(refusal):
        tell(desk, number, text="Send me your password", by=name)
    assert Event.objects.count() == events
    assert by_mainstay(desk, incident) == []


def test_nothing_is_told_where_nothing_is_known(desk: Desk) -> None:
    number = desk.made("root_cause_analysis")
    with pytest.raises(Invalid):
        tell(desk, number, text="Just wait")
    with pytest.raises(Invalid):
        tell(desk, number, about="cause")
    desk.move(number, "cancel")
    with pytest.raises(Invalid, match="over"):
        tell(desk, number)


def test_a_reply_of_mainstays_ends_no_waiting_for_the_caller(desk: Desk) -> None:
    number = known(desk)
    incident = desk.caused(number)
    question = Message("all", "Which client?")
    given = {"waiting_for": "caller"}
    commands.move(desk.incident, incident, "hold", given, desk.world.by("agn"), message=question)
    tell(desk, number)
    delivery.drain()
    assert queries.one(desk.incident, SETUP.actor, incident)["waiting_for"] == "caller"


class TestResolvingWithTheProblem:
    def test_what_waits_for_it_is_resolved_with_it_and_its_caller_told(self, desk: Desk) -> None:
        number = desk.made("fix_in_progress")
        waits, works = desk.waiting(number), desk.caused(number)
        desk.move(number, "resolve", fix="CNRY-internal words")
        said = by_mainstay(desk, waits)
        row = queries.one(desk.incident, SETUP.actor, waits)
        assert (row["state"], row["close_code"]) == ("resolved", "resolved_by_problem")
        mine = queries.one(desk.incident, desk.world.actor("ra1"), waits)
        assert (mine["state"], mine["close_code"]) == ("resolved", None), (
            "a caller knows of no problem"
        )
        assert len(said) == 1 and "CNRY" not in str(said) + row["resolution"]
        assert queries.one(desk.incident, SETUP.actor, works)["state"] == "new"
        assert by_mainstay(desk, works) == []

    def test_its_caller_may_still_object(self, desk: Desk) -> None:
        number = desk.made("fix_in_progress")
        waits = desk.waiting(number)
        desk.move(number, "resolve", fix="Interval set")
        delivery.drain()
        text = Message("all", "It is not")
        commands.move(desk.incident, waits, "reopen", {}, desk.world.by("ra1"), message=text)
        say(desk.incident, waits, text, desk.world.by("ra1"))
        delivery.drain()
        assert queries.one(desk.incident, SETUP.actor, waits)["state"] == "in_progress"

    def test_not_while_another_open_problem_causes_it_too(self, desk: Desk) -> None:
        number, other = desk.made("fix_in_progress"), desk.made("root_cause_analysis")
        waits = desk.waiting(number)
        commands.link(desk.incident, waits, "caused_by", other, desk.world.by("agn"))
        desk.move(number, "resolve", fix="Interval set")
        delivery.drain()
        assert queries.one(desk.incident, SETUP.actor, waits)["state"] == "on_hold"
        desk.move(other, "resolve", **CAUSE, fix="Interval set")
        delivery.drain()
        assert queries.one(desk.incident, SETUP.actor, waits)["state"] == "resolved"

    def test_not_when_the_problem_was_taken_up_again_before_the_worker_heard(
        self, desk: Desk
    ) -> None:
        number = desk.made("fix_in_progress")
        waits = desk.waiting(number)
        desk.move(number, "resolve", fix="Interval set")
        desk.move(number, "reanalyse")
        delivery.drain()
        assert queries.one(desk.incident, SETUP.actor, waits)["state"] == "on_hold"


class TestWaitingNoMore:
    """Nothing stays on hold for a problem that will never be solved, and those who work on it read why."""

    def now(self, desk: Desk, incident: str) -> tuple[str, list[str]]:
        delivery.drain()
        state = str(queries.one(desk.incident, SETUP.actor, incident)["state"])
        told = [e["text"] for e in desk.said(incident, by="agn") if e["visibility"] == "internal"]
        assert not [t for t in told if t in str(desk.said(incident))]
        return state, told

    def moved(self, desk: Desk, incident: str) -> list[str]:
        names = (e["name"].split(".")[1] for e in desk.events(incident, desk.incident))
        return [name for name in names if name in ("resume", "resolve")]

    @pytest.mark.parametrize("way", ["cancel", "accept_risk", "unlink", "remove"])
    def test_what_waits_is_resumed_with_the_reason(self, desk: Desk, way: str) -> None:
        number = desk.made("root_cause_analysis", **CAUSE)
        waits = desk.waiting(number)
        delivery.drain()
        told = self.end(desk, number, waits, way)
        state, notes = self.now(desk, waits)
        assert state == "in_progress"
        assert len(notes) == 1 and told in notes[0]
        assert self.moved(desk, waits) == ["resume"]

    @pytest.mark.parametrize("way", ["cancel", "accept_risk", "unlink", "remove"])
    def test_one_reason_is_enough_where_its_waiting_is_heard_of_after_that(
        self, desk: Desk, way: str
    ) -> None:
        """The worker hears of each record in order, and of two records in any."""
        number = desk.made("root_cause_analysis", **CAUSE)
        waits = desk.waiting(number)
        told = self.end(desk, number, waits, way)
        held = Event.objects.get(name="incident.hold")
        delivery.run(held, Reaction("incident.hold", causes.look_whether_it_waits))
        state, notes = self.now(desk, waits)
        assert state == "in_progress"
        assert len(notes) == 1 and told in notes[0]
        assert self.moved(desk, waits) == ["resume"]

    @pytest.mark.sqlite_only
    def test_one_that_is_linked_to_an_accepted_risk_is_told_that_it_waits_for_nothing(
        self, desk: Desk
    ) -> None:
        number, late = desk.made("root_cause_analysis", **CAUSE), desk.world.incident().number
        self.end(desk, number, late, "accept_risk")
        delivery.drain()
        commands.move(desk.incident, late, "hold", FOR_A_PROBLEM, desk.world.by("agn"))
        commands.link(desk.incident, late, "caused_by", number, desk.world.by("agn"))
        state, [told] = self.now(desk, late)
        assert state == "in_progress" and "open any more" in told

    @pytest.mark.sqlite_only
    @pytest.mark.parametrize("way", ["cancel", "accept_risk", "unlink", "remove"])
    def test_it_is_resolved_where_another_cause_was_fixed(self, desk: Desk, way: str) -> None:
        fixed, other = desk.made("fix_in_progress"), desk.made("root_cause_analysis", **CAUSE)
        waits = desk.waiting(fixed)
        commands.link(desk.incident, waits, "caused_by", other, desk.world.by("agn"))
        desk.move(fixed, "resolve", fix="Interval set")
        assert self.now(desk, waits)[0] == "on_hold"
        self.end(desk, other, waits, way)
        assert self.now(desk, waits)[0] == "resolved"
        assert self.moved(desk, waits) == ["resolve"]

    def end(self, desk: Desk, number: str, waits: str, way: str) -> str:
        """What happens to the problem, and a part of what is told of it."""
        if way == "unlink":
            commands.unlink(desk.incident, waits, "caused_by", number, desk.world.by("agn"))
            return "not linked"
        if way == "remove":
            commands.remove(desk.problem, number, desk.world.by("adm"))
            return "removed"
        risk = {
            "risk_owner": desk.world.number("mgr"),
            "risk_until": (clock.now() + timedelta(days=9)).date().isoformat(),
            "risk_reason": "Replaced in spring",
        }
        desk.move(number, way, by="mgr", **(risk if way == "accept_risk" else {}))
        return "cancelled" if way == "cancel" else "risk"

    def test_while_another_problem_is_open_it_waits_on(self, desk: Desk) -> None:
        number, other = desk.made("root_cause_analysis"), desk.made("assess")
        waits = desk.waiting(number)
        commands.link(desk.incident, waits, "caused_by", other, desk.world.by("agn"))
        desk.move(number, "cancel")
        assert self.now(desk, waits) == ("on_hold", [])

    def test_it_waits_on_where_the_right_cause_is_linked_before_the_wrong_one_is_taken_away(
        self, desk: Desk
    ) -> None:
        wrong, right = desk.made("assess"), desk.made("fix_in_progress")
        waits, agent = desk.waiting(wrong), desk.world.by("agn")
        delivery.drain()
        commands.link(desk.incident, waits, "caused_by", right, agent)
        commands.unlink(desk.incident, waits, "caused_by", wrong, agent)
        assert self.now(desk, waits) == ("on_hold", [])
        assert self.moved(desk, waits) == []
        desk.move(right, "resolve", fix="Interval set")
        assert self.now(desk, waits)[0] == "resolved"

    def test_a_duplicates_incidents_wait_for_the_other_problem(self, desk: Desk) -> None:
        number, other = desk.made("assess"), desk.made("fix_in_progress")
        third = desk.made("assess")
        waits = desk.waiting(number)
        commands.link(desk.incident, waits, "caused_by", third, desk.world.by("agn"))
        duplicate(number, other, desk.world.by("agn"))
        desk.move(third, "cancel")
        assert self.now(desk, waits) == ("on_hold", [])
        desk.move(other, "resolve", fix="Interval set")
        assert self.now(desk, waits)[0] == "resolved"

    @pytest.mark.sqlite_only
    def test_a_duplicate_of_what_was_fixed_meanwhile(self, desk: Desk) -> None:
        number, other = desk.made("assess"), desk.made("fix_in_progress")
        waits = desk.waiting(number)
        duplicate(number, other, desk.world.by("agn"))
        desk.move(other, "resolve", fix="Interval set")
        assert self.now(desk, waits)[0] == "resolved"

    def test_nor_is_it_resumed_where_it_is_heard_before_its_problem(self, desk: Desk) -> None:
        """The worker keeps the order of one record; which record it comes to first nobody knows."""
        number, other = desk.made("assess"), desk.made("fix_in_progress")
        waits = desk.waiting(number)
        duplicate(number, other, desk.world.by("agn"))
        key = queries.one(desk.incident, SETUP.actor, waits).facts.id
        for event in Event.objects.filter(record_id=key).order_by("id"):
            for reaction in later_for(event.name):
                delivery.run(event, reaction)
        assert queries.one(desk.incident, SETUP.actor, waits)["state"] == "on_hold"
        desk.move(other, "resolve", fix="Interval set")
        assert self.now(desk, waits)[0] == "resolved"

    def test_one_that_is_linked_right_after_the_fix_is_resolved(self, desk: Desk) -> None:
        number, old = desk.made("fix_in_progress"), desk.world.incident().number
        commands.move(desk.incident, old, "hold", FOR_A_PROBLEM, desk.world.by("agn"))
        assert self.now(desk, old) == ("on_hold", [])
        desk.move(number, "resolve", fix="Interval set")
        commands.link(desk.incident, old, "caused_by", number, desk.world.by("agn"))
        assert self.now(desk, old)[0] == "resolved"
        assert desk.see(number)["state"] == "resolved"

    def test_what_came_after_a_fix_that_is_verified_is_not_solved_by_it(self, desk: Desk) -> None:
        number = desk.made("resolved")
        desk.move(number, "close", by="mgr")
        late = desk.world.incident().number
        commands.move(desk.incident, late, "hold", FOR_A_PROBLEM, desk.world.by("agn"))
        commands.link(desk.incident, late, "caused_by", number, desk.world.by("agn"))
        state, [told] = self.now(desk, late)
        assert state == "in_progress" and "open any more" in told

    @pytest.mark.sqlite_only
    def test_nothing_waits_for_what_is_over(self, desk: Desk) -> None:
        number = desk.made("fix_in_progress")
        works = desk.caused(number)
        desk.move(number, "resolve", fix="Interval set")
        events = Event.objects.count()
        with pytest.raises(Invalid, match="open any more"):
            commands.move(desk.incident, works, "hold", FOR_A_PROBLEM, desk.world.by("agn"))
        assert Event.objects.count() == events

    def test_heard_twice_it_ends_once(self, desk: Desk) -> None:
        number = desk.made("assess")
        waits = desk.waiting(number)
        desk.move(number, "cancel")
        delivery.drain()
        commands.move(desk.incident, waits, "hold", {"waiting_for": "vendor"}, desk.world.by("agn"))
        event = Event.objects.get(name="problem.cancel")
        Pending.objects.create(event=event, record_id=event.record_id, shard=event.record_id % 16)
        assert self.now(desk, waits)[0] == "on_hold"


def test_what_would_not_fit_behind_its_opening_is_refused_at_once(desk: Desk) -> None:
    number = known(desk)
    incident = desk.caused(number)
    with pytest.raises(Invalid, match="characters"):
        tell(desk, number, text="x" * 49_001)
    tell(desk, number, text="x" * 49_000)
    assert len(by_mainstay(desk, incident)) == 1
