"""Signed-in browsers: rows the actor statement joins, so ending one ends it everywhere at once."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError

from mainstay.directory.models import Session, digest_of, digests_of
from mainstay.directory.signin import browsers
from mainstay.pure.rules import Actor, By
from mainstay.records import clock
from mainstay.records.audit import entries
from mainstay.records.errors import Missing
from mainstay.records.turnstile import writing

log = logging.getLogger("mainstay.signin")

LASTS = timedelta(hours=12)
# When a browser was last seen is written no oftener: a page is to be read without a write.
SEEN_EVERY = timedelta(minutes=10)
# So much of its digest names a session among those of one person.
KEY = 16


@dataclass(frozen=True)
class Held:
    """A signed-in browser as its owner sees it; `key` names it among theirs."""

    key: str
    browser: str
    address: str
    since: datetime
    seen_at: datetime
    is_here: bool


def begin(user_id: int, address: str = "", browser: str = "") -> str:
    """A new session; the secret goes into the cookie and is stored nowhere. `browser` is what it calls itself."""
    secret = secrets.token_urlsafe(32)
    with writing():
        now = clock.now()
        Session.objects.create(
            digest=digest_of(secret),
            user_id=user_id,
            created_at=now,
            expires_at=now + LASTS,
            seen_at=now,
            address=address[:64],
            browser=browsers.name_of(browser),
        )
        Session.objects.filter(user_id=user_id, expires_at__lt=now).delete()
    return secret


def until(digest: str) -> datetime | None:
    """When this session ends by itself; None where there is none. One statement."""
    return Session.objects.filter(digest=digest).values_list("expires_at", flat=True).first()


def held(actor: Actor) -> list[Held]:
    """Where this person is signed in, this browser first, then what was seen last. One statement."""
    rows = Session.objects.filter(user_id=actor.id, expires_at__gt=clock.now())
    found = [
        Held(
            key=row.digest[:KEY],
            browser=row.browser,
            address=row.address,
            since=row.created_at,
            seen_at=row.seen_at or row.created_at,
            is_here=row.digest == actor.session,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_here, -one.seen_at.timestamp(), one.key))


def saw(actor: Actor) -> None:
    """Notes that this browser asked for something. What cannot be noted now hinders nobody who reads."""
    try:
        with writing():
            Session.objects.filter(digest=actor.session).update(seen_at=clock.now())
    except DatabaseError as error:
        log.warning("not noted when a session was seen: %s", error)


def end(secret: str, by: By, address: str = "") -> None:
    """Signs a browser out; what was no session any more leaves no trace."""
    with writing():
        if Session.objects.filter(digest__in=digests_of(secret)).delete()[0]:
            entries.note("sign-out", by, record=by.actor.id, address=address)


def end_one(key: str, by: By, address: str = "") -> None:
    """Ends one of somebody's own by its key. Raises Missing for whatever is none of theirs."""
    own = Session.objects.filter(user_id=by.actor.id, digest__startswith=key)
    with writing():
        if len(key) != KEY or not own.delete()[0]:
            raise Missing("session")
        entries.note("sign-out.elsewhere", by, record=by.actor.id, address=address)


def end_others(by: By, address: str = "") -> int:
    """Ends all of somebody's own but the one that asks. Returns how many there were."""
    others = Session.objects.filter(user_id=by.actor.id).exclude(digest=by.actor.session)
    with writing():
        if ended := others.delete()[0]:
            entries.note("sign-out.elsewhere", by, record=by.actor.id, address=address, times=ended)
    return ended


def sweep() -> int:
    """Forgets sessions that ended by themselves."""
    with writing():
        return Session.objects.filter(expires_at__lt=clock.now()).delete()[0]


def end_all(user_id: int) -> None:
    """Everywhere the person is signed in: after a new password, or when they leave."""
    Session.objects.filter(user_id=user_id).delete()
