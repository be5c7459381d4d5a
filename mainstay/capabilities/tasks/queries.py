"""A record's tasks: for who sees them, and for the commands and reactions that hold the record's lock."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection

from mainstay.pure.rules import Actor
from mainstay.records import queries
from mainstay.records.rows import Row
from mainstay.records.types import shelf

# Between the places of two tasks when they are made: halved ten times before all of them move.
ROOM = 1024
# As many as one record can have: a list of them is always whole.
MOST = 200


class Parent(NamedTuple):
    """What a task takes over from the record it is about, how many that has, and the place of the last."""

    organisation_id: int | None
    team_id: int | None
    count: int
    last: int


def tasks(actor: Actor, row: Row, *, python: bool = False) -> list[dict[str, Any]]:
    """All of a record that the actor sees, in the order they are to be done in; its caller sees none by being that."""
    task, about = shelf.type("task"), row.facts.id
    return queries.naming(task, actor, "parent", about, order="place", size=MOST, python=python)


def parent(record_id: int | None) -> Parent | None:
    """Locked, so that it neither ends nor moves meanwhile; None where it is over or takes no tasks."""
    tasked = [rtype.name for rtype in shelf if rtype.has("tasks")]
    there = "from tasks_task where parent_id = r.id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select organisation_id, team_id, (select count(*) {there}), (select coalesce(max(place), 0) {there})"
            " from records_record r where id = %s and is_open and not is_removed"
            f" and type in ({', '.join(['%s'] * len(tasked))})"
            f"{' for no key update' if connection.features.has_select_for_no_key_update else ''}",
            [record_id, *tasked],
        )
        found = cursor.fetchone()
    return Parent(*found) if found else None


def is_over(record_id: int) -> bool:
    """Whether the record a task is about has ended for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select is_removed or kind in ('closed', 'cancelled') from records_record where id = %s",
            [record_id],
        )
        return bool(cursor.fetchone()[0])


def places(record_id: int) -> dict[str, int]:
    """Where each of a record's tasks stands, by number, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.number, t.place from tasks_task t join records_record r on r.id = t.record_ptr_id"
            " where t.parent_id = %s and not r.is_removed order by t.place, r.id",
            [record_id],
        )
        return dict(cursor.fetchall())


def numbers(record_id: int, *, only_open: bool = False) -> list[tuple[str, bool]]:
    """A record's tasks, oldest first, each with whether it is removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.number, r.is_removed from tasks_task t join records_record r on r.id = t.record_ptr_id"
            f" where t.parent_id = %s{' and r.is_open' if only_open else ''} order by r.id",
            [record_id],
        )
        return cursor.fetchall()
