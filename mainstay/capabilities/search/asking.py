"""What was typed, as words to look for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mainstay.pure import text
from mainstay.records.values import UNSTORABLE

# A word, and whether it is only the start of one.
Term = tuple[str, bool]
# Ways to meet one wish, each a conjunction of words: "Wi-Fi" is (wifi) or (wi and fi).
Group = tuple[tuple[Term, ...], ...]
# The same with every word finished.
Whole = tuple[tuple[str, ...], ...]
# All of them must be met.
Words = tuple[Group, ...]

LONGEST = 200
MOST_WORDS = 10
# The last word may be unfinished; one letter begins too many words.
SHORTEST_START = 2


@dataclass(frozen=True)
class Question:
    """`words` is empty where there is too little to look for; `ignored` are the words beyond the tenth, as typed."""

    typed: str
    words: Words
    plain: tuple[str, ...]
    ignored: tuple[str, ...] = ()


def read(typed: str) -> Question:
    typed = "" if UNSTORABLE.search(typed) else typed[:LONGEST]
    found = list(dict.fromkeys(text.words(typed)))
    kept = found[:MOST_WORDS]
    spelt = as_typed(typed)
    ignored = tuple(spelt[word] for word in found[MOST_WORDS:])
    if not any(_is_enough(word) for word in kept):
        return Question(typed.strip(), (), tuple(kept), ignored)
    # A blank after the last word says that it is finished.
    last = kept[-1] if not ignored and typed[-1:].strip() else ""
    compounds = {tuple(parts) for parts in text.compounds(typed)}
    groups: list[Group] = []
    used: set[str] = set()
    for parts in sorted(compounds, key=len, reverse=True):
        if all(part in kept for part in parts) and not used & set(parts):
            used |= set(parts)
            joined = "".join(parts)[: text.LONGEST_WORD]
            apart = tuple(_term(part, last) for part in parts)
            groups.append(((_term(joined, joined if parts[-1] == last else ""),), apart))
    groups += [((_term(word, last),),) for word in kept if word not in used]
    return Question(typed.strip(), tuple(groups), tuple(kept), ignored)


def _is_enough(word: str) -> bool:
    return len(word) > 1 or word.isdigit() or not word.isascii()


def _term(word: str, last: str) -> Term:
    return word, word == last and len(word) >= SHORTEST_START


def exactly(word: str) -> Words:
    """One whole word."""
    return ((((word, False),),),)


def parts(group: Group) -> tuple[str, ...]:
    """The words of a wish as they were typed: one, or those of a word in parts."""
    return tuple(word for word, _is_start in max(group, key=len))


def apart(group: Group) -> dict[str, Group]:
    """Each word of a wish as a wish of its own, with its other spellings."""
    words = parts(group)
    ways = [way for way in group if len(way) == len(words)]
    return {word: tuple(dict.fromkeys((way[n],) for way in ways)) for n, word in enumerate(words)}


def as_typed(typed: str) -> dict[str, str]:
    """Each word as it is looked for, and how it was typed first: people are told theirs."""
    spelt: dict[str, str] = {}
    for word, start, end in text.places(typed):
        spelt.setdefault(word, typed[start:end])
    return spelt


def whole(question: Question, words: Sequence[str]) -> str:
    """A word in parts as it was typed."""
    start, end = _places(question, words)[0]
    return question.typed[start:end]


def without(
    question: Question, words: Collection[str], wholes: Collection[Sequence[str]] = ()
) -> str:
    """What was typed, less some of its words, and less some that are in parts."""
    left_over = question.typed
    for start, end in (place for parted in wholes for place in _places(question, parted)):
        left_over = left_over[:start] + " " * (end - start) + left_over[end:]
    kept = []
    for typed in left_over.split():
        there = text.words(typed)
        left = [word for word in there if word not in words]
        kept += [typed] if left == there else left
    return " ".join(kept)


def _places(question: Question, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where a word in parts begins and ends in what was typed."""
    typed = question.typed
    return [
        (start, end)
        for _word, start, end in text.places(typed)
        if text.words(typed[start:end]) == list(words)
    ]


def either(question: Question, beside: dict[str, list[str]]) -> Words:
    """The same wishes, each also met with one of its words spelt otherwise."""
    return tuple(
        group
        + tuple(
            (*way[:n], (other, False), *way[n + 1 :])
            for way in group
            for n, (word, _) in enumerate(way)
            for other in beside.get(word, ())
        )
        for group in question.words
    )
