"""Problems behind the demonstration's incidents, in every state: who found what, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mainstay.capabilities.conversation.commands import say
from mainstay.config.demo import texts
from mainstay.config.demo.desk import Desk
from mainstay.config.demo.hours import last_afternoon, on_a_weekday
from mainstay.config.demo.house import Person
from mainstay.config.demo.plots import Plot
from mainstay.config.demo.quarter import Quarter
from mainstay.practices.problems.commands import CAUSED_BY, communicate, duplicate
from mainstay.pure.rules import SYSTEM
from mainstay.records import clock, commands, queries, where
from mainstay.records.types import Message, shelf

Step = Mapping[str, Any]


class Analysis:
    """What people do with problems, each as one command by the person who does it."""

    def __init__(self, desk: Desk) -> None:
        self.house, self.worker = desk.house, desk.worker
        self.problem, self.incident = shelf.type("problem"), shelf.type("incident")
        self.task = shelf.type("task")
        self.numbers: dict[str, str] = {}

    def person(self, name: str) -> Person:
        """By name, or one of the eight by login."""
        return self.house.people.get(name) or self.house.persona(name)

    def found(self, told: Mapping[str, Any]) -> str:
        impact, urgency = told.get("level", (3, 3))
        data = {
            "title": told["title"],
            "body": told["body"],
            "service": self.house.services[told["service"]],
            "item": self.house.items[told["item"]],
            "impact": impact,
            "urgency": urgency,
            "is_major": told.get("major", False),
        }
        by = self.house.by(self.person(told["who"]))
        self.numbers[told["title"]] = number = commands.create(self.problem, data, by).number
        return str(number)

    def move(self, number: str, step: Step) -> None:
        given = dict(step.get("given", {}))
        if "owner" in step:
            given["risk_owner"] = self.person(step["owner"]).number
        if "days" in step:
            given["risk_until"] = (clock.now() + timedelta(days=step["days"])).date().isoformat()
        message = Message("internal", step["text"]) if "text" in step else None
        by = self.house.by(self.person(step["who"]))
        commands.move(self.problem, number, step["move"], given, by, message=message)

    def change(self, number: str, step: Step) -> None:
        by = self.house.by(self.person(step["who"]))
        commands.change(self.problem, number, step["given"], by, reason=step.get("reason", ""))

    def note(self, number: str, step: Step) -> None:
        by = self.house.by(self.person(step["who"]))
        say(self.problem, number, Message("internal", step["text"]), by)

    def link(self, number: str, step: Step) -> None:
        """The incidents about an item so far, in the order they were reported."""
        by = self.house.by(self.person(step["who"]))
        item = self.house.items[step["item"]]
        asked = f'item == "{item}"' + (f" && {step['only']}" if "only" in step else "")
        condition = where.parse(self.incident, by.actor, asked)
        rows = queries.page(self.incident, by.actor, where=condition, order="created_at", size=200)
        for row in rows.items[: step.get("most", 200)]:
            if not queries.linked(
                self.problem, SYSTEM, self.id_of(row["number"]), CAUSED_BY, towards="target"
            ):
                commands.link(self.incident, row["number"], CAUSED_BY, number, by)

    def id_of(self, incident: str) -> int:
        return queries.one(self.incident, SYSTEM, incident, names=()).facts.id

    def communicate(self, number: str, step: Step) -> None:
        communicate(number, step["about"], step["text"], self.house.by(self.person(step["who"])))

    def tasks(self, number: str, step: Step) -> None:
        """Some, one after the other, each with an owner and with days until it is due where they are told."""
        by = self.house.by(self.person(step["who"]))
        for told in step["tasks"]:
            data = {"title": told["title"], "parent": number}
            if "owner" in told:
                data["owner"] = self.person(told["owner"]).number
            if "days" in told:
                data["due_at"] = clock.now() + timedelta(days=told["days"])
            self.numbers[told["title"]] = commands.create(self.task, data, by).number

    def done(self, _number: str, step: Step) -> None:
        by = self.house.by(self.person(step["who"]))
        commands.move(self.task, self.numbers[step["task"]], "finish", {}, by)

    def again(self, number: str, step: Step) -> None:
        """Back to its analysis, where an incident that was linked has not taken it there."""
        row = queries.one(self.problem, SYSTEM, number, names=("state",))
        if row["state"] == "resolved":
            self.move(number, {**step, "move": "reanalyse"})

    def duplicate(self, number: str, step: Step) -> None:
        duplicate(number, self.numbers[step["of"]], self.house.by(self.person(step["who"])))


ACTS: Mapping[str, Callable[[Analysis, str, Step], None]] = {
    "move": Analysis.move,
    "change": Analysis.change,
    "note": Analysis.note,
    "link": Analysis.link,
    "communicate": Analysis.communicate,
    "duplicate": Analysis.duplicate,
    "again": Analysis.again,
    "tasks": Analysis.tasks,
    "done": Analysis.done,
}


def problems(desk: Desk, quarter: Quarter) -> list[tuple[datetime, Plot]]:
    """When each is found, and what happens then; those of a time before, or of a wave that was not, are left out."""
    analysis, now = Analysis(desk), last_afternoon(quarter.now)
    begins = {wave.name: wave.begin for wave in quarter.waves}
    begun = []
    for told in texts.read("problems.toml")["problem"]:
        begin = begins.get(told["wave"]) if "wave" in told else now
        if begin is not None and (at := _moment(told, now, begin)) >= quarter.begin:
            begun.append((at, _played(analysis, told, now, begin)))
    return begun


def _played(analysis: Analysis, told: Mapping[str, Any], now: datetime, begin: datetime) -> Plot:
    number = analysis.found(told)
    analysis.worker.follow()
    for step in told.get("steps", ()):
        yield _moment(step, now, begin)
        ACTS[step["do"]](analysis, number, step)
        analysis.worker.follow()


def _moment(told: Mapping[str, Any], now: datetime, begin: datetime) -> datetime:
    return on_a_weekday(texts.moment(told, now, begin), now)
