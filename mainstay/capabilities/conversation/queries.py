"""What was said about a record, as far as the actor may read it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from mainstay.pure.rules import Actor
from mainstay.records import rows
from mainstay.records.rows import Row
from mainstay.records.stretch import ALL, Stretch
from mainstay.records.types import Message, RecordType, Text


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
        "select n.event_id, n.audience, n.text, n.called, n.created_at, p.uuid, p.number, p.title"
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
        # Which words called somebody, for who draws them.
        ({"called": called.split()} if python else {})
        | {
            "event": event,
            "visibility": "public" if audience == "all" else "internal",
            "text": text,
            "at": read_time(at),
            "author": None
            if number is None
            else {"id": read_uuid(key), "number": number, "title": title},
        }
        for event, audience, text, called, at, key, number, title in found
    ]


def texts(record_ids: Sequence[int]) -> Iterator[Text]:
    """Everything that was said about some records, for whoever indexes it: no actor is asking. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select record_id, event_id, audience, text from conversation_entry where record_id in"
            f" ({', '.join(['%s'] * len(record_ids))}) order by event_id",
            list(record_ids),
        )
        for record_id, event, audience, text in cursor.fetchall():
            what = "reply" if audience == "all" else "note"
            yield Text(record_id, what, audience, text, key=str(event))


def said(events: Sequence[int]) -> dict[int, Message]:
    """What was said with each of some events, for whoever must know whom it concerns: no actor is asking.

    One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select event_id, audience, text from conversation_entry where event_id in"
            f" ({', '.join(['%s'] * len(events))})",
            list(events),
        )
        return {event: Message(audience, text) for event, audience, text in cursor.fetchall()}
