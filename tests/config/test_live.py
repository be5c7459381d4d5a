"""The live process: nothing that happens is missed, whenever a page comes, goes or comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.notices.commands import me_too, publish
from mainstay.capabilities.telling import commands as telling
from mainstay.config.live import beside, hub, streams, unsaid
from mainstay.config.live.places import written
from mainstay.directory import actors, bulk_job
from mainstay.directory import commands as directory
from mainstay.directory.signin import sessions
from mainstay.records import clock, commands, delivery, jobs
from mainstay.records.news import Happened, News, known
from mainstay.records.types import Message, shelf
from tests.listening import Live, live
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db(transaction=True)
INCIDENT = shelf.type("incident")
ROOT = Path(__file__).resolve().parents[2]


def of_network(world: World, **data: Any) -> Any:
    """An incident of RA1 that the network team has."""
    about = {"title": "VPN drops", "requester": world.number("ra1"), "team": world.teams["net"]}
    return commands.create(INCIDENT, about | data, SETUP)


@pytest.fixture
def here(world: World) -> Iterator[Live]:
    with live() as running:
        yield running


def change(record: Any, title: str = "Another title") -> None:
    commands.change(INCIDENT, record.number, {"title": title}, SETUP)


def test_record_list_and_my_work_change(here: Live, world: World) -> None:
    record = of_network(world)
    word = f"incidents/{record.number}"
    agent = here.open(world.people["agn"], word, "incidents", "mine")
    other = here.open(world.people["agd"], word, "mine")
    here.turn()
    agent.told(), other.told()
    change(record)
    here.turn()
    assert set(agent.told()) == {word, "incidents", "mine"}
    assert other.told() == [word]
    here.turn()
    assert agent.told() == []


def test_a_record_is_told_of_as_work_and_as_what_one_asked_for(here: Live, world: World) -> None:
    """An agent's own request, open on the desk and in the portal: two tabs of one browser."""
    record = of_network(world, requester=world.number("agn"))
    desk, portal = f"incidents/{record.number}", f"portal/{record.number}"
    secret = sessions.begin(world.people["agn"].id)
    both = here.open(secret, desk, portal)
    here.turn()
    both.told()
    change(record)
    here.turn()
    assert sorted(both.told()) == [desk, portal]
    say(INCIDENT, record.number, Message("internal", "Between us"), world.by("agm"))
    here.turn()
    assert desk in both.told()
    here.post(secret, f"of={desk}&tab=1&as=viewing".encode())
    watching = here.open(world.people["agm"], desk)
    here.turn()
    assert any("viewing" in told for told in watching.told())
    here.turn()
    assert watching.told() == [], "who listens for it is swept away no more"


def test_a_page_follows_what_it_shows_of_other_records(here: Live, world: World) -> None:
    """Its tasks, what it is linked with, and on a team's page what its people have."""
    one, other = of_network(world), of_network(world)
    words = [f"incidents/{record.number}" for record in (one, other)]
    agent = here.open(world.people["agn"], *words)
    stranger = here.open(world.people["rb1"], *words)
    lead = here.open(world.people["agm"], f"teams/{world.teams['net']}")

    def told_after(doing: Callable[[], Any]) -> Any:
        here.turn()
        agent.told(), stranger.told(), lead.told()
        made = doing()
        here.turn()
        assert stranger.told() == []
        return made, sorted(agent.told()), lead.told()

    task, told, _lead = told_after(
        lambda: commands.create(
            shelf.type("task"), {"title": "Look at it", "parent": one.number}, SETUP
        )
    )
    assert told == [words[0]]
    _done, told, _lead = told_after(
        lambda: commands.change(shelf.type("task"), task.number, {"title": "Done"}, SETUP)
    )
    assert told == [words[0]]
    for act in (commands.link, commands.unlink):
        do = partial(act, INCIDENT, one.number, "relates", other.number, SETUP)
        assert told_after(do)[1] == sorted(words)
    commands.link(INCIDENT, one.number, "relates", other.number, SETUP)
    assert told_after(lambda: change(other))[1] == sorted(words)
    who = {"assignee": world.number("agn"), "team": world.teams["desk"]}
    _moved, told, of_team = told_after(lambda: commands.change(INCIDENT, one.number, who, SETUP))
    assert told == sorted(words) and of_team == [f"teams/{world.teams['net']}"]


