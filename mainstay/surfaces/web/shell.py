"""What every page carries around its content: who is here, where they may go, the theme."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.directory.audit import stream
from mainstay.directory.own import THEMES
from mainstay.directory.record import team
from mainstay.directory.signin import form_token
from mainstay.pure.numbers import SPELLING
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import ended, flash, whence

# The responsibilities of the role, in the order of the job description; an empty one is not shown.
AREAS = {
    "deliver": (pgettext_lazy("responsibility", "Deliver"), "handshake"),
    "team": (pgettext_lazy("responsibility", "Team"), "users"),
    "respond": (pgettext_lazy("responsibility", "Respond"), "siren"),
    "resources": (pgettext_lazy("responsibility", "Resources"), "boxes"),
}
# A page of its own in an area, by the first word of its address.
AUDIT, WORKLOAD = "audit", "workload"
# Letters after G that lead to what is no list: my work, inbox, search, portal.
GO = ("w", "n", "s", "h")
# What the portal has at the same address below its own.
IN_PORTAL = ("/inbox/", "/inbox/preferences/", "/profile/", "/search/")
APPLE = ("Macintosh", "iPhone", "iPad")


@dataclass(frozen=True)
class Group:
    """One responsibility in the sidebar with the lists below it."""

    name: str
    label: Any
    icon: str
    types: tuple[RecordType, ...]
    is_open: bool
    pages: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Inbox:
    """What the bell of every page shows, and what becomes of it when a person opens a record.

    `counts(actor, own=…)` tells how many entries need the person and how many are for information; and, since every
    page asks it, how much long work has `ended` that the person was not told of.
    """

    counts: Callable[..., Any]
    seen: Callable[[RecordType, Actor, Row], None]


_inbox: list[Inbox] = []
# Where a page hears what changes elsewhere: an origin, "" where it looks for itself.
_live: list[Callable[[HttpRequest], str]] = []


def install(inbox: Inbox) -> None:
    """Called once at startup with the inbox of the product."""
    _inbox[:] = [inbox]


def install_live(address: Callable[[HttpRequest], str]) -> None:
    """Called once at startup with what tells where the live process is."""
    _live[:] = [address]


def live(request: HttpRequest) -> str:
    return next((address(request) for address in _live), "")


def opened(request: HttpRequest, rtype: RecordType, row: Row) -> None:
    """A person looks at a record; a browser that only fetches ahead looks at nothing."""
    if request.method == "GET" and not whence.is_ahead(request):
        for inbox in _inbox:
            inbox.seen(rtype, request.actor, row)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What a page and each of its fragments may use."""
    token = form_token.drawn(request)
    return {
        "actor": getattr(request, "actor", None),
        "send_keys": send_keys(request),
        "has_letters": request.COOKIES.get("letters") != "off",
        "path": request.path,
        "csrf_token": token,
        "csrf": Markup('<input type="hidden" name="csrfmiddlewaretoken" value="%s">') % token,
    }


def send_keys(request: HttpRequest) -> tuple[str, ...]:
    """The keys that send a text, by the names they have on the keyboard in front of the reader."""
    on_apple = any(name in request.headers.get("User-Agent", "") for name in APPLE)
    return ("⌘", "↵") if on_apple else (pgettext("key", "Ctrl"), pgettext("key", "Enter"))


def chrome(request: HttpRequest, status: int = 200) -> dict[str, Any]:
    """What only a whole page shows; one that says what failed asks the database for nothing more."""
    theme = request.COOKIES.get("theme", "")
    shown: dict[str, Any] = {
        "language": get_language() or "en",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "theme": theme if theme in THEMES else "",
        "toast": flash.read(request),
        "ended": (),
        "inbox": None,
        "live": None,
    }
    actor = getattr(request, "actor", None)
    if actor is not None:
        here = request.path.split("/")[1]
        shown["groups"] = groups(actor, here)
        shown["creatable"] = creatable(actor)
        shown["works_here"] = works_here(actor)
        shown["here"] = here
        shown["letters"] = letters()
        shown["printed"] = {"at": timezone.now(), "zone": timezone.get_current_timezone_name()}
        shown["live"] = {"url": live(request), "at": time.time_ns() // 1_000_000}
        if status < 500:
            for inbox in _inbox:
                shown["inbox"] = counts = inbox.counts(actor, own=here == "portal")
                if counts.ended:
                    shown["ended"] = ended.told(request, request.path)
    return shown


def groups(actor: Actor, here: str) -> list[Group]:
    seen = seen_by(actor)
    found = []
    for name, (label, icon) in AREAS.items():
        types = tuple(rtype for rtype in seen if rtype.area == name)
        pages = pages_of(actor) if name == "team" else ()
        if types:
            words = {*(t.plural for t in types), *(word for word, _label in pages)}
            found.append(Group(name, label, icon, types, here in words, pages))
    return found


def pages_of(actor: Actor) -> tuple[tuple[str, Any], ...]:
    """What stands below the lists of the team's area."""
    found = [(WORKLOAD, _("Workload"))] if access.may_ever(team.access.see, actor) else []
    return (*found, *([(AUDIT, _("Audit"))] if stream.may_read(actor) else []))


# An actor is a value: whose rights change is another one, so what follows from them may be kept.
@lru_cache(maxsize=1024)
def seen_by(actor: Actor) -> tuple[RecordType, ...]:
    """The types of which this person could see some record."""
    return tuple(rtype for rtype in shelf if access.may_ever(rtype.access.see, actor))


def _most_worked_on(types: Iterable[RecordType]) -> tuple[RecordType, ...]:
    """What is worked on most first."""
    order = ("respond", *AREAS)
    return tuple(
        sorted(types, key=lambda t: order.index(t.area) if t.area in order else len(order))
    )


@lru_cache(maxsize=1)
def letters() -> dict[str, str]:
    """Which letter after G leads to which list: the first of its name that is free, what is worked on most first."""
    ranked = _most_worked_on(t for t in shelf if t.area in AREAS)
    found: dict[str, str] = {}
    for word in (*(rtype.plural for rtype in ranked), WORKLOAD, AUDIT):
        free = [
            letter for letter in word if letter.isalpha() and letter not in {*GO, *found.values()}
        ]
        if free:
            found[word] = free[0]
    return found


@lru_cache(maxsize=1024)
def creatable(actor: Actor) -> tuple[RecordType, ...]:
    """What the menu of new records offers; what belongs to no responsibility is made where it is needed."""
    return _most_worked_on(
        rtype for rtype in shelf if rtype.area and access.may_ever(rtype.access.create, actor)
    )


def works_here(actor: Actor) -> bool:
    """Whether the workspace is theirs: somebody without any role has the portal."""
    return bool(actor.grants)


def portal_page(actor: Actor, path: str) -> str:
    """Where somebody without a desk finds what this address of the workspace shows; "" where there is no such page."""
    if works_here(actor):
        return ""
    if path in IN_PORTAL:
        return f"/portal{path}"
    plural, _slash, key = path.strip("/").partition("/")
    rtype = shelf.by_plural(plural)
    if rtype is None or rtype.invitation is None or not path.endswith("/"):
        return ""
    if key == "new":
        return f"/portal/ask/{rtype.invitation.address}/"
    if not key:
        return "/portal/requests/"
    return f"/portal/requests/{key}/" if SPELLING.fullmatch(key) else ""
