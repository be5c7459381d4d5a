"""A file goes ahead of its message: its sender's alone until that is sent, then for whoever reads the message."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mainstay.capabilities.files import ahead, store, sweeping
from mainstay.capabilities.files.models import Attachment, Upload
from mainstay.records import clock, history, queries
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    settings.MAINSTAY_DATA = tmp_path_factory.mktemp("data")
    return Path(settings.MAINSTAY_DATA)


def put(
    client: Client,
    number: str,
    name: str = "plan.png",
    audience: str = "internal",
    content: bytes = PNG,
) -> Any:
    form = {"file": SimpleUploadedFile(name, content), "audience": audience}
    return client.post(f"/incidents/{number}/uploads/", form, headers=FRAGMENT)


def talk(client: Client, number: str, text: str, audience: str) -> Any:
    form = {"text": text, "audience": audience}
    headers = {**FRAGMENT, "HX-Target": "div#record"}
    return client.post(f"/incidents/{number}/talk/", form, headers=headers)


def status(client: Client, address: str) -> int:
    """Reads the file to its end, where there is one for this person."""
    answer = client.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return int(answer.status_code)


def address_of(text: str) -> str:
    return text.partition("(")[2].rstrip(")")


def test_it_is_its_senders_alone_until_it_is_sent(browse: Browse, world: World) -> None:
    number = world.incident().number
    made = put(browse("agn"), number).json()
    address = address_of(made["text"])
    assert made["text"].startswith("![plan.png](/files/")
    assert status(browse("agn"), address) == 200
    for who in ("agm", "adm", "ra1", "agb"):
        assert status(browse(who), address) == 404
    row = queries.one(incident, world.actor("agn"), number)
    assert not [
        e for e in history.events(incident, world.actor("agn"), row) if "attach" in e["name"]
    ]


@pytest.mark.attack("E04")
def test_nobody_sends_or_takes_away_what_another_sent_ahead(browse: Browse, world: World) -> None:
    number, owner, other = world.incident().number, browse("agn"), browse("agm")
    made = put(owner, number).json()
    key = Upload.objects.get().uuid
    for text in (made["text"], f"See {address_of(made['text'])}"):
        talk(other, number, text, "internal")
        assert not Attachment.objects.exists()
    for who in ("agm", "adm", "ra1", "agb"):
        away = browse(who).post(f"/incidents/{number}/uploads/{key}/", headers=FRAGMENT)
        assert away.status_code == 404
        assert status(browse(who), address_of(made["text"])) == 404
    assert Upload.objects.get().author_id == world.people["agn"].id
    talk(owner, number, made["text"], "internal")
    assert Attachment.objects.get().author_id == world.people["agn"].id


def test_sent_it_is_whoevers_reads_the_message(browse: Browse, world: World) -> None:
    number, agent = world.incident().number, browse("agn")
    note, reply = put(agent, number).json(), put(agent, number, "for you.png", "all").json()
    put(agent, number, "left.png")
    talk(agent, number, f"See {note['text']}", "internal")
    talk(agent, number, f"See {reply['text']}", "all")
    assert {(a.name, a.audience) for a in Attachment.objects.all()} == {
        ("plan.png", "internal"),
        ("for you.png", "all"),
    }
    assert [u.name for u in Upload.objects.all()] == ["left.png"]
    caller = browse("ra1")
    shown = caller.get(f"/portal/requests/{number}/").content.decode()
    assert f'<img src="{address_of(reply["text"])}"' in shown
    assert (
        shown.count("for%20you.png") == 2
    )  # the picture and the way to it, and no line of its own
    assert status(caller, address_of(reply["text"])) == 200
    assert status(caller, address_of(note["text"])) == 404
    assert status(browse("agm"), address_of(note["text"])) == 200


def test_a_preview_names_a_picture_and_opens_nothing(browse: Browse, world: World) -> None:
    number, agent = world.incident().number, browse("agn")
    note = put(agent, number).json()
    talk(agent, number, f"See {note['text']}", "internal")
    headers = {**FRAGMENT, "HX-Target": "div#peek"}
    glance = browse("agm").get(f"/incidents/?peek={number}", headers=headers).content.decode()
    address = address_of(note["text"])
    assert f'<a href="{address}"' in glance and ">plan.png</a>" in glance and "<img" not in glance
    whole = browse("agm").get(f"/incidents/{number}/").content.decode()
    assert f'<img src="{address}"' in whole


def test_an_internal_picture_is_never_in_a_reply(browse: Browse, world: World) -> None:
    number, agent = world.incident().number, browse("agn")
    made = put(agent, number).json()
    before, key, after = re.split(r"(?<=/)([0-9a-f-]{36})(?=/)", made["text"])
    for text in (made["text"], f"{before}{key.upper()}{after}"):
        refused = talk(agent, number, text, "all")
        assert refused.status_code == 422
        assert "plan.png is internal" in refused["HX-Trigger"]
        assert refused["HX-Reswap"] == "none"
        assert not Attachment.objects.filter(audience="all").exists()
        talk(agent, number, made["text"], "internal")
    # What the caller may not know of answers like a text about nothing.
    told = talk(browse("ra1"), number, made["text"].replace("0", "1"), "all")
    assert told.status_code == 200


def test_a_picture_for_all_in_a_note_is_internal_with_it(browse: Browse, world: World) -> None:
    number, agent = world.incident().number, browse("agn")
    talk(agent, number, put(agent, number, audience="all").json()["text"], "internal")
    assert [a.audience for a in Attachment.objects.all()] == ["internal"]


def test_nobody_sends_what_another_has_uploaded(browse: Browse, world: World) -> None:
    number, other = world.incident().number, world.incident().number
    made = put(browse("agn"), number, audience="all").json()
    talk(browse("agm"), number, made["text"], "all")
    talk(browse("agn"), other, made["text"], "all")
    assert not Attachment.objects.exists()
    assert status(browse("ra1"), address_of(made["text"])) == 404
    away = f"/incidents/{number}/uploads/{made['id']}/"
    assert browse("agm").post(away).status_code == 404
    assert browse("agn").post(away, headers=FRAGMENT).status_code == 204
    assert browse("agn").post(f"/incidents/{number}/uploads/nonsense/").status_code == 404
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("who", "audience", "status"),
    [("agb", "all", 404), ("ra2", "all", 404), ("ra1", "internal", 403), ("aud", "all", 403),
     ("agn", "", 422), ("agn", "everybody", 422)],
)  # fmt: skip
def test_who_may_not_attach_uploads_nothing(
    browse: Browse,
    world: World,
    own_folder: Path,
    who: str,
    audience: str,
    status: int,
) -> None:
    number = world.incident().number
    assert put(browse(who), number, audience=audience).status_code == status
    assert not Upload.objects.exists()
    assert not list(own_folder.rglob("files/??/*"))


def test_a_refusal_says_why(browse: Browse, world: World, monkeypatch: Any) -> None:
    number, agent = world.incident().number, browse("agn")
    assert "The file is empty." in put(agent, number, content=b"")["HX-Trigger"]
    assert agent.post(f"/incidents/{number}/uploads/", headers=FRAGMENT).status_code == 422
    monkeypatch.setattr(ahead, "MOST", 1)
    assert put(agent, number).status_code == 201
    refused = put(agent, number)
    assert refused.status_code == 422
    assert "Send your message first" in refused["HX-Trigger"]
    assert Client().post(f"/incidents/{number}/uploads/", headers=FRAGMENT).status_code == 401


@pytest.mark.attack("G05", "G07")
def test_a_name_stays_a_name(browse: Browse, world: World) -> None:
    """Nothing in it ends the words it stands in."""
    number, agent = world.incident().number, browse("agn")
    for name in ("a](javascript:alert(1)).png", "<b>\"'.png", "a b#c?d%2f.png", "![x](y).png"):
        made = put(agent, number, name).json()
        preview = agent.post(f"/incidents/{number}/preview/", {"text": made["text"]})
        shown = preview.content.decode()
        assert shown.count("<img ") == 1, name
        assert 'href="javascript' not in shown
        assert "<b>" not in shown
    made = put(agent, number, "page.html", content=b"<script>alert(1)</script>").json()
    assert made["text"].startswith("[page.html](/files/")
    answer = agent.get(address_of(made["text"]))
    assert b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "text/plain"


def test_what_is_never_sent_is_swept(browse: Browse, world: World) -> None:
    number = world.incident().number
    put(browse("agn"), number)
    [upload] = Upload.objects.all()
    past = (clock.now() - sweeping.SPARED - timedelta(days=1)).timestamp()
    path = store.path_of(upload.digest)
    os.utime(path, (past, past))
    sweeping.sweep()
    assert path.exists()
    Upload.objects.update(created_at=clock.now() - sweeping.AHEAD - timedelta(seconds=1))
    sweeping.sweep()
    assert not Upload.objects.exists()
    assert not path.exists()
