"""The filter of a list: a text in the condition language, the same as chips, and as a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.pure.conditions import (
    And,
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
    Or,
    TextTest,
    Value,
    all_of,
    text_of,
    words,
)
from mainstay.pure.numbers import SPELLING
from mainstay.pure.rules import Actor
from mainstay.records import by_title, fields, values, where
from mainstay.records.errors import Invalid
from mainstay.records.fields import Field
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import forms, ui
from mainstay.surfaces.web.formats import say

ME, TEAMS = "me", "my_teams"
MOST_NAMED = 3  # in one chip
YES = Value(True)  # noqa: FBT003 - the value that is compared with


@dataclass(frozen=True)
class Chip:
    """One part of a filter in words, and the text of the filter without it."""

    words: str
    without: str


def joined(first: Condition | None, second: Condition | None) -> Condition | None:
    parts = [part for part in (first, second) if part is not None]
    return all_of(parts) if parts else None


def chips(rtype: RecordType, actor: Actor, whole: Condition | None) -> list[Chip]:
    """What a filter asks for, part by part, each with the way to take it out."""
    if whole is None:
        return []
    parts = whole.parts if isinstance(whole, And) else (whole,)
    seen = fields.visible(rtype, actor)
    labels = {name: say(field.label) for name, field in seen.items()}
    choices = {n: {str(v): say(w) for v, w in f.choices} for n, f in seen.items() if f.choices}
    choices |= _titles(actor, seen, whole)
    if "priority" in seen:
        choices["priority"] = {str(n): _level(n) for n in _numbers("priority", whole)}
    rest = [[other for other in parts if other is not part] for part in parts]
    return [
        Chip(words(part, labels, choices, MOST_NAMED), text_of(all_of(others)) if others else "")
        for part, others in zip(parts, rest, strict=True)
    ]


def _titles(actor: Actor, seen: Mapping[str, Field], whole: Condition) -> dict[str, dict[str, str]]:
    """What the records a filter names are called, by field and number, of those the reader sees. One statement."""
    named = [(f.name, seen[f.name].target, n) for f, n in _named(whole) if f.name in seen]
    found = by_title.titles(actor, {(target, number) for _name, target, number in named})
    told: dict[str, dict[str, str]] = {}
    for name, target, number in named:
        if title := found.get((target, number)):
            told.setdefault(name, {})[number] = title
    return told


def _level(number: float) -> str:
    """What a row calls it; of a number no row has, that it is none."""
    return (
        ui.priority_label(int(number))
        if number in ui.LEVELS
        else _("%(n)s (no priority)") % {"n": number}
    )


def _numbers(name: str, condition: Condition) -> Iterator[int | float]:
    """Each number that a field is compared with."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _numbers(name, part)
        case Not(part):
            yield from _numbers(name, part)
        case Compare(FieldRef(name=of), _, Value(int() | float() as number)) if of == name:
            yield number
        case In(FieldRef(name=of), tuple(items)) if of == name:
            for item in items:
                if isinstance(item, Value) and isinstance(item.value, int | float):
                    yield item.value


