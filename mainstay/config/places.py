"""How many connections a server holds, and whether PostgreSQL lets it have them: threads that get none answer 503."""

from __future__ import annotations

from django.db import connection

from mainstay.config.wsgi import THREADS
from mainstay.records.worker import LOOPS

THERE = """
select least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
    coalesce((select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user), 1000000),
    coalesce((select nullif(datconnlimit, -1) from pg_database where datname = current_database()), 1000000)
)
"""


def needed(web_processes: int) -> int:
    """One for each thread that answers and each loop of the worker, one for the live process; each keeps its own."""
    return web_processes * THREADS + LOOPS + 1


def too_few(web_processes: int) -> list[str]:
    """Lines for whoever starts the server; none where there are enough."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(THERE)
        [there] = cursor.fetchone()
    wanted = needed(web_processes)
    if there >= wanted:
        return []
    return [
        f"The database lets {there} connections in and this server holds {wanted}: some requests will be answered",
        "with 503, and the worker may wait. Raise max_connections, or start fewer web processes with --workers.",
    ]
