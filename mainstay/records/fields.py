"""What one field of a record type is; forms, columns, filters, schemas and history all ask here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from django.db import models

from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.models import Record
from mainstay.records.types import RecordType, shelf

# Columns every record has, in the order they are shown; the second group a type may rename or omit.
ALWAYS = (
    "title",
    "state",
    "kind",
    "is_open",
    "number",
    "type",
    "uuid",
    "version",
    "created_at",
    "updated_at",
)
COMMON = (
    "priority",
    "organisation",
    "team",
    "requester",
    "requested_for",
    "assignee",
    "waiting_for",
    "due_at",
)
NEVER = ("id", "record_ptr", "is_removed", "extra")
UNLIMITED = 50_000
# What a reference to the common table leads to: a record of any type.
ANY = "record"


# Compared as the one object it is: equality over all its parts would resolve its translations for each lookup.
@dataclass(frozen=True, eq=False)
class Field:
    """`attribute` is the model's name for it, `column` the SQL (r: common table, c: the type's own)."""

    name: str
    attribute: str
    column: str
    kind: FieldKind
    label: Any
    source: models.Field[Any, Any]
    choices: tuple[tuple[Any, Any], ...] = ()
    target: str = ""
    required: bool = False
    writable: bool = False
    is_private_text: bool = False
    max_length: int = UNLIMITED

    def __hash__(self) -> int:
        # By the name alone: hashing a label would translate it each time a field is a key.
        return hash(self.name)

    @property
    def is_reference(self) -> bool:
        """Whether it names another record."""
        return self.kind is FieldKind.REF

    @cached_property
    def stored(self) -> str:
        """The attribute that holds the plain value: an id for a reference."""
        return self.attribute + "_id" if self.is_reference else self.attribute

    def label_of(self, value: Any) -> Any:
        """What people read of one of its choices; a value that is none is shown as it is."""
        return next((label for choice, label in self.choices if choice == value), value)


@cache
def of(rtype: RecordType) -> dict[str, Field]:
    """Every field of a type by its public name, common ones first."""
    own = [f for f in rtype.model._meta.local_fields if f.name not in NEVER]
    there = {f.name: f for f in Record._meta.local_fields}
    common = [there[n] for n in (*ALWAYS, *COMMON) if n not in rtype.omits]
    return {
        f.name: f
        for f in (*(_field(rtype, c, "r") for c in common), *(_field(rtype, o, "c") for o in own))
    }


def visible(rtype: RecordType, actor: Actor) -> dict[str, Field]:
    """The fields that exist for this actor on some record; a private one vanishes everywhere at once."""
    return _visible(rtype, actor) if rtype.private and not actor.is_system else of(rtype)


@lru_cache(1024)
def _visible(rtype: RecordType, actor: Actor) -> dict[str, Field]:
    return {
        n: f
        for n, f in of(rtype).items()
        if n not in rtype.private or access.may_ever(rtype.private[n], actor)
    }


def readable(rtype: RecordType, actor: Actor, record: access.Facts) -> dict[str, Field]:
    """The fields that exist for this actor on this record."""
    return {
        n: f
        for n, f in visible(rtype, actor).items()
        if n not in rtype.private or access.allows(rtype, rtype.private[n], actor, record)
    }


def masks(rtype: RecordType, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The fields this actor reads on some records only, each with the SQL that tells which."""
    has_some = rtype.private or rtype.internal
    return _masks(rtype, actor) if has_some and not actor.is_system else ()


@lru_cache(1024)
def _masks(rtype: RecordType, actor: Actor) -> tuple[tuple[str, str], ...]:
    every = [(name, access.mask(rtype, rule, actor)) for name, rule in rtype.private.items()]
    if inside := rtype.internal and access.mask(rtype, access.insiders(rtype), actor):
        for name, values in rtype.internal.items():
            listed = ", ".join(f"'{value}'" for value in values)
            every.append((name, f"({inside} or {of(rtype)[name].column} not in ({listed}))"))
    return tuple((name, condition) for name, condition in every if condition)


def named(rtype: RecordType, names: Iterable[str]) -> list[Field]:
    """Some fields of a type, in the order they are named. Raises KeyError for one it does not have."""
    all_fields = of(rtype)
    return [all_fields[name] for name in names]


def by_stored(rtype: RecordType) -> dict[str, Field]:
    """Every field of a type by the attribute that holds its plain value."""
    return {field.stored: field for field in of(rtype).values()}


def _field(rtype: RecordType, source: models.Field[Any, Any], table: str) -> Field:
    name = {"uuid": "id"}.get(source.name, rtype.names.get(source.name, source.name))
    kind = _kind(source)
    target = ""
    if kind is FieldKind.REF:
        found = shelf.of_model(source.related_model)
        target = found.name if found else str(source.related_model)
        target = ANY if source.related_model is Record else target
    choices = tuple(
        rtype.choices.get(source.name) or (source.flatchoices if source.choices else ())
    )
    if choices and kind is FieldKind.TEXT:
        kind = FieldKind.CHOICE
    if source.name == "state":
        kind, choices = FieldKind.CHOICE, tuple((s.name, s.label) for s in rtype.lifecycle.states)
    return Field(
        name=name,
        attribute=source.name,
        column=f"{table}.{source.column}",
        kind=kind,
        label=_label(rtype, source, name, target),
        source=source,
        choices=choices,
        target=target,
        required=not source.blank
        and not source.has_default()
        and not isinstance(source, models.BooleanField),
        writable=source.editable and name in {*rtype.form, *rtype.portal_form, *_moved(rtype)},
        is_private_text=kind is FieldKind.LONG or name in rtype.personal,
        max_length=source.max_length or UNLIMITED,
    )


def _moved(rtype: RecordType) -> set[str]:
    return {name for move in rtype.lifecycle.moves for name in (*move.needs, *move.asks)}


def is_known(source: models.Field[Any, Any]) -> bool:
    """Whether there is a kind of field for such a column."""
    return source.is_relation or isinstance(source, tuple(made for made, _ in KINDS))


def _kind(source: models.Field[Any, Any]) -> FieldKind:
    if source.is_relation:
        return FieldKind.REF
    if source.choices and not isinstance(source, models.IntegerField):
        return FieldKind.CHOICE
    for model_field, kind in KINDS:
        if isinstance(source, model_field):
            return kind
    raise TypeError(f"{source}: no field kind for {type(source).__name__}")


KINDS: tuple[tuple[type[models.Field[Any, Any]], FieldKind], ...] = (
    (models.DateTimeField, FieldKind.TIME),
    (models.DateField, FieldKind.DATE),
    (models.BooleanField, FieldKind.BOOL),
    (models.IntegerField, FieldKind.NUMBER),
    (models.TextField, FieldKind.LONG),
    (models.CharField, FieldKind.TEXT),
    (models.UUIDField, FieldKind.TEXT),
    (models.JSONField, FieldKind.DATA),
)


def _label(rtype: RecordType, source: models.Field[Any, Any], name: str, target: str) -> Any:
    """A field is called as its column says; one named after what it points at is called as that is."""
    if name in rtype.labels:
        return rtype.labels[name]
    if name == target and target in shelf:
        return shelf.type(target).label
    text = str(source.verbose_name if name in (source.name, "id") else name.replace("_", " "))
    if isinstance(source, models.BooleanField):
        text = text.removeprefix("is ")
    if isinstance(source, models.DateTimeField):
        text = text.removesuffix(" at")
    return text if text[:1].isupper() else text[:1].upper() + text[1:]
