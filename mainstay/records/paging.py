"""How a page's ids are found: a branch for each of the reader's rights, in the order of an index, after a cursor."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, models
from django.utils.translation import gettext as _

from mainstay.pure.conditions import (
    And,
    Compare,
    Condition,
    FieldRef,
    In,
    IsSet,
    Not,
    Op,
    Value,
    all_of,
)
from mainstay.pure.kinds import FieldKind
from mainstay.pure.lifecycle import Kind as LifecycleKind
from mainstay.pure.rules import Actor, Rule
from mainstay.records import access, fields, filters, values
from mainstay.records import where as where_of
from mainstay.records.errors import Invalid
from mainstay.records.fields import Field
from mainstay.records.folding import folded
from mainstay.records.types import RecordType

# Columns of the common table whose equals stand together in an index.
LED = ("requester", "assignee", "team", "organisation")
# The term of the index over the states few records are in. Written out, or neither database knows that it fits;
# nothing else has it: an index over every state was taken for lists it made ten times slower.
BETWEEN = " and r.kind in ('waiting', 'resolved')"
BEFORE = 2  # columns of a page before those that are shown: its id and what it is ordered by


def order_of(rtype: RecordType, order: str, actor: Actor) -> tuple[Field, bool]:
    """What a list is sorted by, and whether downwards; the first order of the type for none. Raises Invalid."""
    order = order or rtype.order
    if order not in rtype.orders:
        raise Invalid(
            {"order": [_("Order by one of %(orders)s.") % {"orders": ", ".join(rtype.orders)}]}
        )
    key = fields.visible(rtype, actor)[order.removeprefix("-")]
    return _as_ordered(rtype, actor, key), order.startswith("-")


def _as_ordered(rtype: RecordType, actor: Actor, key: Field) -> Field:
    """What rows are compared by: names as people read them, choices as they are declared, as the actor may read it."""
    column = where_of.columns(rtype, actor)[key.name].sql
    if key.attribute == "number":
        return replace(key, column=_counted(len(rtype.prefix) + 2))
    if key.is_reference:
        name = folded("o.title", connection.vendor)
        named = f"(select {name} from records_record o where o.id = {column})"
        return replace(key, column=named, kind=FieldKind.TEXT, target="")
    if key.kind is FieldKind.BOOL:
        return replace(key, column=f"case when {column} then 1 else 0 end", kind=FieldKind.NUMBER)
    if key.choices and not isinstance(key.source, models.IntegerField):
        return replace(key, column=in_order(key, column), kind=FieldKind.NUMBER)
    return key


def in_order(by: Field, column: str) -> str:
    """A choice as its place among those that are declared, what is none of them last."""
    quoted = [str(choice).replace("'", "''").replace("%", "%%") for choice, _label in by.choices]
    cases = "".join(f" when '{choice}' then {n}" for n, choice in enumerate(quoted))
    return f"case {column}{cases} else {len(by.choices)} end"


def _counted(first: int) -> str:
    """A number as people count, INC-9 before INC-10: its digits, which begin at a place, with noughts before them.

    As a text, for a cast would fail at a number of another type, which a database may look at before it is left out.
    """
    digits = f"substr(r.number, {first})"
    return f"substr('{'0' * 18}' || {digits}, length({digits}) + 1)"


def ids(
    rtype: RecordType,
    actor: Actor,
    rule: Rule,
    where: Condition | None,
    key: Field,
    *,
    descending: bool,
    after: str | None,
    size: int,
    only: tuple[str, list[Any]] = ("", []),
) -> tuple[str | None, list[Any]]:
    """The statement that finds the page: a branch for each way of being allowed, each limited, then merged.

    `only` is one more test, as SQL with its parameters.
    """
    ways = access.branches(rtype, rule, actor)
    if len(ways) > access.MOST_BRANCHES:
        ways = [access.one_condition(rtype, rule, actor)]
    if not ways:
        return None, []
    test, test_params, child = condition(rtype, actor, where)
    if only[0]:
        test, test_params = f"{test} and {only[0]}", [*test_params, *only[1]]
    if not child and ("c." in key.column or "c." in only[0]):
        child = join_child(rtype)
    way = "desc" if descending else "asc"
    later, later_params = "", list[Any]()
    if after is not None:
        later, later_params = _later(key, *_read_cursor(key, after), descending=descending)
    one_way = (
        f"select r.id, {key.column} as sort_key from records_record r{child} where r.type = %s and not r.is_removed"
        f" and {{}}{test}{later} order by {key.column} {way}, r.id {way} limit {size + 1}"
    )
    params: list[Any] = []
    for branch in ways:
        params += [rtype.name, *branch.params, *test_params, *later_params]
    if len(ways) == 1:
        return one_way.format(ways[0].sql), params
    merged = " union ".join(
        f"select id, sort_key from ({one_way.format(branch.sql)}) b{n}"
        for n, branch in enumerate(ways)
    )
    return f"select id from ({merged}) m order by sort_key {way}, id {way} limit {size + 1}", params


def _later(key: Field, value: Any, last_id: int, *, descending: bool) -> tuple[str, list[Any]]:
    """What comes after a row. Unset values stand where the database's index has them, and none is lost there."""
    sign = "<" if descending else ">"
    unset_come_last = (connection.vendor == "postgresql") is not descending
    if value is None:
        more = "" if unset_come_last else f" or {key.column} is not null"
        return f" and (({key.column} is null and r.id {sign} %s){more})", [last_id]
    more = f" or {key.column} is null" if key.source.null and unset_come_last else ""
    return f" and (({key.column}, r.id) {sign} (%s, %s){more})", [value, last_id]


