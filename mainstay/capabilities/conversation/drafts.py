"""Keeps what somebody is writing until it is sent: on the server, so that another browser has it, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from mainstay.capabilities.conversation.commands import VERBS
from mainstay.capabilities.conversation.models import Draft
from mainstay.pure.rules import Actor, By
from mainstay.pure.text import mark
from mainstay.records import access, clock, queries, rows
from mainstay.records.errors import Denied, Invalid
from mainstay.records.rows import Row
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType, shelf

# As much as a message may hold.
LONGEST = 50_000
# Long enough for whoever falls ill over a sentence.
KEPT = timedelta(days=60)
SHOWN = 20


@dataclass(frozen=True)
class Own:
    """One of a person's drafts with the record it is for."""

    rtype: RecordType
    number: str
    title: str
    audience: str
    text: str
    at: datetime


def keep(
    rtype: RecordType, row: Row, audience: str, text: str, by: By, *, seen: str = ""
) -> str | None:
    """Puts a text in the place of the one that was `seen` (its mark); an empty text is none.

    Gives what stands there where that is yet another one, of the same person's other tab: neither is lost. Who may
    not write a thing keeps no draft of it either.
    """
    if audience not in VERBS:
        raise Invalid({"audience": [_("This must be public or internal.")]})
    if not queries.may(rtype, by.actor, "note", row) or not _may_write(
        rtype, by.actor, row, audience
    ):
        raise Denied(lambda: _("You may not write about this."), row.facts.id)
    if len(text) > LONGEST:
        raise Invalid({"text": [_("This is longer than a message may be.")]})
    with writing():
        there = _there(row, by.actor, audience)
        if there != text and mark(there) != seen:
            return there
        if not text.strip():
            _of(row, by.actor).filter(audience=audience).delete()
            return None
        Draft.objects.update_or_create(
            person_id=by.actor.id,
            record_id=row.facts.id,
            audience=audience,
            defaults={"text": text, "updated_at": clock.now()},
        )
    return None


def forget(row: Row, audience: str, actor: Actor, said: str, seen: str) -> None:
    """It was sent; but not what was written elsewhere meanwhile and never seen where it was sent."""
    with writing():
        there = _there(row, actor, audience)
        if there.strip() == said or mark(there) == seen:
            _of(row, actor).filter(audience=audience).delete()


def is_gone(row: Row, audience: str, actor: Actor, text: str, seen: str) -> bool:
    """Whether a text that was `seen` as the draft was sent or taken away elsewhere since. One statement at most."""
    return bool(text.strip()) and mark(text) == seen and not _there(row, actor, audience)


def of(rtype: RecordType, actor: Actor, row: Row) -> dict[str, str]:
    """What the actor was writing about a record, by audience. One statement."""
    found = dict(_of(row, actor).values_list("audience", "text"))
    return {a: text for a, text in found.items() if _may_write(rtype, actor, row, a)}


def own(actor: Actor) -> list[Own]:
    """The newest of a person's drafts on records they still see. One statement."""
    ways, params = ["1 = 0"], list[Any]()
    for rtype in shelf:
        if rtype.has("conversation") and actor.reaches("read", rtype.plural):
            see = access.one_condition(rtype, rtype.access.see, actor)
            inside = access.one_condition(rtype, access.insiders(rtype), actor)
            ways.append(f"(r.type = %s and {see.sql} and (d.audience = 'all' or {inside.sql}))")
            params += [rtype.name, *see.params, *inside.params]
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.type, r.number, r.title, d.audience, d.text, d.updated_at from conversation_draft d"
            " join records_record r on r.id = d.record_id where d.person_id = %s and not r.is_removed"
            f" and ({' or '.join(ways)}) order by d.updated_at desc, d.id desc limit {SHOWN}",
            [actor.id, *params],
        )
        read_time = rows.time_codec(python=True)
        return [
            Own(shelf.type(name), number, title, audience, text, read_time(at))
            for name, number, title, audience, text, at in cursor.fetchall()
        ]


def sweep() -> int:
    """What nobody has gone on with for long."""
    with writing():
        return Draft.objects.filter(updated_at__lt=clock.now() - KEPT).delete()[0]


def _of(row: Row, actor: Actor) -> Any:
    return Draft.objects.filter(person_id=actor.id, record_id=row.facts.id)


def _there(row: Row, actor: Actor, audience: str) -> str:
    found = _of(row, actor).filter(audience=audience).values_list("text", flat=True)
    return str(found.first() or "")


def _may_write(rtype: RecordType, actor: Actor, row: Row, audience: str) -> bool:
    return audience == "all" or access.is_insider(rtype, actor, row.facts)
