"""Linking a record: by its number, by what it is called, and never to what its reader may not see."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from mainstay.records import commands, queries
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_languages import speaks
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
OPTION = re.compile(r'<option value="([^"]*)">')


def offered(client: Client, number: str, kind: str, typed: str) -> list[str]:
    query = {"kind": kind, "record": typed}
    part = {"HX-Request": "true", "HX-Target": "datalist#o-record"}
    answer = client.get(f"/incidents/{number}/link/", query, headers=part)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    return OPTION.findall(answer.content.decode())


def linked(world: World, number: str) -> list[str]:
    row = queries.one(shelf.type("incident"), world.actor("agn"), number)
    return [link["number"] for link in queries.links(world.actor("agn"), row)]


def link(client: Client, number: str, typed: str, kind: str = "relates", **more: Any) -> Any:
    form = {"kind": kind, "record": typed} | more
    part = {"HX-Request": "true", "HX-Target": "article#record"}
    return client.post(f"/incidents/{number}/link/", form, headers=part)


def said(refused: Any) -> str:
    """What stands at the box, in the form that comes back to its menu."""
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#add-link")
    assert "HX-Trigger" not in refused
    drawn = refused.content.decode()
    assert 'aria-invalid="true" aria-describedby="e-record-1"' in drawn
    [told] = re.findall(r'id="e-record-1">.*?</svg>([^<]*)', drawn, re.DOTALL)
    return html.unescape(told)


def test_what_the_kind_of_link_leads_to_is_offered(world: World, browse: Browse) -> None:
    own, other = world.incident().number, world.incident(title="VPN: no tunnel").number
    cause = commands.create(shelf.type("problem"), {"title": "VPN firmware"}, SETUP).number
    agent = browse("agn")
    assert offered(agent, own, "relates", "vpn") == [f"VPN: no tunnel · {other}"]
    assert offered(agent, own, "relates", f"VPN: no tunnel · {other}") == [
        f"VPN: no tunnel · {other}"
    ]
    assert offered(agent, own, "caused_by", "vpn") == [f"VPN firmware · {cause}"]
    wireless = world.incident(title="Wi-Fi slow").number
    assert offered(agent, own, "relates", "wifi") == [f"Wi-Fi slow · {wireless}"]
    assert offered(agent, own, "affects", "vpn") == [f"VPN · {world.services['vpn']}"]
    assert offered(agent, own, "affects", "zebra") == []


def test_what_one_may_not_see_is_not_offered_nor_found(world: World, browse: Browse) -> None:
    own, hidden = world.incident().number, world.hidden_incident().number
    agent = browse("agn")
    assert offered(agent, own, "relates", "CNRY") == offered(agent, own, "relates", hidden) == []
    assert len(offered(browse("agh"), own, "relates", "CNRY")) == 1
    for typed in ("CNRY-payslip", hidden):
        assert "There is no record" in said(link(agent, own, typed))
    assert linked(world, own) == []


def test_it_is_for_those_who_may_link(world: World, browse: Browse) -> None:
    number = world.incident().number
    for who in ("aud", "ra1", "rb1"):
        answer = browse(who).get(f"/incidents/{number}/link/", {"kind": "relates", "record": "v"})
        assert answer.status_code == 404, who
    assert browse("agn").get(f"/incidents/{number}/link/", {"kind": "nope"}).status_code == 404


def test_a_record_that_another_kind_leads_to_says_which(world: World, browse: Browse) -> None:
    own = world.incident().number
    cause = commands.create(shelf.type("problem"), {"title": "Firmware"}, SETUP).number
    refused = link(browse("agn"), own, str(cause))
    assert refused.status_code == 422 and linked(world, own) == []
    assert f"{cause} is linked as “Caused by”." in said(refused)
    hidden = world.hidden_incident().number
    for number in (hidden, "PRB-999999"):
        told = said(link(browse("agn"), own, str(number), "caused_by"))
        assert "There is no record" in told and "is linked as" not in told


@pytest.mark.parametrize(
    ("language", "told"), [("en-gb", "There is no record INC-9"), ("de", "Einen Datensatz INC-9")]
)
def test_what_could_not_be_linked_is_said_in_the_readers_language(
    world: World, browse: Browse, language: str, told: str
) -> None:
    speaks(world, "agn", language)
    assert said(link(browse("agn"), world.incident().number, "INC-99999")).startswith(told)


def test_what_could_not_be_linked_is_in_the_form_again(world: World, browse: Browse) -> None:
    own, agent = world.incident(title="Own").number, browse("agn")
    typed = 'no "such" thing'
    refused = link(agent, own, typed, "affects")
    form = {"kind": "affects", "record": typed}
    whole = agent.post(f"/incidents/{own}/link/", form)
    assert whole.status_code == 422 and b"<!doctype" in whole.content
    assert f'href="/incidents/{own}/">Back' in whole.content.decode()
    for drawn in (refused.content.decode(), whole.content.decode()):
        assert 'value="affects" selected' in drawn
        assert f'value="{html.escape(typed)}"' in drawn.replace("&#34;", "&quot;")
        assert "There is no record" in drawn
    # It has no page of its own: who may not link is refused as ever, and so is what takes a link away.
    assert link(browse("aud"), own, typed).status_code == 403
    assert "HX-Retarget" not in link(agent, own, "INC-99999", away="1")


def test_a_name_that_only_one_has_is_taken(world: World, browse: Browse) -> None:
    own = world.incident(title="Another report").number
    one, two = (
        world.incident(title="VPN drops").number,
        world.incident(title="VPN drops at home").number,
    )
    agent = browse("agn")
    # The whole name of one, though the other holds it; a part that one alone has; a number; what was picked.
    for typed in ("vpn drops", f" {one} ", one.lower(), f"VPN drops · {one}"):
        assert link(agent, own, typed).status_code == 200, typed
        assert linked(world, own) == [one], typed
        link(agent, own, one, away="1")
        assert linked(world, own) == []
    assert link(agent, own, "at home").status_code == 200
    assert linked(world, own) == [two]


def test_of_several_some_are_named_and_none_is_linked(world: World, browse: Browse) -> None:
    own = world.incident(title="Another report").number
    numbers = [world.incident(title=f"VPN drops {n}").number for n in range(2)]
    refused = link(browse("agn"), own, "drops")
    told = said(refused)
    assert "Several match" in told and all(number in told for number in numbers)
    assert linked(world, own) == []


def test_what_is_over_is_found_where_nothing_open_is_called_so(
    world: World, browse: Browse
) -> None:
    own, old = (
        world.incident(title="Another report").number,
        world.incident(title="VPN drops").number,
    )
    solved = {"close_code": "solution_provided", "resolution": "Done."}
    commands.move(shelf.type("incident"), old, "resolve", solved, SETUP)
    commands.move(shelf.type("incident"), old, "close", {}, SETUP)
    assert offered(browse("agn"), own, "relates", "drops") == [f"VPN drops · {old}"]
    assert link(browse("agn"), own, "VPN drops").status_code == 200
    assert linked(world, own) == [old]


def test_digits_are_the_number_of_what_can_be_linked(world: World, browse: Browse) -> None:
    own, other = world.incident().number, world.incident().number
    agent = browse("agn")
    assert link(agent, own, other.rpartition("-")[2]).status_code == 200
    assert linked(world, own) == [other]
    assert "There is no record 4711" in said(link(agent, own, "4711"))
    assert "There is no record" in said(link(agent, own, "9" * 5000))
    hidden = world.hidden_incident().number
    digits = hidden.rpartition("-")[2]
    assert f"There is no record {digits}" in said(link(agent, own, digits))
