"""What is counted is what is listed, for everybody: a count that differs would tell of what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from mainstay.records import delivery
from mainstay.records.types import shelf
from tests.safety.ground import PERSONAS, Ground
from tests.safety.wire import Wire, program

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("name", PERSONAS)]
FILTERS = ("", "is_open", "title.contains('CNRY')")
BELL = re.compile(r"(\d+) things? needs? you, (\d+) for information")


def through(wire: Wire, address: str, size: int) -> Iterator[dict[str, Any]]:
    """The items of all pages."""
    sign, after = "&" if "?" in address else "?", ""
    while after is not None:
        page = wire.get(f"{address}{sign}size={size}&after={quote(after)}").json
        yield from page["items"]
        after = page["next"]


def once(items: Iterator[dict[str, Any]]) -> int:
    """How many there are; none comes twice."""
    numbers = [item["number"] for item in items]
    assert len(numbers) == len(set(numbers))
    return len(numbers)


@pytest.mark.attack("I3")
def test_of_a_list(ground: Ground, name: str) -> None:
    wire = program(ground.world.people[name].id, "read")
    for rtype in shelf:
        for text in FILTERS:
            address = f"/api/v1/{rtype.plural}?filter={quote(text)}"
            told = wire.get(f"{address}&count=true&size=1").json["count"]
            assert once(through(wire, address, 3)) == told, (rtype.plural, text)


@pytest.mark.attack("I3")
def test_of_a_queue(ground: Ground, name: str) -> None:
    wire, browser = program(ground.world.people[name].id, "read"), ground.browser(name)
    if browser.get("/incidents/").status != 200:
        assert browser.get("/incidents/").status == 303, "the workspace is for those who work there"
        return
    for rtype in (shelf.type("incident"), shelf.type("problem")):
        page = browser.get(f"/{rtype.plural}/?view=all").text
        [(shown, total)] = re.findall(r'<span class="num" role="status">(\d+) of (\d+)<', page) or [
            (0, 0)
        ]
        told = wire.get(f"/api/v1/{rtype.plural}?count=true").json["count"]
        assert int(shown) == int(total) == told, rtype.plural


@pytest.mark.attack("I3")
def test_of_what_is_found(ground: Ground, name: str) -> None:
    delivery.drain()
    wire = program(ground.world.people[name].id, "read")
    address = "/api/v1/search?q=cnry"
    told = wire.get(f"{address}&count=true").json
    assert told["count_is_exact"]
    for facet in ("type", "state"):
        assert sum(value["count"] for value in told["facets"][facet]) == told["count"], facet
    assert once(through(wire, f"{address}&order=newest", 4)) == told["count"]
    for facet, values in told["facets"].items():
        for value in values:
            narrow = f"{address}&{facet}={value['value']}"
            assert once(through(wire, narrow, 50)) == value["count"], (facet, value)
            assert wire.get(f"{narrow}&count=true").json["count"] == value["count"]


@pytest.mark.attack("I3")
def test_of_an_inbox(ground: Ground, name: str) -> None:
    delivery.drain()
    wire, browser = program(ground.world.people[name].id, "read"), ground.browser(name)
    told = wire.get("/api/v1/inbox/count").json
    assert told["is_exact"]
    for view in ("needs", "info"):
        unread = [i for i in through(wire, f"/api/v1/inbox?view={view}", 2) if not i["read_at"]]
        assert len(unread) == told[view], view
    # Where their own page is: the portal rings for what they asked for alone.
    home = browser.get("/")
    page = home if home.status == 200 else browser.get("/portal/")
    needs, info = BELL.findall(page.text)[0]
    assert (int(needs), int(info)) == (told["needs"], told["info"])
