"""Look at the code without running the product: style, types, contracts, declarations.

Sizes are printed and never fail: they are a hint where to look, not a rule.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ["mainstay", "tests", "tools", "hatch_build.py"]
LONG_FILE, LONG_FUNCTION = 300, 40
STEPS = {
    "style": [BIN / "ruff", "check", *CODE],
    "format": [BIN / "ruff", "format", "--check", "--quiet", *CODE],
    "types": [BIN / "mypy", "--strict", "mainstay/pure", "mainstay/records"],
    "imports": [BIN / "lint-imports"],
    "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "declarations": [sys.executable, "-m", "mainstay", "check"],
}


def run(title: str, command: list[str | Path], data: str) -> bool:
    """Whether a step finds nothing to complain about; only complaints are printed."""
    known = {"MAINSTAY_DATA": data, "DJANGO_SETTINGS_MODULE": "mainstay.config.settings.test"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | known,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(f"── {title}\n{done.stdout}", flush=True)
    return done.returncode == 0


def written() -> Iterator[Path]:
    """Every file that somebody wrote to be run: migrations are written by a program."""
    for folder in ("mainstay", "tools", "tests"):
        yield from (p for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts)
    for folder in ("js", "css"):
        yield from (ROOT / "frontend" / folder).rglob(f"*.{folder}")


def outliers() -> list[str]:
    """Files and functions longer than we aim at, longest first."""
    found: list[tuple[int, str]] = []
    for path in written():
        text = path.read_text()
        name = path.relative_to(ROOT).as_posix()
        if (length := text.count("\n")) > LONG_FILE:
            found.append((length, name))
        for node in ast.walk(ast.parse(text)) if path.suffix == ".py" else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONG_FUNCTION:
                    found.append((length, f"{name}:{node.lineno} {node.name}"))
    return [f"{length:>5} lines  {name}" for length, name in sorted(found, reverse=True)]


def main() -> int:
    with tempfile.TemporaryDirectory() as data:
        failed = [title for title, command in STEPS.items() if not run(title, command, data)]
    if large := outliers():
        print(f"── larger than we aim at ({LONG_FILE} lines a file, {LONG_FUNCTION} a function)")
        print("\n".join(large))
    print(f"\nNot in order: {', '.join(failed)}" if failed else "\nAll in order.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
