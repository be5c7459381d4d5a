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
from mainstay.records.journal import plain
from mainstay.records.models import Event, EventText
from mainstay.records.types import Message, RecordType, Step


def fill(record: Any, given: Mapping[Field, Any]) -> None:
    """Sets what was given, references as ids."""
    for field, value in given.items():
        setattr(record, field.stored, value)


def enter(record: Any, rtype: RecordType, state: str) -> None:
    """Puts a record into a state and keeps what follows from it in step."""
    kind = rtype.lifecycle.state(state).kind
    record.state, record.kind, record.is_open = state, kind.value, kind.is_open


def derive(rtype: RecordType, step: Step) -> None:
    """Runs the declaration's functions, in their order; they may set fields and write nothing."""
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
        raise Invalid(complaints, fields.of(rtype))
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
                taken = _("Somebody else has %(value)s already.") % {"value": value}
                raise Invalid({field.name: [taken]}, fields.of(rtype))


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
        raise Invalid(complaints, fields.of(rtype))


def step_of(
    verb: str,
    record: Any,
    before: Mapping[str, Any],
    given: Iterable[Field],
    by: By,
    *,
    reason: str = "",
    message: Message | None = None,
    undone: Mapping[str, Any] | None = None,
) -> Step:
    """What derive functions and guards are told of a command, at the time that it is now."""
    chosen = frozenset(field.name for field in given)
    now = clock.now()
    return Step(verb, record, before, reason, message, by.actor, now, by.door, chosen, undone)


def snapshot(rtype: RecordType, record: Any) -> dict[str, Any]:
    """What every field holds, by the attribute that holds it: taken before a record is touched."""
    return {f.stored: getattr(record, f.stored) for f in fields.of(rtype).values()}


def changes(
    rtype: RecordType, record: Any, before: Mapping[str, Any]
) -> dict[Field, tuple[Any, Any]]:
    """The fields that no longer hold what a snapshot says, each with both values."""
    found = {}
    for field in fields.of(rtype).values():
        now = getattr(record, field.stored)
        if now != before[field.stored]:
            found[field] = (before[field.stored], now)
    return found


def require_current(record: Any, version: int | None) -> None:
    """Raises Stale where a version is asked for and is not the current one."""
    if version is not None and version != record.version:
        raise Stale(record.version)


def news(record: Any, given: Mapping[Field, Any]) -> dict[Field, Any]:
    """Without what the record holds already: a form sends every field, and what is the same is nobody's choice."""
    return {f: value for f, value in given.items() if value != getattr(record, f.stored)}


def merged(record: Any, given: Mapping[Field, Any], seen: int) -> dict[Field, Any]:
    """What a form drawn from version `seen` means to change now.

    A form sends all its fields: those still as they were drawn are nobody's wish and go. Raises Stale for the others
    that somebody else has changed since.
    """
    drawn = _as_drawn(record, seen) if seen != record.version else {}
    wanted = {
        f: value
        for f, value in given.items()
        if f.name not in drawn or not _is_same(plain(value), drawn[f.name])
    }
    both = {
        f.name: (getattr(record, f.stored), value)
        for f, value in wanted.items()
        if f.name in drawn and value != getattr(record, f.stored)
    }
    if both:
        raise Stale(record.version, both, {f.name: f for f in given}, [f.name for f in wanted])
    return wanted


def _as_drawn(record: Any, seen: int) -> dict[str, Any]:
    """What the fields changed since a version held in it, as events keep it."""
    since = Event.objects.filter(record_id=record.id, version__gt=seen).order_by("id")
    drawn: dict[str, Any] = {}
    for event, changes in since.values_list("id", "changes"):
        for name, change in changes.items():
            if name in drawn:
                continue
            if isinstance(change, list):
                drawn[name] = change[0]
            elif isinstance(change, dict) and "digest" in change:
                drawn[name] = EventText.objects.get(event_id=event, field=name).old
    return drawn


def _is_same(value: Any, other: Any) -> bool:
    return value == other or {value, other} <= {None, ""}
