"""Case and diacritics make no difference, whatever the script, and the table never drifts."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.pure.text import FOLDED, compounds, fold, places, unmarked


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("VPN Down", "vpn down"),
        ("Žluťoučký KŮŇ", "zlutoucky kun"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("Ørsted Łódź Đorđe", "orsted lodz dorde"),
        ("Æsir ŒUVRE Þór Ǆ ﬁle", "aesir oeuvre thor dz file"),
        ("İstanbul ISPARTA ılık", "istanbul isparta ilik"),
        ("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ"),
        ("Ёлка Йод", "елка иод"),
        ("e\u0301 E\u0301", "e e"),
        ("ᾴ ᾼ", "α α"),
        ("Ｗｉｄｅ", "wide"),
        ("Việt Nam", "viet nam"),
        ("プリンター がぎ ก้ हिन्दी 한국어", "プリンター がぎ ก้ हिन्दी 한국어"),
        ("½ ² ´ ¨ % _ \\ ' \"", "½ ² ´ ¨ % _ \\ ' \""),
        ("\x00Ä\ud800", "\x00a\ud800"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Restart **the switch**, *then* wait", "Restart the switch, then wait"),
        ("## What we saw\n- one\n1. > two", "What we saw\none\ntwo"),
        ("see [the page](https://example.org/a) ![plan](/files/a.png)", "see the page plan"),
        ("run `mainstay serve` ~~twice~~ once", "run mainstay serve twice once"),
        ("2**3 5*3 a * b /*.log **open", "2**3 5*3 a * b /*.log **open"),
        ("log_level _private a-b #4 1.5", "log_level _private a-b #4 1.5"),
        ("[" * 40, "[" * 40),
    ],
)
def test_a_text_in_markdown_as_the_words_of_it(text: str, words: str) -> None:
    assert unmarked(text) == words


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_folding_again_changes_nothing_and_parts_fold_like_the_whole(a: str, b: str) -> None:
    assert fold(fold(a)) == fold(a)
    assert fold(a + b) == fold(a) + fold(b)


def test_the_short_way_for_ascii_is_the_same_as_the_table() -> None:
    for code in range(128):
        assert fold(chr(code)) == chr(code).translate(FOLDED)


def test_no_result_holds_a_letter_that_would_fold_again() -> None:
    assert all(ord(char) not in FOLDED for folded in FOLDED.values() for char in folded)


def test_the_table_is_the_one_the_databases_hold() -> None:
    """A PostgreSQL that is already installed keeps the table of its migration.

    When this fails on purpose, add a migration that runs `folding.POSTGRESQL_FUNCTION` again and
    reindexes what is indexed by it; then put the new digest here.
    """
    digest = hashlib.sha256(repr(sorted(FOLDED.items())).encode()).hexdigest()
    assert digest[:16] == "f02ec318fb3f0744"


def test_a_word_in_parts_is_read_as_its_parts() -> None:
    text = "Wi-Fi don't work, log_level x--y end-"
    assert compounds(text) == [["wi", "fi"], ["don", "t"], ["log", "level"]]
    assert ("wifi", 0, 5) in list(places(text))


@pytest.mark.parametrize("wall", ["x" * 400_000, "a-" * 200_000, "_" * 400_000])
def test_a_wall_of_signs_is_read_in_one_pass(wall: str) -> None:
    """As a pattern this took the square of its length: an hour for one reply."""
    assert all(len(word) <= 60 for parts in compounds(wall) for word in parts)
    assert all(0 <= start < end <= len(wall) for _word, start, end in places(wall))
