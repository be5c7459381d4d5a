"""Asking for somebody: who asked says for whom, and whoever was named may step back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mainstay.pure.rules import Actor, By, Mine
from mainstay.records import access, commands, fields, values
from mainstay.records.access import Facts
from mainstay.records.errors import Denied
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType

NAME = "requested_for"


def may_request_for(rtype: RecordType, actor: Actor, record: Facts) -> bool:
    """Who asked, and whoever may change the record."""
    rule = rtype.access.change | Mine("requester_id")
    return access.stays_inside(rtype, actor, record) and access.allows(rtype, rule, actor, record)


def request_for(rtype: RecordType, key: str, person: str, by: By) -> None:
    """Says whom it is for, or nobody else with an empty `person`. Raises Missing, Denied, Illegal, Invalid.

    Only somebody the actor finds in the directory can be named.
    """
    with writing():
        record = commands.locked(rtype, key, by)
        if not may_request_for(rtype, by.actor, record):
            raise Denied(lambda: _("Whom it is for is said by who asked."), record.id)
        commands.require_still_theirs(rtype, record, by)
        there = {NAME: fields.of(rtype)[NAME]}
        given = values.read(there, {NAME: person or None}, by.actor, record)
        commands.write_on(rtype, record, "request_for", given, by)


def step_back(rtype: RecordType, key: str, by: By) -> None:
    """Whoever it was requested for is its caller no more. Raises Missing, Denied."""
    with writing():
        record = commands.locked(rtype, key, by)
        if by.actor.id is None or record.requested_for_id != by.actor.id:
            raise Denied(lambda: _("This was not requested for you."), record.id)
        commands.write_on(rtype, record, "step_back", {fields.of(rtype)[NAME]: None}, by)
