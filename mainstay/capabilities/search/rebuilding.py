"""Makes the whole index anew while the desk is used: in small transactions, each with the mark how far it is.

A record's words are replaced in one transaction, so what is found meanwhile is found by whole documents. A site that
came to search with records of its own is told so until the first pass is through; the worker makes that one by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from mainstay.capabilities.search import index
from mainstay.capabilities.search.models import Rebuild
from mainstay.records.errors import Illegal
from mainstay.records.turnstile import writing

BATCH = 200
ONLY = 1  # the key of the one row

Tell = Callable[[int, int], None]


def is_complete() -> bool:
    """Whether every record that was here before search was has been indexed."""
    return Rebuild.objects.filter(pk=ONLY, is_complete=True).exists()


def progress() -> tuple[int, int]:
    """How many records a pass that is under way has behind it, of how many."""
    row = Rebuild.objects.filter(pk=ONLY).first()
    position = row.position if row else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(case when id <= %s then 1 end), count(*) from records_record", [position]
        )
        done, total = cursor.fetchone()
    return int(done), int(total)


def run(tell: Tell, *, from_start: bool = False) -> int:
    """Goes on where a pass was interrupted, or begins one. Returns how many records this run indexed.

    Raises Illegal if another run moves the mark.
    """
    with writing():
        row, _ = Rebuild.objects.get_or_create(pk=ONLY)
        if from_start:
            Rebuild.objects.filter(pk=ONLY).update(position=0)
    position = 0 if from_start else row.position
    done, total = progress()
    indexed = 0
    tell(done, total)
    while keys := _piece(position):
        position = keys[-1]
        indexed += len(keys)
        tell(min(done + indexed, total), total)
    _end()
    return indexed


def go_on() -> int:
    """A piece of the first pass, for a worker with nothing else to do; 0 when it is through or another makes it."""
    row = Rebuild.objects.filter(pk=ONLY, is_complete=False).first()
    if row is None:
        return 0
    try:
        keys = _piece(row.position)
    except Illegal:
        return 0
    if not keys:
        _end()
    return len(keys)


def _piece(position: int) -> list[int]:
    keys = _following(position)
    if keys:
        with writing():
            _advance(position, keys[-1])
            index.put(keys)
    return keys


def _end() -> None:
    with writing():
        Rebuild.objects.filter(pk=ONLY).update(is_complete=True, position=0)


def _following(position: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id from records_record where id > %s order by id limit {BATCH}", [position]
        )
        return [key for (key,) in cursor.fetchall()]


def _advance(start: int, end: int) -> None:
    if not Rebuild.objects.filter(pk=ONLY, position=start).update(position=end):
        raise Illegal("The index is being made by another process.")
