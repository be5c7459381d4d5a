"""What happened to a record, as far as the actor may know it."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection

from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.records import access, fields, rows
from mainstay.records.facts import FACTS, Facts
from mainstay.records.journal import PAST
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf

# Words about a record that are for those who work on it.
INTERNAL = (PAST, "reason")


def events(
    rtype: RecordType,
    actor: Actor,
    row: Row,
    *,
    after: int = 0,
    size: int = 200,
    newest: bool = False,
    python: bool = False,
) -> list[dict[str, Any]]:
    """Events of one record in order (`newest`: the last ones), with who, what, when and by which door.

    `changes` is `{field: {"from", "to"}}` with references as `{"number", "title"}`; what the actor may not read is
    left out, and an event of which nothing would be left is not shown. Two statements, three where texts are kept.
    """
    return _readable(
        rtype, actor, row, _kept(rtype, actor, row, after, size, newest=newest, python=python)
    )


def page(
    rtype: RecordType, actor: Actor, row: Row, *, after: int = 0, size: int = 50
) -> tuple[list[dict[str, Any]], int | None]:
    """Events in order, and the id to go on after; a page may be short where some are not for this actor."""
    kept = _kept(rtype, actor, row, after, size + 1)
    going_on = kept[size - 1]["id"] if len(kept) > size else None
    return _readable(rtype, actor, row, kept[:size]), going_on


def _kept(
    rtype: RecordType,
    actor: Actor,
    row: Row,
    after: int,
    size: int,
    *,
    newest: bool = False,
    python: bool = False,
) -> list[dict[str, Any]]:
    internal = access.is_insider(rtype, actor, row.facts)
    shown = "" if internal else " and e.audience = 'all'"
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.id, e.name, e.audience, e.door, e.version, e.at, e.changes, e.is_imported, e.cause_id,"
            " p.uuid, p.number, p.title from records_event e left join records_record p on p.id = e.actor_id"
            f" where e.record_id = %s and e.id > %s{shown} order by e.id {'desc' if newest else 'asc'} limit %s",
            [row.facts.id, after, size],
        )
        found = cursor.fetchall()
    if newest:
        found.reverse()
    read_time = rows.time_codec(python=python)
    told = []
    for values in found:
        changes = values[6] if isinstance(values[6], dict) else orjson.loads(values[6])
        person = None
        if values[10] is not None:
            person = {
                "id": rows.uuid_text(connection.vendor)(values[9]),
                "number": values[10],
                "title": values[11],
            }
        told.append(
            {
                "id": values[0],
                "name": values[1],
                "audience": values[2],
                "door": values[3],
                "version": values[4],
                "at": read_time(values[5]),
                "is_imported": bool(values[7]),
                "cause": values[8],
                "actor": person,
                "changes": changes,
            }
        )
    _fill_texts(told)
    return told


def _fill_texts(told: list[dict[str, Any]]) -> None:
    """Puts the kept texts back where the event holds only their digest."""
    wanted = [
        e["id"]
        for e in told
        if any(isinstance(c, dict) and "digest" in c for c in e["changes"].values())
    ]
    texts: dict[tuple[int, str], tuple[str, str]] = {}
    if wanted:
        marks = ", ".join(["%s"] * len(wanted))
        with connection.cursor() as cursor:
            cursor.execute(
                f"select event_id, field, old, new, is_redacted from records_eventtext where event_id in ({marks})",
                wanted,
            )
            texts = {
                (e, f): ("", "") if gone else (old, new)
                for e, f, old, new, gone in cursor.fetchall()
            }
    for event in told:
        for name, change in event["changes"].items():
            if isinstance(change, dict) and "digest" in change:
                event["changes"][name] = list(texts.get((event["id"], name), ("", "")))


def _readable(
    rtype: RecordType, actor: Actor, row: Row, told: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    everything, there = fields.of(rtype), fields.readable(rtype, actor, row.facts)
    internal = access.is_insider(rtype, actor, row.facts)
    refs = {n for n, f in everything.items() if f.kind is FieldKind.REF}
    ids = {
        v
        for e in told
        for n, c in e["changes"].items()
        if n in refs
        for v in c
        if isinstance(v, int)
    }
    ids |= {c["record"] for e in told for c in e["changes"].values() if _names_a_record(c)}
    names = _names(ids)
    kept = []
    for event in told:
        changes: dict[str, Any] = {}
        for name, change in event["changes"].items():
            if _names_a_record(change):
                if (target := _named(actor, names, change)) is not None:
                    changes[name] = target
            elif (
                isinstance(change, list)
                and len(change) == 2
                and (name in there if name in everything else internal or name not in INTERNAL)
            ):
                old, new = (
                    names.get(v, _GONE) if name in refs and v is not None else v for v in change
                )
                changes[name] = {"from": _shown(old), "to": _shown(new)}
            elif not isinstance(change, list) and (internal or name not in INTERNAL):
                changes[name] = change
        hidden = bool(event["changes"]) and not changes
        event["changes"] = changes
        if not (hidden and event["name"].endswith((".change", ".link", ".unlink"))):
            kept.append(event)
    return kept


_GONE = {"number": "", "title": "", "row": None}


def _shown(value: Any) -> Any:
    return (
        {"number": value["number"], "title": value["title"]} if isinstance(value, dict) else value
    )


def _names_a_record(change: Any) -> bool:
    """A fact such as `{"kind": "relates", "record": 7}`: the other end of a link, the person who joined."""
    return isinstance(change, dict) and "record" in change


def _named(
    actor: Actor, names: dict[int, dict[str, Any]], change: dict[str, Any]
) -> dict[str, Any] | None:
    """The record a fact names, unless it does not exist for this actor."""
    other = names.get(change["record"])
    if other is None:
        return None
    rtype, facts, is_removed = other["row"]
    if is_removed or not actor.reaches("read", rtype.plural):
        return None
    if not access.allows(rtype, rtype.access.see, actor, facts):
        return None
    return change | {"record": _shown(other)}


def _names(ids: set[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    from_ids = sorted(ids)
    marks = ", ".join(["%s"] * len(from_ids))
    columns = ", ".join(f"r.{name}" for name in FACTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns}, r.type, r.number, r.title, r.is_removed from records_record r where r.id in ({marks})",
            from_ids,
        )
        return {
            v[0]: {
                "number": number,
                "title": title,
                "row": (shelf.type(kind), Facts(*v), gone),
            }
            for *v, kind, number, title, gone in cursor.fetchall()
        }
