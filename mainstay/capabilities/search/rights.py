"""Which parts of which records an actor reads, as SQL made from the very rules lists are made from.

Nothing of it is in the index: who gains or loses a right finds more or less with the next question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from mainstay.capabilities.search import texts
from mainstay.capabilities.search.parts import GUARDED, INTERNAL, OPEN, PARTS
from mainstay.pure.rules import CALLERS, Actor, Rule
from mainstay.records import access
from mainstay.records.access import Branch
from mainstay.records.types import RecordType, shelf

Ways = frozenset[Branch]
# Conditions by which somebody's own records are found faster than by their words.
OWN = tuple(f"r.{column} = %s" for column in ("id", *CALLERS, "assignee_id"))


@dataclass(frozen=True)
class Reach:
    """Some parts, and the SQL over `r` for the records of these types on which they may be read.

    `is_own` says that these are few: the actor's own.
    """

    parts: tuple[str, ...]
    types: tuple[str, ...]
    sql: str
    params: tuple[object, ...]
    is_own: bool = False


def types_for(actor: Actor) -> tuple[RecordType, ...]:
    """The types this actor could see some record of, by this token."""
    return tuple(
        rtype
        for rtype in shelf
        if actor.reaches("read", rtype.plural) and access.may_ever(rtype.access.see, actor)
    )


def reaches(actor: Actor, types: Iterable[RecordType]) -> list[Reach]:
    """The most that may be read first: a record found there is not looked for with less.

    Each way to one's own is looked through by itself: joined with "or", no index would serve it.
    """
    return list(_reaches(actor, tuple(types)))


# An actor is a value, with all rights of the moment in it: what follows from them may be kept. Each letter typed
# asks for it (2.9 ms of a suggestion's 7 for an agent of three teams).
@lru_cache(256)
def _reaches(actor: Actor, types: tuple[RecordType, ...]) -> tuple[Reach, ...]:
    levels: dict[tuple[tuple[str, ...], Ways], dict[Ways, list[RecordType]]] = {}
    for rtype in types:
        for parts, ways in _levels(rtype, actor):
            own = [frozenset({way}) for way in ways if _is_own(way)]
            for some in (ways.difference(*own), *own):
                if some:
                    key = parts, some if some in own else frozenset[Branch]()
                    levels.setdefault(key, {}).setdefault(some, []).append(rtype)
    ordered = sorted(levels.items(), key=lambda item: -len(item[0][0]))
    return tuple(_reach(parts, alike, is_own=bool(own)) for (parts, own), alike in ordered)


def asked_for(actor: Actor, several: Sequence[Reach]) -> list[Reach]:
    """Of these what the actor is a caller of, as its callers read it: by the index of each column that says so."""
    if actor.id is None or not several:
        return []
    types = tuple(dict.fromkeys(name for reach in several for name in reach.types))
    allowed = " or ".join(reach.sql for reach in several)
    params = tuple(param for reach in several for param in reach.params)
    return [
        Reach(OPEN, types, f"(r.{column} = %s and ({allowed}))", (actor.id, *params), is_own=True)
        for column in CALLERS
    ]


def _is_own(way: Branch) -> bool:
    return any(part in OWN for part in way.sql.split(" and "))


def _reach(
    parts: tuple[str, ...], alike: dict[frozenset[Branch], list[RecordType]], *, is_own: bool
) -> Reach:
    conditions, params = [], list[object]()
    for ways, types in alike.items():
        ordered = sorted(ways, key=lambda way: way.sql)
        either = " or ".join(f"({way.sql})" for way in ordered)
        conditions.append(f"(r.type in ({texts.marks(types)}) and ({either}))")
        params += [rtype.name for rtype in types]
        params += [param for way in ordered for param in way.params]
    every = tuple(rtype.name for types in alike.values() for rtype in types)
    return Reach(parts, every, "(" + " or ".join(conditions) + ")", tuple(params), is_own)


def _levels(rtype: RecordType, actor: Actor) -> list[tuple[tuple[str, ...], frozenset[Branch]]]:
    """Each set of parts with the ways to it; ways that lead to more parts are left out of those to fewer."""
    see = _ways(rtype, actor, rtype.access.see)
    inside = _ways(rtype, actor, access.insiders(rtype))
    private = _all_of([_ways(rtype, actor, rtype.private[name]) for name in texts.guarded(rtype)])
    found: list[tuple[tuple[str, ...], frozenset[Branch]]] = []
    for parts, needed in (
        (PARTS, (see, inside, private)),
        ((*OPEN, GUARDED), (see, private)),
        ((*OPEN, INTERNAL), (see, inside)),
        (OPEN, (see,)),
    ):
        ways = _all_of(list(needed))
        known = frozenset(w for more, of_it in found if set(parts) < set(more) for w in of_it)
        if fresh := ways - known:
            found.append((parts, fresh))
    return found


def _ways(rtype: RecordType, actor: Actor, rule: Rule) -> frozenset[Branch]:
    return frozenset(access.branches(rtype, rule, actor))


def _all_of(several: list[frozenset[Branch]]) -> frozenset[Branch]:
    """The ways in which all of these are allowed at once."""
    several = [ways for ways in several if ways != {Branch("true")}]
    if not several:
        return frozenset({Branch("true")})
    if any(not ways for ways in several):
        return frozenset()
    joined = set()
    for ways in product(*dict.fromkeys(several)):
        parts = {_conjuncts(way) for way in ways}
        joined.add(_conjunction(parts))
    return _without_narrower(joined)


def _conjuncts(way: Branch) -> tuple[Branch, ...]:
    """A branch as its single conditions, each with its own parameters."""
    params = iter(way.params)
    return tuple(
        Branch(part, tuple(next(params) for _ in range(part.count("%s"))))
        for part in way.sql.split(" and ")
    )


def _conjunction(several: Iterable[tuple[Branch, ...]]) -> Branch:
    single = sorted(
        {part for parts in several for part in parts if part.sql != "true"},
        key=lambda part: (part.sql, part.params),
    )
    return Branch(
        " and ".join(part.sql for part in single) or "true",
        tuple(param for part in single for param in part.params),
    )


def _without_narrower(ways: set[Branch]) -> frozenset[Branch]:
    """A way whose conditions are all among another's makes that other one needless."""
    conditions = {way: frozenset(_conjuncts(way)) for way in ways}
    return frozenset(
        way
        for way in ways
        if way.sql == "true"
        or not any(
            other.sql == "true" or conditions[other] < conditions[way]
            for other in ways
            if other is not way
        )
    )
