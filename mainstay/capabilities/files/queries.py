"""What is attached to a record, as far as the actor may read it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from mainstay.capabilities.files import store
from mainstay.capabilities.files.models import Attachment, Upload
from mainstay.pure.rules import Actor
from mainstay.records import access, rows
from mainstay.records.errors import Missing
from mainstay.records.rows import Row
from mainstay.records.stretch import ALL, Stretch
from mainstay.records.types import RecordType, Text


def files(
    rtype: RecordType,
    actor: Actor,
    row: Row,
    stretch: Stretch = ALL,
    *,
    python: bool = False,
) -> list[dict[str, Any]]:
    """What is attached, oldest first; each file has an event of its own. One statement."""
    found = stretch.rows(
        "select a.uuid, a.event_id, a.audience, a.name, a.content_type, a.size, a.created_at,"
        " p.uuid, p.number, p.title from files_attachment a left join records_record p on p.id = a.author_id",
        "a.event_id",
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
            "id": read_uuid(key),
            "event": event,
            "visibility": "public" if audience == "all" else "internal",
            "name": name,
            "content_type": kind,
            "size": size,
            "at": read_time(at),
            "author": None
            if number is None
            else {"id": read_uuid(author), "number": number, "title": title},
        }
        for key, event, audience, name, kind, size, at, author, number, title in found
    ]


def one_file(rtype: RecordType, actor: Actor, row: Row, key: str) -> Attachment:
    """One file of a record the actor sees. Raises Missing."""
    try:
        found = Attachment.objects.filter(record_id=row.facts.id, uuid=UUID(key)).first()
    except ValueError:
        found = None
    if found is None or (
        found.audience == "internal" and not access.is_insider(rtype, actor, row.facts)
    ):
        raise Missing(_("such file"))
    return found


def opened(rtype: RecordType, actor: Actor, row: Row, key: str) -> tuple[Attachment, Path]:
    """One file and where its bytes lie, for whoever sends them. Raises Missing."""
    found = one_file(rtype, actor, row, key)
    return found, store.path_of(found.digest)


def opened_or_ahead(
    rtype: RecordType, actor: Actor, row: Row, key: str
) -> tuple[Attachment | Upload, Path]:
    """The same, and what this actor sent ahead of a message they are still writing. Raises Missing."""
    try:
        return opened(rtype, actor, row, key)
    except Missing:
        try:
            found = Upload.objects.filter(
                uuid=UUID(key), record_id=row.facts.id, author_id=actor.id
            ).first()
        except ValueError:
            found = None
        if found is None:
            raise
        return found, store.path_of(found.digest)


def texts(record_ids: Sequence[int]) -> Iterator[Text]:
    """The names of all files of some records, for whoever indexes them: no actor is asking. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select record_id, uuid, audience, name from files_attachment where record_id in"
            f" ({', '.join(['%s'] * len(record_ids))}) order by id",
            list(record_ids),
        )
        for record_id, key, audience, name in cursor.fetchall():
            yield Text(record_id, "file", audience, name, key=str(key))
