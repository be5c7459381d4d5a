"""Whom an event concerns: each kind, never one's own act, never what one may not see, one entry for fifty changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.telling import commands as telling
from mainstay.capabilities.telling import queries, reactions
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.directory import commands as directory
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import bulk, clock, commands, delivery, undoing
from mainstay.records.models import Event, Timer
from mainstay.records.types import Message, shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}
INCIDENT = shelf.type("incident")


def told(world: World, name: str, view: str = "needs") -> list[tuple[str, str, int]]:
    """What stands in somebody's inbox: record, kind, how often."""
    items, _next = queries.page(world.actor(name), view)
    return [(item.number, item.kind.name, item.count) for item in items]


def assigned(world: World, to: str = "agn", **data: Any) -> Any:
    """An incident of RA1 that somebody has, with nothing told so far."""
    record = world.incident(team=world.teams["net"], assignee=world.number(to), by="adm",
                            requester=world.number("ra1"), **data)  # fmt: skip
    delivery.drain()
    InboxEntry.objects.all().delete()
    return record


def reply(world: World, record: Any, who: str, text: str = "Word", audience: str = "all") -> None:
    door = "portal" if who.startswith("r") else "web"
    say(INCIDENT, record.number, Message(audience, text), world.by(who, door))
    delivery.drain()


def test_who_is_assigned_is_told_and_who_assigned_is_not(world: World) -> None:
    record = world.incident(by="adm", team=world.teams["desk"])
    delivery.drain()
    InboxEntry.objects.all().delete()
    data = {"team": world.teams["net"], "assignee": world.number("agn")}
    commands.change(INCIDENT, record.number, data, world.by("lead"))
    delivery.drain()
    assert told(world, "agn") == [(record.number, "assigned", 1)]
    assert told(world, "lead") == told(world, "lead", "info") == []


def test_taking_it_oneself_is_no_news(world: World) -> None:
    record = assigned(world, "lead")
    commands.change(INCIDENT, record.number, {"assignee": world.number("agn")}, world.by("agn"))
    delivery.drain()
    assert told(world, "agn") == told(world, "agn", "info") == []
    assert told(world, "lead", "info") == [(record.number, "watched", 1)]


def test_what_mainstay_assigned_is_told(world: World) -> None:
    record = world.incident()
    delivery.drain()
    record.refresh_from_db()
    [name] = [n for n, p in world.people.items() if p.id == record.assignee_id]
    assert told(world, name) == [(record.number, "assigned", 1)]


def test_an_answer_of_the_caller_is_for_whoever_has_it(world: World) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    assert told(world, "agn") == [(record.number, "answered", 1)]
    assert told(world, "ra1") == told(world, "agm") == []


def test_a_file_is_an_answer_and_an_internal_one_is_none_to_the_caller(world: World) -> None:
    record = assigned(world)
    attach = INCIDENT.offer("attach")
    assert attach
    attach(INCIDENT, record.number, "a.txt", [b"x"], "all", world.by("ra1", "portal"))
    delivery.drain()
    assert told(world, "agn") == [(record.number, "answered", 1)]
    attach(INCIDENT, record.number, "b.txt", [b"y"], "internal", world.by("agn", "web"))
    delivery.drain()
    assert told(world, "ra1", "info") == []
    attach(INCIDENT, record.number, "c.txt", [b"z"], "all", world.by("agn", "web"))
    delivery.drain()
    assert told(world, "ra1", "info") == [(record.number, "progress", 1)]


def test_what_only_private_fields_hold_is_no_news_to_who_may_not_read_them(world: World) -> None:
    record = assigned(world)
    telling.watch(INCIDENT, record.number, world.by("ra1"))
    item = commands.create(shelf.type("item"), {"title": "vpn-gw"}, SETUP)
    commands.change(INCIDENT, record.number, {"item": item.number}, world.by("lead"))
    delivery.drain()
    assert told(world, "agn", "info") == [(record.number, "watched", 1)]
    assert told(world, "ra1", "info") == []
    undoing.take_back(INCIDENT, record.number, Event.objects.latest("pk").pk, world.by("lead"))
    delivery.drain()
    assert told(world, "agn", "info") == [(record.number, "watched", 2)]
    assert told(world, "ra1", "info") == []


def test_an_answer_nobody_has_is_for_the_team(world: World) -> None:
    record = assigned(world)
    commands.change(INCIDENT, record.number, {"assignee": None}, world.by("agn"))
    delivery.drain()
    InboxEntry.objects.all().delete()
    reply(world, record, "ra1")
    for name in ("agn", "agm", "lead"):
        assert told(world, name, "info") == [(record.number, "untaken", 1)], name
    assert told(world, "agd", "info") == []


def test_the_caller_is_told_answers_but_no_notes(world: World) -> None:
    record = assigned(world)
    reply(world, record, "agn", "Between us", "internal")
    assert told(world, "ra1", "info") == told(world, "ra1") == []
    reply(world, record, "agn", "We look at it")
    assert told(world, "ra1", "info") == [(record.number, "progress", 1)]


def test_waiting_for_the_caller_needs_them_until_it_waits_no_more(world: World) -> None:
    record = assigned(world)
    message = Message("all", "Which version?")
    commands.move(INCIDENT, record.number, "hold", {"waiting_for": "caller"}, world.by("agn"),
                  message=message)  # fmt: skip
    delivery.drain()
    assert told(world, "ra1") == [(record.number, "waiting", 1)]
    commands.move(INCIDENT, record.number, "resume", {}, world.by("agn"))
    assert told(world, "ra1") == []
    assert told(world, "ra1", "info") == [(record.number, "waiting", 1)]


def test_a_solution_asks_the_caller_whether_it_works(world: World) -> None:
    record = assigned(world)
    commands.move(INCIDENT, record.number, "resolve", SOLVED, world.by("agn"))
    delivery.drain()
    assert told(world, "ra1") == [(record.number, "solved", 1)]
    commands.move(INCIDENT, record.number, "confirm", {}, world.by("ra1", "portal"))
    delivery.drain()
    assert told(world, "ra1") == told(world, "ra1", "info") == []
    assert told(world, "agn", "info") == [(record.number, "watched", 1)]


def test_a_cancelled_one_is_told_to_its_caller(world: World) -> None:
    record = assigned(world)
    commands.move(INCIDENT, record.number, "cancel", {}, world.by("agn"))
    delivery.drain()
    assert told(world, "ra1", "info") == [(record.number, "progress", 1)]


@pytest.mark.parametrize(
    ("text", "hears"),
    [
        ("@agd please", True),
        ("Please, @AGD.", True),
        ("(@agd)", True),
        ("agd@example.org wrote", False),
        ("me@agd.example", False),
        ("@agdx", False),
    ],
)
def test_who_is_mentioned(world: World, text: str, hears: bool) -> None:
    record = assigned(world)
    reply(world, record, "agn", text, "internal")
    expected = [(record.number, "mentioned", 1)] if hears else []
    assert told(world, "agd") == expected


@pytest.mark.attack("B03", "B19")
def test_nobody_hears_of_what_they_may_not_see(world: World) -> None:
    record = assigned(world)
    reply(world, record, "agn", "@ra1 @ra2 @rb1 @agb between us", "internal")
    reply(world, record, "agn", "@ra2 @rb1 @agb for all")
    for name in ("ra2", "rb1", "agb"):
        assert not InboxEntry.objects.filter(person=world.people[name]).exists(), name
    assert told(world, "ra1", "info") == [(record.number, "progress", 1)]
    hidden = world.hidden_incident()
    delivery.drain()
    say(INCIDENT, hidden.number, Message("internal", "@agn @mgr look"), world.by("agh"))
    delivery.drain()
    assert not InboxEntry.objects.filter(
        record_id=hidden.id, person__in=[world.people[n].id for n in ("agn", "mgr")]
    ).exists()


@pytest.mark.attack("B19", "I6")
def test_a_right_that_is_lost_hides_the_entry_and_its_count(world: World) -> None:
    record = assigned(world, "agd", title="To be walled off")
    reply(world, record, "ra1")
    assert queries.counts(world.actor("agd")).needs == 1
    commands.change(INCIDENT, record.number, {"team": world.teams["hr"], "assignee": None}, SETUP)
    assert queries.counts(world.actor("agd")) == queries.Counts(0, 0)
    assert told(world, "agd") == told(world, "agd", "info") == []


