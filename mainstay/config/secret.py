"""The key that signs things: given by the environment, or made once for each data directory."""

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32
# How keys begin that stand in examples and tutorials: known to everybody.
SAMPLES = ("django-insecure", "change", "secret", "example", "insecure", "test", "01234", "abcd")


class WeakKey(ImproperlyConfigured):
    """The key could be guessed; the sentence says how to get a good one."""


def secret_key(data: Path, given: str, *, may_be_weak: bool = False) -> str:
    """Raises WeakKey for one that is too short, too plain, or known from an example."""
    path = data / "secret.key"
    key = given or made_once(path)
    if may_be_weak or not is_weak(key):
        return key
    raise WeakKey(
        f"{'MAINSTAY_SECRET_KEY' if given else path} is too easy to guess: it must be {SHORTEST} or"
        " more random characters. Leave it out and Mainstay makes one in the data directory."
    )


def is_weak(key: str) -> bool:
    return len(key) < SHORTEST or len(set(key)) < 10 or key.lower().startswith(SAMPLES)


def made_once(path: Path) -> str:
    """Reads the site's own key, or makes it; processes that start at once agree on one.

    It is linked to its name whole, so that nobody ever reads half of it.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
