"""Reads a setting from the environment; one that is not understood is refused in words, never guessed at."""

import os
import re
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
ADDRESS = re.compile(r"https?://[^\s/?#@]+")


def text(name: str) -> str:
    return os.environ.get(name, "").strip()


def flag(name: str) -> bool:
    given = text(name).lower()
    if given not in YES + NO:
        raise ImproperlyConfigured(f"{name} is '{given}'; write 1 for on, or leave it out for off.")
    return given in YES


def number(name: str, default: int) -> int:
    given = text(name)
    if not given:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", given):
        raise ImproperlyConfigured(f"{name} is '{given}'; it must be a whole number, 0 or more.")
    return int(given)


def choice(name: str, known: Sequence[str], default: str) -> str:
    """One of the words, as it is spelled here; small and capital letters are alike."""
    given = text(name) or default
    for word in known:
        if word.lower() == given.lower():
            return word
    raise ImproperlyConfigured(f"{name} is '{given}'; it must be one of {', '.join(known)}.")


def address(name: str) -> str:
    """Scheme, host and port, as browsers name where a form comes from; a site has no path of its own."""
    given = text(name).rstrip("/")
    if given and not ADDRESS.fullmatch(given):
        raise ImproperlyConfigured(
            f"{name} is '{given}'; it must read like https://it.example.org, without a path."
        )
    return given
