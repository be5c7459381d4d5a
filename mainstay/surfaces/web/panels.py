"""Blocks beside a record that its type adds: a template and what fills it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mainstay.pure.rules import Actor
from mainstay.records.rows import Row
from mainstay.records.types import RecordType

Fill = Callable[[RecordType, Actor, Row], dict[str, Any]]
_added: dict[str, list[tuple[str, Fill]]] = {}


@dataclass(frozen=True)
class Panel:
    """A template below `templates/` with its values; an empty one is not drawn."""

    template: str
    values: dict[str, Any]


def above(rtype: RecordType, actor: Actor, row: Row) -> list[Panel]:
    """The blocks of its capabilities, which stand above the timeline."""
    handed = (each.panel for each in rtype.capabilities if each.panel)
    filled = ((template, fill(rtype, actor, row)) for template, fill in handed)
    return [Panel(template, values) for template, values in filled if values]


def add(type_name: str, template: str, fill: Fill) -> None:
    """Adds a panel to the page of one record type."""
    _added.setdefault(type_name, []).append((template, fill))


def of(rtype: RecordType, actor: Actor, row: Row) -> list[Panel]:
    added = _added.get(rtype.name, ())
    filled = ((template, fill(rtype, actor, row)) for template, fill in added)
    return [Panel(template, values) for template, values in filled if values]
