"""From text to syntax: the only file that knows the CEL library.

The library is asked to parse and nothing else. Its own type check would need an environment for
each set of fields, and it reserves a name that every record uses (`type`). Names and kinds are
judged by `check.py`, which can say in plain words what exists. What comes back is the `ParsedExpr`
message of the CEL specification; it is decoded here, so no protobuf runtime is needed.
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cel_expr_python import cel

from mainstay.pure.conditions.tree import ConditionError
from mainstay.pure.language import gettext as _
from mainstay.pure.language import noop


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name."""

    name: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it is written."""

    value: str | int | float | bool | None
    position: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function; the name of a method begins with a dot, its object comes first."""

    function: str
    arguments: "tuple[Syntax, ...]"
    position: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Values in square brackets."""

    items: "tuple[Syntax, ...]"
    position: int | None


Syntax: TypeAlias = Name | Literal | Call | Listing

_LIBRARY = cel.NewEnv()


def parse(text: str) -> Syntax:
    """The syntax tree of `text`, or a `ConditionError` that says where it goes wrong."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ConditionError(_("The condition holds a character that is not text."))
    if not text.strip():
        raise ConditionError(_("The condition is empty."))
    try:
        parsed = _LIBRARY.compile(text, disable_check=True).serialize()
    except RuntimeError as error:
        raise _refusal(text, str(error)) from None
    message = _fields(_fields(parsed)[2][0])
    places = [_fields(place) for place in _fields(message[3][0]).get(4, ())]
    positions = {place[1][0]: place[2][0] for place in places}
    return _decoded(message[2][0], positions)


# --- What the library says, in plain words ---------------------------------------------------

_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_QUOTED = re.compile(r"(?:mismatched input|extraneous input|error at:|reserved identifier:) '?(.*)")
_BAD_TEXT = noop(
    "A text is not closed, or holds a backslash that means nothing; write two for one."
)
_WORDS = {"and": "&&", "or": "||", "not": "!", "=": "=="}


def _refusal(text: str, said: str) -> ConditionError:
    if "recursion" in said:
        return ConditionError(_("The condition is nested too deeply."))
    place = _PLACE.search(said)
    if place is None:
        return ConditionError(_("This is not a condition."))
    line, column, reason = int(place[1]), int(place[2]), place[3]
    before = sum(len(row) + 1 for row in text.split("\n")[: line - 1])
    return ConditionError(_sentence(reason), min(before + column - 1, len(text)))


def _sentence(reason: str) -> str:
    if "<EOF>' expecting" in reason:
        return _("The condition ends too early.")
    if "has() argument" in reason:
        return _("Write field != null to ask whether a field is set.")
    if "invalid" in reason and "int literal" in reason:
        return _("The number is too large.")
    if "string literal" in reason:
        return _(_BAD_TEXT)
    found = _QUOTED.search(reason)
    if found is None:
        return _("This is not a condition.")
    word = found[1].split("' expecting")[0].strip("' ")
    if reason.startswith("reserved"):
        return _("'%(word)s' is a word of the language and cannot name a field.") % {"word": word}
    if word.lower() in _WORDS:
        return _("Write %(sign)s instead of %(word)s.") % {
            "sign": _WORDS[word.lower()],
            "word": word,
        }
    if word[:1] in ("“", "”", "„", "‘", "’"):
        return _('Write texts in straight quotes, as in "new".')
    if word[:1] in ("'", '"') or not word:
        return _(_BAD_TEXT)
    return _("'%(word)s' is not understood here.") % {"word": word[:40]}


# --- The ParsedExpr message ------------------------------------------------------------------


_Wire: TypeAlias = dict[int, list[Any]]


def _fields(message: bytes) -> _Wire:
    """The fields of a protobuf message by their numbers: whole numbers, or bytes."""
    at = 0
    fields: _Wire = {}

    def varint() -> int:
        nonlocal at
        result = shift = 0
        while True:
            byte = message[at]
            at += 1
            result |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return result

    while at < len(message):
        key = varint()
        value: int | bytes
        if key & 7 == 0:
            value = varint()
        else:
            size = 8 if key & 7 == 1 else varint()
            value = message[at : at + size]
            at += size
        fields.setdefault(key >> 3, []).append(value)
    return fields


def _decoded(message: bytes, positions: Mapping[int, int]) -> Syntax:
    expr = _fields(message)
    position = positions.get(expr.get(2, [0])[0])
    if 3 in expr:
        return Literal(_literal(_fields(expr[3][0]), position), position)
    if 4 in expr:
        return Name(_text(_fields(expr[4][0])[1][0]), position)
    if 6 in expr:
        call = _fields(expr[6][0])
        method = 1 in call
        arguments = [*call.get(1, ()), *call.get(3, ())]
        return Call(
            ("." if method else "") + _text(call[2][0]),
            tuple(_decoded(argument, positions) for argument in arguments),
            position,
        )
    if 7 in expr:
        items = _fields(expr[7][0]).get(1, ())
        return Listing(tuple(_decoded(item, positions) for item in items), position)
    if 5 in expr:
        raise ConditionError(
            _("A field has no parts: write its bare name, without a dot."), position
        )
    raise ConditionError(_("Loops and maps are not part of the language."), position)


def _literal(const: _Wire, position: int | None) -> str | int | float | bool | None:
    [(kind, [value])] = const.items()
    match kind:
        case 1:
            return None
        case 2:
            return bool(value)
        case 3:
            return int(value) - (1 << 64) if value >> 63 else int(value)
        case 4 if value >> 63 == 0:
            return int(value)
        case 4:
            raise ConditionError(_("The number is too large."), position)
        case 5:
            return float(struct.unpack("<d", value)[0])
        case 6:
            return _text(value)
        case _:
            raise ConditionError(_("Bytes are not part of the language."), position)


def _text(value: bytes) -> str:
    return value.decode()
