"""Commands in the documents do what the documents say.

A block fenced as ```console run``` is run, in an empty folder, the blocks of one document one after
another. Lines after a command are what it must print; … stands for anything, on a line or in it.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.programs import ROOT, mainstay

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
    done = mainstay(*words[1:], folder=folder)
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
