"""Which test shows which row, read from the markers in the syntax trees of all tests: quick, and nothing is run."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parent.parent
PAGE = TESTS.parent / "docs" / "inside" / "attacks.md"
HEADING = "## Rows\n"


def rows() -> dict[str, str]:
    """Every row of the catalogue by its id, with what is attacked in a few words."""
    groups: Mapping[str, Mapping[str, str]] = tomllib.loads((HERE / "rows.toml").read_text())
    return {row: name for group in groups.values() for row, name in group.items()}


def not_yet() -> dict[str, str]:
    """By row, what must exist before it can be shown."""
    return tomllib.loads((HERE / "not_yet.toml").read_text())


def still_open() -> dict[str, str]:
    """By row, what of an attack that applies today no test shows."""
    return tomllib.loads((HERE / "open.toml").read_text())


def shown() -> dict[str, list[str]]:
    """By row, the tests that say they show it."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for test, row in marked(path.read_text()):
            found.setdefault(row, []).append(f"{path.relative_to(TESTS)}::{test}")
    return found


def page() -> str:
    """The page about attacks with its table written anew: what is shown and where, and how much waits."""
    proven, waiting, unproven = shown(), not_yet(), still_open()
    said = (
        f"{len(proven)} rows are shown, {len(waiting)} wait for what does not exist yet, "
        f"{len(unproven)} apply and are open."
    )
    lines = ["", said, "", "| row | attack | shown in |", "|---|---|---|"]
    for row, name in rows().items():
        if row in proven:
            files = sorted({f"`{test.partition('::')[0]}`" for test in proven[row]})
            lines.append(f"| {row} | {name} | {', '.join(files)} |")
    return PAGE.read_text().partition(HEADING)[0] + HEADING + "\n".join(lines) + "\n"


def marked(source: str) -> Iterator[tuple[str, str]]:
    """(test, row) for each row named by a marker on a test."""
    if "mark.attack" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for decorator in node.decorator_list:
                for row in _named(decorator):
                    yield node.name, row


def _named(decorator: ast.expr) -> list[str]:
    is_ours = (
        isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.attack"
    )
    return [ast.literal_eval(argument) for argument in decorator.args] if is_ours else []  # type: ignore[attr-defined]
