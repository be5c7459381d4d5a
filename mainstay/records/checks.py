"""Every mistake a declaration can hold, told at startup in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core import checks

from mainstay.pure.numbers import PREFIX
from mainstay.pure.rules import Actor, Both, Either, Mine, Role, Rule, Staff, Without
from mainstay.records import fields, reactions, where
from mainstay.records.errors import Invalid
from mainstay.records.fields import ANY, COMMON
from mainstay.records.models import Record
from mainstay.records.rows import FACTS
from mainstay.records.types import EVERY_TYPE, TAKE_BACK, RecordType, shelf

# A view is for whoever sees the list, so its condition may ask only for what nobody is denied.
ANYBODY = Actor(id=None)
NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
ADDRESS = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)


@dataclass(frozen=True)
class Around:
    """What stands on other floors: roles people can hold, areas of the sidebar, icons that are drawn (none known

    where no front end was built), first words of addresses that lead elsewhere, words in the API's bodies that are
    no fields, and kinds of entries of the audit that tell of no record's events.
    """

    roles: Collection[str]
    areas: Collection[str]
    icons: Collection[str]
    addresses: Collection[str]
    words: Collection[str]
    entries: Collection[str]

    @property
    def no_types(self) -> set[str]:
        """Words that mean something else where a type's name may stand: in the audit, or for a record of any type."""
        return {ANY, *(kind.partition(".")[0] for kind in self.entries)}


def mistakes(around: Around) -> list[checks.CheckMessage]:
    """What is wrong with the whole shelf, as Django's checks tell it."""
    found: list[checks.CheckMessage] = [
        checks.Error(f"{rtype.name}: {text}", id="mainstay.E001")
        for rtype in shelf
        for text in of_type(rtype, around)
    ]
    found += [checks.Error(text, id="mainstay.E002") for text in _of_shelf()]
    return found


def of_type(rtype: RecordType, around: Around) -> Iterable[str]:
    """Each mistake of one declaration, as a sentence without its full stop."""
    if unreadable := list(_of_columns(rtype)):
        yield from unreadable
        return
    yield from _of_place(rtype, around)
    yield from _of_doubles(rtype)
    yield from _of_fields(rtype)
    yield from _of_capabilities(rtype)
    yield from _of_orders(rtype)
    yield from _of_moves(rtype)
    yield from _of_views(rtype)
    for what, rule in _rules(rtype):
        yield from (f"{what} {text}" for text in _of_rule(rule, around.roles))
    for kind, link in rtype.links.items():
        yield from (
            f"link '{kind}' leads to the unknown type '{t}'" for t in link.targets if t not in shelf
        )
    for field in fields.of(rtype).values():
        if field.is_reference and field.target not in shelf and field.target != ANY:
            yield f"field '{field.name}' refers to '{field.target}', which is no record type"


def _of_columns(rtype: RecordType) -> Iterable[str]:
    """Columns the engine has no kind of field for; nothing more can be said of such a type."""
    meta = rtype.model._meta
    for column in (*meta.local_fields, *meta.local_many_to_many):
        if column in meta.local_many_to_many or (
            column.name not in fields.NEVER and not fields.is_known(column)
        ):
            known = ", ".join(made.__name__ for made, _kind in fields.KINDS)
            yield (
                f"column '{column.name}' is a {type(column).__name__}; there are {known} and references"
            )


def _of_place(rtype: RecordType, around: Around) -> Iterable[str]:
    """Where people find it, and what they call it by."""
    if not NAME.fullmatch(rtype.name):
        yield f"name '{rtype.name}' is no word an event is named by: lower case letters, digits and _"
    if rtype.name in around.no_types:
        yield f"name '{rtype.name}' means something else in the history"
    if not ADDRESS.fullmatch(rtype.plural):
        yield f"plural '{rtype.plural}' is no part of an address: lower case letters, digits, - and _"
    if rtype.plural in around.addresses:
        yield f"plural '{rtype.plural}' is the address of something else already"
    invited = rtype.invitation
    if invited and not ADDRESS.fullmatch(invited.address):
        yield f"invitation '{invited.address}' is no part of an address: lower case letters, digits, - and _"
    for name in fields.of(rtype):
        if name in around.words:
            yield f"the API has another use for the field '{name}'"
    if not PREFIX.fullmatch(rtype.prefix):
        yield f"prefix '{rtype.prefix}' is not 1 to 12 capital letters"
    if rtype.area and rtype.area not in around.areas:
        yield f"area '{rtype.area}' is none of {', '.join(around.areas)}"
    for icon in (rtype.icon, *([rtype.invitation.icon] if rtype.invitation else [])):
        if around.icons and icon not in around.icons:
            yield f"icon '{icon}' is not drawn; frontend/icons.json names those that are"


