"""The page about a new practice is enough to make one: done as it says, the product has it everywhere.

Two are made, in one copy of the repository: whatnots as `mainstay new practice` leaves them, and moonshots, whose
two files somebody filled in. Nobody else's practice is called so: the test holds beside any.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mainstay.records.types import shelf
from tests.programs import ROOT, environment

PAGE = (ROOT / "docs" / "inside" / "a-new-practice.md").read_text()
NO_NEED = shutil.ignore_patterns("__pycache__", ".*_cache")
# The two files somebody fills in by the page: a type of its own, unlike those there are.
FILLED_IN = Path(__file__).with_name("moonshots")
PRACTICES = Path("mainstay", "practices")
DERIVED = (
    "mainstay/surfaces/api/openapi.json",
    "mainstay/locale/django.pot",
    "tests/conformance/query_counts.json",
)
# What a practice without a migration is told by, instead of by an error of the database's.
NEED_A_MIGRATION = (
    (("check",), 1),
    (("migrate",), 2),
    (("migrate", "--check"), 2),
    (("worker",), 2),
    (("user", "create", "ada"), 2),
)
MY_WORK = "web: my work"
WORKLOAD = "web: workload"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with two practices more, made in the page's steps."""
    tree = tmp_path_factory.mktemp("tree")
    for part in ("mainstay", "tests", "tools", "docs"):
        shutil.copytree(ROOT / part, tree / part, ignore=NO_NEED)
    for part in ("pyproject.toml", ".importlinter"):
        shutil.copy(ROOT / part, tree)
    for name in ("whatnots", "moonshots"):
        said = python(tree, "-m", "mainstay", "new", "practice", name)
        assert f"make migrations ARGS={name}" in said
    shutil.copytree(FILLED_IN, tree / PRACTICES / "moonshots", ignore=NO_NEED, dirs_exist_ok=True)
    # A life of its own has tests of its own; these are not part of the page.
    shutil.rmtree(tree / "tests" / "practices" / "moonshots")
    for words, code in NEED_A_MIGRATION:
        lacking = program(tree, "-m", "mainstay", *words)
        assert lacking.returncode == code
        assert 'make migrations ARGS="moonshots whatnots"' in lacking.stderr
        assert "Traceback" not in lacking.stderr
    made = python(tree, "-m", "django", "makemigrations", "whatnots", "moonshots")
    assert "Create model Moonshot" in made
    python(tree, "tools/derived.py")
    return tree


def program(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    known = {"PYTHONPATH": str(tree), "DJANGO_SETTINGS_MODULE": "mainstay.config.settings.test"}
    return subprocess.run(
        [sys.executable, *words], cwd=tree, env=environment(**known), capture_output=True, text=True
    )


def python(tree: Path, *words: str) -> str:
    done = program(tree, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_product_knows_them(tree: Path) -> None:
    there = re.search(r"(\d+) record types, .* no mistake", python(tree, "-m", "mainstay", "check"))
    assert there and int(there[1]) == len(shelf.types) + 2
    story = python(tree, "-m", "mainstay", "explain", "moonshot.launch")
    assert "mainstay/practices/moonshots/record.py:" in story
    assert "needs is_rehearsed, downtime, live_at, notes" in story
    assert "dropped" in python(tree, "-m", "mainstay", "draw", "moonshot")


def test_the_conformance_suite_holds_for_them(tree: Path) -> None:
    """Alone and without a cache: the copy is another project, this run's plugins are not its own."""
    chosen = [
        "tests/conformance",
        "tests/practices/whatnots",
        "tests/surfaces/api/test_openapi.py",
    ]
    one_way_in = "tests/architecture/test_one_way_in.py"
    words = "moonshot or whatnot or test_openapi or test_one_way_in"
    told = python(
        tree, "-m", "pytest", *chosen, one_way_in, "-k", words, "-p", "no:cacheprovider", "-p", "no:xdist"
    )  # fmt: skip
    # Nothing skipped, nothing expected to fail.
    assert re.search(r"^\d+ passed, \d+ deselected in ", told, re.MULTILINE), told


def test_the_files_that_follow_from_the_code_are_written_with_them(tree: Path) -> None:
    openapi, sentences, counts = ((tree / name).read_text() for name in DERIVED)
    assert '"/moonshots"' in openapi and '"/whatnots"' in openapi
    assert 'msgid "Minutes of downtime"' in sentences
    assert "api: moonshots, list" in json.loads(counts)
    before, after = json.loads((ROOT / DERIVED[2]).read_text()), json.loads(counts)
    # Both are work, and somebody's work of two types more is asked for.
    assert {name for name in before if before[name] != after[name]} == {
        MY_WORK,
        WORKLOAD,
    }


def test_the_page_says_how() -> None:
    targets = (ROOT / "Makefile").read_text()
    for said, done in (
        ("make migrations ARGS=releases", "makemigrations $(ARGS)"),
        ("make derived", "tools/derived.py"),
    ):
        assert said in PAGE
        assert done in targets
    assert "`INSTALLED_APPS`" in PAGE
    assert all(Path(name).name in PAGE for name in DERIVED)


def test_the_page_says_what_one_costs(tree: Path) -> None:
    before, counts = (json.loads((root / DERIVED[2]).read_text()) for root in (ROOT, tree))
    said = dict(re.findall(r"^\| ([a-z][^|]*?) \| (\d+) \|$", PAGE, re.MULTILINE))
    room, tests = tree / PRACTICES / "whatnots", tree / "tests" / "practices" / "whatnots"
    costs = {
        **{f"lines of `{path.name}`": lines(path) for path in sorted(room.glob("*.py"))},
        "lines of its migration": sum(lines(path) for path in room.glob("migrations/*.py")),
        "lines of its tests": sum(lines(path) for path in tests.glob("*.py")),
        "files, without migration and tests": len(list(room.glob("*.py"))),
        "statements: a list over REST": counts["api: whatnots, list"],
        "statements: a record over REST": counts["api: whatnots, get"],
        # Both that were made are work.
        'statements: "my work", more than before': (counts[MY_WORK] - before[MY_WORK]) / 2,
    }
    assert {what: int(count) for what, count in said.items()} == costs


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())
