"""The legal life of a record: states, what each means to clocks and queues, and the moves between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a state means; clocks, queues and reports look at this and never at a state's name."""

    NEW = "new"
    ACTIVE = "active"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something, or waits."""
        return self in (Kind.NEW, Kind.ACTIVE, Kind.WAITING)

    @property
    def is_final(self) -> bool:
        """Whether the life is over: a resolved record may still come back."""
        return self in (Kind.CLOSED, Kind.CANCELLED)


@dataclass(frozen=True)
class State:
    """`code` is the value under which ServiceNow exports the state, where it has one."""

    name: str
    kind: Kind
    label: str
    code: str = ""


@dataclass(frozen=True)
class Move:
    """A verb that leads from some states to one; `needs` must be filled before it, `asks` may be.

    `message` names the audience a text given with the move is for: "all", "internal" or None; `hint` says when
    such a text is needed. One that `is_weighed` is made in a dialog even where it asks nothing: what it brings about is
    told there.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    label: str
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    message: str | None = None
    hint: str = ""
    is_weighed: bool = False

    @property
    def has_dialog(self) -> bool:
        """Whether there is something to fill or to read before it is made."""
        return bool(self.needs or self.asks or self.message or self.is_weighed)


class BrokenLifecycle(ValueError):
    """A lifecycle that cannot be lived; its text lists every mistake at once."""


@dataclass(frozen=True)
class Lifecycle:
    """States in the order people think of them; the first is where every record begins."""

    states: tuple[State, ...]
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        if mistakes := list(self._mistakes()):
            raise BrokenLifecycle("; ".join(mistakes))

    @property
    def first(self) -> State:
        """Where every record begins."""
        return self.states[0]

    def state(self, name: str) -> State:
        """Raises KeyError for a name this lifecycle does not hold."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def move(self, name: str) -> Move:
        """Raises KeyError for a name this lifecycle does not hold."""
        for move in self.moves:
            if move.name == name:
                return move
        raise KeyError(name)

    def moves_from(self, state: str) -> list[Move]:
        """The moves that lead out of a state, as they were declared."""
        return [move for move in self.moves if state in move.sources]

    def needed_in(self, state: str) -> frozenset[str]:
        """What had to be filled on the way into a state, on the last step or on every way there."""
        steps = [move for move in self.moves if move.target == state]
        return self._kept[state].union(*(move.needs for move in steps))

    @cached_property
    def _kept(self) -> dict[str, frozenset[str]]:
        """By state, what every way into it has asked for: the largest sets that fit each other."""
        everything = frozenset(name for move in self.moves for name in move.needs)
        kept = {state.name: everything for state in self.states} | {self.first.name: frozenset()}
        while True:
            found = {
                name: frozenset.intersection(
                    set_there,
                    *(
                        kept[source].union(move.needs)
                        for move in self.moves
                        if move.target == name
                        for source in move.sources
                    ),
                )
                for name, set_there in kept.items()
            }
            if found == kept:
                return kept
            kept = found

    def _mistakes(self) -> Iterable[str]:
        if not self.states:
            yield "a lifecycle needs at least one state"
            return
        if loose := [state for state in self.states if not isinstance(state.kind, Kind)]:
            kinds = ", ".join(f"Kind.{kind.name}" for kind in Kind)
            yield from (
                f"state '{s.name}' has the kind '{s.kind}', there are {kinds}" for s in loose
            )
            return
        names = [state.name for state in self.states]
        yield from (f"state '{n}' is declared twice" for n in _doubled(names))
        yield from (f"move '{n}' is declared twice" for n in _doubled(m.name for m in self.moves))
        for move in self.moves:
            for name in (*move.sources, move.target):
                if name not in names:
                    yield f"move '{move.name}' names the unknown state '{name}'"
        reached, leaving = self._reached(), {s for move in self.moves for s in move.sources}
        for state in self.states:
            if state.name not in reached:
                yield f"state '{state.name}' can never be reached"
            # One state alone is a life without moves; anything longer must lead somewhere.
            if state.kind.is_open and state.name not in leaving and len(self.states) > 1:
                yield f"state '{state.name}' is {state.kind} but nothing leads out of it"

    def _reached(self) -> set[str]:
        reached, grown = {self.states[0].name}, True
        while grown:
            found = {m.target for m in self.moves if reached & set(m.sources)} - reached
            grown = bool(found)
            reached |= found
        return reached


def _doubled(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]
