"""The marks that stand in every row, as functions: as macros they would slow down long lists."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext, pgettext
from markupsafe import Markup

from mainstay.surfaces.web import assets
from mainstay.surfaces.web.clocks import Stands, Target, percent
from mainstay.surfaces.web.formats import hue, initials, lasting, reader, say

STATE_GLYPHS = {
    "new": "circle-dashed",
    "active": "st-half",
    "waiting": "st-pause",
    "resolved": "st-check",
    "closed": "st-check",
    "cancelled": "x",
}

LEVELS = range(1, 6)

# A triangle where one has to watch, an octagon where it is too late: seen without colours.
TARGET_GLYPHS = {
    Stands.RISK: "s-watch",
    Stands.MISSED: "s-act",
    Stands.PAUSED: "st-pause",
    Stands.MET: "check",
}

# Glyphs that point along the line, and so the other way where it runs from right to left.
POINTING = {
    "arrow-left",
    "arrow-right",
    "chevron-left",
    "chevron-right",
    "corner-down-left",
    "log-out",
}


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 16, label: str = "") -> Markup:
    """A glyph; `label` only when no word stands beside it."""
    hidden = Markup('aria-hidden="true"')
    about = Markup('role="img" aria-label="{}"').format(label) if label else hidden
    css = "i turns" if name in POINTING else "i"
    drawn = Markup('<svg class="{4}" width="{0}" height="{0}" {1}><use href="{2}#{3}"></use></svg>')
    return drawn.format(size, about, assets.built().icons, name, css)


def avatar(person: Mapping[str, Any] | None, size: str = "m") -> Markup:
    """The initials of a person whose name stands beside; hence hidden from screen readers."""
    if not person:
        nobody = Markup('<span class="av av-{} av-none" aria-hidden="true">{}</span>')
        return nobody.format(size, icon("user", 12))
    return _avatar(person["title"] or "", person["number"] or "", size)


@lru_cache(maxsize=4096)
def _avatar(name: str, number: str, size: str) -> Markup:
    drawn = Markup('<span class="av av-{}" data-h="{}" aria-hidden="true">{}</span>')
    return drawn.format(size, hue(number), initials(name))


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


def priority_label(number: int) -> str:
    """As a choice among others: "P2 High"."""
    return f"P{number} {priority_word(number)}"


@lru_cache(maxsize=256)
def _prio(number: int, with_word: bool, language: str) -> Markup:  # noqa: FBT001 - a cache's key
    word = priority_word(number)
    title = gettext("Priority %(number)d: %(word)s") % {"number": number, "word": word}
    drawn = Markup(
        '<span class="prio p{0}" title="{1}"><span aria-hidden="true">P{0}</span>'
        '<span class="{2}">{3}</span></span>'
    )
    return drawn.format(number, title, "" if with_word else "sr", word)


def status(kind: str, label: Any) -> Markup:
    """What a state means (shape and colour, by its kind) and what this type calls it (the word)."""
    return _status(str(kind), say(label))


@lru_cache(maxsize=512)
def _status(kind: str, word: str) -> Markup:
    glyph = icon(STATE_GLYPHS.get(kind, "circle-dashed"), 14)
    return Markup('<span class="st st-{}">{}{}</span>').format(kind, glyph, word)


def person(value: Mapping[str, Any] | None) -> Markup:
    """An avatar and a name."""
    return Markup("") if not value else _person(value["title"] or "", value["number"] or "")


@lru_cache(maxsize=4096)
def _person(name: str, number: str) -> Markup:
    drawn = Markup('<span class="row">{}<span class="trunc" dir="auto">{}</span></span>')
    return drawn.format(_avatar(name, number, "s"), name)


def target_clock(target: Target | None) -> Markup:
    """What is left of a promised time, as it is now, with a bar of what is gone; nothing where nothing was promised."""
    if target is None:
        return Markup("")
    time = lasting(abs(target.left))
    return _target(target.name, target.stands, time, percent(target.used), reader()[0])


@lru_cache(maxsize=4096)
def _target(name: str, stands: Stands, time: str, used: int, _language: str) -> Markup:
    """A second makes no difference: the same is kept for a minute's worth of them."""
    told = target_words(stands) % {"name": name, "time": time}
    word = stands_word(stands) if stands in (Stands.PAUSED, Stands.MET) else ""
    shown = word or (f"−{time}" if stands is Stands.MISSED else time)
    glyph = icon(TARGET_GLYPHS[stands], 12) if stands in TARGET_GLYPHS else ""
    bar = "" if stands is Stands.MET else _bar(100 if stands is Stands.MISSED else used)
    drawn = Markup(
        '<span class="target {0}" title="{1}"><span class="num" aria-hidden="true">{2}<bdi>{3}</bdi></span>{4}'
        '<span class="sr">{1}</span></span>'
    )
    return drawn.format(stands.value, told, glyph, shown, bar)


def target_bar(stands: Stands | None, used: float) -> Markup:
    """How much is gone, of one; a missed target has nothing left."""
    return _bar(100 if stands is Stands.MISSED else percent(used))


@lru_cache(maxsize=128)
def _bar(end: int) -> Markup:
    drawn = Markup(
        '<svg class="target-b" aria-hidden="true"><line x2="{}%" y1="1.5" y2="1.5"></line></svg>'
    )
    return drawn.format(end)


def target_words(stands: Stands) -> str:
    """The whole of it for whoever does not see glyph and bar; `%(time)s` is how much is left, or over."""
    words = {
        Stands.RUNNING: lambda: gettext("%(name)s: %(time)s left"),
        Stands.RISK: lambda: gettext("%(name)s at risk: %(time)s left"),
        Stands.MISSED: lambda: gettext("%(name)s missed by %(time)s"),
        Stands.PAUSED: lambda: gettext("%(name)s paused, %(time)s left"),
        Stands.MET: lambda: gettext("%(name)s met"),
    }
    return words[stands]()


def stands_word(stands: Stands) -> str:
    """The one word beside the glyph; what runs as it should has neither."""
    words = {
        Stands.RISK: lambda: pgettext("target", "At risk"),
        Stands.MISSED: lambda: pgettext("target", "Missed"),
        Stands.PAUSED: lambda: pgettext("target", "Paused"),
        Stands.MET: lambda: pgettext("target", "Met"),
    }
    return words[stands]()


def stands(how: Stands | None) -> Markup:
    """A glyph and its word; one that runs as it should has none."""
    if how not in TARGET_GLYPHS:
        return Markup("")
    drawn = Markup('<span class="stands">{}{}</span>')
    return drawn.format(icon(TARGET_GLYPHS[how], 12), stands_word(how))


def linked(text: str, named: Sequence[str]) -> Markup | str:
    """A sentence in which the numbers it names lead to their records."""
    if not named:
        return text
    parts = re.split(rf"\b({'|'.join(map(re.escape, named))})\b", text)
    link = Markup('<a href="/r/{0}">{0}</a>')
    return Markup("").join(link.format(part) if part in named else part for part in parts)


GLOBALS = {
    "avatar": avatar,
    "icon": icon,
    "linked": linked,
    "person": person,
    "prio": prio,
    "priority_word": priority_word,
    "stands": stands,
    "status": status,
    "target_bar": target_bar,
    "target_clock": target_clock,
}
