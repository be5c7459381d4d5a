"""The other, privileged way in: another system's past, recorded as what it was.

Nothing that happened is refused: a move our lifecycle would not allow is recorded and marked. Every
event says that it was imported. No listener hears of it but those wired for replays, once for each
record, after its last event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mainstay.pure.lifecycle import Lifecycle
from mainstay.pure.numbers import normal
from mainstay.pure.rules import Actor, By
from mainstay.records import arrival, clock, fields, steps, values
from mainstay.records.errors import Denied, Illegal, Misplaced
from mainstay.records.fields import Field
from mainstay.records.journal import PAST, texts_of, told
from mainstay.records.models import Event, EventText, ReplayMark
from mainstay.records.numbering import leave_room
from mainstay.records.reactions import Heard, replayed_for
from mainstay.records.settings_version import touch
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType, Step

# Follows from the state and is told by it.
NO_NEWS = ("kind", "is_open")


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a record: what it held from then on, who did it (an id) and when.

    `given` holds values by field name, references as ids. `said` is what the other system told
    about it in words of its own; it is kept beside the changes, for those who work on the record.
    """

    at: datetime
    actor_id: int | None
    state: str
    given: Mapping[str, Any]
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Past:
    """All that happened to one record, in order; `key` is its name in the other system.

    `number` is kept where it is free. `aside` holds values of columns no history tells.
    """

    key: str
    happenings: Sequence[Happening]
    number: str = ""
    created_at: datetime | None = None
    aside: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Life:
    """A past as it will be stored: the record as it ended, and its events with their texts."""

    past: Past
    record: Any
    events: list[Event]
    texts: list[tuple[Event, EventText]]


@dataclass(frozen=True)
class Stride:
    """From where to where a batch moves the mark of its source."""

    source: str
    start: int
    end: int
    is_last: bool


def take(
    rtype: RecordType, system: str, pasts: Iterable[Past], by: By, stride: Stride | None = None
) -> int:
    """Brings the pasts of some records here, and moves the mark with them, in one transaction.

    A record that `system` brought before, under the same key, is left alone. Returns how many were
    new. Raises Denied, Invalid for a value no column takes, Illegal if another run moved the mark.
    """
    if not by.actor.is_system:
        raise Denied("Only Mainstay itself may write the past.")
    moment = clock.now()
    lives = [_lived(rtype, past, by, moment) for past in pasts]
    with writing():
        if stride:
            _advance(stride)
        known = arrival.known(system, [life.past.key for life in lives])
        fresh = [life for life in lives if life.past.key not in known]
        arrival.store(rtype, system, fresh)
        for life in fresh:
            last = life.events[-1]
            for reaction in replayed_for(last.name):
                reaction.run(Heard(last, life.record, rtype, by))
        touch(rtype)
    return len(fresh)


def mark(source: str) -> ReplayMark:
    """How far the replay of a source has come."""
    with writing():
        return ReplayMark.objects.get_or_create(source=source)[0]


def reserve(rtype: RecordType, keys: Iterable[str]) -> None:
    """Keeps the numbers that pasts will bring from being given to anybody else meanwhile."""
    start = f"{rtype.prefix}-"
    digits = [n.removeprefix(start) for n in map(normal, keys) if n.startswith(start)]
    highest = max((int(n) for n in digits if n.isdecimal()), default=0)
    if highest:
        with writing():
            leave_room(rtype.prefix, highest)


def _advance(stride: Stride) -> None:
    moved = ReplayMark.objects.filter(
        source=stride.source, position=stride.start, is_finished=False
    ).update(position=stride.end, is_finished=stride.is_last)
    if not moved:
        raise Illegal("This is being replayed by another process.")


def _lived(rtype: RecordType, past: Past, by: By, moment: datetime) -> Life:
    """Lives a past through in memory, by the same functions that commands use."""
    life = Life(past, rtype.model(type=rtype.name), [], [])
    for happening in past.happenings:
        actor = Actor(id=happening.actor_id)
        given = _given(rtype, past.key, happening)
        if not life.events:
            life.record.created_at = past.created_at or happening.at
            verb, changed, is_legal = _begin(rtype, life.record, happening, given, actor)
        else:
            verb, changed, is_legal = _go_on(rtype, life.record, happening, given, actor)
        life.record.updated_at = happening.at
        _tell(rtype, life, happening, verb, changed, is_legal=is_legal, door=by.door, now=moment)
    for name, value in past.aside.items():
        setattr(life.record, fields.of(rtype)[name].stored, value)
    return life


Told = tuple[str, dict[Field, tuple[Any, Any]], bool]


def _begin(
    rtype: RecordType, record: Any, happening: Happening, given: Mapping[Field, Any], actor: Actor
) -> Told:
    """Created as every record is; one that begins in a later state goes there in the same event."""
    steps.fill(record, given)
    steps.enter(record, rtype, rtype.lifecycle.first.name)
    steps.derive(rtype, Step("create", record, {}, "", None, actor, happening.at))
    named, is_legal = list(given), happening.state == record.state
    if not is_legal:
        named += _go_on(rtype, record, happening, given, actor)[1]
        record.version = 1
    start = {f: getattr(record, f.stored) for f in named if not f.is_private_text}
    there = {f: (None, value) for f, value in start.items() if value not in (None, "")}
    return "create", there, is_legal


def _go_on(
    rtype: RecordType, record: Any, happening: Happening, given: Mapping[Field, Any], actor: Actor
) -> Told:
    before = steps.snapshot(rtype, record)
    verb, is_legal = verb_between(rtype.lifecycle, record.state, happening.state)
    steps.fill(record, given)
    if happening.state != record.state:
        steps.enter(record, rtype, happening.state)
    steps.derive(rtype, Step(verb, record, before, "", None, actor, happening.at))
    record.version += 1
    changed = steps.changes(rtype, record, before)
    return verb, {f: pair for f, pair in changed.items() if f.attribute not in NO_NEWS}, is_legal


def verb_between(lifecycle: Lifecycle, old: str, new: str) -> tuple[str, bool]:
    """The move that leads from one state to another and whether it is a legal one.

    Of several the last declared: plain verbs stand behind personal ones (`close`, `confirm`).
    """
    if old == new:
        return "change", True
    there = [m for m in lifecycle.moves if m.target == new]
    legal = [m for m in there if old in m.sources]
    found = (legal or there)[-1:]
    return (found[0].name if found else "change"), bool(legal)


def _given(rtype: RecordType, key: str, happening: Happening) -> dict[Field, Any]:
    """Values by field, held to the columns' rules; references are ids the caller has looked up."""
    known = fields.of(rtype)
    given: dict[Field, Any] = {}
    for name, value in happening.given.items():
        there = known[name]
        try:
            given[there] = value if there.is_reference else values.one(there, value)
        except ValueError as complaint:
            raise Misplaced({f"{key} {name}": [str(complaint)]}) from None
    return given


def _tell(
    rtype: RecordType,
    life: Life,
    happening: Happening,
    verb: str,
    changed: Mapping[Field, tuple[Any, Any]],
    *,
    is_legal: bool,
    door: str,
    now: datetime,
) -> None:
    texts = texts_of(changed)
    said = dict(happening.said) if is_legal else {"refused": True, **happening.said}
    event = Event(
        name=f"{rtype.name}.{verb}",
        actor_id=happening.actor_id,
        door=door,
        version=life.record.version,
        at=happening.at,
        recorded_at=now,
        changes=told(changed, texts) | ({PAST: said} if said else {}),
        is_imported=True,
    )
    life.events.append(event)
    life.texts.extend((event, text) for text in texts)
