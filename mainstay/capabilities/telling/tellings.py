"""What is to be told to whom: made from events, brought by channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mainstay.capabilities.telling import rights
from mainstay.capabilities.telling.concerns import Happening, concerned
from mainstay.capabilities.telling.kinds import MENTIONED, Kind
from mainstay.directory import actors
from mainstay.pure.rules import Actor


@dataclass(frozen=True)
class Telling:
    """One person, one record, one reason; `event` is 0 where a date alone had come."""

    person: int
    record: int
    kind: Kind
    event: int
    at: datetime
    is_internal: bool = False


def of(happenings: Sequence[Happening]) -> list[Telling]:
    """In the order of the events, without those who may not know. One statement for the rights of all.

    Whom an event concerns for several reasons has one for each, the strongest first: of that they may want to hear
    nothing.
    """
    asked = [(what, concerned(what)) for what in happenings]
    known = actors.for_people({person for _, people in asked for person in people})
    return [telling for what, people in asked for telling in _allowed(what, people, known)]


def _allowed(
    what: Happening, people: Mapping[int, Sequence[Kind]], known: dict[int, Actor]
) -> Iterable[Telling]:
    for person, kind in ((person, kind) for person, kinds in people.items() for kind in kinds):
        of_the_text = kind is MENTIONED
        actor = known.get(person)  # None: they have left
        if actor is not None and rights.may_hear(actor, what, of_the_text=of_the_text):
            internal = rights.is_internal(what, of_the_text=of_the_text)
            event = what.event
            yield Telling(person, what.facts.id, kind, event.pk, event.at, internal)
