"""Every row that changes in any table, written down by triggers of a test and compared with what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

Values = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One row as it was and as it is; `step` says which changes were made in one transaction."""

    step: int
    table: str
    old: Values | None
    new: Values | None

    @property
    def row(self) -> Values:
        return self.new or self.old or {}

    def columns(self) -> dict[str, tuple[Any, Any]]:
        """Of a row that was there before: what differs."""
        if self.old is None or self.new is None:
            return {}
        return {
            name: (old, self.new[name]) for name, old in self.old.items() if old != self.new[name]
        }


class Watch:
    """Counts the outermost transactions, which are savepoints within that of the test."""

    def __init__(self) -> None:
        self.step, self.depth, self.is_on = 0, 0, True

    def hear(self, statement: str) -> None:
        if statement.startswith("SAVEPOINT"):
            self.step += self.depth == 0
            self.depth += 1
        elif statement.startswith("RELEASE"):
            self.depth -= 1

    def now(self) -> int:
        return self.step if self.is_on else 0

    @contextmanager
    def closed(self) -> Iterator[None]:
        """While a test puts things where no command would."""
        self.is_on = False
        yield
        self.is_on = True

    def changes(self) -> list[Change]:
        with connection.cursor() as cursor:
            cursor.execute("select step, tbl, old, new from test_change order by id")
            return [
                Change(step, table, old and json.loads(old), new and json.loads(new))
                for step, table, old, new in cursor.fetchall()
            ]


def tables() -> list[str]:
    return sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})


@contextmanager
def watched() -> Iterator[Watch]:
    """On SQLite, inside a transaction: the triggers go with it."""
    watch = Watch()
    with connection.cursor() as cursor:
        cursor.execute("create table test_change (id integer primary key, step, tbl, old, new)")
        for table in tables():
            for kind in ("insert", "update", "delete"):
                cursor.execute(_trigger(table, kind))
    wire = connection.connection
    wire.create_function("test_step", 0, watch.now)
    wire.set_trace_callback(watch.hear)
    try:
        yield watch
    finally:
        wire.set_trace_callback(None)


def _trigger(table: str, kind: str) -> str:
    with connection.cursor() as cursor:
        names = [c.name for c in connection.introspection.get_table_description(cursor, table)]

    def row(which: str) -> str:
        pairs = [f"'{name}', {which}.\"{name}\"" for name in names]
        return f"json_object({', '.join(pairs)})"

    old = row("old") if kind != "insert" else "null"
    new = row("new") if kind != "delete" else "null"
    return (
        f"create trigger test_{table}_{kind} after {kind} on {table} when test_step() > 0 begin"
        f" insert into test_change (step, tbl, old, new) values (test_step(), '{table}', {old}, {new}); end"
    )