def test_an_address_of_another_type_looks_at_nothing(here: Live, world: World) -> None:
    record = of_network(world)
    wrong = here.open(world.people["agn"], f"problems/{record.number}")
    here.turn()
    wrong.told()
    change(record)
    here.turn()
    assert wrong.told() == []


def test_what_is_hidden_is_told_on_no_page_beside_it(here: Live, world: World) -> None:
    record, hidden = of_network(world), world.hidden_incident()
    commands.link(INCIDENT, record.number, "relates", hidden.number, SETUP)
    word = f"incidents/{record.number}"
    agent = here.open(world.people["agn"], word, f"incidents/{hidden.number}")
    member = here.open(world.people["agh"], word)
    caller = here.open(world.people["ra2"], word, f"portal/{record.number}")
    here.turn()
    agent.told(), member.told(), caller.told()
    change(hidden)
    here.turn()
    assert agent.told() == [] and member.told() == [word]
    assert caller.told() == [], "who called about the one sees nothing of the other"


def test_who_comes_back_is_told_of_what_a_page_shows_besides(here: Live, world: World) -> None:
    one, other = of_network(world), of_network(world)
    commands.link(INCIDENT, one.number, "relates", other.number, SETUP)
    here.turn()
    word = f"incidents/{one.number}"
    place = written(here.hub.safe)
    change(other)
    here.turn()
    assert here.open(world.people["agn"], word, query=f"after={place}").told() == [word]


def test_a_stream_holds_as_many_subjects_as_its_page_reckons_with(here: Live, world: World) -> None:
    said = (ROOT / "frontend/js/lazy/live.js").read_text()
    assert f"const MOST = {streams.MOST_SUBJECTS};" in said
    record = of_network(world)
    word = f"incidents/{record.number}"
    others = [f"incidents/INC-9{n:03}" for n in range(streams.MOST_SUBJECTS)]
    last = here.open(world.people["agn"], *others[1:], word)
    beyond = here.open(world.people["agn"], *others, word)
    here.turn()
    last.told(), beyond.told()
    change(record)
    here.turn()
    assert last.told() == [word] and beyond.told() == []


def test_the_lists_of_the_portal_follow(here: Live, world: World) -> None:
    record = of_network(world)
    own, other = (here.open(world.people[name], "portal") for name in ("ra1", "ra2"))
    here.turn()
    own.told(), other.told()
    change(record)
    here.turn()
    assert own.told() == ["portal"] and other.told() == []
    say(INCIDENT, record.number, Message("internal", "Between us"), world.by("agn"))
    here.turn()
    assert own.told() == other.told() == []
    publish(INCIDENT, record.number, {"title": "VPN is down", "text": "We know."}, world.by("agn"))
    here.turn()
    assert "portal" in own.told() and "portal" in other.told()


def later(here: Live) -> None:
    """A second passes: then it is looked for what no event tells."""
    here.hub._looked = 0.0
    here.turn()


def test_how_many_have_it_too_follows_wherever_a_notice_stands(here: Live, world: World) -> None:
    """For whoever sees the notice, who comes back as well, and after a restart; it makes no event."""
    record = of_network(world)
    told = {"title": "VPN is down", "text": "We know."}
    number = publish(INCIDENT, record.number, told, world.by("agn")).number
    word = f"notices/{number}"
    here.turn()
    desk = here.open(world.people["agn"], word, "notices")
    portal, elsewhere = (here.open(world.people[name], "portal") for name in ("ra2", "rb1"))
    place = portal.place
    later(here)
    desk.told(), portal.told(), elsewhere.told()
    me_too(number, world.by("ra1"))
    later(here)
    assert sorted(desk.told()) == ["notices", word] and portal.told() == ["portal"]
    assert elsewhere.told() == [], "another organisation's"
    later(here)
    assert desk.told() == portal.told() == []
    back = {"query": f"after={place}"}
    again = here.open(world.people["ra2"], "portal", **back)
    assert again.told() == ["portal"]
    for stream in (desk, portal, elsewhere, again):
        here.leave(stream)
    last = here.open(world.people["ra2"], "portal")
    later(here)
    last.told()
    me_too(number, world.by("ra1"), has_it=False)
    later(here)
    assert last.told() == ["portal"], "nobody has it any more"
    here.leave(last)
    me_too(number, world.by("ra2"))
    me_too(number, world.by("agm"))
    here.run(here.hub.ask(here.hub.reading.let_go))
    here.begin()
    assert here.open(world.people["ra2"], "portal", **back).told() == ["portal"]
    assert here.open(world.people["rb1"], "portal", **back).told() == []


