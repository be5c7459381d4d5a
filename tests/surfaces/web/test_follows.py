"""What follows by itself gets, when it looks again, what stood there: nothing is lost by looking."""

from __future__ import annotations

import re

import pytest

from mainstay.records.types import shelf
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


@pytest.mark.parametrize(("who", "least"), [("agn", 20), ("adm", 20), ("ra1", 5)])
def test_it_keeps_its_headings(browse: Browse, world: World, who: str, least: int) -> None:
    number = world.incident().number
    addresses = [
        *("/", "/inbox/", "/inbox/?view=info", "/workload/", f"/incidents/{number}/"),
        *("/portal/", "/portal/requests/", "/portal/inbox/", f"/portal/requests/{number}/"),
        *(f"/{rtype.plural}/" for rtype in shelf),
    ]
    client, asked = browse(who), 0
    for address in addresses:
        whole = client.get(address)
        if whole.status_code != 200:
            continue
        target = target_of(whole.content.decode())
        assert target, address
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
        "/search/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert target_of(answer.content.decode()) == "", address
