"""Conditions over a record type: checked against the fields this actor may read, and ready to become SQL."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from django.db import connection

from mainstay.pure import conditions
from mainstay.pure.conditions import Condition, ConditionError, Env, Kind
from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.records import clock, fields
from mainstay.records.errors import Invalid
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
        name: KINDS[field.kind]
        for name, field in fields.visible(rtype, actor).items()
        if field.kind in KINDS and name not in NOT_ASKED
    }


def parse(rtype: RecordType, actor: Actor, text: str) -> Condition | None:
    """The condition a text stands for; None for an empty one. Raises Invalid with a sentence."""
    if not text.strip():
        return None
    try:
        return _checked(text, tuple(sorted(kinds(rtype, actor).items())))
    except ConditionError as error:
        raise Invalid({"filter": [str(error)]}) from None


@lru_cache(2048)
def _checked(text: str, known: tuple[tuple[str, Kind], ...]) -> Condition:
    return conditions.check(text, dict(known))


def env(actor: Actor) -> Env:
    return Env(
        me_number=actor.number,
        me_id=actor.id,
        team_numbers=actor.team_numbers,
        team_ids=tuple(sorted(actor.teams)),
        now=clock.now(),
    )


def columns(rtype: RecordType) -> Mapping[str, Column]:
    return _columns(rtype, connection.vendor)


@cache
def _columns(rtype: RecordType, _vendor: str) -> dict[str, Column]:
    adapt = connection.ops.adapt_datetimefield_value
    return {
        name: Column(
            field.column, KINDS[field.kind], adapt if field.kind is FieldKind.TIME else None
        )
        for name, field in fields.of(rtype).items()
        if field.kind in KINDS
    }
