"""ETag, If-Match and If-None-Match."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.records import commands
from mainstay.records.models import Event
from mainstay.records.types import shelf
from tests.world import SETUP, World


def stale(answer: Any, version: int) -> bool:
    told = answer.json()["type"] == "urn:mainstay:problem:stale"
    return answer.status_code == 412 and told and answer["ETag"] == f'"{version}"'


def test_a_stale_writer_changes_nothing(ask: Any, world: World) -> None:
    number = world.incident().number
    path = f"/incidents/{number}"
    read = ask("agn").get(path)
    first = ask("agn")("PATCH", path, {"title": "First"}, If_Match=read["ETag"])
    assert first.status_code == 200
    events = Event.objects.count()
    for method, below, body in (
        ("PATCH", "", {"title": "Second"}),
        ("POST", "/moves", {"move": "start"}),
    ):
        assert stale(ask("agn")(method, path + below, body, If_Match=read["ETag"]), 2)
    assert Event.objects.count() == events
    moved = ask("agn")("POST", f"{path}/moves", {"move": "start"}, If_Match=first["ETag"])
    assert moved.status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"1"', 200),
        ('W/"1"', 200),
        ('"1-0badc0de"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('"2"', 412),
        ('"7", "8"', 412),
        ("1", 412),
        ('""', 412),
        ('"one"', 412),
        ('"' + "9" * 50 + '"', 412),
        ('"\x00"', 412),
    ],
)
def test_what_if_match_may_say(header: str, status: int, ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}"
    answer = ask("agn")("PATCH", path, {"title": "New"}, If_Match=header)
    assert answer.status_code == status
    assert status == 200 or stale(answer, 1)


def test_rights_come_before_versions(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}"
    assert ask("ra1")("PATCH", path, {"title": "x"}, If_Match='"9"').status_code == 403
    assert ask("ra2")("PATCH", path, {"title": "x"}, If_Match='"9"').status_code == 404


def test_removing_a_version(ask: Any, world: World) -> None:
    path = f"/services/{world.services['vpn']}"
    assert stale(ask("adm")("DELETE", path, If_Match='"9"'), 1)
    assert ask("adm").get(path).status_code == 200
    assert ask("adm")("DELETE", path, If_Match='"1"').status_code == 204
    assert ask("adm").get(path).status_code == 404
    assert ask("adm")("DELETE", path).status_code == 404


def test_what_open_records_name_stays(ask: Any, world: World) -> None:
    number, path = world.incident().number, f"/services/{world.services['vpn']}"
    refused = ask("adm")("DELETE", path)
    assert refused.status_code == 422
    assert "name this as their service" in refused.json()["errors"]["service"][0]
    commands.move(shelf.type("incident"), number, "cancel", {}, SETUP)
    assert ask("adm")("DELETE", path).status_code == 204


def test_a_stale_note_is_not_taken(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}"
    note = {"text": "As of the first version", "visibility": "internal"}
    link = {"kind": "affects", "record": world.services["vpn"]}
    for below, body in (("/notes", note), ("/links", link)):
        assert stale(ask("agn").post(path + below, body, If_Match='"9"'), 1)
        assert ask("agn").post(path + below, body, If_Match='"1"').status_code == 201


def test_what_is_known_is_not_sent_again(ask: Any, world: World) -> None:
    number = world.incident().number
    path = f"/incidents/{number}"
    tag = ask("agn").get(path)["ETag"]
    for header in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = ask("agn").get(path, If_None_Match=header)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    for header in ('"1"', "nonsense", ""):
        assert ask("agn").get(path, If_None_Match=header).status_code == 200
    assert ask("agn").get(f"{path}?fields=title", If_None_Match=tag).status_code == 200


def test_what_changes_without_a_version_is_sent(ask: Any, world: World) -> None:
    """A note moves `updated_at`, and a team's new name stands in every record of the team."""
    number = world.incident(by="mgr", team=world.teams["net"]).number
    path = f"/incidents/{number}"
    tag = ask("agn").get(path)["ETag"]
    commands.change(shelf.type("team"), world.teams["net"], {"title": "Networks"}, SETUP)
    renamed = ask("agn").get(path, If_None_Match=tag)
    assert renamed.status_code == 200
    assert renamed.json()["team"]["title"] == "Networks"
    ask("agn").post(f"{path}/notes", {"text": "x", "visibility": "public"})
    assert ask("agn").get(path, If_None_Match=renamed["ETag"]).status_code == 200


def test_what_no_longer_fits_is_stale(ask: Any, world: World) -> None:
    """Two agents make the same move: the second hears 412 and not that the move is none any more."""
    number = world.incident().number
    first = ask("agn").get(f"/incidents/{number}")["ETag"]
    start = {"move": "start"}
    assert ask("agn").post(f"/incidents/{number}/moves", start, If_Match=first).status_code == 200
    assert ask("lead").post(f"/incidents/{number}/moves", start, If_Match=first).status_code == 412
    wrong = {"nosuch": 1}
    assert ask("lead")("PATCH", f"/incidents/{number}", wrong, If_Match=first).status_code == 412
    assert ask("ra2")("PATCH", f"/incidents/{number}", wrong, If_Match=first).status_code == 404


def test_a_removed_record_is_as_if_it_had_never_been(ask: Any, world: World) -> None:
    number = world.incident().number
    assert ask("adm")("DELETE", f"/incidents/{number}").status_code == 204
    for name in ("agn", "ra1"):
        gone, never = (
            ask(name).post(f"/incidents/{n}/restore", {}) for n in (number, "INC-999999")
        )
        assert gone.status_code == never.status_code == 404
