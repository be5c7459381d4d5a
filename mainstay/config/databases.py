"""The two databases Mainstay runs on: an embedded SQLite file, and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from mainstay.records import folding

# Checkpoints are paid by whoever commits: every 16 MB instead of 4, a create costs a tenth less (0.90 → 0.79 ms).
CHECKPOINT_PAGES = 4_000
# For a lock somebody else holds; then the request is answered with 503 and its thread is free again. SQLite has one
# lock for all writers, so there it is the whole queue that is waited for.
QUEUE_S, LOCK_S = 20, 5
# What a connection to PostgreSQL asks for. Many people ask small things at once: to compile a statement, or to start
# processes that share one, takes longer than it (5,000 hits counted: 107 ms with both, 45 without).
SESSION = {
    "lock_timeout": f"{LOCK_S}s",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    # A count that stops early reads the same records each time, and so tells the same number.
    "synchronize_seqscans": "off",
}
FORM = "MAINSTAY_DATABASE_URL must read postgresql://user:password@host:port/name"


def embedded(data: Path) -> dict[str, Any]:
    """One file below the data directory, written ahead, one writer at a time."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(data / "mainstay.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": QUEUE_S,
            "init_command": (
                "pragma journal_mode=wal; pragma synchronous=normal; pragma cache_size=-32000;"
                " pragma temp_store=memory; pragma mmap_size=268435456; pragma foreign_keys=on;"
                f" pragma wal_autocheckpoint={CHECKPOINT_PAGES};"
            ),
        },
    }


def postgres(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?options`; the server prepares statements."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:  # a bracket left open, a port that is no number
        raise ImproperlyConfigured(f"{FORM} ({error})") from None
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured(FORM)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if "prepare_threshold" in options:
        # Behind an old pooler statements must not be prepared: ?prepare_threshold=none
        wanted = options["prepare_threshold"]
        options["prepare_threshold"] = int(wanted) if wanted.isdecimal() else None
    host = options.pop("host", "") or (parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5, **options},
    }


def prepare_connection(connection: Any, **_: object) -> None:
    """Gives SQLite the function that PostgreSQL has from a migration, and tells PostgreSQL what is asked of it."""
    if connection.vendor == "sqlite":
        folding.install(connection.connection)
        return
    told = ", ".join(["set_config(%s, %s, false)"] * len(SESSION))
    with connection.cursor() as cursor:
        cursor.execute(f"select {told}", [text for pair in SESSION.items() for text in pair])
