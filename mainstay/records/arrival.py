"""Writes records with their whole past in bulk, and remembers what they were called elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection

from mainstay.records.models import Alias, Event, EventText, Record
from mainstay.records.numbering import next_numbers
from mainstay.records.types import RecordType

if TYPE_CHECKING:
    from mainstay.records.replay import Life

# Keys in one `in (…)`; more would need more parameters than SQLite may have been built for.
MOST_KEYS = 500


def known(system: str, keys: Iterable[str]) -> dict[str, int]:
    """Ids of the records that have these names in another system."""
    found: dict[str, int] = {}
    for some in _cut(keys):
        rows = Alias.objects.filter(system=system, key__in=some).values_list("key", "record_id")
        found.update(rows)
    return found


def store(rtype: RecordType, system: str, lives: Sequence[Life]) -> None:
    """Parents before children; Django's bulk_create does not take a table that extends another."""
    _number(rtype, lives)
    columns = [f.attname for f in Record._meta.local_concrete_fields if not f.primary_key]
    parents = [Record(**{c: getattr(life.record, c) for c in columns}) for life in lives]
    Record.objects.bulk_create(parents)
    for life, parent in zip(lives, parents, strict=True):
        life.record.id = life.record.record_ptr_id = parent.pk
        for event in life.events:
            event.record_id = parent.pk
    _insert_children(rtype, [life.record for life in lives])
    Event.objects.bulk_create([event for life in lives for event in life.events])
    texts = [pair for life in lives for pair in life.texts]
    for event, text in texts:
        text.event_id = event.pk
    EventText.objects.bulk_create([text for _, text in texts])
    Alias.objects.bulk_create(
        [Alias(system=system, key=life.past.key, record_id=life.record.id) for life in lives]
    )


def _number(rtype: RecordType, lives: Sequence[Life]) -> None:
    """The number a record had elsewhere where it is free here, a new one otherwise."""
    wanted = [life.past.number for life in lives if life.past.number]
    taken: set[str] = set()
    for some in _cut(wanted):
        taken.update(Record.objects.filter(number__in=some).values_list("number", flat=True))
    without = []
    for life in lives:
        if life.past.number and life.past.number not in taken:
            life.record.number = life.past.number
            taken.add(life.past.number)
        else:
            without.append(life)
    for life, number in zip(without, next_numbers(rtype, len(without)), strict=True):
        life.record.number = number


def _insert_children(rtype: RecordType, records: Sequence[Any]) -> None:
    table = rtype.model._meta
    columns = table.local_concrete_fields
    quoted = ", ".join(connection.ops.quote_name(f.column or "") for f in columns)
    marks = ", ".join(["%s"] * len(columns))
    rows = [
        [f.get_db_prep_save(getattr(record, f.attname), connection) for f in columns]
        for record in records
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into {connection.ops.quote_name(table.db_table)} ({quoted}) values ({marks})",
            rows,
        )


def _cut(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while some := list(islice(left, MOST_KEYS)):
        yield some