def test_whoever_is_an_agent_no_more_is_not_told_of_notes(world: World) -> None:
    record = world.incident(by="agd")
    delivery.drain()
    InboxEntry.objects.all().delete()
    reply(world, record, "agn", "@agd between us", "internal")
    assert told(world, "agd") == [(record.number, "mentioned", 1)]
    directory.withdraw(world.number("agd"), "agent", SETUP)
    assert queries.counts(world.actor("agd")) == queries.Counts(0, 0)
    with pytest.raises(Exception, match="There is no"):
        telling.read(world.actor("agd"), record.number)


def test_fifty_changes_of_one_record_are_one_entry(world: World) -> None:
    record = assigned(world)
    for n in range(50):
        say(INCIDENT, record.number, Message("internal", f"Step {n}"), world.by("lead"))
    delivery.drain()
    assert told(world, "agn", "info") == [(record.number, "watched", 50)]
    assert InboxEntry.objects.count() == 1
    assert queries.counts(world.actor("agn")) == queries.Counts(0, 1)


def test_heard_twice_it_is_told_once(world: World) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    reply(world, record, "lead", "A note", "internal")
    before = list(InboxEntry.objects.order_by("id").values())
    events = list(Event.objects.filter(record_id=record.id).order_by("id"))
    reactions.tell_many(events)
    for event in events:
        reactions.tell_many([event])
    assert list(InboxEntry.objects.order_by("id").values()) == before


def test_the_strongest_reason_stays_until_it_is_read(world: World) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    reply(world, record, "lead", "A note", "internal")
    assert told(world, "agn") == [(record.number, "answered", 2)]
    telling.read(world.actor("agn"), record.number)
    reply(world, record, "lead", "Another note", "internal")
    assert told(world, "agn", "info") == [(record.number, "watched", 1)]


def test_acting_on_a_record_reads_what_was_there_and_not_what_came_after(world: World) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    reply(world, record, "agn", "Answer")
    assert told(world, "agn") == []
    reply(world, record, "ra1", "One more thing")
    assert told(world, "agn") == [(record.number, "answered", 1)]
    say(INCIDENT, record.number, Message("internal", "by a program"), world.by("agn", "api"))
    delivery.drain()
    assert told(world, "agn") == [(record.number, "answered", 1)]


def test_what_comes_in_one_batch_is_told_in_its_order(world: World) -> None:
    """Assigned, taken up, answered: only the answer is news."""
    record = world.incident(by="adm", team=world.teams["net"], assignee=world.number("agn"),
                            requester=world.number("ra1"))  # fmt: skip
    commands.move(INCIDENT, record.number, "start", {}, world.by("agn", "web"))
    say(INCIDENT, record.number, Message("all", "And?"), world.by("ra1", "portal"))
    delivery.drain()
    assert told(world, "agn") == [(record.number, "answered", 1)]


def test_bulk_is_silent(world: World) -> None:
    record = assigned(world)
    who = world.by("lead", bulk.DOOR)
    commands.change(INCIDENT, record.number, {"assignee": world.number("agm")}, who)
    commands.move(INCIDENT, record.number, "resolve", SOLVED, who)
    delivery.drain()
    assert InboxEntry.objects.count() == 0
    changed = Event.objects.filter(name="incident.change").latest("pk")
    undoing.take_back(INCIDENT, record.number, changed.pk, who)
    delivery.drain()
    assert InboxEntry.objects.count() == 0


def test_who_takes_back_one_of_many_has_done_so(world: World) -> None:
    record = assigned(world)
    who = world.by("lead", bulk.DOOR)
    done = commands.change(INCIDENT, record.number, {"assignee": world.number("agm")}, who)
    undoing.take_back(INCIDENT, record.number, done.last_event.pk, world.by("lead"))
    delivery.drain()
    assert told(world, "agn") == [(record.number, "assigned", 1)]


def test_what_is_imported_is_silent(world: World) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    InboxEntry.objects.all().delete()
    event = Event.objects.filter(record_id=record.id).order_by("-id").first()
    event.is_imported = True
    reactions.tell_many([event])
    assert InboxEntry.objects.count() == 0


