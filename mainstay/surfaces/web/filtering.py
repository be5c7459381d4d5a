"""The filter of a list: a text in the condition language, and the same thing as chips and as a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.pure.conditions import (
    And,
    Compare,
    Condition,
    ConditionError,
    FieldRef,
    In,
    IsSet,
    Kind,
    Me,
    MyTeams,
    Not,
    Op,
    TextTest,
    Value,
    all_of,
    check,
    text_of,
    words,
)
from mainstay.pure.rules import Actor
from mainstay.records import fields, queries
from mainstay.records.fields import Field
from mainstay.records.types import RecordType
from mainstay.surfaces.web import forms
from mainstay.surfaces.web.formats import say

ME, TEAMS = "me", "my_teams"


@dataclass(frozen=True)
class Chip:
    """One part of a filter in words, and the text of the filter without it."""

    words: str
    without: str


def condition(rtype: RecordType, actor: Actor, text: str) -> Condition | None:
    """What a text means for this actor. Raises ConditionError with a sentence."""
    return check(text, kinds(rtype, actor)) if text else None


def kinds(rtype: RecordType, actor: Actor) -> dict[str, Kind]:
    """The fields that can be tested; one that is hidden and one that does not exist are the same."""
    seen = fields.visible(rtype, actor)
    return {
        name: column.kind
        for name, column in queries.condition_columns(rtype).items()
        if name in seen
    }


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
    rest = [[other for other in parts if other is not part] for part in parts]
    return [
        Chip(words(part, labels, choices), text_of(all_of(others)) if others else "")
        for part, others in zip(parts, rest, strict=True)
    ]


def operators(kind: Kind, *, target: str = "") -> list[tuple[str, str]]:
    """What a form offers to say about a field of this kind."""
    if kind is Kind.BOOL:
        return [("yes", _("is yes")), ("no", _("is no"))]
    if kind is Kind.TEXT:
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


def clause(rtype: RecordType, actor: Actor, form: QueryDict) -> Condition:
    """The condition a filled form row means. Raises ConditionError."""
    name, operator, text = form.get("field", ""), form.get("op", ""), form.get("value", "").strip()
    known, kind = fields.visible(rtype, actor).get(name), kinds(rtype, actor).get(name)
    if known is None or kind is None:
        raise ConditionError(_("Choose a field."))
    ref = FieldRef(name, kind)
    plain: dict[str, Condition] = {
        "yes": Compare(ref, Op.EQ, Value(True)),
        "no": Not(Compare(ref, Op.EQ, Value(True))),
        "set": IsSet(ref),
        "unset": Not(IsSet(ref)),
        ME: Compare(ref, Op.EQ, Me()),
        TEAMS: In(ref, MyTeams()),
    }
    if operator in plain:
        return plain[operator]
    if not text:
        raise ConditionError(_("Say what to look for."))
    if kind is Kind.TEXT and operator in ("contains", "starts"):
        return TextTest(ref, "contains" if operator == "contains" else "startsWith", text)
    return check(
        f"{name} {SIGNS.get(operator, '==')} {_literal(known, kind, text, actor)}",
        kinds(rtype, actor),
    )


SIGNS: Mapping[str, str] = {
    "is": "==",
    "not": "!=",
    "most": "<=",
    "least": ">=",
    "since": ">",
    "until": "<",
}


def _literal(known: Field, kind: Kind, text: str, actor: Actor) -> str:
    """What was typed, as the language writes it."""
    if kind is Kind.NUMBER:
        return text
    if kind is Kind.TIME:
        value: Any = forms.value_of(known, text, actor)
        return text_of_time(value) if not isinstance(value, str) else f'timestamp("{text}")'
    if kind is Kind.REF:
        text = forms.number_of(known, text, actor)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def text_of_time(value: Any) -> str:
    return f'timestamp("{value.isoformat()}")'
