"""The published schema is the committed one, and says what is served."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mainstay.records.types import shelf
from mainstay.surfaces.api import openapi
from mainstay.surfaces.api.build import api
from mainstay.surfaces.api.schemas import name_of


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document()


def test_the_committed_schema_is_the_published_one(client: Any) -> None:
    anew = "openapi.json is not what is served; write it anew: python -m mainstay.surfaces.api"
    assert openapi.FILE.read_text() == openapi.text(), anew
    served = client.get("/api/v1/openapi.json")
    assert served.status_code == 200
    assert served.json() == openapi.document()


def test_every_operation_is_in_it_once(document: dict[str, Any]) -> None:
    told = [o["operationId"] for item in document["paths"].values() for o in _operations(item)]
    assert sorted(told) == sorted(o.name for o in api().operations)
    assert len(set(told)) == len(told)


def test_every_type_has_the_same_shape(document: dict[str, Any]) -> None:
    for rtype in shelf:
        below = {p for p in document["paths"] if p.split("/")[1] == rtype.plural}
        root = f"/{rtype.plural}"
        for path in ("", "/{key}", "/{key}/links", "/{key}/events"):
            assert root + path in below
        assert (f"{root}/{{key}}/moves" in below) == bool(rtype.lifecycle.moves)
        for name in ("conversation", "files"):
            path = f"{root}/{{key}}/{'notes' if name == 'conversation' else name}"
            assert (path in below) == rtype.has(name)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    refs = list(_refs(document))
    assert refs
    for ref in refs:
        found: Any = document
        for part in ref.removeprefix("#/").split("/"):
            found = found[part]


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_each_move_is_one_schema_told_apart_by_its_name(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for rtype in (t for t in shelf if t.lifecycle.moves):
        moves = schemas[f"{name_of(rtype)}Move"]
        assert moves["discriminator"]["propertyName"] == "move"
        assert set(moves["discriminator"]["mapping"]) == {m.name for m in rtype.lifecycle.moves}
    resolve = schemas["IncidentMoveResolve"]
    assert resolve["additionalProperties"] is False
    assert {"close_code", "resolution", "message", "reason"} < set(resolve["properties"])


def _operations(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [o for name, o in item.items() if name != "parameters"]


def _refs(value: Any) -> Any:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from _refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _refs(inner)
