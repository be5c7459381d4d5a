"""Files sent ahead of their message, while it is written: the text names them, and sending it attaches them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mainstay.capabilities.files import kinds, secrets, store
from mainstay.capabilities.files.commands import (
    attach_file,
    may_attach,
    require_audience,
    require_insider,
)
from mainstay.capabilities.files.models import Attachment, Upload
from mainstay.pure.rules import By
from mainstay.records import clock
from mainstay.records.errors import Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType

NAMED = re.compile(r"/files/[\w-]+/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/", re.IGNORECASE)
# Nobody has more in one message; without an end, whoever may write here could fill the disk in silence.
MOST = 100


def put(
    rtype: RecordType, row: Row, name: str, chunks: Iterable[bytes], audience: str, by: By
) -> tuple[Upload, str]:
    """Keeps one, with what its sender should be warned of."""
    may_attach(rtype, row["number"], by)
    require_audience(audience)
    require_insider(rtype, by, row.facts, audience)
    if Upload.objects.filter(record_id=row.facts.id, author_id=by.actor.id).count() >= MOST:
        raise Invalid({"": [_("Send your message first: many files wait for it already.")]})
    stored = store.put(chunks)
    with writing():
        upload = Upload.objects.create(
            record_id=row.facts.id,
            author_id=by.actor.id,
            audience=audience,
            name=kinds.safe_name(name),
            content_type=kinds.type_of(stored.head),
            size=stored.size,
            digest=stored.digest,
            created_at=clock.now(),
        )
    return upload, secrets.warning(upload.name, stored.secret)


def take_back(row: Row, key: str, by: By) -> None:
    """Whoever sent it does not want it after all. Raises Missing."""
    with writing():
        if not _ahead(row, by).filter(uuid=UUID(key)).delete()[0]:
            raise Missing


def may_show(row: Row, audience: str, text: str, by: By) -> None:
    """Raises Invalid where a public text names a file that is only for those who work on the record."""
    keys = _named(text)
    if audience != "all" or not keys:
        return
    for table in (Attachment, Upload):
        inner = table.objects.filter(record_id=row.facts.id, uuid__in=keys, audience="internal")
        if table is Upload:
            inner = inner.filter(author_id=by.actor.id)
        if name := inner.values_list("name", flat=True).first():
            told = _("%(name)s is internal, and this would be read by others. Send it anew.")
            raise Invalid({"text": [told % {"name": name}]})


def attach_named(rtype: RecordType, row: Row, audience: str, text: str, by: By) -> None:
    """What a message names of what was sent ahead becomes its own, seen by whoever reads it."""
    keys = _named(text)
    if not keys:
        return
    with writing():
        for upload in _ahead(row, by).filter(uuid__in=keys).order_by("id"):
            file = Attachment(
                uuid=upload.uuid,
                name=upload.name,
                content_type=upload.content_type,
                size=upload.size,
                digest=upload.digest,
            )
            attach_file(rtype, row["number"], file, audience, by)
            upload.delete()


def _ahead(row: Row, by: By) -> QuerySet[Upload]:
    return Upload.objects.filter(record_id=row.facts.id, author_id=by.actor.id)


def _named(text: str) -> list[UUID]:
    return [UUID(key) for key in dict.fromkeys(NAMED.findall(text))][:MOST]
