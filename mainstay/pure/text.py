"""Text as people compare it: upper case and diacritics make no difference.

`fold` works character by character from a fixed table, never from the rules of an operating system
or a database, so that Python, SQLite and PostgreSQL (`records/folding.py`) give the same answer.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
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
HYPHEN: Final = "-"


def fold(text: str) -> str:
    """`text` without case and diacritics: "Žluťoučký KŮŇ" becomes "zlutoucky kun"."""
    return text.lower() if text.isascii() else text.translate(FOLDED)


def unhyphenated(text: str) -> str:
    """How a part of a text is looked for: "wifi" stands in "Wi-Fi". What is hyphens alone stays as it is."""
    return text.replace(HYPHEN, "") or text


# What Markdown puts before and around words. Each looks ahead to the next of its signs, and a bounded way.
_LINK: Final = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,1000}\)")
_HEAD: Final = re.compile(r"^[ \t]{0,8}(?:(?:#{1,6}|>|[-*+]|\d{1,3}[.)])[ \t]+){1,4}", re.MULTILINE)
_AROUND: Final = [
    re.compile(
        rf"(?<![\w{sign}])([{sign}]{{1,3}}+)(?=[^\s{sign}])([^{sign}\n]{{1,200}})(?<=\S)\1(?![\w{sign}])"
    )
    for sign in "*_~`"
]


def unmarked(text: str) -> str:
    """A text in Markdown as the words of it, for a line or two: what is bold or a link there is said as it reads."""
    text = _HEAD.sub("", _LINK.sub(r"\1", text))
    for sign in _AROUND:
        text = sign.sub(r"\2", text)
    return text


# Letters and digits, with the signs that stand on letters of India and Thailand and are no letters themselves.
_WORD: Final = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e])+")
# Signs that hold the parts of one word together: Wi-Fi, don't, log_level.
_SINGLE_JOINTS: Final = frozenset("'’_-")
# Most texts have none, which is seen at a glance.
_JOINT: Final = re.compile(r"\S['’_-]\S")
LONGEST_WORD: Final = 60


def words(text: str) -> list[str]:
    """The words of a text as they are searched for, in order."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def compounds(text: str) -> list[list[str]]:
    """The words that are written in parts, each as its parts: "Wi-Fi" is `["wi", "fi"]`."""
    if not _JOINT.search(text):
        return []
    return [[word[0][:LONGEST_WORD] for word in parts] for parts in _parted(fold(text))]


def _parted(folded: str) -> Iterator[list[re.Match[str]]]:
    """Neighbouring words with one joint between them. A pattern for it would take the square of a wall of letters."""
    parts: list[re.Match[str]] = []
    for word in _WORD.finditer(folded):
        if parts and folded[parts[-1].end() : word.start()] in _SINGLE_JOINTS:
            parts.append(word)
            continue
        if len(parts) > 1:
            yield parts
        parts = [word]
    if len(parts) > 1:
        yield parts


def grams(word: str) -> set[str]:
    """Each three neighbouring letters, its beginning and its end included."""
    padded = f"  {word} "
    return {padded[n : n + 3] for n in range(len(padded) - 2)}


def distance(one: str, other: str, most: int) -> int:
    """How many letters must be changed, added, left out or swapped with their neighbour; `most` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def places(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text with where they begin and end in it; parted ones also as a whole."""
    folded = fold(text)
    at: Sequence[int] = range(len(text) + 1)
    if not text.isascii():
        # A letter can become two, or none at all.
        apart = [(n, letter) for n, char in enumerate(text) for letter in fold(char)]
        folded, at = "".join(letter for _, letter in apart), [*(n for n, _ in apart), len(text)]
    single = ([word] for word in _WORD.finditer(folded))
    for parts in (*single, *_parted(folded)):
        word = "".join(part[0] for part in parts)
        yield word[:LONGEST_WORD], at[parts[0].start()], at[parts[-1].end()]


def shows_nothing(text: str) -> bool:
    """Whether all of it is blanks and signs nobody sees."""
    return all(char.isspace() or not char.isprintable() for char in text)


def mark(text: str) -> str:
    """Tells one text from another, for who says which of them they saw; "" for none."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""
