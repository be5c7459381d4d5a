"""A stretch of a text with the words that were looked for marked in it, in the text's own spelling."""

from __future__ import annotations

from mainstay.capabilities.search.asking import Words
from mainstay.pure import text

# Pieces of a text in order, each with whether it is one of the words.
Excerpt = tuple[tuple[str, bool], ...]

BEFORE, LONG = 60, 180
# A word is looked for in so much of a text; what lies beyond is shown from its beginning.
LOOKED_AT = 50_000
NEAR = 800


def title_marks(title: str, words: Words) -> Excerpt:
    return _pieces(title, _spans(title, words))


def excerpt(found: str, words: Words) -> Excerpt:
    """About 180 characters around the first of the words."""
    plain = " ".join(text.unmarked(_around(found[:LOOKED_AT], words)).split())
    spans = _spans(plain, words)
    first = spans[0][0] if spans else 0
    start = max(0, first - BEFORE)
    if start:
        start = plain.find(" ", start, first) + 1 or first
    end = min(len(plain), start + LONG)
    if end < len(plain):
        end = max(plain.rfind(" ", start + LONG // 2, end), start + LONG // 2)
    inside = [(a - start, min(b, end) - start) for a, b in spans if start <= a < end]
    pieces = _pieces(plain[start:end], inside)
    head = (("… ", False),) if start else ()
    return head + pieces + ((" …", False),) * (end < len(plain))


def _around(plain: str, words: Words) -> str:
    """Some lines of a long text, from before the first of the words on; most of it is never looked at."""
    folded = text.fold(plain)
    if len(folded) != len(plain) or len(plain) <= NEAR:
        return plain
    wanted = {word for group in words for way in group for word, _ in way}
    places = [n for n in (folded.find(word) for word in wanted) if n >= 0]
    start = max(0, min(places, default=0) - NEAR // 4)
    return plain[start : start + NEAR]


def _pieces(whole: str, spans: list[tuple[int, int]]) -> Excerpt:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [(whole[at:start], False), (whole[start:end], True)]
        at = end
    pieces.append((whole[at:], False))
    return tuple(piece for piece in pieces if piece[0])


def _spans(whole: str, words: Words) -> list[tuple[int, int]]:
    """Where in a text the words stand."""
    exact = {word for group in words for way in group for word, is_start in way if not is_start}
    starts = tuple(word for group in words for way in group for word, is_start in way if is_start)
    found: list[tuple[int, int]] = []
    for start, end in sorted(
        (start, end)
        for word, start, end in text.places(whole)
        if word in exact or (starts and word.startswith(starts))
    ):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
