"""A site is a folder with a key; some commands begin one, some need one, and some leave it alone."""

from __future__ import annotations

import os
from pathlib import Path

from mainstay.config import secret
from mainstay.records.errors import Refused

BEGINNERS = ("serve", "migrate")
INDEPENDENT = ("explain", "draw", "check", "new")


class NoSite(Refused):
    """The folder holds no site; the sentence says how to begin one."""


def enter(command: str, data: Path, *, is_question: bool) -> None:
    """Before settings are read, which make the site's key: only who may begin a site makes one.

    A question (`--help`, `migrate --check`) never does. Raises NoSite.
    """
    if data.exists() and not data.is_dir():
        raise NoSite(f"{data} is a file; --data names a folder.")
    if command in BEGINNERS and not is_question:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not is_begun(data):
        if command not in INDEPENDENT and not is_question:
            raise NoSite(f"There is no site in {data} yet. To begin one: mainstay migrate")
        # For this process alone; nothing it signs is ever read.
        os.environ.setdefault("MAINSTAY_SECRET_KEY", secret.good_key())


def is_begun(data: Path) -> bool:
    return "MAINSTAY_SECRET_KEY" in os.environ or secret.file_of(data).exists()
