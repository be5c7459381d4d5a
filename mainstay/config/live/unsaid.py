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
    """What is followed only now, or not any more, has not changed by that; a notice nobody has any more has."""
    both = before.keys() & now.keys()
    return [
        one
        for one in before.keys() | now.keys()
        if before.get(one) != now.get(one) and (one in both or not one.is_internal)
    ]
