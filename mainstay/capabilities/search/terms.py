"""All words there are: what an unfinished one may become, and what a misspelt one may have been meant to be.

They are everybody's words together and shown to nobody: they are looked for, and only what the asker finds by them is
told. Both databases compare by the same two small tables, so neither needs an extension.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from mainstay.capabilities.search import texts
from mainstay.capabilities.search.engines import engine
from mainstay.capabilities.search.models import Gram, Term
from mainstay.pure.text import distance, grams
from mainstay.records import clock
from mainstay.records.turnstile import writing

SHORTEST = 4
# A word of up to so many letters may be one mistake off, a longer one two.
ONE_MISTAKE = 6
MOST_COMPARED = 60
MOST_ALIKE = 5
# An unfinished word stands for so many, the shortest first.
MOST_COMPLETED = 64
AFTER_ALL_LETTERS = chr(0x10FFFF)
AT_ONCE = 400
# Of all words, so many are looked at in an hour, in an order that begins anew when it is through.
SWEPT_AT_ONCE = 5_000
HOUR_S = 3_600


def learn(words: Collection[str], named: Collection[str]) -> None:
    """Keeps those that are new. Only letters are misspelt; another number is another thing."""
    spelt = {word for word in named if len(word) >= SHORTEST and word.isalpha()}
    for some in _cut(sorted(words)):
        known = dict(Term.objects.filter(text__in=some).values_list("text", "is_named"))
        new = [Term(text=word) for word in some if word not in known]
        if new:
            Term.objects.bulk_create(new, ignore_conflicts=True)
        _name([word for word in some if word in spelt and not known.get(word)])


def _name(words: Sequence[str]) -> None:
    if not words:
        return
    found = Term.objects.filter(text__in=words).order_by("text").values_list("id", "text")
    rows = [Gram(term_id=key, letters=g) for key, word in found for g in sorted(grams(word))]
    Gram.objects.bulk_create(rows, ignore_conflicts=True)
    Term.objects.filter(text__in=words).update(is_named=True)


def sweep() -> int:
    """Forgets words that no record has any more: those of an altered title, of a person who was erased.

    No mark is kept: which stretch of the words is looked at follows from the hour.
    """
    highest = Term.objects.order_by("-id").values_list("id", flat=True).first() or 0
    hour = int(clock.now().timestamp()) // HOUR_S
    start = hour % (highest // SWEPT_AT_ONCE + 1) * SWEPT_AT_ONCE
    with writing(), connection.cursor() as cursor:
        engine().hold(cursor, alone=True)
        cursor.execute(
            "select id from search_term t where id >= %s and id < %s"
            f" and not exists (select 1 from search_words w where {engine().HAS})",
            [start, start + SWEPT_AT_ONCE],
        )
        unused = [key for (key,) in cursor.fetchall()]
        for some in (unused[n : n + AT_ONCE] for n in range(0, len(unused), AT_ONCE)):
            Term.objects.filter(pk__in=some).delete()
    return len(unused)


def _cut(words: Sequence[str]) -> Iterable[Sequence[str]]:
    return (words[n : n + AT_ONCE] for n in range(0, len(words), AT_ONCE))


def beginning(start: str) -> list[str]:
    """The words that begin so, where the index of words finds none by its beginning (SQLite, which compares bytes)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select text from search_term where text >= %s and text < %s"
            f" order by length(text), text limit {MOST_COMPLETED}",
            [start, start + AFTER_ALL_LETTERS],
        )
        return [text for (text,) in cursor.fetchall()]


def alike(word: str) -> list[str]:
    """Known words a slip of the finger away, the nearest first."""
    if len(word) < SHORTEST or not word.isalpha():
        return []
    most = 1 if len(word) <= ONE_MISTAKE else 2
    found = [(distance(word, other, most), other) for other in _sharing(word, most)]
    return [other for far, other in sorted(found) if 0 < far <= most][:MOST_ALIKE]


def _sharing(word: str, most: int) -> Iterable[str]:
    """Each mistake spoils at most four of the grams; whoever shares none of the rest is another word."""
    wanted = sorted(grams(word))
    with connection.cursor() as cursor:
        cursor.execute(
            "select t.text from (select g.term_id, count(*) as shared from search_gram g"
            f" where g.letters in ({texts.marks(wanted)}) group by g.term_id having count(*) >= %s"
            " order by count(*) desc limit %s) found join search_term t on t.id = found.term_id",
            [*wanted, max(1, len(wanted) - 4 * most), MOST_COMPARED],
        )
        return [text for (text,) in cursor.fetchall()]
