"""Labels within a sentence, and what Mainstay wrote into a record, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mainstay.pure import language
from mainstay.pure.language import kept, retold, within

FILLED = kept("%(whom)s was chosen for this test")
AFTER = kept("%(whom)s has little to do in this test")
WHOLE = kept("A sentence of this test (in brackets).")
GERMAN = {
    AFTER: "%(whom)s hat in diesem Test wenig zu tun",
    FILLED: "%(whom)s wurde für diesen Test gewählt",
    WHOLE: "Ein Satz dieses Tests (in Klammern).",
    "Configuration item": "Configuration Item",
}


@pytest.fixture
def german() -> Iterator[None]:
    lent = language._lent
    before = lent.one, lent.counted, lent.language
    language.lend(lambda text: GERMAN.get(text, text), before[1], lambda: "de")
    yield
    language.lend(*before)


def test_nouns_keep_their_capital_in_german(german: None) -> None:
    assert within("Configuration item") == "Configuration Item"


def test_they_are_small_in_english() -> None:
    assert within("Configuration item") == "configuration item"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHOLE, GERMAN[WHOLE]),
        (f"{WHOLE}\n\nCopy it by *hand*.", f"{GERMAN[WHOLE]}\n\nCopy it by *hand*."),
        (f"What there was.\n\n{WHOLE}", f"What there was.\n\n{GERMAN[WHOLE]}"),
        ("Ada (100%) was chosen for this test", "Ada (100%) wurde für diesen Test gewählt"),
        (
            f"Bo was chosen for this test; {WHOLE}",
            f"Bo wurde für diesen Test gewählt; {GERMAN[WHOLE]}",
        ),
        (
            "Bo was chosen for this test; Ada has little to do in this test",
            "Bo wurde für diesen Test gewählt; Ada hat in diesem Test wenig zu tun",
        ),
        (
            "So it is; A; B was chosen for this test",
            "So it is; A; B wurde für diesen Test gewählt",
        ),
        ("It was chosen for another test", "It was chosen for another test"),
        (f"I quote: {WHOLE}", f"I quote: {WHOLE}"),
        ("x" * 5_000, "x" * 5_000),
        ("", ""),
    ],
)
def test_what_mainstay_wrote_is_said_in_german(german: None, text: str, said: str) -> None:
    assert retold(text) == said


def test_in_english_it_stays_as_it_stands() -> None:
    assert retold(f"{WHOLE}\n\nx") == f"{WHOLE}\n\nx"
