"""Plain words in the filter box: the condition they most likely mean."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from django.utils.translation import get_language

from mainstay.directory.record import user
from mainstay.pure.conditions import (
    And,
    Compare,
    Condition,
    FieldRef,
    In,
    Kind,
    Op,
    Or,
    TextTest,
    Value,
    all_of,
    any_of,
)
from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold, unhyphenated
from mainstay.records import by_title, fields, where
from mainstay.records.fields import Field
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import ui
from mainstay.surfaces.web.formats import say

# An operator or a test of a text: nobody types these into a sentence.
SIGNS = re.compile(r"[=<>]|&&|\|\||\w\.\w+\s*\(")
# "in" is a word of two languages as well: a condition names a field before it, and one thing or a list behind it.
MEMBER = re.compile(r"\b(\w+)\s+in\s*(?:\[|\w+\s*$)", re.ASCII)
# A name as fields are written, alone.
NAME = re.compile(r"!?\s*([a-z]+(?:_+[a-z]+)+)", re.ASCII)
# What is in quotes belongs together; what stands around a word is no part of it.
WORD = re.compile(r'"([^"]+)"|(\S+)')
AROUND = "!?.,;:()[]{}\"'„“”‚‘’«»‹›…¿¡"
# All words are looked for anyway: what joins them is looked for nowhere.
JOINS = ("and", "und")
MOST_WORDS = 12
# More words are a sentence, which is no list of names.
MOST_NAMES = 6
# So many may be meant by all words together: their numbers stand in the address. A commoner name says nothing.
MOST_CALLED = 40


def condition(rtype: RecordType, actor: Actor, text: str) -> Condition | None:
    """A number, or words of what a row says; None for what is a condition, or was meant to be one."""
    if not any(map(str.isalnum, text)):
        return None
    if where.is_condition(rtype, actor, text) or _is_meant(rtype, actor, text):
        return None
    return _number(rtype, text) or _words(rtype, actor, text)


def _is_meant(rtype: RecordType, actor: Actor, text: str) -> bool:
    """Whether somebody wrote a condition and made a mistake: they are told of it, and nothing is guessed."""
    if SIGNS.search(text):
        return True
    known = where.kinds(rtype, actor)
    if any(found[1] in known for found in MEMBER.finditer(text)):
        return True
    name = NAME.fullmatch(text)
    return name is not None and bool(get_close_matches(name[1], known, n=1))


def _number(rtype: RecordType, text: str) -> Condition | None:
    if not (text.isascii() and text.isdecimal()):
        return None
    return Compare(FieldRef("number", Kind.KEY), Op.EQ, Value(f"{rtype.prefix}-{int(text)}"))


def _words(rtype: RecordType, actor: Actor, text: str) -> Condition:
    """Whoever is called so, wherever a record of this type names people; or else each word of it.

    Every word, in any order: in the title, or as a name or label of what the row shows beside it.
    """
    words = [(quoted or word).strip(AROUND) for quoted, word in WORD.findall(text)]
    words = [word for word in words if any(map(str.isalnum, word))][:MOST_WORDS]
    words = [word for word in words if word.casefold() not in JOINS] or words
    shown, few = _shown(rtype, actor), words if len(words) <= MOST_NAMES else []
    targets = {field.target for field in shown}
    most = MOST_CALLED // max(1, len(few))
    called = by_title.called(actor, targets, few, most, whole=(user.name, text))
    if person := called.get((user.name, "")):
        return any_of([_names(field.name, person) for field in shown if field.target == user.name])
    if not few:
        return all_of([_word(word, (), {}) for word in words])
    seen = fields.visible(rtype, actor)
    labels = _labels(rtype, tuple(n for n in rtype.columns if n in seen), get_language())
    parts = list[Condition]()
    for run in _runs(words, labels):
        said = [_word(word, shown, called) for word in run]
        parts.append(any_of([all_of(said), *labels.get(_folded(run), ())]))
    return all_of(parts)


def _word(word: str, shown: Sequence[Field], called: dict[tuple[str, str], list[str]]) -> Condition:
    title = TextTest(FieldRef("title", Kind.TEXT), "contains", word)
    named = [(field.name, called.get((field.target, word))) for field in shown]
    return any_of([title, *(_names(name, numbers) for name, numbers in named if numbers)])


def _runs(words: Sequence[str], labels: Mapping[str, object]) -> Iterator[Sequence[str]]:
    """The words one by one, and together those that are a label: the longest that begins at each."""
    start = 0
    while start < len(words):
        ends = range(len(words), start + 1, -1)
        end = next((n for n in ends if _folded(words[start:n]) in labels), start + 1)
        yield words[start:end]
        start = end


def _folded(words: Iterable[str]) -> str:
    return unhyphenated(fold(" ".join(words)))


@lru_cache(256)
def _labels(
    rtype: RecordType, names: Sequence[str], language: str
) -> Mapping[str, Sequence[Condition]]:
    """What a row says of states, priorities and other choices, in the reader's language, and what it means."""
    known, found = fields.of(rtype), dict[str, list[Condition]]()
    for field in map(known.__getitem__, names):
        if field.attribute == "priority":
            for level in ui.LEVELS:
                means = Compare(FieldRef(field.name, Kind.NUMBER), Op.EQ, Value(level))
                for label in (f"P{level}", ui.priority_word(level), ui.priority_label(level)):
                    found.setdefault(_label(label), []).append(means)
        elif field.kind is FieldKind.CHOICE:
            for value, label in field.choices:
                means = Compare(FieldRef(field.name, Kind.CHOICE), Op.EQ, Value(value))
                found.setdefault(_label(say(label)), []).append(means)
    return found


def _label(label: str) -> str:
    return _folded(word.strip(AROUND) for word in label.split())


def are_words(condition: Condition | None) -> bool:
    """Whether it looks for words in titles, as what is written for plain words does."""
    match condition:
        case TextTest(FieldRef(name="title"), "contains"):
            return True
        case And(parts) | Or(parts):
            return any(map(are_words, parts))
    return False


def _shown(rtype: RecordType, actor: Actor) -> list[Field]:
    """What a row of its list usually names, of what this reader may ask about."""
    seen = fields.visible(rtype, actor)
    return [seen[n] for n in rtype.columns if n in seen and seen[n].target in shelf]


def _names(field: str, numbers: Sequence[str]) -> Condition:
    ref, values = FieldRef(field, Kind.REF), tuple(map(Value, numbers))
    return In(ref, values) if len(values) > 1 else Compare(ref, Op.EQ, values[0])
