"""Which records have the words where this actor may read them: one statement, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from mainstay.capabilities.search import asking, parts, rights, terms, texts
from mainstay.capabilities.search.asking import Group, Whole, Words
from mainstay.capabilities.search.engines import engine
from mainstay.capabilities.search.rights import Reach
from mainstay.pure.rules import Actor
from mainstay.records.types import RecordType, shelf
from mainstay.records.values import UNSTORABLE


class Hit(NamedTuple):
    """What is ordered by."""

    id: int
    title: str


class Tally(NamedTuple):
    """How many hits of a type have the same state, team or service: `column` says which, `value` is its text."""

    column: str
    type: str
    value: str | None
    count: int


ORDERED = "r.id, r.title"
TALLIED = {"state": "state", "team": "team_id", "service": "service_id"}
COUNTED = "r.id, r.type, r.state, r.team_id, d.service_id"


@dataclass(frozen=True)
class Narrowing:
    """What one chose beside the words: types, states (of either of them), references by their numbers.

    `own` leaves what the actor asked for, and of that what is told to whoever asked.
    """

    types: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    team: str = ""
    service: str = ""
    own: bool = False


def hits(
    actor: Actor,
    words: Sequence[Whole],
    narrowing: Narrowing,
    limit: int,
    before: int | None = None,
) -> list[Hit]:
    """At most `limit`, those before a record in the order of ids."""
    selects, params = _selects(ORDERED, actor, words, narrowing, limit, before)
    if not selects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(selects), params)
        found = {row[0]: Hit(*row) for row in cursor.fetchall()}
    return [found[key] for key in sorted(found, reverse=True)[:limit]]


def lacking(actor: Actor, words: Words, narrowing: Narrowing) -> list[Group]:
    """The wishes that nothing meets by itself, of what the actor reads; a statement for each of several."""
    if len(words) == 1:
        return list(words)  # as is known by then
    return [group for group in words if not hits(actor, finished((group,)), narrowing, 1)]


def lacking_parts(actor: Actor, group: Group, narrowing: Narrowing) -> tuple[str, ...]:
    """Of a wish that nothing meets, the words that nothing has by themselves; a statement for each of several."""
    words = asking.apart(group)
    if len(words) == 1:
        return tuple(words)
    return tuple(
        word for word, alone in words.items() if not hits(actor, finished((alone,)), narrowing, 1)
    )


def tallies(actor: Actor, words: Sequence[Whole], narrowing: Narrowing, limit: int) -> list[Tally]:
    """The newest `limit` of them counted by the database: to tell so many one by one takes longer than to find them."""
    selects, params = _selects(COUNTED, actor, words, narrowing, limit, None)
    if not selects:
        return []
    # Of several ways to read a record each may find it.
    every = " union ".join(selects) + f" order by 1 desc limit {int(limit)}"
    groups = " union all ".join(
        f"select '{name}', type, cast({column} as text), count(*) from c group by type, {column}"
        for name, column in TALLIED.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"with c as materialized ({every}) {groups} order by 4 desc, 1, 2, 3", params
        )
        return [Tally(*row) for row in cursor.fetchall()]


def _selects(
    columns: str,
    actor: Actor,
    words: Sequence[Whole],
    narrowing: Narrowing,
    limit: int,
    before: int | None,
) -> tuple[list[str], list[object]]:
    """One for each way of reading records; none where nothing can be found."""
    reaches = rights.reaches(actor, _types(actor, narrowing))
    if narrowing.own:
        reaches = rights.asked_for(actor, reaches)
    chosen = (*narrowing.state, narrowing.team, narrowing.service)
    if not reaches or not words or any(UNSTORABLE.search(value) for value in chosen):
        return [], []
    selects, params = [], list[object]()
    for n, reach in enumerate(reaches):
        select, more = _select(columns, reach, words, narrowing, limit, before)
        selects.append(f"select * from ({select}) b{n}")
        params += more
    return selects, params


def finished(words: Words) -> list[Whole]:
    """What is looked for, for each word of a question; a statement where one is unfinished."""
    return [_finished(group) for group in words]


def _finished(group: Group) -> Whole:
    """Only the last word of a way can be unfinished."""
    ways: dict[tuple[str, ...], None] = {}
    for way in group:
        (last, is_start), before = way[-1], tuple(word for word, _ in way[:-1])
        ways |= {(*before, word): None for word in (_begun(last) if is_start else (last,))}
    return tuple(ways)


def _begun(start: str) -> Sequence[str]:
    """What stands for every word that begins so."""
    begins = engine().BEGINS
    return (start + begins,) if begins else (start, *terms.beginning(start))


def _types(actor: Actor, narrowing: Narrowing) -> list[RecordType]:
    """A field that is private in a type narrows none of its records: that would tell what it holds."""
    asked = [n for n in ("state", "team", "service") if getattr(narrowing, n)]
    return [
        rtype
        for rtype in rights.types_for(actor)
        if (not narrowing.types or rtype.name in narrowing.types)
        and not any(is_private(rtype, name) for name in asked)
    ]


def is_private(rtype: RecordType, column: str) -> bool:
    """Whether a common column stands, under whatever name, for a field that not everybody reads."""
    return rtype.names.get(column, column) in rtype.private


def _select(
    columns: str,
    reach: Reach,
    words: Sequence[Whole],
    narrowing: Narrowing,
    limit: int,
    before: int | None,
) -> tuple[str, Sequence[object]]:
    kind = engine()
    has_words = kind.holds if reach.is_own else kind.matches
    if not reach.is_own and len(reach.types) < len(tuple(shelf)):
        # Titles are in every reach, so its parts have the word of the type.
        words = [*words, tuple((parts.kind(name),) for name in reach.types)]
    match, match_params = has_words(words, reach.parts)
    tests, params = [match, "not r.is_removed", reach.sql], [*match_params, *reach.params]
    if narrowing.state:
        tests.append(f"r.state in ({texts.marks(narrowing.state)})")
        params += narrowing.state
    for test, value in (
        (f"r.team_id = {_ID}", narrowing.team),
        (f"d.service_id = {_ID}", narrowing.service),
    ):
        if value:
            tests.append(test)
            params.append(value)
    if before is not None:
        tests.append(f"{kind.ID} < %s")
        params.append(before)
    # Some find their own by the index of what makes it theirs; with the plus it serves no order, for which SQLite read
    # all records from the last to the first (6 ms of 9, for somebody who has none of a type).
    return (
        f"select {columns} from {_tables(reach, kind.ID)} where {' and '.join(tests)}"
        f" order by {'+r.id' if reach.is_own else kind.ID} desc limit {int(limit)}",
        params,
    )


# A number that names nothing narrows to nothing, and so does one that is hidden.
_ID = "(select n.id from records_record n where n.number = %s)"


def _tables(reach: Reach, key: str) -> str:
    """In which order they are read: SQLite does as it is told, PostgreSQL knows better."""
    if connection.vendor == "postgresql":
        both = (
            f"join search_document d on d.record_id = {key} join records_record r on r.id = {key}"
        )
        return f"search_words w {both}"
    if reach.is_own:
        both = f"search_document d on d.record_id = r.id cross join search_words w on {key} = r.id"
        return f"records_record r cross join {both}"
    both = f"search_document d on d.record_id = {key} cross join records_record r on r.id = {key}"
    return f"search_words w cross join {both}"
