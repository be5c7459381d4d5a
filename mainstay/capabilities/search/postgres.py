"""The words of all records in PostgreSQL: a text search vector for each, with a weight for each part.

Vectors and queries are written from the words `pure.text` cut and folded; no parser and no dictionary of the server
has a say, so both databases know the same words and no extension is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from mainstay.capabilities.search.asking import Whole
from mainstay.capabilities.search.parts import PARTS

# No foreign key: a row of words counts with its document alone, and tables that tests empty must not depend on it.
CREATE = (
    "create table search_words (id bigint primary key, words tsvector not null)",
    "create index search_words_words on search_words using gin (words)",
)
DROP = ("drop table search_words",)
ID = "w.id"
# Behind a word that stands for all that begin so: the server knows how many records those are, and would take many
# words that it knows nothing of for a quarter of all records, and read all of them.
BEGINS = "*"
# Whether some record has the word of a `search_term t`.
HAS = "w.words @@ ('''' || t.text || '''')::tsquery"
# The number both kinds of waiting agree on: the letters of "term".
LOCK = 0x7465726D
WEIGHTS = dict(zip(PARTS, "ABCD", strict=True))
# A vector holds a megabyte; what stands in a record beyond so many different words is not found.
MOST_WORDS = 12_000


def hold(cursor: Any, *, alone: bool) -> None:
    """Whoever indexes goes on beside others who do; whoever throws words away waits for them all, and they for it.

    Without it a word could be thrown away as nobody's while the record that has it again is being indexed.
    """
    cursor.execute(f"select pg_advisory_xact_lock{'' if alone else '_shared'}({LOCK})")


def put(documents: Mapping[int, Mapping[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into search_words (id, words) values (%s, %s::tsvector)"
            " on conflict (id) do update set words = excluded.words",
            [(key, _vector(words)) for key, words in documents.items()],
        )


def _vector(words: Mapping[str, str]) -> str:
    """Each word once, with the parts it stands in: `'vpn':1A,2B`."""
    places: dict[str, list[str]] = {}
    for n, part in enumerate(PARTS, 1):
        for word in dict.fromkeys(words[part].split()):
            places.setdefault(word, []).append(f"{n}{WEIGHTS[part]}")
    kept = list(places.items())[:MOST_WORDS]
    return " ".join(f"'{word}':{','.join(where)}" for word, where in kept)


def matches(words: Sequence[Whole], parts: Sequence[str]) -> tuple[str, list[str]]:
    """The condition on `search_words w` that holds where these parts have all the words.

    It is written out: as a parameter PostgreSQL would plan for an average word, and none is. Words are letters and
    digits, so nothing in them could end the text.
    """
    weights = "" if tuple(parts) == PARTS else "".join(WEIGHTS[part] for part in parts)
    groups = (
        " | ".join("(" + " & ".join(_sought(word, weights) for word in way) + ")" for way in group)
        for group in words
    )
    return f"w.words @@ $q${' & '.join(f'({g})' for g in groups)}$q$::tsquery", []


def _sought(word: str, weights: str) -> str:
    """A word in a query, with the parts it may stand in: `'vpn':*AB`."""
    begins = BEGINS if word.endswith(BEGINS) else ""
    marks = begins + weights
    return f"'{word.removesuffix(BEGINS)}'{':' + marks if marks else ''}"


holds = matches
