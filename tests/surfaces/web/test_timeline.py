"""The timeline of a record that was brought here from another system."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.records import commands, delivery, history, queries, replay
from mainstay.records.models import Event
from mainstay.records.replay import Happening, Past
from mainstay.records.stretch import Stretch
from mainstay.records.types import Message, shelf
from mainstay.surfaces.web import timeline
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
BEGIN = datetime(2024, 3, 1, 9, tzinfo=UTC)
MARK = "not possible here"


def test_moves_the_lifecycle_would_refuse_are_marked_for_who_works_on_it(
    browse: Browse, world: World
) -> None:
    """Closed without a resolution, then open again: both happened elsewhere and are kept as they were."""
    person = world.people["agn"].id
    states = ("new", "in_progress", "closed", "in_progress")
    given = {"title": "From elsewhere", "requester": world.people["ra1"].id}
    happenings = [
        Happening(BEGIN + timedelta(hours=n), person, state, given if n == 0 else {})
        for n, state in enumerate(states)
    ]
    replay.take(incident, "elsewhere", [Past("INC-77", happenings, number="INC-77")], SETUP)
    page = browse("agn").get("/incidents/INC-77/").content.decode()
    assert page.count(MARK) == 2
    assert page.count("imported") == len(states)
    assert MARK not in browse("ra1").get("/incidents/INC-77/").content.decode()


def test_the_newest_is_shown_and_the_oldest_reached(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever there is most of: words, or changes in between."""
    monkeypatch.setattr(timeline, "SIZE", 4)
    number = world.incident().number
    for n in range(7):
        say(incident, number, Message("all", f"word-{n}."), world.by("agn"))
        commands.change(incident, number, {"category": f"kind-{n}"}, world.by("agn"))
    say(incident, number, Message("internal", "aside."), world.by("agn"))
    places = (
        ("agn", f"/incidents/{number}/"),
        ("agn", f"/incidents/{number}/?show=conversation"),
        ("ra1", f"/portal/requests/{number}/"),
    )
    for name, address in places:
        found: list[str] = []
        url: str | None = address
        while url:
            page = browse(name).get(url).content.decode()
            found = [n for n in "0123456" if f"word-{n}." in page] + found
            if url == address:
                assert "word-6." in page
            assert ("aside." in page) == (
                address.endswith("/incidents/" + number + "/") and url == address
            )
            older = re.search(r"href=\"(\?[^\"]*before=\d+)", page)
            url = address.partition("?")[0] + older[1].replace("&amp;", "&") if older else None
        assert found == list("0123456"), address


def test_a_change_of_a_day_is_told_as_a_day(browse: Browse, world: World) -> None:
    number = world.incident().number
    given = {"waiting_for": "vendor", "resume_on": "2030-05-06"}
    commands.move(incident, number, "hold", given, world.by("agn"))
    page = browse("agn").get(f"/incidents/{number}/").content.decode()
    assert "2030-05-06" not in page.partition('id="timeline"')[2]


def test_whoever_reads_it_can_choose_a_part_of_it(browse: Browse, world: World) -> None:
    """An auditor, too, who writes nothing there."""
    number = world.incident().number
    for who in ("agn", "aud", "mgr"):
        page = browse(who).get(f"/incidents/{number}/").content.decode()
        assert "?show=conversation" in page and "?show=internal" in page, who
        assert ("<ms-composer" in page) == (who != "aud")


def test_a_changed_text_is_told_without_its_marks(browse: Browse, world: World) -> None:
    number = world.incident().number
    for text in ("It is **only** the `old` one.", "![](/files/1/)"):
        commands.change(incident, number, {"body": text}, world.by("agn"))
    told = browse("agn").get(f"/incidents/{number}/").content.decode().partition('id="timeline"')[2]
    assert "It is only the old one." in told
    assert "**only**" not in told
    assert ">/files/1/</span>" in told, "a picture without a name is told by its place"


