"""The four parts of a record's words: each has readers of its own, and a hit counts in what one may read alone."""

from __future__ import annotations

from typing import Final

TITLE: Final = "title"  # its title and number
TEXT: Final = "text"  # its other fields, replies, names of files: for whoever sees the record
INTERNAL: Final = "internal"  # notes and files of those who work on it
GUARDED: Final = "guarded"  # fields that are private to some
PARTS: Final = (TITLE, TEXT, INTERNAL, GUARDED)
OPEN: Final = (TITLE, TEXT)
