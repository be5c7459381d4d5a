"""Values as people read them: times, numbers, names. Every one of them survives None."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache, wraps
from time import time
from typing import Any, ParamSpec, TypeVar
from zlib import crc32

from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import get_language, npgettext, pgettext
from markupsafe import Markup, escape

from mainstay.pure.language import retold, within
from mainstay.pure.text import mark
from mainstay.surfaces.web.markdown import md

NARROW_SPACE = "\u202f"
_TIME = Markup('<time class="num" datetime="{}" title="{}">{}</time>')
_LATE = Markup('<span class="late">%s</span>')
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 31556952
# In which unit something is told, and how far: nobody reckons 900 days.
APART = (("m", MINUTE, HOUR), ("h", HOUR, DAY), ("d", DAY, 2 * YEAR), ("y", YEAR, float("inf")))
HUES = 12
P, R = ParamSpec("P"), TypeVar("R")


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
        with translation.override(key[0]):
            kept = _said[key] = (label, str(label))
    return kept[1]


def per_reader(function: Callable[P, R]) -> Callable[P, R]:
    """Keeps what follows from declarations and an actor, in each language it is read in; nobody may change it.

    Declarations stay as they are, and an actor is a value: whose rights change is another one.
    """

    @lru_cache(maxsize=1024)
    def worded(_language: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    @wraps(function)
    def known(*args: P.args, **kwargs: P.kwargs) -> R:
        return worded(reader()[0], *args, **kwargs)

    return known


def gettext(message: str) -> str:
    """Django's, remembered: it looks through fallbacks each time, and a page says some hundred sentences."""
    return _gettext(reader()[0], message)


@lru_cache(maxsize=16384)
def _gettext(language: str, message: str) -> str:
    """In the language of the key, whichever is active now: what is remembered here is said to others."""
    with translation.override(language):
        return translation.gettext(message)


def moment(value: Any) -> datetime | None:
    """A datetime, whether the engine gave one or its ISO text."""
    return parse_datetime(value) if isinstance(value, str) else value


def when(value: Any) -> str:
    """`09:42, Tue 24 Nov`, with the year when it is not this one, in the reader's zone and order of words."""
    at = moment(value)
    if at is None:
        return ""
    return _when(at, *reader(), timezone.now().year)


@lru_cache(maxsize=4096)
def _when(at: datetime, language: str, zone: tzinfo, this_year: int) -> str:
    local = at.astimezone(zone)
    told = {"time": f"{local:%H:%M}", "day": _day(local, language, this_year)}
    return gettext("%(time)s, %(day)s") % told


def weekday(value: date) -> str:
    """`Tue`, of a day."""
    return _calendar(reader()[0])[1][value.weekday()]


def day(value: date | None) -> str:
    if value is None:
        return ""
    # A moment is on the day it is where the reader is.
    value = timezone.localtime(value) if isinstance(value, datetime) else value
    return _day(value, reader()[0], timezone.now().year)


def _day(value: date, language: str, this_year: int) -> str:
    months, weekdays = _calendar(language)
    told = {
        "weekday": weekdays[value.weekday()], "day": value.day,
        "month": months[value.month], "year": value.year,
    }  # fmt: skip
    if value.year == this_year:
        return gettext("%(weekday)s %(day)s %(month)s") % told
    return gettext("%(weekday)s %(day)s %(month)s %(year)s") % told


def day_of_month(value: date) -> str:
    """`24 Nov`: enough below a chart, where the days stand in a row."""
    months, _weekdays = _calendar(reader()[0])
    return gettext("%(day)s %(month)s") % {"day": value.day, "month": months[value.month]}


