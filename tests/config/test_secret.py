"""A key that could be guessed is refused, one that any good generator made is taken."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from mainstay.config.secret import WeakKey, good_key, secret_key, weakness

WEAK = (
    "short",
    "change-me-change-me-change-me-change-me",
    "ab" * 20,
    "django-insecure-" * 3,
    "change-it-please-before-going-live-42",
    "12345678901234567890123456789012345678901234",
    "11111111112222222222333333333344444444445555",
    "31415926535897932384626433832795028841971",
    "0123456789abcdef" * 4,
    "qwertyuiopasdfghjklzxcvbnm1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "abc123XYZ-abc123XYZ-abc123XYZ-abc123XYZ-",
    "This-is-our-production-key-of-2024-do-not-tell",
    "The quick brown fox jumps over 13 lazy dogs",
    "5uP3r-S3cr3t-Secret-9fK2mQ7xR4tB8nV1",
)
# What `openssl rand`, `pwgen` and Python's `secrets` gave; kept here so that chance fails no test.
GOOD = (
    "qIh3c0tVgTtqG1Fz0b8rJ5v2nUeXw7Lk4yPaMsDo9BZNHfCR6iESOWQj_ATldgKu",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "5d41402abc4b2a76b9719d911017c592",
    "n0VZ3kq8YcT5rPz/2sWfL9bXh7dJm4Ga",
    "k3(x)a1b_z9@q7#w!m2e8^r5t&y0u*i6p=v4c+d-nlsgjfho",
)


@pytest.mark.attack("A05")
@pytest.mark.parametrize("key", WEAK)
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(
        WeakKey, match=r"(?s)MAINSTAY_SECRET_KEY is too easy to guess.*token_urlsafe"
    ):
        secret_key(tmp_path, key)
    assert secret_key(tmp_path, key, may_be_weak=True) == key
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("key", GOOD)
def test_a_random_key_is_taken(tmp_path: Path, key: str) -> None:
    assert secret_key(tmp_path, key) == key


@pytest.mark.attack("A05")
def test_no_two_sites_have_the_same(tmp_path: Path) -> None:
    keys = {secret_key(tmp_path / str(n), "") for n in range(20)}
    assert len(keys) == 20 and not any(weakness(key) for key in keys)
    assert secret_key(tmp_path / "0", "") in keys


def test_what_it_makes_and_what_it_recommends_is_good() -> None:
    assert not any(weakness(good_key()) for _ in range(100))
    makers = (lambda: secrets.token_urlsafe(48), lambda: secrets.token_hex(32))
    # One in some thousands is refused, and its reader makes another.
    assert sum(bool(weakness(make())) for make in makers for _ in range(500)) <= 5


def test_a_weak_key_in_the_file_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("change-me")
    with pytest.raises(WeakKey, match=r"secret\.key is too easy"):
        secret_key(tmp_path, "")
