"""Cases that are there whenever somebody looks: each has its people, its words and its ages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mainstay.capabilities.behalf.commands import request_for
from mainstay.capabilities.tasks.commands import apply
from mainstay.config.demo import chart, texts
from mainstay.config.demo.desk import Case, Desk
from mainstay.config.demo.house import Person
from mainstay.config.demo.plots import Plot
from mainstay.records import commands
from mainstay.records.types import shelf

Step = Mapping[str, Any]


def cases(desk: Desk, now: datetime) -> list[tuple[datetime, Plot]]:
    """When each begins, and what happens then."""
    return [begun(desk, told, now, now) for told in texts.read("staged.toml")["case"]]


def begun(
    desk: Desk, told: Mapping[str, Any], now: datetime, begin: datetime
) -> tuple[datetime, Plot]:
    """One of them; `begin` is what its `after`s count from."""
    return texts.moment(told, now, begin), _played(desk, told, now, begin)


def _played(desk: Desk, told: Mapping[str, Any], now: datetime, begin: datetime) -> Plot:
    impact, urgency = told.get("level", (3, 3))
    case = desk.report(
        _who(desk, told["caller"]),
        told["title"],
        told["body"],
        service=told.get("service", ""),
        level=(impact, urgency),
        by=_who(desk, told["by"]) if "by" in told else None,
    )
    for step in told.get("steps", ()):
        yield texts.moment(step, now, begin)
        ACTS[step["do"]](desk, case, step)
        desk.settle(case)


def _who(desk: Desk, name: str) -> Person:
    """By name, or one of the eight by login."""
    return desk.house.people.get(name) or desk.house.persona(name)


def _start(desk: Desk, case: Case, step: Step) -> None:
    desk.start(case, _who(desk, step["who"]))


def _triage(desk: Desk, case: Case, step: Step) -> None:
    desk.triage(case, _who(desk, step["who"]), step["service"])


def _file(desk: Desk, case: Case, step: Step) -> None:
    first, second = step["filed"]
    desk.file(case, _who(desk, step["who"]), (first, second), step.get("item", ""))


def _weigh(desk: Desk, case: Case, step: Step) -> None:
    desk.weigh(case, _who(desk, step["who"]), step["urgency"], step.get("reason", ""))


def _note(desk: Desk, case: Case, step: Step) -> None:
    desk.note(case, _who(desk, step["who"]), step["text"])


def _picture(desk: Desk, case: Case, step: Step) -> None:
    desk.show(case, _who(desk, step["who"]), step["text"], step["name"], chart.bars(step["bars"]))


def _watch(desk: Desk, case: Case, step: Step) -> None:
    desk.watch(case, _who(desk, step["who"]))


def _reply(desk: Desk, case: Case, step: Step) -> None:
    desk.reply(case, _who(desk, step.get("who", case.caller.login)), step["text"])


def _hold(desk: Desk, case: Case, step: Step) -> None:
    who = _who(desk, step["who"])
    desk.hold(case, who, step["for"], step["text"], step.get("days", 0))


def _resume(desk: Desk, case: Case, step: Step) -> None:
    desk.resume(case, _who(desk, step["who"]))


def _give(desk: Desk, case: Case, step: Step) -> None:
    to = _who(desk, step["to"]) if "to" in step else None
    desk.give(case, _who(desk, step["who"]), to, step["text"], step.get("team", ""))


def _resolve(desk: Desk, case: Case, step: Step) -> None:
    desk.resolve(case, _who(desk, step["who"]), step["code"], step["resolution"], step["text"])


def _tasks(desk: Desk, case: Case, step: Step) -> None:
    """Those of a template, all for one person."""
    by = desk.house.by(_who(desk, step["who"]))
    for made in apply(desk.incident, case.number, desk.house.templates[step["template"]], by):
        owner = _who(desk, step["owner"]).number
        commands.change(shelf.type("task"), made.number, {"owner": owner}, by)


def _publish(desk: Desk, case: Case, step: Step) -> None:
    """A notice, and those of its readers who have it too."""
    desk.publish(case, _who(desk, step["who"]), step["title"], step["text"], step.get("too", 0))


def _tell(desk: Desk, case: Case, step: Step) -> None:
    desk.tell(case, _who(desk, step["who"]), step["text"])


def _request_for(desk: Desk, case: Case, step: Step) -> None:
    by = desk.house.by(_who(desk, step["who"]))
    request_for(desk.incident, case.number, _who(desk, step["whom"]).number, by)


def _adopt(desk: Desk, case: Case, step: Step) -> None:
    desk.adopt(case, _who(desk, step["who"]), step["parent"])


ACTS: Mapping[str, Callable[[Desk, Case, Step], None]] = {
    "start": _start,
    "triage": _triage,
    "file": _file,
    "weigh": _weigh,
    "note": _note,
    "picture": _picture,
    "watch": _watch,
    "reply": _reply,
    "hold": _hold,
    "resume": _resume,
    "give": _give,
    "resolve": _resolve,
    "tasks": _tasks,
    "publish": _publish,
    "tell": _tell,
    "adopt": _adopt,
    "request_for": _request_for,
    "reopen": lambda desk, case, step: desk.reopen(case, step["text"]),
    "confirm": lambda desk, case, step: desk.confirm(case, step["text"]),
}
