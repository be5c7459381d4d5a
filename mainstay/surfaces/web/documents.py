"""A page that is read from top to bottom and printed, as a practice fills it: what the macros of `document` draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup


@dataclass(frozen=True)
class Figure:
    """A number that sums something up, as it is to be read; what it is of or in stands smaller beside it."""

    label: str
    value: str
    unit: str = ""


@dataclass(frozen=True)
class Ask:
    """What the reader is asked for, by when, and where to do it."""

    text: str
    due: date | None = None
    href: str = ""


@dataclass(frozen=True)
class Verdict:
    """A cell that judges: a word, its tone (ok, warn, bad, …) and a glyph."""

    word: str
    tone: str = ""
    glyph: str = ""


@dataclass(frozen=True)
class Column:
    """Numbers stand at the end of their column; what is extra is left out where there is little room."""

    label: str
    is_number: bool = False
    is_extra: bool = False


@dataclass(frozen=True)
class Table:
    """`name` says what it is of. Each row has a cell for each column, the first of which names the row."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Markup | Verdict]]


@dataclass(frozen=True)
class Document:
    """Its head and its end. `about` is whose it is, the period its first and last day; the lede says all in a few
    sentences to who reads no further.
    """

    title: str
    lede: str
    about: str
    first: date
    last: date
    made_by: str
    made_at: datetime
    figures: Sequence[Figure] = field(default=())
    asks: Sequence[Ask] = field(default=())
