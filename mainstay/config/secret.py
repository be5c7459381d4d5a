"""The key that signs things: given by the environment, or made once for each data directory."""

import os
import secrets
from pathlib import Path

SHORTEST = 32


class WeakKey(Exception):
    """The key could be guessed; the sentence says how to get a good one."""


def secret_key(data: Path, given: str) -> str:
    """Raises WeakKey for a given key that is too short or all alike."""
    if given:
        if len(given) < SHORTEST or len(set(given)) < 8:
            raise WeakKey(
                f"MAINSTAY_SECRET_KEY must be {SHORTEST} or more random characters."
                " Leave it unset and Mainstay makes one in the data directory."
            )
        return given
    data.mkdir(parents=True, exist_ok=True)
    path = data / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as out:
        out.write(key := secrets.token_urlsafe(48))
    return key
