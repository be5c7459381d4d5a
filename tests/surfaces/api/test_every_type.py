"""The same operations for every record type, each answer in its published shape."""

from typing import Any

import pytest

from mainstay.pure.rules import Nobody
from mainstay.records import fields
from mainstay.records.types import RecordType, shelf
from tests.conformance.test_every_record_type import needed, put_into
from tests.world import World, least

TYPES = [pytest.param(rtype, id=rtype.name) for rtype in shelf]
MOVES = [
    pytest.param(rtype, move, id=f"{rtype.name}-{move.name}")
    for rtype in shelf
    for move in rtype.lifecycle.moves
]
every_type = pytest.mark.parametrize("rtype", TYPES)


def made(ask: Any, rtype: RecordType, **more: Any) -> dict[str, Any]:
    answer = ask("adm").post(f"/{rtype.plural}", least(rtype, **more))
    assert answer.status_code == 201, answer.content
    return answer.json()


@every_type
def test_create_see_list_and_change(rtype: RecordType, ask: Any) -> None:
    adm = ask("adm")
    created = adm.post(f"/{rtype.plural}", least(rtype))
    record = created.json()
    path = f"/{rtype.plural}/{record['number']}"
    assert created["Location"] == f"/api/v1{path}"
    assert record["version"] == 1
    assert record["state"] == rtype.lifecycle.first.name
    seen = adm.get(path)
    assert seen.content == created.content
    assert seen["ETag"] == created["ETag"]
    assert adm.get(f"/{rtype.plural}/{record['id']}").content == seen.content
    assert adm.get(f"/{rtype.plural}?size=1").json()["items"] == [record]
    changed = adm("PATCH", path, {"title": "Another title"})
    assert changed.status_code == 200
    assert changed.json()["title"] == "Another title"
    assert changed.json()["version"] == 2
    assert changed["ETag"] != seen["ETag"]


@every_type
def test_every_field_that_is_shown_is_described(rtype: RecordType, ask: Any) -> None:
    record = made(ask, rtype)
    assert set(record) == set(fields.of(rtype))


@pytest.mark.parametrize(("rtype", "move"), MOVES)
def test_every_move(rtype: RecordType, move: Any, ask: Any, world: World) -> None:
    record = made(ask, rtype)
    model = rtype.model.objects.get(number=record["number"])
    put_into(rtype, model, move.sources[0])
    person = "adm"
    if rtype.access.moves.get(move.name) and move.name == "confirm":
        rtype.model.objects.filter(pk=model.pk).update(requester=world.people["adm"].id)
    data = {name: str(v) for name, v in needed(rtype, move.needs, world).items()}
    body = {"move": move.name, **data}
    if move.message:
        body["message"] = {"text": "Because."}
    moved = ask(person).post(f"/{rtype.plural}/{record['number']}/moves", body)
    assert moved.status_code == 200, moved.content
    assert moved.json()["state"] == move.target
    again = ask(person).post(f"/{rtype.plural}/{record['number']}/moves", body)
    legal_twice = move.target in move.sources
    assert again.status_code == (200 if legal_twice else 409)


@every_type
def test_a_move_nobody_knows(rtype: RecordType, ask: Any) -> None:
    path = f"/{rtype.plural}/{made(ask, rtype)['number']}/moves"
    if not rtype.lifecycle.moves:
        assert ask("adm").post(path, {"move": "levitate"}).status_code == 404
        return
    assert ask("adm").post(path, {"move": "levitate"}).status_code == 409
    missing = ask("adm").post(path, {})
    assert missing.status_code == 422
    assert "move" in missing.json()["errors"]


@every_type
def test_history(rtype: RecordType, ask: Any) -> None:
    adm, record = ask("adm"), made(ask, rtype)
    path = f"/{rtype.plural}/{record['number']}"
    for n in range(4):
        adm("PATCH", path, {"title": f"Title {n}"})
    found, after = [], ""
    while after is not None:
        page = adm.get(f"{path}/events?size=2{after and f'&after={after}'}").json()
        assert len(page["items"]) <= 2
        found += page["items"]
        after = page["next"]
    assert [e["name"].split(".")[1] for e in found] == ["create", *["change"] * 4]
    assert found[-1]["changes"]["title"] == {"from": "Title 2", "to": "Title 3"}
    assert {e["door"] for e in found} == {"api"}


@every_type
def test_unknown_fields_and_parameters_are_refused_by_name(rtype: RecordType, ask: Any) -> None:
    adm, record = ask("adm"), made(ask, rtype)
    path = f"/{rtype.plural}/{record['number']}"
    for answer in (
        adm.post(f"/{rtype.plural}", least(rtype) | {"nonsense": 1}),
        adm("PATCH", path, {"nonsense": 1}),
        *(
            adm.post(f"{path}/moves", {"move": move.name, "nonsense": 1})
            for move in rtype.lifecycle.moves[:1]
        ),
        adm.get(f"/{rtype.plural}?nonsense=1"),
        adm.get(f"{path}?nonsense=1"),
        adm.get(f"{path}/events?nonsense=1"),
    ):
        assert answer.status_code in (409, 422), answer.content
        if answer.status_code == 422:
            assert list(answer.json()["errors"]) == ["nonsense"]
    for name in ("state", "number", "version", "id"):
        refused = adm("PATCH", path, {name: "x"})
        assert list(refused.json()["errors"]) == [name]


@every_type
def test_what_is_read_can_be_sent_back(rtype: RecordType, ask: Any) -> None:
    """A reference comes as an object and is taken as one; what nobody changed makes no version."""
    adm, record = ask("adm"), made(ask, rtype)
    writable = {n: record[n] for n, f in fields.of(rtype).items() if f.writable}
    same = adm("PATCH", f"/{rtype.plural}/{record['number']}", writable)
    assert same.status_code == 200, same.content
    assert same.json()["version"] == 1


@every_type
def test_who_may_remove_may_take_it_back(rtype: RecordType, ask: Any) -> None:
    """People, teams and organisations leave or retire instead: what they did stays theirs."""
    path = f"/{rtype.plural}/{made(ask, rtype)['number']}"
    assert ask("ra2")("DELETE", path).status_code in (403, 404)
    if rtype.access.remove == Nobody():
        assert rtype.name in ("user", "team", "organisation")
        assert ask("adm")("DELETE", path).status_code == 403
        assert ask("adm").get(path).status_code == 200
        return
    assert ask("adm").post(f"{path}/restore", None).status_code == 404
    assert ask("adm")("DELETE", path).status_code == 204
    assert ask("adm").get(path).status_code == 404
    assert ask("ra2").post(f"{path}/restore", None).status_code in (403, 404)
    assert ask("adm").post(f"{path}/restore", None).status_code == 200
    assert ask("adm").get(path).json()["version"] == 3
