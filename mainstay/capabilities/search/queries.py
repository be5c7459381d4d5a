"""What a surface asks of search: hits in order, how many of which kind, suggestions, and what is like a title."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from math import log
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from mainstay.capabilities.search import asking, finding, rights, shown, terms, texts
from mainstay.capabilities.search.asking import Question, Words
from mainstay.capabilities.search.finding import Hit, Narrowing, Tally
from mainstay.capabilities.search.shown import Item
from mainstay.pure import text
from mainstay.pure.numbers import SPELLING
from mainstay.pure.rules import Actor
from mainstay.records import queries
from mainstay.records.errors import Invalid, Missing
from mainstay.records.types import RecordType, shelf

# Up to so many hits the best stand first; more would have to be read before the first could be shown.
RANKED = 1_000
# Up to so many are counted.
COUNTED = 5_000
BEST, NEWEST = "best", "newest"
ORDERS = (BEST, NEWEST)
SIMILAR, SIMILAR_READ, SIMILAR_WORDS = 5, 200, 8
SUGGESTED = 8
# Of so many of the newest those come first whose titles have the words.
SUGGESTED_OF = 100


@dataclass(frozen=True)
class Value:
    """One choice of a facet."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Rest:
    """A question without the words that nothing has, and how much that finds."""

    typed: str
    count: int
    is_exact: bool


@dataclass(frozen=True)
class Found:
    """One page of hits.

    `exact` is the record whose very number was typed. `alike` are the words that were looked for because nothing had
    those that were typed. `count` and `facets` are there where they were asked for; `is_exact` says that nothing is
    left uncounted. Where nothing was found, `lacking` are those of the words that nothing has which the asker may read,
    and `rest` is what they would find without them.
    """

    question: Question
    items: list[Item] = field(default_factory=list)
    exact: Item | None = None
    order: str = NEWEST
    next: str | None = None
    alike: tuple[str, ...] = ()
    count: int | None = None
    is_exact: bool = True
    facets: dict[str, list[Value]] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    rest: Rest | None = None


def search(
    actor: Actor,
    typed: str,
    narrowing: Narrowing | None = None,
    *,
    order: str = BEST,
    after: str = "",
    size: int = 20,
    counted: bool = False,
) -> Found:
    """Raises Invalid for an order or a cursor there is none of."""
    narrowing = narrowing or Narrowing()
    if order not in ORDERS:
        raise Invalid({"order": [_("Order by one of %(orders)s.") % {"orders": ", ".join(ORDERS)}]})
    place = _read_cursor(after) if after else None
    question = asking.read(typed)
    exact = None if place else _numbered(actor, question.typed, narrowing)
    words, alike = question.words, dict[str, list[str]]()
    if place and place.widened:
        words, alike = _widened(question)
    read = _read(actor, words, narrowing, order, place, size, counted=counted)
    if not read.hits and not place and words and exact is None:
        words, alike = _widened(question)
        if alike:
            read = _read(actor, words, narrowing, order, place, size, counted=counted)
    applied = _applied(order, place, read)
    page, more = _page(words, read.hits, applied, place, size)
    items = shown.items(actor, [hit.id for hit in page], words, as_caller=narrowing.own)
    found = Found(
        question,
        items,
        exact,
        applied,
        _cursor(applied, page, words, more=more, widened=bool(alike)),
    )
    if alike and page:
        found = replace(found, alike=_met(alike, items))
    if words and not (items or exact or place):
        found = _explained(actor, found, words, narrowing)
    if counted:
        found = replace(
            found,
            count=min(read.count, COUNTED),
            is_exact=read.count <= COUNTED,
            facets=_facets(read.tallies),
        )
    return found