def test_who_watches_follows_for_those_who_are_shown_it(here: Live, world: World) -> None:
    record = of_network(world)
    word, own = f"incidents/{record.number}", f"portal/{record.number}"
    agent, caller = here.open(world.people["agn"], word), here.open(world.people["ra1"], own)
    later(here)
    agent.told(), caller.told()
    for act in (telling.watch, telling.unwatch):
        act(INCIDENT, record.number, world.by("agm"))
        later(here)
        assert agent.told() == [word] and caller.told() == []
    joins = here.open(world.people["agm"], word)
    later(here)
    assert joins.told() == [], "what is only now looked at has not changed by that"


def test_what_a_record_names_follows_on_its_page(here: Live, world: World) -> None:
    """A task its record, in the list of tasks as well; an incident its service and whoever has it."""
    one = of_network(world, service=world.services["vpn"], assignee=world.number("agn"))
    task = commands.create(shelf.type("task"), {"title": "Look", "parent": one.number}, SETUP)
    record, of_task = f"incidents/{one.number}", f"tasks/{task.number}"
    agent = here.open(world.people["agn"], of_task, "tasks")
    other = here.open(world.people["agm"], record)
    stranger = here.open(world.people["rb1"], record, of_task, "tasks")
    here.turn()
    agent.told(), other.told(), stranger.told()
    change(one)
    here.turn()
    assert sorted(agent.told()) == ["tasks", of_task]
    for name, key in (("service", world.services["vpn"]), ("user", world.number("agn"))):
        other.told()
        commands.change(shelf.type(name), key, {"title": "Renamed"}, SETUP)
        here.turn()
        # A person's rights may be others now: who has a session is judged anew.
        assert {record, "all"} & set(other.told()), name
    change(of_network(world))
    here.turn()
    agent.told()
    lone = of_network(world)
    here.turn()
    agent.told()
    change(lone)
    here.turn()
    assert agent.told() == [] and stranger.told() == []


def test_a_view_that_is_saved_is_told_to_the_lists_of_those_who_see_it(
    here: Live, world: World
) -> None:
    """It stands above a list as a tab, in one's other tabs as well."""
    view = shelf.type("view")
    own, other = (here.open(world.people[name], "incidents") for name in ("agn", "agm"))
    here.turn()
    own.told(), other.told()
    says = {"title": "Urgent", "record_type": "incident", "filter": "priority <= 2"}
    made = commands.create(view, says | {"scope": "personal"}, world.by("agn"))
    here.turn()
    assert own.told() == ["incidents"] and other.told() == []
    commands.change(view, made.number, {"title": "Most urgent"}, world.by("agn"))
    here.turn()
    assert own.told() == ["incidents"] and other.told() == []


def test_as_many_records_may_be_looked_at_as_streams_have_room_for(
    here: Live, world: World
) -> None:
    """More than a statement takes as places for values."""
    many = range(1, 100_001)
    record = world.incident()
    assert len(unsaid.standing(many)) == len(many)
    happened = [
        Happened(
            News(1, record.id, "incident", is_internal=False), None, known([record.id])[record.id]
        )
    ]
    assert record.id in beside.of(happened, many)
    assert beside.tasked(many) == set()


def put(record: Any, **values: Any) -> None:
    commands.change(INCIDENT, record.number, values, SETUP)


# Who of those who saw it loses it by which change, and who goes on seeing it.
LOSING = {
    "a restricted team": ("agn", "ra1", lambda world: {"team": world.teams["hr"]}),
    "another caller": ("ra1", "agn", lambda world: {"requester": world.number("ra2")}),
    "another organisation": (
        "agb",
        "agn",
        lambda world: {"requester": world.number("ra2")},
    ),
}


