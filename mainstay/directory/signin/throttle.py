"""Counts tries in windows of time, shared by all processes."""

from __future__ import annotations

from django.db import connection

from mainstay.directory.models import digest_of
from mainstay.records import clock
from mainstay.records.turnstile import writing

WINDOW_S = 300


def tries(*keys: str) -> int:
    """Counts one more try under each key; the highest count of this window. One statement a key."""
    window = int(clock.now().timestamp()) // WINDOW_S
    highest = 0
    with writing(), connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute(
                'insert into directory_throttle (key, "window", count) values (%s, %s, 1)'
                ' on conflict (key) do update set count = case when directory_throttle."window" = excluded."window"'
                ' then directory_throttle.count + 1 else 1 end, "window" = excluded."window" returning count',
                [digest_of(key), window],
            )
            highest = max(highest, cursor.fetchone()[0])
    return highest


def seconds_left() -> int:
    return WINDOW_S - int(clock.now().timestamp()) % WINDOW_S


def forget(key: str) -> None:
    with writing(), connection.cursor() as cursor:
        cursor.execute("delete from directory_throttle where key = %s", [digest_of(key)])
