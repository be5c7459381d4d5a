"""What happened to a record, as far as the actor may know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.records import access, fields, rows
from mainstay.records.errors import Missing
from mainstay.records.journal import PAST, UNDOES
from mainstay.records.models import Event
from mainstay.records.rows import Row
from mainstay.records.stretch import ALL, Stretch
from mainstay.records.types import RecordType, shelf

# Words about a record that are for those who work on it.
INTERNAL = (PAST, "reason")
# What a field that names a person leads to.
PERSON = "user"
# What may have been taken out of it again, because it was never meant for its caller.
WORDS = (FieldKind.TEXT, FieldKind.LONG)


def events(
    rtype: RecordType,
    actor: Actor,
    row: Row,
    stretch: Stretch = ALL,
    *,
    python: bool = False,
) -> list[dict[str, Any]]:
    """Events of one record in order, with who, what, when and by which door.

    `changes` is `{field: {"from", "to"}}` with references as `{"number", "title"}`; what the actor may not read is
    left out, and an event of which nothing would be left is not shown; where a person is named whom the actor may not
    know, nobody else is told as `actor`. Callers read of words only those that `row` has now: what those who work on it
    took out is gone for them. Two statements, three where texts are kept.
    """
    return _readable(rtype, actor, row, _kept(rtype, actor, row, stretch, python=python))


def page(
    rtype: RecordType, actor: Actor, row: Row, stretch: Stretch, *, python: bool = False
) -> tuple[list[dict[str, Any]], int | None]:
    """Events of a stretch, and the one to go on from: after it, or before it where the newest are taken.

    A page may be short where some are not for this actor.
    """
    size = stretch.size
    kept = _kept(rtype, actor, row, replace(stretch, size=size + 1), python=python)
    more = len(kept) > size
    kept = kept[-size:] if stretch.newest else kept[:size]
    going_on = kept[0 if stretch.newest else -1]["id"] if more else None
    return _readable(rtype, actor, row, kept), going_on


def one(
    rtype: RecordType, actor: Actor, row: Row, event: int, *, python: bool = False
) -> dict[str, Any]:
    """One event of a record, as `events` tells it. Raises Missing where it does not exist for the actor."""
    only = Stretch(after=event - 1, before=event + 1, size=1)
    found = events(rtype, actor, row, only, python=python)
    if not found:
        raise Missing(_("such event"))
    return found[0]


def authors(record_id: int) -> list[tuple[int, str, int | None]]:
    """Everybody who did something to a record: id, name and organisation. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.id, p.title, p.organisation_id from records_record p where p.id in"
            " (select e.actor_id from records_event e where e.record_id = %s) order by p.id",
            [record_id],
        )
        found: list[tuple[int, str, int | None]] = cursor.fetchall()
        return found


def mover(record_id: int) -> int | None:
    """Who moved a record to where it stands, by id; None where nobody did. One statement."""
    moves = Event.objects.filter(record_id=record_id, changes__has_key="state").order_by("-id")
    return moves.values_list("actor_id", flat=True).first()


def has_followed(record_id: int, cause: int) -> bool:
    """Whether something happened to a record because of that event: how a listener that runs twice acts once."""
    return Event.objects.filter(record_id=record_id, cause_id=cause).exists()


def has_happened_since(record_id: int, name: str, event: int) -> bool:
    """Whether an event of that name happened to a record after another event, which may be another record's."""
    return Event.objects.filter(record_id=record_id, name=name, pk__gt=event).exists()


def newest(record_id: int, name: str) -> Event | None:
    """The last event of that name that happened to a record. One statement."""
    return Event.objects.filter(record_id=record_id, name=name).order_by("-id").first()


def last(record_id: int, name: str) -> datetime | None:
    """When that was. One statement."""
    found = newest(record_id, name)
    return found.at if found else None


