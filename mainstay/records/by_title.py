"""Records by their titles: to choose from, by a word of it, and what a number is the number of."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection

from mainstay.pure.numbers import normal
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold, unhyphenated
from mainstay.records import access, names_kept, values
from mainstay.records.folding import being, holding
from mainstay.records.types import RecordType, shelf

# Nobody is called by more; a database would think long about it, or refuse.
LONGEST_LOOKED_FOR = 250
# A name with what each of its words has around it; half of a double name is one as well.
SPACED = "' ' || r.title || ' '"
APART = "' ' || replace(r.title, '-', ' ') || ' '"


def _can_be(text: str) -> bool:
    """Whether anything could be called so."""
    return len(text) <= LONGEST_LOOKED_FOR and not values.UNSTORABLE.search(text)


def options(
    rtype: RecordType, actor: Actor, text: str = "", size: int = 20, *, also_over: bool = False
) -> list[dict[str, str]]:
    """Open records to choose from, by what their title or number holds: `{"number", "title"}`.

    Those called exactly so stand first. `also_over` finds those that are open no more as well, for whoever looks back.
    """
    if not _can_be(text):
        return []
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    exact = fold(text)
    said, said_params = holding("r.title", unhyphenated(exact), connection.vendor)
    is_open = "" if also_over else " and r.is_open"
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.number, r.title from records_record r where r.type = %s and not r.is_removed"
            f"{is_open} and {allowed.sql} and ({said} or r.number = %s)"
            f" order by mainstay_fold(r.title) = %s desc, r.title limit {int(size)}",
            [rtype.name, *allowed.params, *said_params, normal(text), exact],
        )
        return [{"number": number, "title": title} for number, title in cursor.fetchall()]


def called(
    actor: Actor,
    types: Collection[str],
    words: Collection[str],
    most: int,
    *,
    whole: tuple[str, str] | None = None,
) -> dict[tuple[str, str], list[str]]:
    """Which records have a word in their title, by their type and the word, as numbers. One statement.

    `most` is how many of a type may be called so: a commoner word says nothing, and nothing is told of it. `whole` is a
    type and a text that has the words: one that is open and called exactly so is told of under the empty word.
    """
    ways, params, names, before = list[str](), list[Any](), list[str](), list[Any]()
    for n, rtype in enumerate(shelf.type(name) for name in sorted(set(types))):
        near = partial(names_kept.may_hold, rtype, actor.versions.get(rtype.settings_part))
        tests = _tests(words, whole[1] if whole and whole[0] == rtype.name else "", near)
        if not tests or not actor.reaches("read", rtype.plural):
            continue
        allowed = access.one_condition(rtype, rtype.access.see, actor)
        # Each name is read once. Most hold none of the words, not even within another.
        rough = [test.near for test in tests]
        names.append(
            f"names{n} as materialized (select r.number, r.title, r.is_open from records_record r where r.type = %s"
            f" and not r.is_removed and {allowed.sql} and ({' or '.join(sql for sql, _ in rough)}))"
        )
        before += [rtype.name, *allowed.params, *(param for _, some in rough for param in some)]
        for test in tests:
            sql, some = test.exact
            ways.append(
                "select * from (select cast(%s as text) as type, cast(%s as text) as word, number"
                f" from names{n} r where {sql} limit {int(most) + 1}) found"
            )
            params += [rtype.name, test.word, *some]
    found: dict[tuple[str, str], list[str]] = {}
    if ways:
        with connection.cursor() as cursor:
            cursor.execute(
                f"with {', '.join(names)} {' union all '.join(ways)}", [*before, *params]
            )
            for type_name, word, number in cursor.fetchall():
                found.setdefault((type_name, word), []).append(number)
    return {asked: sorted(numbers) for asked, numbers in found.items() if len(numbers) <= most}


@dataclass(frozen=True)
class _Test:
    """Whether a word means a name, as SQL with its parameters; `near` is quicker, and true of whatever it means."""

    word: str
    exact: tuple[str, list[str]]
    near: tuple[str, list[str]]


def _tests(words: Collection[str], whole: str, may_hold: Callable[[str], bool]) -> list[_Test]:
    """One for each word, and one for the whole text under the empty word, of those that some name may hold."""
    found = list[_Test]()
    for word in dict.fromkeys(words):
        if _can_be(word):
            bare = unhyphenated(fold(word))
            if not may_hold(bare):
                continue
            exact = _either(
                *(holding(name, f" {bare} ", connection.vendor) for name in (SPACED, APART))
            )
            found.append(_Test(word, exact, holding("r.title", bare, connection.vendor)))
    if whole and _can_be(whole) and may_hold(unhyphenated(fold(whole))):
        sql, params = being("r.title", fold(whole), connection.vendor)
        exact = (f"r.is_open and {sql}", params)
        found.append(_Test("", exact, exact))
    return found


def _either(*tests: tuple[str, list[str]]) -> tuple[str, list[str]]:
    return f"({' or '.join(sql for sql, _ in tests)})", [
        param for _, some in tests for param in some
    ]


def titles(actor: Actor, named: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What records are called, of those the actor sees, by type and number. One statement; none for no names."""
    ways, params = [], list[Any]()
    for name in sorted({name for name, _number in named if name in shelf}):
        rtype = shelf.type(name)
        if actor.reaches("read", rtype.plural):
            allowed = access.one_condition(rtype, rtype.access.see, actor)
            numbers = [
                normal(n) for of, n in named if of == name and not values.UNSTORABLE.search(n)
            ]
            if numbers:
                marks = ", ".join(["%s"] * len(numbers))
                ways.append(f"(r.type = %s and r.number in ({marks}) and {allowed.sql})")
                params += [name, *numbers, *allowed.params]
    if not ways:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.type, r.number, r.title from records_record r where not r.is_removed and ({' or '.join(ways)})",
            params,
        )
        found = {(name, number): title for name, number, title in cursor.fetchall()}
    return {(of, n): found[of, normal(n)] for of, n in named if (of, normal(n)) in found}
