"""What a move brings about beside the record itself, said in its dialog before it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import Actor
from mainstay.records.rows import Row
from mainstay.records.types import RecordType


class Line(NamedTuple):
    """A sentence, and the page where one reads more of it."""

    text: str
    url: str


Tell = Callable[[RecordType, Actor, Row, Move], Iterable[Line]]
_tellers: list[Tell] = []


def add(tell: Tell) -> None:
    """Asked about every move: it tells of those it knows, as far as the actor may see what they bring about."""
    _tellers.append(tell)


def of(rtype: RecordType, actor: Actor, row: Row, move: Move) -> list[Line]:
    return [line for tell in _tellers for line in tell(rtype, actor, row, move)]
