"""Who hears what: `config/wiring.py` lists every reaction, this file finds and runs the ones an event concerns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from mainstay.pure.rules import By
from mainstay.records.models import Event
from mainstay.records.types import Message, RecordType


@dataclass(frozen=True)
class Heard:
    """What a reaction is told.

    Inline, `record` is the locked instance the command holds. Later it is one as it is now, which those who hear of
    the same event share until one of them writes: nobody alters it without its lock.
    """

    event: Event
    record: Any
    rtype: RecordType
    by: By
    message: Message | None = None
    data: Any = None


@dataclass(frozen=True)
class Reaction:
    """`pattern` holds event names with `*`, separated by spaces.

    `many` does the same for a batch of events in one transaction, for a listener that touches only this database.
    """

    pattern: str
    run: Callable[[Heard], None]
    many: Callable[[Sequence[Event]], None] | None = None

    @property
    def name(self) -> str:
        """Where its function stands; pending rows and causes know it by this."""
        return f"{self.run.__module__.removeprefix('mainstay.')}.{self.run.__name__}"

    def hears(self, event_name: str) -> bool:
        """Whether one of its patterns fits the name of an event."""
        return any(fnmatchcase(event_name, pattern) for pattern in self.pattern.split())


_inline: tuple[Reaction, ...] = ()
_later: tuple[Reaction, ...] = ()
_replayed: tuple[Reaction, ...] = ()


def install(
    inline: Sequence[Reaction], later: Sequence[Reaction], replayed: Sequence[Reaction] = ()
) -> None:
    """Called once at startup with the three lists of the product."""
    global _inline, _later, _replayed
    _inline, _later, _replayed = tuple(inline), tuple(later), tuple(replayed)
    for found in (inline_for, later_for, replayed_for):
        found.cache_clear()


@lru_cache(2048)
def inline_for(event_name: str) -> tuple[Reaction, ...]:
    """Run inside the command's transaction, in this order; they may make it fail."""
    return tuple(r for r in _inline if r.hears(event_name))


@lru_cache(2048)
def later_for(event_name: str) -> tuple[Reaction, ...]:
    """Run by the worker after the commit, in this order; they may run twice."""
    return tuple(r for r in _later if r.hears(event_name))


@lru_cache(2048)
def replayed_for(event_name: str) -> tuple[Reaction, ...]:
    """Run once for a record whose past was replayed, after its last event, in its transaction."""
    return tuple(r for r in _replayed if r.hears(event_name))


def everything() -> tuple[tuple[Reaction, ...], ...]:
    """The three lists as they were installed: inline, later, for replays."""
    return _inline, _later, _replayed
