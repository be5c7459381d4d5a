"""What the commands do to a site, and what they refuse."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.programs import mainstay


@pytest.fixture
def site(tmp_path: Path) -> Path:
    done = mainstay("migrate", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_a_site_needs_no_setting_and_keeps_its_key_to_itself(site: Path) -> None:
    key = site / "var" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    first = key.read_text()
    assert len(first) >= 32
    assert mainstay("migrate", "--check", folder=site).returncode == 0
    assert key.read_text() == first


def test_data_may_lie_elsewhere(tmp_path: Path) -> None:
    assert mainstay("migrate", "--data", "elsewhere", folder=tmp_path).returncode == 0
    assert (tmp_path / "elsewhere" / "mainstay.sqlite3").exists()
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "key", ["short", "change-me-change-me-change-me-change-me", "ab" * 20, "django-insecure-" * 3]
)
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, key: str) -> None:
    done = mainstay("migrate", folder=tmp_path, MAINSTAY_SECRET_KEY=key)
    assert done.returncode == 2
    assert "MAINSTAY_SECRET_KEY is too easy to guess" in done.stderr
    assert "Traceback" not in done.stderr


def test_debug_is_refused_outside_the_demonstration(tmp_path: Path) -> None:
    done = mainstay("migrate", folder=tmp_path, MAINSTAY_DEBUG="1")
    assert done.returncode == 2
    assert "MAINSTAY_DEBUG" in done.stderr
    both = {"MAINSTAY_DEBUG": "1", "MAINSTAY_DEMO": "1", "MAINSTAY_SECRET_KEY": "short"}
    assert mainstay("migrate", "--check", folder=tmp_path, **both).returncode == 1


def test_a_database_of_another_make_is_refused_with_a_sentence(tmp_path: Path) -> None:
    done = mainstay("migrate", folder=tmp_path, MAINSTAY_DATABASE_URL="mysql://root@there/it")
    assert done.returncode == 2
    assert "postgresql://" in done.stderr


def test_people_and_their_tokens(site: Path) -> None:
    made = mainstay("user", "create", "ada", "--name", "Ada", "--role", "agent", folder=site)
    assert made.returncode == 0, made.stderr
    assert "ada may sign in with " in made.stdout
    again = mainstay("user", "create", "ada", folder=site)
    assert (again.returncode, again.stdout) == (1, "")
    assert "already" in again.stderr
    token = mainstay("token", "create", "--user", "ada", "--scope", "read", folder=site)
    assert token.stdout.startswith("mst_")
    assert token.stdout.strip().encode() not in (site / "var" / "mainstay.sqlite3").read_bytes()
    assert mainstay("token", "create", "--user", "bob", folder=site).returncode == 1
    strange = mainstay("token", "create", "--user", "ada", "--scope", "fly", folder=site)
    assert strange.returncode == 2
    assert "fly" in strange.stderr


def test_a_word_that_is_no_command_is_answered_with_those_that_are(tmp_path: Path) -> None:
    done = mainstay("fly", folder=tmp_path)
    assert done.returncode == 2
    assert "serve" in done.stderr