def _kept(
    rtype: RecordType, actor: Actor, row: Row, stretch: Stretch, *, python: bool
) -> list[dict[str, Any]]:
    found = stretch.rows(
        "select e.id, e.name, e.audience, e.door, e.version, e.at, e.changes, e.is_imported, e.cause_id,"
        " p.uuid, p.number, p.title from records_event e left join records_record p on p.id = e.actor_id",
        "e.id",
        rtype,
        actor,
        row,
    )
    read_time = rows.time_codec(python=python)
    told = []
    for values in found:
        changes = values[6] if isinstance(values[6], dict) else orjson.loads(values[6])
        person = None
        if values[10] is not None:
            person = {
                "id": rows.uuid_text(connection.vendor)(values[9]),
                "number": values[10],
                "title": values[11],
            }
        told.append(
            {
                "id": values[0],
                "name": values[1],
                "audience": values[2],
                "door": values[3],
                "version": values[4],
                "at": read_time(values[5]),
                "is_imported": bool(values[7]),
                "cause": values[8],
                "actor": person,
                "changes": changes,
            }
        )
    _fill_texts(told)
    return told


def _fill_texts(told: list[dict[str, Any]]) -> None:
    """Puts the kept texts back where the event holds only their digest."""
    wanted = [
        e["id"]
        for e in told
        if any(isinstance(c, dict) and "digest" in c for c in e["changes"].values())
    ]
    texts: dict[tuple[int, str], tuple[str, str]] = {}
    if wanted:
        marks = ", ".join(["%s"] * len(wanted))
        with connection.cursor() as cursor:
            cursor.execute(
                f"select event_id, field, old, new, is_redacted from records_eventtext where event_id in ({marks})",
                wanted,
            )
            texts = {
                (e, f): ("", "") if gone else (old, new)
                for e, f, old, new, gone in cursor.fetchall()
            }
    for event in told:
        for name, change in event["changes"].items():
            if isinstance(change, dict) and "digest" in change:
                event["changes"][name] = list(texts.get((event["id"], name), ("", "")))


