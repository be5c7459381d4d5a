"""What the commands do to a site, and what they refuse."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest

import mainstay.__main__ as program
from mainstay.config.secret import good_key
from mainstay.pure.lifecycle import Kind, Lifecycle, State
from tests.programs import command, environment, mainstay

Words = tuple[str, ...]


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    done = mainstay("migrate", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site(begun: Path, tmp_path: Path) -> Path:
    """A site nobody has done anything on: begun once, each test has a copy with the rights its files have."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
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


def test_a_mistake_in_a_setting_ends_with_one_sentence(tmp_path: Path) -> None:
    for name, value in (
        ("MAINSTAY_SECRET_KEY", "change-me-change-me-change-me-change-me"),
        ("MAINSTAY_RATE_LIMIT", "many"),
        ("MAINSTAY_PROXIES", "-1"),
        ("MAINSTAY_LOG", "loud"),
        ("MAINSTAY_LOG_FORMAT", "xml"),
        ("MAINSTAY_DEBUG", "maybe"),
        ("MAINSTAY_BASE_URL", "it.example.org"),
        ("MAINSTAY_DATABASE_URL", "postgresql://me@here:port/it"),
        ("MAINSTAY_DATABASE_URL", "postgresql://me@127.0.0.1:1/it"),
        ("MAINSTAY_DATABASE_URL", "postgresql://me@127.0.0.1:1/it?sslmod=require"),
    ):
        done = mainstay("migrate", folder=tmp_path, **{name: value})
        assert is_refused(done), done.stderr
        assert name in done.stderr


def is_refused(done: subprocess.CompletedProcess[str]) -> bool:
    """With a sentence of our own or of argparse's, and without anything of Python's."""
    said = done.stderr.startswith("mainstay: ") or "error: " in done.stderr
    return done.returncode in (1, 2) and said and "Traceback" not in done.stderr


@pytest.mark.parametrize("on", ["1", "true"])
def test_debug_is_refused_outside_the_demonstration(tmp_path: Path, on: str) -> None:
    done = mainstay("migrate", folder=tmp_path, MAINSTAY_DEBUG=on)
    assert done.returncode == 2
    assert "MAINSTAY_DEBUG" in done.stderr
    both = {"MAINSTAY_DEBUG": on, "MAINSTAY_DEMO": on, "MAINSTAY_SECRET_KEY": "short"}
    assert mainstay("migrate", "--check", folder=tmp_path, **both).returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--data", "x"),
        ("--data", "x", "check"),
        ("draw", "incident", "--data", "x"),
        ("explain", "incident.create", "--data", "x"),
        ("serve", "--help"),
    ],
)
def test_what_only_looks_at_the_product_makes_no_site(tmp_path: Path, words: Words) -> None:
    done = mainstay(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ("worker",),
        ("user", "create", "ada"),
        ("token", "create", "--user", "ada"),
        ("audit", "verify"),
        ("audit", "head"),
        ("replay", "servicenow-log", "log.csv"),
        ("reindex",),
    ],
)
def test_what_needs_a_site_says_how_to_begin_one(tmp_path: Path, words: Words) -> None:
    done = mainstay(*words, folder=tmp_path)
    assert is_refused(done)
    assert "mainstay migrate" in done.stderr
    assert not list(tmp_path.iterdir())
    begun = mainstay(*words, folder=tmp_path, MAINSTAY_SECRET_KEY=good_key())
    assert is_refused(begun)
    assert "mainstay migrate" in begun.stderr


def test_asking_what_is_to_be_migrated_makes_no_database(tmp_path: Path) -> None:
    done = mainstay("migrate", "--check", folder=tmp_path)
    assert done.returncode == 1
    assert "incidents.0001_initial" in done.stdout
    assert not list(tmp_path.iterdir())


def test_a_site_with_a_key_of_its_own_begins_in_a_folder_of_its_own(tmp_path: Path) -> None:
    done = mainstay("migrate", "--data", "x", folder=tmp_path, MAINSTAY_SECRET_KEY=good_key())
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o700
    assert not (tmp_path / "x" / "secret.key").exists()


def test_data_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "mainstay.sqlite3").write_text("no database at all, whatever its name is")
    for data, named in (("file", "file"), ("file/below", "below"), ("odd", "mainstay.sqlite3")):
        done = mainstay("migrate", "--data", data, folder=tmp_path)
        assert is_refused(done), done.stderr
        assert named in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--port", "0"), "--port"),
        (("--port", "x"), "--port"),
        (("--port", "65536"), "--port"),
        (("--workers", "0"), "--workers"),
        (("--workers", "-3"), "--workers"),
        (("--host", "192.0.2.1"), "This machine has no address 192.0.2.1"),
        (("--host", "nowhere.invalid"), "There is no address called nowhere.invalid"),
    ],
)
def test_where_nobody_can_listen(tmp_path: Path, words: Words, said: str) -> None:
    done = mainstay("serve", *words, folder=tmp_path)
    assert is_refused(done), done.stderr
    assert said in done.stderr


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
    listed = mainstay("token", "list", "--user", "ada", folder=site).stdout
    assert re.fullmatch(r"token\tread\tuntil \d{4}-\d\d-\d\d\tnever used\n", listed), listed
    ended = mainstay("token", "end", "--user", "ada", "--name", "token", folder=site)
    assert (ended.returncode, ended.stdout) == (0, "1 ended.\n")
    assert mainstay("token", "end", "--user", "ada", "--all", folder=site).returncode == 1
    assert is_refused(mainstay("token", "end", "--user", "ada", folder=site))
    strange = mainstay("token", "create", "--user", "ada", "--scope", "fly", folder=site)
    assert strange.returncode == 2
    assert "fly" in strange.stderr
    for words in (
        ("--scope", "read:bogus"),
        ("--scope", "read:"),
        ("--days", "0"),
        ("--days", "-1"),
        ("--days", "99999999999"),
        ("--days", "soon"),
    ):
        done = mainstay("token", "create", "--user", "ada", *words, folder=site)
        assert is_refused(done), (words, done.stderr)
        assert done.stdout == ""


