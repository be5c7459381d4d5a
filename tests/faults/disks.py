"""Small disks to fill: a file system in memory, mounted for a while."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.faults.report import NotHere


@contextlib.contextmanager
def small_disk(at: Path, megabytes: float) -> Iterator[Path]:
    """Raises NotHere where one may not mount."""
    if os.geteuid():
        raise NotHere("mounting a small disk needs root")
    at.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [
            "mount",
            "-t",
            "tmpfs",
            "-o",
            f"size={int(megabytes * 1024)}k,mode=0700",
            "tmpfs",
            str(at),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NotHere(f"mounting is not possible: {done.stderr.strip()}")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=False)


def resize(at: Path, megabytes: float) -> None:
    subprocess.run(["mount", "-o", f"remount,size={int(megabytes * 1024)}k", str(at)], check=True)


def make_read_only(at: Path, *, again: bool = False) -> None:
    subprocess.run(["mount", "-o", f"remount,{'rw' if again else 'ro'}", str(at)], check=True)


def fill(at: Path) -> int:
    """A file that takes what is left; how much that was."""
    taken = 0
    with (at / "ballast").open("ab", buffering=0) as out:
        for piece in (1 << 20, 4096):
            with contextlib.suppress(OSError):
                while True:
                    taken += out.write(b"\0" * piece)
    return taken


def make_room(at: Path) -> None:
    (at / "ballast").unlink(missing_ok=True)
