"""What becomes of a report: who does what and after how long, as chance has it.

A plot is a generator. It acts, then yields the moment of its next act; whoever plays it holds
the clock there. What lies after the moment of seeding never happens: the newest cases are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from mainstay.config.demo import phrases
from mainstay.config.demo.desk import Case, Desk
from mainstay.config.demo.hours import at_work
from mainstay.config.demo.house import Person
from mainstay.config.demo.quarter import Report, Wave
from mainstay.config.demo.texts import Story, fill
from mainstay.practices.incidents.lifecycle import CLOSES_AFTER
from mainstay.records import clock, timers

Plot = Iterator[datetime]
DESK = "Service Desk"
RESTRICTED = "HR Services"
# Hours until somebody starts and until it is solved, by priority.
FIRST_LOOK = {1: (0.05, 0.2), 2: (0.1, 0.6), 3: (0.3, 4), 4: (0.5, 9), 5: (2, 30)}
SOLUTION = {1: (1, 4), 2: (1, 9), 3: (1, 22), 4: (2, 40), 5: (8, 90)}
FLOORS, TILLS = 7, 4
# How often somebody looks whether a problem is solved before they go on without.
PATIENCE = 6


class Chance:
    """A story's luck: its texts, and how long things take."""

    def __init__(self, desk: Desk, rng: Random) -> None:
        self.desk, self.rng = desk, rng
        self._used: dict[str, int] = {}

    def happens(self, probability: float) -> bool:
        return self.rng.random() < probability

    def least_used(self, texts: list[str]) -> str:
        """One of the texts that were chosen least often so far."""
        fewest = min(self._used.get(text, 0) for text in texts)
        chosen = self.rng.choice([t for t in texts if self._used.get(t, 0) == fewest])
        self._used[chosen] = fewest + 1
        return chosen

    def after(
        self, low: float, high: float, *, is_work: bool = True, pace: float = 1.0
    ) -> datetime:
        """A moment some hours from now; work happens when people are at work."""
        hours = (low + (high - low) * self.rng.random() ** 1.6) * pace
        moment = clock.now() + timedelta(hours=hours)
        return at_work(moment, self.rng) if is_work else moment

    def slots(self, caller: Person) -> dict[str, Any]:
        rng = self.rng
        colleague = caller
        while colleague == caller:
            colleague = rng.choice(self.desk.house.callers)
        day = (clock.now() - timedelta(days=rng.randrange(1, 5))).strftime("%A")
        return {
            "n": rng.randrange(3, 46),
            "day": day,
            "since": rng.choice(("since this morning", "all week", f"since {day}", "today")),
            "time": f"{rng.randrange(7, 17):02}:{rng.randrange(0, 60, 5):02}",
            "floor": rng.randrange(2, FLOORS),
            "till": rng.randrange(1, TILLS),
            "room": f"{rng.randrange(2, FLOORS)}.{rng.randrange(1, 20):02}",
            "order": f"W-{rng.randrange(400000, 499999)}",
            "device": f"NH-L{rng.randrange(2100, 4900)}",
            "colleague": colleague.name,
            "site": self.desk.house.short.get(caller.site, "the head office"),
            "first": caller.first,
        }

    def anybody(self, team: str) -> Person:
        """A member of a team, rather not one of the eight who sign in."""
        everybody = self.desk.house.members[team]
        others = [p for p in everybody if p.login not in self.desk.house.personas]
        return self.rng.choice(others or everybody)


def ordinary(chance: Chance, report: Report) -> Plot:
    """The usual life of a report."""
    desk, story = chance.desk, report.story
    case, is_routed = _reported(chance, report)
    if chance.happens(0.02):
        yield chance.after(0.2, 3, is_work=False)
        return desk.cancel(case, chance.least_used(phrases.NEVER_MIND))
    if not is_routed:
        yield chance.after(0.3, 3)
        desk.triage(case, chance.anybody(DESK), story.service)
    yield from _worked_on(chance, story, case)
    yield from _afterwards(chance, story, case)
    return None


def caught(chance: Chance, report: Report, wave: Wave) -> Plot:
    """The life of a report that came in a wave: it is solved with the case behind it, once that is seen."""
    desk, told = chance.desk, wave.case
    case, _ = _reported(chance, report, is_clear=True)
    seen = clock.now() + timedelta(minutes=chance.rng.randrange(4, 40))
    if told is None or chance.happens(0.15):
        yield seen
        yield from _worked_on(chance, report.story, case)
    else:
        # Nobody sees what is behind it before that is reported itself, and started on.
        yield max(seen, wave.moment(told["steps"][0]["after"]) + timedelta(minutes=1))
        solved = wave.moment(told["steps"][-1]["after"])
        if clock.now() < solved:
            desk.adopt(case, chance.anybody(DESK), told["title"])
            yield solved + timedelta(minutes=chance.rng.randrange(1, 30))
            desk.settle(case)
        else:
            yield from _worked_on(chance, report.story, case)
    yield from _afterwards(chance, report.story, case)
    return None


