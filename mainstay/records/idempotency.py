"""Answers kept in the transaction of their effect, so that a request sent twice is done once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from mainstay.records import clock, values
from mainstay.records.errors import Refused
from mainstay.records.models import Answer
from mainstay.records.turnstile import writing

KEPT = timedelta(hours=48)
LONGEST_KEY = 255


class KeyReused(Refused):
    """The same key came with another body: one of the two would be lost."""

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request; use a new one."))


@dataclass(frozen=True)
class Kept:
    """An answer as it was sent."""

    status: int
    headers: dict[str, str]
    body: bytes


def digest(*parts: str | bytes) -> str:
    """One digest over parts that cannot run into each other."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.hexdigest()


def one_name(key: str) -> str:
    """The number of a record, whatever an address calls it; seen, unseen and removed alike, for a digest alone."""
    column, stored = values.column_and_key(key)
    if column == "number":
        return str(stored)
    with connection.cursor() as cursor:
        cursor.execute("select number from records_record where uuid = %s", [stored])
        row = cursor.fetchone()
    return row[0] if row else key


def earlier(scope: str, body: str) -> Kept | None:
    """The answer already given under this scope (actor, method, path, key). Raises KeyReused."""
    found = Answer.objects.filter(pk=scope).first()
    if found is None:
        return None
    if found.body_digest != body:
        raise KeyReused
    return Kept(found.status, found.headers, bytes(found.body))


def claim(scope: str, body: str) -> Kept | None:
    """First statement of the effect's transaction: a twin at the same time waits here, then gets the answer."""
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into records_answer (digest, body_digest, status, headers, body, created_at)"
            " values (%s, %s, 0, '{}', %s, %s) on conflict (digest) do nothing",
            [scope, body, b"", now],
        )
        return None if cursor.rowcount == 1 else earlier(scope, body)


def keep(scope: str, answer: Kept) -> None:
    """Last statement of the effect's transaction."""
    headers = orjson.dumps(answer.headers).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "update records_answer set status = %s, headers = %s, body = %s where digest = %s",
            [answer.status, headers, answer.body, scope],
        )


def sweep() -> int:
    """Forgets answers older than two days."""
    with writing():
        return Answer.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]