def test_who_watches_hears_and_what_one_did_oneself_made_mainstay_do_is_no_news(
    world: World,
) -> None:
    record = assigned(world)
    for name in ("agd", "ra1"):
        telling.watch(INCIDENT, record.number, world.by(name))
    message = Message("all", "Which version?")
    commands.move(INCIDENT, record.number, "hold", {"waiting_for": "caller"}, world.by("agn"),
                  message=message)  # fmt: skip
    delivery.drain()
    assert told(world, "agd", "info") == [(record.number, "watched", 1)]
    InboxEntry.objects.all().delete()
    reply(world, record, "ra1", "This one")  # it resumes by itself
    assert told(world, "ra1") == told(world, "ra1", "info") == []
    assert told(world, "agd", "info") == [(record.number, "watched", 2)]
    commands.change(INCIDENT, record.number, {"item": None, "category": "Network"},
                    world.by("agn"))  # fmt: skip
    reply(world, record, "agn", "Between us", "internal")
    assert told(world, "agd", "info") == [(record.number, "watched", 4)]
    assert [kind for _n, kind, _c in told(world, "ra1", "info")] == ["watched"]


def test_links_tell_nobody(world: World) -> None:
    record = assigned(world)
    telling.watch(INCIDENT, record.number, world.by("agd"))
    commands.link(INCIDENT, record.number, "relates", world.incident().number, world.by("lead"))
    delivery.drain()
    assert told(world, "agd", "info") == []


def test_who_has_left_is_told_nothing(world: World) -> None:
    record = assigned(world, "agn")
    telling.watch(INCIDENT, record.number, world.by("old"))
    commands.move(shelf.type("user"), world.number("old"), "leave", {}, SETUP)
    reply(world, record, "ra1")
    assert not InboxEntry.objects.filter(person=world.people["old"]).exists()


def test_the_day_something_was_expected_comes(world: World) -> None:
    record = assigned(world)
    day = (clock.now() + timedelta(days=2)).date()
    data = {"waiting_for": "vendor", "resume_on": day.isoformat()}
    commands.move(INCIDENT, record.number, "hold", data, world.by("agn"))
    delivery.drain()
    assert Timer.objects.get(name=reactions.DUE_TIMER).due_at.date() == day
    with clock.held(clock.now() + timedelta(days=3)):
        delivery.drain()
        assert told(world, "agn") == [(record.number, "due", 1)]
        assert not Timer.objects.filter(name=reactions.DUE_TIMER).exists()


def test_who_resumes_before_hears_of_no_day(world: World) -> None:
    record = assigned(world)
    day = (clock.now() + timedelta(days=2)).date()
    data = {"waiting_for": "vendor", "resume_on": day.isoformat()}
    commands.move(INCIDENT, record.number, "hold", data, world.by("agn"))
    commands.move(INCIDENT, record.number, "resume", {}, world.by("agn"))
    delivery.drain()
    assert not Timer.objects.filter(name=reactions.DUE_TIMER).exists()


@pytest.mark.parametrize("door", ["web", bulk.DOOR])
def test_what_follows_from_bulk_is_as_silent(world: World, door: str) -> None:
    parent, child = assigned(world, "agm"), assigned(world)
    commands.link(INCIDENT, child.number, "child_of", parent.number, world.by("lead"))
    delivery.drain()
    InboxEntry.objects.all().delete()
    commands.move(INCIDENT, parent.number, "resolve", SOLVED, world.by("lead", door))
    delivery.drain()
    child.refresh_from_db()
    assert child.state == "resolved"
    is_told = door != bulk.DOOR
    assert ((child.number, "solved", 1) in told(world, "ra1")) is is_told
    assert InboxEntry.objects.exists() is is_told


def test_so_is_what_follows_from_that(world: World) -> None:
    record = assigned(world)
    commands.change(INCIDENT, record.number, {"category": "Network"}, world.by("lead", bulk.DOOR))
    cause = Event.objects.filter(record_id=record.id).order_by("-id")[0]
    assert cause.door == bulk.DOOR
    for depth in (1, 2):
        by = By(SYSTEM, "automation", cause=cause.pk, depth=depth)
        say(INCIDENT, record.number, Message("all", f"Step {depth}"), by)
        cause = Event.objects.filter(record_id=record.id).order_by("-id")[0]
        assert cause.depth == depth
    delivery.drain()
    assert InboxEntry.objects.count() == 0


