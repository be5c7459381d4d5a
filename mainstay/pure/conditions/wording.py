"""A condition read back in plain English, for whoever has to trust it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from mainstay.pure.conditions.tree import (
    And,
    Compare,
    Condition,
    Const,
    FieldRef,
    In,
    IsSet,
    Kind,
    Me,
    MyTeams,
    Not,
    Now,
    Op,
    Operand,
    Or,
    TextTest,
    Value,
)

Choices = Mapping[str, Mapping[str, str]]

_PHRASES: Final = {
    Op.EQ: "is",
    Op.NE: "is not",
    Op.LT: "is less than",
    Op.LE: "is at most",
    Op.GT: "is more than",
    Op.GE: "is at least",
}
_IN_TIME: Final = {
    Op.LT: "is before",
    Op.LE: "is not after",
    Op.GT: "is after",
    Op.GE: "is not before",
}
_IN_ORDER: Final = {
    Op.LT: "comes before",
    Op.LE: "comes before or is",
    Op.GT: "comes after",
    Op.GE: "comes after or is",
}
_BY_KIND: Final = {Kind.TIME: _IN_TIME, Kind.DATE: _IN_TIME, Kind.TEXT: _IN_ORDER}
_TESTS: Final = {"contains": "contains", "startsWith": "starts with", "endsWith": "ends with"}
_NEGATED: Final = {
    "contains": "does not contain",
    "startsWith": "does not start with",
    "endsWith": "does not end with",
}
_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def words(condition: Condition, labels: Mapping[str, str], choices: Choices | None = None) -> str:
    """ "Priority is at most 2 and Status is New".

    `labels` names the fields. `choices` names values of a field: the label of a choice, the title
    of a record. What has no name there is shown as it is.
    """
    return _Wording(labels, choices or {}).of(condition)


class _Wording:
    def __init__(self, labels: Mapping[str, str], choices: Choices) -> None:
        self.labels = labels
        self.choices = choices

    def of(self, condition: Condition) -> str:
        match condition:
            case And(parts):
                return " and ".join(self.inner(part) for part in parts)
            case Or(parts):
                return " or ".join(self.inner(part) for part in parts)
            case Not(IsSet(field)):
                return f"{self.label(field)} is not set"
            case Not(In(field, items)):
                return f"{self.label(field)} is not {self.listed(field, items)}"
            case Not(TextTest(field, test, text)):
                return f'{self.label(field)} {_NEGATED[test]} "{text}"'
            case Not(Compare(FieldRef(kind=Kind.BOOL) as field, Op.EQ, Value(bool(value)))):
                return f"{self.label(field)} is {'no' if value else 'yes'}"
            case Not(Compare(field, Op.EQ, operand)):
                return f"{self.label(field)} is not {self.operand(field, operand)}"
            case Not(Compare() | Const() as part):
                return f"not {self.of(part)}"
            case Not(part):
                return f"not ({self.of(part)})"
            case Compare(field, op, operand):
                phrase = _BY_KIND.get(field.kind, _PHRASES).get(op, _PHRASES[op])
                return f"{self.label(field)} {phrase} {self.operand(field, operand)}"
            case In(field, items):
                return f"{self.label(field)} is {self.listed(field, items)}"
            case TextTest(field, test, text):
                return f'{self.label(field)} {_TESTS[test]} "{text}"'
            case IsSet(field):
                return f"{self.label(field)} is set"
            case Const(value):
                return "every record" if value else "no record"
        raise TypeError(f"{condition!r} is no condition")

    def inner(self, part: Condition) -> str:
        return f"({self.of(part)})" if isinstance(part, And | Or) else self.of(part)

    def label(self, field: FieldRef) -> str:
        return self.labels.get(field.name) or field.name.replace("_", " ").capitalize()

    def listed(self, field: FieldRef, items: tuple[Operand, ...] | MyTeams) -> str:
        if isinstance(items, MyTeams):
            return "one of my teams"
        *first, last = [self.operand(field, item) for item in items]
        return f"{', '.join(first)} or {last}" if first else last

    def operand(self, field: FieldRef, operand: Operand) -> str:
        match operand:
            case FieldRef():
                return self.label(operand)
            case Me():
                return "me"
            case Now(seconds):
                return _around_now(seconds)
            case Value(bool(value)):
                return "yes" if value else "no"
            case Value(str(text)) if field.kind is Kind.TEXT:
                return f'"{text}"'
            case Value(str(text)):
                return self.choices.get(field.name, {}).get(text, text)
            case Value(datetime() as moment):
                shown = moment.replace(tzinfo=None).isoformat(" ").removesuffix(":00")
                return f"{shown} UTC"
            case Value(date() as day):
                return day.isoformat()
            case Value(number):
                return str(number)


def _around_now(seconds: int) -> str:
    if seconds == 0:
        return "now"
    count, name = next((abs(seconds) // size, name) for name, size in _UNITS if seconds % size == 0)
    plural = "" if count == 1 else "s"
    return f"{count} {name}{plural} {'ago' if seconds < 0 else 'from now'}"
