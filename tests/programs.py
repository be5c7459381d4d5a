"""Runs `mainstay` as an operator does: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# Settings of Mainstay, and the one that is for tests with a browser.
OURS = ("MAINSTAY_", "DJANGO_ALLOW_ASYNC_UNSAFE")
ROOT = Path(__file__).resolve().parents[1]


def environment(**more: str) -> dict[str, str]:
    """This machine's environment without any of our settings, then `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    ours = {"DJANGO_SETTINGS_MODULE": "mainstay.config.settings.base", "PYTHONPATH": str(ROOT)}
    return kept | ours | more


def command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "mainstay", *words]


def mainstay(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, with nobody at the terminal."""
    return subprocess.run(
        command(words),
        cwd=folder,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
