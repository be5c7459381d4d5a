"""What one does in a list: the preview, changes in place, the menu of a row."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from mainstay.directory import commands as directory
from mainstay.records import commands, queries
from mainstay.records.models import Event
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
HERE = "http://testserver/incidents/"


def fragment(client: Client, url: str, target: str, here: str = HERE, **form: Any) -> Any:
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": here}
    return client.post(url, form, headers=headers) if form else client.get(url, headers=headers)


def test_the_preview_is_what_its_reader_may_see(world: World, browse: Browse) -> None:
    number, hidden = str(world.incident().number), str(world.hidden_incident().number)
    shown = fragment(browse("agn"), f"/incidents/?peek={number}", "div#peek")
    text = shown.content.decode()
    assert shown.status_code == 200 and "VPN drops" in text and "<table" not in text
    assert "Start work" in text
    assert fragment(browse("agn"), f"/incidents/?peek={hidden}", "div#peek").status_code == 404
    whole = browse("agn").get(f"/incidents/?peek={hidden}")
    assert whole.status_code == 200 and "payslip" not in whole.content.decode()
    assert "data-number" in browse("agn").get(f"/incidents/?peek={number}").content.decode()
    auditor = fragment(browse("aud"), f"/incidents/?peek={number}", "div#peek")
    assert "Start work" not in auditor.content.decode()
    assert fragment(Client(), f"/incidents/?peek={number}", "div#peek").status_code == 401


def test_yes_and_no_are_chosen_in_place(world: World, browse: Browse) -> None:
    data = {"title": "It leaks", "is_major": True}
    number = commands.create(shelf.type("problem"), data, world.by("agn")).number
    menu = fragment(browse("agn"), f"/problems/{number}/set/is_major/", "div#menu-is_major")
    told = menu.content.decode()
    assert menu.status_code == 200 and told.count("aria-current") == 1
    assert 'value="true" aria-current="true"' in told


def test_a_change_in_a_list_draws_its_row_anew(world: World, browse: Browse) -> None:
    number = str(world.incident().number)
    client, here = browse("agn"), f"{HERE}?columns=number,title,category"
    menu = fragment(client, f"/incidents/{number}/set/category/", "div#menu-row", here)
    assert f'hx-target="#{number}"' in menu.content.decode()
    set_it = {"value": "Printers", "seen": "1"}
    answer = fragment(client, f"/incidents/{number}/set/category/", f"tr#{number}", here, **set_it)
    row = answer.content.decode()
    assert answer.status_code == 200
    assert row.startswith(f'<tr id="{number}">') and "Printers" in row and row.count("<tr") == 1
    assert "updated" in json.loads(answer["HX-Trigger"])["toast"]["text"]
    moved = fragment(client, f"/incidents/{number}/move/start/", f"tr#{number}", here, x="1")
    assert moved.status_code == 200 and moved.content.decode().startswith("<tr")
    beside = fragment(
        client, f"/incidents/{number}/set/category/", "div#peek", f"{HERE}?peek={number}",
        value="Network",
    )  # fmt: skip
    assert "data-number" in beside.content.decode()
    assert json.loads(beside["HX-Trigger"])["changed-row"]["number"] == number
    assert queries.one(incident, SETUP.actor, number)["category"] == "Network"


def test_a_row_that_is_looked_for_anew_goes_when_it_is_not_there(
    world: World, browse: Browse
) -> None:
    number, agent = str(world.incident().number), browse("agn")
    assert f'<tr id="{number}">' in fragment(agent, HERE, f"tr#{number}").content.decode()
    commands.remove(incident, number, SETUP)
    for absent in (number, "INC-999999"):
        answer = fragment(agent, HERE, f"tr#{absent}")
        assert (answer["HX-Reswap"], answer.content) == ("delete", b"")


@pytest.mark.parametrize("who", ["ra1", "aud", "agb"])
def test_a_refused_change_in_a_list_writes_nothing(world: World, browse: Browse, who: str) -> None:
    number, before = str(world.incident().number), Event.objects.count()
    answer = fragment(
        browse(who), f"/incidents/{number}/set/category/", f"tr#{number}", value="Printers"
    )
    assert answer.status_code in (403, 404)
    assert answer["HX-Reswap"] == "none" and "toast" in json.loads(answer["HX-Trigger"])
    assert Event.objects.count() == before


def test_a_menu_offers_what_may_be_done_with_its_row(world: World, browse: Browse) -> None:
    number = str(world.incident().number)

    def menu(who: str, name: str) -> str:
        return fragment(
            browse(who), f"/incidents/{number}/menu/{name}/", "div#menu-row"
        ).content.decode()

    assert "Category" in menu("agn", "fields") and "Start work" in menu("agn", "moves")
    weights = menu("agn", "weights")
    assert "Impact" in weights and "Urgency" in weights and "Category" not in weights
    assert "Nothing can be changed" in menu("aud", "fields")
    assert "Start work" not in menu("aud", "moves")
    assert browse("agn").get(f"/incidents/{number}/menu/other/").status_code == 404


@pytest.mark.parametrize("plural", ["incidents", "problems"])
@pytest.mark.parametrize("view", ["open", "all", "mine"])
def test_who_is_shown_none_of_a_kind_is_not_told_that_all_is_dealt_with(
    world: World, browse: Browse, plural: str, view: str
) -> None:
    """Who loses the role while the list is open, and whether or not there is anything."""
    agent, address = browse("agn"), f"/{plural}/?view={view}"
    here = f"http://testserver{address}"

    def told() -> str:
        shown = fragment(agent, address, "div#queue", here)
        assert shown.status_code == 200
        return shown.content.decode().partition('class="empty')[2]

    empty = told()
    assert "Nothing" in empty and "for you" not in empty
    directory.withdraw(world.number("agn"), "agent", SETUP)
    without = told()
    assert "Nothing here for you" in without and "portal" in without
    assert "dealt with" not in without and "/new/" not in without
    rtype = shelf.by_plural(plural)
    assert rtype is not None
    commands.create(rtype, {"title": "Somebody else's", "impact": 1}, SETUP)
    assert told() == without


def test_what_is_dealt_with_is_still_said_to_be(world: World, browse: Browse) -> None:
    shown = browse("agn").get("/incidents/").content.decode()
    assert "Everything here is dealt with." in shown and "for you." not in shown
