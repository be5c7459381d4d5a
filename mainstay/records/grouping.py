"""A page of a list in groups: the groups from where it begins, each with how many it holds, then their rows.

Each group is counted in one statement: the whole of all of them, or where an index leads to each, as far as a page
needs (`walked`). That statement also says which groups can stand on the page, so each is read by its own value in the
order of an index, and nothing but a page of rows is ever sorted.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection, models
from django.utils.translation import gettext as _

from mainstay.pure.conditions import Condition
from mainstay.pure.rules import Actor
from mainstay.records import access, fields, paging, values, walked
from mainstay.records import where as where_of
from mainstay.records.errors import Invalid
from mainstay.records.fields import Field
from mainstay.records.types import RecordType


@dataclass(frozen=True)
class Group:
    """What its rows have in common (None: nothing), and how many there are on all pages, or at least so many."""

    value: Any
    count: int
    is_more: bool = False


@dataclass(frozen=True)
class Found:
    """A group as the database holds it: what it is compared by, and its place among the others."""

    stored: Any
    place: Any
    group: Group


@dataclass(frozen=True)
class Groups:
    """The groups a page may show, in order, and how many records there are in all (None: nobody counted them)."""

    found: list[Found]
    total: int | None


def groupable(rtype: RecordType, actor: Actor) -> dict[str, Field]:
    """The fields a list may be grouped by: what has few values, or names another record."""
    return {
        name: field
        for name, field in fields.visible(rtype, actor).items()
        if (field.choices or field.is_reference or name == "priority")
        and name not in ("type", "kind")
    }


def field_of(rtype: RecordType, actor: Actor, name: str) -> Field:
    """The field a list is grouped by. Raises Invalid."""
    known = groupable(rtype, actor)
    if name not in known:
        listed = ", ".join(known)
        raise Invalid({"group": [_("Group by one of %(fields)s.") % {"fields": listed}]})
    return known[name]


def column(rtype: RecordType, actor: Actor, by: Field) -> str:
    """The SQL for what rows are put together by: as the actor may read it, and an empty text is nothing."""
    sql = where_of.columns(rtype, actor)[by.name].sql
    return f"nullif({sql}, '')" if isinstance(by.source, models.CharField) else sql


def groups(
    rtype: RecordType,
    actor: Actor,
    by: Field,
    where: Condition | None,
    *,
    start: tuple[Any, Any] | None,
    most: int,
    backwards: bool = False,
) -> Groups:
    """The groups from `start` on, what is unset last; backwards from there, what is unset first. One statement."""
    value = column(rtype, actor, by)
    if walked.can(rtype, by, value, where):
        return _near(rtype, actor, by, where, start, most, backwards=backwards)
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    test, params, child = paging.condition(rtype, actor, where)
    if "c." in value and not child:
        child = paging.join_child(rtype)
    place = _place(by)
    named = "g.number, g.title" if by.is_reference else "null as number, null as title"
    other = " left join records_record g on g.id = m.value" if by.is_reference else ""
    later, later_params = "", list[Any]()
    if start is not None:
        later, later_params = _to(start) if backwards else _from(start)
    way = " desc" if backwards else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select value, place, n, total, number, title from (select m.value, {place} as place, m.n,"
            f" sum(m.n) over () as total, {named} from (select {value} as value, count(*) as n"
            f" from records_record r{child} where r.type = %s and not r.is_removed and {allowed.sql}{test}"
            f" group by 1) m{other}) o{later}"
            f" order by value is null{way}, place{way}, value{way} limit {int(most)}",
            [rtype.name, *allowed.params, *params, *later_params],
        )
        rows = cursor.fetchall()
    found = [
        Found(stored, where_it_is, Group(_shown(by, stored, number, title), n))
        for stored, where_it_is, n, _total, number, title in rows
    ]
    return Groups(found, int(rows[0][3]) if rows else 0)


def _near(
    rtype: RecordType,
    actor: Actor,
    by: Field,
    where: Condition | None,
    start: tuple[Any, Any] | None,
    most: int,
    *,
    backwards: bool,
) -> Groups:
    """The same by the index that each group is in, as far as a page needs them."""
    later, goes_on = ("", list[Any]()), ("false", list[Any]())
    if start is not None:
        later = _to(start) if backwards else _from(start)
        goes_on = ("value is null", []) if start[1] is None else ("value = %s", [start[1]])
    rows = walked.groups(rtype, actor, by, where, later, goes_on, most=most, backwards=backwards)
    found = [
        Found(stored, place, Group(_shown(by, stored, number, title), min(n, walked.COUNTED), n > walked.COUNTED))
        for stored, place, n, number, title in rows
    ]  # fmt: skip
    return Groups(found, None)


def _shown(by: Field, stored: Any, number: str, title: str) -> Any:
    if by.is_reference and stored is not None:
        return {"number": number or "", "title": title or number or ""}
    return stored


def _place(by: Field) -> str:
    """What groups are put in order by: names as people read them, choices as they are declared, else the value."""
    if by.is_reference:
        return "mainstay_fold(g.title)"
    if not by.choices or isinstance(by.source, models.IntegerField):
        return "m.value"
    return paging.in_order(by, "m.value")


def _from(start: tuple[Any, Any]) -> tuple[str, list[Any]]:
    place, stored = start
    if stored is None:
        return " where value is null", []
    if place is None:
        # It names a record that has no title any more.
        return " where value is null or (place is null and value >= %s)", [stored]
    return " where value is null or (place, value) >= (%s, %s)", [place, stored]


def _to(start: tuple[Any, Any]) -> tuple[str, list[Any]]:
    """The other side of `_from`, which both have the group in common that goes on over the page."""
    place, stored = start
    if stored is None:
        return "", []
    if place is None:
        return " where value is not null and (place is not null or value <= %s)", [stored]
    return " where value is not null and (place, value) <= (%s, %s)", [place, stored]


def ids(
    rtype: RecordType,
    actor: Actor,
    by: Field,
    there: Sequence[Found],
    where: Condition | None,
    key: Field,
    *,
    descending: bool,
    after: tuple[Found, str] | None,
    size: int,
) -> tuple[str | None, list[Any]]:
    """The statement that finds the page: of each group that can stand on it, as many as fit."""
    value, parts, params = column(rtype, actor, by), list[str](), list[Any]()
    for few, inner in _that_fit(there, after, size):
        text, more = paging.ids(
            rtype, actor, rtype.access.see, where, key, descending=descending,
            after=inner, size=size, only=_one_of(value, few),
        )  # fmt: skip
        if text is None:
            return None, []
        parts.append(f"select id from ({text}) g{len(parts)}")
        params += more
    return (" union all ".join(parts), params) if parts else (None, [])


def _that_fit(
    there: Sequence[Found], after: tuple[Found, str] | None, size: int
) -> list[tuple[Sequence[Found], str | None]]:
    """Groups until the page is full: the one that goes on, those that fit whole, and the one that fills it.

    Of the one that goes on nobody knows how many are left. Those that fit whole are found together: a page of
    fifty people with a record each would else be fifty branches for each right.
    """
    room, whole = size + 1, list[Found]()
    parts: list[tuple[Sequence[Found], str | None]] = [([after[0]], after[1])] if after else []
    for found in there[1:] if after else there:
        room -= found.group.count
        if room <= 0:
            return [*parts, *([(whole, None)] if whole else []), ([found], None)]
        # What has no value is found by itself, and comes first where a list is read backwards.
        if found.stored is None:
            parts.append(([found], None))
        else:
            whole.append(found)
    return [*parts, (whole, None)] if whole else parts


def _one_of(value: str, few: Sequence[Found]) -> tuple[str, list[Any]]:
    if few[0].stored is None:
        return f"{value} is null", []
    return f"{value} in ({', '.join(['%s'] * len(few))})", [found.stored for found in few]


def order_by(by: Field, value: str, there: Sequence[Found]) -> tuple[str, list[Any]]:
    """The groups of one page in their order, as SQL: they are few."""
    listed = [found.stored for found in there if found.stored is not None]
    if not listed:
        return "", []
    cases = "".join(f" when %s then {n}" for n, _ in enumerate(listed))
    unset = -1 if there[0].stored is None else len(listed)
    return f"case {value}{cases} else {unset} end, ", listed


def cursor(by: Field, found: Found, inner: str) -> str:
    """Where the next page begins: in which group, and after which of its rows."""
    whole = [by.name, found.place, found.stored, inner]
    return base64.urlsafe_b64encode(orjson.dumps(whole)).decode().rstrip("=")


def read_cursor(by: Field, text: str) -> tuple[tuple[Any, Any], str]:
    """The place of a group, and the cursor within it. Raises Invalid for what was not given out for this."""
    try:
        name, place, stored, inner = orjson.loads(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        )
        fits = name == by.name and isinstance(inner, str) and _could_be(by, place, stored)
    except (ValueError, TypeError):
        fits = False
    if not fits:
        raise Invalid({"after": [_("This is no cursor for this list; start again without it.")]})
    return (place, stored), inner


def _could_be(by: Field, place: Any, stored: Any) -> bool:
    """Whether the database could compare with it; cursors come back from outside."""
    if stored is None:
        return True
    is_number = by.is_reference or isinstance(by.source, models.IntegerField)
    if not _fits(stored, is_number=is_number):
        return False
    return (place is None and by.is_reference) or _fits(place, is_number=not by.is_reference)


def _fits(value: Any, *, is_number: bool) -> bool:
    if is_number:
        return type(value) is int and abs(value) < 2**63
    return isinstance(value, str) and not values.UNSTORABLE.search(value)
