"""Commands in the documents do what the documents say.

A block fenced as ```console run``` is run, in an empty folder, the blocks of one document one after
another. Lines after a command are what it must print; … stands for anything, on a line or in it.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^ *```console run\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    candidates = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path for path in candidates if BLOCK.search(path.read_text()))


def commands(document: Path) -> list[tuple[str, list[str]]]:
    """Each command with the lines that must follow it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(document.read_text()):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def pattern(lines: list[str]) -> re.Pattern[str]:
    text = re.escape("\n".join(line.rstrip() for line in lines))
    return re.compile(text.replace("…", ".*?") + r"\s*\Z", re.DOTALL)


def run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    assert words[0] == "mainstay", "only Mainstay's own commands are run from documents"
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MAINSTAY_")}
    ours |= {"DJANGO_SETTINGS_MODULE": "mainstay.config.settings.base", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=ours,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize(
    "document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_the_commands_of(document: Path, tmp_path: Path) -> None:
    for command, expected in commands(document):
        printed = run(command, tmp_path)
        if expected:
            assert pattern(expected).match(printed), f"$ {command}\n{printed}"
