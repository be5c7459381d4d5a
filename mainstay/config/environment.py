"""What the environment says about this site; everything has a default that works.

Read once, by settings/base.py. Knows nothing of Django but the exception that ends a start with a
sentence. docs/guides/settings.md lists every variable.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 32
KEY_FILE = "secret.key"
# Beginnings of keys that stand in examples and tutorials, ours included: known to everybody.
SAMPLES = ("django-insecure", "change-me", "changeme", "secret", "example", "0123456789", "xxxx")


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def words(name: str) -> list[str]:
    return os.environ.get(name, "").replace(",", " ").split()


def is_demo() -> bool:
    return flag("MAINSTAY_DEMO")


def data_folder() -> Path:
    return Path(os.environ.get("MAINSTAY_DATA") or "var").resolve()


def base_url() -> str:
    return os.environ.get("MAINSTAY_BASE_URL", "").rstrip("/")


def debug() -> bool:
    if flag("MAINSTAY_DEBUG") and not is_demo():
        raise ImproperlyConfigured(
            "MAINSTAY_DEBUG shows secrets to whoever sees an error page, so it works only with --demo."
        )
    return flag("MAINSTAY_DEBUG")


def secret_key() -> str:
    """The key that signs cookies and links: given, or made once for this site."""
    given = os.environ.get("MAINSTAY_SECRET_KEY", "")
    key = given or made_key(data_folder() / KEY_FILE)
    if is_demo() or not is_weak(key):
        return key
    source = "MAINSTAY_SECRET_KEY" if given else str(data_folder() / KEY_FILE)
    raise ImproperlyConfigured(
        f"{source} is too weak: it needs {SHORTEST_KEY} characters that no example shows. "
        "Leave it out and Mainstay makes one for you."
    )


def is_weak(key: str) -> bool:
    few = len(set(key)) < 10
    return len(key) < SHORTEST_KEY or few or key.lower().startswith(SAMPLES)


def made_key(file: Path) -> str:
    """Read the site's own key; make it if there is none. Two starts at once agree on one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as output:
            output.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text().strip()


def database() -> dict[str, Any]:
    """Django's settings for MAINSTAY_DATABASE_URL; without it an SQLite file in the data folder."""
    address = os.environ.get("MAINSTAY_DATABASE_URL", "")
    if not address:
        return sqlite(data_folder() / "mainstay.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme in ("postgres", "postgresql"):
        return postgresql(parts)
    raise ImproperlyConfigured(
        "MAINSTAY_DATABASE_URL must read postgresql://user:password@host/name or sqlite:///file."
    )


def sqlite(file: Path) -> dict[str, Any]:
    file.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
                "PRAGMA mmap_size=134217728; PRAGMA foreign_keys=ON;"
            ),
        },
    }


def postgresql(parts: SplitResult) -> dict[str, Any]:
    """Statements are prepared: planning one of our joins costs more than running it."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5}
        | dict(parse_qsl(parts.query)),
    }


def hosts() -> list[str]:
    """Names this site answers to: itself on this machine, its base URL's host, and more if named."""
    own = [urlsplit(base_url()).hostname or ""]
    local = ["localhost", "127.0.0.1", "[::1]"]
    return [name for name in (*local, *own, *words("MAINSTAY_ALLOWED_HOSTS")) if name]
