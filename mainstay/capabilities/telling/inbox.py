"""The inbox as a channel: one entry for a person and a record, however much happens there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mainstay.capabilities.telling.kinds import BY_NAME, RANK
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.capabilities.telling.tellings import Telling
from mainstay.records.models import Event

CHANGED = ("kind", "event_id", "last", "count", "is_internal", "at", "read_at", "snoozed_until")


def put(tellings: Sequence[Telling]) -> None:
    """Adds each to its entry; one that is counted already changes nothing. Called in a transaction."""
    entries = {(e.person_id, e.record_id): e for e in _kept({t.record for t in tellings})}
    changed = {}
    for telling in tellings:
        key = (telling.person, telling.record)
        entry = entries.get(key)
        if entry is None:
            entry = entries[key] = _begun(telling)
        elif telling.event and telling.event <= entry.last:
            continue
        else:
            _add(entry, telling)
        changed[key] = entry
    for entry in changed.values():
        entry.pk = None  # found by person and record: one statement for the new and the old
    InboxEntry.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["person", "record"],
        update_fields=[name.removesuffix("_id") for name in CHANGED],
    )


def forget(acts: Mapping[tuple[int, int], Event]) -> None:
    """Whoever acts on a record has seen what there was: their entry about it is read."""
    if not acts:
        return
    unread = InboxEntry.objects.filter(
        record_id__in={record for _, record in acts},
        person_id__in={person for person, _ in acts},
        read_at=None,
    )
    for entry in unread:
        event = acts.get((entry.person_id, entry.record_id))
        if event is not None and entry.last <= event.pk:
            InboxEntry.objects.filter(pk=entry.pk).update(read_at=event.at, snoozed_until=None)


def _kept(records: set[int]) -> Iterable[InboxEntry]:
    """Locked, so that whoever reads one meanwhile reads it before this or after."""
    found = InboxEntry.objects.select_for_update(no_key=True).filter(record_id__in=records)
    return found.order_by("pk") if records else ()


def _begun(telling: Telling) -> InboxEntry:
    return InboxEntry(
        person_id=telling.person,
        record_id=telling.record,
        kind=telling.kind.name,
        event_id=telling.event or None,
        last=telling.event,
        is_internal=telling.is_internal,
        at=telling.at,
    )


def _add(entry: InboxEntry, telling: Telling) -> None:
    """The strongest reason since it was read stays; what needs the person wakes an entry that sleeps."""
    is_fresh = entry.read_at is not None
    if is_fresh or RANK[telling.kind.name] <= RANK.get(entry.kind, len(BY_NAME)):
        entry.kind, entry.event_id = telling.kind.name, telling.event or None
    entry.count = 1 if is_fresh else entry.count + 1
    entry.is_internal = telling.is_internal or (entry.is_internal and not is_fresh)
    entry.last, entry.at, entry.read_at = max(entry.last, telling.event), telling.at, None
    if is_fresh or telling.kind.needs:
        entry.snoozed_until = None
