"""Groups found one after another, each by the index in which its records stand together, until a page is full.

To count every group is to read every record. Where rows are put together by a column that an index begins with, each
group is asked for by itself instead, no further than anybody counts, and those after the page are not asked at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from mainstay.pure.conditions import Condition
from mainstay.pure.rules import Actor
from mainstay.records import access, paging
from mainstay.records.fields import Field
from mainstay.records.folding import folded
from mainstay.records.types import RecordType

# How far a group is counted, which is further than a page goes; one more says that there are more.
COUNTED = 1000


def can(rtype: RecordType, by: Field, column: str, where: Condition | None) -> bool:
    """Whether each group is near by: its column leads an index, and no other index leads to fewer records.

    `column` is what the actor may read of it, which is no column where that depends on the record.
    """
    if by.attribute not in paging.LED or column != by.column:
        return False
    served, _rest, _term = paging.served(rtype, where)
    return served is None or paging.is_open(served)


def groups(
    rtype: RecordType,
    actor: Actor,
    by: Field,
    where: Condition | None,
    start: tuple[str, list[Any]],
    goes_on: tuple[str, list[Any]],
    *,
    most: int,
    backwards: bool = False,
) -> Sequence[tuple[Any, Any, int, str, str]]:
    """The groups that `most` records are in: key, place, count, number and title of each. One statement.

    `start` says where they begin, as a clause over `value` and `place` with its parameters; `goes_on` says which of
    them began on another page: nobody knows how many are left of it, so it fills nothing of this one. A count is one
    more than `COUNTED` where there are more.
    """
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    test, params, child = paging.condition(rtype, actor, where)
    way = " desc" if backwards else ""
    place = folded("g.title", connection.vendor)

    def count(is_in_it: str) -> str:
        return (
            f"(select count(*) from (select 1 from records_record r{child} where {is_in_it} and r.type = %s"
            f" and not r.is_removed and {allowed.sql}{test} limit {COUNTED + 1}) few)"
        )

    counted = (
        f"case when o.value is null then {count(f'{by.column} is null')}"
        f" else {count(f'{by.column} = o.value')} end"
    )
    each = [rtype.name, *allowed.params, *params]
    with connection.cursor() as cursor:
        cursor.execute(
            f"with recursive every as (select g.id as value, {place} as place from records_record g where g.type = %s"
            " union all select null, null),"
            f" o as (select row_number() over (order by value is null{way}, place{way}, value{way}) as i,"
            f" case when {goes_on[0]} then 0 else 1 end as fills, value, place from every{start[0]}),"
            " w(i, fills, n, filled) as (select cast(0 as bigint), 0, cast(0 as bigint), cast(0 as bigint)"
            f" union all select o.i, o.fills, {counted}, w.filled + w.fills * w.n"
            " from w join o on o.i = w.i + 1 where w.filled + w.fills * w.n < %s)"
            " select o.value, o.place, w.n, g.number, g.title from w join o on o.i = w.i"
            " left join records_record g on g.id = o.value where w.n > 0 order by w.i",
            [by.target, *goes_on[1], *start[1], *each, *each, most],
        )
        found: Sequence[tuple[Any, Any, int, str, str]] = cursor.fetchall()
    return found
