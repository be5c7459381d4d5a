"""One write transaction at a time on SQLite, in the order of arrival; plain transactions on PostgreSQL.

SQLite's own busy handler sleeps and retries, so under load the unlucky wait for most of a second. A lock file lets
the kernel queue the writers instead (create, 8 clients: p99 786 ms without, 72 ms with).
"""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

_local = threading.local()


@contextmanager
def writing() -> Iterator[None]:
    """Opens the transaction a command writes in; inside another one it joins that."""
    if connection.in_atomic_block or connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    gate = _gate()
    fcntl.flock(gate, fcntl.LOCK_EX)
    try:
        with transaction.atomic():
            yield
    finally:
        fcntl.flock(gate, fcntl.LOCK_UN)


def _gate() -> int:
    """This thread's own open lock file: flock belongs to the open file, so threads must not share one."""
    name = f"{connection.settings_dict['NAME']}.turnstile"
    if getattr(_local, "name", None) != name:
        _local.file = (
            Path(name).open("ab") if "mode=memory" not in name else Path("/dev/null").open("ab")
        )
        _local.name = name
    return int(_local.file.fileno())
