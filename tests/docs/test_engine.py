"""docs/inside/engine has a page for every file of the engine, a section for whatever is public, and words of people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import ROOT
from tools import inside

PAGES = ROOT / "docs" / "inside" / "engine"
PACKAGE = ROOT / "mainstay"
FLOORS = ("records", "pure")
LINE = re.compile(r"^- \[`(.+?)`\]\((.+?)\)", re.MULTILINE)
HEADING = re.compile(r"^###+ `(.+)`$", re.MULTILINE)
Function = ast.FunctionDef | ast.AsyncFunctionDef
SENTENCE = re.compile(r"\w[\w`)\"']*[.:?!](?=\s|$)")


def files() -> dict[str, Path]:
    """By the page each must have. A package's own file has one where it passes names on."""
    found = {}
    for path in (path for floor in FLOORS for path in (PACKAGE / floor).rglob("*.py")):
        name = path.relative_to(PACKAGE).with_suffix(".md").as_posix()
        if "migrations" in path.parts or (
            path.stem == "__init__" and "import" not in path.read_text()
        ):
            continue
        found[name.replace("__init__.md", "README.md")] = path
    return found


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Every name that others may use, `Class.method` for what a class offers."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign) and not _is_log(node):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (
                (name.id, name)
                for t in targets
                for name in ast.walk(t)
                if isinstance(name, ast.Name)
            )
        if isinstance(node, ast.ClassDef):
            inner = [each for each in node.body if isinstance(each, Function)]
            # What a protocol asks for is no offer.
            there = [each for each in inner if ast.unparse(each.body[0]) != "..."]
            yield from ((f"{node.name}.{each.name}", each) for each in there)


def _is_log(node: ast.Assign | ast.AnnAssign) -> bool:
    return node.value is not None and ast.unparse(node.value).startswith("logging.")


def is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


every_page = pytest.mark.parametrize("page", sorted(files()))


def test_every_file_has_its_page_and_no_page_is_of_a_file_that_is_gone() -> None:
    there = {path.relative_to(PAGES).as_posix() for path in PAGES.rglob("*") if path.is_file()}
    assert there == {*files(), "README.md"}


@every_page
def test_whatever_is_public_says_what_it_promises_and_has_its_section(page: str) -> None:
    named = [(name, node) for name, node in public(files()[page]) if not is_private(name)]
    sections = HEADING.findall((PAGES / page).read_text())
    assert sorted(sections) == sorted(name for name, _ in named)
    made = [(n, node) for n, node in named if isinstance(node, Function | ast.ClassDef)]
    assert [name for name, node in made if not ast.get_docstring(node)] == []


@every_page
def test_somebody_has_written_what_a_file_is_for(page: str) -> None:
    above, mark, _ = (PAGES / page).read_text().partition(inside.MARK)
    title, _, words = above.partition("\n")
    name = files()[page].relative_to(PACKAGE).as_posix().removesuffix("__init__.py")
    assert (title, mark) == (f"# `{name}`", inside.MARK)
    assert len(SENTENCE.findall(words)) >= 2


def test_what_is_below_the_mark_is_what_the_code_says() -> None:
    """After a change: `make derived`, or `.venv/bin/python -m tools.inside`."""
    kept = {path.relative_to(PAGES).as_posix(): path.read_text() for path in PAGES.rglob("*.md")}
    written = inside.pages()
    assert [name for name in written if kept.get(name) != written[name]] == []


def test_the_index_names_every_page_once_with_its_file() -> None:
    lines = LINE.findall((PAGES / "README.md").read_text())
    assert sorted(page for _, page in lines) == sorted(files())
    for name, page in lines:
        assert (PACKAGE / name).exists() and page == inside.File(files()[page]).page, name
