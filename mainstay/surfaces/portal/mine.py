"""The requests of the person in front of the portal: what waits for them, what goes on, and all there were."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
    In,
    Kind,
    Not,
    Op,
    Value,
    any_of,
)
from mainstay.pure.lifecycle import Kind as StateKind
from mainstay.pure.rules import CALLER, Actor
from mainstay.records import access, counting, fields, queries
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.portal import words
from mainstay.surfaces.portal.words import Standing

SIZE = 50
AT_HOME = 5
STATE = FieldRef("state", Kind.CHOICE)
WAITING = FieldRef("waiting_for", Kind.CHOICE)
SHOWN = ("assignee", "waiting_for")


@dataclass(frozen=True)
class Request:
    """One of the person's records as the portal shows it."""

    rtype: RecordType
    row: dict[str, Any]
    standing: Standing
    track: list[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        return not StateKind(self.row["kind"]).is_final


def page(actor: Actor, after: str) -> tuple[list[Request], str]:
    """One kind of request after the other, and where the next page begins: a kind and its cursor."""
    name, _dot, cursor = after.partition(".")
    types = invitations(actor)
    types = types[next((n for n, t in enumerate(types) if _address(t) == name), 0) :]
    found: list[Request] = []
    for rtype in types:
        room = SIZE - len(found)
        if not room:
            return found, f"{_address(rtype)}."
        rows = _rows(actor, rtype, None, room, cursor if _address(rtype) == name else "")
        found += [_request(rtype, row) for row in rows.items]
        if rows.next:
            return found, f"{_address(rtype)}.{rows.next}"
    return sorted(found, key=_created, reverse=True), ""


def _address(rtype: RecordType) -> str:
    """What the portal's addresses call it; its name is for those who work here."""
    return rtype.invitation.address if rtype.invitation else rtype.name


def newest(actor: Actor, which: Callable[[RecordType], Condition]) -> list[Request]:
    """A few of the person's requests of every kind, the newest first."""
    found = [
        _request(rtype, row)
        for rtype in invitations(actor)
        for row in _rows(actor, rtype, which(rtype), AT_HOME).items
    ]
    return sorted(found, key=_created, reverse=True)


def count(actor: Actor) -> int:
    """How many are not finished."""
    types = invitations(actor)
    return sum(counting.count(t, actor, goes_on(t), among=CALLER)[0] for t in types)


def _rows(
    actor: Actor, rtype: RecordType, where: Condition | None, size: int, after: str = ""
) -> queries.Page:
    names = [n for n in SHOWN if n in fields.visible(rtype, actor)]
    return queries.page(
        rtype,
        actor,
        names=names,
        where=where,
        among=CALLER,
        size=size,
        after=after or None,
        python=True,
    )


def _request(rtype: RecordType, row: dict[str, Any]) -> Request:
    return Request(rtype, row, words.standing(row), words.track(row))


def _created(request: Request) -> Any:
    return request.row["created_at"]


def goes_on(rtype: RecordType) -> Condition:
    finished = [s.name for s in rtype.lifecycle.states if s.kind.is_final]
    return Not(In(STATE, tuple(Value(name) for name in finished)))


def needs_person(rtype: RecordType) -> Condition:
    """As `words.standing` tells it: it waits for them, or they should say whether it is solved."""
    solved = [s.name for s in rtype.lifecycle.states if s.kind is StateKind.RESOLVED]
    ways: list[Condition] = [In(STATE, tuple(Value(name) for name in solved))] if solved else []
    if "waiting_for" in fields.of(rtype):
        ways.append(Compare(WAITING, Op.EQ, Value(words.THE_PERSON)))
    return any_of(ways)


def invitations(actor: Actor) -> list[RecordType]:
    return [
        t for t in shelf if t.invitation is not None and access.may_ever(t.access.create, actor)
    ]
