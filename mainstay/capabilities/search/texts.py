"""What of a record is found by words, read from the tables that hold it: for the index, and for what a hit shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from django.db import connection

from mainstay.pure.kinds import FieldKind
from mainstay.records import fields
from mainstay.records.fields import Field
from mainstay.records.types import RecordType, Text, shelf

FIELD = "field"


@cache
def searched(rtype: RecordType) -> tuple[Field, ...]:
    """The texts of a type's own table; the title is searched anyway, and a code is no text."""
    return tuple(
        field
        for field in fields.of(rtype).values()
        if field.column.startswith("c.") and field.kind in (FieldKind.TEXT, FieldKind.LONG)
    )


def guarded(rtype: RecordType) -> tuple[str, ...]:
    """Those of them that are private to some."""
    return tuple(field.name for field in searched(rtype) if field.name in rtype.private)


def of(rtype: RecordType, ids: Sequence[int]) -> Iterator[Text]:
    """Every text of some records of one type, fields first; one statement for the fields, one a capability."""
    if not ids:
        return
    yield from _fields(rtype, ids)
    for capability in rtype.capabilities:
        if capability.texts is not None:
            yield from capability.texts(ids)


def _fields(rtype: RecordType, ids: Sequence[int]) -> Iterator[Text]:
    found = searched(rtype)
    if not found:
        return
    columns = ", ".join(field.column for field in found)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select c.record_ptr_id, {columns} from {rtype.child_table} c"
            f" where c.record_ptr_id in ({marks(ids)})",
            list(ids),
        )
        rows = cursor.fetchall()
    for key, *values in rows:
        for field, value in zip(found, values, strict=True):
            if value:
                yield Text(key, FIELD, "all", value, key=field.name)


def by_type(pairs: Iterable[tuple[int, str]]) -> dict[RecordType, list[int]]:
    """Ids in the order they came, by the type they belong to."""
    found: dict[RecordType, list[int]] = {}
    for key, name in pairs:
        found.setdefault(shelf.type(name), []).append(key)
    return found


def marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
