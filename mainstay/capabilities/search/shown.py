"""What of a hit is shown: the record, and the text that has the words, of those the reader may read."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from mainstay.capabilities.search import index, texts
from mainstay.capabilities.search.asking import Group, Words
from mainstay.capabilities.search.excerpts import Excerpt, excerpt, title_marks
from mainstay.pure import text
from mainstay.pure.rules import Actor
from mainstay.records import access, rows
from mainstay.records.rows import FACTS, Facts
from mainstay.records.types import RecordType, Text, shelf

TITLE, NUMBER = "title", "number"


@dataclass(frozen=True)
class Item:
    """A hit. `part` says where the words are (title, number, field, reply, note, file, or nothing known), `name`
    which field, `pieces` are a stretch of that text, each with whether it is one of the words.
    """

    id: int
    rtype: RecordType
    uuid: str
    number: str
    title: str
    state: str
    kind: str
    created_at: datetime
    updated_at: datetime
    part: str
    name: str
    title_pieces: Excerpt
    pieces: Excerpt

    @property
    def excerpt(self) -> str:
        return "".join(piece for piece, _ in self.pieces)


def items(actor: Actor, ids: Sequence[int], words: Words, *, as_caller: bool = False) -> list[Item]:
    """In the order given; `as_caller` shows nothing that is for those who work on them.

    A statement for the records, and those for the texts of each type among them.
    """
    found = _rows(ids)
    ids = [key for key in ids if key in found]
    read = _readable(actor, found, ids, as_caller=as_caller)
    return [_item(found[key], read.get(key, []), words) for key in ids]


def titles(ids: Sequence[int], words: Words) -> list[Item]:
    """The same without their texts, in one statement."""
    found = _rows(ids)
    return [_item(found[key], (), words) for key in ids if key in found]


def numbered(actor: Actor, types: Sequence[RecordType], numbers: Sequence[str]) -> list[Item]:
    """The records of these numbers and types that this actor sees, in the order given. One statement."""
    known = {rtype.name: rtype for rtype in types}
    found = {}
    for row in _rows(numbers, "number", "not r.is_removed").values():
        rtype = known.get(row[len(FACTS)])
        facts = Facts(*row[: len(FACTS)])
        if rtype and access.allows(rtype, rtype.access.see, actor, facts):
            item = _item(row, (), ())
            found[item.number] = item
    return [found[number] for number in numbers if number in found]


def _rows(keys: Sequence[Any], column: str = "id", which: str = "true") -> dict[int, Any]:
    if not keys:
        return {}
    facts = ", ".join(f"r.{name}" for name in FACTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {facts}, r.type, r.uuid, r.number, r.title, r.kind, r.created_at, r.updated_at"
            f" from records_record r where r.{column} in ({texts.marks(keys)}) and {which}",
            list(keys),
        )
        return {row[0]: row for row in cursor.fetchall()}


def asked_by(actor: Actor, ids: Sequence[int]) -> list[int]:
    """Those of them this person is a caller of."""
    if not ids or actor.id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.id from records_record r where {access.calls('%s')} and r.id in ({texts.marks(ids)})",
            [actor.id, *ids],
        )
        own = {key for (key,) in cursor.fetchall()}
    return [key for key in ids if key in own]


def _readable(
    actor: Actor, found: dict[int, Any], ids: Sequence[int], *, as_caller: bool
) -> dict[int, list[Text]]:
    """The texts of these records that this actor may read, by the rules that show them on their pages."""
    kept: dict[int, list[Text]] = {}
    pairs = ((key, found[key][len(FACTS)]) for key in ids)
    for rtype, of_type in texts.by_type(pairs).items():
        private = frozenset(texts.guarded(rtype))
        facts = {key: Facts(*found[key][: len(FACTS)]) for key in of_type}
        inside = {key: access.is_insider(rtype, actor, facts[key]) for key in of_type}
        for one in texts.of(rtype, of_type):
            part = index.part_of(one, private)
            if as_caller and part not in index.parts.OPEN:
                continue
            if part == index.parts.INTERNAL and not inside[one.record_id]:
                continue
            if part == index.parts.GUARDED and not access.allows(
                rtype, rtype.private[one.key], actor, facts[one.record_id]
            ):
                continue
            kept.setdefault(one.record_id, []).append(one)
    return kept


def _item(row: Any, readable: Sequence[Text], words: Words) -> Item:
    facts = Facts(*row[: len(FACTS)])
    type_name, uuid, number, title, kind, created, updated = row[len(FACTS) :]
    part, name, pieces = _matched(number, title, readable, words)
    read_time = rows.time_codec(python=True)
    return Item(
        id=facts.id,
        rtype=shelf.type(type_name),
        uuid=rows.uuid_text(connection.vendor)(uuid),
        number=number,
        title=title,
        state=facts.state,
        kind=kind,
        created_at=read_time(created),
        updated_at=read_time(updated),
        part=part,
        name=name,
        title_pieces=title_marks(title, words),
        pieces=pieces,
    )


def _matched(
    number: str, title: str, readable: Sequence[Text], words: Words
) -> tuple[str, str, Excerpt]:
    if not words:
        return NUMBER, "", ()
    in_title = words_of_title(title)
    if all(meets(group, in_title) for group in words):
        return TITLE, "", ()
    if all(meets(group, words_of(number) | in_title) for group in words):
        return NUMBER, "", ()
    best, most = None, 0
    for one in readable:
        there = _met(one.text, words)
        if there > most:
            best, most = one, there
        if most == len(words):
            break
    if best is None:
        return "", "", ()
    name = best.key if best.what == texts.FIELD else ""
    return best.what, name, excerpt(best.text, words)


def _met(found: str, words: Words) -> int:
    """How many wishes a text meets; most texts have none of the letters, which is quickly seen."""
    folded = text.fold(found)
    near = [group for group in words if any(term[0] in folded for way in group for term in way)]
    if not near:
        return 0
    there = words_of(found)
    return sum(meets(group, there) for group in near)


@lru_cache(8192)
def words_of_title(title: str) -> frozenset[str]:
    """Kept for a while: the same titles are compared with each letter somebody types."""
    return words_of(title)


def words_of(found: str) -> frozenset[str]:
    joined = ("".join(apart)[: text.LONGEST_WORD] for apart in text.compounds(found))
    return frozenset(text.words(found)) | frozenset(joined)


def meets(group: Group, there: Set[str]) -> bool:
    return any(
        all(
            word in there or (is_start and any(other.startswith(word) for other in there))
            for word, is_start in way
        )
        for way in group
    )
