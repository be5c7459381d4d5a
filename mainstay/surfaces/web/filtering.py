"""The filter of a list: a text in the condition language, and the same as chips."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from mainstay.pure.conditions import (
    And,
    Compare,
    Condition,
    FieldRef,
    In,
    Kind,
    Not,
    Or,
    Value,
    all_of,
    text_of,
    words,
)
from mainstay.pure.numbers import normal
from mainstay.pure.rules import Actor
from mainstay.records import by_title, fields
from mainstay.records.fields import Field
from mainstay.records.types import RecordType
from mainstay.surfaces.web import formats, namesakes, ui
from mainstay.surfaces.web.formats import per_reader, say

LONGEST_PLACE = 3  # in digits: a filter has fewer parts
MOST_NAMED = 3  # in one chip
YES = Value(True)  # noqa: FBT003 - the value that is compared with


@dataclass(frozen=True)
class Chip:
    """One part of a filter in words, and the text of the filter without it."""

    words: str
    without: str


def joined(first: Condition | None, second: Condition | None) -> Condition | None:
    """Both; what they ask for alike is asked once."""
    parts = dict.fromkeys([*parts_of(first), *parts_of(second)])
    return all_of(parts) if parts else None


def parts_of(whole: Condition | None) -> tuple[Condition, ...]:
    """What a filter asks for, all of which must hold."""
    if whole is None:
        return ()
    return whole.parts if isinstance(whole, And) else (whole,)


def part_at(whole: Condition | None, place: str) -> int | None:
    """Which part an address means; none where there is no such part."""
    is_there = place.isascii() and place.isdecimal() and len(place) <= LONGEST_PLACE
    return int(place) if is_there and int(place) < len(parts_of(whole)) else None


def changed(whole: Condition | None, made: Condition, place: str) -> Condition:
    """A filter with one part in the place of another, or with one more."""
    parts, at = parts_of(whole), part_at(whole, place)
    return all_of([*parts, made] if at is None else [*parts[:at], made, *parts[at + 1 :]])


def chips(rtype: RecordType, actor: Actor, whole: Condition | None) -> list[Chip]:
    """What a filter asks for, part by part, each with the way to take it out."""
    if whole is None:
        return []
    parts = parts_of(whole)
    seen = fields.visible(rtype, actor)
    labels, choices = _labels(rtype, actor)
    choices = choices | _titles(actor, seen, whole)
    if "priority" in seen:
        choices["priority"] = {str(n): _level(n) for n in _numbers("priority", whole)}
    rest = [[*parts[:at], *parts[at + 1 :]] for at in range(len(parts))]
    return [
        Chip(
            words(part, labels, choices, MOST_NAMED, _moment),
            text_of(all_of(others)) if others else "",
        )
        for part, others in zip(parts, rest, strict=True)
    ]


@per_reader
def _labels(rtype: RecordType, actor: Actor) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What the fields are called, and what can be chosen in them."""
    seen = fields.visible(rtype, actor)
    return (
        {name: say(field.label) for name, field in seen.items()},
        {n: {str(v): say(w) for v, w in f.choices} for n, f in seen.items() if f.choices},
    )


def _moment(value: date) -> str:
    """As everything on the page is told: in the language and the zone of its reader."""
    return formats.when(value) if isinstance(value, datetime) else formats.day(value)


def _titles(actor: Actor, seen: Mapping[str, Field], whole: Condition) -> dict[str, dict[str, str]]:
    """What the records a filter names are called, by field and number, of those the reader sees. One statement."""
    named = [(f.name, seen[f.name].target, n) for f, n in _named(whole) if f.name in seen]
    found = by_title.titles(actor, {(target, number) for _name, target, number in named})
    alike = namesakes.among({"number": n, "title": title} for (_of, n), title in found.items())
    told: dict[str, dict[str, str]] = {}
    for name, target, number in named:
        if title := found.get((target, number)):
            is_alone = normal(number) not in alike
            told.setdefault(name, {})[number] = (
                title if is_alone else namesakes.numbered(title, number)
            )
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
