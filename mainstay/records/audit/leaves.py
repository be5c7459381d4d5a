"""Every row of events and entries as the bytes a seal holds it to; the same on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import Any, Final

import orjson
from django.db import connection

from mainstay.pure import merkle
from mainstay.records import rows

EVENT, ENTRY = "event", "entry"
# What a seal keeps of a row: its table, its id, its record, when it was recorded (in microseconds), its hash.
_KEPT: Final = Struct(">cqqq32s")
_LETTERS: Final = {EVENT: b"e", ENTRY: b"a"}
_TABLES: Final = {letter: table for table, letter in _LETTERS.items()}

_COLUMNS: Final = {
    EVENT: (
        "records_event",
        "id, record_id, recorded_at, changes, at, name, audience, actor_id, door, version, cause_id, depth,"
        " is_imported",
    ),
    ENTRY: (
        "audit_entry",
        "id, record_id, at, facts, kind, actor_id, door, times, address_digest",
    ),
}
# What reading a row raises in which somebody put what is no value of its column.
UNREADABLE: Final = (ValueError, TypeError, OverflowError, AttributeError)
_READ_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Leaf:
    """One row as a seal knows it. `number` of record is 0 where the row is about none."""

    table: str
    id: int
    record: int
    at: int
    hash: bytes

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from every other leaf."""
        return self.table, self.id


def of(table: str, above: int, up_to: int, most: int | None = None) -> Iterator[tuple[Leaf, Any]]:
    """The rows with ids above one and up to another, in order, with their JSON column read."""
    name, columns = _COLUMNS[table]
    limit = f" limit {int(most)}" if most is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns} from {name} where id > %s and id <= %s order by id{limit}",
            [above, up_to],
        )
        while found := cursor.fetchmany(_READ_AT_ONCE):
            for row in found:
                try:
                    yield _leaf(table, row)
                except UNREADABLE:
                    # Nothing of ours was ever kept so: it is like no row that was sealed.
                    yield Leaf(table, row[0], 0, 0, b""), {}


def highest(table: str) -> int:
    """The highest id there is in a table; 0 where it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"select max(id) from {_COLUMNS[table][0]}")
        return int(cursor.fetchone()[0] or 0)


def kept(leaves: list[Leaf]) -> bytes:
    """What a seal stores of its leaves."""
    return b"".join(
        _KEPT.pack(_LETTERS[leaf.table], leaf.id, leaf.record, leaf.at, leaf.hash)
        for leaf in leaves
    )


def read(stored: bytes) -> list[Leaf]:
    """Raises ValueError for bytes no seal stored."""
    if len(stored) % _KEPT.size:
        raise ValueError("cut off")
    found = list(_KEPT.iter_unpack(stored))
    if any(letter not in _TABLES for letter, *_ in found):
        raise ValueError("of no table")
    return [Leaf(_TABLES[letter], *rest) for letter, *rest in found]


def root(leaves: list[Leaf]) -> str:
    """One hash for all of them and their order, as it is written into a seal."""
    return merkle.root([leaf.hash for leaf in leaves]).hex()


def digest_of_seal(
    id: int, at: datetime, events: int, entries: int, root: str, stored: bytes, previous: str
) -> str:
    """Binds a seal to its rows and to every seal before it."""
    told = [id, _micros(at), events, entries, root, hashlib.sha256(stored).hexdigest(), previous]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()


def _leaf(table: str, row: tuple[Any, ...]) -> tuple[Leaf, Any]:
    key, record, at, data, *rest = row
    data = data if isinstance(data, dict) else orjson.loads(data)
    moment = _micros(at)
    told = [_plain(value) for value in rest]
    if table == EVENT:
        told[-1] = bool(told[-1])
    whole = orjson.dumps([table, key, record, moment, data, *told], option=orjson.OPT_SORT_KEYS)
    return Leaf(table, key, record or 0, moment, merkle.leaf(whole)), data


def _plain(value: Any) -> Any:
    return _micros(value) if isinstance(value, datetime) else value


_EPOCH = datetime(1970, 1, 1)


def _micros(moment: datetime) -> int:
    """SQLite gives UTC without saying so; PostgreSQL in whatever zone, and says it."""
    plain = rows.in_utc(moment)
    span = plain - _EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds
