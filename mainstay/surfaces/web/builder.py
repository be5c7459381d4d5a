"""The form of one condition: what it offers, what a filled one means, and how one that is there fills it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
    In,
    IsSet,
    Kind,
    Me,
    MyTeams,
    Not,
    Op,
    Operand,
    TextTest,
    Value,
    text_of,
    turned,
)
from mainstay.pure.numbers import SPELLING, normal
from mainstay.pure.rules import Actor
from mainstay.records import by_title, fields, values, where
from mainstay.records.errors import Invalid
from mainstay.records.fields import Field
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import forms, ui
from mainstay.surfaces.web.filtering import YES

ME, TEAMS = "me", "my_teams"
# What a form calls a comparison, by kind where that matters: a time is after, a number is more.
SIGNS = {
    "is": Op.EQ,
    "not": Op.NE,
    "less": Op.LT,
    "most": Op.LE,
    "more": Op.GT,
    "least": Op.GE,
    "since": Op.GT,
    "until": Op.LT,
}
IN_TIME = (Kind.TIME, Kind.DATE)
# What takes one value or several, and what always is a list.
ANY, NONE = ("is", "any"), ("not", "none")


@dataclass(frozen=True)
class Row:
    """A form as it is filled: a field, what is said of it, and of which values. `named` are records chosen before.

    What has no such words is there as its text.
    """

    field: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True)
class Form:
    """A form as it is drawn. `part` says of which part of the filter it is; of none, it makes one more.

    `named` are records that are chosen, `is_text` says that a text is changed.
    """

    input: forms.Input
    operators: Sequence[tuple[str, str]] = ()
    op: str = ""
    named: Sequence[tuple[str, str]] = ()
    part: str = ""
    is_text: bool = False


def is_sent(query: QueryDict) -> bool:
    """Whether an address is that of a filled form."""
    return ("field" in query and "op" in query) or ("part" in query and "text" in query)


def sent(query: QueryDict) -> Row:
    """A form as it was sent."""
    typed = [text.strip() for text in query.getlist("value")]
    return Row(
        field=query.get("field", ""),
        op=query.get("op", ""),
        values=tuple(filter(None, typed)),
        named=tuple(query.getlist("named")),
        text=query.get("text"),
    )


def operators(field: Field, kind: Kind) -> list[tuple[str, str]]:
    """What a form offers to say about a field."""
    if kind is Kind.BOOL:
        return [("yes", _("is yes")), ("no", _("is no"))]
    if kind in (Kind.TEXT, Kind.KEY):
        return [
            ("contains", _("contains")),
            ("is", _("is")),
            ("starts", _("starts with")),
            *_set_or_not(),
        ]
    if kind in IN_TIME:
        return [
            ("since", pgettext("filter", "is after")),
            ("until", pgettext("filter", "is before")),
            *_set_or_not(),
        ]
    several = [("any", _("is one of")), ("none", _("is none of"))]
    if kind is Kind.NUMBER:
        return [
            ("is", _("is")),
            ("not", _("is not")),
            *(several if _has_boxes(field) else ()),
            ("most", _("is at most")),
            ("least", _("is at least")),
            ("less", _("is less than")),
            ("more", _("is more than")),
            *_set_or_not(),
        ]
    own = {"user": [(ME, _("is me"))], "team": [(TEAMS, _("is one of my teams"))]}
    return [
        ("is", _("is")),
        ("not", _("is not")),
        *several,
        *own.get(field.target, []),
        *_set_or_not(),
    ]


def _set_or_not() -> list[tuple[str, str]]:
    return [("set", _("is set")), ("unset", _("is not set"))]


def _has_boxes(field: Field) -> bool:
    """Whether its values are so few that each is there to be ticked."""
    return bool(field.choices) or field.name == "priority"


def form(rtype: RecordType, actor: Actor, row: Row, unfit: str = "", part: str = "") -> Form | None:
    """How a row is drawn, with what is wrong with it; none where the reader has no such field."""
    errors = (unfit,) if unfit else ()
    if row.text is not None:
        asked = forms.Input("text", _("Condition"), "text", row.text, errors=errors)
        return Form(asked, part=part, is_text=True)
    field, kind = _known(rtype, actor, row.field)
    if field is None or kind is None:
        return None
    [asked] = forms.inputs(rtype, [field.name], {})
    if field.name == "priority":
        levels = tuple((str(n), ui.priority_label(n)) for n in ui.LEVELS)
        asked = replace(asked, widget="choice", choices=levels)
    value = row.values if asked.widget == "choice" else next(iter(row.values), "")
    return Form(
        replace(asked, value=value, errors=errors),
        operators(field, kind),
        row.op,
        list(_those_there(field, row.named, actor).items()),
        part,
    )


def condition(rtype: RecordType, actor: Actor, row: Row) -> Condition:
    """What a filled form means. Raises Invalid."""
    meant = where.parse(rtype, actor, _written(rtype, actor, row) if row.text is None else row.text)
    if meant is None:
        raise Invalid({"filter": [_("Say what to look for.")]})
    return meant


def _written(rtype: RecordType, actor: Actor, row: Row) -> str:
    field, kind = _known(rtype, actor, row.field)
    if field is None or kind is None:
        raise Invalid({"filter": [_("Choose a field.")]})
    ref, texts = FieldRef(field.name, kind), (*row.named, *row.values)
    plain: dict[str, Condition] = {
        "yes": Compare(ref, Op.EQ, YES),
        "no": Not(Compare(ref, Op.EQ, YES)),
        "set": IsSet(ref),
        "unset": Not(IsSet(ref)),
        ME: Compare(ref, Op.EQ, Me()),
        TEAMS: In(ref, MyTeams()),
    }
    if row.op in plain:
        return text_of(plain[row.op])
    if not texts:
        raise Invalid({"filter": [_("Say what to look for.")]})
    if kind in (Kind.TEXT, Kind.KEY) and row.op in ("contains", "starts"):
        test = TextTest(ref, "contains" if row.op == "contains" else "startsWith", texts[0])
        return text_of(test)
    found = _operands(rtype, field, kind, texts, actor)
    if row.op in (ANY[1], NONE[1]) or (len(found) > 1 and row.op in (ANY[0], NONE[0])):
        several = In(ref, found)
        return text_of(several if row.op in ANY else Not(several))
    if len(found) > 1:
        raise Invalid({"filter": [_("This goes with one value. Leave one, take the others away.")]})
    return text_of(Compare(ref, SIGNS.get(row.op, Op.EQ), found[0]))


def row_of(rtype: RecordType, actor: Actor, part: Condition) -> Row:
    """A part of a filter as the form says it; as its text where the form would not say the same."""
    meant = _straight(part)
    row = _row(meant)
    field, kind = _known(rtype, actor, row.field) if row else (None, None)
    try:
        is_same = row is not None and condition(rtype, actor, row) == meant
    except Invalid:
        is_same = False
    if row is None or field is None or kind is None or not is_same or not _offers(field, kind, row):
        return Row(text=text_of(part))
    if field.target in shelf and row.values:
        return replace(row, values=tuple(_those_there(field, row.values, actor).values()))
    return row


def one_more(rtype: RecordType, actor: Actor, row: Row) -> Row:
    """The same with what was typed chosen, and room for another name. Raises Invalid."""
    field, _kind = _known(rtype, actor, row.field)
    if field is None or field.target not in shelf:
        return row
    op = {ANY[0]: ANY[1], NONE[0]: NONE[1]}.get(row.op, row.op)
    chosen = _records(rtype, field, (*row.named, *row.values), actor)
    return replace(row, op=op, named=tuple(chosen), values=())


def _known(rtype: RecordType, actor: Actor, name: str) -> tuple[Field | None, Kind | None]:
    return fields.visible(rtype, actor).get(name), where.kinds(rtype, actor).get(name)


def _offers(field: Field, kind: Kind, row: Row) -> bool:
    """Whether all that is said can be chosen in the form."""
    there = {str(value) for value, _label in field.choices}
    # A box holds no line break, and what is around a text in it is not sent.
    can_hold = all(text.isprintable() and text == text.strip() for text in row.values)
    has_values = can_hold and (not field.choices or there >= set(row.values))
    has_named = not row.named or field.target in shelf
    return has_values and has_named and row.op in dict(operators(field, kind))


def _straight(part: Condition) -> Condition:
    """The same without a "not" that its comparison can say itself."""
    match part:
        case Not(Compare() as comparison):
            return _straight(turned(comparison))
        case Compare(FieldRef(kind=Kind.BOOL) as field, (Op.EQ | Op.NE) as op, Value(bool(value))):
            yes = Compare(field, Op.EQ, YES)
            return yes if value is (op is Op.EQ) else Not(yes)
    return part


def _row(part: Condition) -> Row | None:
    """What a form would say, whether or not it offers it; none for what it has no words for."""
    match part:
        case Compare(FieldRef(name, Kind.BOOL), Op.EQ, Value(True)):
            return Row(name, "yes")
        case Not(Compare(FieldRef(name, Kind.BOOL), Op.EQ, Value(True))):
            return Row(name, "no")
        case IsSet(FieldRef(name)):
            return Row(name, "set")
        case Not(IsSet(FieldRef(name))):
            return Row(name, "unset")
        case Compare(FieldRef(name), Op.EQ, Me()):
            return Row(name, ME)
        case Compare(FieldRef(name, kind), op, operand):
            ops = [n for n, sign in SIGNS.items() if sign is op]
            typed = _typed([operand])
            return Row(name, ops[-1] if kind in IN_TIME else ops[0], typed) if typed else None
        case In(FieldRef(name), MyTeams()):
            return Row(name, TEAMS)
        case In(field, tuple(items)):
            return _listed(field, ANY[1], items)
        case Not(In(field, tuple(items))):
            return _listed(field, NONE[1], items)
        case TextTest(FieldRef(name), "contains", text):
            return Row(name, "contains", (text,))
        case TextTest(FieldRef(name), "startsWith", text):
            return Row(name, "starts", (text,))
    return None


def _listed(field: FieldRef, op: str, items: Sequence[Operand]) -> Row | None:
    """Records are chosen, all else is ticked."""
    typed = _typed(items)
    if typed and field.kind is Kind.REF:
        return Row(field.name, op, named=typed)
    return Row(field.name, op, typed) if typed else None


def _typed(items: Iterable[Operand]) -> tuple[str, ...]:
    """The values as a form has them; none where one of them is none that could be typed."""
    found = []
    for item in items:
        match item:
            case Me():
                found.append(ME)
            case Value(datetime() as moment):
                found.append(f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}")
            case Value(date() as day):
                found.append(day.isoformat())
            case Value(value):
                found.append(str(value))
            case _:
                return ()
    return tuple(found)


def _operands(
    rtype: RecordType, field: Field, kind: Kind, texts: Sequence[str], actor: Actor
) -> tuple[Operand, ...]:
    """What was typed or ticked, each once, as the language has it. Raises Invalid."""
    if kind is Kind.REF and field.target in shelf:
        chosen = _records(rtype, field, texts, actor)
        is_person = field.target == "user"
        return tuple(Me() if is_person and n == ME else Value(n) for n in chosen)
    return tuple(dict.fromkeys(Value(_value(field, kind, text, actor)) for text in texts))


def _value(field: Field, kind: Kind, text: str, actor: Actor) -> str | int | datetime:
    if kind is Kind.NUMBER:
        if field.name == "priority" and text[0] in "Pp":
            text = text[1:]
        try:
            number = int(text) if text.removeprefix("-").isdecimal() else None
        except ValueError:  # longer than any number that is read
            number = None
        if number is None:
            raise Invalid({"filter": [_("This must be a whole number.")]})
        if field.name == "priority" and number not in ui.LEVELS:
            raise Invalid({"filter": [_("A priority is a number from 1 to 5.")]})
        return number
    if kind is Kind.TIME:
        moment = forms.value_of(field, text, actor)
        if not isinstance(moment, datetime):
            raise Invalid({"filter": [_("This must be a date and a time.")]})
        return moment.astimezone(UTC)
    return text


def _records(rtype: RecordType, field: Field, texts: Iterable[str], actor: Actor) -> dict[str, str]:
    """Which are meant, by number, and what a box calls them. Raises Invalid where the reader sees none."""
    found = {}
    meant = {text: _number(field, text, actor) for text in texts}
    there = _those_there(field, meant.values(), actor)
    for text, number in meant.items():
        if number not in there:
            none = {field.name: [values.none_called(field, text)]}
            told = forms.clearer(none, rtype, {field.name: text}, actor)
            raise Invalid({"filter": told[field.name]})
        found[number] = there[number]
    return found


def _number(field: Field, text: str, actor: Actor) -> str:
    if field.target == "user" and text.lower() in (ME, pgettext("person", "me")):
        return ME
    number = forms.number_in(shelf.type(field.target), text, actor)
    return normal(number) if SPELLING.fullmatch(number) else number


def _those_there(field: Field, numbers: Iterable[str], actor: Actor) -> dict[str, str]:
    """What a box calls those of the records that the reader sees, by number. One statement; none for no numbers."""
    asked = list(dict.fromkeys(numbers))
    titles = by_title.titles(actor, {(field.target, n) for n in asked if SPELLING.fullmatch(n)})
    found = {n: f"{titles[field.target, n]}{forms.JOINT}{n}" for n in asked if (field.target, n) in titles}  # fmt: skip
    if field.target == "user" and ME in asked:
        found[ME] = pgettext("person", "me")
    return {number: found[number] for number in asked if number in found}
