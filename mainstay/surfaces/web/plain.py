"""Plain words in the filter box: the condition they most likely mean."""

import re

from mainstay.directory.record import user
from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
    In,
    Kind,
    Op,
    TextTest,
    Value,
    all_of,
    any_of,
)
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import fields, queries, where
from mainstay.records.errors import Invalid
from mainstay.records.types import RecordType

# A sign of the language, a call or a name written as fields are: whoever types that means a condition.
SIGNS = re.compile(r"[=<>!&|()\[\]\"_]|(?<!\w)'|'(?!\w)|\bin\b")
MOST_WORDS = 12
# So many people called so may be meant; a commoner name says nothing.
MOST_PEOPLE = 5


def condition(rtype: RecordType, actor: Actor, text: str) -> Condition | None:
    """A number, people or words of the title; None for what is a condition, or was meant to be one."""
    if not text or SIGNS.search(text) or not any(map(str.isalnum, text)):
        return None
    try:
        where.parse(rtype, actor, text)
    except Invalid:
        return _number(rtype, text) or _person(rtype, actor, text) or _title(text)
    return None


def _number(rtype: RecordType, text: str) -> Condition | None:
    if not (text.isascii() and text.isdecimal()):
        return None
    return Compare(FieldRef("number", Kind.KEY), Op.EQ, Value(f"{rtype.prefix}-{int(text)}"))


def _person(rtype: RecordType, actor: Actor, text: str) -> Condition | None:
    """Whoever is called so, wherever a record of this type names people; by half a name, titles with it as well."""
    seen = fields.visible(rtype, actor)
    names = [n for n in rtype.columns if n in seen and seen[n].target == user.name]
    if not names or not actor.reaches("read", user.plural):
        return None
    found, said = queries.options(user, actor, text, size=MOST_PEOPLE + 1), fold(text)
    called = [o["number"] for o in found if fold(o["title"]) == said][:1]
    if called:
        return _names(names, called)
    called = [o["number"] for o in found if said in fold(o["title"]).split()]
    return any_of([_title(text), _names(names, called)]) if 0 < len(called) <= MOST_PEOPLE else None


def _names(fields_of_people: list[str], numbers: list[str]) -> Condition:
    values = tuple(map(Value, numbers))
    return any_of(
        [
            In(ref, values) if len(values) > 1 else Compare(ref, Op.EQ, values[0])
            for ref in (FieldRef(name, Kind.REF) for name in fields_of_people)
        ]
    )


def _title(text: str) -> Condition:
    """Every word of it, in any order."""
    title = FieldRef("title", Kind.TEXT)
    return all_of([TextTest(title, "contains", word) for word in text.split()[:MOST_WORDS]])