def _explained(actor: Actor, found: Found, words: Words, narrowing: Narrowing) -> Found:
    """Which words are to blame: asked only where nothing has them all.

    Of a word in parts those that nothing has; where something has each of them, it is to blame as a whole.
    """
    words_to_blame, wholes = set[str](), dict[str, tuple[str, ...]]()
    for group in finding.lacking(actor, words, narrowing):
        if parts := finding.lacking_parts(actor, group, narrowing):
            words_to_blame.update(parts)
        else:
            parted = asking.parts(group)
            wholes[parted[0]] = parted
    spelt = asking.as_typed(found.question.typed)
    lacking = tuple(
        spelt[word] if word in words_to_blame else asking.whole(found.question, wholes[word])
        for word in found.question.plain
        if word in words_to_blame or word in wholes
    )
    typed = asking.without(found.question, words_to_blame, wholes.values())
    if not lacking or not typed:
        return replace(found, lacking=lacking)
    less = search(actor, typed, narrowing, size=1, counted=True)
    count = less.count or int(less.exact is not None)
    return replace(
        found, lacking=lacking, rest=Rest(typed, count, less.is_exact) if count else None
    )


def suggest(
    actor: Actor, typed: str, narrowing: Narrowing | None = None, size: int = SUGGESTED
) -> list[Item]:
    """A few records while one types: the very number first, then titles with the words, the newest first.

    They are told by number and title; no text of theirs is read.
    """
    narrowing = narrowing or Narrowing()
    question = asking.read(typed)
    exact = _numbered(actor, question.typed, narrowing)
    hits = finding.hits(actor, finding.finished(question.words), narrowing, SUGGESTED_OF)
    hits.sort(key=lambda hit: -_in_title(hit, question.words))
    keys = [hit.id for hit in hits if exact is None or hit.id != exact.id]
    keys = keys[: size - 1 if exact else size]
    return ([exact] if exact else []) + shown.titles(keys, question.words)


def similar(actor: Actor, rtype: RecordType, title: str, *, own: bool = False) -> list[Item]:
    """Records of a type that share the rarest words of a title; `own`: only those the actor asked for.

    How rare a word is, is counted among what the actor sees: nobody learns from it what else there is.
    """
    if rtype not in rights.types_for(actor):
        return []
    weights, known = Counter[int](), list[str]()
    for word in dict.fromkeys(text.words(title[: asking.LONGEST])):
        if len(word) >= terms.SHORTEST and len(known) < SIMILAR_WORDS:
            known.append(word)
    narrowing = Narrowing(types=(rtype.name,))
    for word in known:
        wanted = finding.finished(asking.exactly(word))
        hits = finding.hits(actor, wanted, narrowing, SIMILAR_READ)
        rarity = log(1 + SIMILAR_READ / len(hits)) if hits else 0
        for hit in hits:
            weights[hit.id] += rarity  # type: ignore[assignment]
    best = sorted(weights, key=lambda key: (-weights[key], -key))
    if own:
        best = shown.asked_by(actor, best)
    words = tuple(chain.from_iterable(asking.exactly(word) for word in known))
    return shown.items(actor, best[:SIMILAR], words)


@dataclass(frozen=True)
class _Place:
    """Where a page ended: in which order, at which record, with how many words in its title."""

    order: str
    id: int
    score: int
    widened: bool


@dataclass(frozen=True)
class _Read:
    """As many hits as their order needs, whether these are all there are, and how many of which kind."""

    hits: list[Hit]
    is_whole: bool
    tallies: list[Tally]

    @property
    def count(self) -> int:
        return _total(self.tallies)


def _read(
    actor: Actor,
    words: Words,
    narrowing: Narrowing,
    order: str,
    place: _Place | None,
    size: int,
    *,
    counted: bool,
) -> _Read:
    wanted = finding.finished(words)
    tallies = finding.tallies(actor, wanted, narrowing, COUNTED + 1) if counted else []
    few = _total(tallies) <= RANKED
    ranks = place.order == BEST if place is not None else order == BEST and few
    if ranks:
        limit, before = RANKED + 1, None
    else:
        limit, before = size + 1, place.id if place else None
    hits = finding.hits(actor, wanted, narrowing, limit, before)
    return _Read(hits, len(hits) < limit, tallies)


def _applied(order: str, place: _Place | None, read: _Read) -> str:
    if place is not None:
        return place.order
    return BEST if order == BEST and read.is_whole else NEWEST


def _page(
    words: Words, hits: list[Hit], order: str, place: _Place | None, size: int
) -> tuple[list[Hit], bool]:
    if order != BEST:
        return hits[:size], len(hits) > size
    scored = sorted(
        ((-_in_title(hit, words), -hit.id, hit) for hit in hits[:RANKED]), key=lambda s: s[:2]
    )
    if place:
        scored = [s for s in scored if s[:2] > (-place.score, -place.id)]
    return [hit for *_, hit in scored[:size]], len(scored) > size


