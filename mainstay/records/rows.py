"""How a row of the database becomes the row a surface shows: one codec per kind of field and database."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db import connection

from mainstay.pure.kinds import FieldKind
from mainstay.records import fields
from mainstay.records.fields import Field
from mainstay.records.types import RecordType

FACTS = ("id", "organisation_id", "team_id", "requester_id", "assignee_id", "state")


class Facts(NamedTuple):
    """What access rules look at; read with every single record."""

    id: int
    organisation_id: int | None
    team_id: int | None
    requester_id: int | None
    assignee_id: int | None
    state: str


class Row(dict[str, Any]):
    """Values by field name, with the facts that access rules need."""

    __slots__ = ("facts",)
    facts: Facts


@dataclass(frozen=True)
class Selection:
    """The SQL columns and joins for some fields, and how each row is read back.

    `references` are read from the row itself (uuid, number, title) where they are joined, else by the id that
    stands there.
    """

    columns: str
    joins: str
    readers: tuple[tuple[str, int, Callable[[Any], Any] | None], ...]
    references: tuple[tuple[str, int], ...]

    def read(
        self,
        values: Sequence[Any],
        into: dict[str, Any],
        named: Mapping[int, dict[str, str]] | None = None,
    ) -> dict[str, Any]:
        """`named` holds the references by their ids, for a selection that does not join them."""
        for name, at, codec in self.readers:
            value = values[at]
            into[name] = value if codec is None or value is None else codec(value)
        for name, at in self.references:
            if named is None:
                into[name] = _reference(*values[at : at + 3])
            else:
                key = values[at]
                into[name] = None if key is None else named[key]
        return into

    def ids(self, found: Iterable[Sequence[Any]]) -> set[int]:
        """Of all records these rows refer to."""
        places = [at for _, at in self.references]
        ids = {values[at] for values in found for at in places}
        ids.discard(None)
        return ids


@lru_cache(1024)
def selection(
    rtype: RecordType,
    names: tuple[str, ...],
    vendor: str,
    *,
    start: int,
    python: bool,
    joined: bool,
) -> Selection:
    """Fields by name as SQL; `start` is how many columns the caller selects before these."""
    from_fields = fields.named(rtype, names)
    columns: list[str] = []
    joins: list[str] = []
    readers, references = [], []
    for field in from_fields:
        at = start + len(columns)
        if not field.is_reference:
            columns.append(column(field, vendor, python=python))
            readers.append((field.name, at, codec(field, vendor, python=python)))
            continue
        references.append((field.name, at))
        if joined:
            alias = f"ref_{field.attribute}"
            joins.append(f" left join records_record {alias} on {alias}.id = {field.column}")
            columns += [uuid_column(f"{alias}.uuid", vendor), f"{alias}.number", f"{alias}.title"]
        else:
            columns.append(field.column)
    if any(f.column.startswith("c.") for f in from_fields):
        joins.insert(0, f" join {rtype.child_table} c on c.record_ptr_id = r.id")
    return Selection(", ".join(columns), "".join(joins), tuple(readers), tuple(references))


def named(ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Records as a reference shows them, by id: one statement whose text is the same however many they are.

    A page of 100 with eight references names 260 records. As joins they were looked up 800 times, and made up
    two thirds of what the page cost on PostgreSQL.
    """
    if not ids:
        return {}
    is_postgres = connection.vendor == "postgresql"
    which = "= any(%s::bigint[])" if is_postgres else "in (select value from json_each(%s))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.id, {uuid_column('r.uuid', connection.vendor)}, r.number, r.title"
            f" from records_record r where r.id {which}",
            [list(ids) if is_postgres else json.dumps(list(ids))],
        )
        shown = uuid_text(connection.vendor)
        return {
            row_id: {"id": shown(key), "number": number, "title": title}
            for row_id, key, number, title in cursor.fetchall()
        }


def _reference(key: str | None, number: str, title: str) -> Any:
    return None if key is None else {"id": _dashed(key), "number": number, "title": title}


def column(field: Field, vendor: str, *, python: bool) -> str:
    """The SQL for a field; a time and a uuid leave the database as their text, which nobody then parses.

    On PostgreSQL 150 times and 250 uuids of a page of 50 cost 0.7 of 1.4 ms as Python objects.
    """
    if field.kind is FieldKind.TIME and not python:
        return f"{field.column} || ''" if vendor == "sqlite" else f"{field.column}::text"
    return uuid_column(field.column, vendor) if field.name == "id" else field.column


def uuid_column(name: str, vendor: str) -> str:
    return name if vendor == "sqlite" else f"{name}::text"


def codec(field: Field, vendor: str, *, python: bool) -> Callable[[Any], Any] | None:
    """How a stored value is shown; None where it is shown as stored."""
    if field.name == "id":
        return uuid_text(vendor)
    if vendor == "sqlite":
        return {
            FieldKind.TIME: _aware if python else _text_of_time,
            FieldKind.DATE: None if python else date.isoformat,
            FieldKind.DATA: orjson.loads,
        }.get(field.kind)
    if field.kind is FieldKind.TIME and not python:
        return _text_of_time_and_zone
    if field.kind is FieldKind.DATE and not python:
        return date.isoformat
    # Django tells psycopg to leave JSON as text and decodes it itself; raw rows are text too.
    return _loads if field.kind is FieldKind.DATA else None


def _loads(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def time_codec(*, python: bool) -> Callable[[Any], Any]:
    """How a time read by hand-written SQL is shown."""
    if python:
        return _aware
    return _time_to_text


def uuid_text(vendor: str) -> Callable[[Any], str]:
    return str if vendor == "postgresql" else _dashed


def _dashed(text: str) -> str:
    return (
        text
        if len(text) == 36
        else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    )


def _text_of_time(text: str) -> str:
    return f"{text[:10]}T{text[11:]}Z"


def _text_of_time_and_zone(text: str) -> str:
    """PostgreSQL leaves out the zeros at the end of a fraction, and every connection of ours is in UTC."""
    if len(text) == 29:
        return f"{text[:10]}T{text[11:26]}Z"
    whole, _, fraction = text.removesuffix("+00").partition(".")
    fraction = f".{fraction:0<6}" if fraction else ""
    return f"{whole[:10]}T{whole[11:]}{fraction}Z"


def _aware(moment: datetime) -> datetime:
    """SQLite gives UTC without saying so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _time_to_text(moment: datetime) -> str:
    return _aware(moment).astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