def _named(condition: Condition) -> Iterator[tuple[FieldRef, str]]:
    """Each reference that is compared with a record, and the record's number."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _named(part)
        case Not(part):
            yield from _named(part)
        case Compare(FieldRef(kind=Kind.REF) as field, _, Value(str(number))):
            yield field, number
        case In(FieldRef(kind=Kind.REF) as field, tuple(items)):
            for item in items:
                if isinstance(item, Value) and isinstance(item.value, str):
                    yield field, item.value


def operators(kind: Kind, *, target: str = "") -> list[tuple[str, str]]:
    """What a form offers to say about a field of this kind."""
    if kind is Kind.BOOL:
        return [("yes", _("is yes")), ("no", _("is no"))]
    if kind in (Kind.TEXT, Kind.KEY):
        return [
            ("contains", _("contains")),
            ("is", _("is")),
            ("starts", _("starts with")),
            *_set_or_not(),
        ]
    if kind in (Kind.TIME, Kind.DATE):
        return [
            ("since", pgettext("filter", "is after")),
            ("until", pgettext("filter", "is before")),
            *_set_or_not(),
        ]
    if kind is Kind.NUMBER:
        return [
            ("is", _("is")),
            ("most", _("is at most")),
            ("least", _("is at least")),
            ("not", _("is not")),
            *_set_or_not(),
        ]
    own = {"user": [(ME, _("is me"))], "team": [(TEAMS, _("is one of my teams"))]}.get(target, [])
    return [("is", _("is")), ("not", _("is not")), *own, *_set_or_not()]


def _set_or_not() -> list[tuple[str, str]]:
    return [("set", _("is set")), ("unset", _("is not set"))]


def control(field: Field, rtype: RecordType, typed: str, unfit: str) -> forms.Input:
    """What the value is typed into or chosen from, with what was typed and what is wrong with it."""
    asked = forms.inputs(rtype, [field.name], {})[0]
    if field.name == "priority":
        levels = tuple((str(n), ui.priority_label(n)) for n in ui.LEVELS)
        asked = replace(asked, widget="choice", choices=levels)
    return replace(asked, value=typed, errors=(unfit,) if unfit else ())


def clause(rtype: RecordType, actor: Actor, form: QueryDict) -> Condition:
    """The condition a filled form row means. Raises Invalid."""
    name, operator, text = form.get("field", ""), form.get("op", ""), form.get("value", "").strip()
    known, kind = fields.visible(rtype, actor).get(name), where.kinds(rtype, actor).get(name)
    if known is None or kind is None:
        raise Invalid({"filter": [_("Choose a field.")]})
    ref = FieldRef(name, kind)
    plain: dict[str, Condition] = {
        "yes": Compare(ref, Op.EQ, YES),
        "no": Not(Compare(ref, Op.EQ, YES)),
        "set": IsSet(ref),
        "unset": Not(IsSet(ref)),
        ME: Compare(ref, Op.EQ, Me()),
        TEAMS: In(ref, MyTeams()),
    }
    if operator in plain:
        return plain[operator]
    if not text:
        raise Invalid({"filter": [_("Say what to look for.")]})
    if kind in (Kind.TEXT, Kind.KEY) and operator in ("contains", "starts"):
        return TextTest(ref, "contains" if operator == "contains" else "startsWith", text)
    literal = _literal(known, kind, text, actor)
    found = where.parse(rtype, actor, f"{name} {SIGNS.get(operator, '==')} {literal}")
    assert found is not None  # noqa: S101 - the text is not empty
    return found


SIGNS: Mapping[str, str] = {
    "is": "==",
    "not": "!=",
    "most": "<=",
    "least": ">=",
    "since": ">",
    "until": "<",
}


def _of_a_record(known: Field, text: str, actor: Actor) -> str:
    """The number of the one that is meant. Raises Invalid where the reader sees none."""
    number = forms.number_in(shelf.type(known.target), text, actor)
    if not SPELLING.fullmatch(number) or not by_title.titles(actor, {(known.target, number)}):
        raise Invalid({"filter": [values.none_called(known, text)]})
    return number


def _literal(known: Field, kind: Kind, text: str, actor: Actor) -> str:
    """What was typed, as the language writes it. Raises Invalid."""
    if kind is Kind.NUMBER:
        if known.name == "priority" and text[0] in "Pp":
            text = text[1:]
        if not text.removeprefix("-").isdecimal():
            raise Invalid({"filter": [_("This must be a whole number.")]})
        if known.name == "priority" and int(text) not in ui.LEVELS:
            raise Invalid({"filter": [_("A priority is a number from 1 to 5.")]})
        return text
    if kind is Kind.TIME:
        moment: Any = forms.value_of(known, text, actor)
        if isinstance(moment, str):
            raise Invalid({"filter": [_("This must be a date and a time.")]})
        return f'timestamp("{moment.isoformat()}")'
    if kind is Kind.REF and known.target in shelf:
        if known.target == "user" and text.lower() in (ME, pgettext("person", "me")):
            return ME
        text = _of_a_record(known, text, actor)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
