"""What was taken out of a record again is gone for its caller, and kept for those who work on it."""

from __future__ import annotations

import pytest

from mainstay.records import commands
from mainstay.records.types import shelf
from tests.safety.ground import Ground
from tests.safety.wire import program
from tests.world import SETUP

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
SECRETS = {"title": "Door code 4711-A", "body": "The safe opens with 4711-B."}
CLEAN = {"title": "A door", "body": "It does not open."}


@pytest.mark.attack("D04")
def test_words_that_were_taken_out_are_gone_for_the_caller(ground: Ground) -> None:
    """Its history, its pages and search, asked in every way that reads the past; an agent reads what was there."""
    number = ground.world.incident(by="ra1", **SECRETS).number
    for change in (CLEAN, {"body": "It opens with 4711-C."}, {"body": "It opens again."}):
        commands.change(incident, number, change, SETUP)
    address = f"/api/v1/incidents/{number}"
    ways = (
        address, f"{address}/events", f"{address}/events?size=1", f"{address}?version=1", f"{address}/history",
        f"/portal/requests/{number}/", f"/incidents/{number}/", f"/incidents/{number}/?show=internal",
        "/api/v1/search?q=4711", "/portal/search/?q=4711", f"/audit/?record={number}", "/api/v1/audit", "/portal/inbox/",
    )  # fmt: skip
    for way in ways:
        for wire in (ground.browser("ra1"), program(ground.world.people["ra1"].id, "read")):
            told = wire.get(way).text.replace("q=4711", "").replace('value="4711"', "")
            assert "4711-" not in told, way
    told = ground.browser("ra1").get(f"{address}/events").json["items"]
    assert [event["name"] for event in told] == ["incident.create"] + ["incident.change"] * 3
    assert told[1]["changes"]["title"] == {"from": None, "to": CLEAN["title"]}, "what stands there"
    assert told[3]["changes"]["body"] == {"from": None, "to": "It opens again."}
    inside = ground.browser("agn").get(f"{address}/events").text
    assert all(code in inside for code in ("4711-A", "4711-B", "4711-C"))
