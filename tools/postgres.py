"""A throw-away PostgreSQL cluster, made of the server's own programs.

    python3 tools/postgres.py               start one, print its address, stop it on Ctrl-C
    python3 tools/postgres.py -- COMMAND    run COMMAND with its address in MAINSTAY_TEST_POSTGRES

It listens on a free port of the loopback address, lives in a temporary folder, and stops even when
the program that started it is killed.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import debian

NAME = "mainstay"  # of the database and of its owner
PR_SET_PDEATHSIG = 1
# A test's data need not survive a power cut; a benchmark's must, or its figures would be too good.
CARELESS = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def owner() -> dict[str, str | int]:
    """PostgreSQL refuses to run as root, so root hands it to another account."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid}
    sys.exit("There is no account postgres or nobody to run PostgreSQL as.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def call(*command: str | Path, **account: str | int) -> None:
    done = subprocess.run(
        command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **account
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}")


def wait_until_ready(server: subprocess.Popen[bytes], programs: Path, port: int, log: Path) -> None:
    question = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(300):
        if server.poll() is not None:
            break
        if subprocess.run(question, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a cluster while the block runs; the value is its address as a URL."""
    programs = debian.postgres_folder()
    if programs is None:
        raise RuntimeError(f"PostgreSQL is missing: apt-get install {debian.POSTGRES}")
    account = owner()
    folder = Path(tempfile.mkdtemp(prefix="mainstay-postgres-"))
    if account:
        os.chown(folder, int(account["user"]), int(account["group"]))
    data, port, log = folder / "data", free_port(), folder / "log"
    try:
        call(
            programs / "initdb", "-D", data, "-U", NAME, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", **account,
        )  # fmt: skip
        options = [
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-k",
            str(folder),
            *([] if durable else CARELESS),
        ]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options],
                cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=die_with_parent, **account,
            )  # fmt: skip
        try:
            wait_until_ready(server, programs, port, log)
            call(programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", NAME, NAME)
            yield f"postgresql://{NAME}@127.0.0.1:{port}/{NAME}"
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's word for: end the sessions and stop
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--durable", action="store_true", help="write to disk as a real server does"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    wanted = parser.parse_args()
    command = [word for word in wanted.command if word != "--"]
    signal.signal(signal.SIGTERM, stop)
    try:
        with cluster(durable=wanted.durable) as address:
            if command:
                environment = os.environ | {"MAINSTAY_TEST_POSTGRES": address}
                return subprocess.run(command, env=environment, check=False).returncode
            print(address, flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
