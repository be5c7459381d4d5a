"""Attaching a file to a record."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from mainstay.capabilities.files import kinds, secrets, store
from mainstay.capabilities.files.models import Attachment
from mainstay.capabilities.files.store import Stored
from mainstay.pure.language import within
from mainstay.pure.rules import By
from mainstay.records import access, commands, queries
from mainstay.records.errors import Denied, Invalid
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType


def attach(
    rtype: RecordType, key: str, name: str, chunks: Iterable[bytes], audience: str, by: By
) -> Attachment:
    """The bytes first, then the row: a row never names a file that is not there."""
    may_attach(rtype, key, by)
    return attach_stored(rtype, key, name, store.put(chunks), audience, by)


def may_attach(rtype: RecordType, key: str, by: By) -> None:
    """Asked before any byte is kept, or whoever may not would fill the disk. Raises Missing or Denied."""
    row = queries.one(rtype, by.actor, key, names=())
    if not queries.may(rtype, by.actor, "note", row):
        raise Denied(
            lambda: (
                _("You may not attach anything to this %(label)s.") % {"label": within(rtype.label)}
            )
        )
    commands.require_still_theirs(rtype, row.facts, by)


def attach_stored(
    rtype: RecordType, key: str, name: str, stored: Stored, audience: str, by: By
) -> Attachment:
    """The second half, for whoever put the bytes away before they opened a transaction."""
    file = Attachment(
        name=kinds.safe_name(name),
        content_type=kinds.type_of(stored.head),
        size=stored.size,
        digest=stored.digest,
    )
    attached = attach_file(rtype, key, file, audience, by)
    attached.warning = secrets.warning(attached.name, stored.secret)
    return attached


def attach_file(rtype: RecordType, key: str, file: Attachment, audience: str, by: By) -> Attachment:
    """One whose bytes are there, with its name, kind, size and digest."""
    require_audience(audience)
    with writing():
        record = commands.locked(rtype, key, by)
        access.require(rtype, "note", by.actor, record)
        commands.require_still_theirs(rtype, record, by)
        require_insider(rtype, by, record, audience)
        facts = {"file": {"name": file.name, "size": file.size}}
        event = commands.note_on(rtype, record, "attach", by, facts=facts, audience=audience)
        file.record_id, file.event_id, file.author_id = record.id, event.pk, by.actor.id
        file.audience, file.created_at = audience, event.at
        file.save(force_insert=True)
        return file


def require_audience(audience: str) -> None:
    if audience not in ("all", "internal"):
        raise Invalid({"visibility": [_("This must be public or internal.")]})


def require_insider(rtype: RecordType, by: By, record: access.Facts, audience: str) -> None:
    if audience == "internal" and not access.is_insider(rtype, by.actor, record):
        raise Denied(lambda: _("Internal files are for those who work on it."))
