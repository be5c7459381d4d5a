"""A condition written back as a text of the language."""

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
    Scalar,
    TextTest,
    Value,
)

_ESCAPES: Final = {
    **{code: f"\\u{code:04x}" for code in (*range(32), 127)},
    ord("\\"): "\\\\",
    ord('"'): '\\"',
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}


def text_of(condition: Condition) -> str:
    """The text that `check` reads as this condition."""
    match condition:
        case And(parts):
            return " && ".join(
                f"({text_of(part)})" if isinstance(part, Or) else text_of(part) for part in parts
            )
        case Or(parts):
            return " || ".join(text_of(part) for part in parts)
        case Not(IsSet(field)):
            return f"{field.name} == null"
        case Not(Compare(FieldRef(name, Kind.BOOL), Op.EQ, Value(True))):
            return f"!{name}"
        case Not(part):
            return f"!({text_of(part)})"
        case Compare(FieldRef(name, Kind.BOOL), Op.EQ, Value(True)):
            return name
        case Compare(field, op, operand):
            return f"{field.name} {op} {_operand(operand)}"
        case In(field, MyTeams()):
            return f"{field.name} in my_teams"
        case In(field, tuple(items)):
            return f"{field.name} in [{', '.join(_operand(item) for item in items)}]"
        case TextTest(field, test, text):
            return f"{field.name}.{test}({_quoted(text)})"
        case IsSet(field):
            return f"{field.name} != null"
        case Const(value):
            return _scalar(value)
    raise TypeError(f"{condition!r} is no condition")


def _operand(operand: Operand) -> str:
    match operand:
        case FieldRef(name):
            return name
        case Me():
            return "me"
        case Now(0):
            return "now"
        case Now(seconds):
            return f'now {"-" if seconds < 0 else "+"} duration("{_duration(abs(seconds))}")'
        case Value(value):
            return _scalar(value)


def _scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime):
        return f'timestamp("{value.replace(tzinfo=None).isoformat()}Z")'
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    return str(value)


def _duration(seconds: int) -> str:
    """The largest unit that needs no fraction: 86400 is a day, 90 are 90 seconds."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _quoted(text: str) -> str:
    return '"' + text.translate(_ESCAPES) + '"'
