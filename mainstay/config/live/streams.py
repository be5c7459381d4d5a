"""One open stream: what it looks at, and what waits to be sent over it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from mainstay.config.live.places import written
from mainstay.pure.rules import Actor
from mainstay.records.news import Known
from mainstay.records.types import shelf

# As many as fit into an address; a page beyond them looks for itself (frontend/js/lazy/live.js knows the number).
MOST_SUBJECTS, LONGEST = 120, 80
MINE, INBOX, EVERYTHING = "mine", "inbox", "all"
PORTAL, WORKLOAD = "portal", "workload"
# What holds records of several types; an inbox rings for its person, whatever is open.
PAGES = (MINE, PORTAL, WORKLOAD)
HERE, PLACE = "here", "place"
NEVER = datetime.max.replace(tzinfo=UTC)


class Subjects:
    """What the tabs of a browser look at, by the first words of their addresses: `incidents`, `incidents/INC-1`."""

    def __init__(self, words: Sequence[str]) -> None:
        self.lists: dict[str, str] = {}
        # One record may be looked at as it is worked on and as its requester sees it, and is told of as both.
        self.numbers: dict[str, list[str]] = {}
        self.pages: set[str] = set()
        for word in words[:MOST_SUBJECTS]:
            self._take(word[:LONGEST])

    def _take(self, word: str) -> None:
        plural, _, number = word.partition("/")
        rtype = shelf.by_plural(plural)
        if word in PAGES:
            self.pages.add(word)
        elif rtype is not None and not number:
            self.lists[rtype.name] = word
        elif number and (rtype is not None or plural == PORTAL):
            self.numbers.setdefault(number, []).append(word)


class Stream:
    """A browser that listens. Each thing it is to be told waits once, however often it happens."""

    def __init__(self, actor: Actor, subjects: Subjects, until: datetime = NEVER) -> None:
        """`until` is when its session ends by itself."""
        self.actor, self.subjects, self.until = actor, subjects, until
        self.session = actor.session
        self.person = actor.id or 0  # there is no session of nobody
        self.records: dict[int, list[str]] = {}
        self.is_over = False
        self._waiting: dict[str, str] = {}
        self._place = 0
        self._wake = asyncio.Event()

    def look_at(self, records: Iterable[Known]) -> None:
        """What it asks for, by its words; whether it may hear of that is judged by each event."""
        for record in records:
            asked = self.subjects.numbers.get(record.number, ())
            fit = (PORTAL, record.rtype.plural)
            if words := [word for word in asked if word.partition("/")[0] in fit]:
                self.records[record.id] = words

    def tell(self, what: str, event: str = "", place: int = 0) -> None:
        """`event` names the kind where it is no change of `what`; `place` is where it may go on after a break."""
        key = f"{event} {what.partition(':')[0]}"
        self._waiting[key] = (f"event: {event}\n" if event else "") + f"data: {what}\n"
        self._place = max(place, self._place)
        self._wake.set()

    def waits(self, what: str) -> bool:
        """Whether it is to be told of that anyway."""
        return f" {what}" in self._waiting

    def end(self) -> None:
        """The browser comes back by itself, and is asked then who it is."""
        self.is_over = True
        self._wake.set()

    async def take(self, patience: float) -> str:
        """What waits, as it is sent; "" when nothing came meanwhile."""
        try:
            await asyncio.wait_for(self._wake.wait(), patience)
        except TimeoutError:
            return ""
        self._wake.clear()
        told, self._waiting = list(self._waiting.values()), {}
        place = f"id: {written(self._place)}\n" if self._place else ""
        return "".join(f"{place}{each}\n" for each in told)
