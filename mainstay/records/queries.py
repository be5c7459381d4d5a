"""The only way out: no function here, and none in `grouped` and `by_title`, returns a record its actor may not see.

Pages are written as SQL text rather than compiled from querysets: the statement is then the one that was measured,
unset values mean what a condition says they mean, and nothing is compiled per request.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from mainstay.pure.conditions import Condition
from mainstay.pure.language import within
from mainstay.pure.lifecycle import Move
from mainstay.pure.numbers import SPELLING, normal
from mainstay.pure.rules import Actor, Rule
from mainstay.records import access, fields, paging, rows, values
from mainstay.records.errors import Invalid, Missing
from mainstay.records.rows import FACTS, Facts, Row
from mainstay.records.types import RecordType, shelf

MOST = 200
ALWAYS = ("id", "number", "type", "title", "state", "kind", "version", "created_at", "updated_at")


@dataclass(frozen=True)
class Page:
    """Rows in order, the cursor after which the next page begins (None on the last), and before which the one before it
    ends (None on the first)."""

    items: list[dict[str, Any]]
    next: str | None
    previous: str | None = None


def page(
    rtype: RecordType,
    actor: Actor,
    *,
    names: Sequence[str] | None = None,
    where: Condition | None = None,
    among: Rule | None = None,
    order: str = "",
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
    python: bool = False,
) -> Page:
    """A page of what the actor sees: found on the common table in index order, then fetched. Two statements.

    `among` takes of it what another rule admits as well, each way of that by its own index. A page that ends `before` a
    row is one of the list read backwards, which both databases do by the same index.
    """
    key, descending = paging.order_of(rtype, order, actor)
    descending ^= before is not None
    shown = rows.selection(
        rtype, asked_for(rtype, actor, names), connection.vendor, paging.BEFORE,
        python=python, joined=False, masks=fields.masks(rtype, actor),
    )  # fmt: skip
    size = max(1, min(size, MOST))
    rule = rtype.access.see & among if among else rtype.access.see
    ids, params = paging.ids(
        rtype, actor, rule, where, key,
        descending=descending, after=after if before is None else before, size=size,
    )  # fmt: skip
    if ids is None:
        return Page([], None)
    way = "desc" if descending else "asc"
    child = paging.join_child_for(rtype, key, shown.joins)
    text = (
        f"select r.id, {rows.stored(key, connection.vendor)}, {shown.columns}"
        f" from ({ids}) page join records_record r on r.id = page.id{child}{shown.joins}"
        f" order by {key.column} {way}, r.id {way}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found = cursor.fetchall()
    found, goes_on, goes_back = paging.cut(found, size, after=after, before=before)
    named = shown.name_all(found, actor.versions)
    items = [shown.read(row, named) for row in found]
    return Page(
        items,
        paging.cursor(key, found[-1]) if goes_on else None,
        paging.cursor(key, found[0]) if goes_back else None,
    )


def one(
    rtype: RecordType,
    actor: Actor,
    key: str,
    *,
    names: Sequence[str] | None = None,
    python: bool = False,
) -> Row:
    """One record by uuid or number in any spelling. Raises Missing also where it exists for others."""
    column, stored = values.column_and_key(key)
    shown = rows.selection(
        rtype,
        asked_for(rtype, actor, names),
        connection.vendor,
        len(FACTS),
        python=python,
        joined=True,
        masks=fields.masks(rtype, actor),
    )
    facts = ", ".join(f"r.{name}" for name in FACTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {facts}, {shown.columns} from records_record r{shown.joins}"
            f" where r.{column} = %s and r.type = %s and not r.is_removed",
            [stored, rtype.name],
        )
        found = cursor.fetchone()
    if found is not None:
        facts_of_it = Facts(*found[: len(FACTS)])
        if access.allows(rtype, rtype.access.see, actor, facts_of_it):
            row = Row(shown.read(found))
            row.facts = facts_of_it
            return row
    raise Missing(f"{within(rtype.label)} {key}", found and found[0])


def find(actor: Actor, number: str) -> tuple[RecordType, Row]:
    """Any record by its number alone, or by the name another system gave it. Raises Missing.

    Somebody who writes a number as we do means ours; in any other spelling it may be the other system's, which wins
    where two records answer to it.
    """
    ways = [_numbered, _named_elsewhere]
    if number.strip().upper() != normal(number):
        ways.reverse()
    hidden = None
    for way in ways:
        for rtype, key in way(number):
            try:
                return rtype, one(rtype, actor, key, names=ALWAYS)
            except Missing as refusal:
                hidden = hidden or refusal.hidden
    raise Missing(_("record %(number)s") % {"number": normal(number)}, hidden)


def _numbered(number: str) -> list[tuple[RecordType, str]]:
    spelled = SPELLING.fullmatch(number)
    prefix = spelled[1].upper() if spelled else ""
    return [(rtype, number) for rtype in shelf if rtype.prefix == prefix]


def _named_elsewhere(number: str) -> list[tuple[RecordType, str]]:
    """By each system that has such a name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.type, r.number from records_alias a join records_record r on r.id = a.record_id"
            " where a.key = %s order by a.id",
            ["" if values.UNSTORABLE.search(number) else number.strip().upper()],
        )
        return [(shelf.type(type_name), found) for type_name, found in cursor.fetchall()]


