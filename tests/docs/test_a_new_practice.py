"""The page about a new practice is enough to make one: done as it says, the product has it everywhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import ROOT, environment

PAGE = (ROOT / "docs" / "inside" / "a-new-practice.md").read_text()
NO_NEED = shutil.ignore_patterns("__pycache__", ".*_cache")
# The folder somebody writes by the page: a type of its own, unlike those there are.
WRITTEN = Path(__file__).with_name("releases")
SETTINGS = "mainstay/config/settings/base.py"
DERIVED = (
    "mainstay/surfaces/api/openapi.json",
    "mainstay/locale/django.pot",
    "tests/conformance/query_counts.json",
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with one practice more, made in the page's steps."""
    tree = tmp_path_factory.mktemp("tree")
    for part in ("mainstay", "tests", "tools"):
        shutil.copytree(ROOT / part, tree / part, ignore=NO_NEED)
    for part in ("pyproject.toml", ".importlinter"):
        shutil.copy(ROOT / part, tree)
    shutil.copytree(WRITTEN, tree / "mainstay" / "practices" / "releases", ignore=NO_NEED)
    settings = tree / SETTINGS
    last = '    "mainstay.practices.incidents",\n'
    assert settings.read_text().count(last) == 1
    settings.write_text(
        settings.read_text().replace(last, f'{last}    "mainstay.practices.releases",\n')
    )
    made = python(tree, "-m", "django", "makemigrations", "releases")
    assert "Create model Release" in made
    python(tree, "tools/derived.py")
    return tree


def python(tree: Path, *words: str) -> str:
    known = {"PYTHONPATH": str(tree), "DJANGO_SETTINGS_MODULE": "mainstay.config.settings.test"}
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, env=environment(**known), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def holds(tree: Path, *words: str) -> None:
    """Alone and without a cache: the copy is another project, this run's plugins are not its own."""
    told = python(tree, "-m", "pytest", *words, "-p", "no:cacheprovider", "-p", "no:xdist")
    # Nothing skipped, nothing expected to fail.
    assert re.search(r"^\d+ passed(, \d+ deselected)? in ", told, re.MULTILINE), told


def types_of(tree: Path) -> int:
    told = re.search(r"(\d+) record types, .* no mistake", python(tree, "-m", "mainstay", "check"))
    assert told
    return int(told[1])


def test_the_product_knows_it(tree: Path) -> None:
    there, here = types_of(tree), types_of(ROOT)
    assert there == here + 1
    story = python(tree, "-m", "mainstay", "explain", "release.launch")
    assert "mainstay/practices/releases/record.py:" in story
    assert "needs is_rehearsed, downtime, live_at, notes" in story
    assert "dropped" in python(tree, "-m", "mainstay", "draw", "release")


def test_the_conformance_suite_holds_for_it(tree: Path) -> None:
    holds(tree, "tests/conformance", "-k", "release")


def test_the_files_that_follow_from_the_code_are_written_with_it(tree: Path) -> None:
    openapi, sentences, counts = ((tree / name).read_text() for name in DERIVED)
    assert '"/releases"' in openapi
    assert 'msgid "Minutes of downtime"' in sentences
    assert "api: releases, list" in json.loads(counts)
    before, after = json.loads((ROOT / DERIVED[2]).read_text()), json.loads(counts)
    # Releases are work, and somebody's work of one type more is asked for.
    assert {name for name in before if before[name] != after[name]} == {"web: my work"}
    holds(tree, "tests/surfaces/api/test_openapi.py", "tests/architecture/test_one_way_in.py")


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
    for path in WRITTEN.glob("*.py"):
        assert f"`{path.name}`" in PAGE
