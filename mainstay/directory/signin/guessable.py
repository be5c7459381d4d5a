"""Which passwords are tried first by whoever guesses: common ones, those like their owner, and those of this place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mainstay.directory.models import User
from mainstay.pure import text

PRODUCT = "mainstay"
# Shorter parts of a name stand in many good passwords.
SHORTEST_WORD = 4
# So much besides the words of this place is worth something.
SHORTEST_REST = 6
FEWEST_CHARACTERS = 4
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


@dataclass(frozen=True)
class Owner:
    """Whose password it is to be: what others know of them."""

    login: str
    name: str = ""
    email: str = ""
    organisation: str = ""


def why(password: str, owner: Owner) -> str:
    """A sentence on what to do instead; "" for one that is not guessed soon."""
    if _is_common(password):
        return _(
            "This is one of the first that are tried; take a few words that do not belong together."
        )
    if _is_like(password, owner):
        return _(
            "This is too like the login, name or address; take a few words that have nothing to do with them."
        )
    if _is_of_this_place(password, owner.organisation):
        return _(
            "This is little more than the name of the product or the organisation; add a few other words."
        )
    return ""


def _is_common(password: str) -> bool:
    """Also with digits and signs around it, or written several times."""
    lower = password.lower().strip()
    once = lower[: (lower + lower).find(lower, 1)]
    core = _AROUND.sub("", once)
    return len(set(lower)) < FEWEST_CHARACTERS or not {lower, once, core}.isdisjoint(_common())


def _is_like(password: str, owner: Owner) -> bool:
    person = User(username=owner.login, title=owner.name, email=owner.email)
    try:
        UserAttributeSimilarityValidator(("username", "title", "email")).validate(password, person)
    except ValidationError:
        return True
    return False


def _is_of_this_place(password: str, organisation: str) -> bool:
    address = (urlsplit(settings.MAINSTAY_BASE_URL).hostname or "").rpartition(".")[0]
    known = text.words(f"{PRODUCT} {organisation} {address}")
    rest = text.fold(password)
    for word in sorted(known, key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            rest = rest.replace(word, "")
    if rest == text.fold(password):
        return False
    return len("".join(text.words(rest))) < SHORTEST_REST or _is_common(rest)


@cache
def _common() -> frozenset[str]:
    """Read when the first password is set, not when the server starts."""
    return frozenset(CommonPasswordValidator().passwords)
