"""Whom an event concerns and why; nobody's rights are asked here, and nothing is read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from mainstay.capabilities.telling.kinds import (
    ANSWERABLE,
    ANSWERED,
    ASSIGNED,
    BY_NAME,
    MENTIONED,
    NEWS,
    PROGRESS,
    RANK,
    SOLVED,
    THE_CALLER,
    UNTAKEN,
    WAITING,
    WATCHED,
    Kind,
)
from mainstay.pure.lifecycle import Kind as StateKind
from mainstay.records import access, fields
from mainstay.records.models import Event
from mainstay.records.rows import Facts
from mainstay.records.types import Message, RecordType

# What a record is linked to is told on its page, to those who may see both ends.
SILENT = ("link", "unlink", "remove", "restore", "reorder")


@dataclass(frozen=True)
class Happening:
    """An event with what it is judged by: the record as it is now, what was said, and who is around it."""

    event: Event
    rtype: RecordType
    facts: Facts
    said: Message | None
    mentioned: Collection[int]
    watchers: Collection[int]
    followers: Collection[int]
    because_of: int | None
    members: Callable[[], Collection[int]]

    @property
    def verb(self) -> str:
        return self.event.name.partition(".")[2]

    @property
    def is_file(self) -> bool:
        return self.verb == "attach"

    @property
    def is_public(self) -> bool:
        """Whether something was said that the callers read."""
        return self.said is not None and self.said.audience == "all"

    @property
    def is_of_a_caller(self) -> bool:
        return self.event.actor_id in access.callers(self.facts)

    def became(self, attribute: str) -> Any:
        """What the event set a field to; None where it left it or cleared it."""
        return self._changed(attribute)[1]

    def was(self, attribute: str) -> Any:
        """What a field held that the event changed; None where it left it."""
        return self._changed(attribute)[0]

    def _changed(self, attribute: str) -> Any:
        name = self.rtype.names.get(attribute, attribute)
        change = self.event.changes.get(name) if name in fields.of(self.rtype) else None
        return change if isinstance(change, list) else (None, None)


def concerned(what: Happening) -> dict[int, list[Kind]]:
    """Each person with every reason, the strongest first, without whoever did it."""
    found: dict[int, set[str]] = {}

    def tell(kind: Kind, *people: int | None) -> None:
        for person in people:
            if person is None or person in (what.event.actor_id, what.because_of):
                continue
            found.setdefault(person, set()).add(kind.name)

    if what.verb in SILENT:
        return {}
    tell(MENTIONED, *what.mentioned)
    if what.verb != "create":
        tell(NEWS, *what.followers)
        tell(WATCHED, *what.watchers)
    for name in what.rtype.concerns:
        tell(ANSWERABLE, what.was(name), what.became(name))
    if what.is_of_a_caller:
        _by_a_caller(what, tell)
    # Where there are two, what one of them does is told to the other.
    _to_the_callers(what, tell)
    if (assignee := what.became("assignee")) is not None and assignee != what.event.actor_id:
        # Also where what one did oneself made Mainstay choose one.
        found.setdefault(assignee, set()).add(ASSIGNED.name)
    if what.verb != "create":
        # Who has it hears all the rest of it, too; who wants no answers wants none under another name. And whoever it
        # is taken from hears that.
        some = (what.facts.assignee_id, what.was("assignee"))
        tell(WATCHED, *(p for p in some if p and found.get(p, set()) <= {MENTIONED.name}))
    return {
        person: [BY_NAME[name] for name in sorted(names, key=RANK.__getitem__)]
        for person, names in found.items()
    }


def _by_a_caller(what: Happening, tell: Callable[..., None]) -> None:
    """An answer, a file, or a solution that does not hold: for whoever has it, else for the team."""
    state = what.rtype.lifecycle.state(what.facts.state)
    if what.verb == "create" or state.kind.is_final:
        return
    if what.is_public or what.is_file or what.became("state"):
        if what.facts.assignee_id is not None:
            tell(ANSWERED, what.facts.assignee_id)
        else:
            tell(UNTAKEN, *what.members())


def _to_the_callers(what: Happening, tell: Callable[..., None]) -> None:
    """What they must do, what they are answered, and where it ends."""
    callers, state = access.callers(what.facts), what.became("state")
    kind = what.rtype.lifecycle.state(state).kind if state and what.verb != "create" else None
    if what.became("waiting_for") == THE_CALLER:
        tell(WAITING, *callers)
    elif kind is StateKind.RESOLVED:
        tell(SOLVED, *callers)
    elif what.is_public or what.is_file or (kind is not None and kind.is_final):
        tell(PROGRESS, *callers)
