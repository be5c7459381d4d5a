"""The token of a form says whose the page is: one that somebody left open writes in nobody else's name.

A browser keeps one secret of chance, whoever uses it. For each person another one follows from that and the site's key,
and their pages hold that one. So the next person in the same browser cannot send the last one's forms, all tabs of one
person work on when they sign in again, and a cookie somebody planted opens nothing.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from django.middleware.csrf import (
    CSRF_SECRET_LENGTH,
    CSRF_TOKEN_LENGTH,
    CsrfViewMiddleware,
    _mask_cipher_secret,
    _unmask_cipher_token,
    get_token,
)
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "mainstay.form"
SIGNS = string.ascii_letters + string.digits
# A token begins with whose it is, so that a refusal can say what is the matter; the rest proves it.
WHOSE = 8
SAFE = ("GET", "HEAD")
View = TypeVar("View", bound=Callable[..., Any])
ANOTHERS = "The page is somebody else's."


def drawn(request: HttpRequest) -> str:
    """The token for a page of whoever asks, masked anew each time."""
    person = _person(request)
    if person is None:
        return get_token(request)
    # Each page holds the cookie for another year; a part comes after every key, and need not.
    if "HX-Request" not in request.headers or "CSRF_COOKIE" not in request.META:
        get_token(request)
    return str(_mask_cipher_secret(of_person(request.META["CSRF_COOKIE"], person)))


def of_person(secret: str, person: int, key: str | None = None) -> str:
    """What follows from the secret of a browser for one of the people who use it."""
    return _of_person(secret, person, key or settings.SECRET_KEY)


# Every part of a page asks for it twice.
@lru_cache(maxsize=1024)
def _of_person(secret: str, person: int, key: str) -> str:
    proof = salted_hmac(SALT, f"{person}:{secret}", secret=key, algorithm="sha256").digest()
    return _spelt(person, WHOSE) + _spelt(int.from_bytes(proof), CSRF_SECRET_LENGTH - WHOSE)


def owner(request: HttpRequest) -> int | None:
    """Whose page of this browser sent the request; None where it proves to be nobody's."""
    secret, sent = request.META.get("CSRF_COOKIE"), _sent(request)
    if not secret or not sent:
        return None
    person = 0
    for sign in sent[:WHOSE]:
        person = person * len(SIGNS) + SIGNS.index(sign)
    # What was signed under keys of before holds on.
    keys = (None, *settings.SECRET_KEY_FALLBACKS)
    proven = (constant_time_compare(sent, of_person(secret, person, key)) for key in keys)
    return person if any(proven) else None


def of_nobody(view: View) -> View:
    """The way in belongs to whoever comes, also where somebody signed in meanwhile in another tab."""
    view.is_of_nobody = True  # type: ignore[attr-defined]
    return view


class Check(CsrfViewMiddleware):
    """Django's check, by the secret that is the person's."""

    def _get_secret(self, request: HttpRequest) -> str | None:
        """As long as nobody is known it is the browser's own, which its cookie holds."""
        secret, person = super()._get_secret(request), _person(request)
        if secret is None or person is None:
            return secret
        return _sent(request) if owner(request) == person else of_person(secret, person)

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> Any:
        """A part of a page, too, is for whose page it is: else it would bring the next one's forms into it."""
        refusal = super().process_view(request, callback, callback_args, callback_kwargs)
        # Going back asks for the whole page and takes a part of it: only the token says that a page asked.
        is_part = "HX-Request" in request.headers or settings.CSRF_HEADER_NAME in request.META
        if refusal is None and request.method in SAFE and is_part:
            whose, person = owner(request), _person(request)
            if whose is not None and person is not None and whose != person:
                return self._reject(request, ANOTHERS)
        return refusal


def _person(request: HttpRequest) -> int | None:
    """Whose forms these are: of who is signed in, but for the way in."""
    match = request.resolver_match
    if match is not None and getattr(match.func, "is_of_nobody", False):
        return None
    actor = getattr(request, "actor", None)
    return actor.id if actor is not None else None


def _sent(request: HttpRequest) -> str:
    """The token that came with the request, without its mask; "" where there is none of any use."""
    token = request.META.get(settings.CSRF_HEADER_NAME, "")
    if request.method == "POST":
        with suppress(UnreadablePostError):
            token = request.POST.get("csrfmiddlewaretoken", "") or token
    if len(token) not in (CSRF_SECRET_LENGTH, CSRF_TOKEN_LENGTH) or set(token) - set(SIGNS):
        return ""
    return str(_unmask_cipher_token(token)) if len(token) == CSRF_TOKEN_LENGTH else token


def _spelt(number: int, length: int) -> str:
    """The last so many digits of a number, in the signs that a token may hold."""
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(SIGNS))
        digits = SIGNS[digit] + digits
    return digits
