"""The key that signs things: given by the environment, or made once for each data directory."""

import contextlib
import os
import re
import secrets
from itertools import pairwise
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32
FEWEST_SIGNS = 10
# Words of examples and tutorials; a random key holds one less than once in a hundred thousand.
SAMPLES = re.compile(
    r"admin|change|default|django|example|insecure|itsm|letmein|mainstay|passw|please|replace"
    r"|secret|welcome"
)
# What fingers walk along: the alphabet, the digits, the rows of a keyboard and its slanted columns.
WALKS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl"),
    *("zxcvbnm", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn"),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol"),
)
STEPS = {pair for walk in WALKS for pair in (*pairwise(walk), *pairwise(walk[::-1]))}
RECIPE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


class WeakKey(ImproperlyConfigured):
    """The key could be guessed; the sentence says how to get a good one."""


# Whether this process made the site's key; who signed in under another is asked again.
_made: list[Path] = []


def secret_key(data: Path, given: str, *, may_be_weak: bool = False) -> str:
    """The given key, or the site's own, which is made at the first start.

    Raises WeakKey for one that could be guessed.
    """
    key = given or made_once(file_of(data))
    reason = weakness(key)
    if may_be_weak or not reason:
        return key
    where = "MAINSTAY_SECRET_KEY" if given else str(file_of(data))
    raise WeakKey(
        f"{where} is too easy to guess: it {reason}. Make one with\n  {RECIPE}\n"
        "or leave it out, and Mainstay makes one in the data directory."
    )


def weakness(key: str) -> str:
    """What gives a key away, as the end of a sentence; empty for one that looks random."""
    plain = key.lower()
    threes = [plain[at : at + 3] for at in range(len(plain) - 2)]
    steps = [pair in STEPS or pair[0] == pair[1] for pair in pairwise(plain)]
    beside = [
        one.isdigit() != two.isdigit() for one, two in pairwise(plain) if (one + two).isalnum()
    ]
    if len(key) < SHORTEST:
        return f"has {len(key)} characters and needs {SHORTEST} or more"
    if len(set(key)) < FEWEST_SIGNS or len(set(threes)) < 0.8 * len(threes):
        return "repeats itself"
    if sum(steps) > len(steps) / 2:
        return "follows the alphabet or a keyboard"
    if SAMPLES.search(plain):
        return "holds a word of an example"
    if re.search(r"\s", key) or sum(beside) < 2:
        return "reads like words or numbers, and letters and digits should be mixed at random"
    return ""


def file_of(data: Path) -> Path:
    return data / "secret.key"


def made_once(path: Path) -> str:
    """Reads the site's own key, or makes it; processes that start at once agree on one.

    It is linked to its name whole, so that nobody ever reads half of it.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(good_key())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
            _made.append(path)
        draft.unlink()
    return path.read_text().strip()


def was_made_now() -> bool:
    return bool(_made)


def good_key() -> str:
    """Random; chance may make one look weak, so it is drawn again then."""
    while weakness(key := secrets.token_urlsafe(48)):
        pass
    return key
