"""Whatever is sent is answered 4xx and never 5xx, in the one shape."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.surfaces.api.client import Api
from tests.world import World

BODIES = [
    pytest.param(body, status, id=name)
    for name, body, status in (
        ("empty", b"", 415),
        ("blank", b" ", 400),
        ("no JSON", b"title=x", 400),
        ("cut off", b'{"title": "x"', 400),
        ("trailing", b'{"title": "x"} x', 400),
        ("deep list", b"[" * 100_000, 400),
        ("deep list, closed", b"[" * 100_000 + b"]" * 100_000, 400),
        ("deep object", b'{"title":' * 100_000, 400),
        ("deep value", b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        ("a list", b"[]", 400),
        ("a text", b'"x"', 400),
        ("null", b"null", 400),
        ("a number", b"1", 400),
        ("bad UTF-8", b'{"title": "\xff"}', 400),
        ("surrogate in UTF-8", b'{"title": "\xed\xa0\x80"}', 400),
        ("lone surrogate", b'{"title": "\\ud800"}', 400),
        ("lone surrogate as a name", b'{"\\udfff": 1}', 400),
        ("UTF-16", '{"title": "x"}'.encode("utf-16"), 400),
        ("NaN", b'{"title": "x", "impact": NaN}', 400),
        ("infinity", b'{"title": "x", "impact": Infinity}', 400),
        ("1e999", b'{"title": "x", "impact": 1e999}', 400),
        ("NUL", b'{"title": "a\\u0000b"}', 422),
        ("NUL in a name", b'{"title": "x", "a\\u0000b": 1}', 422),
        ("NUL in a reference", b'{"title": "x", "service": "\\u0000"}', 422),
        ("NUL in a message", b'{"title": "x", "message": {"text": "\\u0000"}}', 422),
        ("huge number", b'{"title": "x", "impact": ' + b"9" * 400 + b"}", 400),
        ("large number", b'{"title": "x", "impact": 99999999999999999999}', 422),
        ("larger than the column", b'{"title": "x", "impact": 40000}', 422),
        ("fraction", b'{"title": "x", "impact": 1.5}', 422),
        ("true as a number", b'{"title": "x", "impact": true}', 422),
        ("list as a text", b'{"title": ["x"]}', 422),
        ("object as a text", b'{"title": {"a": 1}}', 422),
        ("list as a reference", b'{"title": "x", "service": ["SVC-1"]}', 422),
        ("object as a reference", b'{"title": "x", "service": {"number": {"a": []}}}', 422),
        ("long reference", b'{"title": "x", "service": "' + b"9" * 70_000 + b'"}', 422),
        ("too long", b'{"title": "' + b"x" * 251 + b'"}', 422),
        ("no title", b"{}", 422),
        ("a blank title", b'{"title": "  "}', 422),
        ("a message of another kind", b'{"title": "x", "message": "hello"}', 422),
        ("a message with more", b'{"title": "x", "message": {"text": "a", "to": 1}}', 422),
        ("2.5 MB", b'{"title": "' + b"x" * 2_621_440 + b'"}', 413),
    )
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_create(body: bytes, status: int, ask: Any, world: World) -> None:
    answer = ask("ra1").raw("POST", "/incidents", body, "application/json")
    assert answer.status_code == status, answer.content[:300]
    assert ask("ra1").get("/incidents").json()["items"] == []


@pytest.mark.parametrize(
    ("where", "body"),
    [
        ("", {"reason": "\x00"}),
        ("", {"reason": 7}),
        ("", {"reason": "x" * 60_000}),
        ("", {"message": {"text": "a\x00", "visibility": "public"}}),
        ("", {"message": {"text": "x"}}),
        ("", {"resume_on": "2026-02-30"}),
        ("", {"resume_on": "0001-01-01"}),
        ("", {"resume_on": "9999-12-31"}),
        ("", {"resume_on": 7}),
        ("/moves", {"move": ["start"]}),
        ("/moves", {"move": "\x00"}),
        ("/moves", {"move": "start", "reason": "\x00"}),
        ("/moves", {"move": "start", "assignee": "\x00"}),
        ("/notes", {"text": "\x00", "visibility": "public"}),
        ("/notes", {"text": "x", "visibility": ["public"]}),
        ("/notes", {"text": "x" * 60_000, "visibility": "public"}),
        ("/links", {"kind": "\x00", "record": "\x00"}),
        ("/links", {"kind": "relates", "record": "\x00"}),
        ("/links", {"kind": ["relates"], "record": "INC-1"}),
        ("/links", {"kind": "relates"}),
    ],
)
def test_other_bodies(where: str, body: Any, ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}{where}"
    answer = ask("agn")("POST" if where else "PATCH", path, body)
    assert answer.status_code == 422, answer.content[:300]
    assert answer.json()["errors"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "a/b/c"])
def test_other_media_types(kind: str, ask: Any) -> None:
    assert ask("ra1").raw("POST", "/incidents", b'{"title":"x"}', kind).status_code == 415


def test_other_encodings(ask: Any) -> None:
    latin = ask("ra1").raw("POST", "/incidents", b"{}", "application/json; charset=latin-1")
    assert latin.status_code == 415
    packed = ask("ra1").raw(
        "POST", "/incidents", b"{}", "application/json", Content_Encoding="gzip"
    )
    assert packed.status_code == 415
    pieces = ask("ra1").raw(
        "POST", "/incidents", b"", "application/json", Transfer_Encoding="chunked"
    )
    assert pieces.status_code == 400
    assert "Content-Length" in pieces.json()["detail"]
    said = ask("ra1").raw("POST", "/incidents", b'{"title":"x"}', "application/json; charset=UTF-8")
    assert said.status_code == 201


@pytest.mark.parametrize(
    "key",
    ["\x00", "INC-\x00", "🙂", "x" * 3000, "INC-99999999999999999999", "..", "%", "%ED%A0%80", "-"],
)
def test_keys(key: str, ask: Any, world: World) -> None:
    world.incident()
    for below in ("", "/notes", "/files", f"/files/{quote(key)}", "/links", "/events"):
        assert ask("agn").get(f"/incidents/{quote(key)}{below}").status_code == 404
    number = world.incident().number
    assert ask("agn").get(f"/incidents/{number}/files/{quote(key)}").status_code == 404
    for path in (f"/teams/{world.teams['net']}/members?person=", f"/users/{number}/skills?skill="):
        assert ask("adm")("DELETE", path + quote(key)).status_code in (404, 422)
    assert ask("adm")("DELETE", f"/incidents/{number}/links?kind=relates&record={quote(key)}")


@pytest.mark.parametrize(
    "path", ["/", "/nonsense", "/incidents/", "/incidents/INC-1/", "/incidents/INC-1/x/y/z", "/Me"]
)
def test_unknown_paths(path: str, ask: Any) -> None:
    for api in (ask("agn"), Api()):
        for method in ("GET", "POST", "OPTIONS"):
            assert api(method, path).status_code == 404


def test_unknown_paths_beside_version_1(client: Any) -> None:
    for path in ("/api/", "/api/v2/incidents", "/api/v1", "/api/v1/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/incidents", "GET, POST, HEAD"),
        ("DELETE", "/incidents", "GET, POST, HEAD"),
        ("POST", "/incidents/INC-1", "DELETE, GET, PATCH, HEAD"),
        ("GET", "/incidents/INC-1/moves", "POST"),
        ("OPTIONS", "/me", "GET, HEAD"),
        ("TRACE", "/me", "GET, HEAD"),
        ("NONSENSE", "/me", "GET, HEAD"),
        ("POST", "/openapi.json", "GET, HEAD"),
        ("POST", "/services/SVC-1/notes", None),
        ("POST", "/services/SVC-1/links", "GET, HEAD"),
    ],
)
def test_other_methods(method: str, path: str, allowed: str | None, ask: Any) -> None:
    answer = ask("agn")(method, path)
    if allowed is None:
        assert answer.status_code == 404
    else:
        assert answer.status_code == 405
        assert set(answer["Allow"].split(", ")) == set(allowed.split(", "))


def test_head_is_get_without_a_body(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}"
    answer = ask("agn")("HEAD", path)
    assert answer.status_code == 200
    assert answer["ETag"] == ask("agn").get(path)["ETag"]


def test_names_that_stand_twice(ask: Any, world: World) -> None:
    """However many names there are: looking for one again costs no more than the names themselves."""
    many = (
        b'{"title": "x", ' + b",".join(b'"n%d":1' % n for n in range(60_000)) + b', "title": "y"}'
    )
    for body in (b'{"title": "x", "title": "y"}', many):
        answer = ask("ra1")("POST", "/incidents", body)
        assert answer.status_code == 400
        assert "'title' twice" in answer.json()["detail"]
