"""Turns what an actor typed or sent into what a column holds, or into a complaint that says what to do."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils.translation import gettext as _

from mainstay.pure.kinds import FieldKind
from mainstay.pure.language import within
from mainstay.pure.numbers import normal
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.errors import Invalid
from mainstay.records.fields import ANY, Field
from mainstay.records.types import RecordType, shelf

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
EARLIEST, LATEST = 1900, 2200


def read(
    fields: Mapping[str, Field], data: Mapping[str, Any], actor: Actor, record: Any = None
) -> dict[Field, Any]:
    """Values by field, references as record ids. Raises Invalid with every complaint at once.

    What the record names already it may go on naming, though nobody could choose it any more.
    """
    complaints: dict[str, list[str]] = {}
    values: dict[Field, Any] = {}
    references: dict[Field, str] = {}
    for name, given in data.items():
        field = fields.get(name)
        if field is None or not field.writable:
            complaints[name] = [
                _("There is no such field.")
                if field is None
                else _("This field is not set by hand.")
            ]
            continue
        try:
            value = one(field, given)
        except ValueError as complaint:
            complaints[name] = [str(complaint)]
            continue
        if field.is_reference and value is not None:
            references[field] = value
        values[field] = value
    found, over = resolve(references, actor, record) if references else ({}, set())
    for field, key in references.items():
        if field in found:
            values[field] = found[field]
        else:
            over_now = _("%(key)s cannot be chosen any more.") % {"key": key}
            complaints[field.name] = [over_now if field in over else none_called(field, key)]
    if complaints:
        raise Invalid(complaints, fields)
    return values


def none_called(field: Field, key: str) -> str:
    """Of a reference to nothing that the asking actor sees."""
    return _("There is no %(target)s %(key)s.") % {"target": _target(field), "key": key}


def one(field: Field, given: Any) -> Any:
    """One value; empty text is unset for everything but text. Raises ValueError with a sentence."""
    if given is None or given == "":
        return _unset(field)
    value = READERS[field.kind](field, given)
    if field.choices and value not in (choice for choice, _label in field.choices):
        names = ", ".join(str(choice) for choice, _label in field.choices)
        raise ValueError(_("This must be one of %(names)s.") % {"names": names})
    return value


def resolve(
    references: Mapping[Field, str], actor: Actor, record: Any = None
) -> tuple[dict[Field, int], set[Field]]:
    """All records an input names, in one query, and the fields that name one which is over.

    What the actor cannot see is in neither.
    """
    targets = {field.target for field in references}
    if ANY in targets:
        targets = {rtype.name for rtype in shelf}
    ways, params = [], []
    for target in sorted(targets):
        rtype = shelf.type(target)
        allowed = access.one_condition(rtype, rtype.access.see, actor)
        ways.append(f"(r.type = %s and {allowed.sql})")
        params += [target, *allowed.params]
    keys = [column_and_key(key) for key in references.values()]
    tests = " or ".join(f"r.{column} = %s" for column, _stored in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.id, r.type, r.number, r.uuid,"
            f" ({' or '.join(ways)}) and not r.is_removed, r.is_open from records_record r where {tests}",
            [*params, *(stored for _column, stored in keys)],
        )
        rows = cursor.fetchall()
    found, over = dict[Field, int](), set[Field]()
    for field, (column, stored) in zip(references, keys, strict=True):
        for row_id, type_name, number, row_uuid, is_seen, is_open in rows:
            is_meant = stored == (number if column == "number" else row_uuid)
            is_held = record is not None and getattr(record, field.stored) == row_id
            if field.target not in (type_name, ANY) or not is_meant:
                continue
            if is_held or (is_seen and is_open):
                found[field] = row_id
            elif is_seen:
                over.add(field)
    return found, over


def lookup(rtype: RecordType, key: str, actor: Actor) -> int | None:
    """The id of a record the actor can see, by uuid or number, open or not."""
    column, stored = column_and_key(key)
    allowed = access.one_condition(rtype, rtype.access.see, actor)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select r.id from records_record r where r.{column} = %s and r.type = %s"
            f" and not r.is_removed and {allowed.sql}",
            [stored, rtype.name, *allowed.params],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def column_and_key(key: str) -> tuple[str, Any]:
    """How a record is looked up: by uuid where the text is one, by number in its one spelling otherwise."""
    try:
        found = uuid.UUID(key) if len(key) in (32, 36) else None
    except ValueError:
        found = None
    if found is None:
        return "number", "" if UNSTORABLE.search(key) else normal(key)[:40]
    return "uuid", found if connection.vendor == "postgresql" else found.hex


def _target(field: Field) -> str:
    return within(shelf.type(field.target).label) if field.target in shelf else field.target


def may_be_unset(field: Field) -> bool:
    """Whether null or an empty text is an answer."""
    try:
        _unset(field)
    except ValueError:
        return False
    return True


def _unset(field: Field) -> Any:
    if field.source.null or field.is_reference:
        return None
    if field.kind in (FieldKind.TEXT, FieldKind.LONG) or (
        field.kind is FieldKind.CHOICE and field.source.blank
    ):
        return ""
    if field.kind is FieldKind.BOOL:
        return False
    raise ValueError(_("This cannot be empty."))


def _text(field: Field, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError(_("This must be text."))
    if UNSTORABLE.search(given):
        raise ValueError(_("This text holds characters that cannot be stored."))
    text = given.strip() if field.kind is FieldKind.TEXT else given.replace("\r\n", "\n")
    if len(text) > field.max_length:
        raise ValueError(
            _("This is %(n)s characters long; %(most)s fit.")
            % {"n": f"{len(text):,}", "most": f"{field.max_length:,}"}
        )
    return text if text.strip() else ""


def _number(field: Field, given: Any) -> int:
    if isinstance(given, str) and re.fullmatch(r"-?\d{1,15}", given.strip(), re.ASCII):
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool):
        raise ValueError(_("This must be a whole number."))
    # What PostgreSQL holds, on both: SQLite's columns hold more, and a time counted from it overflows.
    low, high = BaseDatabaseOperations.integer_field_ranges[field.source.get_internal_type()]
    if not low <= given <= high:
        raise ValueError(_("This number is out of range."))
    return given


def _bool(_field: Field, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    if given in ("true", "on", "false"):
        return bool(given != "false")
    raise ValueError(_("This must be true or false."))


def _time(_field: Field, given: Any) -> datetime:
    moment = given
    if isinstance(given, str):
        try:
            moment = datetime.fromisoformat(given.strip())
        except ValueError:
            raise ValueError(_("This must be a time such as 2026-11-24T09:30:00Z.")) from None
    if not isinstance(moment, datetime) or not EARLIEST <= moment.year <= LATEST:
        raise ValueError(_("This must be a time such as 2026-11-24T09:30:00Z."))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _date(_field: Field, given: Any) -> date:
    if isinstance(given, str):
        try:
            given = date.fromisoformat(given.strip())
        except ValueError:
            raise ValueError(_("This must be a date such as 2026-11-24.")) from None
    if not isinstance(given, date) or not EARLIEST <= given.year <= LATEST:
        raise ValueError(_("This must be a date such as 2026-11-24."))
    return given


def _reference(_field: Field, given: Any) -> str:
    if isinstance(given, dict):
        given = given.get("number") or given.get("id")
    if not isinstance(given, str) or UNSTORABLE.search(given) or len(given) > 60:
        raise ValueError(_("This must be the number of a record, such as TEAM-3."))
    return given


def _data(_field: Field, given: Any) -> Any:
    raise ValueError(_("This field is not set by hand."))


READERS = {
    FieldKind.TEXT: _text,
    FieldKind.LONG: _text,
    FieldKind.CHOICE: _text,
    FieldKind.NUMBER: _number,
    FieldKind.BOOL: _bool,
    FieldKind.TIME: _time,
    FieldKind.DATE: _date,
    FieldKind.REF: _reference,
    FieldKind.DATA: _data,
}
