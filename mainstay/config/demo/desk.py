"""What people do at a service desk, each as one command of the engine by the person who does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.files.commands import attach
from mainstay.capabilities.notices.commands import me_too, publish
from mainstay.capabilities.search import reactions as search
from mainstay.capabilities.telling.commands import watch
from mainstay.config.demo.house import House, Person
from mainstay.practices.incidents.commands import CHILD_OF, tell_children
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import clock, commands, queries
from mainstay.records.inside import Inside
from mainstay.records.reactions import Reaction
from mainstay.records.types import Message, shelf

PUBLIC, INTERNAL = "all", "internal"


@dataclass
class Case:
    """One incident on its way, and who has it now."""

    number: str
    caller: Person
    service: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    assignee: Person | None = None
    team: str = ""
    priority: int = 4
    state: str = "new"
    pace: float = 1.0


class Desk:
    """Acts at the moment the clock is held at; of the worker's part, what others go on from is done at once."""

    def __init__(self, house: House, rng: Random) -> None:
        self.house, self.rng = house, rng
        # The index is made in one go when everything is there.
        self.worker = Inside(but=[Reaction("*", search.index_record).name])
        self.incident = shelf.type("incident")
        self.numbers: dict[str, str] = {}
        self._parents: set[str] = set()
        self._team_of = {number: name for name, number in house.teams.items()}

    def report(
        self,
        caller: Person,
        title: str,
        body: str,
        *,
        service: str = "",
        level: tuple[int, int] = (3, 3),
        by: Person | None = None,
        slots: Mapping[str, Any] | None = None,
    ) -> Case:
        """In the portal by the caller, or written down by whoever answered the telephone."""
        data: dict[str, Any] = {"title": title, "body": body, "impact": level[0]}
        data["urgency"] = level[1]
        if service:
            data["service"] = self.house.services[service]
        if by:
            data |= {"requester": caller.number, "channel": "phone"}
        who = self.house.by(by) if by else self.house.by(caller, "portal")
        record = commands.create(self.incident, data, who)
        self.numbers[title] = record.number
        case = Case(record.number, caller, service, slots or {})
        self.settle(case)
        return case

    def settle(self, case: Case) -> None:
        """Lets the worker do what waits for it, and looks who has the case now."""
        self.worker.follow()
        names = ("assignee", "team", "priority", "state")
        row = queries.one(self.incident, SYSTEM, case.number, names=names)
        case.assignee = self.house.of_number(row["assignee"]["number"]) if row["assignee"] else None
        case.team = self._team_of[row["team"]["number"]] if row["team"] else ""
        case.priority, case.state = row["priority"], row["state"]

    def triage(self, case: Case, by: Person, service: str) -> None:
        """Finds out what it is about; the worker then finds the team and somebody with room."""
        case.service = service
        self._change(case, {"service": self.house.services[service]}, by)
        self.settle(case)

    def start(self, case: Case, by: Person) -> None:
        case.assignee = by
        self._move(case, "start", {"assignee": by.number}, by)

    def file(self, case: Case, by: Person, filed: tuple[str, str], item: str) -> None:
        """Category and configuration item, once somebody has looked."""
        data = {"category": filed[0], "subcategory": filed[1]}
        if item:
            data["item"] = self.house.items[item]
        self._change(case, data, by)

    def weigh(self, case: Case, by: Person, urgency: int, reason: str) -> None:
        self._change(case, {"urgency": urgency}, by, reason=reason)

    def note(self, case: Case, by: Person, text: str) -> None:
        say(self.incident, case.number, Message(INTERNAL, text), self.house.by(by))

    def show(self, case: Case, by: Person, text: str, name: str, picture: bytes) -> None:
        """A note with a picture in it."""
        who = self.house.by(by)
        file = attach(self.incident, case.number, name, [picture], INTERNAL, who)
        where = f"/files/{case.number}/{file.uuid}/{name}"
        self.note(case, by, f"{text}\n\n![{name}]({where})")

    def publish(self, case: Case, by: Person, title: str, text: str, readers: int) -> None:
        who = self.house.by(by)
        hears = (clock.now() + timedelta(hours=2)).isoformat()
        said = {"title": title, "text": text, "next_update_at": hears}
        made = publish(self.incident, case.number, said, who)
        inside = [p for p in self.house.people.values() if p.department == case.caller.department]
        for person in inside[:readers]:
            me_too(made.number, self.house.by(person, "portal"))

    def tell(self, case: Case, by: Person, text: str) -> None:
        """The callers of its children, or its own where it has none."""
        if case.number in self._parents:
            tell_children(case.number, text, self.house.by(by))
        else:
            self.reply(case, by, text)

    def adopt(self, case: Case, by: Person, parent: str) -> None:
        """Makes it the child of the case with that title."""
        number = self.numbers[parent]
        commands.link(self.incident, case.number, CHILD_OF, number, self.house.by(by))
        self._parents.add(number)

    def watch(self, case: Case, by: Person) -> None:
        watch(self.incident, case.number, self.house.by(by))

    def reply(self, case: Case, by: Person, text: str) -> None:
        who = self.house.by(by, "portal" if by == case.caller else "web")
        say(self.incident, case.number, Message(PUBLIC, text), who)

    def hold(self, case: Case, by: Person, wait: str, text: str, days: int = 0) -> None:
        data: dict[str, Any] = {"waiting_for": wait}
        if days:
            data["resume_on"] = (clock.now() + timedelta(days=days)).date().isoformat()
        self._move(case, "hold", data, by, text)

    def resume(self, case: Case, by: Person) -> None:
        self._move(case, "resume", {}, by)

    def give(self, case: Case, by: Person, to: Person | None, text: str, team: str = "") -> None:
        """To a person, to another team, or back to one's own where nobody has it."""
        data: dict[str, Any] = {"assignee": to.number if to else None}
        if team:
            data["team"] = self.house.teams[team]
            case.team = team
        self._change(case, data, by, Message(INTERNAL, text))
        case.assignee = to

    def resolve(self, case: Case, by: Person, code: str, resolution: str, text: str) -> None:
        data = {"close_code": code, "resolution": resolution}
        self._move(case, "resolve", data, by, text)

    def reopen(self, case: Case, text: str) -> None:
        self._by_caller(case, "reopen", text)

    def confirm(self, case: Case, text: str) -> None:
        self._by_caller(case, "confirm", text)

    def cancel(self, case: Case, text: str) -> None:
        self._by_caller(case, "cancel", text)

    def _by_caller(self, case: Case, move: str, text: str) -> None:
        who = self.house.by(case.caller, "portal")
        message = Message(PUBLIC, text) if text else None
        commands.move(self.incident, case.number, move, {}, who, message=message)

    def _move(
        self, case: Case, name: str, data: Mapping[str, Any], by: Person, text: str = ""
    ) -> None:
        message = Message(PUBLIC, text) if text else None
        commands.move(self.incident, case.number, name, data, self._who(by), message=message)

    def _change(
        self,
        case: Case,
        data: Mapping[str, Any],
        by: Person,
        message: Message | None = None,
        reason: str = "",
    ) -> None:
        commands.change(
            self.incident, case.number, data, self._who(by), message=message, reason=reason
        )

    def _who(self, by: Person) -> By:
        return self.house.by(by)
