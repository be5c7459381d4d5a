"""The one clock of the engine, so that a test can hold it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
