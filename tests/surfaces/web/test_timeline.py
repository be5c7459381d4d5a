"""The timeline of a record that was brought here from another system."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.records import commands, replay
from mainstay.records.replay import Happening, Past
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
