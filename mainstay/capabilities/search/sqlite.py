"""The words of all records in SQLite's FTS5.

The table keeps the words it was given, because what is taken out again must be told to FTS5 word by word: an index
without them is smaller, and wrong for ever when one word differs. Words come cut and folded by `pure.text`, so the
plainest tokenizer there is only has to part them at blanks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from mainstay.capabilities.search.asking import Whole
from mainstay.capabilities.search.parts import PARTS

# Where a word stands matters nowhere, only in which part: a third less to keep and to read.
CREATE = (
    f"create virtual table search_words using fts5({', '.join(PARTS)}, tokenize='ascii',"
    " detail=column, columnsize=0)",
)
DROP = ("drop table search_words",)
ID = "w.rowid"
# No word stands for others here: the index keeps no beginnings, so each word that begins so is looked for.
BEGINS = ""
# Whether some record has the word of a `search_term t`.
HAS = """search_words match '"' || t.text || '"'"""


def hold(cursor: Any, *, alone: bool) -> None:
    """Nothing to wait for: one transaction writes at a time."""


def put(documents: Mapping[int, Mapping[str, str]]) -> None:
    marks = ", ".join(["%s"] * (len(PARTS) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert or replace into search_words (rowid, {', '.join(PARTS)}) values ({marks})",
            [(key, *(words[part] for part in PARTS)) for key, words in documents.items()],
        )


def matches(words: Sequence[Whole], parts: Sequence[str]) -> tuple[str, list[str]]:
    """The condition on `search_words w` that holds where these parts have all the words."""
    where = "" if tuple(parts) == PARTS else "{" + " ".join(parts) + "} : "
    groups = (
        " OR ".join("(" + " AND ".join(f'"{word}"' for word in way) + ")" for way in group)
        for group in words
    )
    return "search_words match %s", [where + "(" + " AND ".join(f"({g})" for g in groups) + ")"]


def holds(words: Sequence[Whole], parts: Sequence[str]) -> tuple[str, list[str]]:
    """The same, read from a row at hand: FTS5 would begin its search anew for each record it is asked about."""
    row = "(' ' || " + " || ' ' || ".join(f"w.{part}" for part in parts) + " || ' ')"
    groups, params = [], list[str]()
    for group in words:
        ways = []
        for way in group:
            ways.append(" and ".join([f"instr({row}, %s) > 0"] * len(way)))
            params += [f" {word} " for word in way]
        groups.append("(" + " or ".join(f"({way})" for way in ways) + ")")
    return " and ".join(groups), params
