"""The four parts of a record's words: each has readers of its own, and a hit counts in what one may read alone."""

from __future__ import annotations

from typing import Final

TITLE: Final = "title"  # its title and number
TEXT: Final = "text"  # its other fields, replies, names of files: for whoever sees the record
INTERNAL: Final = "internal"  # notes and files of those who work on it
GUARDED: Final = "guarded"  # fields that are private to some
PARTS: Final = (TITLE, TEXT, INTERNAL, GUARDED)
OPEN: Final = (TITLE, TEXT)
# No letter and no digit, so no word of `pure.text` has it.
_SIGN: Final = "¤"


def kind(type_name: str) -> str:
    """The word that stands in the title's part of every record of a type, and that nobody can type.

    With it the index itself leaves out the other types, where else each of their hits would have to be looked at.
    """
    return _SIGN + type_name.replace("_", _SIGN)


def is_kind(word: str) -> bool:
    return word.startswith(_SIGN)
