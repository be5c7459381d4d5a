"""Writes the one row that says what a command did, and tells whoever must know."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mainstay.pure.rules import By
from mainstay.pure.text import shows_nothing
from mainstay.records import access, clock, prepared, values
from mainstay.records.errors import Denied, Illegal, Invalid
from mainstay.records.fields import UNLIMITED, Field
from mainstay.records.models import Event, EventText, Pending
from mainstay.records.reactions import Heard, inline_for, later_for
from mainstay.records.types import Message, RecordType

SHARDS = 16
DEEPEST = 8
# Where an imported event keeps the other system's own words; for those who work on the record.
PAST = "past"
# Where an event that takes another one back keeps that one's id.
UNDOES = "undoes"
# Somebody shut out while their request waited to write: what they began is not written any more.
IS_HERE = (
    "exists (select 1 from records_record p where p.id = %s and p.is_open and not p.is_removed)"
)


def settle(
    rtype: RecordType,
    record: Any,
    verb: str,
    changes: Mapping[Field, tuple[Any, Any]],
    by: By,
    *,
    message: Message | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    data: Any = None,
    audience: str = "all",
) -> Event:
    """The event, its private texts, the inline reactions, and the pending row the worker finds."""
    if by.depth > DEEPEST:
        raise Illegal(
            _("A chain of reactions stopped at depth %(depth)s: %(type)s.%(verb)s on %(record)s.")
            % {"depth": DEEPEST, "type": rtype.name, "verb": verb, "record": record.number}
        )
    _may_be_said(rtype, record, by, message, reason)
    moment = clock.now()
    texts = texts_of(changes)
    if reason:
        texts.append(EventText(field="reason", salt=secrets.token_hex(8), new=reason))
    event = Event(
        record_id=record.id,
        name=f"{rtype.name}.{verb}",
        audience=audience,
        actor_id=by.actor.id,
        door=by.door,
        version=record.version,
        at=moment,
        recorded_at=moment,
        changes=told(changes, texts) | dict(facts or {}),
        cause_id=by.cause,
        depth=by.depth,
    )
    _keep(event, record, by)
    for text in texts:
        text.event_id = event.pk
        prepared.insert(text)
    for reaction in inline_for(event.name):
        reaction.run(Heard(event, record, rtype, by, message, data))
    if later_for(event.name):
        shard = record.id % SHARDS
        prepared.insert(Pending(event_id=event.pk, record_id=record.id, shard=shard))
    # After those of the reactions: it is the command's own.
    record.last_event = event
    return event


def _keep(event: Event, record: Any, by: By) -> None:
    """Raises Denied where whoever asked has left since. What follows from an act of theirs goes on, and so does the
    act they leave by."""
    who = by.actor.id
    if who is None or by.depth or record.id == who:
        prepared.insert(event)
    elif not prepared.insert_where(event, IS_HERE, [who]):
        raise Denied(lambda: _("You have no access any more; nothing was changed."))


def _may_be_said(
    rtype: RecordType, record: Any, by: By, message: Message | None, reason: str
) -> None:
    """Raises Invalid for texts that cannot be stored, Denied for an internal one from somebody it is hidden from."""
    said = {"reason": reason, "message": message.text if message else ""}
    for name, text in said.items():
        if text.strip() and shows_nothing(text):
            raise Invalid({name: [_("This shows nothing; write a few words.")]})
        if values.UNSTORABLE.search(text):
            raise Invalid({name: [_("This text holds characters that cannot be stored.")]})
        if len(text) > UNLIMITED:
            raise Invalid(
                {
                    name: [
                        _("This is %(n)s characters long; %(most)s fit.")
                        % {"n": f"{len(text):,}", "most": f"{UNLIMITED:,}"}
                    ]
                }
            )
    is_internal = message is not None and message.audience == "internal"
    if is_internal and not access.is_insider(rtype, by.actor, record):
        raise Denied(lambda: _("Internal notes are for those who work on it."))


def texts_of(changes: Mapping[Field, tuple[Any, Any]]) -> list[EventText]:
    """Long and personal texts among the changes, each in a row that can be blanked."""
    return [
        EventText(field=f.name, salt=secrets.token_hex(8), old=old or "", new=new or "")
        for f, (old, new) in changes.items()
        if f.is_private_text
    ]


def told(changes: Mapping[Field, tuple[Any, Any]], texts: list[EventText]) -> dict[str, Any]:
    """Changes as `{field: [old, new]}` in plain JSON; private texts as the digest that outlives them."""
    kept = {
        f.name: [plain(old), plain(new)]
        for f, (old, new) in changes.items()
        if not f.is_private_text
    }
    return kept | {text.field: {"digest": digest(text)} for text in texts}


def digest(text: EventText) -> str:
    """Proves later that a text is the one that was written, and tells nothing once it is blanked."""
    whole = "\x00".join((text.salt, text.old, text.new))
    return hashlib.sha256(whole.encode()).hexdigest()


def plain(value: Any) -> Any:
    """A value as JSON holds it: times and days as text, the rest as it is."""
    return (
        value.isoformat() if isinstance(value, datetime) or hasattr(value, "isoformat") else value
    )