def _afterwards(chance: Chance, story: Story, case: Case) -> Plot:
    """What its caller says to the solution, or nothing."""
    desk = chance.desk
    if chance.happens(0.06):
        yield chance.after(1, 40)
        desk.reopen(case, chance.least_used(phrases.NOT_YET))
        yield chance.after(0.3, 6)
        yield from _solved(chance, story, case)
    if chance.happens(0.45):
        yield chance.after(0.5, 30)
        return desk.confirm(case, chance.least_used(phrases.THANKS) if chance.happens(0.6) else "")
    yield clock.now() + CLOSES_AFTER
    timers.fire_due()
    return None


def _reported(chance: Chance, report: Report, *, is_clear: bool = False) -> tuple[Case, bool]:
    """In the portal, where not everybody knows what it is about, or by telephone."""
    desk, story = chance.desk, report.story
    if story.customer:
        caller = chance.rng.choice(desk.house.customers)
    else:
        departments = tuple(story.callers) or desk.house.used_by[story.service]
        caller = chance.rng.choice(desk.house.callers_of(departments))
    slots = chance.slots(caller)
    title = fill(chance.least_used(story.titles), slots)
    body = fill(chance.least_used(story.bodies), slots)
    is_private = desk.house.support[story.service] == RESTRICTED
    by_phone = not is_private and not story.customer and chance.happens(0.3)
    is_routed = is_clear or by_phone or is_private or chance.happens(0.8)
    impact, urgency = story.level
    urgency = min(3, max(1, urgency + chance.rng.choice((-1, 0, 0, 0, 1))))
    case = desk.report(
        caller,
        title,
        body,
        service=story.service if is_routed else "",
        level=(impact, urgency),
        by=chance.anybody(DESK) if by_phone else None,
        slots=slots,
    )
    case.pace = report.pace
    return case, is_routed


def _begun(chance: Chance, story: Story, case: Case) -> Plot:
    desk = chance.desk
    yield chance.after(*FIRST_LOOK[case.priority], is_work=case.priority > 1, pace=case.pace)
    if case.assignee and chance.happens(0.04):
        desk.give(case, case.assignee, None, chance.least_used(phrases.BACK))
        yield chance.after(3, 30)
    who = case.assignee or chance.anybody(case.team)
    desk.start(case, who)
    if chance.happens(0.8):
        yield clock.now() + timedelta(minutes=chance.rng.randrange(2, 25))
        desk.file(case, who, story.filed, story.item)
    if chance.happens(0.05):
        desk.weigh(case, who, 1, "")
    if chance.happens(0.35):
        desk.reply(case, who, fill(chance.least_used(phrases.SEEN), case.slots))


def _worked_on(chance: Chance, story: Story, case: Case) -> Plot:
    desk = chance.desk
    yield from _begun(chance, story, case)
    if chance.happens(0.6):
        yield chance.after(0.2, 3)
        desk.note(case, _holder(case), fill(chance.least_used(story.notes), case.slots))
    if case.team != RESTRICTED and chance.happens(0.07):
        team = chance.rng.choice([t for t in desk.house.teams if t not in (case.team, RESTRICTED)])
        desk.give(case, _holder(case), chance.anybody(team), chance.least_used(phrases.OVER), team)
        yield chance.after(0.5, 5)
    if story.ask and chance.happens(0.55):
        yield chance.after(0.2, 4)
        hello = fill(chance.least_used(phrases.HELLO), case.slots)
        desk.hold(case, _holder(case), "caller", f"{hello}\n\n{fill(story.ask, case.slots)}")
        if chance.happens(0.12):
            yield chance.after(96, 150)
            return desk.resolve(case, _holder(case), *phrases.SILENT)
        yield chance.after(0.4, 40)
        desk.reply(case, case.caller, fill(chance.least_used(list(story.answers)), case.slots))
    if story.stuck and chance.happens(story.sticks / 10):
        yield chance.after(0.5, 5)
        what, text = story.stuck
        desk.hold(case, _holder(case), what, text, days=chance.rng.randrange(2, 8))
        yield from _waits(chance, case, what)
        desk.settle(case)
        if case.state == "resolved":
            return None
        desk.resume(case, _holder(case))
    yield chance.after(*SOLUTION[case.priority], is_work=case.priority > 1, pace=case.pace)
    yield from _solved(chance, story, case)
    return None


def _waits(chance: Chance, case: Case, what: str) -> Plot:
    """For others, for some time; for a problem until it is resolved, and the case with it, but not for ever."""
    yield chance.after(20, 170)
    for _ in range(PATIENCE if what == "problem" else 0):
        chance.desk.settle(case)
        if case.state == "resolved":
            return None
        yield chance.after(20, 60)
    return None


def _solved(chance: Chance, story: Story, case: Case) -> Plot:
    code, resolution, reply = chance.rng.choice(story.fixes)
    hello = fill(chance.least_used(phrases.HELLO), case.slots)
    text = f"{hello}\n\n{fill(reply, case.slots)}"
    chance.desk.resolve(case, _holder(case), code, fill(resolution, case.slots), text)
    yield from ()


def _holder(case: Case) -> Person:
    if case.assignee is None:
        raise LookupError(f"nobody has {case.number}")
    return case.assignee
