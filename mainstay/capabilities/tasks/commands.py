"""What is done with a record's tasks beyond the usual verbs: a whole list added at once, and another order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.capabilities.tasks import lines, queries
from mainstay.capabilities.tasks.queries import ROOM
from mainstay.pure.language import within
from mainstay.pure.numbers import normal
from mainstay.pure.rules import By
from mainstay.records import access, clock, commands, fields
from mainstay.records import queries as records
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.records.rows import Row
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType, shelf


def add(rtype: RecordType, key: str, data: Mapping[str, Any], by: By) -> Any:
    """A task at the end of a record's own. Raises Missing, Denied, Illegal or Invalid."""
    number = _open(rtype, key, by)["number"]
    if "parent" in data:
        raise Invalid({"parent": [_("The address says it already.")]})
    return commands.create(shelf.type("task"), {**data, "parent": number}, by)


def apply(rtype: RecordType, key: str, template: str, by: By) -> list[Any]:
    """All tasks of a template at once, each due as long from now as its line says."""
    with writing():
        row = _open(rtype, key, by)
        listed = records.one(shelf.type("task_template"), by.actor, template, names=("tasks",))
        if listed["state"] != "live":
            raise Illegal(_("%(name)s is retired.") % {"name": listed["title"]})
        now = clock.now()
        made = []
        for line in lines.read(listed["tasks"]):
            data: dict[str, Any] = {"title": line.title, "parent": row["number"]}
            if line.due_in:
                data["due_at"] = now + line.due_in
            made.append(commands.create(shelf.type("task"), data, by))
        return made


def _open(rtype: RecordType, key: str, by: By) -> Row:
    """Whoever works on a record that takes no more tasks is told why.

    Rights first: a task stands where its record stands, and the field that names it does not exist for everybody.
    """
    row = records.one(rtype, by.actor, key, names=("state", "is_open"))
    if not access.may(shelf.type("task"), "change", by.actor, row.facts):
        raise Denied(lambda: _("Tasks are added by those who work on the record."), row.facts.id)
    if not row["is_open"]:
        state = rtype.lifecycle.state(row["state"]).label
        text = _("%(number)s is %(state)s and takes no more tasks.")
        raise Illegal(text % {"number": row["number"], "state": within(state)})
    return row


def put_before(rtype: RecordType, key: str, number: str, other: str | None, by: By) -> None:
    """Puts a task of a record before another of it, or at the end. Raises Missing, Denied or Invalid."""
    number, other = normal(number), normal(other) if other else None
    with writing():
        # Whoever orders the same tasks waits here, so each of them is locked by one alone.
        record = commands.locked(rtype, key, by)
        access.require(shelf.type("task"), "change", by.actor, record)
        places = queries.places(record.id)
        for named in (number, other or number):
            if named not in places:
                text = _("%(task)s is no task of %(number)s.")
                raise Invalid({"task": [text % {"task": named, "number": record.number}]})
        if number != other:
            _put(list(places), number, other, places, by)


def step(rtype: RecordType, key: str, number: str, by: By, *, down: bool) -> None:
    """Puts a task one place up or down."""
    number = normal(number)
    with writing():
        record = commands.locked(rtype, key, by)
        there = list(queries.places(record.id))
        other = None
        if number in there:
            at = there.index(number)
            # The first goes no higher and the last no lower: each then stands before itself.
            other = [*there, None, number][at + 2] if down else [number, *there][at]
        put_before(rtype, key, number, other, by)


def _put(there: list[str], number: str, other: str | None, places: dict[str, int], by: By) -> None:
    """One task gets a place between two others; all get new ones where there is none between them any more."""
    there.remove(number)
    at = there.index(other) if other else len(there)
    low = places[there[at - 1]] if at else None
    high = places[there[at]] if at < len(there) else None
    if low is None and high is None:
        return
    if low is None or high is None:
        anew = {number: low + ROOM if low is not None else (high or 0) - ROOM}
    elif high - low > 1:
        anew = {number: (low + high) // 2}
    else:
        there.insert(at, number)
        anew = {each: (n + 1) * ROOM for n, each in enumerate(there)}
    task = shelf.type("task")
    place = fields.of(task)["place"]
    for each, new in anew.items():
        commands.write_on(task, commands.locked(task, each, by), "reorder", {place: new}, by)
