"""A record type as JSON schemas: what is read, and what create, change and each move take.

They document: `records/values.py` is the one reader of values and refuses what these forbid.
Nothing is marked required that `fields=` may leave out or that is private to a role.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mainstay.pure.kinds import FieldKind
from mainstay.pure.lifecycle import Kind, Move
from mainstay.records import fields, queries, values
from mainstay.records.fields import ANY, UNLIMITED, Field
from mainstay.records.types import RecordType
from mainstay.surfaces.api.operation import Schema

ARRAY_NEXT = {"type": ["string", "null"], "description": "The cursor of the next page."}
COUNTED = {"count": {"type": "integer"}, "count_is_exact": {"type": "boolean"}}
REASON = {
    "type": ["string", "null"],
    "description": "Why, for the history.",
    "maxLength": UNLIMITED,
}
# A text that must be there.
SAYS_SOMETHING = {"minLength": 1, "pattern": r"\S"}
# ServiceNow's value for each of ours, for whoever moves data from one to the other.
EXPORTED = "x-servicenow-values"
# Names in a body that are no fields; a record type may have no field of that name.
RESERVED = ("move", "reason", "message")
FORMATS: dict[FieldKind, dict[str, Any]] = {
    FieldKind.TEXT: {"type": "string"},
    FieldKind.LONG: {"type": "string"},
    FieldKind.CHOICE: {"type": "string"},
    FieldKind.NUMBER: {"type": "integer"},
    FieldKind.BOOL: {"type": "boolean"},
    FieldKind.TIME: {"type": "string", "format": "date-time"},
    FieldKind.DATE: {"type": "string", "format": "date"},
    FieldKind.DATA: {"type": "object"},
}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


MAYBE_MESSAGE = {"oneOf": [ref("Message"), {"type": "null"}]}


def names_for(name: str) -> tuple[str, str, str, str]:
    """What the components of a type of this name are called: read, created, changed and moved."""
    whole = "".join(part.capitalize() for part in name.split("_"))
    return whole, f"{whole}Create", f"{whole}Change", f"{whole}Move"


def name_of(rtype: RecordType) -> str:
    return names_for(rtype.name)[0]


def page(item: Schema, **more: Schema) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "next"],
        "properties": {"items": {"type": "array", "items": item}, "next": ARRAY_NEXT, **more},
    }


def of(rtype: RecordType) -> dict[str, Schema]:
    """Every component of a type by its name."""
    name, create, change, move = names_for(rtype.name)
    known = fields.of(rtype).values()
    writable = {f.name: written(f) for f in known if f.writable}
    talk = {"message": MAYBE_MESSAGE} if rtype.has("conversation") else {}
    moves = {m.name: f"{move}{_camel(m.name)}" for m in rtype.lifecycle.moves}
    return {
        name: {
            "type": "object",
            "required": list(queries.ALWAYS),
            "properties": {f.name: shown(rtype, f) for f in known},
        },
        create: {
            "type": "object",
            "additionalProperties": False,
            "required": [f.name for f in known if f.writable and f.required],
            "properties": writable | talk,
        },
        change: {
            "type": "object",
            "additionalProperties": False,
            "properties": writable | {"reason": REASON} | talk,
        },
        **({move: _one_of(moves)} if moves else {}),
        **{moves[m.name]: _move(rtype, m, writable, talk) for m in rtype.lifecycle.moves},
    }


def _one_of(moves: Mapping[str, str]) -> Schema:
    """Any move of a type, told apart by its name."""
    mapping = {name: ref(component)["$ref"] for name, component in moves.items()}
    return {
        "oneOf": [ref(component) for component in moves.values()],
        "discriminator": {"propertyName": "move", "mapping": mapping},
    }


def _move(
    rtype: RecordType, move: Move, writable: Mapping[str, Schema], talk: Mapping[str, Schema]
) -> Schema:
    """`needs` is not required here: what the record already holds need not be sent again."""
    sources = ", ".join(move.sources)
    return {
        "type": "object",
        "description": f"{move.label}: from {sources} to {move.target}.",
        "additionalProperties": False,
        "required": ["move"],
        "properties": {
            "move": {"const": move.name},
            **{name: writable[name] for name in (*move.needs, *move.asks)},
            "reason": REASON,
            **talk,
        },
    }


def shown(rtype: RecordType, known: Field) -> Schema:
    """A value as it is read."""
    if known.name == "type":
        return {"const": rtype.name}
    if known.name == "id":
        return {"type": "string", "format": "uuid"}
    if known.name == "kind":
        return {"enum": [str(kind) for kind in Kind], "description": "What the state means."}
    if known.is_reference:
        return {"oneOf": [ref("Reference"), {"type": "null"}], "description": _about(known)}
    schema = FORMATS[known.kind] | {"description": str(known.label)}
    if known.choices:
        schema["enum"] = [choice for choice, _ in known.choices] + _unset(known)
    if codes := rtype.codes_of(known.name):
        schema[EXPORTED] = codes
    may_lack = known.source.null or known.name in rtype.private
    return _nullable(schema) if may_lack else schema


def written(known: Field) -> Schema:
    """A value as it is sent; null or an empty text takes it away where it may be unset."""
    if known.is_reference:
        return {"type": ["string", "null"], "description": _about(known), "maxLength": 60}
    schema = FORMATS[known.kind] | {"description": str(known.label)}
    if known.choices:
        schema["enum"] = [choice for choice, _ in known.choices] + _unset(known)
    elif known.kind in (FieldKind.TEXT, FieldKind.LONG):
        schema["maxLength"] = known.max_length
    if known.required and known.kind in (FieldKind.TEXT, FieldKind.LONG):
        schema |= SAYS_SOMETHING
    if known.required or not values.may_be_unset(known):
        return schema
    if known.kind in (FieldKind.NUMBER, FieldKind.TIME, FieldKind.DATE):
        return {"anyOf": [schema, {"enum": ["", None]}]}
    return _nullable(schema)


def link(rtype: RecordType) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "record"],
        "properties": {
            "kind": {"enum": list(rtype.links)},
            "record": {"type": "string", "description": "The number or id of the other record."},
        },
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"]} | more


def _unset(known: Field) -> list[str]:
    return (
        [""]
        if known.kind is FieldKind.CHOICE and known.source.blank and not known.source.null
        else []
    )


def _about(known: Field) -> str:
    of_type = "" if known.target == ANY else f" of type {known.target}"
    return f"{known.label}: the number or id of a record{of_type}."


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
