"""Who listens, and who of them is told: every event is judged for every stream by the product's own access rules."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from mainstay.capabilities.notices.record import notice
from mainstay.capabilities.tasks.record import task
from mainstay.capabilities.views.record import view
from mainstay.config.live import places, unsaid
from mainstay.config.live.presence import Presence
from mainstay.config.live.reading import TROUBLE, Reading
from mainstay.config.live.streams import (
    EVERYTHING,
    HERE,
    INBOX,
    MINE,
    PLACE,
    PORTAL,
    WORKLOAD,
    Stream,
    Subjects,
)
from mainstay.directory import workload
from mainstay.directory.record import team, user
from mainstay.pure.rules import Actor
from mainstay.records import clock
from mainstay.records.news import Happened, Known, News, happened, hears, hears_of
from mainstay.records.types import shelf

log = logging.getLogger("mainstay.live")
T = TypeVar("T")

# Seconds between two looks: at SQLite's counter of writes, which costs nothing, and at PostgreSQL's table.
LOOK_S, LOOK_POSTGRES_S = 0.25, 0.4
# Rights are judged anew when something was written, and when a session ends by itself; whatever else there may be, too.
RIGHTS_S, LONGEST_UNJUDGED_S, INBOXES_S, AFTER_TROUBLE_S = 2.0, 60.0, 1.0, 1.0
# Parts of the settings that say who may do what: people, and what they belong to.
RIGHTS = ("directory", "people")
KEPT = 3000  # events a browser that comes back can be told of
MOST_REPLAYED = 300  # records; beyond that it looks at everything anew
MOST_FOR_A_PERSON, MOST = 12, 4000
REMEMBERED_S = 60.0  # inboxes of people who go from page to page


class Full(Exception):
    """There are as many streams as may be: of this person, or of all (`of_all`)."""

    def __init__(self, *, of_all: bool) -> None:
        super().__init__("too many streams")
        self.of_all = of_all


class Anothers(Exception):
    """The page was drawn for somebody else than who is signed in now: it says nothing in their name."""


class Kept(NamedTuple):
    """An event, and when this process noticed it (0 where it was there before)."""

    noticed: float
    news: News


@dataclass
class Inbox:
    """How a person's stands, when this process noticed that, and when they were last there to be told."""

    standing: Any
    noticed: float
    listened: float


