"""A condition as a small frozen tree of our own, and what it is read against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, TypeAlias


class Kind(StrEnum):
    """What the value of a field is."""

    TEXT = "text"
    KEY = "key"  # the number of the record itself
    CHOICE = "choice"
    NUMBER = "number"
    BOOL = "bool"
    TIME = "time"
    DATE = "date"
    REF = "ref"


class Op(StrEnum):
    """The comparisons, spelled as in the language."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class ConditionError(ValueError):
    """Says in a plain sentence why a text is no condition, and where (an offset into the text)."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


Scalar: TypeAlias = str | int | Decimal | bool | datetime | date
TestName: TypeAlias = Literal["contains", "startsWith", "endsWith"]


@dataclass(frozen=True, slots=True)
class FieldRef:
    """The field that is tested."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Value:
    """A value written in the condition; that of a reference is a record number."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks."""


@dataclass(frozen=True, slots=True)
class MyTeams:
    """The teams of who asks."""


@dataclass(frozen=True, slots=True)
class Now:
    """The time of asking, or so many seconds after it."""

    seconds: int = 0


Operand: TypeAlias = Value | Me | Now | FieldRef


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against one value."""

    field: FieldRef
    op: Op
    operand: Operand


@dataclass(frozen=True, slots=True)
class In:
    """A field against a few values, or against the asker's teams."""

    field: FieldRef
    items: tuple[Operand, ...] | MyTeams


@dataclass(frozen=True, slots=True)
class TextTest:
    """A text field against a part of it."""

    field: FieldRef
    test: TestName
    text: str


@dataclass(frozen=True, slots=True)
class IsSet:
    """Whether a field has a value."""

    field: FieldRef


@dataclass(frozen=True, slots=True)
class Const:
    """Every record, or none."""

    value: bool


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; what is unknown stays unknown."""

    part: "Condition"


Condition: TypeAlias = And | Or | Not | Compare | In | TextTest | IsSet | Const


def all_of(parts: Iterable[Condition]) -> Condition:
    """One condition that asks for all; of none, it is every record."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    if len(flat) == 1:
        return flat[0]
    return And(tuple(flat)) if flat else Const(value=True)


def any_of(parts: Iterable[Condition]) -> Condition:
    """One condition that asks for any; of none, it is no record."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    if len(flat) == 1:
        return flat[0]
    return Or(tuple(flat)) if flat else Const(value=False)


def opposite(part: Condition) -> Condition:
    """The contrary of a condition, without doubling a `Not`."""
    return part.part if isinstance(part, Not) else Not(part)


_CONTRARY: Final = {
    Op.EQ: Op.NE,
    Op.NE: Op.EQ,
    Op.LT: Op.GE,
    Op.GE: Op.LT,
    Op.LE: Op.GT,
    Op.GT: Op.LE,
}


def turned(part: Compare) -> Compare:
    """The contrary of a comparison as one: of a field that is not set neither is known, so neither matches."""
    return Compare(part.field, _CONTRARY[part.op], part.operand)


@dataclass(frozen=True, slots=True)
class Env:
    """Who asks and when: by number for the reading in Python, by id for the one in SQL."""

    me_number: str | None
    me_id: int | None
    team_numbers: tuple[str, ...]
    team_ids: tuple[int, ...]
    now: datetime

    def moment(self, now: Now) -> datetime:
        """The time that `now ± duration` means, in UTC."""
        return self.now.astimezone(UTC) + timedelta(seconds=now.seconds)

    def day(self, now: Now) -> date:
        """The day it is at that time where the asker is."""
        return self.moment(now).astimezone(self.now.tzinfo).date()
