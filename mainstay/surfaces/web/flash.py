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


# What turns the rest of a sentence around: a name may hold it, and would say what nobody wrote.
TURNING = {ord(sign): None for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def sentence(text: str) -> str:
    """As a toast or the title of a window says it: each sign stands where it was written."""
    return text.translate(TURNING)


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
        undo = undo if len(undo) <= LONGEST_UNDO else ""
        kept = [sentence(text)[:LONGEST], undo, list(named)]
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
    return Told(text, undo, tuple(named))
