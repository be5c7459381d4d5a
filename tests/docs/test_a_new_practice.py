"""The page about a new practice is enough to make one: done as it says, the product has it everywhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import ROOT, environment

NO_NEED = shutil.ignore_patterns("__pycache__", "dist", ".*_cache")
WORDS = {
    r"catalogue": "releases",
    r"Catalogue": "Releases",
    r"\bServices\b": "Releases",
    r"\bservices\b": "releases",
    r"\bService\b": "Release",
    r"\bservice\b(?!-)": "release",
    r"\bSVC\b": "REL",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with one practice more: the smallest one, under another name."""
    tree = tmp_path_factory.mktemp("tree")
    for part in ("mainstay", "tests"):
        shutil.copytree(ROOT / part, tree / part, ignore=NO_NEED)
    for part in ("pyproject.toml", ".importlinter"):
        shutil.copy(ROOT / part, tree)
    room = tree / "mainstay" / "practices" / "releases"
    shutil.copytree(
        room.with_name("catalogue"),
        room,
        ignore=shutil.ignore_patterns("migrations", "__pycache__"),
    )
    for path in room.glob("*.py"):
        text = path.read_text()
        for old, new in WORDS.items():
            text = re.sub(old, new, text)
        path.write_text(text)
    settings = tree / "mainstay" / "config" / "settings" / "base.py"
    last = '    "mainstay.practices.incidents",\n'
    assert settings.read_text().count(last) == 1
    settings.write_text(
        settings.read_text().replace(last, f'{last}    "mainstay.practices.releases",\n')
    )
    made = python(tree, "-m", "django", "makemigrations", "releases")
    assert "Create model Release" in made
    return tree


def python(tree: Path, *words: str) -> str:
    known = {"PYTHONPATH": str(tree), "DJANGO_SETTINGS_MODULE": "mainstay.config.settings.test"}
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, env=environment(**known), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_product_knows_it(tree: Path) -> None:
    assert "9 record types" in python(tree, "-m", "mainstay", "check")
    assert "mainstay/practices/releases/" in python(
        tree, "-m", "mainstay", "explain", "release.create"
    )
    assert "retired" in python(tree, "-m", "mainstay", "draw", "release")


def test_the_conformance_suite_holds_for_it(tree: Path) -> None:
    """Alone and without a cache: the copy is another project, this run's plugins are not its own."""
    suite = "tests/conformance/test_every_record_type.py"
    told = python(
        tree, "-m", "pytest", suite, "-k", "release", "-p", "no:cacheprovider", "-p", "no:xdist"
    )
    assert re.search(r"^[.\s]+\[100%\]", told), told


def test_the_page_says_how() -> None:
    page = (ROOT / "docs" / "inside" / "a-new-practice.md").read_text()
    assert "make migrations ARGS=releases" in page
    assert "makemigrations $(ARGS)" in (ROOT / "Makefile").read_text()
    assert "`INSTALLED_APPS`" in page
