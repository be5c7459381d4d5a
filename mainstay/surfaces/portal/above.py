"""What the portal shows a person before they ask; a capability fills it."""

from collections.abc import Callable
from typing import Any

from mainstay.pure.rules import Actor
from mainstay.surfaces.web.panels import Panel

Fill = Callable[[Actor, str], dict[str, Any]]
_installed: list[tuple[str, Fill]] = []


def install(*panels: tuple[str, Fill]) -> None:
    """Called once at startup."""
    _installed[:] = panels


def ways(actor: Actor, typed: str) -> list[tuple[str, str]]:
    """Where what is shown for these words is read, as address and title: what a panel names as `ways`."""
    return [way for panel in panels(actor, typed) for way in panel.values.get("ways", ())]


def panels(actor: Actor, typed: str = "") -> list[Panel]:
    """An empty one is not drawn; `typed` are words somebody looks for."""
    filled = ((template, fill(actor, typed)) for template, fill in _installed)
    return [Panel(template, values) for template, values in filled if values]
