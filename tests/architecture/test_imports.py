"""The import contracts of .importlinter hold, and would be noticed if they did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(tree), "NO_COLOR": "1"}
    command = [*LINT, "--no-cache"]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package's modules, to plant a mistake in."""
    nothing_else = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
    shutil.copytree(ROOT / "mainstay", tmp_path / "mainstay", ignore=nothing_else)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "planted", "contract"),
    [
        ("records/__init__.py", "import mainstay.surfaces", "Imports go down only"),
        ("pure/__init__.py", "import django", "pure knows no framework"),
        ("surfaces/__init__.py", "import mainstay.records.models", "Surfaces and doors never"),
    ],
)
def test_a_planted_import_is_caught(copy: Path, file: str, planted: str, contract: str) -> None:
    module = copy / "mainstay" / file
    module.write_text(module.read_text() + f"\n{planted}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_practices_that_know_each_other_are_caught(copy: Path) -> None:
    for name, text in (
        ("planted_one", ""),
        ("planted_two", "import mainstay.practices.planted_one\n"),
    ):
        room = copy / "mainstay" / "practices" / name
        room.mkdir()
        (room / "__init__.py").write_text(text)
    done = lint(copy)
    assert done.returncode == 1
    assert "Practices stand alone BROKEN" in done.stdout
