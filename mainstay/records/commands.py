"""The only way in: create, change, move, note, link, unlink, remove, restore. The same steps, one transaction each.

fill → require → enter → derive → clean → number → save → settle. Refused means nothing was written.
`key` is a record's uuid or number in any spelling, `data` holds API values by field name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.pure.language import within
from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import By
from mainstay.records import access, clock, fields, prepared, steps, values
from mainstay.records.errors import Denied, Illegal, Incomplete, Invalid, Missing
from mainstay.records.fields import Field
from mainstay.records.journal import settle
from mainstay.records.models import Event, Link
from mainstay.records.numbering import next_number
from mainstay.records.settings_version import touch
from mainstay.records.turnstile import writing
from mainstay.records.types import Message, RecordType, shelf


def create(
    rtype: RecordType, data: Mapping[str, Any], by: By, message: Message | None = None
) -> Any:
    """A new record in its first state. Raises Denied or Invalid."""
    with writing():
        record = rtype.model(type=rtype.name)
        given = _given(rtype, data, by, None)
        steps.fill(record, given)
        _default(record, rtype, by)
        access.require(rtype, "create", by.actor, record)
        _only_portal_fields(rtype, record, given, by)
        steps.enter(record, rtype, rtype.lifecycle.first.name)
        step = steps.step_of("create", record, {}, given, by, message=message)
        record.created_at = record.updated_at = step.at
        steps.derive(rtype, step)
        steps.check(rtype, step)
        record.number = next_number(rtype)
        prepared.insert(record)
        start = {f: (None, getattr(record, f.stored)) for f in given if not f.is_private_text}
        settle(rtype, record, "create", start, by, message=message)
        touch(rtype)
        return record


def change(
    rtype: RecordType,
    key: str,
    data: Mapping[str, Any],
    by: By,
    *,
    version: int | None = None,
    seen: int | None = None,
    reason: str = "",
    message: Message | None = None,
) -> Any:
    """New values for some fields; what is the same already leaves no trace.

    `version` must be the current one (Stale else). `seen` is the version a form was drawn from: only a field
    somebody else changed since is a conflict, different fields merge.
    """
    with writing():
        record = locked(rtype, key, by)
        access.require(rtype, "change", by.actor, record)
        steps.require_current(record, version)
        given = _given(rtype, data, by, record)
        if seen is not None:
            given = steps.merged(record, steps.news(record, given), seen)
        return write_on(rtype, record, "change", given, by, reason=reason, message=message)


def move(
    rtype: RecordType,
    key: str,
    name: str,
    data: Mapping[str, Any],
    by: By,
    *,
    version: int | None = None,
    message: Message | None = None,
    reason: str = "",
) -> Any:
    """Another state by a verb of the lifecycle. Raises Illegal where the verb does not lead from here."""
    with writing():
        record = locked(rtype, key, by)
        try:
            verb = rtype.lifecycle.move(name)
        except KeyError:
            raise Illegal(
                _("There is no move '%(name)s' for this %(label)s.")
                % {"name": name, "label": within(rtype.label)}
            ) from None
        access.require(rtype, name, by.actor, record)
        steps.require_current(record, version)
        if record.state not in verb.sources:
            state = rtype.lifecycle.state(record.state).label
            raise Illegal(
                _("%(label)s is not possible while this is %(state)s.")
                % {"label": verb.label, "state": within(state)}
            )
        given = _given(rtype, data, by, record)
        strangers = {
            f.name: [_("This move does not take it.")]
            for f in given
            if f.name not in (*verb.needs, *verb.asks)
        }
        if strangers:
            raise Invalid(strangers, fields.of(rtype))
        return go(rtype, record, verb, given, by, message=message, reason=reason)


def go(
    rtype: RecordType,
    record: Any,
    verb: Move,
    given: Mapping[Field, Any],
    by: By,
    *,
    message: Message | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    undone: Mapping[str, Any] | None = None,
) -> Any:
    """The second half of `move`, for reactions that already hold the locked record."""
    empty = [
        f
        for f in fields.named(rtype, verb.needs)
        if given.get(f, getattr(record, f.stored)) in (None, "")
    ]
    if empty:
        raise Incomplete({f.name: [_("This is needed first.")] for f in empty}, fields.of(rtype))
    return write_on(
        rtype, record, verb.name, given, by,
        state=verb.target, message=message, reason=reason, facts=facts, undone=undone,
    )  # fmt: skip


def note(
    rtype: RecordType,
    key: str,
    verb: str,
    by: By,
    *,
    message: Message | None = None,
    facts: Mapping[str, Any] | None = None,
    data: Any = None,
) -> Event:
    """Records that something happened without changing a field: a reply, an upload, a person who joined."""
    with writing():
        record = locked(rtype, key, by)
        access.require(rtype, "note", by.actor, record)
        require_still_theirs(rtype, record, by)
        return note_on(rtype, record, verb, by, message=message, facts=facts, data=data)


def require_still_theirs(rtype: RecordType, record: Any, by: By) -> None:
    """A caller's part ends with the record's life; whoever works there may add to it still. Raises Illegal."""
    state = rtype.lifecycle.state(record.state)
    is_caller = access.is_caller(by.actor, record)
    if state.kind.is_final and is_caller and not access.works(rtype, by.actor, record):
        raise Illegal(_("This is %(state)s; start a new one.") % {"state": within(state.label)})


def note_on(
    rtype: RecordType,
    record: Any,
    verb: str,
    by: By,
    *,
    message: Message | None = None,
    facts: Mapping[str, Any] | None = None,
    data: Any = None,
    audience: str = "all",
) -> Event:
    """The second half of `note`, for commands with a right of their own that hold the locked record."""
    if message:
        if not message.text.strip():
            raise Invalid({"text": [_("Write something first.")]})
        audience = message.audience
    record.updated_at = clock.now()
    prepared.update(record, ["updated_at"])
    return settle(
        rtype, record, verb, {}, by, message=message, facts=facts, data=data, audience=audience
    )


def link(
    rtype: RecordType,
    key: str,
    kind: str,
    other: str,
    by: By,
    *,
    facts: Mapping[str, Any] | None = None,
) -> Event | None:
    """Relates two records; the other one must exist for the actor. Doing it again changes nothing and is no event."""
    with writing():
        if rtype.name in (rtype.links[kind].targets if kind in rtype.links else ()):
            _lock_in_order(rtype, (key, other), by)
        record, target = _both_ends(rtype, key, kind, other, by)
        _made, fresh = Link.objects.get_or_create(
            kind=kind, source_id=record.id, target_id=target, defaults={"created_at": clock.now()}
        )
        if not fresh:
            return None
        told = {"link": {"kind": kind, "record": target}} | dict(facts or {})
        return settle(rtype, record, "link", {}, by, facts=told)


def unlink(
    rtype: RecordType,
    key: str,
    kind: str,
    other: str,
    by: By,
    *,
    facts: Mapping[str, Any] | None = None,
) -> Event:
    """Takes a relation away, from its source's side."""
    with writing():
        record, target = _both_ends(rtype, key, kind, other, by)
        if not Link.objects.filter(kind=kind, source_id=record.id, target_id=target).delete()[0]:
            raise Missing(_("such link"))
        told = {"link": {"kind": kind, "record": target}} | dict(facts or {})
        return settle(rtype, record, "unlink", {}, by, facts=told)


