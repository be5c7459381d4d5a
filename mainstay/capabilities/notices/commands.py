"""Publishing a notice from a record, and saying that one has it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.capabilities.notices import queries
from mainstay.capabilities.notices.models import MeToo, Origin
from mainstay.pure.rules import By
from mainstay.records import access, clock, commands
from mainstay.records import queries as records
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType, shelf


def publish(rtype: RecordType, key: str, data: Mapping[str, Any], by: By) -> Any:
    """A notice for everybody in the record's organisation, with nothing of the record in it."""
    if "organisation" in data:
        raise Invalid({"organisation": [_("It is the one of the record.")]})
    with writing():
        record = commands.locked(rtype, key, by)
        access.require(rtype, "change", by.actor, record)
        if not record.is_open:
            raise Illegal(_("%(number)s has ended.") % {"number": record.number})
        if queries.published_from(record.id):
            raise Illegal(_("A notice is published already; change that one."))
        row = records.one(rtype, by.actor, key, names=("organisation",))
        where = row["organisation"] and row["organisation"]["number"]
        made = commands.create(shelf.type("notice"), {**data, "organisation": where}, by)
        Origin.objects.create(notice_id=made.pk, record_id=record.pk)
        return made


def me_too(key: str, by: By, *, has_it: bool = True) -> str:
    """Once a person, and back again; no event, since it changes nothing about the notice. Returns its number."""
    notice = shelf.type("notice")
    row = records.one(notice, by.actor, key, names=())
    if not by.actor.reaches("write", notice.plural) or by.actor.id is None:
        raise Denied(_("This token may not write %(types)s.") % {"types": notice.plural})
    if row["state"] != "published":
        raise Illegal(_("This has ended."))
    with writing():
        if has_it:
            one = MeToo(notice_id=row.facts.id, person_id=by.actor.id, since=clock.now())
            MeToo.objects.bulk_create([one], ignore_conflicts=True)
        else:
            MeToo.objects.filter(notice_id=row.facts.id, person_id=by.actor.id).delete()
    return str(row["number"])