@pytest.mark.parametrize("login", ["ad\x07a", "a\nda", "ad\u200ba", ""])
def test_a_login_is_what_it_looks_like(site: Path, login: str) -> None:
    done = mainstay("user", "create", login, folder=site)
    assert is_refused(done), done.stdout
    assert "Login" in done.stderr


def test_a_reader_who_has_enough_is_no_mistake(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        words = command(["explain", "incident.create"])
        done = subprocess.run(
            words, cwd=tmp_path, env=environment(), stdout=out, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    "asked",
    ["incident.bogus", "incident.", "incident", "bogus.create", "bogus", "incident.create.x"],
)
def test_what_no_record_knows_is_explained_by_what_there_is(tmp_path: Path, asked: str) -> None:
    done = mainstay("explain", asked, folder=tmp_path)
    assert is_refused(done), done.stdout
    assert done.stdout == ""
    there = "service, " if asked.startswith("bogus") else "incident.resolve"
    assert there in done.stderr


@pytest.mark.parametrize(
    "asked", ["incident.reply", "incident.note", "user.leave", "incident.link"]
)
def test_what_commands_note_is_explained_too(tmp_path: Path, asked: str) -> None:
    done = mainstay("explain", asked, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{asked}: " in done.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("incident.reply", 'commands.note(incident, key, "reply", …)'),
        ("incident.reply", "mainstay/capabilities/conversation/commands.py:"),
        ("team.join", "who may: as join itself asks\n       mainstay/directory/commands.py:"),
        ("user.skill", "asked for by teach: "),
    ],
)
def test_the_call_that_is_made_is_named(tmp_path: Path, asked: str, said: str) -> None:
    assert said in mainstay("explain", asked, folder=tmp_path).stdout


def test_an_option_alone_is_answered_in_words(tmp_path: Path) -> None:
    done = mainstay("--data", "x", folder=tmp_path)
    assert is_refused(done)
    assert "say what to do" in done.stderr
    assert "rest" not in done.stderr


def test_a_database_of_a_newer_mainstay_is_left_alone(site: Path) -> None:
    with sqlite3.connect(site / "var" / "mainstay.sqlite3") as database:
        database.execute(
            "insert into django_migrations (app, name, applied) values ('records', '9999_x', '')"
        )
    for words in (("serve",), ("migrate",), ("worker",), ("user", "create", "ada")):
        done = mainstay(*words, folder=site)
        assert is_refused(done), done.stdout
        assert "newer Mainstay" in done.stderr


def test_what_only_matters_on_a_real_site_is_told_by_our_settings(tmp_path: Path) -> None:
    here = mainstay("check", "--deploy", folder=tmp_path)
    assert here.returncode == 1
    assert "MAINSTAY_BASE_URL" in here.stdout
    assert "security." not in here.stdout
    key, address = "n0VZ3kq8YcT5rPz/2sWfL9bXh7dJm4Ga", "https://it.example.org"
    real = {"MAINSTAY_BASE_URL": address, "MAINSTAY_SECRET_KEY": key}
    done = mainstay("check", "--deploy", folder=tmp_path, **real)
    assert done.returncode == 0, done.stdout
    demo = mainstay("check", "--deploy", folder=tmp_path, MAINSTAY_DEMO="1", **real)
    assert "MAINSTAY_DEMO" in demo.stdout


def test_no_word_at_all_is_answered_with_what_there_is(tmp_path: Path) -> None:
    done = mainstay(folder=tmp_path)
    assert done.returncode == 2
    assert "start the web server" in done.stdout
    assert mainstay("--version", folder=tmp_path).stdout.startswith("Mainstay ")


def test_a_word_that_is_no_command_is_answered_with_those_that_are(tmp_path: Path) -> None:
    done = mainstay("fly", folder=tmp_path)
    assert done.returncode == 2
    assert "serve" in done.stderr


def test_a_lifecycle_that_cannot_be_lived_is_told_with_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def declare(_words: object) -> int:
        Lifecycle((State("new", Kind.NEW, "New"), State("lost", Kind.CLOSED, "Lost")), ())
        return 0

    monkeypatch.setattr(program, "run", declare)
    assert program.main([]) == 1
    told = capsys.readouterr().err
    assert f"{__file__}:" in told
    assert "state 'lost' can never be reached" in told


def test_an_argument_that_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    done = mainstay("user", "create", "jc\udcff", folder=tmp_path)
    assert (done.returncode, "no UTF-8 text" in done.stderr) == (2, True), done.stderr
