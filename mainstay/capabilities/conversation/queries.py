"""What was said about a record, as far as the actor may read it."""

from typing import Any

from django.db import connection

from mainstay.pure.rules import Actor
from mainstay.records import rows
from mainstay.records.rows import Row
from mainstay.records.stretch import ALL, Stretch
from mainstay.records.types import RecordType


def entries(
    rtype: RecordType,
    actor: Actor,
    row: Row,
    stretch: Stretch = ALL,
    *,
    python: bool = False,
) -> list[dict[str, Any]]:
    """What was said, in order; `event` is the event it came with. One statement."""
    found = stretch.rows(
        "select n.event_id, n.audience, n.text, n.created_at, p.uuid, p.number, p.title"
        " from conversation_entry n left join records_record p on p.id = n.author_id",
        "n.event_id",
        rtype,
        actor,
        row,
    )
    read_time, read_uuid = (
        rows.time_codec(python=python),
        rows.uuid_text(connection.vendor),
    )
    return [
        {
            "event": event,
            "visibility": "public" if audience == "all" else "internal",
            "text": text,
            "at": read_time(at),
            "author": None
            if number is None
            else {"id": read_uuid(key), "number": number, "title": title},
        }
        for event, audience, text, at, key, number, title in found
    ]
