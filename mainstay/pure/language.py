"""The sentences of the rules in the reader's language: pure has no catalogue, so whoever has one lends its look-up."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Catalogue:
    """How a sentence is found, and one that depends on a count; without a catalogue they stay as they are written."""

    one: Callable[[str], str]
    counted: Callable[[str, str, int], str]


_lent = _Catalogue(lambda text: text, lambda one, many, n: one if n == 1 else many)


def lend(one: Callable[[str], str], counted: Callable[[str, str, int], str]) -> None:
    """From now on sentences are found through these two."""
    _lent.one, _lent.counted = one, counted


def gettext(text: str) -> str:
    """A sentence in the reader's language."""
    return _lent.one(text)


def ngettext(one: str, many: str, n: int) -> str:
    """A sentence in the reader's language, of which there is one for one and one for many."""
    return _lent.counted(one, many, n)


def noop(text: str) -> str:
    """Marks a sentence that is looked up later, where it is said."""
    return text
