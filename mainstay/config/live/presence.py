"""Who looks at which record, in three grades; kept in memory for as long as the browser listens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from mainstay.pure.rules import Actor
from mainstay.records.news import Known
from mainstay.surfaces.web.formats import hue, initials

# In the order in which they count where somebody has a record open twice.
GRADES = ("writing", "viewing", "idle")
GONE = "gone"
MOST_TABS = 20
# How long somebody is kept whose stream is away: between two pages there is none for a moment.
GRACE_S = 6.0


@dataclass(frozen=True)
class Here:
    """One tab of one person on one record."""

    actor: Actor
    record: Known
    word: str
    grade: str
    seen: float


class Presence:
    """By session and tab."""

    def __init__(self) -> None:
        self._tabs: dict[tuple[str, str], Here] = {}

    def put(
        self, actor: Actor, tab: str, record: Known, word: str, grade: str, now: float
    ) -> set[Known]:
        """The records for which something changed, as all that follow tell them."""
        key = actor.session, tab
        before = self._tabs.get(key)
        if before is None and sum(s == actor.session for s, _ in self._tabs) >= MOST_TABS:
            return set()
        self._tabs[key] = Here(actor, record, word, grade, now)
        if before is None or (before.record.id, before.grade) != (record.id, grade):
            return {record} | ({before.record} if before else set())
        return set()

    def drop(self, session: str, tab: str) -> set[Known]:
        gone = self._tabs.pop((session, tab), None)
        return {gone.record} if gone else set()

    def drop_sessions(self, ended: Collection[str]) -> set[Known]:
        gone = [key for key in self._tabs if key[0] in ended]
        return {self._tabs.pop(key).record for key in gone}

    def sweep(self, listening: Mapping[str, Collection[str]], now: float) -> set[Known]:
        """`listening` tells for each session what its streams look at; whom none of them names has left."""
        changed: set[Known] = set()
        for key, here in list(self._tabs.items()):
            if here.word in listening.get(key[0], ()):
                self._tabs[key] = replace(here, seen=now)
            elif now - here.seen > GRACE_S:
                changed.add(self._tabs.pop(key).record)
        return changed

    def moved(self, record: Known, may_stand: Callable[[Actor, Known], bool]) -> set[Known]:
        """The record is another team's now, or somebody else's; who may be there no more is gone."""
        changed: set[Known] = set()
        for key, here in list(self._tabs.items()):
            if here.record.id != record.id:
                continue
            if may_stand(here.actor, record):
                self._tabs[key] = replace(here, record=record)
            else:
                del self._tabs[key]
                changed.add(record)
        return changed

    def records(self) -> set[Known]:
        return {here.record for here in self._tabs.values()}

    def on(self, record: int, but: int | None) -> list[list[str | int]]:
        """Initials, colour, name and grade of everybody there, without the one who asks."""
        found: dict[str, list[str | int]] = {}
        for here in _by_grade(self._tabs.values()):
            if here.record.id == record and here.actor.id != but:
                name, number = here.actor.name, here.actor.number
                entry: list[str | int] = [initials(name), hue(number), name, here.grade]
                found.setdefault(here.actor.number, entry)
        return list(found.values())


def _by_grade(tabs: Iterable[Here]) -> list[Here]:
    return sorted(tabs, key=lambda here: (GRADES.index(here.grade), here.actor.name))
