"""A condition read in Python: does a record match? The reading in SQL is `records/filters.py`."""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from mainstay.pure.conditions.tree import (
    And,
    Compare,
    Condition,
    Const,
    Env,
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
from mainstay.pure.text import HYPHEN, fold, unhyphenated

_OPERATORS: Final[dict[Op, Callable[[Any, Any], bool]]] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def matches(condition: Condition, values: Mapping[str, object], env: Env) -> bool:
    """Whether a record with these values matches; `None`, or no value, means not set.

    Values are Python's: a time is an aware `datetime`, a reference is the number of its record.
    """
    return evaluate(condition, values, env) is True


def evaluate(condition: Condition, values: Mapping[str, object], env: Env) -> bool | None:
    """True, False, or None for unknown."""
    match condition:
        case And(parts):
            return _joined(parts, values, env, decisive=False)
        case Or(parts):
            return _joined(parts, values, env, decisive=True)
        case Not(part):
            known = evaluate(part, values, env)
            return None if known is None else not known
        case Compare(field, op, operand):
            left = _value(field, values)
            right = _operand(field, operand, values, env)
            return None if left is None or right is None else _OPERATORS[op](left, right)
        case In(field, items):
            return _is_in(field, items, values, env)
        case TextTest(field, test, text):
            value = _value(field, values)
            if test == "contains" and field.kind is Kind.TEXT:
                return _contains(value, fold(text))
            return _text_test(fold(value) if value else None, test, fold(text))
        case IsSet(field):
            return _value(field, values) is not None
        case Const(value):
            return value


def _joined(
    parts: tuple[Condition, ...], values: Mapping[str, object], env: Env, *, decisive: bool
) -> bool | None:
    """One decisive part decides; otherwise one unknown part makes all unknown."""
    result: bool | None = not decisive
    for part in parts:
        known = evaluate(part, values, env)
        if known is decisive:
            return decisive
        if known is None:
            result = None
    return result


def _is_in(
    field: FieldRef, items: tuple[Operand, ...] | MyTeams, values: Mapping[str, object], env: Env
) -> bool | None:
    value = _value(field, values)
    if value is None:
        return None
    if isinstance(items, MyTeams):
        return value in env.team_numbers
    listed = [_operand(field, item, values, env) for item in items]
    if value in listed:
        return True
    return None if None in listed else False


def _contains(value: Any, part: str) -> bool | None:
    """A word of a text is found however it is hyphenated, there or here."""
    if value is None:
        return None
    bare = unhyphenated(part)
    return bare in (value if HYPHEN in bare else value.replace(HYPHEN, ""))


def _text_test(value: Any, test: str, part: str) -> bool | None:
    if value is None:
        return None
    if test == "contains":
        return part in value
    return bool(value.startswith(part) if test == "startsWith" else value.endswith(part))


def _value(field: FieldRef, values: Mapping[str, object]) -> Any:
    return _comparable(field.kind, values.get(field.name))


def _operand(field: FieldRef, operand: Operand, values: Mapping[str, object], env: Env) -> Any:
    match operand:
        case Value(value):
            return _comparable(field.kind, value)
        case Me():
            return env.me_number
        case Now():
            return env.day(operand) if field.kind is Kind.DATE else env.moment(operand)
        case FieldRef():
            return _value(operand, values)


def _comparable(kind: Kind, value: Any) -> Any:
    """The value as its kind compares."""
    if value is None:
        return None
    if kind is Kind.TEXT:
        return fold(value) if value else None
    if kind in (Kind.CHOICE, Kind.KEY):
        return value or None
    if isinstance(value, float):
        # The decimal number that the float is written as, which is what a database compares.
        return Decimal(repr(value))
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value