def remove(rtype: RecordType, key: str, by: By, *, facts: Mapping[str, Any] | None = None) -> Event:
    """Hides a record everywhere; its number and its events stay. Raises Invalid while open records name it."""
    with writing():
        record = locked(rtype, key, by)
        access.require(rtype, "remove", by.actor, record)
        if naming := _open_records_naming(rtype, record):
            raise Invalid({rtype.name: [naming]})
        return _hide(rtype, record, "remove", by, is_removed=True, facts=facts)


def restore(rtype: RecordType, key: str, by: By, *, facts: Mapping[str, Any] | None = None) -> Any:
    """Takes a removal back, for whoever may remove. Raises Missing for everybody else, too."""
    with writing():
        record = locked(rtype, key, by, removed=None)
        if not access.may(rtype, "restore", by.actor, record):
            raise Missing(f"{within(rtype.label)} {key}", record.id)
        if not record.is_removed:
            raise Missing(_("removal of %(number)s to take back") % {"number": record.number})
        _hide(rtype, record, "restore", by, is_removed=False, facts=facts)
        return record


def _hide(
    rtype: RecordType,
    record: Any,
    verb: str,
    by: By,
    *,
    is_removed: bool,
    facts: Mapping[str, Any] | None,
) -> Event:
    record.is_removed = is_removed
    record.is_open = not is_removed and rtype.lifecycle.state(record.state).kind.is_open
    record.version += 1
    record.updated_at = clock.now()
    prepared.update(record, ["is_removed", "is_open", "version", "updated_at"])
    event = settle(rtype, record, verb, {}, by, facts=facts)
    touch(rtype)
    return event


def _open_records_naming(rtype: RecordType, record: Any) -> str:
    """A sentence where open records point at this one, empty where none does.

    It does not say how many: some may not exist for whoever asks.
    """
    for other in shelf:
        for field in fields.of(other).values():
            if field.target not in (rtype.name, fields.ANY):
                continue
            open_ones = {field.stored: record.id, "is_open": True, "is_removed": False}
            if other.model._default_manager.filter(type=other.name, **open_ones).exists():
                return _("Open records name this as their %(label)s: change those first.") % {
                    "label": within(field.label)
                }
    return ""