def _readable(
    rtype: RecordType, actor: Actor, row: Row, told: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    reader = _Reader.of(rtype, actor, row.facts)
    names = _names({id for event in told for id in _ids(reader, event)})
    kept = []
    for event in told:
        event["actor"] = reader.told_of(event["actor"])
        had_some = bool(event["changes"])
        event["changes"] = _changes(reader, event, names, row)
        hidden = had_some and not event["changes"].keys() - {UNDOES}
        if not (hidden and event["name"].endswith((".change", ".link", ".unlink"))):
            kept.append(event)
    return kept


def tell(actor: Actor, told: list[tuple[RecordType, rows.Facts, dict[str, Any]]]) -> None:
    """What events of various records, each of which the actor sees, changed; as `events` tells it. Two statements."""
    _fill_texts([event for _, _, event in told])
    read = [(_Reader.of(rtype, actor, facts), event) for rtype, facts, event in told]
    names = _names({id for reader, event in read for id in _ids(reader, event)})
    for reader, event in read:
        is_theirs = event["audience"] == "all" or reader.is_insider
        event["changes"] = _changes(reader, event, names, {}) if is_theirs else {}


@dataclass(frozen=True)
class _Reader:
    """An actor before one record: what they may read there is asked once, however many events it has."""

    actor: Actor
    everything: Mapping[str, fields.Field]
    there: Mapping[str, fields.Field]
    is_insider: bool
    inner: Mapping[str, tuple[str, ...]]
    hides_people: bool

    @classmethod
    def of(cls, rtype: RecordType, actor: Actor, facts: rows.Facts) -> _Reader:
        everything, there = fields.of(rtype), fields.readable(rtype, actor, facts)
        return cls(
            actor,
            everything,
            there,
            access.is_insider(rtype, actor, facts),
            rtype.internal,
            any(everything[name].target == PERSON for name in rtype.private if name not in there),
        )

    def told_of(self, person: dict[str, Any] | None) -> dict[str, Any] | None:
        """Who did something; where a field keeps a person from the actor, its history names nobody but themselves."""
        is_told = not self.hides_people or (person and person["number"] == self.actor.number)
        return person if is_told else None

    def is_reference(self, name: str) -> bool:
        known = self.everything.get(name)
        return known is not None and known.is_reference


def _ids(reader: _Reader, event: dict[str, Any]) -> set[int]:
    """Of the records an event names: references before and after, and the other end of a fact."""
    found = set()
    for name, change in event["changes"].items():
        if _names_a_record(change):
            found.add(change["record"])
        elif reader.is_reference(name):
            found.update(value for value in change if isinstance(value, int))
    return found


def _changes(
    reader: _Reader,
    event: dict[str, Any],
    names: dict[int, dict[str, Any]],
    row: Mapping[str, Any],
) -> dict[str, Any]:
    """What the actor may know of an event's changes; what `row` names now its page shows as well."""
    actor, everything, there = reader.actor, reader.everything, reader.there
    internal = reader.is_insider
    changes: dict[str, Any] = {}
    for name, change in event["changes"].items():
        if _names_a_record(change):
            if (target := _named(actor, names, change)) is not None:
                changes[name] = target
        elif (
            isinstance(change, list)
            and len(change) == 2
            and (name in there if name in everything else internal or name not in INTERNAL)
        ):
            if reader.is_reference(name):
                now = (row.get(name) or {}).get("number")
                change = [_reference(actor, names, value, now) for value in change]
            elif not internal and name in reader.inner:
                change = [None if value in reader.inner[name] else value for value in change]
                if change == [None, None]:
                    continue
            elif not internal and name in everything and everything[name].kind in WORDS:
                change = [None, change[1] if change[1] == row.get(name) else None]
            old, new = change
            changes[name] = {"from": _shown(old), "to": _shown(new)}
        elif not isinstance(change, list) and (internal or name not in INTERNAL):
            changes[name] = change
    return changes


_GONE = {"number": "", "title": "", "row": None}


def _reference(actor: Actor, names: dict[int, dict[str, Any]], value: Any, now: Any) -> Any:
    """What a field named, without its name where it does not exist for this actor."""
    if value is None:
        return None
    named = names.get(value)
    if named is None or (named["number"] != now and not _exists(actor, named)):
        return _GONE
    return named


def _exists(actor: Actor, named: dict[str, Any]) -> bool:
    rtype, facts, _is_removed = named["row"]
    return actor.reaches("read", rtype.plural) and access.allows(
        rtype, rtype.access.see, actor, facts
    )


def _shown(value: Any) -> Any:
    return (
        {"number": value["number"], "title": value["title"]} if isinstance(value, dict) else value
    )


def _names_a_record(change: Any) -> bool:
    """A fact such as `{"kind": "relates", "record": 7}`: the other end of a link, the person who joined."""
    return isinstance(change, dict) and "record" in change


def _named(
    actor: Actor, names: dict[int, dict[str, Any]], change: dict[str, Any]
) -> dict[str, Any] | None:
    """The record a fact names, unless it does not exist for this actor."""
    other = names.get(change["record"])
    if other is None:
        return None
    if other["row"][2] or not _exists(actor, other):
        return None
    return change | {"record": _shown(other)}


def _names(ids: set[int]) -> dict[int, dict[str, Any]]:
    if not ids:
        return {}
    from_ids = sorted(ids)
    marks = ", ".join(["%s"] * len(from_ids))
    columns = ", ".join(f"r.{name}" for name in rows.FACTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns}, r.type, r.number, r.title, r.is_removed from records_record r where r.id in ({marks})",
            from_ids,
        )
        return {
            v[0]: {
                "number": number,
                "title": title,
                "row": (shelf.type(kind), rows.Facts(*v), gone),
            }
            for *v, kind, number, title, gone in cursor.fetchall()
        }
