"""Signed-in browsers: rows the actor statement joins, so ending one ends it everywhere at once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from mainstay.directory.models import Session, digest_of, digests_of
from mainstay.pure.rules import By
from mainstay.records import clock
from mainstay.records.audit import entries
from mainstay.records.turnstile import writing

LASTS = timedelta(hours=12)


def begin(user_id: int) -> str:
    """A new session; the secret goes into the cookie and is stored nowhere."""
    secret = secrets.token_urlsafe(32)
    with writing():
        now = clock.now()
        Session.objects.create(
            digest=digest_of(secret), user_id=user_id, created_at=now, expires_at=now + LASTS
        )
        Session.objects.filter(user_id=user_id, expires_at__lt=now).delete()
    return secret


def end(secret: str, by: By, address: str = "") -> None:
    """Signs a browser out; what was no session any more leaves no trace."""
    with writing():
        if Session.objects.filter(digest__in=digests_of(secret)).delete()[0]:
            entries.note("sign-out", by, record=by.actor.id, address=address)


def sweep() -> int:
    """Forgets sessions that ended by themselves."""
    with writing():
        return Session.objects.filter(expires_at__lt=clock.now()).delete()[0]


def end_all(user_id: int) -> None:
    """Everywhere the person is signed in: after a new password, or when they leave."""
    Session.objects.filter(user_id=user_id).delete()
