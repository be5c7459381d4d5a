"""How a row of the database becomes the row a surface shows: one codec per kind of field and database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db import connection

from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import CALLERS
from mainstay.records import fields, names_kept
from mainstay.records.fields import Field
from mainstay.records.types import RecordType, shelf

Named = Mapping[Any, dict[str, Any]]
FACTS = (
    "id",
    "organisation_id",
    "team_id",
    "requester_id",
    "assignee_id",
    "state",
    "requested_for_id",
)


class Facts(NamedTuple):
    """What access rules look at; read with every single record."""

    id: int
    organisation_id: int | None
    team_id: int | None
    requester_id: int | None
    assignee_id: int | None
    state: str
    requested_for_id: int | None = None


class Row(dict[str, Any]):
    """Values by field name, with the facts that access rules need."""

    __slots__ = ("facts",)
    facts: Facts


def callers(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Whom a row is for, as it names them, who asked first; where a type renames the column, it means somebody else."""
    named = (row.get(column.removesuffix("_id")) for column in CALLERS)
    return [person for person in named if person]


@dataclass(frozen=True)
class Selection:
    """The SQL columns and joins for some fields, and how each row is read back.

    A column for each of `names` stands from `start` on, in their order; what else a reference shows and what says
    whether a private field may be read come after them, where `references` and `masked` say. `ids` are references whose
    names are read apart, each with the part of the settings that what it refers to is in.
    """

    columns: str
    joins: str
    start: int
    names: tuple[str, ...]
    codecs: tuple[tuple[str, Callable[[Any], Any]], ...]
    references: tuple[tuple[str, int], ...]
    ids: tuple[tuple[str, str], ...]
    masked: tuple[tuple[int, tuple[str, ...]], ...]
    says_open: bool = False

    def read(self, values: Sequence[Any], named: Named | None = None) -> dict[str, Any]:
        """A row by field name; `named` holds what the references of a page name, by id."""
        into = dict(zip(self.names, values[self.start :], strict=False))
        for name, codec in self.codecs:
            value = into[name]
            if value is not None:
                into[name] = codec(value)
        for name, at in self.references:
            key = into[name]
            if key is not None:
                into[name] = {"id": key, "number": values[at], "title": values[at + 1]}
                if self.says_open:
                    into[name]["is_open"] = bool(values[at + 2])
        for name, _part in self.ids:
            key = into[name]
            if key is not None:
                into[name] = named.get(key) if named else None
        for at, names in self.masked:
            if not values[at]:
                into.update(dict.fromkeys(names))
        return into

    def name_all(self, page: Sequence[Sequence[Any]], versions: Mapping[str, int]) -> Named:
        """What all rows of a page refer to, in one statement at most: the same few teams and people stand in most of
        them, and are kept for as long as the labels of the settings, as they were read with the actor, are the same.

        Joined to each row they cost a third more of a page of 100 than this does.
        """
        asked: dict[str, set[Any]] = {}
        for name, part in self.ids:
            at = self.start + self.names.index(name)
            asked.setdefault(part, set()).update(values[at] for values in page)
        found: dict[Any, dict[str, Any]] = {}
        unknown: list[tuple[names_kept.Names, set[Any]]] = []
        for part, ids in asked.items():
            kept = names_kept.by_id(part, versions.get(part))
            there = {id: named for id in ids if (named := kept.get(id))}
            found.update(there)
            unknown.append((kept, ids - there.keys() - {None}))
        wanted = set().union(*(ids for _kept, ids in unknown))
        if wanted:
            read = _named(wanted)
            found.update(read)
            for kept, ids in unknown:
                kept.update((id, read[id]) for id in ids & read.keys())
        return found