def told(browse: Browse, number: str, plural: str = "incidents") -> list[str]:
    """The lines of a timeline as they read, the oldest first."""
    page = browse("mgr").get(f"/{plural}/{number}/").content.decode()
    lines = re.findall(r'<li class="ev">(.*?)</li>', page.partition('id="timeline"')[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def kept(number: str) -> set[str]:
    """What the history has of the newest event of a record."""
    changes = Event.objects.filter(record__number=number).order_by("-id")[0].changes
    return {name for name, change in changes.items() if isinstance(change, list)}


def test_what_only_follows_from_a_change_is_no_news_and_is_kept(
    browse: Browse, world: World
) -> None:
    """Chosen anew by a person, the reason for the first choice goes: nobody did that."""
    service, by = world.services["vpn"], world.by("agn")
    number = str(world.incident(service=service).number)
    delivery.drain()
    assert "Assigned because" in told(browse, number)[-1]
    person = next(
        world.number(name)
        for name in ("agn", "agm")
        if queries.one(incident, world.actor("mgr"), number)["assignee"]["number"]
        != world.number(name)
    )
    commands.change(incident, number, {"assignee": person}, by)
    assert "Assignee" in told(browse, number)[-1]
    assert "because" not in told(browse, number)[-1]
    assert "nothing" not in told(browse, number)[-1]
    assert kept(number) >= {"assignee", "assigned_because"}


def test_a_move_tells_neither_what_it_empties_nor_who_and_when_twice(
    browse: Browse, world: World
) -> None:
    by = world.by("agn")
    number = str(world.incident().number)
    commands.move(incident, number, "hold", {"waiting_for": "vendor"}, by)
    assert "Waiting for" in told(browse, number)[-1]
    commands.move(incident, number, "resume", {}, by)
    assert "Waiting for" not in told(browse, number)[-1]
    assert "waiting_for" in kept(number)
    commands.move(
        incident, number, "resolve", {"resolution": "Done", "close_code": "solution_provided"}, by
    )
    solved = told(browse, number)[-1]
    assert "Done" in solved and "Resolved by" not in solved and solved.count("Resolved") == 1
    assert kept(number) >= {"resolved_at", "resolved_by"}
    commands.move(incident, number, "reopen", {}, by, reason="It is back")
    again = told(browse, number)[-1]
    assert "It is back" in again and "nothing" not in again and "0 to 1" not in again
    assert kept(number) >= {"resolved_at", "resolved_by", "reopened_at", "reopen_count"}


def test_what_a_person_empties_is_told(browse: Browse, world: World) -> None:
    number = str(world.incident().number)
    commands.change(incident, number, {"category": "Printing"}, SETUP)
    commands.change(incident, number, {"category": ""}, world.by("agn"))
    assert "Printing" in told(browse, number)[-1] and "nothing" in told(browse, number)[-1]


def test_who_and_when_of_another_is_told(world: World) -> None:
    """A time and a person that are not the line's own say something; as told from another system."""
    number, actor = str(world.incident().number), world.actor("mgr")
    given = {"close_code": "solution_provided", "resolution": "Done"}
    commands.move(incident, number, "resolve", given, world.by("agn"))
    row = queries.one(incident, actor, number, python=True)
    stretch = Stretch(size=1, newest=True)
    ((event,), _older) = history.page(incident, actor, row, stretch, python=True)
    labels = {"Resolved", "Resolved by"}

    def lines() -> set[str]:
        return {
            label for label, _old, _new in timeline._event(incident, event, "resolve", []).changes
        }

    assert not lines() & labels and "Resolution" in lines()
    event["changes"]["resolved_at"] = {"from": None, "to": "2020-05-06T07:08:09+00:00"}
    event["changes"]["resolved_by"] = {"from": None, "to": {"number": "USER-0", "title": "Another"}}
    assert lines() >= labels
