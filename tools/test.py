"""Run the whole suite: everything on SQLite, then what touches the database on PostgreSQL.

What this machine cannot run is named, with the way to get it; with CI=true that is a failure.
Arguments go to pytest: `make test ARGS="tests/pure -k matrix"`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import debian
import postgres

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # pytest's exit code when none was chosen
# On SQLite many tests wait for a browser or for a program they started: one more than there are cores.
ON_SQLITE = ["-n", "3", "--dist", "worksteal"]
ON_POSTGRES = [
    "-n",
    "2",
    "--dist",
    "worksteal",
    "-m",
    "database and not browser and not sqlite_only",
]


def pytest(title: str, *arguments: str, **environment: str) -> int:
    print(f"\n── {title} " + "─" * (70 - len(title)), flush=True)
    command = [sys.executable, "-m", "pytest", "-rs", "--durations=15", *arguments]
    code = subprocess.run(command, cwd=ROOT, env=os.environ | environment).returncode
    if code < 0:
        print(f"\nThis run was ended by {signal.Signals(-code).name}.", flush=True)
    return abs(code)


def run(address: str | None, chosen: list[str]) -> list[int]:
    """The exit codes of both runs; the second is left out where there is no PostgreSQL."""
    on_sqlite = {"MAINSTAY_DATABASE_URL": ""}
    if address is None:
        return [pytest("SQLite", *ON_SQLITE, *chosen, **on_sqlite)]
    there = {"MAINSTAY_TEST_POSTGRES": address}
    codes = [pytest("SQLite", *ON_SQLITE, *chosen, **on_sqlite, **there)]
    again = there | {"MAINSTAY_DATABASE_URL": address}
    codes.append(pytest("PostgreSQL", *ON_POSTGRES, *chosen, **again))
    return codes


def explain(missing: list[str]) -> None:
    """Say once more, at the end, what was not tested."""
    lost = {
        debian.POSTGRES: "the second run, of all database tests on PostgreSQL",
        debian.CHROMIUM: "the browser tests, tests/browser",
    }
    print("\nLeft out:")
    for package in missing:
        print(f"  {lost[package]}; to get them: apt-get install {package}")


def main() -> int:
    signal.signal(signal.SIGTERM, postgres.stop)
    missing = debian.provide()
    server = contextlib.nullcontext() if debian.POSTGRES in missing else postgres.cluster()
    try:
        with server as address:
            codes = run(address, sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    if missing:
        explain(missing)
        if os.environ.get("CI") == "true":
            codes.append(1)
    if all(code == NO_TESTS for code in codes):
        return NO_TESTS
    return next((code for code in codes if code not in (0, NO_TESTS)), 0)


if __name__ == "__main__":
    sys.exit(main())
