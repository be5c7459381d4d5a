"""Every mistake a declaration can hold, told at startup in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core import checks

from mainstay.pure.rules import Both, Either, Mine, Rule
from mainstay.records import fields, reactions
from mainstay.records.rows import FACTS
from mainstay.records.types import RecordType, shelf

EVERY_TYPE = ("create", "change", "link", "unlink", "remove")


def mistakes(**_: Any) -> list[checks.CheckMessage]:
    """A Django system check over the whole shelf."""
    found: list[checks.CheckMessage] = [
        checks.Error(f"{rtype.name}: {text}", id="mainstay.E001")
        for rtype in shelf
        for text in _of_type(rtype)
    ]
    found += [checks.Error(text, id="mainstay.E002") for text in _of_shelf()]
    return found


def _of_type(rtype: RecordType) -> Iterable[str]:
    known = fields.of(rtype)
    moves = {move.name for move in rtype.lifecycle.moves}
    for where, names in (
        ("form", rtype.form),
        ("portal form", rtype.portal_form),
        ("columns", rtype.columns),
        ("labels", rtype.labels),
        ("private", rtype.private),
        ("personal", rtype.personal),
        ("orders", [o.removeprefix("-") for o in rtype.orders]),
    ):
        yield from (
            f"{where} names the unknown field '{name}'" for name in names if name not in known
        )
    for move in rtype.lifecycle.moves:
        named = (*move.needs, *move.asks)
        yield from (
            f"move '{move.name}' asks for the unknown field '{n}'" for n in named if n not in known
        )
    for name in rtype.access.moves:
        if name not in moves:
            yield f"access has a rule for '{name}', which is no move of its lifecycle"
    for rule in (
        rtype.access.see,
        rtype.access.change,
        rtype.access.create,
        *rtype.access.moves.values(),
    ):
        yield from _of_rule(rule)
    for kind, link in rtype.links.items():
        yield from (
            f"link '{kind}' leads to the unknown type '{t}'" for t in link.targets if t not in shelf
        )
    for field in known.values():
        if field.is_reference and field.target not in shelf:
            yield f"field '{field.name}' refers to '{field.target}', which is no record type"


def _of_rule(rule: Rule) -> Iterable[str]:
    match rule:
        case Mine(column) if column not in FACTS:
            yield f"Mine('{column}') looks at a column the common table does not have"
        case Either(rules) | Both(rules):
            for inner in rules:
                yield from _of_rule(inner)


def _of_shelf() -> Iterable[str]:
    prefixes = [rtype.prefix for rtype in shelf]
    yield from (
        f"two record types have the prefix {p}"
        for p in sorted({p for p in prefixes if prefixes.count(p) > 1})
    )
    names = {f"{rtype.name}.{verb}" for rtype in shelf for verb in _verbs(rtype)}
    for reaction in (r for listed in reactions.everything() for r in listed):
        for pattern in reaction.pattern.split():
            single = reactions.Reaction(pattern, reaction.run)
            if (
                "*" not in pattern
                and "." in pattern
                and pattern.split(".")[1] in _said_by_commands(pattern)
            ):
                continue
            if not any(single.hears(name) for name in names):
                yield f"{reaction.name} listens for '{pattern}', which no event can match"


def _verbs(rtype: RecordType) -> set[str]:
    return {*EVERY_TYPE, *(move.name for move in rtype.lifecycle.moves)}


def _said_by_commands(pattern: str) -> tuple[str, ...]:
    """Verbs that capabilities and the directory note on records, beyond the engine's own."""
    return NOTED if pattern.split(".")[0] in shelf else ()


NOTED = (
    "reply",
    "note",
    "attach",
    "join",
    "leave",
    "grant",
    "withdraw",
    "skill",
    "password",
    "assign",
)
