"""Brings a site's database up to this version, and knows whether it is."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from mainstay.records.errors import Refused

# Any number will do, as long as it is always this one.
MIGRATION_LOCK = 0x6D61696E


class NotThisVersion(Refused):
    """The database is behind; the sentence says what brings it here."""

    def __init__(self, advice: str = "Run: mainstay migrate") -> None:
        super().__init__(f"The database is not at this version. {advice}")


class Unreachable(Refused):
    """The database does not let us in."""

    def __init__(self, reason: object) -> None:
        first = str(reason).strip().partition("\n")[0]
        named = (
            "MAINSTAY_DATABASE_URL"
            if settings.MAINSTAY_DATABASE_URL
            else connection.settings_dict["NAME"]
        )
        super().__init__(f"The database cannot be used ({named}): {first}")


class Unmigrated(Refused):
    """Tables that no migration makes: everything that would be asked of them would fail."""

    def __init__(self, rooms: list[str]) -> None:
        super().__init__(
            f"No migration makes the tables of {', '.join(rooms)} yet. Write it: {way_to_write(rooms)}"
        )


def require_this_version() -> None:
    """For commands that work in a site that is there. Raises NotThisVersion."""
    if waiting_migrations():
        raise NotThisVersion


def waiting_migrations() -> list[str]:
    """Names of the migrations this database has not seen yet; looking makes no database.

    Raises Unreachable; NotThisVersion for one that has seen what this version does not know; and Unmigrated.
    """
    if is_there():
        try:
            connection.ensure_connection()
        except (
            DatabaseError
        ) as error:  # the options may be wrong, or the file be no database at all
            raise Unreachable(error) from None
    executor = MigrationExecutor(connection if is_there() else None)
    if executor.loader.applied_migrations.keys() - executor.loader.graph.nodes.keys():
        raise NotThisVersion("A newer Mainstay has worked on it: install that one.")
    if lacking := without_any(executor.loader):
        raise Unmigrated(lacking)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def without_any(loader: MigrationLoader) -> list[str]:
    """Rooms that have tables and no migration, as a new practice is before its first one is written."""
    return sorted(name for name in loader.unmigrated_apps if apps.get_app_config(name).models)


def way_to_write(rooms: list[str]) -> str:
    return f'make migrations ARGS="{" ".join(rooms)}"'


def migrate(verbosity: int = 0) -> None:
    """Apply them; of several processes that start at once one does, and the others wait for it."""
    with one_at_a_time():
        call_command("migrate", interactive=False, verbosity=verbosity)


def is_there() -> bool:
    """Whether there is a database to look into: opening an SQLite file would make it."""
    return not is_ours_alone() or Path(connection.settings_dict["NAME"]).exists()


def is_ours_alone() -> bool:
    """Whether it is the file in this site's own folder, which no other machine can be using."""
    return connection.vendor == "sqlite"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            # Others' migrations, and locks on large tables, may take their time.
            cursor.execute("select set_config('lock_timeout', '0', false)")
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
