"""What is no fault of whoever asks: a database that is away or busy, a disk that is full or cannot be written to."""

from __future__ import annotations

import errno
import logging
import secrets

from django.db import DatabaseError, InterfaceError, OperationalError

from mainstay.records.errors import NoRoom, TookTooLong

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
UNWRITABLE = {errno.EIO, errno.EROFS}
# How SQLite and PostgreSQL say that the disk below them is full.
FULL_DATABASE = ("database or disk is full", "No space left on device")
# How they say that a statement was stopped, which took too long.
STOPPED = ("interrupted", "statement timeout")

# How SQLite says that what it reads is not what it wrote.
DAMAGED = ("malformed", "file is not a database")


def is_full(error: BaseException) -> bool:
    """Whether the disk below us has no room for what somebody sent."""
    return isinstance(error, OSError) and error.errno in FULL


def is_passing(error: BaseException) -> bool:
    """Whether the same request may succeed later, when the database or its disk is well again."""
    if isinstance(error, OSError):
        return error.errno in UNWRITABLE
    if not isinstance(error, OperationalError | InterfaceError):
        return is_damaged(error)
    return "no such table" not in str(error)


def is_damaged(error: BaseException) -> bool:
    """SQLite met a page that is none: nothing is written over it, and an operator must act."""
    return isinstance(error, DatabaseError) and any(said in str(error) for said in DAMAGED)


def is_database_full(error: BaseException) -> bool:
    """Whether the database has no room for what was to be written."""
    return isinstance(error, DatabaseError) and any(said in str(error) for said in FULL_DATABASE)


def was_stopped(error: BaseException) -> bool:
    """Whether a statement took longer than a request may wait."""
    return isinstance(error, OperationalError) and any(said in str(error) for said in STOPPED)


def in_words(error: BaseException) -> str:
    """What whoever asked can do about what is passing; empty for: try again."""
    if is_database_full(error):
        return str(NoRoom())
    return str(TookTooLong()) if was_stopped(error) else ""


def logged(log: logging.Logger, error: BaseException | None) -> str:
    """Logs what is ours to mend; returns the number it stands under, for somebody who asks about it."""
    number = new_id()
    log.error("request %s failed", number, exc_info=error)
    return number


def new_id() -> str:
    """By which one request is told from all others: sixteen hexadecimal digits of chance."""
    return secrets.token_hex(8)
