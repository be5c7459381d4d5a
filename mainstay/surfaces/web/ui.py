"""The marks that stand in every row, as functions: a macro would cost a page of a hundred rows too much."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext, pgettext
from markupsafe import Markup, escape

from mainstay.surfaces.web import assets
from mainstay.surfaces.web.formats import hue, initials, reader, say

STATE_GLYPHS = {
    "new": "circle-dashed",
    "active": "st-half",
    "waiting": "st-pause",
    "resolved": "st-check",
    "closed": "st-check",
    "cancelled": "x",
}
PRIORITIES = (1, 2, 3, 4, 5)


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 16, label: str = "") -> Markup:
    """A glyph; `label` only when no word stands beside it."""
    about = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    href = f"{assets.built().icons}#{escape(name)}"
    return Markup(
        f'<svg class="i" width="{size}" height="{size}" {about}><use href="{href}"></use></svg>'
    )


def avatar(person: Mapping[str, Any] | None, size: str = "m") -> Markup:
    """The initials of a person whose name stands beside; hidden from screen readers for that reason."""
    if not person:
        return (
            Markup(f'<span class="av av-{size} av-none" aria-hidden="true">')
            + icon("user", 12)
            + Markup("</span>")
        )
    return _avatar(person["title"] or "", person["number"] or "", size)


@lru_cache(maxsize=4096)
def _avatar(name: str, number: str, size: str) -> Markup:
    return Markup(
        f'<span class="av av-{size}" data-h="{hue(number)}" aria-hidden="true">{escape(initials(name))}</span>'
    )


def prio(number: int | None, *, with_word: bool = False) -> Markup:
    """P1 to P5: the letters always, the word for those who cannot see the colour."""
    return Markup("") if number is None else _prio(number, with_word, reader()[0])


def priority_word(number: int) -> str:
    words = {
        1: pgettext("priority", "Critical"),
        2: pgettext("priority", "High"),
        3: pgettext("priority", "Moderate"),
        4: pgettext("priority", "Low"),
        5: pgettext("priority", "Planning"),
    }
    return words.get(number, str(number))


@lru_cache(maxsize=256)
def _prio(number: int, with_word: bool, language: str) -> Markup:  # noqa: FBT001 - a key of the cache
    word = escape(priority_word(number))
    title = escape(gettext("Priority %(number)d: %(word)s") % {"number": number, "word": word})
    hidden = "" if with_word else ' class="sr"'
    return Markup(
        f'<span class="prio p{number}" title="{title}"><span aria-hidden="true">P{number}</span>'
        f"<span{hidden}>{word}</span></span>"
    )


def status(kind: str, label: Any) -> Markup:
    """What a state means (shape and colour, by its kind) and what this type calls it (the word)."""
    return _status(str(kind), say(label))


@lru_cache(maxsize=512)
def _status(kind: str, word: str) -> Markup:
    glyph = icon(STATE_GLYPHS.get(kind, "circle-dashed"), 14)
    return Markup(f'<span class="st st-{escape(kind)}">{glyph}{escape(word)}</span>')


def person(value: Mapping[str, Any] | None) -> Markup:
    """An avatar and a name."""
    return _person(value["title"] or "", value["number"] or "") if value else Markup("")


@lru_cache(maxsize=4096)
def _person(name: str, number: str) -> Markup:
    face = _avatar(name, number, "s")
    return Markup(
        f'<span class="row">{face}<span class="trunc" dir="auto">{escape(name)}</span></span>'
    )


GLOBALS = {
    "avatar": avatar,
    "icon": icon,
    "person": person,
    "prio": prio,
    "priority_word": priority_word,
    "status": status,
}
