"""What a field may be compared with: the constant side of a comparison, by the kind of field."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from mainstay.pure.conditions.parsing import Call, Listing, Literal, Name, Syntax
from mainstay.pure.conditions.tree import (
    ConditionError,
    FieldRef,
    Kind,
    Me,
    Now,
    Operand,
    TestName,
    Value,
)
from mainstay.pure.language import gettext as _
from mainstay.pure.language import noop
from mainstay.pure.numbers import SPELLING, normal
from mainstay.pure.text import fold

WORDS_OF_OURS: Final = ("me", "my_teams", "now")
_NOUNS: Final = {
    Kind.TEXT: noop("a text"),
    Kind.KEY: noop("the number of a record"),
    Kind.CHOICE: noop("a choice"),
    Kind.NUMBER: noop("a number"),
    Kind.BOOL: noop("yes or no"),
    Kind.TIME: noop("a time"),
    Kind.DATE: noop("a date"),
    Kind.REF: noop("a reference"),
}
_EXAMPLES: Final = {
    Kind.TEXT: ('"vpn"',),
    Kind.KEY: ('"INC-354"',),
    Kind.CHOICE: ('"new"',),
    Kind.NUMBER: ("2",),
    Kind.BOOL: ("true",),
    Kind.TIME: ('timestamp("2026-01-31T00:00:00Z")', 'now - duration("24h")'),
    Kind.DATE: ('"2026-01-31"', "now"),
    Kind.REF: ("me", '"TEAM-3"'),
}
_TIMESTAMP: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DURATION: Final = re.compile(r"(-?)((?:[0-9]{1,9}(?:\.[0-9]{1,9})?[dhms])+)")
_UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_MAX_SECONDS: Final = 100 * 366 * 86_400


def noun(kind: Kind) -> str:
    """What a field of this kind is, in the middle of a sentence."""
    return _(_NOUNS[kind])


def operand(field: FieldRef, node: Syntax) -> Operand:
    """The constant that `node` is for this field."""
    match field.kind, node:
        case ((Kind.TEXT | Kind.CHOICE), Literal(str(text))):
            return Value(_whole(field, text, node))
        case ((Kind.REF | Kind.KEY), Literal(str(text))):
            return Value(normal(_whole(field, text, node)))
        case Kind.REF, Name("me"):
            return Me()
        case Kind.BOOL, Literal(bool(value)):
            return Value(value)
        case Kind.NUMBER, Literal(int(value)) if not isinstance(value, bool):
            return Value(value)
        case Kind.NUMBER, Literal(float(number)) if math.isfinite(number):
            return Value(Decimal(repr(number)))
        case Kind.DATE, Literal(str(text)):
            return Value(_date(text, node))
        case ((Kind.TIME | Kind.DATE), (Name("now") | Call())):
            moment = _moment(node)
            if isinstance(moment, Now):
                return moment
            if field.kind is Kind.TIME:
                return Value(moment)
    example = _(" or ").join(_EXAMPLES[field.kind])
    raise ConditionError(
        _("'%(field)s' is %(noun)s; compare it with %(example)s, not with %(what)s.")
        % {"field": field.name, "noun": noun(field.kind), "example": example, "what": _what(node)},
        node.position,
    )


def text_part(field: FieldRef, test: TestName, node: Syntax) -> str:
    """The text that a text field is searched for."""
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        raise ConditionError(
            _('%(test)s needs a text in quotes, as in %(field)s.%(test)s("vpn").')
            % {"test": test, "field": field.name},
            node.position,
        )
    text = _whole(field, node.value, node)
    return normal(text) if field.kind is Kind.KEY and SPELLING.fullmatch(text) else text


def _whole(field: FieldRef, text: str, node: Syntax) -> str:
    """Refuses texts that no field can hold, or that every text would match."""
    if "\x00" in text:
        raise ConditionError(_("The text holds a character that is not text."), node.position)
    if not (fold(text) if field.kind is Kind.TEXT else text):
        raise ConditionError(
            _("The text is empty. Write %(field)s == null to ask for a field that is not set.")
            % {"field": field.name},
            node.position,
        )
    return text


def _moment(node: Syntax) -> datetime | Now:
    """`now` or a timestamp, with durations added and taken off."""
    match node:
        case Name("now"):
            return Now()
        case Call("timestamp", (Literal(str(text)),)):
            return _timestamp(text, node)
        case Call("_+_", (moment, Call("duration", (Literal(str(text)),)) as span)) | Call(
            "_+_", (Call("duration", (Literal(str(text)),)) as span, moment)
        ):
            return _later(_moment(moment), _seconds(text, span), node)
        case Call("_-_", (moment, Call("duration", (Literal(str(text)),)) as span)):
            return _later(_moment(moment), -_seconds(text, span), node)
    raise ConditionError(
        _('A time is written now, now - duration("24h") or timestamp("2026-01-31T00:00:00Z").'),
        node.position,
    )


def _later(moment: datetime | Now, seconds: int, node: Syntax) -> datetime | Now:
    if isinstance(moment, Now):
        if abs(moment.seconds + seconds) > _MAX_SECONDS:
            raise ConditionError(_("The duration is longer than 100 years."), node.position)
        return Now(moment.seconds + seconds)
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        raise ConditionError(_("There is no such time."), node.position) from None


def _timestamp(text: str, node: Syntax) -> datetime:
    try:
        if _TIMESTAMP.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ConditionError(
        _("'%(text)s' is no time. Write it with its zone, as in 2026-01-31T00:00:00Z.")
        % {"text": text[:40]},
        node.position,
    )


def _date(text: str, node: Syntax) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ConditionError(
        _("'%(text)s' is no date. Write it as in 2026-01-31.") % {"text": text[:40]}, node.position
    )


def _seconds(text: str, node: Syntax) -> int:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ConditionError(
            _("'%(text)s' is no duration. Write it in d, h, m and s, as in 7d or 1h30m.")
            % {"text": text[:40]},
            node.position,
        )
    parts = re.findall(r"([0-9.]+)([dhms])", found[2])
    seconds = sum(Decimal(count) * _UNITS[unit] for count, unit in parts)
    if seconds > _MAX_SECONDS:
        raise ConditionError(_("The duration is longer than 100 years."), node.position)
    if seconds != int(seconds):
        raise ConditionError(_("A duration counts whole seconds."), node.position)
    return -int(seconds) if found[1] else int(seconds)


def _what(node: Syntax) -> str:
    """What something is, to somebody who expected it to be something else."""
    match node:
        case Literal(bool()):
            return _("true or false")
        case Literal(str()):
            return _("a text")
        case Literal(None):
            return "null"
        case Literal():
            return _("a number")
        case Listing():
            return _("a list")
        case Name(name):
            return name[:60]
        case _:
            return _("this")
