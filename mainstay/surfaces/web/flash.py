"""A sentence that survives a redirect, and the way to undo what it tells, in a cookie until the next page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

from mainstay.directory import cookies

COOKIE = "flash"
SALT = "mainstay.flash"
SECONDS = 60
# A cookie holds 4 kB.
LONGEST = 500
LONGEST_UNDO = 2_000


@dataclass(frozen=True)
class Told:
    """What was done, in words, and the address a form is sent to that undoes it."""

    text: str
    undo: str = ""
    named: Sequence[str] = ()


def leave(
    response: HttpResponse, text: str, undo: str = "", named: Sequence[str] = ()
) -> HttpResponse:
    """`named` are the numbers in the text that lead to their records."""
    if text:
        kept = [text[:LONGEST], undo if len(undo) <= LONGEST_UNDO else "", list(named)]
        cookies.leave(response, COOKIE, signing.dumps(kept, salt=SALT), SECONDS)
    return response


def read(request: HttpRequest) -> Told | None:
    kept = cookies.read(request, COOKIE)
    if not kept:
        return None
    try:
        text, undo, named = signing.loads(kept, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return Told(text, undo, named)
