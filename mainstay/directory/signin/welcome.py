"""The one-time link by which the first administrator comes to a site where nobody could sign in."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils.translation import gettext as _

from mainstay.directory import commands as directory
from mainstay.directory.models import Credential, Welcome, digest_of, digests_of
from mainstay.directory.record import user
from mainstay.directory.roles import ADMINISTRATOR
from mainstay.directory.signin.guessable import Owner
from mainstay.directory.signin.password import hashed, store
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import clock, commands
from mainstay.records.audit import entries
from mainstay.records.errors import Missing
from mainstay.records.turnstile import writing

LASTS = timedelta(hours=24)


def site_is_empty() -> bool:
    """Whether nobody could sign in: people that came with a history have no password."""
    return not Credential.objects.exists()


def new_link() -> str:
    """The secret of a new link; earlier ones end."""
    secret = secrets.token_urlsafe(24)
    with writing():
        Welcome.objects.all().delete()
        Welcome.objects.create(digest=digest_of(secret), expires_at=clock.now() + LASTS)
        entries.note("welcome.create", By(SYSTEM, "console"))
    return secret


def is_open(secret: str) -> bool:
    return _row(secret) is not None


def accept(secret: str, name: str, login: str, password: str) -> int:
    """Makes the first administrator and uses the link up. Raises Missing or Invalid."""
    password_hash = hashed(password, Owner(login, name))
    with writing():
        row = _row(secret)
        if row is None or Welcome.objects.filter(pk=row.pk).delete()[0] == 0:
            raise Missing(_("such link"))
        if not site_is_empty():
            raise Missing(_("such link"))
        by = By(SYSTEM, "welcome")
        person = commands.create(user, {"title": name, "username": login}, by)
        store(person.id, password_hash)
        directory.grant(person.number, ADMINISTRATOR, by)
        return int(person.id)


def sweep() -> int:
    """Forgets links nobody used in time."""
    with writing():
        return Welcome.objects.filter(expires_at__lt=clock.now()).delete()[0]


def _row(secret: str) -> Welcome | None:
    return Welcome.objects.filter(digest__in=digests_of(secret), expires_at__gt=clock.now()).first()
