"""What people write is shown as they meant it, and costs no more than what people write."""

from __future__ import annotations

import pytest

from mainstay.surfaces.web.markdown import MOST_SIGNS, md


@pytest.mark.attack("G07")
def test_markdown_becomes_markup() -> None:
    assert "<strong>very</strong>" in md("It is **very** slow: see [the log](https://example.org).")


@pytest.mark.parametrize("sign", ["[", "*a ", "![", "<a "])
def test_a_wall_of_signs_is_shown_as_it_is(sign: str) -> None:
    """Otherwise one text of 50,000 brackets holds a page up for seconds."""
    text = sign * (MOST_SIGNS + 1)
    shown = md(text)
    assert shown.startswith('<p class="plain">')
    assert "<a " not in shown
