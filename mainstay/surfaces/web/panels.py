"""Blocks beside a record that its type adds: a template and what fills it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mainstay.pure.rules import Actor
from mainstay.records.rows import Row
from mainstay.records.types import RecordType

Fill = Callable[[RecordType, Actor, Row], dict[str, Any]]
_added: dict[str, list[tuple[str, Fill]]] = {}
# Kinds of links from elsewhere that a panel shows in its own way, by the type it is on.
_links: dict[str, set[str]] = {}


@dataclass(frozen=True)
class Panel:
    """A template below `templates/` with its values; an empty one is not drawn."""

    template: str
    values: dict[str, Any]


def add(type_name: str, template: str, fill: Fill, links: Iterable[str] = ()) -> None:
    """Adds a panel to the page of one record type; `links` from elsewhere it shows stand nowhere else there."""
    _added.setdefault(type_name, []).append((template, fill))
    _links.setdefault(type_name, set()).update(links)


def shows(rtype: RecordType, kind: str) -> bool:
    return kind in _links.get(rtype.name, ())


def of(rtype: RecordType, actor: Actor, row: Row) -> list[Panel]:
    added = _added.get(rtype.name, ())
    filled = ((template, fill(rtype, actor, row)) for template, fill in added)
    return [Panel(template, values) for template, values in filled if values]
