"""A condition read back in plain words, for whoever has to trust it."""

from collections.abc import Callable, Mapping
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
    turned,
)
from mainstay.pure.language import gettext as _
from mainstay.pure.language import ngettext, noop

Choices = Mapping[str, Mapping[str, str]]
Counted = Callable[[int], str]
Moment = Callable[[date], str]

_PHRASES: Final = {
    Op.EQ: noop("%(field)s is %(value)s"),
    Op.NE: noop("%(field)s is not %(value)s"),
    Op.LT: noop("%(field)s is less than %(value)s"),
    Op.LE: noop("%(field)s is at most %(value)s"),
    Op.GT: noop("%(field)s is more than %(value)s"),
    Op.GE: noop("%(field)s is at least %(value)s"),
}
_IN_TIME: Final = {
    Op.LT: noop("%(field)s is before %(value)s"),
    Op.LE: noop("%(field)s is not after %(value)s"),
    Op.GT: noop("%(field)s is after %(value)s"),
    Op.GE: noop("%(field)s is not before %(value)s"),
}
_IN_ORDER: Final = {
    Op.LT: noop("%(field)s comes before %(value)s"),
    Op.LE: noop("%(field)s comes before or is %(value)s"),
    Op.GT: noop("%(field)s comes after %(value)s"),
    Op.GE: noop("%(field)s comes after or is %(value)s"),
}
_BY_KIND: Final = {Kind.TIME: _IN_TIME, Kind.DATE: _IN_TIME, Kind.TEXT: _IN_ORDER}
_TESTS: Final = {
    "contains": noop('%(field)s contains "%(text)s"'),
    "startsWith": noop('%(field)s starts with "%(text)s"'),
    "endsWith": noop('%(field)s ends with "%(text)s"'),
}
_NEGATED: Final = {
    "contains": noop('%(field)s does not contain "%(text)s"'),
    "startsWith": noop('%(field)s does not start with "%(text)s"'),
    "endsWith": noop('%(field)s does not end with "%(text)s"'),
}
# How many seconds a unit has, and how several of it are said, before now and after.
_UNITS: Final[tuple[tuple[int, Counted, Counted], ...]] = (
    (
        86_400,
        lambda n: ngettext("%(n)d day ago", "%(n)d days ago", n),
        lambda n: ngettext("%(n)d day from now", "%(n)d days from now", n),
    ),
    (
        3_600,
        lambda n: ngettext("%(n)d hour ago", "%(n)d hours ago", n),
        lambda n: ngettext("%(n)d hour from now", "%(n)d hours from now", n),
    ),
    (
        60,
        lambda n: ngettext("%(n)d minute ago", "%(n)d minutes ago", n),
        lambda n: ngettext("%(n)d minute from now", "%(n)d minutes from now", n),
    ),
    (
        1,
        lambda n: ngettext("%(n)d second ago", "%(n)d seconds ago", n),
        lambda n: ngettext("%(n)d second from now", "%(n)d seconds from now", n),
    ),
)


def plain_moment(value: date) -> str:
    """A moment as UTC, a day as ISO 8601 has it."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return f"{value.replace(tzinfo=None).isoformat(' ').removesuffix(':00')} UTC"


def words(
    condition: Condition,
    labels: Mapping[str, str],
    choices: Choices | None = None,
    most: int | None = None,
    moment: Moment = plain_moment,
) -> str:
    """ "Priority is at most 2 and Status is New".

    `labels` names the fields. `choices` names values of a field: the label of a choice, the title
    of a record. What has no name there is shown as it is. Of a longer list than `most`, so many are
    named, and the others are counted. `moment` says a datetime or a date.
    """
    return _Wording(labels, choices or {}, most, moment).of(condition)


class _Wording:
    def __init__(
        self, labels: Mapping[str, str], choices: Choices, most: int | None, moment: Moment
    ) -> None:
        self.labels = labels
        self.choices = choices
        self.most = most
        self.moment = moment

    def of(self, condition: Condition) -> str:
        match condition:
            case And(parts):
                return _(" and ").join(self.inner(part) for part in parts)
            case Or(parts):
                return _(" or ").join(self.inner(part) for part in parts)
            case Not(part):
                return self.negated(part)
            case Compare(field, Op.EQ, Me()):
                return self.said(noop("%(field)s is me"), field)
            case Compare(field, Op.NE, Me()):
                return self.said(noop("%(field)s is not me"), field)
            case Compare(field, op, operand):
                phrase = _BY_KIND.get(field.kind, _PHRASES).get(op, _PHRASES[op])
                return self.said(phrase, field, value=self.operand(field, operand))
            case In(field, items):
                return self.said(_PHRASES[Op.EQ], field, value=self.listed(field, items))
            case TextTest(field, test, text):
                return self.said(_TESTS[test], field, text=text)
            case IsSet(field):
                return self.said(noop("%(field)s is set"), field)
            case Const(value):
                return _("every record") if value else _("no record")
        raise TypeError(f"{condition!r} is no condition")

    def negated(self, part: Condition) -> str:
        match part:
            case IsSet(field):
                return self.said(noop("%(field)s is not set"), field)
            case In(field, items):
                return self.said(_PHRASES[Op.NE], field, value=self.listed(field, items))
            case TextTest(field, test, text):
                return self.said(_NEGATED[test], field, text=text)
            case Compare(FieldRef(kind=Kind.BOOL) as field, Op.EQ, Value(bool(value))):
                return self.said(_PHRASES[Op.EQ], field, value=_("no") if value else _("yes"))
            case Compare():
                return self.of(turned(part))
            case Const(value):
                return self.of(Const(not value))
        return _("not (%(condition)s)") % {"condition": self.of(part)}

    def said(self, phrase: str, field: FieldRef, **more: str) -> str:
        return _(phrase) % {"field": self.label(field), **more}

    def inner(self, part: Condition) -> str:
        return f"({self.of(part)})" if isinstance(part, And | Or) else self.of(part)

    def label(self, field: FieldRef) -> str:
        return self.labels.get(field.name) or field.name.replace("_", " ").capitalize()

    def listed(self, field: FieldRef, items: tuple[Operand, ...] | MyTeams) -> str:
        if isinstance(items, MyTeams):
            return _("one of my teams")
        if self.most and (more := len(items) - self.most) > 0:
            named = ", ".join(self.operand(field, item) for item in items[: self.most])
            text = ngettext("%(first)s or %(n)d other", "%(first)s or %(n)d others", more)
            return text % {"first": named, "n": more}
        *first, last = [self.operand(field, item) for item in items]
        if not first:
            return last
        return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last}

    def operand(self, field: FieldRef, operand: Operand) -> str:
        match operand:
            case FieldRef():
                return self.label(operand)
            case Me():
                return _("me")
            case Now(seconds):
                return _around_now(seconds)
            case Value(bool(value)):
                return _("yes") if value else _("no")
            case Value(str(text)) if field.kind is Kind.TEXT:
                return f'"{text}"'
            case Value(str(text)):
                return self.choices.get(field.name, {}).get(text, text)
            case Value(date() as moment):
                return self.moment(moment)
            case Value(number):
                return self.choices.get(field.name, {}).get(str(number), str(number))


def _around_now(seconds: int) -> str:
    if seconds == 0:
        return _("now")
    size, ago, from_now = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    count = abs(seconds) // size
    return (ago if seconds < 0 else from_now)(count) % {"n": count}
