"""Programs that come from Debian and not from Python's package index."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

POSTGRES = "postgresql"
# Chromium without a window: the same engine, built of the same source, for two fifths less processor time.
CHROMIUM = "chromium-headless-shell"


def postgres_folder() -> Path | None:
    """Where the newest PostgreSQL server's own programs lie, if there is one."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    if newest:
        return newest.parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def chromium() -> str | None:
    """The browser's program: the one for tests, or else the one for people."""
    found = map(shutil.which, (CHROMIUM, "chromium", "chromium-browser"))
    return next(filter(None, found), None)


def wanted() -> list[str]:
    """The Debian packages a whole test run is best with and that are not there."""
    there = {POSTGRES: postgres_folder(), CHROMIUM: shutil.which(CHROMIUM)}
    return [package for package, found in there.items() if not found]


def missing() -> list[str]:
    """Those of them in whose place nothing else is there either."""
    there = {POSTGRES: postgres_folder(), CHROMIUM: chromium()}
    return [package for package in wanted() if not there[package]]


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> bool:
    """Install with apt-get; RUNLEVEL=1 keeps Debian from starting a server of its own."""
    print(f"Installing from Debian: {' '.join(packages)} …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print(done.stdout[-2000:], flush=True)
            return False
    return True


def provide() -> list[str]:
    """Install what is wanted where that is possible; answer what is missing still."""
    packages = wanted()
    if packages and can_install():
        install(packages)
    return missing()
