"""`mainstay new practice`: what it refuses it tells, and writes nothing then; what it writes is in style."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mainstay.config import room
from tests.programs import ROOT, mainstay

# Names of no practice anybody would have; the files are written where it stands as well.
GOOD = {
    "practice": "whatnots",
    "singular": "whatnot",
    "plural": "whatnots",
    "prefix": "WHN",
}
L = room.LONGEST


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a source tree as the command looks at."""
    for name in ("pyproject.toml", str(room.SETTINGS)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("mainstay/practices/incidents", "tests/practices"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "tests" / "world.py").touch()  # for the order of imports
    (tmp_path / "docs" / "reference").mkdir(parents=True)
    (tmp_path / "docs" / "reference" / "commands.md").touch()
    return tmp_path


def snapshot(root: Path) -> dict[Path, str]:
    return {path: path.read_text() if path.is_file() else "" for path in root.rglob("*")}


def test_the_name_is_judged_before_more_is_asked() -> None:
    for name, told in (
        ("../evil", "no name"),
        ("class", "Python's"),
        ("incidents", "a part of"),
        ("web", "templates"),
    ):
        with pytest.raises(room.Unfit, match=told):
            room.require_free(name)
    room.require_free("whatnots")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"practice": "Whatnots"}, "no name"),
        ({"practice": "../whatnots"}, "no name"),
        ({"practice": "2nd"}, "no name"),
        ({"practice": "quoi_que_ça"}, "no name"),
        ({"practice": ""}, "no name"),
        ({"singular": "x" * (L + 1)}, "no name"),
        ({"plural": "what-nots"}, "no name"),
        ({"practice": "class"}, "a word of Python's"),
        ({"singular": "property"}, "a word of Python's"),
        ({"singular": "match"}, "a word of Python's"),
        ({"prefix": "whn"}, "not 1 to 12 capital letters"),
        ({"prefix": "WHATNOTSWHATNOTS"}, "not 1 to 12 capital letters"),
        ({"practice": "records"}, "a part of Mainstay"),
        ({"practice": "incidents"}, "mainstay/practices/incidents is there already"),
        ({"singular": "incident"}, "there is a record type 'incident' already"),
        ({"plural": "incidents"}, "the address of something else"),
        ({"plural": "search"}, "the address of something else"),
        ({"prefix": "INC"}, "Incidents have the prefix INC already"),
        ({"practice": "parts"}, "templates in a folder 'parts' already"),
        ({"singular": "event"}, "a schema called 'Event' already; --singular names another"),
        ({"singular": "note"}, "a schema called 'Note' already"),
        ({"singular": "incident_move"}, "a schema called 'IncidentMove' already"),
        ({"singular": "record_task"}, "a schema called 'RecordTaskCreate' already"),
        ({"singular": "token"}, "'token' means something else in the history; --singular"),
        ({"singular": "commands"}, "docs/reference/commands.md is a page about something else"),
        ({"singular": "lifecycle"}, "a word the files need"),
        ({"singular": "record"}, "a word the files need"),
        ({"singular": "number"}, "a word the files need"),
        ({"singular": "world"}, "a word the files need"),
    ],
)
def test_what_is_refused_is_told_and_leaves_nothing(
    checkout: Path, names: dict[str, str], told: str
) -> None:
    before = snapshot(checkout)
    with pytest.raises(room.Unfit, match=told):
        room.write(room.Room(**GOOD | names), checkout)
    assert snapshot(checkout) == before


def test_it_is_written_once(checkout: Path) -> None:
    written = room.write(room.Room(**GOOD), checkout)
    assert all((checkout / path).is_file() for path in written)
    listed = (checkout / room.SETTINGS).read_text().count('    "mainstay.practices.whatnots",')
    assert listed == 1
    before = snapshot(checkout)
    with pytest.raises(room.Unfit, match="tests/practices/whatnots is there already"):
        room.write(room.Room(**GOOD), checkout)
    assert snapshot(checkout) == before


def test_an_error_half_way_leaves_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = snapshot(checkout), Path.write_text

    def full(path: Path, text: str) -> int:
        if path.name == "test_life.py":
            raise OSError(28, "No space left on device", str(path))
        return real(path, text)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError):
        room.write(room.Room(**GOOD), checkout)
    assert snapshot(checkout) == before


def test_an_installed_package_is_no_place_for_one(tmp_path: Path) -> None:
    with pytest.raises(room.Unfit, match="written in a checkout"):
        room.write(room.Room(**GOOD), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command_tells_what_it_refuses_without_a_site(tmp_path: Path) -> None:
    for words, told in (
        (("incidents",), "there is a part of Mainstay called 'incidents' already"),
        (("../evil",), "no name"),
        (("paraphernalia",), "--singular"),
    ):
        done = mainstay("new", "practice", *words, folder=tmp_path)
        assert done.returncode == 2
        assert done.stderr.startswith("mainstay: ") and told in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "names", [GOOD, {"practice": "p" * L, "singular": "s" * L, "plural": "t" * L, "prefix": "I"}]
)
def test_what_is_written_is_in_style(checkout: Path, names: dict[str, str]) -> None:
    written = room.write(room.Room(**names), checkout)
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--no-cache", *map(str, written)],
            cwd=checkout,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("releases", "release"),
        ("policies", "policy"),
        ("batches", "batch"),
        ("processes", "process"),
        ("boxes", "box"),
        ("service_levels", "service_level"),
        ("knowledge", ""),
        ("access", ""),
        ("analysis", ""),
    ],
)
def test_one_of_them(plural: str, singular: str) -> None:
    assert room.singular_of(plural) == singular