@pytest.mark.parametrize("how", LOSING)
def test_who_loses_sight_of_a_record_hears_of_that(here: Live, world: World, how: str) -> None:
    loser, other, change_of = LOSING[how]
    caller = "rb1" if loser == "agb" else "ra1"
    record = of_network(world, requester=world.number(caller))
    word = f"incidents/{record.number}"
    never_saw = "ra1" if loser == "agb" else "rb1"
    here.turn()
    streams = [here.open(world.people[n], word, "incidents") for n in (loser, other, never_saw)]
    away = here.open(world.people[loser], word, "incidents")
    place = away.place
    here.leave(away)
    here.turn()
    for stream in streams:
        stream.told()
    put(record, **change_of(world))
    put(record, title="What it is called from then on")
    here.turn()
    lost, kept, never = (stream.told() for stream in streams)
    assert {word, "incidents"} <= set(lost) and word in kept and never == []
    back = here.open(world.people[loser], word, "incidents", last_event_id=place).told()
    assert {word, "incidents"} <= set(back)
    put(record, title="What they do not hear of any more")
    here.turn()
    lost, kept, never = (stream.told() for stream in streams)
    assert lost == never == [] and word in kept


def test_who_loses_sight_of_a_record_is_not_there_any_more(here: Live, world: World) -> None:
    record = of_network(world)
    word = f"incidents/{record.number}"
    lead, agent = (sessions.begin(world.people[name].id) for name in ("adm", "agn"))
    watching, gone = here.open(lead, word), here.open(agent, word, "search")
    for secret in (lead, agent):
        here.post(secret, f"of={word}&tab=1&as=viewing".encode())
    here.settle()
    assert "Person agn" in watching.told()[-1] and "Person adm" in gone.told()[-1]
    directory.join(world.teams["hr"], world.number("adm"), SETUP)
    here.turn()
    watching = here.open(lead, word)
    here.post(lead, f"of={word}&tab=1&as=viewing".encode())
    here.settle()
    watching.told(), gone.told()
    put(record, team=world.teams["hr"])
    here.turn()
    assert f"{record.number}:[]" in watching.told()
    # Nor are they told any more who else is there.
    told = gone.told()
    assert f"{record.number}:null" in told and "Person adm" not in str(told)
    here.post(agent, f"of={word}&tab=1&as=writing".encode())
    here.settle()
    assert watching.told() == []


def test_who_asked_sees_it_still_and_who_asked_before_does_not(here: Live, world: World) -> None:
    """On whatever page it is named: the one works on it no longer, the other did not ask for it after all."""
    record = of_network(world, requester=world.number("agn"))
    other = of_network(world, requester=world.number("ra1"))
    asked = here.open(world.people["agn"], "search")
    caller = here.open(world.people["ra1"], "portal/search")
    here.turn()
    asked.told(), caller.told()
    put(record, team=world.teams["hr"])
    put(other, requester=world.number("ra2"))
    here.turn()
    assert f"{record.number}:[]" in asked.told()
    assert f"{other.number}:null" in caller.told()


def test_my_work_hears_of_what_leaves_it(here: Live, world: World) -> None:
    record = of_network(world, assignee=world.number("agn"))
    streams = [here.open(world.people[name], "mine") for name in ("agn", "agm", "agd")]
    here.turn()
    for stream in streams:
        stream.told()
    put(record, team=world.teams["desk"], assignee=world.number("agd"))
    here.turn()
    assert all("mine" in stream.told() for stream in streams)
    put(record, title="Not theirs any more")
    here.turn()
    assert ["mine" in stream.told() for stream in streams] == [False, False, True]


def test_my_work_hears_of_what_one_asked_for(here: Live, world: World) -> None:
    asked = {"requester": world.number("agd"), "requested_for": world.number("agh")}
    record = of_network(world, **asked)
    streams = [here.open(world.people[name], "mine") for name in ("agd", "agh", "old")]
    here.turn()
    for stream in streams:
        stream.told()
    change(record)
    here.turn()
    assert ["mine" in stream.told() for stream in streams] == [True, True, False]


def test_a_workload_hears_of_what_it_counts(here: Live, world: World) -> None:
    record = of_network(world)
    agent, caller = (here.open(world.people[name], "workload") for name in ("agd", "ra2"))
    here.turn()
    agent.told(), caller.told()
    put(record, assignee=world.number("agm"))
    here.turn()
    assert "workload" in agent.told() and "workload" not in caller.told()
    commands.change(shelf.type("team"), world.teams["net"], {"title": "Networks"}, SETUP)
    here.turn()
    assert "workload" in agent.told()


