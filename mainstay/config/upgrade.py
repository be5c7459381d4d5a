"""Brings a site's database up to this version, and knows whether it is."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

# Any number will do, as long as it is always this one.
MIGRATION_LOCK = 0x6D61696E


def waiting_migrations() -> list[str]:
    """Names of the migrations this database has not seen yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def migrate(verbosity: int = 0) -> None:
    """Apply them; of several processes that start at once one does, and the others wait for it."""
    with one_at_a_time():
        call_command("migrate", interactive=False, verbosity=verbosity)


def is_ours_alone() -> bool:
    """Whether it is the file in this site's own folder, which no other machine can be using."""
    return connection.vendor == "sqlite"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                yield
            finally:
                cursor.execute("select pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        return
    with (settings.MAINSTAY_DATA / "migrate.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def let_go() -> None:
    """Close what this process holds of the database, before others are forked from it."""
    connections.close_all()
