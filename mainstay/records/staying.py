"""What followed elsewhere from an event that was taken back, and stays: people were told of it.

Read from the causes that events keep; where one keeps none on purpose, a capability tells what ends with a record by
its offer "ends_with_it".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from mainstay.pure.conditions import FieldRef, In, Kind, Value
from mainstay.pure.rules import Actor
from mainstay.records import queries
from mainstay.records.models import Event, Record
from mainstay.records.types import RecordType, shelf

# As many as are looked at; nobody reads more.
MOST = 50


class Stays(NamedTuple):
    """Another record that was moved by it, and the state it stands in since."""

    rtype: RecordType
    number: str
    state: str


def of(actor: Actor, undone: Sequence[int]) -> list[Stays]:
    """The records that moved because of these events and stand there still, as far as the actor sees them."""
    if not undone:
        return []
    moved = _moved(set(undone)) | _ended(undone)
    records = Record.objects.filter(pk__in=moved, is_removed=False).order_by("pk")
    by_type: dict[str, list[str]] = {}
    for type_name, number, state, key in records.values_list("type", "number", "state", "pk"):
        if moved[key] == state:
            by_type.setdefault(type_name, []).append(number)
    return [
        Stays(shelf.type(type_name), row["number"], row["state"])
        for type_name, numbers in by_type.items()
        if actor.reaches("read", shelf.type(type_name).plural)
        for row in _seen(shelf.type(type_name), actor, numbers[:MOST])
    ]


def _moved(undone: set[int]) -> dict[int, str]:
    """By record the last state Mainstay brought it to because of these, whichever way that went."""
    # What a person did because of it, as taking it back, leads to something else.
    by_itself = {"cause__isnull": False, "actor__isnull": True}
    since = Event.objects.filter(pk__gt=min(undone), **by_itself).order_by("pk")
    own = set(Event.objects.filter(pk__in=undone).values_list("record_id", flat=True))
    led, found = set(undone), dict[int, int]()
    for key, cause, record in since.values_list("pk", "cause_id", "record_id"):
        if cause in led:
            led.add(key)
            found[key] = record
    there = Event.objects.filter(pk__in=[k for k, r in found.items() if r not in own])
    told = there.order_by("pk").values_list("record_id", "changes")
    return {record: changes["state"][1] for record, changes in told if "state" in changes}


def _ended(undone: Sequence[int]) -> dict[int, str]:
    """The same, of what ended with the record that the event ended."""
    found: dict[int, str] = {}
    for event in Event.objects.filter(pk__in=undone[:MOST]).select_related("record"):
        rtype = shelf.type(event.record.type)
        change, theirs = event.changes.get("state"), rtype.offer("ends_with_it")
        if change and theirs and not rtype.lifecycle.state(change[1]).kind.is_open:
            by_itself = {"record_id__in": theirs(event.record_id), "actor__isnull": True}
            since = Event.objects.filter(pk__gt=event.pk, **by_itself).order_by("pk")
            told = since.values_list("record_id", "changes")
            found |= {r: changes["state"][1] for r, changes in told if "state" in changes}
    return found


def _seen(rtype: RecordType, actor: Actor, numbers: Sequence[str]) -> list[Any]:
    among = In(FieldRef("number", Kind.KEY), tuple(map(Value, numbers)))
    return queries.page(rtype, actor, names=("state",), where=among, size=MOST).items
