"""A page of a list in groups: of the groups that stand on it, their rows; no record its actor may not see.

Which groups these are, and how many each holds, `grouping` finds out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from mainstay.pure.conditions import Condition
from mainstay.pure.rules import Actor
from mainstay.records import fields, grouping, paging, queries, rows
from mainstay.records.types import RecordType


@dataclass(frozen=True)
class GroupedPage(queries.Page):
    """A page in groups: each with its rows on it, and how many records there are in all (None: not counted)."""

    groups: list[tuple[grouping.Group, list[dict[str, Any]]]] = field(default_factory=list)
    total: int | None = None


def page(
    rtype: RecordType,
    actor: Actor,
    group: str,
    *,
    names: Sequence[str] | None = None,
    where: Condition | None = None,
    order: str = "",
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
    python: bool = False,
) -> GroupedPage:
    """A page in the order of groups first; a group goes on over the page. Three statements. Raises Invalid."""
    by = grouping.field_of(rtype, actor, group)
    key, descending = paging.order_of(rtype, order, actor)
    backwards = before is not None
    descending ^= backwards
    size = max(1, min(size, queries.MOST))
    at = before if before is not None else after
    start, inner = grouping.read_cursor(by, at) if at is not None else (None, "")
    there = grouping.groups(
        rtype, actor, by, where, start=start, most=size + 2, backwards=backwards
    )
    first = there.found[0] if there.found else None
    goes_on = first is not None and start is not None and first.stored == start[1]
    ids, params = grouping.ids(
        rtype, actor, by, there.found, where, key,
        descending=descending, after=(first, inner) if goes_on and first else None, size=size,
    )  # fmt: skip
    if ids is None:
        return GroupedPage([], None, None, [], there.total)
    shown = rows.selection(
        rtype, queries.asked_for(rtype, actor, names), connection.vendor, paging.BEFORE + 1,
        python=python, joined=False, masks=fields.masks(rtype, actor),
    )  # fmt: skip
    way = "desc" if descending else "asc"
    value = grouping.column(rtype, actor, by)
    child = paging.join_child_for(rtype, key, shown.joins)
    if "c." in value and not child and f"{rtype.child_table} c " not in shown.joins:
        child = f" join {rtype.child_table} c on c.record_ptr_id = r.id"
    ranked, rank_params = grouping.order_by(by, value, there.found)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.id, {rows.stored(key, connection.vendor)}, {value}, {shown.columns}"
            f" from ({ids}) page join records_record r on r.id = page.id{child}{shown.joins}"
            f" order by {ranked}{key.column} {way}, r.id {way} limit {size + 1}",
            [*params, *rank_params],
        )
        found = cursor.fetchall()
    found, goes_on, goes_back = paging.cut(found, size, after=after, before=before)
    named = shown.name_all(found, actor.versions)
    items = [shown.read(row, named) for row in found]
    in_order = there.found[::-1] if backwards else there.found
    by_value = {f.stored: (f.group, list[dict[str, Any]]()) for f in in_order}
    for row, item in zip(found, items, strict=True):
        by_value[row[paging.BEFORE]][1].append(item)
    groups = {f.stored: f for f in there.found}

    def place(row: Sequence[Any]) -> str:
        return grouping.cursor(by, groups[row[paging.BEFORE]], paging.cursor(key, row))

    return GroupedPage(
        items,
        place(found[-1]) if goes_on else None,
        place(found[0]) if goes_back else None,
        [g for g in by_value.values() if g[1]],
        there.total,
    )
