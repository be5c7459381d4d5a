"""How many requests a minute, in pages and over REST alike; whoever meets a limit is told, and so is the auditor."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import ngettext

from mainstay.directory.audit import noting
from mainstay.directory.signin.throttle import address_of
from mainstay.pure.rules import Actor, By
from mainstay.surfaces.api.errors import Problem
from mainstay.surfaces.api.tally import Tally

STRANGERS = 60

# Two, so that strangers take no places of those who are known. Made before a server's processes part.
_known = Tally()
_strangers = Tally()


def seconds_to_wait(request: HttpRequest, by: By) -> int:
    """One more request under this token or session, or of this person; 0 while there may be more."""
    most = settings.MAINSTAY_RATE_LIMIT
    if not most:
        return 0
    count, seconds = _known.count(by.actor.session or f"person {by.actor.id}")
    if count == most + 1:
        noting.limited(request, by)
    return seconds if count > most else 0


def count(request: HttpRequest, by: By) -> None:
    """One more request over REST. Raises Problem (429)."""
    if seconds := seconds_to_wait(request, by):
        raise _too_many(seconds)


def count_stranger(request: HttpRequest, door: str) -> None:
    """One more request without a valid token or session from this address. Raises Problem (429)."""
    count, seconds = _strangers.count(address_of(request))
    if count == STRANGERS + 1:
        noting.limited(request, By(Actor(id=None), door))
    if count > STRANGERS:
        raise _too_many(seconds)


def forget() -> None:
    """Starts counting anew: each test does."""
    _known.forget()
    _strangers.forget()


def _too_many(seconds: int) -> Problem:
    words = ngettext(
        "Wait %(n)d second and try again.", "Wait %(n)d seconds and try again.", seconds
    )
    return Problem("too-many", words % {"n": seconds}, {"Retry-After": str(seconds)})