def keys(rtype: RecordType, actor: Actor, where: Condition | None, limit: int) -> list[str]:
    """The numbers of everything that matches, oldest first: what a bulk command works through."""
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    test, more, child = paging.condition(rtype, actor, where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.number from records_record r{child} where r.type = %s and not r.is_removed"
            f" and {allowed.sql}{test} order by r.id limit {int(limit)}",
            [rtype.name, *allowed.params, *more],
        )
        return [number for (number,) in cursor.fetchall()]


def ids_of_teams(
    rtype: RecordType, actor: Actor, where: Condition | None, teams: Collection[int]
) -> list[int]:
    """Which of everything that matches are these teams', by what the audit knows records by. None asks nothing."""
    if not teams:
        return []
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    test, more, child = paging.condition(rtype, actor, where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.id from records_record r{child} where r.type = %s and not r.is_removed"
            f" and r.team_id in ({', '.join(['%s'] * len(teams))}) and {allowed.sql}{test} order by r.id",
            [rtype.name, *sorted(teams), *allowed.params, *more],
        )
        return [key for (key,) in cursor.fetchall()]


def moves(rtype: RecordType, actor: Actor, row: Row) -> list[Move]:
    """The moves that are legal from here and that this actor may make."""
    return [
        m for m in rtype.lifecycle.moves_from(row.facts.state) if may(rtype, actor, m.name, row)
    ]


def may(rtype: RecordType, actor: Actor, verb: str, row: Row) -> bool:
    """Whether a verb is the actor's to use on a record that was read here."""
    return access.may(rtype, verb, actor, row.facts)


def links(actor: Actor, row: Row, *, after: int = 0, size: int = MOST) -> list[dict[str, Any]]:
    """Related records the actor can see, either way round, in the order they were linked; `after` is a link's id.

    Each is `{"id", "kind", "is_source", "type", "number", "title", "state"}`. A token that may not read a type is not
    told of its records.
    """
    ways, params = ["1 = 0"], []
    for rtype in shelf:
        if not actor.reaches("read", rtype.plural):
            continue
        allowed = access.one_condition(rtype, rtype.access.see, actor)
        ways.append(f"(r.type = %s and {allowed.sql})")
        params += [rtype.name, *allowed.params]
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.id, l.kind, l.source_id, r.type, r.number, r.title, r.state from ("
            "select id, kind, source_id, target_id as other from records_link where source_id = %s union all"
            " select id, kind, source_id, source_id as other from records_link where target_id = %s) l"
            f" join records_record r on r.id = l.other where not r.is_removed and ({' or '.join(ways)})"
            f" and l.id > %s order by l.id limit {int(size)}",
            [row.facts.id, row.facts.id, *params, after],
        )
        found = cursor.fetchall()
    return [
        {
            "id": key,
            "kind": kind,
            "is_source": source == row.facts.id,
            "type": type_name,
            "number": number,
            "title": title,
            "state": state,
        }
        for key, kind, source, type_name, number, title, state in found
    ]


def linked(
    rtype: RecordType,
    actor: Actor,
    record_id: int,
    kind: str,
    *,
    names: Sequence[str] = (),
    towards: str = "source",
    python: bool = False,
) -> list[dict[str, Any]]:
    """Records of one type that a kind of link joins to a record, the newest link first. One statement.

    `towards` says which end they are: the "source" the link comes from, or the "target" it leads to.
    """
    here = {"source": "target", "target": "source"}[towards]
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    shown = rows.selection(
        rtype, asked_for(rtype, actor, names), connection.vendor, 0,
        python=python, joined=True, masks=fields.masks(rtype, actor),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {shown.columns} from records_link l join records_record r on r.id = l.{towards}_id{shown.joins}"
            f" where l.{here}_id = %s and l.kind = %s and r.type = %s and not r.is_removed and {allowed.sql}"
            " order by l.id desc",
            [record_id, kind, rtype.name, *allowed.params],
        )
        return [shown.read(row) for row in cursor.fetchall()]


def naming(
    rtype: RecordType,
    actor: Actor,
    name: str,
    record_id: int,
    *,
    order: str,
    size: int,
    python: bool = False,
) -> list[dict[str, Any]]:
    """Records of one type that name a record by a field of their own, in the order of another. One statement.

    A page begins with the common table; what names one record is few, and found by the index of its own column.
    """
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    shown = rows.selection(
        rtype, asked_for(rtype, actor, None), connection.vendor, 0,
        python=python, joined=True, masks=fields.masks(rtype, actor),
    )  # fmt: skip
    known = fields.of(rtype)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {shown.columns} from records_record r{shown.joins} where r.id in"
            f" (select record_ptr_id from {rtype.child_table} where {known[name].source.column} = %s)"
            f" and not r.is_removed and {allowed.sql} order by {known[order].column}, r.id limit {int(size)}",
            [record_id, *allowed.params],
        )
        return [shown.read(row) for row in cursor.fetchall()]


def asked_for(rtype: RecordType, actor: Actor, names: Sequence[str] | None) -> tuple[str, ...]:
    """The asked fields as far as they exist for this actor, after those every row has. Raises Invalid."""
    there = fields.visible(rtype, actor)
    if names is None:
        return tuple(dict.fromkeys((*ALWAYS, *there)))
    if strangers := [name for name in names if name not in there]:
        raise Invalid(
            {"fields": [_("There is no field %(names)s.") % {"names": ", ".join(strangers)}]}
        )
    return tuple(dict.fromkeys((*ALWAYS, *names)))