def test_a_page_that_joins_is_told_what_happened_since_it_was_drawn(
    here: Live, world: World
) -> None:
    """The stream of its browser was told more meanwhile, of another page."""
    record, other = world.incident(), world.incident()
    words = [f"incidents/{one.number}" for one in (record, other)]
    stream = here.open(world.people["agn"], words[1])
    time.sleep(0.01)
    drawn = time.time_ns() // 1_000_000
    change(record)
    change(other)
    here.turn()
    place = stream.place
    assert stream.told() == [words[1]]
    joined = here.open(world.people["agn"], *words, query=f"after={place}&since={drawn}")
    assert set(joined.told()) == set(words)
    # Coming back by itself, the browser was told of that.
    query = f"after={written(1)}&since={drawn}"
    back = here.open(world.people["agn"], *words, query=query, last_event_id=place)
    assert back.told() == []


def test_a_page_is_told_what_happened_since_it_was_drawn(here: Live, world: World) -> None:
    record = world.incident()
    word = f"incidents/{record.number}"
    here.turn()
    time.sleep(0.01)
    drawn = f"since={time.time_ns() // 1_000_000}"
    assert here.open(world.people["agn"], word, query=drawn).told() == []
    change(record)
    here.turn()
    assert here.open(world.people["agn"], word, query=drawn).told() == [word]


def test_a_page_older_than_the_process_looks_at_everything(here: Live, world: World) -> None:
    assert here.open(world.people["agn"], "incidents", query="since=1").told() == ["all"]


def test_who_comes_back_is_told_what_they_missed(here: Live, world: World) -> None:
    record, other = world.incident(), world.incident()
    word = f"incidents/{record.number}"
    here.turn()
    stream = here.open(world.people["agn"], word)
    place = stream.place
    here.leave(stream)
    change(other)
    here.turn()
    assert here.open(world.people["agn"], word, query=f"after={place}").told() == []
    change(record)
    here.turn()
    assert here.open(world.people["agn"], word, last_event_id=place).told() == [word]


def test_after_a_restart_too(here: Live, world: World) -> None:
    record = world.incident()
    word = f"incidents/{record.number}"
    here.turn()
    stream = here.open(world.people["agn"], word)
    place = stream.place
    here.leave(stream)
    change(record)
    here.run(here.hub.ask(here.hub.reading.let_go))
    here.begin()
    again = here.open(world.people["agn"], word, last_event_id=place)
    newer = again.place
    assert again.told() == [word]
    assert here.open(world.people["agn"], word, last_event_id=newer).told() == []


