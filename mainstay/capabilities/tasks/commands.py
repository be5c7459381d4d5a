"""Adding tasks to a record, one or a whole list, putting them in order, and letting go of what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.capabilities.tasks import lines, queries
from mainstay.capabilities.tasks.queries import ROOM
from mainstay.pure.rules import By
from mainstay.records import access, clock, commands, fields
from mainstay.records import queries as records
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.records.rows import Row
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType, shelf


def add(rtype: RecordType, key: str, data: Mapping[str, Any], by: By) -> Any:
    """A task at the end of a record's own. Raises Missing, Denied, Illegal or Invalid."""
    row = _worked_on(rtype, key, by)
    if strangers := [name for name in data if name == "parent"]:
        raise Invalid({name: [_("The address says it already.")] for name in strangers})
    return commands.create(shelf.type("task"), {**data, "parent": row["number"]}, by)


def apply(rtype: RecordType, key: str, template: str, by: By) -> list[Any]:
    """All tasks of a list at once, each due as long from now as the list says, in the list's own team's hands."""
    listed = shelf.type("task_template")
    with writing():
        row = _worked_on(rtype, key, by)
        found = records.one(listed, by.actor, template, names=("tasks", "team"))
        if found["state"] != "live":
            raise Illegal(_("%(name)s is retired.") % {"name": found["title"]})
        now = clock.now()
        common = {"parent": row["number"]}
        if found["team"]:
            common["team"] = found["team"]["number"]
        return [
            commands.create(
                shelf.type("task"),
                common
                | {"title": line.title}
                | ({"due_at": now + line.due_in} if line.due_in else {}),
                by,
            )
            for line in lines.read(found["tasks"])
        ]


def put_before(rtype: RecordType, key: str, task: str, other: str | None, by: By) -> None:
    """Moves a task of a record to stand before another of it, or to the end. Raises Missing."""
    of_task = shelf.type("task")
    with writing():
        row = records.one(rtype, by.actor, key, names=())
        there = queries.tasks(rtype, by.actor, row)
        moving = records.one(of_task, by.actor, task, names=())["number"]
        before = records.one(of_task, by.actor, other, names=())["number"] if other else None
        numbers = [each["number"] for each in there]
        if moving not in numbers or (before and before not in numbers):
            raise Invalid(
                {"task": [_("This is no task of %(number)s.") % {"number": row["number"]}]}
            )
        if moving == before:
            return
        places = {each["number"]: each["place"] for each in there}
        numbers.remove(moving)
        at = numbers.index(before) if before else len(numbers)
        numbers.insert(at, moving)
        for number, place in _places(numbers, at, places).items():
            _place(of_task, number, place, by)


def _places(numbers: list[str], at: int, places: Mapping[str, int]) -> dict[str, int]:
    """New places for as few as possible: for the one that moved, for all where there is no room any more."""
    low = places[numbers[at - 1]] if at else None
    high = places[numbers[at + 1]] if at + 1 < len(numbers) else None
    if low is None and high is None:
        return {}
    if low is None or high is None:
        middle = low + ROOM if low is not None else (high or 0) - ROOM
    else:
        middle = (low + high) // 2
        if middle in (low, high):
            anew = {number: (n + 1) * ROOM for n, number in enumerate(numbers)}
            return dict(sorted(anew.items(), key=lambda pair: int(pair[0].rpartition("-")[2])))
    return {numbers[at]: middle}


def _place(of_task: RecordType, number: str, place: int, by: By) -> None:
    record = commands.locked(of_task, number, by)
    access.require(of_task, "change", by.actor, record)
    commands.write_on(of_task, record, "reorder", {fields.of(of_task)["place"]: place}, by)


def skip_all(rtype: RecordType, key: str, by: By) -> int:
    """Lets go of every open task the actor sees; how many there were."""
    with writing():
        row = _worked_on(rtype, key, by)
        left = [t["number"] for t in queries.tasks(rtype, by.actor, row) if t["state"] == "open"]
        for number in sorted(left, key=lambda number: int(number.rpartition("-")[2])):
            commands.move(shelf.type("task"), number, "skip", {}, by)
        return len(left)


def _worked_on(rtype: RecordType, key: str, by: By) -> Row:
    """The record, for somebody who works on it while it is open. Raises Missing, Denied or Illegal."""
    row = records.one(rtype, by.actor, key, names=())
    if not (
        access.may(rtype, "note", by.actor, row.facts) and access.works(rtype, by.actor, row.facts)
    ):
        raise Denied(_("Tasks are for those who work on this."))
    state = rtype.lifecycle.state(row["state"])
    if not state.kind.is_open:
        raise Illegal(
            _("This is %(state)s; tasks are added while it is open.")
            % {"state": str(state.label).lower()}
        )
    return row
