"""How a row of the database becomes the row a surface shows: one codec per kind of field and database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

Named = Mapping[Any, dict[str, Any]]
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
    """The SQL columns and joins for some fields, and how each row is read back."""

    columns: str
    joins: str
    readers: tuple[tuple[str, int, Callable[[Any], Any] | None], ...]
    references: tuple[tuple[str, int, Callable[[Any], str]], ...]
    ids: tuple[tuple[str, int], ...]
    masked: tuple[tuple[str, int], ...] = ()

    def read(
        self, values: Sequence[Any], into: dict[str, Any], named: Named | None = None
    ) -> dict[str, Any]:
        """`named` holds what the references of a page name, by id."""
        for name, at, codec in self.readers:
            value = values[at]
            into[name] = value if codec is None or value is None else codec(value)
        for name, at, uuid_text in self.references:
            key = values[at]
            into[name] = (
                None
                if key is None
                else {"id": uuid_text(key), "number": values[at + 1], "title": values[at + 2]}
            )
        for name, at in self.ids:
            into[name] = named.get(values[at]) if named else None
        for name, at in self.masked:
            if not values[at]:
                into[name] = None
        return into

    def name_all(self, page: Sequence[Sequence[Any]]) -> Named:
        """What all rows of a page refer to, in one statement: the same few teams and people stand in most of them.

        Joined to each row they cost a third more of a page of 100 than this does.
        """
        ids = {values[at] for values in page for _, at in self.ids} - {None}
        if not ids:
            return {}
        vendor = connection.vendor
        is_postgres = vendor == "postgresql"
        test = "any(%s::bigint[])" if is_postgres else f"({', '.join(['%s'] * len(ids))})"
        with connection.cursor() as cursor:
            cursor.execute(
                f"select r.id, {uuid_column('r.uuid', vendor)}, r.number, r.title from records_record r"
                f" where r.id {'=' if is_postgres else 'in'} {test}",
                [list(ids)] if is_postgres else list(ids),
            )
            text_of = uuid_text(vendor)
            return {
                id: {"id": text_of(key), "number": number, "title": title}
                for id, key, number, title in cursor.fetchall()
            }


@lru_cache(1024)
def selection(
    rtype: RecordType,
    names: tuple[str, ...],
    vendor: str,
    start: int,
    *,
    python: bool,
    joined: bool,
    masks: tuple[tuple[str, str], ...] = (),
) -> Selection:
    """Fields by name as SQL; `start` is how many columns the caller selects before these.

    What references name is joined to a single record; for a page it is read apart, by `name_all`. `masks` say of
    which records a private field may be read: it is None on the others.
    """
    from_fields = fields.named(rtype, names)
    columns: list[str] = []
    joins: list[str] = []
    readers, references, ids = [], [], []
    for field in from_fields:
        at = start + len(columns)
        if field.is_reference and not joined:
            columns.append(field.column)
            ids.append((field.name, at))
        elif field.is_reference:
            alias = f"ref_{field.attribute}"
            joins.append(f" left join records_record {alias} on {alias}.id = {field.column}")
            key = uuid_column(f"{alias}.uuid", vendor)
            columns += [key, f"{alias}.number", f"{alias}.title"]
            references.append((field.name, at, uuid_text(vendor)))
        else:
            columns.append(column(field, vendor, python=python))
            readers.append((field.name, at, codec(field, vendor, python=python)))
    if any(f.column.startswith("c.") for f in from_fields):
        joins.insert(0, f" join {rtype.child_table} c on c.record_ptr_id = r.id")
    masked = []
    for name, condition in masks:
        if name in names:
            masked.append((name, start + len(columns)))
            columns.append(condition)
    return Selection(
        ", ".join(columns),
        "".join(joins),
        tuple(readers),
        tuple(references),
        tuple(ids),
        tuple(masked),
    )


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


@lru_cache(4096)
def _dashed(text: str) -> str:
    """Kept for a while, because the same few teams, services and people stand in every row."""
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


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
