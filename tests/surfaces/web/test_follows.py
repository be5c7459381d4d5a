"""What follows by itself gets, when it looks again, what stood there: nothing is lost by looking."""

from __future__ import annotations

import re

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.config.live.streams import INBOX, Subjects
from mainstay.records import delivery
from mainstay.records.types import Message, shelf
from tests.surfaces.web.conftest import Browse
from tests.world import World

HEADING = re.compile(r"<h[12][ >].*?</h[12]>", re.S)
# What `frontend/js/lazy/live.js` asks for, by what stands in a page.
FOLLOWS = {
    'id="record"': "div#record",
    'id="queue" class="queue" data-follows': "div#queue",
    '" data-follows': "main#main",
}


def target_of(text: str) -> str:
    return next((target for sign, target in FOLLOWS.items() if sign in text), "")


def word_of(address: str, target: str) -> str:
    """What its stream is asked for, as the same script has it."""
    first, second, third = [*filter(None, address.partition("?")[0].split("/")), "", "", ""][:3]
    if first != "portal":
        return f"{first}/{second}" if target == "div#record" else first or "mine"
    return f"portal/{third}" if third else INBOX if second == INBOX else first


@pytest.mark.parametrize(("who", "least"), [("agn", 20), ("adm", 20), ("ra1", 5)])
def test_it_keeps_its_headings(browse: Browse, world: World, who: str, least: int) -> None:
    number = world.incident().number
    # So that their inboxes are not empty; whoever opens a record has read of it.
    say(shelf.type("incident"), number, Message("all", "Is it so again?"), world.by("agn"))
    world.incident(by="agm", assignee=world.number("agn"))
    delivery.drain()
    addresses = [
        *("/", "/inbox/", "/inbox/?view=info", "/portal/inbox/", "/portal/inbox/?view=info"),
        *("/workload/", f"/incidents/{number}/"),
        *("/portal/", "/portal/requests/", f"/portal/requests/{number}/"),
        *(f"/{rtype.plural}/" for rtype in shelf),
    ]
    client, asked = browse(who), 0
    for address in addresses:
        whole = client.get(address)
        if whole.status_code != 200:
            continue
        target = target_of(whole.content.decode())
        assert target, address
        word = word_of(address, target)
        known = Subjects([word])
        assert word == INBOX or known.pages or known.lists or known.numbers, address
        part = client.get(address, headers={"HX-Request": "true", "HX-Target": target})
        main = whole.content.decode().partition(f'id="{target.partition("#")[2]}"')[2]
        found = HEADING.findall(main.partition("</main>")[0])
        assert HEADING.findall(part.content.decode()) == found, address
        asked += 1
    assert asked >= least


def test_a_form_on_a_page_of_its_own_stays_as_it_is(browse: Browse, world: World) -> None:
    one, client = f"/incidents/{world.incident().number}", browse("agn")
    steps = ("edit", "move/start", "set/assignee", "notices", "tell-children")
    for address in (
        *(f"{one}/{step}/" for step in steps),
        "/incidents/new/",
        "/profile/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert target_of(answer.content.decode()) == "", address


def test_what_was_found_is_looked_for_anew(browse: Browse, world: World) -> None:
    """Where its reader's rights may be others: no news is told of it."""
    number = str(world.incident(title="Found by its number").number)
    for who, address in (("agn", "/search/"), ("ra1", "/portal/search/")):
        client = browse(who)
        whole = client.get(f"{address}?q={number}").content.decode()
        assert target_of(whole) == "main#main"
        target = {"HX-Request": "true", "HX-Target": "main#main"}
        part = client.get(f"{address}?q={number}", headers=target).content.decode()
        assert "Found by its number" in whole and "Found by its number" in part
        assert "<!doctype" not in part.lower()
