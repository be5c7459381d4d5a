"""Walks every seal and names what is not as it was sealed: a row altered, missing or slipped in, a text, a seal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from mainstay.records.audit import entries, guards, leaves
from mainstay.records.audit.leaves import ENTRY, EVENT, UNREADABLE, Leaf
from mainstay.records.audit.models import AuditEntry, Seal
from mainstay.records.errors import Refused
from mainstay.records.journal import digest
from mainstay.records.models import EventText

# Below every id there is; a row slipped in before the first one is one too many as well.
LOWEST = -(2**63)
# Told one by one; who altered more has altered all.
MOST_TOLD = 1_000


class NoHead(Refused):
    """What was given as a head is none."""


@dataclass
class Outcome:
    """How much was looked at, what is wrong in words, what waits for its seal.

    `blanked` are words and addresses that were emptied: that is how somebody is forgotten, and whoever knows that
    nobody was asks what is gone.
    """

    seals: int = 0
    rows: int = 0
    waiting: int = 0
    blanked: int = 0
    head: str = ""


Tell = Callable[[Outcome, int], None]


def head_of(seal: Seal | None) -> str:
    """A seal as people keep it elsewhere: its number and its digest."""
    return f"{seal.pk}-{seal.digest}" if seal else "0"


def verify(tell: Tell, outcome: Outcome, known: Sequence[str] = ()) -> Iterator[str]:
    """A sentence for each thing that is wrong. `known` are heads that were kept elsewhere. Raises NoHead."""
    wanted = dict(_read_head(text) for text in known)
    for name in guards.missing():
        yield _("The trigger %(name)s is missing: run mainstay migrate.") % {"name": name}
    for name in guards.asleep():
        yield _("The trigger %(name)s lets changes through: run mainstay migrate.") % {"name": name}
    before: Seal | None = None
    total = Seal.objects.count()
    try:
        for seal in Seal.objects.order_by("id").iterator(chunk_size=20):
            yield from _seal_itself(seal, before)
            if seal.pk in wanted and wanted.pop(seal.pk) != seal.digest:
                yield _("Seal %(seal)s is not the one whose head was kept.") % {"seal": seal.pk}
            yield from _what_it_holds(seal, before, outcome)
            before = seal
            outcome.seals, outcome.head = outcome.seals + 1, head_of(seal)
            tell(outcome, total)
    except (*UNREADABLE, DatabaseError) as error:
        told = {"head": head_of(before), "error": error}
        yield _("What follows the seal %(head)s cannot be read: %(error)s") % told
    for number in sorted(wanted):
        if number or wanted[number]:
            yield _("Seal %(seal)s, whose head was kept, is missing.") % {"seal": number}
    outcome.waiting = _waiting(before)


def _read_head(text: str) -> tuple[int, str]:
    number, dash, digest_text = text.strip().lower().partition("-")
    if text.strip() == "0":
        return 0, ""
    if not (dash and number.isascii() and number.isdecimal() and len(digest_text) == 64):
        raise NoHead(_("'%(text)s' is no head; mainstay audit head prints one.") % {"text": text})
    return int(number), digest_text


def _seal_itself(seal: Seal, before: Seal | None) -> Iterator[str]:
    expected = (before.pk if before else 0) + 1
    if seal.pk != expected:
        missing = f"{expected}" if seal.pk == expected + 1 else f"{expected}-{seal.pk - 1}"
        yield _("Seal %(seal)s is missing.") % {"seal": missing}
    elif seal.previous != (before.digest if before else ""):
        yield _("Seal %(seal)s does not follow the one before it.") % {"seal": seal.pk}
    told = leaves.digest_of_seal(
        seal.pk,
        seal.at,
        seal.events,
        seal.entries,
        seal.root,
        _stored(seal),
        seal.previous,
    )
    if told != seal.digest:
        yield _("Seal %(seal)s of %(at)s was altered.") % {"seal": seal.pk, "at": _time(seal.at)}


def _stored(seal: Seal) -> bytes:
    """SQLite gives back whatever somebody put there, also a text."""
    return seal.leaves.encode() if isinstance(seal.leaves, str) else bytes(seal.leaves)


def _what_it_holds(seal: Seal, before: Seal | None, outcome: Outcome) -> Iterator[str]:
    """Whatever somebody put into a row: the seals after it are looked at as well."""
    try:
        yield from _its_rows(seal, before, outcome)
    except (*UNREADABLE, DatabaseError) as error:
        told = {"seal": seal.pk, "error": error}
        yield _("The rows of seal %(seal)s cannot be read to their end: %(error)s") % told


def _its_rows(seal: Seal, before: Seal | None, outcome: Outcome) -> Iterator[str]:
    try:
        sealed = leaves.read(_stored(seal))
    except ValueError:
        yield _("What seal %(seal)s keeps of its rows cannot be read.") % {"seal": seal.pk}
        return
    if leaves.root(sealed) != seal.root or len(sealed) != seal.count:
        yield _("The root of seal %(seal)s is not that of its rows.") % {"seal": seal.pk}
    left = {leaf.key: leaf for leaf in sealed}
    events = (before.events if before else LOWEST), seal.events
    others = (before.entries if before else LOWEST), seal.entries
    digests: dict[int, dict[str, str]] = {}
    wrong: list[tuple[Leaf, str]] = []
    for table, (above, up_to) in ((EVENT, events), (ENTRY, others)):
        for leaf, data in leaves.of(table, above, up_to):
            outcome.rows += 1
            known = left.pop(leaf.key, None)
            if known is None:
                wrong.append((leaf, _("was slipped in")))
            elif known.hash != leaf.hash:
                wrong.append((known, _("was altered")))
            if table == EVENT and isinstance(data, dict) and (named := _digests(data)):
                digests[leaf.id] = named
    wrong += [(leaf, _("is missing")) for leaf in left.values()]
    for leaf, words in wrong[:MOST_TOLD]:
        yield f"{_named(leaf)} {words}."
    yield from _texts(events, digests, outcome)
    yield from _addresses(others, outcome)


def _digests(changes: dict[str, Any]) -> dict[str, str]:
    return {
        field: str(change["digest"])
        for field, change in changes.items()
        if isinstance(change, dict) and "digest" in change
    }


def _texts(
    between: tuple[int, int], wanted: dict[int, dict[str, str]], outcome: Outcome
) -> Iterator[str]:
    """The words beside the events: as they were, or blanked whole."""
    found = EventText.objects.filter(event_id__gt=between[0], event_id__lte=between[1])
    for text in found.order_by("event_id", "id").iterator():
        named = {"event": text.event_id, "field": text.field}
        known = wanted.get(text.event_id, {}).pop(text.field, None)
        if known is None:
            yield _("The text '%(field)s' of event %(event)s was slipped in.") % named
        elif text.is_redacted:
            outcome.blanked += 1
            if text.old or text.new or text.salt:
                yield _("The text '%(field)s' of event %(event)s is blanked and not empty.") % named
        elif digest(text) != known:
            yield _("The text '%(field)s' of event %(event)s was altered.") % named
    for event, left in wanted.items():
        for field in left:
            named = {"event": event, "field": field}
            yield _("The text '%(field)s' of event %(event)s is missing.") % named


def _addresses(between: tuple[int, int], outcome: Outcome) -> Iterator[str]:
    found = AuditEntry.objects.filter(id__gt=between[0], id__lte=between[1])
    outcome.blanked += found.filter(address="", salt="").exclude(address_digest="").count()
    for entry in found.exclude(address="", salt="").order_by("id").iterator():
        if entries.address_digest(entry.salt, entry.address) != entry.address_digest:
            yield _("The address of entry %(entry)s was altered.") % {"entry": entry.pk}


def _named(leaf: Leaf) -> str:
    """A row in words: its table and id, its record's number, when it was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("select number from records_record where id = %s", [leaf.record])
        found = cursor.fetchone()
    number = found[0] if found else _("record %(id)s") % {"id": leaf.record} if leaf.record else ""
    at = _time(datetime.fromtimestamp(leaf.at / 1_000_000, UTC))
    words = {EVENT: _("Event %(id)s"), ENTRY: _("Entry %(id)s")}[leaf.table] % {"id": leaf.id}
    return f"{words} ({number}, {at})" if number else f"{words} ({at})"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(" ", "seconds").removesuffix("+00:00") + " UTC"


def _waiting(last: Seal | None) -> int:
    """How many rows no seal holds yet."""
    waits = 0
    for table, column in (("records_event", "events"), ("audit_entry", "entries")):
        with connection.cursor() as cursor:
            cursor.execute(
                f"select count(*) from {table} where id > %s",
                [getattr(last, column) if last else 0],
            )
            waits += cursor.fetchone()[0]
    return waits
