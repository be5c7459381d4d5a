"""Sent twice, done once: also at the same time, and when something breaks in between."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from mainstay.records import idempotency
from mainstay.records.models import Answer, Event, Record
from tests.surfaces.api.client import Api, api_of
from tests.world import World, build


def counts() -> tuple[int, int, int]:
    return Record.objects.count(), Event.objects.count(), Answer.objects.count()


def test_the_same_answer_again(ask: Any, world: World) -> None:
    number = world.incident().number
    path = f"/incidents/{number}"
    for below, body in (
        ("/incidents", {"title": "x", "message": {"text": "Help", "visibility": "public"}}),
        (f"{path}/notes", {"text": "x", "visibility": "public"}),
        (f"{path}/moves", {"move": "start"}),
        (f"{path}/links", {"kind": "affects", "record": world.services["vpn"]}),
    ):
        first = ask("agn").post(below, body, Idempotency_Key="key-1")
        assert first.status_code in (200, 201), first.content
        assert "Idempotent-Replayed" not in first
        after = counts()
        again = ask("agn").post(below, body, Idempotency_Key="key-1")
        assert again["Idempotent-Replayed"] == "true"
        assert (again.status_code, again.content) == (first.status_code, first.content)
        for name in ("Content-Type", "ETag", "Location"):
            assert again.get(name) == first.get(name)
        assert counts() == after


def test_another_body_is_refused(ask: Any, world: World) -> None:
    first = ask("agn").post("/incidents", {"title": "x"}, Idempotency_Key="k")
    after = counts()
    other = ask("agn").post("/incidents", {"title": "y"}, Idempotency_Key="k")
    assert other.status_code == 422
    assert other.json()["type"] == "urn:mainstay:problem:key-reused"
    assert counts() == after
    assert ask("agn").post("/incidents", {"title": "x"}, Idempotency_Key="k").json() == first.json()


def test_however_the_address_spells_the_number(ask: Any, world: World) -> None:
    number = world.incident().number
    body = {"text": "Once", "visibility": "public"}
    key = ask("agn").get(f"/incidents/{number}").json()["id"]
    spelled = (number, number.lower().replace("-", ""), number.replace("-", "000"), key)
    answers = {
        ask("agn").post(f"/incidents/{n}/notes", body, Idempotency_Key="k").content for n in spelled
    }
    assert len(answers) == 1


def test_a_removal_is_taken_back_once_however_often_it_is_asked(ask: Any, world: World) -> None:
    """The record is out of sight for the first request and there again for the second: it is the same one."""
    incident = ask("agn").post("/incidents", {"title": "x"}).json()
    ask("adm")("DELETE", f"/incidents/{incident['number']}")
    answers = [
        ask("adm").post(f"/incidents/{name}/restore", None, Idempotency_Key="k")
        for name in (incident["number"], incident["number"], incident["id"])
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_a_key_belongs_to_its_person_and_path(ask: Any, world: World) -> None:
    body = {"title": "x"}
    numbers = {
        ask(name).post("/incidents", body, Idempotency_Key="k").json()["number"]
        for name in ("agn", "agm", "ra1")
    }
    assert len(numbers) == 3
    assert ask("agn").post("/items", body, Idempotency_Key="k").status_code == 201


def test_a_refused_request_may_be_sent_again(ask: Any, world: World) -> None:
    number = world.incident().number
    before = counts()
    body = {"move": "hold", "waiting_for": "caller"}
    for _ in range(2):
        refused = ask("agn").post(f"/incidents/{number}/moves", body, Idempotency_Key="k")
        assert refused.status_code == 422
        assert refused.json()["type"] == "urn:mainstay:problem:invalid"
    assert counts() == before
    mended = body | {"message": {"text": "Which client?"}}
    moved = ask("agn").post(f"/incidents/{number}/moves", mended, Idempotency_Key="k")
    assert moved.status_code == 200


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ü", "\x00", "a\tb", "\x7f"])
def test_what_is_no_key(key: str, ask: Any, world: World) -> None:
    answer = ask("agn").post("/incidents", {"title": "x"}, Idempotency_Key=key)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]
    longest = ask("agn").post("/incidents", {"title": "x"}, Idempotency_Key="~" * 255)
    assert longest.status_code == 201


def test_the_same_file_is_the_same_body_whatever_its_boundary(ask: Any, world: World) -> None:
    path = f"/incidents/{world.incident().number}/files"
    told = {"visibility": "public", "key": "k"}
    first = ask("agn").upload(path, "a.txt", b"one", boundary="first", **told)
    again = ask("agn").upload(path, "a.txt", b"one", boundary="second", **told)
    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert len(ask("agn").get(path).json()["items"]) == 1
    for name, content, visibility in (
        ("a.txt", b"two", "public"),
        ("b.txt", b"one", "public"),
        ("a.txt", b"one", "internal"),
    ):
        other = ask("agn").upload(path, name, content, visibility=visibility, key="k")
        assert other.status_code == 422


def test_the_answer_commits_with_its_effect_or_neither_does(
    ask: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill between effect and answer leaves behind: nothing, so a retry does it once."""
    before = counts()

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(idempotency, "keep", killed)
        ask("agn").post("/incidents", {"title": "x"}, Idempotency_Key="k")
    assert counts() == before
    assert ask("agn").post("/incidents", {"title": "x"}, Idempotency_Key="k").status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("twins", [2, 8])
def test_twins_at_the_same_time_have_one_effect(twins: int) -> None:
    world = build()
    secrets = api_of(world.people["ra1"]).secret
    start, answers = threading.Barrier(twins), []

    def send(key: str) -> None:
        try:
            api = Api(secrets)
            start.wait(timeout=20)
            answers.append(api.post("/incidents", {"title": key}, Idempotency_Key=key))
        finally:
            connections.close_all()

    for key in ("a", "b", "c"):
        answers.clear()
        threads = [threading.Thread(target=send, args=(key,)) for _ in range(twins)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert {a.status_code for a in answers} == {201}
        assert len({(a.content, a["Location"], a["ETag"]) for a in answers}) == 1
        assert sum("Idempotent-Replayed" in a for a in answers) == twins - 1
        assert Record.objects.filter(title=key).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_twin_of_a_refused_request_is_refused_for_itself() -> None:
    """The first leaves nothing behind that the others could repeat."""
    world = build()
    secret = api_of(world.people["ra1"]).secret
    start, statuses = threading.Barrier(4), []

    def send() -> None:
        try:
            start.wait(timeout=20)
            answer = Api(secret).post("/incidents", {"title": ""}, Idempotency_Key="k")
            statuses.append((answer.status_code, answer.json()["type"]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert statuses == [(422, "urn:mainstay:problem:invalid")] * 4
    assert Answer.objects.count() == 0
