"""Record type → form: what each field is drawn as, and how what was typed becomes API values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from mainstay.pure.kinds import FieldKind
from mainstay.pure.numbers import SPELLING
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import access, by_title, fields
from mainstay.records.errors import Invalid, complaints
from mainstay.records.fields import Field
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web.formats import gettext as _
from mainstay.surfaces.web.formats import listed, say

# Stands between a title and its number where a person types or picks a reference.
JOINT = " · "
LONGEST_LINE = 250
# Of those a name may mean, in a sentence.
NAMED = 3


@dataclass(frozen=True)
class Pick:
    """One of a few things to choose from, drawn as a card: what it is, in a sentence what it means, and what it costs
    or how long it takes, where that is known. One that cannot be had now is shown all the same, and says why there.
    """

    value: str
    title: str
    about: str = ""
    more: str = ""
    is_disabled: bool = False


@dataclass(frozen=True)
class Input:
    """One field as a form shows it; `value` is text ready for its control. With picks it is drawn as cards."""

    name: str
    label: str
    widget: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    is_needed: bool = False
    errors: tuple[str, ...] = ()
    max_length: int = LONGEST_LINE
    options: str = ""
    picks: tuple[Pick, ...] = ()


def names_for(rtype: RecordType, actor: Actor) -> tuple[str, ...]:
    """The whole form for who could change the record, what the portal asks for everybody else."""
    seen = fields.visible(rtype, actor)
    whole = actor.is_system or access.may_ever(rtype.access.change, actor)
    return tuple(name for name in (rtype.form if whole else rtype.portal_form) if name in seen)


def inputs(
    rtype: RecordType,
    names: Iterable[str],
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    needed: Iterable[str] = (),
) -> list[Input]:
    """`values` holds what was typed, or a row as the engine gives it."""
    needed = set(needed)
    found = []
    for field in fields.named(rtype, names):
        widget = widget_of(field)
        found.append(
            Input(
                name=field.name,
                label=say(field.label),
                widget=widget,
                value=typed(field, values.get(field.name)),
                choices=choices_of(field) if widget == "choice" else (),
                is_needed=must_be_filled(field) or field.name in needed,
                errors=tuple(say(e) for e in (errors or {}).get(field.name, ())),
                max_length=field.max_length,
                options=f"/{shelf.type(field.target).plural}/options/"
                if field.target in shelf
                else "",
            )
        )
    return found


def must_be_filled(field: Field) -> bool:
    """Whether a form may offer to leave it empty: what always has a choice is never empty."""
    return field.required or bool(
        field.choices and not field.source.blank and field.name != "state"
    )


def widget_of(field: Field) -> str:
    return "choice" if field.choices else str(field.kind)


def choices_of(field: Field) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), say(label)) for value, label in field.choices)


def typed(field: Field, value: Any) -> Any:
    """A value as the control for it wants it."""
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        return f"{value['title']}{JOINT}{value['number']}"
    if field.kind is FieldKind.BOOL:
        return value in (True, "true", "on")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"
    return str(value)


def defaults(rtype: RecordType, names: Iterable[str]) -> dict[str, Any]:
    """What an empty form starts with."""
    return {
        f.name: f.source.get_default() for f in fields.named(rtype, names) if f.source.has_default()
    }


def read(rtype: RecordType, names: Iterable[str], post: QueryDict, actor: Actor) -> dict[str, Any]:
    """API values by field name; the engine judges them."""
    return {
        field.name: value_of(field, post.get(field.name, ""), actor)
        for field in fields.named(rtype, names)
    }


def value_of(field: Field, text: str, actor: Actor) -> Any:
    if field.kind is FieldKind.BOOL:
        return text in ("true", "on")
    if not text.strip():
        return None
    if field.is_reference:
        text = text.strip()
        is_of_any_type = field.target not in shelf
        return (
            number_typed(text)
            if is_of_any_type
            else number_in(shelf.type(field.target), text, actor)
        )
    if field.kind is FieldKind.TIME:
        return _aware(text)
    return text


def number_typed(text: str) -> str:
    """The number in what a list below a field filled in: `Title · INC-7`."""
    return text.strip().rpartition(JOINT)[2]


def number_in(target: RecordType, text: str, actor: Actor) -> str:
    """The number in `Priya Raman · USER-3`, or that of the only record called so.

    What is spelled like another type's number is a name here: a team may be called "Group 70".
    """
    number = number_typed(text)
    if not text or JOINT in text:
        return number
    spelled = SPELLING.fullmatch(number)
    if spelled and spelled[1].upper() == target.prefix:
        return number
    alike = _alike(target, text, actor)
    return alike[0]["number"] if len(alike) == 1 else text


def _alike(target: RecordType, text: str, actor: Actor) -> list[dict[str, str]]:
    """Those called exactly so, or all whose name holds it, of those the actor may see."""
    found = by_title.options(target, actor, text, size=20)
    return [o for o in found if fold(o["title"]) == fold(text)] or found


def clearer(
    errors: Mapping[str, Sequence[str]], rtype: RecordType, typed: Mapping[str, Any], actor: Actor
) -> dict[str, Sequence[str]]:
    """The complaints; but of a name that several have, which are meant, for there is not none."""
    known, told = fields.of(rtype), dict(errors)
    for name in errors:
        text = str(typed.get(name) or "").strip()
        if name not in known or known[name].target not in shelf or not text or JOINT in text:
            continue
        alike = _alike(shelf.type(known[name].target), text, actor)
        if len(alike) > 1:
            told[name] = [several(alike)]
    return told


def several(alike: Sequence[Mapping[str, str]]) -> str:
    """What is said of a name that several have, or that is part of several names: which of them are meant."""
    names = listed(f"{one['title']}{JOINT}{one['number']}" for one in alike[:NAMED])
    return _("Several match, such as %(names)s. Choose one, or type a number.") % {"names": names}


def the_one_in(target: RecordType, name: str, text: str, actor: Actor) -> str:
    """As `number_in`, where what is chosen is no field of a record. Raises Invalid, for `name`, where it is several."""
    number = number_in(target, text, actor)
    if number == text and text and not SPELLING.fullmatch(text):
        alike = _alike(target, text, actor)
        if len(alike) > 1:
            raise Invalid({name: [several(alike)]})
    return number


def _aware(text: str) -> Any:
    """A browser sends local time without a zone: the reader's zone is meant."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return text
    return timezone.make_aware(local) if local.tzinfo is None else local


def summary(errors: Mapping[str, Sequence[str]], rtype: RecordType) -> list[tuple[str, str]]:
    """Every complaint with the field it leads to, for the box above a form."""
    return list(complaints(errors, fields.of(rtype)))
