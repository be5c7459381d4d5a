"""The index of words: what stands in it is written here, and read as conditions for `finding`.

The database's own kind of index is behind two files of the same functions, `sqlite.py` and `postgres.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from mainstay.capabilities.search import parts, terms, texts
from mainstay.capabilities.search.engines import engine
from mainstay.pure import text
from mainstay.records import fields
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType, Text

SERVICE = "service"


def put(record_ids: Iterable[int]) -> None:
    """Reads these records and writes what they are found by, in place of what was there; once more changes nothing."""
    keys = sorted(set(record_ids))
    if not keys:
        return
    with writing():
        with connection.cursor() as cursor:
            engine().hold(cursor, alone=False)
        # Before anything is read: whoever else indexes one of them waits here, and so reads what is newer.
        _store(dict.fromkeys(keys), "search_document.service_id")
        documents, services, named = _read(keys)
        _store({key: services.get(key) for key in documents}, "excluded.service_id")
        engine().put(documents)
        every = {
            word for of_it in documents.values() for part in of_it.values() for word in part.split()
        }
        terms.learn({word for word in every if not parts.is_kind(word)}, named)


def _store(services: dict[int, int | None], then: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into search_document (record_id, service_id) values (%s, %s)"
            f" on conflict (record_id) do update set service_id = {then}",
            list(services.items()),
        )


def _read(
    keys: Sequence[int],
) -> tuple[dict[int, dict[str, str]], dict[int, int], set[str]]:
    """Words by record and part, the service of each, and the words people may want to find by sound."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id, type, number, title from records_record where id in ({texts.marks(keys)})",
            list(keys),
        )
        rows = cursor.fetchall()
    told: dict[int, dict[str, list[str]]] = {
        key: {part: [] for part in parts.PARTS} for key, *_ in rows
    }
    services: dict[int, int] = {}
    named: set[str] = set()
    for key, _type, number, title in rows:
        told[key][parts.TITLE] += [number, title]
        named.update(text.words(title))
    for rtype, of_type in texts.by_type((key, name) for key, name, *_ in rows).items():
        private = frozenset(texts.guarded(rtype))
        for found in texts.of(rtype, of_type):
            told[found.record_id][part_of(found, private)].append(found.text)
            if found.what == "file" and found.audience == "all":
                named.update(text.words(found.text))
        services |= _services(rtype, of_type)
    joined = {
        key: {part: " ".join(_words(several)) for part, several in of_record.items()}
        for key, of_record in told.items()
    }
    for key, type_name, *_ in rows:
        joined[key][parts.TITLE] += f" {parts.kind(type_name)}"
    return joined, services, named


def part_of(found: Text, private: frozenset[str]) -> str:
    if found.what == texts.FIELD:
        return parts.GUARDED if found.key in private else parts.TEXT
    return parts.TEXT if found.audience == "all" else parts.INTERNAL


def _words(several: Iterable[str]) -> Iterable[str]:
    """Each word once: where and how often it stands makes no difference. Parted ones joined as well."""
    found: dict[str, None] = {}
    for one in several:
        found.update(dict.fromkeys(text.words(one)))
        for apart in text.compounds(one):
            found["".join(apart)[: text.LONGEST_WORD]] = None
    return found


def service_of(rtype: RecordType) -> fields.Field | None:
    """The field that says what a record is about, where everybody who sees the record may read it."""
    there = fields.of(rtype).get(SERVICE)
    is_open = there is not None and there.is_reference and SERVICE not in rtype.private
    return there if is_open else None


def _services(rtype: RecordType, ids: Sequence[int]) -> dict[int, int]:
    there = service_of(rtype)
    if there is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"select c.record_ptr_id, {there.column} from {rtype.child_table} c"
            f" where {there.column} is not null and c.record_ptr_id in ({texts.marks(ids)})",
            list(ids),
        )
        return dict(cursor.fetchall())