def _of_doubles(rtype: RecordType) -> Iterable[str]:
    for what, names in (
        ("form", rtype.form),
        ("portal form", rtype.portal_form),
        ("columns", rtype.columns),
        ("also_by", rtype.also_by),
        ("capabilities", [capability.name for capability in rtype.capabilities]),
    ):
        yield from (f"{what} names '{n}' twice" for n in sorted(set(names)) if names.count(n) > 1)


def _of_fields(rtype: RecordType) -> Iterable[str]:
    known = fields.of(rtype)
    columns = {f.name for f in rtype.model._meta.local_fields} | set(COMMON)
    ordered = [rtype.order.removeprefix("-"), *rtype.also_by]
    yield from (
        f"order or also_by names '{n}', whose place in a list would tell what it holds"
        for n in ordered
        if n in rtype.private
    )
    for what, names, there in (
        ("form", rtype.form, known),
        ("portal form", rtype.portal_form, known),
        ("columns", rtype.columns, known),
        ("labels", rtype.labels, known),
        ("private", rtype.private, known),
        ("personal", rtype.personal, known),
        ("internal", rtype.internal, known),
        ("concerns", rtype.concerns, known),
        ("order or also_by", ordered, known),
        ("questions", rtype.invitation.questions if rtype.invitation else (), rtype.portal_form),
        ("answers", rtype.invitation.answers if rtype.invitation else (), rtype.portal_form),
        ("meanings", rtype.invitation.meanings if rtype.invitation else (), rtype.portal_form),
        ("names", rtype.names, COMMON),
        ("omits", rtype.omits, COMMON),
        ("choices", rtype.choices, columns),
        ("codes", rtype.codes, known),
        ("wall", [rtype.wall], FACTS),
    ):
        yield from (
            f"{what} names the unknown field '{name}'" for name in names if name not in there
        )
    for what in ("answers", "meanings"):
        said = getattr(rtype.invitation, what) if rtype.invitation else {}
        for name, words in said.items():
            if name in known and words.keys() != {value for value, _label in known[name].choices}:
                yield f"{what} of '{name}' are not for exactly what it may hold"
    for what, names in (("form", rtype.form), ("portal form", rtype.portal_form)):
        yield from (
            f"{what} names '{n}', which is not set by hand"
            for n in names
            if n in known and not known[n].writable
        )
    yield from (
        f"internal names '{value}', which '{name}' never holds"
        for name, values in rtype.internal.items()
        for value in values
        if name in known and value not in dict(known[name].choices)
    )
    yield from (f"'{n}' is private and internal" for n in rtype.internal if n in rtype.private)
    yield from (
        f"concerns names '{n}', which names no person"
        for n in rtype.concerns
        if n in known and known[n].target != "user"
    )
    yield from (f"'{n}' is omitted and named" for n in rtype.names if n in rtype.omits)
    for name in rtype.names.values():
        if name in columns:
            yield f"names calls a column '{name}', which is another's name already"


def _of_capabilities(rtype: RecordType) -> Iterable[str]:
    there = {field.attribute for field in fields.of(rtype).values()}
    for capability in rtype.capabilities:
        yield from (
            f"capability '{capability.name}' needs the column '{name}'"
            for name in capability.needs
            if name not in there
        )
        yield from (f"capability '{capability.name}' {text}" for text in capability.unfit(rtype))


