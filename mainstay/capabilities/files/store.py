"""Puts bytes below the data directory under their own digest: written and synced before any row names them."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from mainstay.capabilities.files import secrets
from mainstay.records import trouble
from mainstay.records.errors import Invalid, NoRoom

log = logging.getLogger("mainstay.files")

LARGEST = 25 * 1024 * 1024


@dataclass(frozen=True)
class Stored:
    """Where the bytes lie, and their first ones to judge the type by."""

    digest: str
    size: int
    head: bytes
    secret: secrets.Pattern | None = None


def folder() -> Path:
    return Path(settings.MAINSTAY_DATA) / "files"


def path_of(digest: str) -> Path:
    return folder() / digest[:2] / digest


def put(chunks: Iterable[bytes], largest: int = LARGEST) -> Stored:
    """Raises Invalid when it is larger than allowed or empty, NoRoom where the disk is full; nothing is left then."""
    try:
        return _put(chunks, largest)
    except OSError as error:
        if not trouble.is_full(error):
            raise
        log.error("no room for a file: %s", error)
        raise NoRoom from None


def _put(chunks: Iterable[bytes], largest: int) -> Stored:
    folder().mkdir(parents=True, exist_ok=True)
    whole, size, head, finder = hashlib.sha256(), 0, b"", secrets.Finder()
    handle, name = tempfile.mkstemp(dir=folder(), prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > largest:
                    raise Invalid(
                        {
                            "file": [
                                _("The file is larger than %(n)s MB.")
                                % {"n": largest // 1024 // 1024}
                            ]
                        }
                    )
                head = head or chunk[:4096]
                whole.update(chunk)
                finder.read(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise Invalid({"file": [_("The file is empty.")]})
        target = path_of(whole.hexdigest())
        target.parent.mkdir(exist_ok=True)
        Path(name).replace(target)
        _sync(target.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Stored(whole.hexdigest(), size, head, finder.found)


def shelves() -> list[Path]:
    """The folders the files lie in, by the first two letters of their digests."""
    return sorted(path for path in folder().glob("??") if path.is_dir())


def drop(path: Path, older_than: float) -> bool:
    """Removes a file that no row names, if it is older than a moment (seconds since the epoch).

    It is taken aside first: whoever stores the same bytes at this moment then puts them there anew,
    and if they did so just before, that is seen and they are put back.
    """
    aside = path.with_name(f".going-{path.name}")
    try:
        if path.stat().st_mtime >= older_than:
            return False
        path.replace(aside)
    except FileNotFoundError:  # another worker was faster
        return False
    if aside.stat().st_mtime >= older_than:
        aside.replace(path)
        return False
    aside.unlink(missing_ok=True)
    return True


def drop_unfinished(older_than: float) -> int:
    """Removes what an upload, or a sweeping, that was killed has left."""
    left = [*folder().glob(".incoming-*"), *folder().glob("??/.going-*")]
    old = [path for path in left if path.stat().st_mtime < older_than]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
