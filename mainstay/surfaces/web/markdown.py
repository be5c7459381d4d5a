"""Markdown as people write it, as safe HTML: no raw HTML, pictures of ours alone, whoever is called as a mark."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

from mainstay.pure.language import retold
from mainstay.pure.logins import one_spelling
from mainstay.pure.mentions import CALL, bare

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True})
# A file of a record, and no other address of ours: `%2e%2e` in it would lead elsewhere.
OURS = re.compile(r"/files/[\w-]+/[\w-]+/[^/\\?#]+")


def _is_ours(source: str) -> bool:
    return OURS.fullmatch(source) is not None and ".." not in source


def _image(renderer: RendererHTML, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    """A picture from elsewhere is a link to it: shown, it would tell its owner who reads.

    So is one of ours where somebody only glances: it may weigh megabytes, and counts as a file opened.
    """
    token = tokens[at]
    source = str(token.attrGet("src") or "")
    words = renderer.renderInlineAsText(token.children or [], options, env)
    is_ours = _is_ours(source)
    shown = (
        renderer.image(tokens, at, options, env) if is_ours and not env.get("glance")
        else escape(words)
    )  # fmt: skip
    return (
        shown if not source or _in_link(tokens[:at]) else f'<a href="{escape(source)}">{shown}</a>'
    )


def _in_link(before: list[Token]) -> bool:
    return sum(t.nesting for t in before if t.type in ("link_open", "link_close")) > 0


def _heard(state: StateCore) -> None:
    """Whoever hears a text, or walks through it by its headings, finds what the others see, and nothing empty."""
    kept: list[Token] = []
    at = 0
    while at < len(state.tokens):
        token = state.tokens[at]
        if token.type not in ("heading_open", "th_open"):
            kept.append(token)
            at += 1
            if token.type == "inline":
                token.children = list(_with_words(token.children or []))
            continue
        token, inline, end = state.tokens[at : at + 3]
        at += 3
        inline.children = list(_with_words(inline.children or []))
        if not _says(inline.children):
            if token.type == "heading_open":
                continue
            # A cell that is the head of nothing.
            token.tag = end.tag = "td"
        kept += [token, inline, end]
    state.tokens = kept
    _headings(state)


def _headings(state: StateCore) -> None:
    """They stand below the heading the text itself stands under, and each no more than one level below the last."""
    over: list[int] = []
    tag = ""
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            while over and over[-1] >= level:
                over.pop()
            tag = f"h{min(state.env['level'] + len(over), 6)}"
            over.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = tag


def _with_words(tokens: Sequence[Token]) -> Iterator[Token]:
    """A picture without words is called as its file, a link without any says where it leads."""
    link: list[Token] | None = None
    for token in tokens:
        if token.type == "image" and not _says(token.children or []):
            source = str(token.attrGet("src") or "")
            name = unquote(source.rpartition("/")[2]) if _is_ours(source) else source
            token.children = [Token("text", "", 0, content=name)]
        if token.type == "link_open":
            link = []
        if link is None:
            yield token
            continue
        link.append(token)
        if token.type == "link_close":
            yield from _led(link)
            link = None


def _led(link: list[Token]) -> list[Token]:
    if _says(link):
        return link
    there = _markdown.normalizeLinkText(str(link[0].attrGet("href") or ""))
    link[0].attrSet("class", "bare")
    return [link[0], Token("text", "", 0, content=there), link[-1]] if there else []


def _says(tokens: Sequence[Token]) -> bool:
    """Whether there is a sign in it that is seen: blanks of every kind are none."""
    return any(
        _says(token.children) if token.children
        else any(unicodedata.category(sign)[0] not in "ZC" for sign in token.content)
        for token in tokens
    )  # fmt: skip


# As it stands in a text, with whatever ends the sentence; nothing is guessed from names alone. One that a text at a
# glance is cut off in would lead elsewhere.
_ADDRESS = re.compile(r"(?<![\w@./-])(?:https?://|www\.)[^\s<>\"…]++(?!…)", re.IGNORECASE)
_HOST = re.compile(r"https?://[^/?#]*\w|www\.\w[^/?#]*\.\w", re.IGNORECASE)
_ENDS = ".,;:!?'*_~"
_PAIRS = {")": "(", "]": "["}


def _addresses(state: StateCore) -> None:
    """An address of the web leads there without any signs around it."""
    _beside_links(state, _linked)


def _linked(token: Token) -> Iterator[Token]:
    done = 0
    for found in _ADDRESS.finditer(token.content):
        there = _whole(found[0])
        link = _markdown.normalizeLink(there if "://" in there[:8] else f"http://{there}")
        if not _HOST.match(there) or not _markdown.validateLink(link):
            continue
        yield Token("text", "", 0, content=token.content[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": link, "class": "bare"})
        yield Token("text", "", 0, content=there)
        yield Token("link_close", "a", -1)
        done = found.start() + len(there)
    yield Token("text", "", 0, content=token.content[done:])


def _whole(address: str) -> str:
    """Without what ends the sentence, and without a bracket that opened before it."""
    while True:
        address = address.rstrip(_ENDS)
        last = address[-1:]
        if last not in _PAIRS or address.count(last) <= address.count(_PAIRS[last]):
            return address
        address = address[:-1]


def _beside_links(state: StateCore, parted: Callable[[Token], Iterable[Token]]) -> None:
    """Words become something else where they are not in a link already."""
    for block in state.tokens:
        if block.type != "inline":
            continue
        parts: list[Token] = []
        depth = 0
        for token in block.children or ():
            depth += token.nesting if token.type in ("link_open", "link_close") else 0
            parts += [token] if depth or token.type != "text" else parted(token)
        block.children = parts


def _calls(state: StateCore) -> None:
    """A word that called somebody is a mark of its own: it tells no more than whom the writer called."""
    some = state.env["called"]
    if some:
        _beside_links(state, lambda token: _parted(token, some))


def _parted(token: Token, some: Collection[str]) -> Iterator[Token]:
    done = 0
    for found in CALL.finditer(token.content):
        end = found.start(1) + len(bare(found[1]))
        if one_spelling(bare(found[1])) not in some:
            continue
        if before := token.content[done : found.start()]:
            yield Token("text", "", 0, content=before)
        yield Token("call", "", 0, content=token.content[found.start() : end])
        done = end
    if rest := token.content[done:]:
        yield Token("text", "", 0, content=rest)


def _call(_renderer: RendererHTML, tokens: list[Token], at: int, _options: Any, _env: Any) -> str:
    return f'<bdi class="call">{escape(tokens[at].content)}</bdi>'


_markdown.core.ruler.push("heard", _heard)
_markdown.core.ruler.push("addresses", _addresses)
_markdown.core.ruler.push("calls", _calls)
_markdown.add_render_rule("call", _call)
_markdown.add_render_rule("image", _image)
_TAGS = {
    "a", "bdi", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol",
    "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}}


def _own_images(tag: str, attribute: str, value: str) -> str | None:
    return None if (tag, attribute) == ("img", "src") and not _is_ours(value) else value


# A text of 50,000 brackets would be thought about for seconds; nobody writes so many to be read.
MOST_SIGNS = 2_000
_SIGNS = re.compile(r"[\[\]<>*_`~!()&]")


# More than the nine lines that a preview shows of a text.
GLANCED, LONGEST_WORD = 900, 60


def md(
    text: str | None, *, glance: bool = False, level: int = 3, called: Collection[str] = ()
) -> Markup:
    """Markdown as safe HTML: rendered without raw HTML, and cleaned all the same.

    `called` are the words that called somebody as it was written.

    Its headings begin at a level: below that of a section, or below the page's own where no section has one.
    At a glance it has as much of a text as is shown of it there, and of pictures their names.
    """
    if not text:
        return Markup("")
    told = retold(text)
    if glance and len(told) > GLANCED:
        cut = told[:GLANCED]
        words = cut.rpartition(" ")[0]  # but not where blanks are rare
        told = f"{words if len(words) > GLANCED - LONGEST_WORD else cut}…"
    return _rendered(told, glance=glance, level=level, called=tuple(called))


@lru_cache(maxsize=512)
def _rendered(text: str, *, glance: bool, level: int, called: tuple[str, ...]) -> Markup:
    if len(_SIGNS.findall(text)) > MOST_SIGNS:
        return _parted_words(Markup('<p class="plain">%s</p>') % text)
    clean = nh3.clean(
        _markdown.render(text, {"glance": glance, "level": level, "called": called}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_own_images,
        tag_attribute_values={"a": {"class": {"bare"}}, "bdi": {"class": {"call"}}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )
    return _parted_words(Markup(clean))  # noqa: S704 - cleaned just now


# A browser thinks for seconds about where the lines of a word of 50,000 letters end.
LONG_WORD = 500
_TAG_OR_WORD = re.compile(r'<(?:[^">]|"[^"]*")*>|[^\s<]+')
_SIGN = re.compile(r"&#?\w+;|.", re.DOTALL)


def _parted_words(shown: Markup) -> Markup:
    """With places where so long a word may go on in another line; who copies it finds nothing in it."""
    # As plain text: markup would make markup of each of some thousand words.
    if max(map(len, str.split(shown)), default=0) <= LONG_WORD:
        return shown
    return Markup(_TAG_OR_WORD.sub(_with_places, shown))  # noqa: S704 - markup, and tags of ours


def _with_places(found: re.Match[str]) -> str:
    word = found[0]
    if word.startswith("<") or len(word) <= LONG_WORD:
        return word
    signs = _SIGN.findall(word)
    parts = (signs[at : at + LONG_WORD] for at in range(0, len(signs), LONG_WORD))
    return "<wbr>".join(map("".join, parts))
