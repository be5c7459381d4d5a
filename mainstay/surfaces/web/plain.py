"""Plain words in the filter box: the condition they most likely mean."""

import re

from mainstay.directory.record import user
from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
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
SIGNS = re.compile(r"[=<>!&|()\[\]\"'_]|\bin\b")
MOST_WORDS = 12


def condition(rtype: RecordType, actor: Actor, text: str) -> Condition | None:
    """A number, a person or words of the title; None for what is a condition, or was meant to be one."""
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
    """Whoever is called exactly so, wherever a record of this type names people."""
    seen = fields.visible(rtype, actor)
    names = [n for n in rtype.columns if n in seen and seen[n].target == user.name]
    if not names or not actor.reaches("read", user.plural):
        return None
    found = queries.options(user, actor, text, size=1)
    if not found or fold(found[0]["title"]) != fold(text):
        return None
    number = Value(found[0]["number"])
    return any_of([Compare(FieldRef(name, Kind.REF), Op.EQ, number) for name in names])


def _title(text: str) -> Condition:
    """Every word of it, in any order."""
    title = FieldRef("title", Kind.TEXT)
    return all_of([TextTest(title, "contains", word) for word in text.split()[:MOST_WORDS]])
