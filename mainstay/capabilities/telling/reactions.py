"""Hears what happens and tells those it concerns; sets the clock for dates at which something was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

from mainstay.capabilities.telling import happenings, inbox, tellings
from mainstay.capabilities.telling.channels import CHANNELS
from mainstay.capabilities.telling.kinds import DUE
from mainstay.capabilities.telling.models import Preference
from mainstay.capabilities.telling.tellings import Telling
from mainstay.directory import actors, duty
from mainstay.pure.rules import By
from mainstay.records import access, clock, timers
from mainstay.records.models import Event
from mainstay.records.reactions import Heard
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType

# Dates by which something is expected, by the names fields have; and when on a day people look.
EXPECTED = ("resume_on", "due_at")
DUE_TIMER = "telling.due"
MORNING = time(6)


def tell(heard: Heard) -> None:
    """Tells whom an event concerns, once, if they may know."""
    tell_many([heard.event])


def tell_many(events: Sequence[Event]) -> None:
    """All of it in one transaction: heard again, it changes nothing."""
    with writing():
        told, acts = happenings.read(events), happenings.acts(events)
        inbox.forget(acts)
        _bring([telling for telling in tellings.of(told) if not _was_seen(telling, acts)])
        for event in events:
            # Also what was done to many at once: only the act itself is told nobody, the day comes all the same.
            if not event.is_imported:
                _time(event)


def _was_seen(telling: Telling, acts: Mapping[tuple[int, int], Event]) -> bool:
    """Whoever acted on the record since has seen it."""
    act = acts.get((telling.person, telling.record))
    return act is not None and telling.event < act.pk


def come_due(rtype: RecordType, record: Any, _by: By) -> None:
    """The alarm: for whoever has it, else for the team."""
    if not record.is_open:
        return
    members = duty.members(record.team_id) if record.team_id is not None else []
    people = [record.assignee_id] if record.assignee_id else [member.id for member in members]
    _bring(
        [
            Telling(person, record.id, DUE, 0, clock.now())
            for person, actor in actors.for_people(people).items()
            if access.allows(rtype, rtype.access.see, actor, record)
        ]
    )


def _bring(told: Sequence[Telling]) -> None:
    """Each event once to each person: for the strongest reason of which they want to hear by that channel."""
    if not told:
        return
    said = _preferences({telling.person for telling in told})
    for channel in CHANNELS:
        strongest: dict[tuple[int, int, int], Telling] = {}
        for telling in told:
            name = telling.kind.name
            if said.get((telling.person, name, channel.name), name in channel.usual):
                strongest.setdefault((telling.person, telling.record, telling.event), telling)
        channel.put(list(strongest.values()))


def _preferences(people: set[int]) -> dict[tuple[int, str, str], bool]:
    rows = Preference.objects.filter(person_id__in=people)
    return {
        (person, kind, channel): is_wanted
        for person, kind, channel, is_wanted in rows.values_list(
            "person_id", "kind", "channel", "is_wanted"
        )
    }


def _time(event: Event) -> None:
    """Sets the timer where the event set such a date, and takes it back where it cleared it."""
    for name in EXPECTED:
        change = event.changes.get(name)
        if not isinstance(change, list) or change == [None, None]:
            continue
        record = SimpleNamespace(id=event.record_id)
        if change[1] is None:
            timers.disarm(record, DUE_TIMER)
        else:
            timers.arm(record, DUE_TIMER, _moment(change[1], event.at))


def _moment(text: str, since: datetime) -> datetime:
    """The morning of the day; of a time that was set after that morning, or lies before it, the time itself."""
    if "T" not in text:
        return _morning(date.fromisoformat(text))
    at = datetime.fromisoformat(text).astimezone(UTC)
    morning = _morning(at.date())
    return morning if since < morning < at else at


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, UTC)
