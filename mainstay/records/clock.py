"""The one clock of the engine, so that a test can hold it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The time, in UTC; while it is held, always the same one."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def held(moment: datetime) -> Iterator[None]:
    """Holds the clock at a moment: for tests, and for the demo organisation's past."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)
