"""In which language somebody is answered: their own, else what their browser asks for, else the site's."""

from contextlib import AbstractContextManager
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation.trans_real import parse_accept_lang_header

from mainstay.pure.rules import Actor

# A header as people's browsers send it is much shorter; others are not worth keeping.
LONGEST = 200


def asked_for(request: HttpRequest) -> str:
    """By the browser, or the program; of a person who is signed in, only where they have chosen none."""
    header: str = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return _first_known(header) if 0 < len(header) <= LONGEST else settings.LANGUAGE_CODE


def spoken_to(actor: Actor, asked_in: str = "") -> AbstractContextManager[None]:
    """Sentences are in this person's language where they are made without a request of theirs.

    Where they have chosen none, in the one that what is done was asked for in.
    """
    return override(known(actor.language) or known(asked_in) or settings.LANGUAGE_CODE)


@lru_cache(maxsize=256)
def _first_known(header: str) -> str:
    found = (known(tag) for tag, _weight in parse_accept_lang_header(header.lower()))
    return next((language for language in found if language), settings.LANGUAGE_CODE)


@lru_cache(maxsize=256)
def known(tag: str) -> str:
    """The language of ours that a tag means, `de` for `de-AT`; "" where it means none."""
    try:
        return get_supported_language_variant(tag) if tag else ""
    except LookupError:
        return ""
