"""What the command palette finds: a few records by their words, and those of some numbers."""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.capabilities.search import queries, rights, shown
from mainstay.pure.rules import Actor
from mainstay.surfaces.web.palette import Finder, Option


def _words(actor: Actor, typed: str) -> list[Option]:
    return [_option(item) for item in queries.suggest(actor, typed)]


def _numbers(actor: Actor, numbers: Sequence[str]) -> list[Option]:
    """In the order given; what is gone or out of sight leaves no gap. One statement."""
    return [_option(item) for item in shown.numbered(actor, rights.types_for(actor), numbers)]


def _option(item: shown.Item) -> Option:
    href = f"/{item.rtype.plural}/{item.number}/"
    return Option(item.title, href, item.rtype.icon, item.number)


FINDER = Finder(words=_words, numbers=_numbers)
