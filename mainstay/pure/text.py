"""Text as people compare it: upper case and diacritics make no difference.

`fold` works character by character from a fixed table, never from the rules of an operating system
or a database, so that Python, SQLite and PostgreSQL (`records/folding.py`) give the same answer.
"""

import unicodedata
from typing import Final

# Where the letters that fold are: Latin, Greek, Cyrillic, Armenian, Arabic, Georgian, and the wide
# Latin of East Asia. All were full by Unicode 14 and the standard never changes what a letter comes
# apart into, so every Python builds the same table (a test compares its digest).
_LETTERS: Final = (
    (0x0041, 0x005A),
    (0x00AA, 0x0587),
    (0x0622, 0x0626),
    (0x06C0, 0x06D3),
    (0x10A0, 0x10FF),
    (0x1C90, 0x1CBF),
    (0x1E00, 0x1FFF),
    (0x2126, 0x212B),
    (0x2C60, 0x2C7F),
    (0xFB00, 0xFB06),
    (0xFF21, 0xFF5A),
)

# Marks that sit on a letter without making it another one. Vowel signs of Indic scripts and the
# voicing marks of Japanese are no such marks and stay.
_MARKS: Final = (
    (0x0300, 0x036F),
    (0x0483, 0x0487),
    (0x0591, 0x05BD),
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x1AB0, 0x1ACE),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20F0),
    (0xFE20, 0xFE2F),
)

# Letters that Unicode does not take apart, though people do when they search: base, then letters.
_BASES: Final = (
    ("a", "ⱥẚ"),
    ("ae", "æ"),
    ("b", "ƀƃɓ"),
    ("c", "ƈȼ"),
    ("d", "đðɖɗƌ"),
    ("e", "ɇ"),
    ("f", "ƒ"),
    ("g", "ǥɠ"),
    ("h", "ħⱨ"),
    ("i", "ıɨ"),
    ("j", "ɉ"),
    ("k", "ĸƙⱪ"),
    ("l", "łŀƚɫⱡ"),
    ("n", "ŋŉƞɲ"),
    ("o", "øɵ"),
    ("oe", "œ"),
    ("p", "ƥ"),
    ("r", "ɍ"),
    ("t", "ŧƭʈⱦ"),
    ("th", "þ"),
    ("u", "ʉ"),
    ("y", "ƴɏ"),
    ("z", "ƶȥⱬ"),
)


def _table() -> dict[int, str]:
    """What each character becomes; one that is not here stays as it is."""
    marks = [chr(code) for first, last in _MARKS for code in range(first, last + 1)]
    bases = {letter: base for base, letters in _BASES for letter in letters}

    def bare(text: str) -> str:
        apart = unicodedata.normalize("NFKD", text)
        return "".join(char for char in apart if char not in marks)

    table = {ord(mark): "" for mark in marks}
    for first, last in _LETTERS:
        for char in map(chr, range(first, last + 1)):
            if not char.isalpha():
                continue
            base = bases.get(char.lower()) or bare(bare(char).casefold())
            folded = "".join(bases.get(part, part) for part in base)
            # A letter that comes apart into a blank is a spacing accent: no letter to a reader.
            if folded != char and " " not in folded:
                table[ord(char)] = folded
    return table


FOLDED: Final = _table()


def fold(text: str) -> str:
    """`text` without case and diacritics: "Žluťoučký KŮŇ" becomes "zlutoucky kun"."""
    return text.lower() if text.isascii() else text.translate(FOLDED)


def shows_nothing(text: str) -> bool:
    """Whether all of it is blanks and signs nobody sees."""
    return all(char.isspace() or not char.isprintable() for char in text)
