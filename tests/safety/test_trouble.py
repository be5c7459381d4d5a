"""A database that is away and a full disk are said as what they are, by every surface, and nothing is half kept."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from mainstay.capabilities.files import store
from mainstay.capabilities.files.models import Attachment
from mainstay.directory import actors
from mainstay.records import idempotency, queries
from mainstay.records.models import Event
from tests.safety.wire import Wire, program, signed_in
from tests.world import World

pytestmark = pytest.mark.django_db

AWAY = (
    OperationalError("server closed the connection unexpectedly"),
    InterfaceError("the connection is closed"),
    OperationalError("database or disk is full"),
    DatabaseError("database disk image is malformed"),
    OSError(errno.EROFS, "Read-only file system"),
    OSError(errno.EIO, "Input/output error"),
)
NO_ROOM = OSError(errno.ENOSPC, "No space left on device")
OURS = RuntimeError("a mistake of ours")


def failing(error: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


@pytest.fixture
def agent(world: World) -> Wire:
    return signed_in(world.people["agn"].id)


@pytest.fixture
def robot(world: World) -> Wire:
    return program(world.people["agn"].id, "read", "write")


@pytest.mark.parametrize("error", AWAY, ids=repr)
def test_a_page_says_that_the_database_is_away(
    agent: Wire, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    assert agent.get("/incidents/").status == 200
    for where in (actors, queries):  # before the view, and in it
        with monkeypatch.context() as broken:
            broken.setattr(where, "_read" if where is actors else "page", failing(error))
            answer = agent.get("/incidents/")
        assert (answer.status, answer["Retry-After"]) == (503, "1")
        assert "Traceback" not in caplog.text and "</html>" in answer.text
    assert agent.get("/incidents/").status == 200


@pytest.mark.parametrize("error", AWAY, ids=repr)
def test_the_api_says_that_the_database_is_away(
    robot: Wire, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "claim", failing(error))
    answer = robot.api("POST", "/api/v1/incidents", {"title": "x"}, Idempotency_Key="one")
    assert (answer.status, answer.json["type"]) == (503, "urn:mainstay:problem:busy")
    assert ("room" in answer.json["detail"]) == ("full" in str(error))


def test_a_mistake_of_ours_stays_one(robot: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "claim", failing(OURS))
    answer = robot.api("POST", "/api/v1/incidents", {"title": "x"}, Idempotency_Key="one")
    assert (answer.status, answer.json["type"]) == (500, "urn:mainstay:problem:failed")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as broken:
        broken.setattr(store.os, "fsync", failing(NO_ROOM))
        yield


def left() -> list[Path]:
    return [path for path in store.folder().rglob("*") if path.is_file()]


def test_a_file_that_finds_no_room_leaves_nothing(world: World, agent: Wire, full: None) -> None:
    number, before, files = world.incident().number, Event.objects.count(), left()
    refused = agent.upload(
        f"/incidents/{number}/talk/",
        [("files", "a.png", b"\x89PNG")],
        {"audience": "internal", "text": "See the picture"},
    )
    # What was said stands, and the person is told that the file does not.
    assert refused.status < 400
    assert Event.objects.count() == before + 1
    alone = agent.upload(
        f"/incidents/{number}/talk/", [("files", "a.png", b"\x89PNG")], {"audience": "internal"}
    )
    assert alone.status >= 400 and "no room" in alone.text
    assert not Attachment.objects.exists() and left() == files


def test_the_api_says_that_there_is_no_room(world: World, robot: Wire, full: None) -> None:
    number = world.incident().number
    edge, head = "edge", b'--edge\r\nContent-Disposition: form-data; name="'
    body = (
        head
        + b'visibility"\r\n\r\npublic\r\n'
        + head
        + b'file"; filename="a"\r\n\r\nx\r\n--edge--\r\n'
    )
    answer = robot.send(
        "POST",
        f"/api/v1/incidents/{number}/files",
        body,
        {"Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    assert (answer.status, answer.json["type"]) == (507, "urn:mainstay:problem:no-room")
    assert not Attachment.objects.exists()
