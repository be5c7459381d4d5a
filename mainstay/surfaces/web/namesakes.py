"""Several of one name: where they stand side by side each is told by its number as well, and nowhere else."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from mainstay.pure.numbers import normal
from mainstay.surfaces.web.forms import JOINT


def among(records: Iterable[Mapping[str, Any] | None]) -> set[str]:
    """The numbers of those, of what stands together, whose name another of them has as well."""
    numbers = defaultdict[str, set[str]](set)
    for one in records:
        if one and one["title"]:
            # Who reads does not tell a name from another by its capitals.
            numbers[one["title"].casefold()].add(normal(one["number"]))
    return {number for alike in numbers.values() if len(alike) > 1 for number in alike}


def named(one: Mapping[str, Any], alike: Collection[str]) -> str:
    """Its title, and the number where it is among those of one name."""
    title, number = one["title"], one["number"]
    return numbered(title, number) if number in alike else title


def apart(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of those, each as it is told from the others."""
    there = list(records)
    alike = among(there)
    return [named(one, alike) for one in there]


def numbered(title: str, number: str) -> str:
    """As a form spells it, too."""
    return f"{title}{JOINT}{number}"
