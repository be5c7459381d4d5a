"""The lock that queues SQLite's writers goes with whoever held it, however they went."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.programs import environment

# The parent writes, forks, and its child is killed in the middle of a transaction: as a worker that
# is forked by a server which has just made its demonstration organisation.
SCRIPT = """
import fcntl, os, signal, sys, time
import django
django.setup()
from django.db import connections
from mainstay.records.turnstile import writing

with writing():
    pass
connections.close_all()
told, tell = os.pipe()
child = os.fork()
if not child:
    with writing():
        os.write(tell, b"in")
        time.sleep(60)
os.read(told, 2)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
with open(sys.argv[1], "ab") as gate:
    fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
print("free")
"""


def test_a_writer_that_is_killed_leaves_the_way_free(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            SCRIPT,
            str(tmp_path / "mainstay.sqlite3.turnstile"),
        ],
        cwd=tmp_path,
        env=environment(MAINSTAY_DATA=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "free\n", done.stderr
