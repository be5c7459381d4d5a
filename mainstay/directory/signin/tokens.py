"""Keys for programs: stored hashed, limited by scopes and by time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from mainstay.directory.models import Session, Token, digest_of, digests_of
from mainstay.pure.rules import SYSTEM, Actor, By
from mainstay.records import clock
from mainstay.records.audit import entries
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf
from mainstay.records.values import UNSTORABLE

CONSOLE = By(SYSTEM, "console")
PREFIX = "mst_"
LASTS = timedelta(days=90)
LONGEST_NAME = 120
# `read` and `write` reach everything the person may; `read:incidents` and `write:incidents` only that.
VERBS = ("read", "write")
# What can be reached besides record types: by a program that watches over the audit and reads nothing else.
AUDIT = "audit"


def issue(
    user_id: int,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
    by: By = CONSOLE,
) -> str:
    """The secret, shown once. Raises Invalid for a scope that does not exist, and a name that is too long."""
    if len(name) > LONGEST_NAME:
        raise Invalid(
            {"name": [_("This must not be longer than %(n)s characters.") % {"n": LONGEST_NAME}]}
        )
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
        token = Token.objects.create(
            digest=digest_of(secret),
            user_id=user_id,
            name=name or "token",
            scopes=wanted,
            created_at=now,
            expires_at=expires_at or now + LASTS,
        )
        facts = {"name": token.name, "scopes": wanted, "until": token.expires_at.isoformat()}
        entries.note("token.create", by, record=user_id, facts=facts)
    return secret


def issue_own(name: str, scopes: Iterable[str], expires_at: datetime, by: By) -> str:
    """One for oneself, from a browser: a token makes no other, which would outlive it. Raises Invalid, Denied."""
    person = by.actor.id
    if person is None or by.actor.scopes is not None:
        raise Denied(lambda: _("A token is made by whoever is signed in with a browser."))
    name = " ".join(name.split())
    if not name or UNSTORABLE.search(name):
        raise Invalid({"name": [_("Say what it is for, so that you know it again.")]})
    with writing():
        if any(one.name == name for one in held(person)):
            raise Invalid({"name": [_("You have a token of this name; end it first.")]})
        return issue(person, name, scopes, expires_at, by)


def end_named(name: str, by: By) -> None:
    """Ends one of somebody's own. Raises Missing for whatever is none of theirs."""
    if by.actor.id is None or not end(by.actor.id, name, by):
        raise Missing("token")


def held(user_id: int) -> list[Token]:
    """Somebody's tokens, the newest first, without those taken back; what they are called by tells them apart."""
    held = Token.objects.filter(user_id=user_id, ended_at=None)
    return list(held.order_by("-created_at", "digest"))


def are_there() -> bool:
    """Whether anybody holds one, or is signed in."""
    return Token.objects.filter(ended_at=None).exists() or Session.objects.exists()


def end(user_id: int, name: str | None = None, by: By = CONSOLE) -> int:
    """Takes back somebody's tokens of this name, or all of them. Returns how many there were."""
    with writing():
        ending = [one for one in held(user_id) if name is None or one.name == name]
        now = clock.now()
        for one in ending:
            entries.note("token.end", by, record=user_id, facts={"name": one.name})
            Token.objects.filter(pk=one.pk).update(
                ended_at=now, expires_at=min(one.expires_at, now)
            )
    return len(ending)


def note_first_use(actor: Actor, door: str, address: str) -> None:
    """The first time a token is used, in whichever process; what it is called tells it from others."""
    with writing():
        first = Token.objects.filter(digest=actor.session, first_used_at=None)
        name = first.values_list("name", flat=True).first()
        if first.update(first_used_at=clock.now()):
            by = By(actor, door)
            entries.note("token.use", by, record=actor.id, address=address, facts={"name": name})


def note_refused(door: str, address: str, secret: str = "") -> None:
    """A token that is none, or none any more: that one is named, with whose it was. Neither it nor a digest is kept.

    Nobody is signed in by it: its owner is whom the entry is about and not who did anything. One statement more,
    whether or not there ever was such a token.
    """
    known = Token.objects.filter(pk__in=digests_of(secret)).first() if secret else None
    entries.note_once_a_minute(
        "token.refused",
        By(Actor(id=None), door),
        f"{known.user_id} {known.name}" if known else "",
        record=known.user_id if known else None,
        address=address,
        facts={"name": known.name, "until": known.expires_at.isoformat()} if known else None,
    )


def is_scope(text: str) -> bool:
    verb, colon, plural = text.partition(":")
    return verb in VERBS and (not colon or plural == AUDIT or shelf.by_plural(plural) is not None)