def _named(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Records by their ids, as references show them. One statement."""
    vendor = connection.vendor
    some, given = any_of(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.id, {uuid_column('r.uuid', vendor)}, r.number, r.title from records_record r"
            f" where r.id {some}",
            [given],
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

    What references name is joined to a single record, and in Python whether it is open; for a page it is read apart,
    by `name_all`. `masks` say of
    which records a private field may be read: it is None on the others.
    """
    shown = fields.named(rtype, names)
    columns: list[str] = []
    joins: list[str] = []
    codecs: list[tuple[str, Callable[[Any], Any]]] = []
    joined_to = [f for f in shown if f.is_reference and joined]
    for field in shown:
        if field in joined_to:
            columns.append(uuid_column(f"ref_{field.attribute}.uuid", vendor))
            codecs.append((field.name, uuid_text(vendor)))
        elif field.is_reference:
            columns.append(field.column)
        else:
            columns.append(column(field, vendor, python=python))
            if (read := codec(field, vendor, python=python)) is not None:
                codecs.append((field.name, read))
    references = []
    for field in joined_to:
        alias = f"ref_{field.attribute}"
        joins.append(f" left join records_record {alias} on {alias}.id = {field.column}")
        references.append((field.name, start + len(columns)))
        columns += [f"{alias}.number", f"{alias}.title"]
        if python:
            columns.append(f"{alias}.is_open")
    masked = []
    for condition in dict.fromkeys(condition for name, condition in masks if name in names):
        behind = tuple(n for n, c in masks if c == condition and n in names)
        masked.append((start + len(columns), behind))
        columns.append(condition)
    if any(f.column.startswith("c.") for f in shown):
        joins.insert(0, f" join {rtype.child_table} c on c.record_ptr_id = r.id")
    return Selection(
        columns=", ".join(columns),
        joins="".join(joins),
        start=start,
        names=tuple(f.name for f in shown),
        codecs=tuple(codecs),
        references=tuple(references),
        ids=tuple((f.name, _part(f)) for f in shown if f.is_reference and not joined),
        masked=tuple(masked),
        says_open=python,
    )


def _part(field: Field) -> str:
    """The part of the settings that what a field refers to is in; "" where it is in none, or may be of any type."""
    return shelf.type(field.target).settings_part if field.target in shelf else ""


def column(field: Field, vendor: str, *, python: bool) -> str:
    """The SQL for a field; a time and a uuid leave the database as their text, which nobody then parses.

    On PostgreSQL 150 times and 250 uuids of a page of 50 cost 0.7 of 1.4 ms as Python objects. SQLite's texts are
    written to be sorted; with a T and a Z between and behind they are what is shown.
    """
    if field.kind is FieldKind.TIME and not python:
        text = f"replace({field.column}, ' ', 'T') || 'Z'"
        return text if vendor == "sqlite" else f"{field.column}::text"
    return uuid_column(field.column, vendor) if field.name == "id" else field.column


def stored(field: Field, vendor: str) -> str:
    """The SQL for what the database compares a column with, as a cursor keeps it."""
    if field.kind is FieldKind.TIME and vendor == "sqlite":
        return f"{field.column} || ''"
    return column(field, vendor, python=False)


def any_of(ids: Iterable[int]) -> tuple[str, Any]:
    """A test for a column and its one parameter, for any number of ids: one text, which is prepared once."""
    if connection.vendor == "postgresql":
        return "= any(%s::bigint[])", list(ids)
    return "in (select value from json_each(%s))", str(list(ids))


def uuid_column(name: str, vendor: str) -> str:
    """The SQL for a UUID as a text; SQLite holds one already."""
    return name if vendor == "sqlite" else f"{name}::text"


def codec(field: Field, vendor: str, *, python: bool) -> Callable[[Any], Any] | None:
    """How a stored value is shown; None where it is shown as stored."""
    if field.name == "id":
        return uuid_text(vendor)
    if vendor == "sqlite":
        return {
            FieldKind.TIME: _aware if python else None,
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
    """How the UUID that `uuid_column` reads is written with its dashes."""
    return str if vendor == "postgresql" else _dashed


@lru_cache(4096)
def _dashed(text: str) -> str:
    """Kept for a while, because the same few teams, services and people stand in every row."""
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


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


def in_utc(moment: datetime) -> datetime:
    """A time as it is in UTC, without saying so."""
    return _aware(moment).astimezone(UTC).replace(tzinfo=None)


def _time_to_text(moment: datetime) -> str:
    return in_utc(moment).isoformat() + "Z"
