"""All that the live process asks the database, in one thread with one connection."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from mainstay.capabilities.telling import queries as telling
from mainstay.config.live import beside, unsaid
from mainstay.directory import actors
from mainstay.directory.signin import sessions
from mainstay.pure.rules import Actor
from mainstay.records import jobs, news
from mainstay.records.news import Happened, Known, News, Watch

log = logging.getLogger("mainstay.live")

TROUBLE = (DatabaseError, InterfaceError)


class Reading:
    """Each question is a statement or two, however many streams there are."""

    def __init__(self) -> None:
        self.watch = Watch()

    def begin(self, size: int) -> tuple[list[News], int, int]:
        """The last events, the newest there is, and up to where none can be missing."""
        return self.watch.begin(size), self.watch.mark, self.watch.safe

    def more(self) -> tuple[list[News], bool, int, int]:
        """What has happened since, and whether anything at all may have been written."""
        return self.watch.more(), self.watch.has_moved, self.watch.mark, self.watch.safe

    def who(self, secret: str) -> Actor | None:
        return actors.by_session(secret)

    def comes(self, secret: str) -> tuple[Actor, datetime] | None:
        """Who it is, and until when unless something ends it before."""
        actor = actors.by_session(secret)
        until = sessions.until(actor.session) if actor else None
        return (actor, until) if actor and until else None

    def still(self, digests: Iterable[str]) -> dict[str, tuple[Actor, datetime]]:
        """Of these sessions the ones that hold on, with their people as they are now, and until when."""
        return actors.by_sessions(digests)

    def numbered(self, numbers: Iterable[str]) -> dict[str, Known]:
        return news.numbered(numbers)

    def known(self, ids: Iterable[int]) -> dict[int, Known]:
        return news.known(ids)

    def beside(
        self, happenings: Sequence[Happened], followed: Collection[int]
    ) -> dict[int, list[Known]]:
        """For each record that something happened to, those of the followed ones whose pages show it."""
        if not happenings or not followed:
            return {}
        stand = {
            record: others & followed for record, others in beside.of(happenings, followed).items()
        }
        there = news.known(set().union(*stand.values()))
        return {
            record: [there[one] for one in others if one in there]
            for record, others in stand.items()
        }

    def tasked(self, ids: Collection[int]) -> set[int]:
        """Those of these records that lists of tasks name."""
        return beside.tasked(ids)

    def unsaid(self, followed: Collection[int]) -> unsaid.Standing:
        """What of these, and of every notice, pages show and no event tells."""
        return unsaid.standing(followed)

    def inboxes(self, people: Iterable[int]) -> Mapping[int, Any]:
        """For each person a value that changes when their inbox does, or long work of theirs has ended."""
        told, ended = telling.standing(people), jobs.standing(people)
        return {person: (told.get(person), ended.get(person)) for person in {*told, *ended}}

    def let_go(self) -> None:
        """After trouble: the next question makes a connection of its own."""
        self.watch.let_go()
        connection.close()
