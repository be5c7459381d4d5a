"""What people write is shown as they meant it, and costs no more than what people write."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.surfaces.web.markdown import LONG_WORD, MOST_SIGNS, md


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![](/files/INC-1/abc/a%20b.png)", 'alt="a b.png"'),
        ("![ ](/files/INC-1/abc/x.png)", 'alt="x.png"'),
        ("[](https://example.org/a)", ">https://example.org/a</a>"),
        ("[&nbsp;](https://example.org/)", ">https://example.org/</a>"),
        ("[![](https://e.example/a.png)](https://b.example)", ">https://e.example/a.png</a>"),
        ("||b|\n|-|-|\n|c|d|", "<td></td>\n<th>b</th>"),
    ],
)
def test_what_has_no_words_says_what_it_is(text: str, shown: str) -> None:
    assert shown in md(text)


@pytest.mark.parametrize("text", ["#", "# &nbsp;", "#\u200b", "[]()", "![]()", "# []()"])
def test_what_says_nothing_is_nothing(text: str) -> None:
    drawn = md(f"before\n\n{text}\n\nafter")
    assert "<h" not in drawn
    assert "<a" not in drawn
    assert "before" in drawn
    assert "after" in drawn


def test_a_picture_in_a_link_leads_where_the_link_does() -> None:
    drawn = md("[![x](https://e.example/a.png)](https://b.example)")
    assert drawn.count("<a ") == 1
    assert 'href="https://b.example"' in drawn


def test_headings_stand_below_what_the_text_stands_under() -> None:
    text = "#### a\n\n# b\n\n###### c\n\n## d\n\ne\n---"
    assert _levels(md(text)) == [3, 3, 4, 4, 4]
    assert _levels(md(text, level=2)) == [2, 2, 3, 3, 3]
    assert _levels(md("\n".join("#" * n + " x" for n in range(1, 7)))) == [3, 4, 5, 6, 6, 6]


@pytest.mark.parametrize(
    ("text", "leads", "words"),
    [
        ("See https://e.example/a_b_c, then", "https://e.example/a_b_c", "https://e.example/a_b_c"),
        ("(https://e.example/x_(y)).", "https://e.example/x_(y)", "https://e.example/x_(y)"),
        ("www.e.example!", "http://www.e.example", "www.e.example"),
        ("**HTTP://e.example/?a=1&b=2**", "HTTP://e.example/?a=1&amp;b=2", "HTTP://e.example/?a=1&amp;b=2"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example", "https://münchen.example"),
        ("https://e.example/@agn", "https://e.example/@agn", "https://e.example/@agn"),
    ],
)  # fmt: skip
def test_an_address_leads_there(text: str, leads: str, words: str) -> None:
    drawn = md(text, called=["agn"])
    assert f'<a href="{leads}" class="bare" rel="noopener noreferrer nofollow">{words}</a>' in drawn


@pytest.mark.attack("G07")
@pytest.mark.parametrize(
    "text",
    [
        "e.example and a@b.example",
        "x@www.e.example www.e https:// https://)))",
        "javascript://e.example/%0aalert(1) ftp://e.example",
        "`https://e.example`",
        "    https://e.example",
    ],
)
def test_nothing_else_is_guessed_to_be_one(text: str) -> None:
    assert "<a " not in md(text)


def test_an_address_in_a_link_and_one_that_is_cut_off_lead_nowhere_else() -> None:
    assert md("[https://a.example](https://b.example)").count("<a ") == 1
    assert "<a " not in md(f"{'word ' * 160}https://e.example/{'long/' * 40}", glance=True)
    assert "onmouseover" not in md('https://e.example/"onmouseover=x').partition("</a>")[0]


PIECES = (
    "# ", "## ", "#### ", "###### ", "\n", "\n\n", "a", " ", "&nbsp;", "**", "`", "[", "](https://e.org)", "]()",
    "![](/files/INC-1/abc/x.png)", "![", "](/files/INC-1/abc/y.png)", "|", "|-|-|", "> ", "- ", "===", "@agn",
)  # fmt: skip


class _Read(HTMLParser):
    """What a person hears of the headings, links and heads of columns: their words, and pictures by theirs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.said: list[list[str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag[0] == "h" and tag[1:].isdigit():
            self.levels.append(int(tag[1:]))
        if tag in ("a", "th", "h2", "h3", "h4", "h5", "h6"):
            self.open.append(tag)
            self.said.append([])
        if tag == "img":
            self._say(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
            words = "".join(self.said.pop())
            assert words.strip(), tag
            self._say(words)

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, words: str) -> None:
        if self.said:
            self.said[-1].append(words)


def _levels(text: str) -> list[int]:
    return _Read(text).levels


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from([2, 3]))
def test_nothing_is_empty_and_no_level_is_left_out(text: str, level: int) -> None:
    for glance in (False, True):
        levels = _levels(md(text, level=level, glance=glance))
        assert levels[:1] in ([], [level])
        assert all(level <= one <= before + 1 for before, one in pairwise(levels))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 50_000,
        "&" * (MOST_SIGNS - 1),
        "<" * (MOST_SIGNS + 1_000),
        f"[{'y' * 3_000}](https://example.org/{'z' * 3_000}>)",
        f"`{'x' * 3_000}`",
        f"**{'x' * 700}**{'&' * 700}",
    ],
)
def test_a_word_without_end_may_go_on_in_another_line(text: str) -> None:
    """Otherwise a browser lays 50,000 letters out for seconds."""
    shown = md(text)
    parts = re.split(r"<[^>]*>", shown)
    assert max(len(unescape(part)) for part in parts) <= LONG_WORD
    assert "<wbr>" in shown
    # Nothing of it is lost, no address is changed, and no sign is cut in two.
    assert not re.search("&(?!amp;|lt;|gt;)", shown)
    assert "<wbr>" not in "".join(re.findall(r'"[^"]*"', shown))
    usual = "x" * LONG_WORD
    assert "<wbr>" not in md(f"{usual} and {usual}")
