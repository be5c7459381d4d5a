"""Uploads and downloads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.surfaces.api.client import form
from tests.world import World

PAGE = b"<script>alert(1)</script>"


def content(sent: Any) -> bytes:
    return b"".join(sent.streaming_content)


def test_what_goes_in_comes_out_and_runs_nowhere(ask: Any, world: World) -> None:
    number = world.incident().number
    path = f"/incidents/{number}/files"
    made = ask("ra1").upload(path, "über mich.html", PAGE, visibility="public")
    assert made.status_code == 201, made.content
    file = made.json()
    assert file.pop("warning") is None
    assert (file["content_type"], file["size"]) == ("text/plain", len(PAGE))
    assert made["Location"] == f"/api/v1{path}/{file['id']}"
    assert ask("agn").get(path).json()["items"] == [file]
    sent = ask("agn").get(f"{path}/{file['id']}")
    assert content(sent) == PAGE
    assert sent["Content-Disposition"].startswith("attachment; filename*=UTF-8''%C3%BCber")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert sent["Content-Type"] == "text/plain"
    last = ask("agn").get(f"/incidents/{number}/events").json()["items"][-1]
    assert last["name"] == "incident.attach"


def test_internal_files_do_not_exist_for_the_caller(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}/files"
    file = ask("agn").upload(path, "a.txt", b"x", visibility="internal").json()
    assert ask("ra1").get(path).json()["items"] == []
    assert ask("ra1").get(f"{path}/{file['id']}").status_code == 404
    assert content(ask("agn").get(f"{path}/{file['id']}")) == b"x"
    assert ask("ra1").upload(path, "a.txt", b"x", visibility="internal").status_code == 403


def test_a_file_of_another_record_is_not_found_here(ask: Any, world: World) -> None:
    one, two = world.incident().number, world.incident().number
    file = ask("agn").upload(f"/incidents/{one}/files", "a", b"x", visibility="public").json()
    assert ask("agn").get(f"/incidents/{two}/files/{file['id']}").status_code == 404


@pytest.mark.parametrize(
    ("texts", "content", "field"),
    [
        ({}, b"x", "visibility"),
        ({"visibility": "all"}, b"x", "visibility"),
        ({"visibility": "public", "nonsense": "1"}, b"x", "nonsense"),
        ({"visibility": "public"}, b"", "file"),
    ],
)
def test_wrong_forms(texts: Any, content: bytes, field: str, ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}/files"
    answer = ask("agn").upload(path, "a.txt", content, **texts)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert ask("agn").get(path).json()["items"] == []


def test_other_bodies(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}/files"
    api, kind = ask("agn"), "multipart/form-data; boundary=b"
    good = form("a.txt", b"x", "b", {"visibility": "public"})
    assert api.post(path, {"visibility": "public"}).status_code == 415
    assert api.raw("POST", path, good, "multipart/form-data").status_code == 400
    assert api.raw("POST", path, good[:-20], "multipart/form-data; boundary=b").status_code < 500
    assert api.raw("POST", path, b"--b--\r\n", kind).status_code == 422
    twice = form("a.txt", b"x", "b", {})[:-5] + good
    assert api.raw("POST", path, twice, kind).status_code == 422
    nameless = good.replace(b'name="file"', b'name="other"')
    assert list(api.raw("POST", path, nameless, kind).json()["errors"]) == ["other"]
    for bad in (b"\x00", b"\xff\xfe", b"../../etc/passwd", b"a\\r\\nX: y"):
        answer = api.raw("POST", path, good.replace(b"a.txt", bad), kind)
        assert answer.status_code in (201, 400, 422)
        if answer.status_code == 201:
            assert not {"/", "\x00", "\r", "\n"} & set(answer.json()["name"])


@pytest.mark.attack("E07")
def test_too_large(ask: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/incidents/{world.incident().number}/files"
    large = b"x" * (25 * 1024 * 1024 + 1)
    answer = ask("agn").upload(path, "a.bin", large, visibility="public")
    assert answer.status_code == 422
    assert ask("agn").upload(path, "a.bin", large[1:], visibility="public").status_code == 201
    larger = b"x" * (26 * 1024 * 1024)
    assert ask("agn").upload(path, "a.bin", larger, visibility="public").status_code == 413


def test_nothing_is_kept_for_whoever_may_not_attach(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}/files"
    folder = Path(settings.MAINSTAY_DATA) / "files"
    before = set(folder.rglob("*")) if folder.exists() else set()
    refused = ask("aud").upload(path, "a.txt", b"only here, once", visibility="public")
    assert refused.status_code == 403
    assert (set(folder.rglob("*")) if folder.exists() else set()) == before


def test_files_come_in_pages_and_the_last_one_is_answered_too(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}/files"
    names = [f"{n}.txt" for n in range(5)]
    for name in names:
        made = ask("ra1").upload(path, name, name.encode(), visibility="public")
        assert (made.status_code, made.json()["name"]) == (201, name)
    found, after = [], ""
    while after is not None:
        page = ask("agn").get(f"{path}?size=2" + (f"&after={after}" if after else "")).json()
        found += [file["name"] for file in page["items"]]
        after = page["next"]
    assert found == names
