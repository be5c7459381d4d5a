"""Programs that come from Debian and not from Python's package index."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

POSTGRES = "postgresql"
CHROMIUM = "chromium"


def postgres_folder() -> Path | None:
    """Where the newest PostgreSQL server's own programs lie, if there is one."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    if newest:
        return newest.parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def missing() -> list[str]:
    """The Debian packages a whole test run would still need."""
    there = {POSTGRES: postgres_folder(), CHROMIUM: chromium()}
    return [package for package, found in there.items() if not found]


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
    """Install what is missing where that is possible; answer what is missing still."""
    packages = missing()
    if packages and can_install():
        install(packages)
    return missing()
