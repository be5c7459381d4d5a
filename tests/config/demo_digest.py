"""What happened in a demonstration as one number, which is the same on either database.

Ids and numbers of records are given out by the database and may begin anywhere: their order is told instead.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from mainstay.capabilities.telling.models import InboxEntry
from mainstay.config import demo
from mainstay.config.demo.size import Size
from mainstay.records import clock, fields
from mainstay.records.models import Event, EventText, Record
from mainstay.records.types import shelf

# A whole quarter, with hardly anything in it.
SIZE = Size(people=80, days=90, reports=10)
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
NUMBER = re.compile(r"\b[A-Z]{2,6}-\d+\b")


def of_a_seeding() -> str:
    """Of everything that happened in one, without what is salted."""
    with clock.held(NOW):
        demo.seed(SIZE)
    rows = Record.objects.order_by("pk").values_list("pk", "number", "type")
    order = {pk: place for place, (pk, _, _) in enumerate(rows)}
    names = {number: f"{kind} {order[pk]}" for pk, number, kind in rows}
    events = {
        pk: place
        for place, pk in enumerate(Event.objects.order_by("pk").values_list("pk", flat=True))
    }

    def plain(text: str) -> str:
        return NUMBER.sub(lambda found: names.get(found[0], found[0]), text)

    def changed(event: Event) -> Any:
        known = fields.of(shelf.type(event.name.partition(".")[0]))
        for name, what in sorted(event.changes.items()):
            if "digest" in repr(what):
                continue
            if name in known and known[name].is_reference:
                what = [order.get(key, key) for key in what]
            elif isinstance(what, dict):
                what = sorted((n, order.get(v, v)) for n, v in what.items())
            yield name, plain(repr(what))

    told = sha256()
    for event in Event.objects.order_by("pk"):
        who, cause = order.get(event.actor_id), events.get(event.cause_id)
        by = (event.name, order[event.record_id], who, event.door, event.at, cause)
        told.update(repr((by, list(changed(event)))).encode())
    for event_id, name, text in EventText.objects.order_by("pk").values_list(
        "event_id", "field", "new"
    ):
        told.update(repr((events[event_id], name, plain(text))).encode())
    entries = InboxEntry.objects.order_by("person_id", "record_id")
    for entry in entries:
        who, what = order[entry.person_id], order[entry.record_id]
        told.update(repr((who, what, entry.kind, entry.count, entry.at, entry.read_at)).encode())
    return told.hexdigest()