def _in_title(hit: Hit, words: Words) -> int:
    """How many of the wishes a title meets by itself."""
    there = shown.words_of_title(hit.title)
    return sum(shown.meets(group, there) for group in words)


def _cursor(
    order: str, page: Sequence[Hit], words: Words, *, more: bool, widened: bool
) -> str | None:
    if not more:
        return None
    last = page[-1]
    told = [order, last.id, _in_title(last, words), widened]
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")


def _read_cursor(given: str) -> _Place:
    try:
        order, key, score, widened = orjson.loads(
            base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        )
        fits = order in ORDERS and all(type(n) is int and 0 <= n < 2**63 for n in (key, score))
    except (ValueError, TypeError):
        fits = False
    if not fits or type(widened) is not bool:
        raise Invalid({"after": [_("This is no cursor for this list; start again without it.")]})
    return _Place(order, key, score, widened)


def _numbered(actor: Actor, typed: str, narrowing: Narrowing) -> Item | None:
    """The record whose number this is, in whatever spelling, or whose name in another system."""
    is_one_word = bool(typed) and not typed.split()[1:] and any(c.isdigit() for c in typed)
    is_open = replace(narrowing, types=(), own=False) == Narrowing()
    if not is_open or not (SPELLING.fullmatch(typed) or is_one_word):
        return None
    try:
        rtype, row = queries.find(actor, typed)
    except Missing:
        return None
    if rtype not in rights.types_for(actor) or rtype.name not in (narrowing.types or (rtype.name,)):
        return None
    found = [row.facts.id]
    if narrowing.own:
        found = shown.asked_by(actor, found)
    return next(iter(shown.items(actor, found, (), as_caller=narrowing.own)), None)


def _widened(question: Question) -> tuple[Words, dict[str, list[str]]]:
    """The question with other spellings beside each of its words; no others where none is known.

    Also beside those that some record has: which these are is nothing the asker may learn.
    """
    typed = dict.fromkeys(w for group in question.words for way in group for w, _is_start in way)
    alike = {word: found for word in typed if (found := terms.alike(word))}
    return asking.either(question, alike), alike


def _met(alike: dict[str, list[str]], items: Sequence[Item]) -> tuple[str, ...]:
    """Of the other spellings those the asker reads in what they found."""
    read = {w for item in items for w in text.words(f"{item.title} {item.excerpt}")}
    return tuple(dict.fromkeys(w for several in alike.values() for w in several if w in read))


def _total(tallies: Sequence[Tally]) -> int:
    """Each hit has one state."""
    return sum(tally.count for tally in tallies if tally.column == "state")


def _facets(tallies: Sequence[Tally]) -> dict[str, list[Value]]:
    """The commonest first. Where more were found than are counted, none says more than that."""
    types, states = Counter[str](), Counter[str]()
    ids = {"team": Counter[int](), "service": Counter[int]()}
    labels: dict[str, str] = {}
    for tally in tallies:
        rtype = shelf.type(tally.type)
        if tally.column == "state":
            types[tally.type] += tally.count
        if tally.value is None or finding.is_private(rtype, tally.column):
            continue
        if tally.column in ids:
            ids[tally.column][int(tally.value)] += tally.count
        else:
            states[tally.value] += tally.count
            labels.setdefault(tally.value, str(rtype.lifecycle.state(tally.value).label))
    titles = _titles([key for counts in ids.values() for key in counts])
    kinds = {name: (name, str(shelf.type(name).label_plural)) for name in types}
    named = {state: (state, label) for state, label in labels.items()}
    return {
        "type": _values(types, kinds),
        "state": _values(states, named),
        **{column: _values(counts, titles) for column, counts in ids.items()},
    }


def _values(counts: Counter[Any], names: Mapping[Any, tuple[str, str]]) -> list[Value]:
    return [Value(*names[key], min(n, COUNTED)) for key, n in counts.most_common()]


def _titles(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Numbers and titles of what the hits themselves show."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id, number, title from records_record where id in ({texts.marks(ids)})",
            list(ids),
        )
        return {key: (number, title) for key, number, title in cursor.fetchall()}
