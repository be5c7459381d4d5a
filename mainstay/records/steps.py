"""The steps that commands and replays are built from: fill, enter, derive, check, and what changed by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mainstay.pure.rules import By
from mainstay.records import clock, fields
from mainstay.records.errors import Invalid, Stale
from mainstay.records.fields import Field
from mainstay.records.models import Event
from mainstay.records.types import Message, RecordType, Step


def fill(record: Any, given: Mapping[Field, Any]) -> None:
    for field, value in given.items():
        setattr(record, field.stored, value)


def enter(record: Any, rtype: RecordType, state: str) -> None:
    """Puts a record into a state and keeps what follows from it in step."""
    kind = rtype.lifecycle.state(state).kind
    record.state, record.kind, record.is_open = state, kind.value, kind.is_open


def derive(rtype: RecordType, step: Step) -> None:
    for function in rtype.derive:
        function(step)


def check(rtype: RecordType, step: Step) -> None:
    """The declaration's own guards, the columns' own rules, and what only one may have. Raises Invalid."""
    complaints: dict[str, list[str]] = {}
    for field in fields.of(rtype).values():
        if field.required and field.writable and getattr(step.record, field.stored) in (None, ""):
            complaints[field.name] = [_("This is needed.")]
    complaints |= _emptied(rtype, step)
    for guard in rtype.guards:
        for name, complaint in guard(step).items():
            complaints.setdefault(name, []).append(str(complaint))
    if complaints:
        raise Invalid(complaints)
    _validators(rtype, step)
    _unique(rtype, step)


def _emptied(rtype: RecordType, step: Step) -> dict[str, list[str]]:
    """What was needed to come into a state is needed for as long as it lasts."""
    if step.verb == "create":
        return {}
    needed = fields.named(rtype, rtype.lifecycle.needed_in(step.record.state))
    return {
        f.name: [_("This is needed.")]
        for f in needed
        if step.changed(f.stored) and getattr(step.record, f.stored) in (None, "")
    }


def _unique(rtype: RecordType, step: Step) -> None:
    """Two that want the same value at the same moment are told apart by the database's constraint."""
    for field in fields.of(rtype).values():
        if not (field.writable and field.source.unique):
            continue
        value = getattr(step.record, field.stored)
        if value in (None, ""):
            continue
        if step.verb == "create" or step.changed(field.stored):
            others = rtype.model.objects.filter(**{field.attribute: value})
            if others.exclude(pk=step.record.pk).exists():
                raise Invalid(
                    {field.name: [_("Somebody else has %(value)s already.") % {"value": value}]}
                )


def _validators(rtype: RecordType, step: Step) -> None:
    """The validators of columns that were set: addresses, ranges."""
    complaints = {}
    for field in fields.of(rtype).values():
        if not field.writable or field.is_reference or not field.source.validators:
            continue
        value = getattr(step.record, field.stored)
        if value in (None, ""):
            continue
        try:
            field.source.run_validators(value)
        except ValidationError as error:
            complaints[field.name] = list(error.messages)
    if complaints:
        raise Invalid(complaints)


def step_of(
    verb: str,
    record: Any,
    before: Mapping[str, Any],
    given: Iterable[Field],
    by: By,
    *,
    reason: str = "",
    message: Message | None = None,
) -> Step:
    chosen = frozenset(field.name for field in given)
    return Step(verb, record, before, reason, message, by.actor, clock.now(), by.door, chosen)


def snapshot(rtype: RecordType, record: Any) -> dict[str, Any]:
    return {f.stored: getattr(record, f.stored) for f in fields.of(rtype).values()}


def changes(
    rtype: RecordType, record: Any, before: Mapping[str, Any]
) -> dict[Field, tuple[Any, Any]]:
    found = {}
    for field in fields.of(rtype).values():
        now = getattr(record, field.stored)
        if now != before[field.stored]:
            found[field] = (before[field.stored], now)
    return found


def require_current(record: Any, version: int | None) -> None:
    if version is not None and version != record.version:
        raise Stale(record.version)


def require_no_conflict(
    rtype: RecordType, record: Any, given: Mapping[Field, Any], seen: int
) -> None:
    """Fields that others changed since `seen`, read from the events, may not be overwritten unasked."""
    since = Event.objects.filter(record_id=record.id, version__gt=seen).values_list(
        "changes", flat=True
    )
    touched = {name for changes in since for name in changes}
    both = {
        f.name: (getattr(record, f.stored), value)
        for f, value in given.items()
        if f.name in touched and value != getattr(record, f.stored)
    }
    if both:
        raise Stale(record.version, both)
