"""The sentences of the rules in the reader's language: pure has no catalogue, so whoever has one lends its look-up."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Catalogue:
    """How a sentence is found, and one that depends on a count; without a catalogue they stay as they are written."""

    one: Callable[[str], str]
    counted: Callable[[str, str, int], str]
    language: Callable[[], str | None]


_lent = _Catalogue(lambda text: text, lambda one, many, n: one if n == 1 else many, lambda: None)
# Languages that write nouns with a capital wherever they stand.
CAPITALS = frozenset({"de", "lb"})
# A paragraph of ours, with what stands in it.
LONGEST = 600


def lend(
    one: Callable[[str], str],
    counted: Callable[[str, str, int], str],
    language: Callable[[], str | None],
) -> None:
    """From now on sentences are found through the first two, in the language the third one names."""
    _lent.one, _lent.counted, _lent.language = one, counted, language


def gettext(text: str) -> str:
    """A sentence in the reader's language."""
    return _lent.one(text)


def ngettext(one: str, many: str, n: int) -> str:
    """A sentence in the reader's language, of which there is one for one and one for many."""
    return _lent.counted(one, many, n)


def within(label: object) -> str:
    """A label in the midst of a sentence: small, unless the language writes its nouns with a capital."""
    language = (_lent.language() or "").partition("-")[0]
    # What a column is called is marked nowhere, and looked up here.
    text = gettext(label) if type(label) is str else str(label)
    return text if language in CAPITALS else text.lower()


def noop(text: str) -> str:
    """Marks a sentence that is looked up later, where it is said."""
    return text


_kept: dict[str, re.Pattern[str]] = {}


def kept(text: str) -> str:
    """Marks a sentence that is written into a record as it stands here, and said in the reader's language.

    For a module's constants: it must be known before it was ever written by this process.
    """
    named = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(text))
    _kept[text] = re.compile(named, re.DOTALL)
    return text


def retold(text: str) -> str:
    """What a record holds, in the reader's language as far as it was not written by people.

    Such a sentence is a whole paragraph, or a part of one between semicolons.
    """
    if (_lent.language() or "en").startswith("en"):
        return text
    return "\n\n".join(map(_paragraph, text.split("\n\n")))


def said_anew(text: str) -> str:
    """A sentence that Mainstay alone wrote, in the reader's language; what is put into it are words of its own, too."""
    if not text or (_lent.language() or "en").startswith("en"):
        return text
    if (told := gettext(text)) != text:
        return told
    return _said_again(text, gettext) or text


def _paragraph(text: str) -> str:
    """People write long ones; ours are short.

    From each semicolon on the shortest run that is a sentence of ours: what stands in one may have semicolons itself,
    but never swallows the sentence before it.
    """
    if len(text) > LONGEST:
        return text
    parts, told = text.split("; "), list[str]()
    while parts:
        runs = ((n, _said_again("; ".join(parts[:n]))) for n in range(1, len(parts) + 1))
        n, said = next(((n, said) for n, said in runs if said), (1, parts[0]))
        told.append(said)
        parts = parts[n:]
    return "; ".join(told)


def _said_again(part: str, word: Callable[[str], str] = str) -> str:
    """The same sentence in the reader's language; "" where it is none of those that are kept.

    `word` says what is put into it.
    """
    for text, pattern in _kept.items():
        if found := pattern.fullmatch(part):
            told = gettext(text)
            filled = {name: word(value) for name, value in found.groupdict().items()}
            return told % filled if filled else told
    return ""
