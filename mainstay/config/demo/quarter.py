"""What is reported when, and how long it takes: a quarter's good and bad weeks, drawn before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from mainstay.config.demo import texts
from mainstay.config.demo.hours import HERE, reported
from mainstay.config.demo.size import Size
from mainstay.config.demo.texts import Story, span

A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Report:
    """`pace` is how long everything takes in that week, where an ordinary one is 1."""

    at: datetime
    story: Story
    pace: float = 1.0


@dataclass(frozen=True)
class Wave:
    """What comes all at once: `case` is what most of its reports become children of, where there is one."""

    name: str
    begin: datetime
    end: datetime
    reports: int
    case: Mapping[str, Any] | None = None

    def moment(self, after: str) -> datetime:
        return self.begin + span(after)


class Quarter:
    """A site's past of some size, up to a moment."""

    def __init__(self, size: Size, now: datetime) -> None:
        told = texts.read("quarter.toml")
        self.size, self.now, self.begin = size, now, now - timedelta(days=size.days)
        self._recurring = told["recurring"]
        self._weeks = {week["ago"]: week for week in told["week"]}
        here = now.astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
        self._monday = here - timedelta(days=here.weekday())
        every = [self._wave(wave) for wave in told["wave"]]
        self.waves = [w for w in every if self.begin <= w.begin and w.end <= now]

    def week(self, at: datetime) -> int:
        """How many weeks ago, where the one of seeding is 0; they begin on Mondays."""
        return max(0, -((at - self._monday) // A_WEEK))

    def passed(self, at: datetime) -> float:
        """How much of it lies before a moment."""
        return (at - self.begin) / (self.now - self.begin)

    def reports(self, rng: Random) -> list[Report]:
        """The ordinary course of things, in order."""

        def busy(hour: datetime) -> float:
            return float(self._of_week(hour, "reports"))

        told = [story for story in texts.stories() if not story.wave]
        moments = reported(rng, self.size.reports, self.begin, self.now, busy)
        chosen = self._chosen(rng, told, moments)
        return [self._report(at, story) for at, story in zip(moments, chosen, strict=True)]

    def reports_of(self, rng: Random, wave: Wave) -> list[Report]:
        """Those of a wave, in order: of hours, most at its beginning; of days, as people are at work."""
        length = wave.end - wave.begin
        if length < timedelta(days=1):
            moments = sorted(wave.begin + length * rng.random() ** 1.5 for _ in range(wave.reports))
        else:
            moments = reported(rng, wave.reports, wave.begin, wave.end)
        told = [story for story in texts.stories() if story.wave == wave.name]
        stories = rng.choices(told, [len(story.titles) for story in told], k=wave.reports)
        return [self._report(at, story) for at, story in zip(moments, stories, strict=True)]

    def _report(self, at: datetime, story: Story) -> Report:
        return Report(at, story, float(self._of_week(at, "pace")))

    def _of_week(self, at: datetime, name: str) -> float:
        return float(self._weeks.get(self.week(at), {}).get(name, 1.0))

    def _wave(self, told: Mapping[str, Any]) -> Wave:
        day = self._monday - told["week"] * A_WEEK + timedelta(days=told["day"])
        begin = day + span(told["at"])
        count = round(told["reports"] * self.size.busy)
        return Wave(told["name"], begin, begin + span(told["lasts"]), count, told.get("case"))

    def _chosen(
        self, rng: Random, stories: Sequence[Story], moments: Sequence[datetime]
    ) -> Iterator[Story]:
        """For each moment what has waited longest for its turn; what has more wordings happens more often."""
        waits = [rng.random() for _ in stories]
        for at in moments:
            often = [len(story.titles) * self._rate(story, at) for story in stories]
            whole = sum(often)
            waits = [wait + rate / whole for wait, rate in zip(waits, often, strict=True)]
            longest = max(range(len(stories)), key=waits.__getitem__)
            waits[longest] -= 1
            yield stories[longest]

    def _rate(self, story: Story, at: datetime) -> float:
        rate = 1.0
        for cause in self._recurring:
            if cause["item"] == story.item:
                rate *= cause["before" if at < self.now - span(cause["at"]) else "after"]
        return rate