def test_a_day_that_is_set_or_cleared_for_many_comes_or_does_not_as_any(world: World) -> None:
    record, who = assigned(world), world.by("lead", bulk.DOOR)
    day = (clock.now() + timedelta(days=2)).date()
    data = {"waiting_for": "vendor", "resume_on": day.isoformat()}
    commands.move(INCIDENT, record.number, "hold", data, who)
    delivery.drain()
    assert Timer.objects.get(name=reactions.DUE_TIMER).due_at.date() == day
    later = day + timedelta(days=2)
    commands.change(INCIDENT, record.number, {"resume_on": later.isoformat()}, who)
    delivery.drain()
    with clock.held(clock.now() + timedelta(days=3)):
        delivery.drain()
        assert InboxEntry.objects.count() == 0
    with clock.held(clock.now() + timedelta(days=5)):
        delivery.drain()
        assert told(world, "agn") == [(record.number, "due", 1)]


@pytest.mark.parametrize("how", ["cleared", "resumed"])
def test_a_day_that_is_taken_back_for_many_comes_for_nobody(world: World, how: str) -> None:
    record, who = assigned(world), world.by("lead", bulk.DOOR)
    day = (clock.now() + timedelta(days=2)).date()
    data = {"waiting_for": "vendor", "resume_on": day.isoformat()}
    commands.move(INCIDENT, record.number, "hold", data, world.by("agn"))
    delivery.drain()
    assert Timer.objects.filter(name=reactions.DUE_TIMER).exists()
    if how == "cleared":
        commands.change(INCIDENT, record.number, {"resume_on": None}, who)
    else:
        commands.move(INCIDENT, record.number, "resume", {}, who)
    delivery.drain()
    assert not Timer.objects.filter(name=reactions.DUE_TIMER).exists()
    assert InboxEntry.objects.count() == 0


def test_a_kind_one_does_not_want_is_not_told(world: World) -> None:
    record = assigned(world)
    wanted = {(kind.name, "inbox") for kind, _ in queries.preferences(world.actor("agn"))}
    telling.prefer(world.actor("agn"), wanted - {("answered", "inbox")})
    reply(world, record, "ra1")
    assert told(world, "agn") == told(world, "agn", "info") == []
    telling.prefer(world.actor("agn"), wanted)
    reply(world, record, "ra1")
    assert told(world, "agn") == [(record.number, "answered", 1)]


@pytest.mark.parametrize("who", ["assignee", "watcher"])
def test_a_kind_one_does_not_want_takes_no_other_with_it(world: World, who: str) -> None:
    record = assigned(world, to="agn" if who == "assignee" else "lead")
    if who == "watcher":
        telling.watch(INCIDENT, record.number, world.by("agn"))
    wanted = {(kind.name, "inbox") for kind, _ in queries.preferences(world.actor("agn"))}
    telling.prefer(world.actor("agn"), wanted - {("mentioned", "inbox")})
    reply(world, record, "ra1", "@agn here is the log")
    need, info = told(world, "agn"), told(world, "agn", "info")
    if who == "assignee":
        assert (need, info) == ([(record.number, "answered", 1)], [])
    else:
        assert (need, info) == ([], [(record.number, "watched", 1)])


def test_what_is_put_off_sleeps_until_then_or_until_something_needs_the_person(
    world: World,
) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    agent = world.actor("agn")
    telling.snooze(agent, record.number, clock.now() + timedelta(hours=1))
    assert queries.counts(agent) == queries.Counts(0, 0)
    assert told(world, "agn", "snoozed") == [(record.number, "answered", 1)]
    reply(world, record, "lead", "A note", "internal")
    assert told(world, "agn") == []
    with clock.held(clock.now() + timedelta(hours=2)):
        assert told(world, "agn") == [(record.number, "answered", 2)]
    reply(world, record, "ra1", "Hurry")
    assert told(world, "agn") == [(record.number, "answered", 3)]


def test_a_removed_record_leaves_the_inbox_and_comes_back_with_it(world: World) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    commands.remove(INCIDENT, record.number, world.by("adm"))
    assert queries.counts(world.actor("agn")).needs == 0
    commands.restore(INCIDENT, record.number, world.by("adm"))
    assert queries.counts(world.actor("agn")).needs == 1


def test_what_an_automation_does_is_told(world: World) -> None:
    record = assigned(world)
    say(INCIDENT, record.number, Message("all", "The fix is out"), By(SYSTEM, "problems"))
    delivery.drain()
    assert told(world, "ra1", "info") == [(record.number, "progress", 1)]
