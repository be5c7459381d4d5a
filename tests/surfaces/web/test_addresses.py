"""Addresses people type: without the last stroke, and a number where a condition stands."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from mainstay.records import commands
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def test_an_address_without_its_last_stroke_leads_on(browse: Browse, world: World) -> None:
    number = world.incident().number
    client = browse("agn")
    for path, query in (
        ("/incidents", ""),
        ("/incidents", "?view=mine&order=created_at"),
        (f"/incidents/{number}", ""),
        ("/portal", ""),
        ("/portal/requests", ""),
        ("/incidents/new", ""),
    ):
        answer = client.get(path + query)
        assert answer.status_code == 301
        assert answer["Location"] == f"{path}/{query}"
    assert client.post("/incidents/new", {"title": "x"}).status_code == 404
    assert client.get("/incidents/INC-1/nothing/at/all").status_code == 404
    assert client.get("/api/v1/nothing").status_code == 404
    assert client.get("/" + "x" * 100_000).status_code == 404


def test_a_stranger_is_led_on_and_never_elsewhere() -> None:
    assert Client().get("/incidents")["Location"] == "/incidents/"
    for path in ("//example.org", "//example.org/incidents", "/\\example.org"):
        answer = Client().get("/", PATH_INFO=path)
        assert answer.status_code == 404 or answer["Location"].startswith(("/%2F", "/%5C"))


@pytest.mark.parametrize("spelled", ["inc{d}", "INC-{d}", "INC0000{d}", " inc {d} "])
def test_a_number_in_the_filter_finds_that_record(
    browse: Browse, world: World, spelled: str
) -> None:
    """Also a closed one, below whatever view the box stands."""
    closed, other = world.incident(title="The one"), world.incident(title="Another")
    commands.move(incident, closed.number, "cancel", {}, SETUP)
    text = spelled.format(d=closed.number.partition("-")[2])
    page = browse("agn").get("/incidents/", {"filter": text})
    assert page.status_code == 200
    assert "The one" in page.content.decode()
    assert other.title not in page.content.decode()


SAID = re.compile(r'<p class="q-err q-unmet"[^>]*>.*?<span>(.*?)</span></p>', re.DOTALL)


def said(client: Client, query: str) -> str:
    page = client.get(f"/incidents/?{query}")
    assert page.status_code == 200
    found = SAID.search(page.content.decode())
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("view=VIEW-999", "The view in this address is not there, or not for you. This is “All open”."),
        ("view=none", "The view in this address is not there, or not for you. This is “All open”."),
        ("view=VIEW-999&filter=is_open", "The view in this address is not there, or not for you. This is “All”."),
        ("order=bogus", "This list cannot be sorted as its address says. It is in its usual order."),
        ("group=bogus", "This list cannot be grouped as its address says. It is shown without groups."),
        ("columns=bogus", "Some columns in this address are not there, or not for you."),
        ("columns=number,bogus", "Some columns in this address are not there, or not for you."),
        ("peek=INC-9999", "The record that this address opens beside the list is not there, or not for you."),
    ],
)  # fmt: skip
def test_what_an_address_asks_for_and_there_is_not_is_said(
    browse: Browse, world: World, query: str, words: str
) -> None:
    """And the list stands there all the same."""
    world.incident(title="The one")
    assert said(browse("agn"), query) == words
    assert "The one" in browse("agn").get(f"/incidents/?{query}").content.decode()


def test_an_address_that_is_honoured_says_nothing(browse: Browse, world: World) -> None:
    number = world.incident().number
    for query in (
        "",
        "view=all",
        "columns=number,title",
        f"peek={number}",
        "order=updated_at&group=",
    ):
        assert said(browse("agn"), query) == ""
    assert said(browse("agn"), f"view=mine&filter={number}") == ""
