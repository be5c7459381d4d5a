"""Removal: offered to whom may, asked about first, undone afterwards; for one record and for many."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mainstay.records import commands, queries
from mainstay.records.errors import Missing
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse, applied
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
FRAGMENT = {"HX-Request": "true", "HX-Target": "form#bulk"}


def is_there(number: str) -> bool:
    try:
        return queries.one(incident, SETUP.actor, number) is not None
    except Missing:
        return False


def undo_in(page: Any) -> str:
    found = re.search(r'class="toast">.*?action="([^"]+)"', page.content.decode(), re.DOTALL)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_only_who_may_is_offered_it(browse: Browse, world: World) -> None:
    number = world.incident().number
    for name, offered in (("adm", True), ("agn", False), ("aud", False), ("ra1", False)):
        page = browse(name).get(f"/incidents/{number}/").content.decode()
        assert (f"/incidents/{number}/remove/" in page) == offered
        asked = browse(name).get(f"/incidents/{number}/remove/")
        assert asked.status_code == (200 if offered else 403)
        listed = browse(name).get("/incidents/?view=all").content.decode()
        assert ('value="remove:"' in listed) == offered
    for name in ("agn", "aud", "ra1"):
        assert browse(name).post(f"/incidents/{number}/remove/").status_code == 403
        assert browse(name).post(f"/incidents/restore/?sel={number}").status_code in (403, 404)
    hidden = world.hidden_incident().number
    assert browse("ra1").get(f"/incidents/{hidden}/remove/").status_code == 404
    assert is_there(number)


def test_it_is_asked_done_and_undone_without_a_script(browse: Browse, world: World) -> None:
    number = world.incident().number
    client = browse("adm")
    question = client.get(f"/incidents/{number}/remove/").content.decode()
    assert "you can undo this" in question
    assert is_there(number)
    done = client.post(f"/incidents/{number}/remove/")
    assert (done.status_code, done["Location"]) == (303, "/incidents/")
    assert not is_there(number)
    after = client.get("/incidents/")
    assert f"{number} removed" in after.content.decode()
    back = client.post(undo_in(after))
    assert (back.status_code, back["Location"]) == (303, f"/incidents/{number}/")
    assert is_there(number)
    assert f"{number} is back" in client.get(f"/incidents/{number}/").content.decode()


def test_the_dialog_leads_to_the_list_with_the_way_back(browse: Browse, world: World) -> None:
    number = world.incident().number
    client = browse("adm")
    asked = {"HX-Request": "true", "HX-Target": "dialog#dialog"}
    assert "<html" not in client.get(f"/incidents/{number}/remove/", headers=asked).content.decode()
    done = client.post(f"/incidents/{number}/remove/", headers=asked)
    assert done["HX-Redirect"] == "/incidents/"
    client.post(undo_in(client.get("/incidents/")))
    assert is_there(number)


def test_what_others_refer_to_stays_and_the_reason_is_told(browse: Browse, world: World) -> None:
    world.incident()
    vpn = world.services["vpn"]
    client = browse("mgr")
    refused = client.post(f"/services/{vpn}/remove/")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert client.get(f"/services/{vpn}/").status_code == 200


def test_many_are_removed_and_brought_back_at_once(browse: Browse, world: World) -> None:
    numbers = [str(world.incident().number) for _ in range(3)]
    client, form = browse("adm"), {"step": "remove:", "sel": numbers}
    question = client.post("/incidents/bulk/", form).content.decode()
    assert "history is kept" in question
    assert all(map(is_there, numbers))
    at_once = client.post("/incidents/bulk/", form | {"apply": "1"})
    assert at_once.status_code == 200 and "3 will be removed." in at_once.content.decode()
    assert all(map(is_there, numbers)), "nothing goes that was not looked at first"
    done = applied(client, form, headers=FRAGMENT)
    told = json.loads(done["HX-Trigger"])["toast"]
    assert told["text"] == "3 removed"
    assert not any(map(is_there, numbers))
    assert client.post(told["undo"]).status_code == 303
    assert all(map(is_there, numbers))
    assert applied(client, form).status_code == 303
    came = {"Referer": "http://testserver/incidents/?view=all"}
    back = client.post(undo_in(client.get("/incidents/")), headers=came)
    assert back["Location"] == "/incidents/?view=all"
    assert "3 taken back" in client.get(back["Location"]).content.decode()
    assert all(map(is_there, numbers))


def test_a_removed_record_can_be_brought_back_by_who_may_remove_it(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    commands.remove(incident, number, world.by("adm"))
    for name in ("agn", "ra1", "agb"):
        assert browse(name).post(f"/incidents/restore/?sel={number}").status_code in (403, 404)
    assert not is_there(number)
    assert browse("adm").post("/incidents/restore/").status_code == 404
    assert browse("adm").get(f"/incidents/restore/?sel={number}").status_code == 405
