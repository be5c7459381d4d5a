"""A list in groups, or as it is: the same rows, and where groups are asked for, their heads between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from mainstay.pure.conditions import Condition
from mainstay.pure.rules import Actor
from mainstay.records import fields, grouping, queries
from mainstay.records import grouped as in_groups
from mainstay.records.types import RecordType
from mainstay.surfaces.web import namesakes, tables
from mainstay.surfaces.web.addresses import ListState
from mainstay.surfaces.web.formats import per_reader, say
from mainstay.surfaces.web.tables import Column


@dataclass(frozen=True)
class Listed:
    """A page of a list: its rows, the cursors of the pages after and before it, how many there are where that is known
    without counting them."""

    rows: list[dict[str, Any]]
    next: str | None
    previous: str | None
    total: tuple[int, bool] | None = None
    groups: list[tuple[grouping.Group, list[dict[str, Any]]]] | None = None


def page(
    state: ListState, actor: Actor, names: list[str], where: Condition | None, size: int
) -> queries.Page:
    """A page of the list in its order, in groups where that is asked for."""
    asked: dict[str, Any] = {
        "names": names, "where": where, "order": state.ordered_by,
        "after": state.after or None, "before": state.before or None, "size": size, "python": True,
    }  # fmt: skip
    if state.group:
        return in_groups.page(state.rtype, actor, state.group, **asked)
    return queries.page(state.rtype, actor, **asked)


def read(
    state: ListState, actor: Actor, names: list[str], where: Condition | None, size: int
) -> Listed:
    """What is on the page; a statement that counts every group counts the whole list, as a page does that is all of it.

    Where fewer stand before a row than a page has, it is the first page, which is read from its beginning.
    """
    found = page(state, actor, names, where, size)
    if state.before and found.previous is None and len(found.items) < size:
        found = page(replace(state, before=""), actor, names, where, size)
    is_all = found.next is None and found.previous is None
    total = len(found.items) if is_all else None
    groups = None
    if isinstance(found, in_groups.GroupedPage):
        total, groups = total if found.total is None else found.total, found.groups
    known = None if total is None else (total, True)
    return Listed(found.items, found.next, found.previous, known, groups)


def body(
    state: ListState,
    columns: list[Column],
    below: fields.Field | None,
    listed: Listed,
    *,
    can_choose: bool,
) -> Markup:
    """The bodies of the table: one, or one for each group, which begins with its head."""

    def rows(of: list[dict[str, Any]]) -> Markup:
        named = bool(state.columns)
        return tables.body(state.rtype, columns, below, of, can_choose=can_choose, are_named=named)

    if listed.groups is None:
        return Markup("<tbody>\n%s</tbody>") % rows(listed.rows)
    by = fields.of(state.rtype)[state.group]
    named = (group.value for group, _of in listed.groups if by.is_reference)
    alike = namesakes.among(named)
    return Markup("").join(
        Markup("<tbody>\n%s%s</tbody>")
        % (tables.group_head(state.rtype, by, group, alike), rows(of))
        for group, of in listed.groups
    )


@per_reader
def choices(rtype: RecordType, actor: Actor) -> list[tuple[str, str]]:
    """What the menu offers to group by."""
    return [(n, say(f.label)) for n, f in grouping.groupable(rtype, actor).items()]
