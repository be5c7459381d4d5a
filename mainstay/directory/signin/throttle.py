"""Counts tries in windows of time, shared by all processes."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

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


def give_back(key: str) -> None:
    """Takes one try back: it was a right one, and a whole house signs in through one address every morning."""
    with writing(), connection.cursor() as cursor:
        cursor.execute(
            "update directory_throttle set count = count - 1 where key = %s and count > 0",
            [digest_of(key)],
        )


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as far as it is known: behind proxies, what the outermost of ours saw.

    What stands further left in the header was written by whoever asks. Of IPv6 a household or a machine has 2^64
    addresses, which count as one.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if proxies := settings.MAINSTAY_PROXIES:
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        address = seen[-proxies].strip() if len(seen) >= proxies else address
    try:
        known = ip_address(address)
    except ValueError:
        return address[:45]
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def sweep() -> int:
    """Forgets the counts of windows that are over: whoever tries names, makes a row for each."""
    window = int(clock.now().timestamp()) // WINDOW_S
    with writing(), connection.cursor() as cursor:
        cursor.execute('delete from directory_throttle where "window" < %s', [window])
        return int(cursor.rowcount)


def seconds_left() -> int:
    return WINDOW_S - int(clock.now().timestamp()) % WINDOW_S


def forget(key: str) -> None:
    with writing(), connection.cursor() as cursor:
        cursor.execute("delete from directory_throttle where key = %s", [digest_of(key)])