class Hub:
    """Everything one process knows; all of it belongs to its event loop."""

    def __init__(self, *, slack: float = 0.0) -> None:
        """`slack` is by how many seconds the clocks of those who draw pages may be ahead of ours."""
        self.reading = Reading()
        self.slack = slack
        self.streams: set[Stream] = set()
        self.presence = Presence()
        self.is_well = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._kept: deque[Kept] = deque(maxlen=KEPT)
        self._began = 0.0
        self.mark = self.safe = self._found_to = 0
        self._untold: list[News] = []
        self._inboxes: dict[int, Inbox] = {}
        self._unsaid: unsaid.Standing = {}
        self._rights_due = self._inboxes_due = True
        self._judged = self._looked = 0.0

    async def ask(self, question: Callable[..., T], *about: Any) -> T:
        """In the one thread that speaks with the database."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question, *about)

    # -- what happens ------------------------------------------------------------------------

    async def watch(self) -> None:
        """Until cancelled. A database that is away is waited for; what happened meanwhile is told then."""
        pause = LOOK_S if connection.vendor == "sqlite" else LOOK_POSTGRES_S
        while True:
            try:
                await (self.turn() if self._began else self.begin())
                self.is_well = True
            except TROUBLE as error:
                log.warning("the live process waits: %s", error)
                self.is_well = False
                await self.ask(self.reading.let_go)
                await asyncio.sleep(AFTER_TROUBLE_S)
            await asyncio.sleep(pause)

    async def begin(self) -> None:
        found, self.mark, self.safe = await self.ask(self.reading.begin, KEPT)
        self._kept.clear()  # what a look before this one found, which failed on its way
        self._kept.extend(Kept(0.0, news) for news in found)
        # Whoever comes back from before now looks at what may have changed meanwhile without a word.
        await self.notice_the_unsaid()
        self._untold = []
        self._began = time.time()

    async def turn(self) -> None:
        """What happened since the last one, to whom it concerns.

        Any question to the database may fail. So nothing counts as done before it is, and the next turn goes on there:
        what was found is told before anything else is looked for, and nobody goes on from a place before it was told.
        """
        if not self._untold:
            await self.look()
        if self.streams and self._is_to_judge():
            await self.judge_anew()
        await self.spread()
        if self.streams and self._inboxes_due and time.time() >= self._looked + INBOXES_S:
            await self.look_at_the_unsaid()
            await self.look_into_inboxes()
        self.leave_who_is_gone()

    async def look(self) -> None:
        found, has_moved, self.mark, self._found_to = await self.ask(self.reading.more)
        now = time.time()
        self._kept.extend(Kept(now, news) for news in found)
        self._untold = found
        if has_moved:
            self._rights_due = self._inboxes_due = True

    async def spread(self) -> None:
        found, records = self._untold, {}
        if found and self.streams:
            records = await self.ask(self.reading.known, [news.record for news in found])
        happenings = happened(found, records)
        beside = await self.ask(self.reading.beside, happenings, _followed(self.streams))
        tasked = await self.ask(self.reading.tasked, records.keys())
        self._untold, self.safe = [], self._found_to
        for record in records.values():
            self.tell_presence(self.presence.moved(record, _may_stand))
        for stream in list(self.streams):
            for word in _told(stream, happenings, beside, tasked):
                stream.tell(word, place=self.safe)
            for there in _lost(stream, happenings):
                stream.tell(there, event=HERE)

    def _is_to_judge(self) -> bool:
        patience = RIGHTS_S if self._rights_due else LONGEST_UNJUDGED_S
        is_late = time.time() >= self._judged + patience
        return is_late or self._has_ended() or _changes_rights(self._untold)

    def _has_ended(self) -> bool:
        """Whether a session's time is over; this is known without asking anybody."""
        now = clock.now()
        return any(stream.until <= now for stream in self.streams)

    async def judge_anew(self) -> None:
        """Whose session has ended, or whose rights are others now, is let go; who may comes back and is judged anew.

        The last word makes its pages look again: what they show may be there for them no more.
        """
        asked, now = {stream.session for stream in self.streams}, time.time()
        there = await self.ask(self.reading.still, asked)
        known = {s for s in self.streams if s.session in asked}
        ended = set()
        for stream in known:
            actor, stream.until = there.get(stream.session, (None, stream.until))
            if actor != stream.actor:
                ended.add(stream.session)
        # Who came meanwhile was judged at the door, perhaps before what is read here was written.
        self._judged, self._rights_due = now, len(known) < len(self.streams)
        for stream in [s for s in self.streams if s.session in ended]:
            stream.tell(EVERYTHING)
            self.leave(stream)
        self.tell_presence(self.presence.drop_sessions(ended))

    async def look_at_the_unsaid(self) -> None:
        await self.notice_the_unsaid()
        if self._untold:
            await self.spread()

    async def notice_the_unsaid(self) -> None:
        """What makes no event happens behind the last one there is: who knows that one is told of it."""
        followed = _followed(self.streams)
        standing = await self.ask(self.reading.unsaid, followed)
        changed = unsaid.changed(self._unsaid, standing)
        known = await self.ask(self.reading.known, [one.record for one in changed])
        self._unsaid, now = standing, time.time() if self._began else 0.0
        self._untold = [
            News(self.mark + 1, one.record, known[one.record].type_name, one.is_internal)
            for one in changed
            if one.record in known
        ]
        self._kept.extend(Kept(now, news) for news in self._untold)

    async def look_into_inboxes(self) -> None:
        listening = {stream.person for stream in self.streams}
        asked = listening | self._inboxes.keys()
        begun = time.time()
        standing = await self.ask(self.reading.inboxes, asked)
        self._looked, self._inboxes_due, now = begun, False, time.time()
        # Who came meanwhile was read after this.
        for person in asked & self._inboxes.keys():
            inbox = self._inboxes[person]
            if person in listening:
                inbox.listened = now
            if inbox.standing != standing.get(person):
                inbox.standing, inbox.noticed = standing.get(person), now
                for stream in self.streams:
                    if stream.person == person:
                        stream.tell(INBOX)
            if inbox.listened < now - REMEMBERED_S:
                del self._inboxes[person]

    # -- who listens -------------------------------------------------------------------------

    async def listen(
        self, secret: str, words: Sequence[str], after: str, since: str
    ) -> Stream | None:
        """A stream for whoever has this session; None for nobody. Raises Full.

        `after` is the last place the browser was told, `since` when the page that comes was drawn (milliseconds).
        """
        coming = await self.ask(self.reading.comes, secret)
        if coming is None:
            return None
        actor, until = coming
        if len(self.streams) >= MOST:
            raise Full(of_all=True)
        if sum(s.actor.id == actor.id for s in self.streams) >= MOST_FOR_A_PERSON:
            raise Full(of_all=False)
        stream = Stream(actor, Subjects(words), until)
        self.streams.add(stream)  # from here on it misses nothing
        try:
            found = await self.ask(self.reading.numbered, stream.subjects.numbers)
            stream.look_at(found.values())
            await self._catch_up(stream, after, since)
            await self._catch_up_with_inbox(stream, since)
        except BaseException:
            self.leave(stream)
            raise
        stream.tell("", event=PLACE, place=self.safe)
        for record in self.presence.records():
            self._tell_presence_to(stream, record)
        return stream

    def leave(self, stream: Stream) -> None:
        stream.end()
        self.streams.discard(stream)

    async def _catch_up(self, stream: Stream, after: str, since: str) -> None:
        """What happened while it was away, or between the drawing of its page and now."""
        missed = self._missed(after, since)
        if missed is None:
            stream.tell(EVERYTHING, place=self.safe)
            return
        # What stands on the page of a record is known when that was asked.
        wanted = missed if stream.records else [n for n in missed if _looks_at(stream, n)]
        if len({news.record for news in wanted}) > MOST_REPLAYED:
            stream.tell(EVERYTHING, place=self.safe)
            return
        records = await self.ask(self.reading.known, {news.record for news in wanted})
        happenings = happened(wanted, records)
        beside = await self.ask(self.reading.beside, happenings, _followed([stream]))
        tasked = await self.ask(self.reading.tasked, records.keys())
        for word in _told(stream, happenings, beside, tasked):
            stream.tell(word, place=self.safe)

    async def _catch_up_with_inbox(self, stream: Stream, since: str) -> None:
        """Where nobody knows whether it changed since then, it may have."""
        person, now = stream.person, time.time()
        if (inbox := self._inboxes.get(person)) is None:
            standing = await self.ask(self.reading.inboxes, {person})
            fresh = Inbox(standing.get(person), now, now)
            inbox = self._inboxes.setdefault(person, fresh)
        inbox.listened = now
        is_told = stream.waits(EVERYTHING)
        if not is_told and inbox.noticed >= _number(since) / 1000 - self.slack:
            stream.tell(INBOX)

    def _missed(self, after: str, since: str) -> list[News] | None:
        """None where nobody knows any more. With both, a page has come to a browser that was listening already."""
        place, drawn = sys.maxsize, math.inf
        if after:
            place = places.read(after)
            oldest = self._kept[0].news.event if self._kept else 1
            is_whole = len(self._kept) < KEPT
            if not (oldest - 1 <= place or is_whole) or not 0 < place <= self.mark:
                return None
        if since or not after:
            drawn = _number(since) / 1000 - self.slack
            if not self._began <= drawn:
                return None
        return [k.news for k in self._kept if k.news.event > place or k.noticed >= drawn]

    # -- who is where ------------------------------------------------------------------------

    async def stand(self, secret: str, person: str, word: str, tab: str, grade: str) -> bool:
        """Somebody looks at a record; whoever only asked for it knows of nobody. False for nobody.

        `person` is whose page says so, by number. Raises Anothers.
        """
        actor = await self.ask(self.reading.who, secret)
        if actor is None:
            return False
        if actor.number != person:
            raise Anothers
        subjects = Subjects([word])
        for record in (await self.ask(self.reading.numbered, subjects.numbers)).values():
            is_there = word == f"{record.rtype.plural}/{record.number}"
            if is_there and hears(actor, record, internal=True):
                self.tell_presence(
                    self.presence.put(actor, tab, record, word, grade, time.monotonic())
                )
        return True

    async def go(self, secret: str, tab: str) -> bool:
        actor = await self.ask(self.reading.who, secret)
        if actor is not None:
            self.tell_presence(self.presence.drop(actor.session, tab))
        return actor is not None

    def leave_who_is_gone(self) -> None:
        listening: dict[str, set[str]] = {}
        for stream in self.streams:
            looked_at = listening.setdefault(stream.session, set())
            looked_at.update(*stream.subjects.numbers.values())
        self.tell_presence(self.presence.sweep(listening, time.monotonic()))

    def tell_presence(self, changed: Collection[Known]) -> None:
        for record in changed:
            for stream in self.streams:
                self._tell_presence_to(stream, record, is_news=True)

    def _tell_presence_to(self, stream: Stream, record: Known, *, is_news: bool = False) -> None:
        looks = record.id in stream.records or record.type_name in stream.subjects.lists
        if looks and hears(stream.actor, record, internal=True):
            there = self.presence.on(record.id, but=stream.actor.id)
            if there or is_news:
                stream.tell(f"{record.number}:{json.dumps(there)}", event=HERE)

    def close(self) -> None:
        for stream in list(self.streams):
            self.leave(stream)
        self._thread.shutdown(wait=False, cancel_futures=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _changes_rights(found: Iterable[News]) -> bool:
    return any(shelf.type(news.type_name).settings_part in RIGHTS for news in found)


def _looks_at(stream: Stream, news: News) -> bool:
    return (
        news.record in stream.records
        or not stream.subjects.lists.keys().isdisjoint((news.type_name, task.name))
        or (news.type_name == view.name and bool(stream.subjects.lists))
        or bool(stream.subjects.pages)
    )


def _followed(streams: Iterable[Stream]) -> set[int]:
    return {record for stream in streams for record in stream.records}


def _told(
    stream: Stream,
    happenings: Sequence[Happened],
    beside: Mapping[int, Sequence[Known]],
    tasked: Collection[int],
) -> list[str]:
    """The words of a stream's subjects that have changed, as far as its actor may know.

    `beside` has for a record the others that show it, which hear of it where the actor may know of both; what is
    `tasked` is named in lists of tasks, and a view stands above a list.
    """
    words: dict[str, None] = {}
    for happening in happenings:
        news = happening.news
        around = [one for one in beside.get(news.record, ()) if one.id in stream.records]
        if not (around or _looks_at(stream, news)) or not hears_of(stream.actor, happening):
            continue
        words |= dict.fromkeys(stream.records.get(news.record, ()))
        for one in around:
            if hears(stream.actor, one):
                words |= dict.fromkeys(stream.records[one.id])
        for name, word in stream.subjects.lists.items():
            is_named = name == task.name and news.record in tasked
            if name == news.type_name or is_named or news.type_name == view.name:
                words[word] = None
        for page in stream.subjects.pages:
            if any(HOLDS[page](stream.actor, side) for side in happening.sides):
                words[page] = None
    return list(words)


def _lost(stream: Stream, happenings: Sequence[Happened]) -> list[str]:
    """What is to be known no more of a record: nothing where its reader may not see it, on any page it may be named.

    Who still sees it, but works on it no longer, is not told who is there.
    """
    told = []
    for _news, before, after in happenings:
        if before in (None, after):
            continue
        if hears(stream.actor, before) and not hears(stream.actor, after):
            told.append(f"{after.number}:null")
        elif _may_stand(stream.actor, before) and not _may_stand(stream.actor, after):
            told.append(f"{after.number}:[]")
    return told


def _may_stand(actor: Actor, record: Known) -> bool:
    return hears(actor, record, internal=True)


def _is_own(actor: Actor, record: Known) -> bool:
    return actor.id in (record.requester_id, record.requested_for_id)


def _is_mine(actor: Actor, record: Known) -> bool:
    """What my work holds: what one has, what one's teams have, what one asked for."""
    is_there = record.assignee_id == actor.id or record.team_id in actor.teams
    return is_there or _is_own(actor, record)


def _is_asked_for(actor: Actor, record: Known) -> bool:
    """What the lists of the portal hold: the reader's own requests, and what is going wrong for everybody."""
    return _is_own(actor, record) or record.type_name == notice.name


def _is_load(_actor: Actor, record: Known) -> bool:
    """What a team's workload is made of: work, its teams and its people."""
    return record.rtype in (team, user, *workload.types())


# What belongs to a page that holds records of several types.
HOLDS: dict[str, Callable[[Actor, Known], bool]] = {
    MINE: _is_mine,
    PORTAL: _is_asked_for,
    WORKLOAD: _is_load,
}