def _of_orders(rtype: RecordType) -> Iterable[str]:
    """What a list is usually in the order of must stand in an index, or every page sorts all there is.

    Titles are exempt: what is listed by name is what there are few of.
    """
    known, meta = fields.of(rtype), rtype.model._meta
    shared = [[name for name, _ in index.fields_orders] for index in Record._meta.indexes]
    common = {names[1] for names in shared if names[0] == "type"} | {"title"}
    own = {index.fields_orders[0][0] for index in meta.indexes if index.fields_orders}
    own |= {
        column.name
        for column in meta.local_fields
        if column.unique or getattr(column, "db_index", False)
    }
    for name in {order.removeprefix("-") for order in (rtype.order, *_view_orders(rtype))}:
        if name in known and known[name].attribute not in common | own:
            yield f"a list is usually ordered by '{name}', which no index leads with"


def _view_orders(rtype: RecordType) -> list[str]:
    return [view.order for view in rtype.views if view.order]


def _of_moves(rtype: RecordType) -> Iterable[str]:
    known = fields.of(rtype)
    moves = {move.name for move in rtype.lifecycle.moves}
    yield from (
        f"move '{name}' is called as something every record can have happen to it"
        for name in sorted(moves & {*EVERY_TYPE, TAKE_BACK, "see", "note"})
    )
    for move in rtype.lifecycle.moves:
        named = (*move.needs, *move.asks)
        yield from (
            f"move '{move.name}' asks for the unknown field '{n}'" for n in named if n not in known
        )
        yield from (
            f"move '{move.name}' asks for '{n}', which is not set by hand"
            for n in named
            if n in known and not known[n].writable
        )
        if move.message and not rtype.has("conversation"):
            yield f"move '{move.name}' takes a message, which only a type with a conversation keeps"
    for name in rtype.access.moves:
        if name not in moves:
            yield f"access has a rule for '{name}', which is no move of its lifecycle"


def _of_views(rtype: RecordType) -> Iterable[str]:
    names = [view.name for view in rtype.views]
    yield from (f"two views are called '{n}'" for n in sorted(set(names)) if names.count(n) > 1)
    for view in rtype.views:
        if view.order and view.order not in rtype.orders:
            yield f"view '{view.name}' is ordered by '{view.order}', which is none of its orders"
        try:
            where.parse(rtype, ANYBODY, view.where)
        except Invalid as complaint:
            said = " ".join(text for texts in complaint.fields.values() for text in texts)
            yield f"the condition of view '{view.name}' cannot be read: {said}"


def _rules(rtype: RecordType) -> Iterable[tuple[str, Rule]]:
    access = rtype.access
    for verb in ("see", "create", "change", "remove", "note"):
        yield f"the rule for '{verb}'", access.rule_for(verb)
    for name, rule in access.moves.items():
        yield f"the rule for '{name}'", rule
    for name, rule in rtype.private.items():
        yield f"the rule for reading '{name}'", rule


def _of_rule(rule: Rule, roles: Collection[str]) -> Iterable[str]:
    match rule:
        case Mine(column) if column not in FACTS:
            yield f"has Mine('{column}'), a column the common table does not have"
        case Without(columns) if strange := [c for c in columns if c not in FACTS]:
            yield f"has Without('{strange[0]}'), a column the common table does not have"
        case Role(names=()) | Staff(names=()):
            yield "has a Role that names none"
        case Role(names=names) | Staff(names=names):
            known = ", ".join(sorted(roles))
            yield from (
                f"names the role '{name}', which nobody can hold; there are {known}"
                for name in names
                if name not in roles
            )
        case Either(rules) | Both(rules):
            for inner in rules:
                yield from _of_rule(inner, roles)


def _of_shelf() -> Iterable[str]:
    yield from shelf.refused
    prefixes = [rtype.prefix for rtype in shelf]
    yield from (
        f"two record types have the prefix {p}"
        for p in sorted({p for p in prefixes if prefixes.count(p) > 1})
    )
    invited = [rtype.invitation.address for rtype in shelf if rtype.invitation]
    yield from (
        f"two record types are asked for at '{a}'"
        for a in sorted({a for a in invited if invited.count(a) > 1})
    )
    names = {f"{rtype.name}.{verb}" for rtype in shelf for verb in rtype.verbs}
    for reaction in (r for listed in reactions.everything() for r in listed):
        for pattern in reaction.pattern.split():
            single = reactions.Reaction(pattern, reaction.run)
            if not any(single.hears(name) for name in names):
                yield f"{reaction.name} listens for '{pattern}', which no event can match"
