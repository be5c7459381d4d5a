"""Lanes of cards, as they are shown: what a practice fills, and what can be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Card:
    """A record in its lane. `person` is `{"title", "number"}`."""

    number: str
    title: str
    href: str
    priority: int | None = None
    person: Mapping[str, Any] | None = None
    due: date | None = None
    is_overdue: bool = False
    note: str = ""
    # Where a move is sent; without it the card stays, and `stays` says why.
    move: str = ""
    stays: str = ""
    # The lanes it may be moved to; None: all.
    to: tuple[str, ...] | None = None
    # Why it was not moved just now.
    refused: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Lane:
    """Some cards of one state; `total` where there are more of them than are shown, all of which are at `href`."""

    key: str
    label: str
    cards: tuple[Card, ...] = ()
    limit: int | None = None
    total: int | None = None
    href: str = ""
    # What is said where there are none.
    nothing: str = ""

    @property
    def count(self) -> int:
        return len(self.cards) if self.total is None else self.total

    @property
    def over(self) -> int:
        """How many more there are than there should be."""
        return 0 if self.limit is None else max(0, self.count - self.limit)

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.count >= self.limit


@dataclass(frozen=True)
class Board:
    """`place` is the element that is drawn again after a move."""

    name: str
    lanes: tuple[Lane, ...]
    place: str = "#board"

    def ways(self, card: Card) -> list[Lane]:
        """The lanes it may be moved to, in their order; never the one it is in."""
        return [
            lane
            for lane in self.lanes
            if card not in lane.cards and (card.to is None or lane.key in card.to)
        ]

    @property
    def is_empty(self) -> bool:
        return not any(lane.cards for lane in self.lanes)
