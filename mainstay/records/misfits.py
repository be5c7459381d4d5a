"""What keeps a declaration off the shelf: parts of another make than the engine can read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mainstay.pure.lifecycle import Lifecycle
from mainstay.pure.rules import Rule

if TYPE_CHECKING:
    from mainstay.records.types import RecordType

TUPLES = (
    "form", "portal_form", "columns", "also_by", "omits", "personal", "concerns", "derive", "guards", "views",
    "capabilities", "notes",
)  # fmt: skip


def of(rtype: RecordType, capability: type) -> Iterable[str]:
    """Each misfit as a sentence without its full stop; the other checks come after these."""
    untied = [name for name in TUPLES if not isinstance(getattr(rtype, name), tuple)]
    yield from (f"{name} is no tuple; write ({_sample(rtype, name)},)" for name in untied)
    if not rtype.order:
        yield "order is empty; a list needs an order to be shown in"
    if not isinstance(rtype.lifecycle, Lifecycle):
        yield "lifecycle is no Lifecycle"
    for name, make in (("capabilities", capability), ("derive", None), ("guards", None)):
        for part in getattr(rtype, name) if name not in untied else ():
            if make and not isinstance(part, make):
                yield f"capabilities has {part!r}, which is no capability"
            if not make and not callable(part):
                yield f"{name} has {part!r}, which is no function"
    for what, rule in _rules(rtype):
        if not isinstance(rule, Rule):
            yield f"the rule for '{what}' is {rule!r}; write Role(…), Mine(…), Everyone() or several with | and &"


def _rules(rtype: RecordType) -> Iterable[tuple[str, Any]]:
    access = rtype.access
    yield from ((verb, getattr(access, verb)) for verb in ("see", "create", "change", "remove"))
    yield "note", access.rule_for("note")
    yield from access.moves.items()
    yield from rtype.private.items()


def _sample(rtype: RecordType, name: str) -> str:
    value = getattr(rtype, name)
    return repr(value) if isinstance(value, str) else "…"