def test_who_was_away_for_long_looks_at_everything(
    here: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = world.incident()
    monkeypatch.setattr(hub, "MOST_REPLAYED", 0)
    change(record)
    here.turn()
    assert here.open(world.people["agn"], "incidents", query=f"after={written(1)}").told() == [
        "all"
    ]


# SQLite has one writer, whose ids come in turn.
@pytest.mark.postgres_only
def test_an_event_that_commits_late_is_told(here: Live, world: World) -> None:
    late, early = world.incident(), world.incident()
    words = [f"incidents/{record.number}" for record in (late, early)]
    here.turn()
    stream = here.open(world.people["agn"], *words)
    stream.told()
    has_written, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            change(late)
            has_written.set()
            may_commit.wait(20)
        connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert has_written.wait(20)
    change(early)
    here.turn()
    place = stream.place
    assert stream.told() == [words[1]]
    here.leave(stream)
    may_commit.set()
    thread.join()
    here.turn()
    assert words[0] in here.open(world.people["agn"], *words, last_event_id=place).told()


def test_an_inbox_rings(here: Live, world: World) -> None:
    agent = here.open(world.people["agn"])
    other = here.open(world.people["agd"])
    here.turn()
    agent.told(with_inbox=True), other.told(with_inbox=True)
    of_network(world, assignee=world.number("agn"))
    delivery.drain()
    here.turn()
    assert "inbox" in agent.told(with_inbox=True) and "inbox" not in other.told(with_inbox=True)


def test_what_is_put_off_or_read_in_one_browser_rings_in_another(here: Live, world: World) -> None:
    number = assigned(world)
    agent = here.open(world.people["agn"])
    agent.told()
    actor = actors.for_person(world.people["agn"].id)
    for change in (
        lambda: telling.snooze(actor, number, clock.now() + timedelta(hours=1)),
        lambda: telling.snooze(actor, number, clock.now() + timedelta(hours=2)),
        lambda: telling.read(actor, number),
        lambda: telling.unread(actor, number),
    ):
        change()
        here.turn()
        assert agent.told(with_inbox=True) == ["inbox"]


def test_work_that_has_ended_rings_for_who_started_it(here: Live, world: World) -> None:
    numbers = [str(world.incident().number) for _ in range(2)]
    agent, other = here.open(world.people["agn"]), here.open(world.people["agm"])
    here.turn()
    agent.told(with_inbox=True), other.told(with_inbox=True)
    bulk_job.start(
        shelf.type("incident"), numbers, "Set Category", {"category": "A"}, world.by("agn")
    )
    here.turn()
    assert "inbox" not in agent.told(with_inbox=True), "it has only begun"
    jobs.work_one()
    here.turn()
    assert "inbox" in agent.told(with_inbox=True)
    assert "inbox" not in other.told(with_inbox=True)


def assigned(world: World) -> str:
    """The number of something that came to an inbox."""
    record = of_network(world, assignee=world.number("agn"))
    delivery.drain()
    return str(record.number)


def test_an_inbox_that_changes_first_after_one_came_rings(here: Live, world: World) -> None:
    agent = here.open(world.people["agn"])
    agent.told(with_inbox=True)
    assigned(world)
    here.turn()
    assert agent.told(with_inbox=True) == ["inbox"]


def test_an_inbox_that_changed_before_a_page_was_told_of_it_rings(here: Live, world: World) -> None:
    """Its person is known, or is not: there was a stream of theirs a moment ago, or never."""
    here.leave(here.open(world.people["agn"]))
    time.sleep(0.01)
    drawn = f"since={time.time_ns() // 1_000_000}"
    assert here.open(world.people["agn"], query=drawn).told(with_inbox=True) == []
    assigned(world)
    here.turn()
    assert here.open(world.people["agn"], query=drawn).told(with_inbox=True) == ["inbox"]
    assert here.open(world.people["agd"], query=drawn).told(with_inbox=True) == ["inbox"], (
        "nobody can know"
    )
    assert here.open(world.people["agn"], query=f"after={written(here.hub.mark)}").told(
        with_inbox=True
    ) == ["inbox"]


def test_inboxes_of_who_went_are_not_read_for_ever(
    here: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.leave(here.open(world.people["agn"]))
    here.open(world.people["agd"])
    assert len(here.hub._inboxes) == 2
    monkeypatch.setattr(hub, "REMEMBERED_S", 0.0)
    assigned(world)
    here.turn()
    assert list(here.hub._inboxes) == [world.people["agd"].id]


def test_who_leaves_is_gone(here: Live, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record = of_network(world)
    word = f"incidents/{record.number}"
    watching = here.open(world.people["agm"], word)
    secret = sessions.begin(world.people["agn"].id)
    stream = here.open(secret, word)
    here.turn()
    watching.told()
    for grade in ("viewing", "writing", "idle"):
        here.post(secret, f"of={word}&tab=1&as={grade}".encode())
        here.settle()
        assert grade in watching.told()[-1]
    here.post(secret, b"tab=1&as=gone")
    here.settle()
    assert watching.told() == [f"{record.number}:[]"]
    here.post(secret, f"of={word}&tab=1&as=viewing".encode())
    here.settle()
    watching.told()
    monkeypatch.setattr("mainstay.config.live.presence.GRACE_S", -1.0)
    here.leave(stream)
    here.turn()
    assert watching.told() == [f"{record.number}:[]"]


def test_it_says_whether_it_is_well(here: Live, world: World) -> None:
    here.hub.is_well = False
    assert here.open(world.people["agn"]).status == 503


def test_who_comes_while_rights_are_read_stays_and_is_judged_by_the_next_look(
    here: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = here.open(world.people["agn"], "incidents")
    actor = here.run(here.hub.ask(here.hub.reading.who, sessions.begin(world.people["agd"].id)))
    still, late = here.hub.reading.still, hub.Stream(actor, hub.Subjects(["incidents"]))

    def meanwhile(digests: Any) -> Any:
        here.hub.streams.add(late)
        return still(digests)

    monkeypatch.setattr(here.hub.reading, "still", meanwhile)
    here.run(here.hub.judge_anew())
    assert not late.is_over
    assert not first.is_over
    assert here.hub._rights_due
    sessions.end_all(actor.id)
    here.run(here.hub.judge_anew())
    assert late.is_over
    assert not first.is_over
