"""What stands beside a record that can have tasks: these, in order."""

from typing import Any

from mainstay.capabilities.tasks import queries
from mainstay.capabilities.tasks.record import task
from mainstay.pure.rules import Actor
from mainstay.records import access, clock
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import panels


def of_record(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    """Nothing for its caller, and nothing where none are and none can be added."""
    found = queries.tasks(actor, row, python=True)
    works = access.may(task, "change", actor, row.facts)
    if not found and not (works and row["is_open"]):
        return {}
    now = clock.now()
    for each in found:
        is_open = each["state"] == "open"
        each["is_overdue"] = is_open and each["due_at"] is not None and each["due_at"] < now
        owner = each["owner"] or {}
        each["may_tick"] = works or (bool(owner) and owner["number"] == actor.number)
    return {
        "tasks": found,
        "over": sum(each["state"] != "open" for each in found),
        "may_add": works and row["is_open"],
        "may_order": works,
    }


def of_task(_rtype: RecordType, _actor: Actor, row: Row) -> dict[str, Any]:
    """The record it is about, for who may know."""
    return {"parent": row["parent"]} if row.get("parent") else {}


panels.add(task.name, "tasks/parent.html", of_task)
for rtype in shelf:
    if rtype.has("tasks"):
        panels.add(rtype.name, "tasks/panel.html", of_record)
