"""How many records there are for an actor: up to a limit, each way of being allowed by its own index.

Every list shows such a number for each of its tabs, so it may cost a fraction of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from mainstay.pure.conditions import And, Compare, Condition, In, Me, Op
from mainstay.pure.rules import Actor, Rule
from mainstay.records import access, fields, paging
from mainstay.records.access import Branch
from mainstay.records.folding import NAME as FOLD
from mainstay.records.types import RecordType

# Two numbers of one walk as one: how many met the condition, and how many were asked.
BOTH = 1_000_000
# For who needs the exact number, whatever it costs: more records than a database of ours holds.
BEYOND = 1_000_000_000
# As many comparisons cost what one search through a text does (SQLite: 0.4 and 0.8 µs a record).
COMPARISONS = 2
# Columns that name a person, whose own records are few.
PEOPLE = ("requester", "assignee")


def count(
    rtype: RecordType,
    actor: Actor,
    where: Condition | None = None,
    limit: int = 1000,
    *,
    among: Rule | None = None,
) -> tuple[int, bool]:
    """How many there are, exact up to `limit`; beyond it the limit and False."""
    [found] = counts(rtype, actor, [where], limit, among=among)
    return found


def counts(
    rtype: RecordType,
    actor: Actor,
    asked: Sequence[Condition | None],
    limit: int = 1000,
    *,
    among: Rule | None = None,
    walk: int = 0,
) -> list[tuple[int, bool]]:
    """The same for several conditions at once, in their order. One statement.

    `walk` is after how many records a condition that no index serves is asked of no more; what was found by then and
    False are answered, as at least so many are there.
    """
    rule = rtype.access.see & among if among else rtype.access.see
    ways = access.branches(rtype, rule, actor)
    if not ways or not asked:
        return [(0, True)] * len(asked)
    allowed = _Allowed(ways, access.one_condition(rtype, rule, actor))
    parts = [_part(rtype, actor, allowed, where, limit, walk) for where in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {', '.join(part.text for part in parts)}",
            [param for part in parts for param in part.params],
        )
        numbers = cursor.fetchone()
    found = []
    for number, part in zip(numbers, parts, strict=True):
        hits, read = divmod(number, BOTH) if part.most else (number, 0)
        found.append((min(hits, limit), hits <= limit and read <= part.most))
    return found


@dataclass(frozen=True)
class _Allowed:
    """What the actor may see: way by way, and as one condition that no index is looked for with."""

    ways: Sequence[Branch]
    either: Branch

    def by(self, *, one: bool) -> Sequence[Branch]:
        if one:
            return [Branch(f"{self.either.sql} is true", self.either.params)]
        return self.ways if len(self.ways) <= access.MOST_BRANCHES else [self.either]


@dataclass(frozen=True)
class _Part:
    """One number as a part of a statement, and after how many records it stops (0: where it ends)."""

    text: str
    params: list[Any]
    most: int


def _part(
    rtype: RecordType,
    actor: Actor,
    allowed: _Allowed,
    where: Condition | None,
    limit: int,
    walk: int,
) -> _Part:
    """Each way of being allowed is counted by its own index, without what the ways before it have counted, and none is
    asked any more once the limit is reached. As one OR, an agent of three teams had all open records walked through.

    Where the condition itself leads to few records, they are asked once whether they are allowed: by way of three
    teams, those that wait had all the history of these teams walked through.
    """
    served, rest, term = paging.served(rtype, where) if walk else (where, None, "")
    test, test_params, child = paging.condition(rtype, actor, served)
    hit, hit_params, more = paging.condition(rtype, actor, rest)
    most = 0 if rest is None else walk if FOLD in hit else COMPARISONS * walk
    limit = most or limit
    shown = f"case when true{hit} then {BOTH} else 0 end as hit" if rest else "0 as hit"
    order = _order(where, served, term)
    counted, params, before = [], list[Any](), list[Branch]()
    for n, way in enumerate(allowed.by(one=bool(term) or _is_own(rtype, served))):
        others = "".join(f" and ({other.sql}) is not true" for other in before)
        counted.append(
            f"select hit from (select {shown} from records_record r{child or more} where r.type = %s"
            f" and not r.is_removed and {way.sql}{others}{test}{term}{order} limit {int(limit) + 1}) b{n}"
        )
        params += [*hit_params, rtype.name, *way.params]
        params += [*(p for o in before for p in o.params), *test_params]
        before.append(way)
    every = f"select hit from ({' union all '.join(counted)}) w limit {int(limit) + 1}"
    number = "coalesce(sum(hit), 0) + count(*)" if rest else "count(*)"
    return _Part(f"(select {number} from ({every}) m)", params, most)


def _order(where: Condition | None, served: Condition | None, term: str) -> str:
    """A number needs no order, but each database reads less with one that an index has.

    SQLite reads neighbours then, and not a record here and there; those of several teams it would have to sort (10 ms
    for 1). PostgreSQL takes open records to lie anywhere among all, and looked for them from the oldest on (12 ms for
    0.6); all records it finds anywhere indeed, and sorts those of several teams as well (6 ms for 1.4).
    """
    if connection.vendor == "sqlite":
        has_one = not any(isinstance(part, In) for part in _parts(served))
    else:
        has_one = bool(term) or any(paging.is_open(part) for part in _parts(where))
    return " order by r.created_at desc, r.id desc" if has_one else ""


def _parts(where: Condition | None) -> Sequence[Condition]:
    return where.parts if isinstance(where, And) else (where,) if where else ()


def _is_own(rtype: RecordType, served: Condition | None) -> bool:
    """Whether only what the actor asked for or has is meant."""
    return any(
        isinstance(part, Compare)
        and part.op is Op.EQ
        and isinstance(part.operand, Me)
        and fields.of(rtype)[part.field.name].attribute in PEOPLE
        for part in _parts(served)
    )