def condition(
    rtype: RecordType, actor: Actor, where: Condition | None
) -> tuple[str, list[Any], str]:
    """A condition as ` and (...)`, its parameters, and the join it needs."""
    if where is None:
        return "", [], ""
    sql, params = filters.sql(
        where, where_of.columns(rtype, actor), where_of.env(actor), connection.vendor
    )
    return f" and ({sql})", params, join_child(rtype) if "c." in sql else ""


def served(
    rtype: RecordType, where: Condition | None
) -> tuple[Condition | None, Condition | None, str]:
    """A condition as the part that an index serves, what is asked of each record besides, and the index's own term."""
    parts = where.parts if isinstance(where, And) else (where,) if where else ()
    by_index = [part for part in parts if _is_served(rtype, part)]
    rest = [part for part in parts if part not in by_index]
    term = BETWEEN if any(_is_between(rtype, part) for part in by_index) else ""
    return all_of(by_index) if by_index else None, all_of(rest) if rest else None, term


def is_open(part: Condition) -> bool:
    """Whether it asks for all that is open, which is in indexes of its own."""
    match part:
        case Compare(FieldRef(name="is_open"), Op.EQ, Value(True)):
            return True
    return False


def _is_served(rtype: RecordType, part: Condition) -> bool:
    if is_open(part):
        return True
    match part:
        case Compare(FieldRef(), Op.EQ, FieldRef()):
            return False
        case Compare(field, Op.EQ) | In(field) | Not(IsSet(field)):
            return fields.of(rtype)[field.name].attribute in LED or _is_between(rtype, part)
    return False


def _is_between(rtype: RecordType, part: Condition) -> bool:
    """Whether it asks for one state in which a record waits, or waits to be closed."""
    match part:
        case Compare(FieldRef(name="state"), Op.EQ, Value(state)):
            kinds = {s.name: s.kind for s in rtype.lifecycle.states}
            return kinds.get(str(state)) in (LifecycleKind.WAITING, LifecycleKind.RESOLVED)
    return False


def join_child(rtype: RecordType) -> str:
    """The type's own table joined to `r`, where a condition or an order looks at it."""
    # SQLite would rather start from the child and sort everything; CROSS JOIN keeps the order it is written in.
    word = "cross join" if connection.vendor == "sqlite" else "join"
    return f" {word} {rtype.child_table} c on c.record_ptr_id = r.id"


def join_child_for(rtype: RecordType, key: Field, joins: str) -> str:
    """The same for what a page is ordered by, unless what is shown has joined it already."""
    if "c." not in key.column or f"{rtype.child_table} c " in joins:
        return ""
    return f" join {rtype.child_table} c on c.record_ptr_id = r.id"


def cut(
    found: list[Any], size: int, *, after: str | None, before: str | None
) -> tuple[list[Any], bool, bool]:
    """The rows of a page in the order of its list, and whether there is a page after it, and one before.

    One more row than a page has was read, towards where it goes; the way one came from is there.
    """
    more, rows = len(found) > size, found[:size]
    if before is not None:
        return rows[::-1], bool(rows), more
    return rows, more, bool(rows) and after is not None


def cursor(key: Field, row: Sequence[Any]) -> str:
    """Where the next page begins: what the last row of this one is ordered by, and its id."""
    last_id, value = row[:BEFORE]
    value = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(orjson.dumps([key.name, value, last_id])).decode().rstrip("=")


def _read_cursor(key: Field, text: str) -> tuple[Any, int]:
    """Raises Invalid for a cursor that was not given out for this order."""
    try:
        name, value, last_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fits = name == key.name and _is_id(last_id) and _could_be(key, value)
    except (ValueError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise Invalid({"after": [_("This is no cursor for this list; start again without it.")]})
    return value, last_id


def _is_id(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _could_be(key: Field, value: Any) -> bool:
    """Whether the database could compare the column with it; cursors come back from outside."""
    if value is None:
        return bool(key.source.null)
    if key.kind is FieldKind.NUMBER:
        return type(value) is int and abs(value) < 2**63
    if not isinstance(value, str) or values.UNSTORABLE.search(value):
        return False
    return key.kind is not FieldKind.TIME or bool(datetime.fromisoformat(value))
