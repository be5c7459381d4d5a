"""Conditions over a record type: checked against the fields this actor may read, and ready to become SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache

from django.db import connection

from mainstay.pure import conditions
from mainstay.pure.conditions import Condition, ConditionError, Env, Kind
from mainstay.pure.kinds import FieldKind
from mainstay.pure.numbers import SPELLING, normal
from mainstay.pure.rules import Actor
from mainstay.records import clock, fields
from mainstay.records.errors import Invalid
from mainstay.records.fields import Field
from mainstay.records.filters import Column
from mainstay.records.types import RecordType

KINDS: Mapping[FieldKind, Kind] = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.LONG: Kind.TEXT,
    FieldKind.CHOICE: Kind.CHOICE,
    FieldKind.NUMBER: Kind.NUMBER,
    FieldKind.BOOL: Kind.BOOL,
    FieldKind.TIME: Kind.TIME,
    FieldKind.DATE: Kind.DATE,
    FieldKind.REF: Kind.REF,
}
# Keys are compared as they are stored, which is not as they are written.
NOT_ASKED = ("id", "type")


def kinds(rtype: RecordType, actor: Actor) -> dict[str, Kind]:
    """What may be asked about: an unreadable field is as unknown as one that does not exist."""
    return {
        name: _kind(field)
        for name, field in fields.visible(rtype, actor).items()
        if field.kind in KINDS and name not in NOT_ASKED
    }


def _kind(field: Field) -> Kind:
    return Kind.KEY if field.name == "number" else KINDS[field.kind]


def parse(rtype: RecordType, actor: Actor, text: str) -> Condition | None:
    """The condition a text stands for; None for an empty one. Raises Invalid with a sentence.

    A number of this type alone asks for that record: people type it into every box there is.
    """
    if not text.strip():
        return None
    spelled = SPELLING.fullmatch(text)
    if spelled and spelled[1].upper() == rtype.prefix:
        text = f'number == "{normal(text)}"'
    try:
        return _checked(text, _known(rtype, actor))
    except ConditionError as error:
        raise Invalid({"filter": [str(error)]}) from None


@lru_cache(512)
def is_condition(rtype: RecordType, actor: Actor, text: str) -> bool:
    """Whether a text can be read; kept also where it cannot, since plain words are tried first at each look."""
    try:
        parse(rtype, actor, text)
    except Invalid:
        return False
    return True


@lru_cache(1024)
def _known(rtype: RecordType, actor: Actor) -> tuple[tuple[str, Kind], ...]:
    """What may be asked about, as a value: it follows from the actor's rights, which are part of the actor."""
    return tuple(sorted(kinds(rtype, actor).items()))


@lru_cache(2048)
def _checked(text: str, known: tuple[tuple[str, Kind], ...]) -> Condition:
    return conditions.check(text, dict(known))


def env(actor: Actor) -> Env:
    """Who asks and when, as a condition is read against it."""
    return Env(
        me_number=actor.number,
        me_id=actor.id,
        team_numbers=actor.team_numbers,
        team_ids=tuple(sorted(actor.teams)),
        now=clock.now(),
    )


def columns(rtype: RecordType, actor: Actor) -> Mapping[str, Column]:
    """Where each field is; a private one is unset on the records on which this actor may not read it."""
    return _columns_behind(rtype, connection.vendor, fields.masks(rtype, actor))


@lru_cache(1024)
def _columns_behind(
    rtype: RecordType, vendor: str, masks: tuple[tuple[str, str], ...]
) -> dict[str, Column]:
    found = _columns(rtype, vendor)
    return found | {
        name: _masked(found[name], condition) for name, condition in masks if name in found
    }


def _masked(column: Column, condition: str) -> Column:
    return replace(column, sql=f"(case when {condition} then {column.sql} end)")


@cache
def _columns(rtype: RecordType, _vendor: str) -> dict[str, Column]:
    adapt = connection.ops.adapt_datetimefield_value
    return {
        name: Column(field.column, _kind(field), adapt if field.kind is FieldKind.TIME else None)
        for name, field in fields.of(rtype).items()
        if field.kind in KINDS
    }
