"""Signing in with a login and a password: slow to guess, and silent about which of the two was wrong."""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.directory.models import Credential, User
from mainstay.directory.record import user as user_type
from mainstay.directory.signin import guessable, sessions, throttle
from mainstay.directory.signin.guessable import Owner
from mainstay.pure import logins
from mainstay.pure.rules import SYSTEM, Actor, By
from mainstay.records import clock, commands
from mainstay.records.audit import entries
from mainstay.records.errors import Invalid
from mainstay.records.turnstile import writing
from mainstay.records.values import UNSTORABLE

DOOR = "web"
MOST_TRIES_A_LOGIN = 10
MOST_TRIES_AN_ADDRESS = 50
SHORTEST = 10
# Argon2 takes 100 MiB and 0.3 s each time: more at once would take the machine from everybody else.
_hashing = threading.BoundedSemaphore(2)


class TooMany(Exception):
    """Signing in is closed for a while, whether or not the login exists."""

    def __init__(self) -> None:
        self.seconds = throttle.seconds_left()
        minutes = max(1, self.seconds // 60)
        words = ngettext(
            "Too many tries. Try again in %(n)d minute.",
            "Too many tries. Try again in %(n)d minutes.",
            minutes,
        )
        super().__init__(words % {"n": minutes})


def sign_in(login: str, password: str, address: str, browser: str = "") -> str | None:
    """The secret of a new session, or None for whatever reason. Raises TooMany."""
    login = logins.one_spelling(login[:150])[:150]
    if UNSTORABLE.search(login) or UNSTORABLE.search(password) or len(password) > 1000:
        return None
    by_login, by_address = f"login:{login}", f"address:{address}"
    if (
        throttle.tries(by_login) > MOST_TRIES_A_LOGIN
        or throttle.tries(by_address) > MOST_TRIES_AN_ADDRESS
    ):
        _refused("sign-in.closed", login, address)
        raise TooMany
    user = (
        User.objects.filter(username=login, is_open=True, is_removed=False)
        .only("id", "number")
        .first()
    )
    credential = Credential.objects.filter(pk=user.pk).first() if user else None
    with _hashing:
        # An unknown login costs the same hash, so time tells nothing.
        right = check_password(password, credential.password if credential else _nobodys())
    if not right or credential is None or user is None:
        _refused("sign-in.refused", login, address, user.pk if user else None)
        return None
    throttle.forget(by_login)
    throttle.give_back(by_address)
    with writing():
        if not _is_still(user.number, credential.password):
            return None
        entries.note("sign-in", By(Actor(id=user.pk), DOOR), record=user.pk, address=address)
        return sessions.begin(user.pk, address, browser)


def _is_still(number: str, password: str) -> bool:
    """Whether they were neither shut out nor given another password while the hash was made; nor can be now."""
    person = commands.locked(user_type, number, By(SYSTEM, DOOR))
    known = Credential.objects.filter(pk=person.pk, password=password)
    return bool(person.is_open and known.exists())


def _refused(kind: str, login: str, address: str, person: int | None = None) -> None:
    """Whose login it was, if anybody's. What was typed is not kept: in haste it is a password."""
    entries.note_once_a_minute(
        kind, By(Actor(id=None), DOOR), login, record=person, address=address
    )


def hashed(password: str, owner: Owner) -> str:
    """The hash to store; made before a transaction is opened. Raises Invalid for one too easy to guess.

    Every way to a password leads through here.
    """
    if len(password) < SHORTEST:
        raise Invalid(
            {
                "password": [
                    _("Use at least %(n)d characters; a sentence is easiest to keep in mind.")
                    % {"n": SHORTEST}
                ]
            }
        )
    if UNSTORABLE.search(password) or len(password) > 1000:
        raise Invalid({"password": [_("Use up to 1,000 letters, digits and signs.")]})
    if reason := guessable.why(password, owner):
        raise Invalid({"password": [reason]})
    with _hashing:
        return make_password(password)


def owner(user_id: int) -> Owner:
    """What others know of a person, which their password is not to be made of."""
    names = ("username", "title", "email", "organisation__title")
    login, name, email, organisation = User.objects.values_list(*names).get(pk=user_id)
    return Owner(login, name, email, organisation or "")


def require_current(user_id: int | None, password: str) -> None:
    """A session left open on a desk is not enough to lock its owner out. Raises Invalid."""
    tries = f"password:{user_id}"
    if throttle.tries(tries) > MOST_TRIES_A_LOGIN:
        raise Invalid({"current": [str(TooMany())]})
    credential = Credential.objects.filter(pk=user_id).first()
    could_be = len(password) <= 1000 and not UNSTORABLE.search(password)
    with _hashing:
        is_right = (
            could_be and credential is not None and check_password(password, credential.password)
        )
    if not is_right:
        raise Invalid({"current": [_("This is not your present password.")]})
    throttle.forget(tries)


def store(user_id: int, password_hash: str) -> None:
    """Sets a person's password and signs them out everywhere."""
    with writing():
        Credential.objects.update_or_create(
            user_id=user_id, defaults={"password": password_hash, "changed_at": clock.now()}
        )
        sessions.end_all(user_id)


_nobody: list[str] = []


def _nobodys() -> str:
    if not _nobody:
        _nobody.append(make_password("nobody's"))
    return _nobody[0]
