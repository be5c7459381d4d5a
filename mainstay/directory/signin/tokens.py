"""Keys for programs: stored hashed, limited by scopes and by time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from mainstay.directory.models import Token, digest_of
from mainstay.records import clock
from mainstay.records.errors import Invalid
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf

PREFIX = "mst_"
LASTS = timedelta(days=90)
# `read` and `write` reach everything the person may; `read:incidents` and `write:incidents` only that.
VERBS = ("read", "write")


def issue(
    user_id: int, name: str, scopes: Iterable[str], expires_at: datetime | None = None
) -> str:
    """The secret, shown once. Raises Invalid for a scope that does not exist."""
    wanted = sorted(set(scopes)) or list(VERBS)
    if strangers := [scope for scope in wanted if not is_scope(scope)]:
        raise Invalid(
            {
                "scopes": [
                    _(
                        "There is no scope %(names)s; there are read and write, and both for one type,"
                        " as in read:incidents."
                    )
                    % {"names": ", ".join(strangers)}
                ]
            }
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing():
        now = clock.now()
        Token.objects.create(
            digest=digest_of(secret),
            user_id=user_id,
            name=name[:120] or "token",
            scopes=wanted,
            created_at=now,
            expires_at=expires_at or now + LASTS,
        )
    return secret


def is_scope(text: str) -> bool:
    verb, colon, plural = text.partition(":")
    return verb in VERBS and (not colon or shelf.by_plural(plural) is not None)
