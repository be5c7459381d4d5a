"""Values as people read them: times, numbers, names. Every one of them survives None."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from time import time
from typing import Any
from zlib import crc32

from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.translation import get_language
from markupsafe import Markup, escape

from mainstay.surfaces.web.markdown import md

NARROW_SPACE = "\u202f"
_TIME = Markup('<time class="num" datetime="{}" title="{}">{}</time>')
MINUTE, HOUR, DAY = 60, 3600, 86400
HUES = 12


# Language and zone of who reads. Django keeps them too, but each look there costs a microsecond, and a list of 50
# takes hundreds.
_reader: ContextVar[tuple[str, tzinfo] | None] = ContextVar("reader", default=None)
_said: dict[tuple[str, int], tuple[Any, str]] = {}


@contextmanager
def read_by(language: str, zone: tzinfo | None) -> Iterator[None]:
    """Everything is said in this language and zone (None: the site's)."""
    with translation.override(language), timezone.override(zone):
        token = _reader.set((language, timezone.get_current_timezone()))
        try:
            yield
        finally:
            _reader.reset(token)


def reader() -> tuple[str, tzinfo]:
    return _reader.get() or (get_language() or "en", timezone.get_current_timezone())


def say(label: Any) -> str:
    """A label of a declaration in the reader's language; kept, because declarations stay as they are."""
    if type(label) is str or label is None:
        return gettext(label) if label else ""
    key = (reader()[0], id(label))
    kept = _said.get(key)
    if kept is None or kept[0] is not label:
        kept = _said[key] = (label, str(label))
    return kept[1]


def gettext(message: str) -> str:
    """Django's, remembered: it looks through fallbacks each time, and a page says some hundred sentences."""
    return _gettext(reader()[0], message)


@lru_cache(maxsize=16384)
def _gettext(_language: str, message: str) -> str:
    """The words of the language that is active now, which is the cache's key."""
    return translation.gettext(message)


def moment(value: Any) -> datetime | None:
    """A datetime, whether the engine gave one or its ISO text."""
    return parse_datetime(value) if isinstance(value, str) else value


def when(value: Any) -> str:
    """`09:42, Tue 24 Nov`, with the year when it is not this one, in the reader's zone."""
    at = moment(value)
    if at is None:
        return ""
    return _when(at, *reader(), timezone.now().year)


@lru_cache(maxsize=4096)
def _when(at: datetime, language: str, zone: tzinfo, this_year: int) -> str:
    local = at.astimezone(zone)
    return f"{local:%H:%M}, {_day(local, language, this_year)}"


def day(value: date | None) -> str:
    if value is None:
        return ""
    # A moment is on the day it is where the reader is.
    value = timezone.localtime(value) if isinstance(value, datetime) else value
    return _day(value, reader()[0], timezone.now().year)


def _day(value: date, language: str, this_year: int) -> str:
    months, weekdays = _calendar(language)
    text = f"{weekdays[value.weekday()]} {value.day} {months[value.month]}"
    return text if value.year == this_year else f"{text} {value.year}"


def span(seconds: float) -> str:
    """`4m`, `3h`, `2d`: one unit is enough to judge by."""
    now, minutes, hours, days = _units(reader()[0])
    if seconds < MINUTE:
        return now
    if seconds < HOUR:
        return minutes % {"n": seconds // MINUTE}
    if seconds < DAY:
        return hours % {"n": seconds // HOUR}
    return days % {"n": seconds // DAY}


@lru_cache(maxsize=64)
def _units(language: str) -> tuple[str, str, str, str]:
    """The words of the language that is active now, which is the cache's key."""
    return gettext("now"), gettext("%(n)dm"), gettext("%(n)dh"), gettext("%(n)dd")


def ago(value: Any) -> Markup | str:
    """How long ago, with the absolute time on hover and in print."""
    return _ago(value, int(time()), *reader()) if value else ""


@lru_cache(maxsize=4096)
def _ago(value: Any, second: int, language: str, zone: tzinfo) -> Markup | str:
    """Two columns of a row often show the same moment."""
    at = moment(value)
    if at is None:
        return ""
    now = datetime.fromtimestamp(second, UTC)
    seconds = (now - at).total_seconds()
    # A moment of this very second is not to come.
    is_past = seconds > -1
    text = span(max(seconds, 0)) if is_past else gettext("in %(span)s") % {"span": span(-seconds)}
    return _timed(at, _when(at, language, zone, now.year), text)


@lru_cache(maxsize=4096)
def _timed(at: datetime, absolute: str, text: str) -> Markup:
    return _TIME.format(at.isoformat(), absolute, text)


def clock(value: Any) -> Markup | str:
    """The time of day when it is today, the day as well when it is not."""
    at = moment(value)
    return "" if at is None else _clock(at, _today(int(time()), reader()[1]), *reader())


@lru_cache(maxsize=4096)
def _clock(at: datetime, today: date, language: str, zone: tzinfo) -> Markup:
    """The messages of a long record are read again and again."""
    local, absolute = at.astimezone(zone), _when(at, language, zone, today.year)
    return _timed(at, absolute, f"{local:%H:%M}" if local.date() == today else absolute)


@lru_cache(maxsize=64)
def _today(second: int, zone: tzinfo) -> date:
    return datetime.fromtimestamp(second, zone).date()


def nb(value: int | None) -> str:
    """`4 120` with a narrow space."""
    return "" if value is None else f"{value:,}".replace(",", NARROW_SPACE)


def size(value: int | None) -> str:
    """The size of a file: `812 kB`, `1.4 MB`."""
    if value is None:
        return ""
    if value < 1000:
        return f"{value} B"
    return f"{value / 1000:.0f} kB" if value < 1_000_000 else f"{value / 1_000_000:.1f} MB"


def initials(name: str | None) -> str:
    words = [word for word in (name or "").split() if word[:1].isalnum()]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


def hue(key: str | None) -> int:
    """One of twelve colours, always the same for the same person."""
    return crc32((key or "").encode()) % HUES


def listed(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in values)


@lru_cache(maxsize=64)
def _calendar(language: str) -> tuple[dict[int, str], dict[int, str]]:
    """Month and weekday names of the language that is active now, which is the cache's key."""
    return (
        {number: str(name).capitalize() for number, name in MONTHS_3.items()},
        {number: str(name) for number, name in WEEKDAYS_ABBR.items()},
    )


FILTERS = {
    "ago": ago, "clock": clock, "day": day, "escape_text": escape, "hue": hue, "initials": initials,
    "listed": listed, "md": md, "nb": nb, "say": say, "size": size, "when": when,
}  # fmt: skip
