"""A record's tasks: for who sees them, and for the commands and reactions that hold the record's lock."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from mainstay.pure.conditions import Compare, FieldRef, Kind, Op, Value
from mainstay.pure.rules import SYSTEM, Actor
from mainstay.records import access, queries
from mainstay.records.queries import Page
from mainstay.records.rows import Row
from mainstay.records.types import shelf

# Between the places of two tasks when they are made: halved ten times before all of them move.
ROOM = 1024


class Parent(NamedTuple):
    """What a task takes over from the record it is about, and the place of that record's last task."""

    organisation_id: int | None
    team_id: int | None
    last: int


def tasks(
    actor: Actor, row: Row, *, after: str | None = None, size: int = 200, python: bool = False
) -> Page:
    """In the order they are to be done in, for who works on the record; its caller is shown none.

    They all stand where the record does: a role that lets somebody read one lets them read each.
    """
    task = shelf.type("task")
    if not access.allows(task, task.private["parent"], actor, row.facts):
        return Page([], None)
    about = Compare(FieldRef("parent", Kind.REF), Op.EQ, Value(row["number"]))
    return queries.page(
        task, SYSTEM, where=about, order="place", after=after, size=size, python=python
    )


def parent(record_id: int | None) -> Parent | None:
    """Locked, so that it neither ends nor moves meanwhile; None where it is over or takes no tasks."""
    tasked = [rtype.name for rtype in shelf if rtype.has("tasks")]
    with connection.cursor() as cursor:
        cursor.execute(
            "select organisation_id, team_id, (select coalesce(max(place), 0) from tasks_task where parent_id = r.id)"
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