def locked(rtype: RecordType, key: str, by: By, *, removed: bool | None = False) -> Any:
    """The record, locked before any event id is drawn; Missing when the actor cannot see it."""
    column, stored = values.column_and_key(key)
    found = prepared.lock(rtype.model, column, stored, rtype.name, removed=removed)
    if found is None or not access.allows(rtype, rtype.access.see, by.actor, found):
        raise Missing(f"{within(rtype.label)} {key}", found and found.id)
    return found


def write_on(
    rtype: RecordType,
    record: Any,
    verb: str,
    given: Mapping[Field, Any],
    by: By,
    *,
    state: str = "",
    reason: str = "",
    message: Message | None = None,
    facts: Mapping[str, Any] | None = None,
    undone: Mapping[str, Any] | None = None,
    stood: Mapping[Field, Any] | None = None,
) -> Any:
    """What `change` and `move` end with, for reactions that already hold the locked record.

    Where a move is taken back, `stood` is what had followed from it as it was before: then nothing is derived anew.
    """
    before = steps.snapshot(rtype, record)
    steps.fill(record, given)
    _follow_the_caller(rtype, record, before, given, by)
    if not access.stays_inside(rtype, by.actor, record):
        raise Invalid({"organisation": [_("Choose an organisation of your own.")]})
    if state:
        steps.enter(record, rtype, state)
    step = steps.step_of(
        verb, record, before, given, by, reason=reason, message=message, undone=undone
    )
    if stood is None:
        steps.derive(rtype, step)
    else:
        steps.fill(record, stood)
    steps.check(rtype, step)
    changed = steps.changes(rtype, record, before)
    if not (changed or state or message):
        return record
    record.version += 1
    record.updated_at = step.at
    names = [f.attribute for f in changed]
    entered = ("state", "kind", "is_open") if state else ()
    prepared.update(record, sorted({*names, *entered, "version", "updated_at"}))
    told = {f: pair for f, pair in changed.items() if f.attribute not in ("kind", "is_open")}
    settle(rtype, record, verb, told, by, message=message, reason=reason, facts=facts)
    touch(rtype)
    return record


def _given(rtype: RecordType, data: Mapping[str, Any], by: By, record: Any) -> dict[Field, Any]:
    return values.read(fields.visible(rtype, by.actor), data, by.actor, record)


def _default(record: Any, rtype: RecordType, by: By) -> None:
    """Who asks is the caller unless somebody else was named; a record belongs where its caller does."""
    if "requester" not in rtype.omits and record.requester_id is None:
        record.requester_id = by.actor.id
    if "organisation" not in rtype.omits and record.organisation_id is None:
        record.organisation_id = _organisation_of(record.requester_id, by)
        if record.organisation_id is None and by.actor.confined_to is not None:
            record.organisation_id = by.actor.organisation_id


def _follow_the_caller(
    rtype: RecordType, record: Any, before: Mapping[str, Any], given: Iterable[Field], by: By
) -> None:
    """A record belongs where its caller does, so it goes along when it turns out to be another's."""
    if "requester_id" not in before or record.requester_id == before["requester_id"]:
        return
    if "organisation_id" in before and "organisation" not in {field.attribute for field in given}:
        record.organisation_id = _organisation_of(record.requester_id, by)


def _organisation_of(person: int | None, by: By) -> int | None:
    if person is None or person == by.actor.id:
        return by.actor.organisation_id
    user = shelf.type("user").model
    return user.objects.filter(pk=person).values_list("organisation_id", flat=True).first()


def _only_portal_fields(rtype: RecordType, record: Any, given: Iterable[Field], by: By) -> None:
    """Somebody who could not change the record may set, when creating it, what the portal offers, where it does."""
    if not rtype.portal_form or access.allows(rtype, rtype.access.change, by.actor, record):
        return
    beyond = [f.name for f in given if f.name not in rtype.portal_form]
    if beyond:
        raise Denied(lambda: _("You may not set %(beyond)s.") % {"beyond": ", ".join(beyond)})


def _lock_in_order(rtype: RecordType, keys: tuple[str, str], by: By) -> None:
    """Two of one type before they are linked, the older first: reactions judge both, and two links never cross."""
    ids = {key: values.lookup(rtype, key, by.actor) for key in keys}
    for key in sorted((k for k in keys if ids[k] is not None), key=lambda k: ids[k] or 0):
        locked(rtype, key, by)


def _both_ends(rtype: RecordType, key: str, kind: str, other: str, by: By) -> tuple[Any, int]:
    if kind not in rtype.links:
        raise Invalid(
            {
                "kind": [
                    _("There is no link '%(kind)s'; there are %(links)s.")
                    % {"kind": kind, "links": ", ".join(rtype.links)}
                ]
            }
        )
    record = locked(rtype, key, by)
    access.require(rtype, "change", by.actor, record)
    for target in rtype.links[kind].targets:
        found = values.lookup(shelf.type(target), other, by.actor)
        if found is not None and found != record.id:
            return record, found
    raise Invalid(
        {"record": [_("There is no record %(other)s this can be linked to.") % {"other": other}]}
    )
