"""Gives out numbers: a counter row on SQLite, a sequence per prefix on PostgreSQL (gaps allowed)."""

from typing import Any

from django.db import connection

from mainstay.records.types import RecordType, shelf


def next_number(rtype: RecordType) -> str:
    """The next number of a type, in one statement.

    A counter row on PostgreSQL would make every create wait for the one before it to commit.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("select nextval(%s)", [_sequence(rtype.prefix)])
        else:
            _count_up(cursor, rtype.prefix, 1)
        return f"{rtype.prefix}-{cursor.fetchone()[0]}"


def next_numbers(rtype: RecordType, count: int) -> list[str]:
    """Several at once, also in one statement."""
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            name = _sequence(rtype.prefix)
            cursor.execute("select nextval(%s) from generate_series(1, %s)", [name, count])
            return [f"{rtype.prefix}-{value}" for (value,) in cursor.fetchall()]
        _count_up(cursor, rtype.prefix, count)
        last = cursor.fetchone()[0]
        return [f"{rtype.prefix}-{value}" for value in range(last - count + 1, last + 1)]


def leave_room(prefix: str, above: int) -> None:
    """Makes the next number of a prefix greater than `above`: an import brought numbers of its own."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            name = _sequence(prefix)
            cursor.execute(
                f"select setval(%s, greatest((select last_value from {name}), %s))", [name, above]
            )
        else:
            cursor.execute(
                "insert into records_counter (prefix, value) values (%s, %s)"
                " on conflict (prefix) do update set value = max(records_counter.value, excluded.value)",
                [prefix, above],
            )


def prepare(**_: object) -> None:
    """After migrating: a sequence for every prefix on the shelf, and the shards the worker leases."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for rtype in shelf:
                cursor.execute(f"create sequence if not exists {_sequence(rtype.prefix)}")
        cursor.execute("select count(*) from records_shard")
        if not cursor.fetchone()[0]:
            cursor.executemany(
                "insert into records_shard (id, holder, until) values (%s, '', 0)",
                [(n,) for n in range(16)],
            )


def _count_up(cursor: Any, prefix: str, by: int) -> None:
    cursor.execute(
        "insert into records_counter (prefix, value) values (%s, %s) on conflict (prefix)"
        " do update set value = records_counter.value + excluded.value returning value",
        [prefix, by],
    )


def _sequence(prefix: str) -> str:
    return f"number_{prefix.lower()}"
