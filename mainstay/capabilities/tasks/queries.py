"""A record's tasks, as far as the actor may see them."""

from __future__ import annotations

from typing import Any

from django.db import connection

from mainstay.pure.rules import Actor
from mainstay.records import access, clock, queries
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf

# Between the places of two tasks when they are made: halved ten times before all of them move.
ROOM = 1024


def tasks(
    rtype: RecordType, actor: Actor, row: Row, *, python: bool = False
) -> list[dict[str, Any]]:
    """In the order they are to be done in. One statement."""
    if not access.is_insider(rtype, actor, row.facts):
        return []
    about = row.facts.id
    return queries.naming(shelf.type("task"), actor, "parent", about, order="place", python=python)


def end_of(parent_id: int) -> int:
    """The place of a record's last task."""
    with connection.cursor() as cursor:
        cursor.execute("select max(place) from tasks_task where parent_id = %s", [parent_id])
        return cursor.fetchone()[0] or 0


def open_keys(parent_id: int) -> list[str]:
    """The numbers of a record's open tasks, oldest first; for reactions, which ask nobody's leave."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.number from tasks_task t join records_record r on r.id = t.record_ptr_id"
            " where t.parent_id = %s and r.is_open and not r.is_removed order by r.id",
            [parent_id],
        )
        return [number for (number,) in cursor.fetchall()]


def panel(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    """What the block on a record's page shows; nothing for its caller."""
    if not access.is_insider(rtype, actor, row.facts):
        return {}
    found = tasks(rtype, actor, row, python=True)
    works = access.works(rtype, actor, row.facts)
    is_open = rtype.lifecycle.state(row["state"]).kind.is_open
    if not found and not (works and is_open):
        return {}
    now = clock.now()
    for each in found:
        each["may_work"] = works or (each["owner"] or {}).get("number") == actor.number
        due = each["due_at"]
        each["is_overdue"] = each["state"] == "open" and due is not None and due < now
    return {
        "tasks": found,
        "may_add": works and is_open,
        "may_order": works,
        "open": sum(each["state"] == "open" for each in found),
        "done": sum(each["state"] != "open" for each in found),
    }
