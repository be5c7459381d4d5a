"""What pages show and no event tells: how many have it too that a notice is about, and who watches a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from mainstay.capabilities.notices import queries as notices
from mainstay.capabilities.telling import queries as telling


class Shown(NamedTuple):
    """One such thing of a record; who watches it is shown to those alone who work on it."""

    record: int
    is_internal: bool


Standing = Mapping[Shown, object]


def standing(followed: Collection[int]) -> Standing:
    """Of every notice that runs, which stands on pages that follow no single one, and of each record followed."""
    have_it = {Shown(one, is_internal=False): count for one, count in notices.how_many().items()}
    watched = telling.watched(followed)
    return have_it | {Shown(one, is_internal=True): watched.get(one) for one in followed}


def changed(before: Standing, now: Standing) -> list[Shown]:
    """Of what is followed only now nobody knows that it has changed."""
    return [
        one
        for one, count in now.items()
        if before.get(one, count if one.is_internal else None) != count
    ]
