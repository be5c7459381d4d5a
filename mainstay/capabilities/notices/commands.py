"""Publishing a notice from a record, and saying that one has it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.capabilities.notices import queries
from mainstay.capabilities.notices.models import MeToo, Notice, Origin
from mainstay.pure.rules import By
from mainstay.records import access, clock, commands, fields, prepared, steps, values
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.records.journal import settle
from mainstay.records.numbering import next_number
from mainstay.records.settings_version import touch
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
        made = _made(record.organisation_id, data, by)
        Origin.objects.create(notice_id=made.pk, record_id=record.pk)
        return made


def _made(organisation: int | None, data: Mapping[str, Any], by: By) -> Notice:
    """The steps of a creation; the right to it was the one to change the record."""
    notice = shelf.type("notice")
    made = Notice(type=notice.name, organisation_id=organisation)
    given = values.read(fields.visible(notice, by.actor), data, by.actor, None)
    steps.fill(made, given)
    steps.enter(made, notice, notice.lifecycle.first.name)
    step = steps.step_of("create", made, {}, given, by)
    made.created_at = made.updated_at = step.at
    steps.derive(notice, step)
    steps.check(notice, step)
    made.number = next_number(notice)
    prepared.insert(made)
    start = {f: (None, getattr(made, f.stored)) for f in given if not f.is_private_text}
    settle(notice, made, "create", start, by)
    touch(notice)
    return made


def me_too(key: str, by: By, *, has_it: bool = True) -> str:
    """Once a person, and back again; no event, since it changes nothing about the notice. Returns its number."""
    notice = shelf.type("notice")
    with writing():
        # Locked, so that nobody is counted on what ends meanwhile.
        found = commands.locked(notice, key, by)
        if not queries.may_have_it(by.actor):
            raise Denied(
                lambda: _("This token may not write %(types)s.") % {"types": notice.plural}
            )
        if found.state != "published":
            raise Illegal(_("This has ended."))
        if has_it:
            one = MeToo(notice_id=found.id, person_id=by.actor.id, since=clock.now())
            MeToo.objects.bulk_create([one], ignore_conflicts=True)
        else:
            MeToo.objects.filter(notice_id=found.id, person_id=by.actor.id).delete()
        return str(found.number)
