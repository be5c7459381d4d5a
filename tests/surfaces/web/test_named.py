"""What a filter, the audit and a search are narrowed by is called on the page what it is called elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from mainstay.records import by_title, commands, where
from mainstay.records.types import shelf
from mainstay.surfaces.web import filtering
from mainstay.surfaces.web.audit import _asked, _text
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_languages import speaks
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def chips(world: World, who: str, text: str) -> list[str]:
    actor = world.actor(who)
    return [
        one.words for one in filtering.chips(incident, actor, where.parse(incident, actor, text))
    ]


def test_a_record_in_a_filter_is_called_by_its_title(
    world: World, django_assert_num_queries: Any
) -> None:
    ra1, agn, net = world.number("ra1"), world.number("agn"), world.teams["net"]
    named = f'requester == "{ra1}" && assignee != "{agn}" && (team == "{net}" || team in ["{net}"])'
    chips(world, "agn", "priority <= 2")  # teams and organisations are known from now on
    with django_assert_num_queries(2):  # who it is, and what the three are called
        told = chips(world, "agn", named)
    assert any("Person ra1" in one for one in told) and any("Person agn" in one for one in told)
    assert not any(number in one for one in told for number in (ra1, agn, net))
    with django_assert_num_queries(1):
        chips(world, "agn", "priority <= 2")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("priority <= 2", "Priority is at most P2 High"),
        ("priority == 1", "Priority is P1 Critical"),
        ("!(priority == 3)", "Priority is not P3 Moderate"),
        ("priority in [4, 5]", "Priority is P4 Low or P5 Planning"),
        ("priority == 99", "Priority is 99 (no priority)"),
        ("priority > 0 || priority == 2", "Priority is more than 0 (no priority) or Priority is P2 High"),
        ("reopen_count >= 2", "Reopened is at least 2"),
    ],
)  # fmt: skip
def test_a_priority_in_a_filter_is_called_as_in_a_row(world: World, text: str, told: str) -> None:
    assert chips(world, "agn", text) == [told]


def test_a_priority_is_called_so_in_the_readers_language(world: World) -> None:
    with translation.override("de"):
        [told] = chips(world, "agn", "priority <= 2")
    assert "P2 Hoch" in told


def test_a_number_that_is_no_priority_is_refused(world: World, browse: Browse) -> None:
    row = {"field": "priority", "op": "most", "value": "99"}
    refused = browse("agn").get("/incidents/", row)
    assert refused.status_code == 422
    assert "A priority is a number from 1 to 5." in refused.content.decode()
    assert browse("agn").get("/incidents/", row | {"value": "P2"}).status_code == 303


def test_what_a_reader_does_not_see_stays_a_number(world: World) -> None:
    hidden = str(world.incident().number)
    asked = {("incident", hidden), ("incident", "INC-99999")}
    assert by_title.titles(world.actor("rb1"), asked) == {}
    assert by_title.titles(world.actor("agn"), asked).keys() == {("incident", hidden)}
    assert by_title.titles(world.actor("agn"), {("incident", "\x00"), ("", "X")}) == {}


def test_the_audit_says_doors_kinds_and_sizes_in_words(browse: Browse, world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "start", {}, world.by("agn"))
    page = browse("aud").get("/audit/?kind=incident.create&door=web").content.decode()
    assert "What: Incident: Create" in page and "Door: Workspace" in page
    assert '<option value="bulk">Step for many</option>' in page
    speaks(world, "aud", "de")
    assert "Zugang: Arbeitsbereich" in browse("aud").get("/audit/?door=web").content.decode()
    assert _text("file", {"name": "q.png", "size": 242_943}) == "q.png, 243 kB"
    assert _asked("door", "telling") == "Automation" and _asked("door", "") == ""


def test_a_search_for_a_type_there_is_none_of_finds_nothing(browse: Browse, world: World) -> None:
    pages = [
        browse("agn").get(f"/search/?q=vpn&{which}").content.decode()
        for which in ("type=zz", "state=zz", "type=%00")
    ]
    assert all("Widen it: take a choice away." in page for page in pages)


def test_a_new_language_is_answered_in_it(browse: Browse, world: World) -> None:
    client = browse("agn")
    for language, word, other in (("de", "Gespeichert", "Kept"), ("", "Kept", "Gespeichert")):
        assert client.post("/profile/", {"language": language}).status_code == 303
        shown = client.get("/profile/").content.decode()
        assert word in shown and other not in shown