def lasting(seconds: float) -> str:
    """How long something lasts: `34m`, `3h 18m`, `2d 4h`; two units are enough to plan by."""
    return _lasting(int(seconds // MINUTE), reader()[0])


@lru_cache(maxsize=4096)
def _lasting(minutes: int, _language: str) -> str:
    """In the language that is active now, which is the cache's key. What is under a minute is one."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return pgettext("lasting", "%(m)dm") % {"m": max(rest, 1)}
    if hours < 24:
        return pgettext("lasting", "%(h)dh %(m)02dm") % {"h": hours, "m": rest}
    return pgettext("lasting", "%(d)dd %(h)dh") % {"d": hours // 24, "h": hours % 24}


def _apart(seconds: float, language: str, *, is_due: bool = False) -> str:
    """`4m`, `in 3h`, `2d`: one unit is enough to judge by. A moment of this very second is not to come.

    What was due then has a minus sign.
    """
    is_past, apart = seconds > -1, abs(seconds)
    if apart < MINUTE:
        return _apart_by(0, "now", language, is_past=True)
    tense = None if is_past and is_due else is_past
    unit, size = next((unit, size) for unit, size, to in APART if apart < to)
    return _apart_by(int(apart // size), unit, language, is_past=tense)


@lru_cache(maxsize=1024)
def _apart_by(n: int, unit: str, language: str, *, is_past: bool | None) -> str:
    """In the language that is active now, which is the cache's key. Neither past nor to come: it should be over."""
    words = {
        ("now", True): lambda: pgettext("ago", "now"),
        ("m", True): lambda: npgettext("ago", "%(n)dm", "%(n)dm", n),
        ("h", True): lambda: npgettext("ago", "%(n)dh", "%(n)dh", n),
        ("d", True): lambda: npgettext("ago", "%(n)dd", "%(n)dd", n),
        ("y", True): lambda: npgettext("ago", "%(n)dy", "%(n)dy", n),
        ("m", False): lambda: npgettext("to come", "in %(n)dm", "in %(n)dm", n),
        ("h", False): lambda: npgettext("to come", "in %(n)dh", "in %(n)dh", n),
        ("d", False): lambda: npgettext("to come", "in %(n)dd", "in %(n)dd", n),
        ("y", False): lambda: npgettext("to come", "in %(n)dy", "in %(n)dy", n),
        ("m", None): lambda: npgettext("overdue", "−%(n)dm", "−%(n)dm", n),
        ("h", None): lambda: npgettext("overdue", "−%(n)dh", "−%(n)dh", n),
        ("d", None): lambda: npgettext("overdue", "−%(n)dd", "−%(n)dd", n),
        ("y", None): lambda: npgettext("overdue", "−%(n)dy", "−%(n)dy", n),
    }
    return words[unit, is_past]() % {"n": n}


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
    text = _apart((now - at).total_seconds(), language)
    return _timed(at, _when(at, language, zone, now.year), text)


def due(value: Any, *, is_open: bool) -> Markup | str:
    """When something has to be done; once that is over, and it is not done, by how much, with a minus sign."""
    return _due(value, int(time()), *reader()) if value and is_open else ago(value)


@lru_cache(maxsize=4096)
def _due(value: Any, second: int, language: str, zone: tzinfo) -> Markup | str:
    at, now = moment(value), datetime.fromtimestamp(second, UTC)
    if at is None or at >= now:
        return _ago(value, second, language, zone)
    text = _apart((now - at).total_seconds(), language, is_due=True)
    return _LATE % _timed(at, _when(at, language, zone, now.year), text)


@lru_cache(maxsize=4096)
def _timed(at: datetime, absolute: str, text: str) -> Markup:
    return _TIME.format(at.isoformat(timespec="seconds"), absolute, text)


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


def hour(value: Any) -> str:
    """`09:42`, in the reader's zone."""
    at = moment(value)
    return "" if at is None else f"{at.astimezone(reader()[1]):%H:%M}"


def until(start: Any, end: Any, *, with_days: bool = True) -> str:
    """From when to when: `09:25` and `11:00` with a dash, and the days where it is more than one. A point once."""
    zone = reader()[1]
    first, last = (at and at.astimezone(zone) for at in (moment(start), moment(end)))
    if first is None or last is None:
        return when(first or last)
    # Both are of one zone, where Python compares what the clocks show: the hour that comes twice would be a point.
    if first.timestamp() >= last.timestamp():
        return f"{first:%H:%M}"
    if last.date() == first.date() + timedelta(days=1) and last.time() == datetime.min.time():
        return f"{first:%H:%M}–24:00"
    if first.date() == last.date() or not with_days:
        return f"{first:%H:%M}–{last:%H:%M}"
    return f"{when(first)} – {when(last)}"


def nb(value: int | None) -> str:
    """`4 120` with a narrow space, `4.120` in German."""
    return "" if value is None else f"{value:,}".replace(",", _signs(reader()[0])[1])


def figure(value: float) -> str:
    """A number of a chart: whole where it is, with one place where it is not."""
    return nb(int(value)) if value == int(value) else decimal(value)


def decimal(value: float, places: int = 1) -> str:
    """`1.4`, in German `1,4`."""
    point, thousands = _signs(reader()[0])
    whole, _point, rest = f"{value:,.{places}f}".partition(".")
    return whole.replace(",", thousands) + (point + rest if rest else "")


@lru_cache(maxsize=64)
def _signs(language: str) -> tuple[str, str]:
    """The decimal point, and what stands between thousands; in English as we like it."""
    if language.startswith("en"):
        return ".", NARROW_SPACE
    return get_format("DECIMAL_SEPARATOR", language), get_format("THOUSAND_SEPARATOR", language)


def size(value: int | None) -> str:
    """The size of a file: `812 kB`, `1.4 MB`."""
    if value is None:
        return ""
    if value < 1000:
        return f"{value} B"
    return f"{value / 1000:.0f} kB" if value < 1_000_000 else f"{decimal(value / 1_000_000)} MB"


def initials(name: str | None) -> str:
    words = [word for word in (name or "").split() if word[:1].isalnum()]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


def hue(key: str | None) -> int:
    """One of twelve colours, always the same for the same person."""
    return crc32((key or "").encode()) % HUES


def listed(values: Iterable[Any]) -> str:
    """`A, B and C`."""
    *first, last = [str(value) for value in values] or [""]
    if not first:
        return last
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


@lru_cache(maxsize=64)
def _calendar(language: str) -> tuple[dict[int, str], dict[int, str]]:
    """Month and weekday names of the language that is active now, which is the cache's key."""
    return (
        {number: str(name).capitalize() for number, name in MONTHS_3.items()},
        {number: str(name) for number, name in WEEKDAYS_ABBR.items()},
    )


FILTERS = {
    "ago": ago, "clock": clock, "day": day, "day_of_month": day_of_month, "decimal": decimal, "escape_text": escape,
    "figure": figure, "hour": hour, "hue": hue, "initials": initials, "lasting": lasting, "listed": listed,
    "mark": mark, "md": md, "nb": nb, "retold": retold, "say": say, "size": size, "until": until, "weekday": weekday,
    "when": when, "within": within,
}  # fmt: skip
