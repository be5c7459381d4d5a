"""Writes entries: at once with what they tell, or folded where somebody could fill the disk with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from django.db import connection

from mainstay.pure.rules import Actor, By
from mainstay.records import clock, prepared
from mainstay.records.audit.models import AuditEntry, Repeat
from mainstay.records.turnstile import writing

MINUTE_S = 60
# So many different things a minute of one person, or of one address that nobody signed in from, are told apart; and
# so many of all together. What comes beyond is counted in one row a kind.
MOST_OF_ONE = 30
MOST_OF_ALL = 300


def note(
    kind: str,
    by: By,
    *,
    record: int | None = None,
    address: str = "",
    facts: Mapping[str, Any] | None = None,
    times: int = 1,
) -> None:
    """One entry, in the transaction of what it tells. One statement."""
    salt = secrets.token_hex(8) if address else ""
    entry = AuditEntry(
        kind=kind,
        at=clock.now(),
        actor_id=by.actor.id,
        record_id=record,
        door=by.door,
        times=times,
        facts=dict(facts or {}),
        address=address[:64],
        salt=salt,
        address_digest=address_digest(salt, address[:64]) if address else "",
    )
    with writing():
        prepared.insert(entry)


def address_digest(salt: str, address: str) -> str:
    """Proves later that an address is the one that was noted, and tells nothing once its salt is gone."""
    return hashlib.sha256(f"{salt}\x00{address}".encode()).hexdigest()


def note_once_a_minute(
    kind: str,
    by: By,
    same: str,
    *,
    record: int | None = None,
    address: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """An entry for the first of its like in a minute; `settle_repeats` tells how many more there were.

    `same` says what is alike. Never inside a transaction that is about to be undone. Two statements, three at first,
    whether or not what was asked for exists: the time it takes tells nothing.
    """
    minute = _minute()
    who = f"person:{by.actor.id}" if by.actor.id else f"address:{address}"
    told = {"kind": kind, "actor": by.actor.id, "door": by.door, "address": address[:64]}
    about = {"record": record, "facts": dict(facts or {})}
    with writing(), connection.cursor() as cursor:
        key = _key(minute, kind, who, same)
        cursor.execute(
            "select count(*), coalesce(sum(case when who = %s then 1 else 0 end), 0),"
            " coalesce(max(case when key = %s then 1 else 0 end), 0) from audit_repeat where minute = %s",
            [who, key, minute],
        )
        of_all, of_one, is_known = cursor.fetchone()
        if not is_known and of_all >= MOST_OF_ALL:
            who, told = "everybody", told | {"actor": None, "address": ""}
        if not is_known and (of_all >= MOST_OF_ALL or of_one >= MOST_OF_ONE):
            about = {"record": None, "facts": {"many": True}}
            key = _key(minute, kind, who, "many")
        cursor.execute(
            "insert into audit_repeat (key, minute, who, count, entry) values (%s, %s, %s, 1, %s)"
            " on conflict (key) do update set count = audit_repeat.count + 1 returning count",
            [key, minute, who[:64], orjson.dumps(told | about).decode()],
        )
        if cursor.fetchone()[0] == 1:
            _write(told | about, 1)


def settle_repeats() -> int:
    """Tells what came again in minutes that are over. The minute before this one may still be some clock's present."""
    over = Repeat.objects.filter(minute__lt=_minute() - 1)
    if not over.exists():
        return 0
    with writing():
        skips = connection.features.has_select_for_update_skip_locked
        found = list(over.select_for_update(skip_locked=skips))
        for repeat in found:
            if repeat.count > 1:
                _write(repeat.entry, repeat.count - 1)
        Repeat.objects.filter(key__in=[repeat.key for repeat in found]).delete()
    return len(found)


def _write(told: Mapping[str, Any], times: int) -> None:
    """The row for something folded, from what its repeat keeps of it."""
    note(
        told["kind"],
        By(Actor(id=told["actor"]), told["door"]),
        record=told["record"],
        address=told["address"],
        facts=told["facts"],
        times=times,
    )


def _minute() -> int:
    return int(clock.now().timestamp()) // MINUTE_S


def _key(minute: int, *parts: str) -> str:
    return hashlib.sha256("\x00".join((str(minute), *parts)).encode()).hexdigest()
