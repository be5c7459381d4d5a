"""Write the lower half of the engine's pages in docs/inside/engine from the code, and the lines of their index.

There is a page for each file of the two lowest floors. What stands above the mark is written by hand and kept; below
it stand the file's public names with what they promise, who imports the file, and what it imports of ours. The code is
read and not run: `.venv/bin/python -m tools.inside`, or `make derived` with the other files that follow from it.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tools.reference import code, whole

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mainstay"
TARGET = ROOT / "docs" / "inside" / "engine"
MARK = "<!-- below: written by tools/inside.py from the code -->"
# From below; the engine is the first two.
FLOORS = (
    "pure", "records", "directory", "surfaces", "capabilities", "practices", "doors", "config",
)  # fmt: skip
ENGINE = FLOORS[:2]
# A longer value is read in the file.
MOST_LINES = 12
# How an instance is made or called stands with its class.
SHOWN = ("__init__", "__call__")
# A line of the index: what follows the link is written anew.
LINE = re.compile(r"^- \[`([^`]+)`\]\(([^)]+)\).*$", re.MULTILINE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Use:
    """What one file imports of another: the whole of it, or these names."""

    names: list[str] = field(default_factory=list)
    for_types: bool = True


@dataclass(frozen=True)
class File:
    """A file of the package, read and not run."""

    path: Path

    @cached_property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @cached_property
    def module(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts).removesuffix(".__init__")

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def has_page(self) -> bool:
        """Migrations tell of the past; a package's own file counts where it says what others may import from it."""
        parts = self.name.split("/")
        if parts[0] not in ENGINE or "migrations" in parts:
            return False
        return parts[-1] != "__init__.py" or "__all__" in self.text

    @property
    def called(self) -> str:
        return self.name.removesuffix("__init__.py")

    @property
    def page(self) -> str:
        return re.sub(r"__init__$", "README", self.name.removesuffix(".py")) + ".md"

    @property
    def height(self) -> tuple[int, str]:
        """Where it stands among others: its floor, its room before those inside it, its name."""
        floor = self.name.split("/")[0]
        at = FLOORS.index(floor) if floor in FLOORS else len(FLOORS)
        return at, f"{self.path.parent}/ {self.path.name}"

    @property
    def sentence(self) -> str:
        """The first paragraph of what it says of itself."""
        return " ".join(told(self.tree).split("\n\n")[0].split())

    def link(self, at: File, word: str = "") -> str:
        way = os.path.relpath(TARGET / self.page, (TARGET / at.page).parent)
        return f"[`{word or self.called}`]({way})"


class Package:
    """Every file of ours by the name of its module, and who imports whom."""

    def __init__(self) -> None:
        files = sorted(map(File, PACKAGE.rglob("*.py")), key=lambda file: file.height)
        self.files = {file.module: file for file in files}
        self.uses = {file.module: self._uses(file) for file in files}

    def _uses(self, file: File) -> dict[str, Use]:
        found: dict[str, Use] = {}
        for node in file.tree.body:
            for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for each in ast.walk(node):
                for module, name in self._imported(each):
                    use = found.setdefault(module, Use())
                    use.names += [name] if name and name not in use.names else []
                    use.for_types &= for_types
        found.pop(file.module, None)
        return found

    def _imported(self, node: ast.AST) -> Iterator[tuple[str, str]]:
        """Modules and names of theirs; in a text as well, as config/ imports what must wait for Django."""
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module in self.files:
                for alias in names:
                    inner = f"{module}.{alias.name}"
                    yield (inner, "") if inner in self.files else (module, alias.name)
            case ast.Import(names=names):
                yield from ((alias.name, "") for alias in names if alias.name in self.files)
            case ast.Constant(value=str(text)) if text.startswith("mainstay."):
                module, _, name = text.rpartition(".")
                if text in self.files:
                    yield text, ""
                elif module in self.files:
                    yield module, name


def told(node: ast.Module | ast.ClassDef | Function) -> str:
    """What it says of itself, as Markdown: signs that would become markup stay what they are."""
    lines = (ast.get_docstring(node) or "").splitlines()
    return "\n".join(line if line.startswith("    ") else _plain(line) for line in lines)


def _plain(line: str) -> str:
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(p if p.startswith("`") else re.sub(r"([*<\[])", r"\\\1", p) for p in parts)


def _is_public(name: str) -> bool:
    return not name.startswith("_")


def public(tree: ast.Module) -> dict[str, ast.stmt]:
    """What others may use, by name: classes and functions as they come, then constants. A log is nobody else's."""
    made = [n for n in tree.body if isinstance(n, ast.ClassDef | Function) and _is_public(n.name)]
    constants = {
        name: node
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and "getLogger(" not in ast.unparse(node)
        for name in _assigned(node)
    }
    return {node.name: node for node in made} | constants


def _assigned(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [each.id for t in targets for each in ast.walk(t) if isinstance(each, ast.Name)]
    return [name for name in names if _is_public(name)]


def methods(node: ast.ClassDef) -> list[Function]:
    """Public ones; what a protocol only asks for stands with its fields."""
    functions = [each for each in node.body if isinstance(each, Function)]
    return [each for each in functions if _is_public(each.name) and not _is_asked_for(each)]


def _is_asked_for(node: Function) -> bool:
    return ast.unparse(node.body[-1]) == "..."


def of_file(file: File, package: Package) -> Iterator[str]:
    """The part below the mark."""
    way = os.path.relpath(file.path, (TARGET / file.page).parent)
    yield from (f"[mainstay/{file.name}]({way}) says of itself:", "")
    yield from (f"> {line}".rstrip() for line in told(file.tree).splitlines())
    yield from ("", "## What it offers", "")
    lines = file.text.splitlines()
    for name, node in public(file.tree).items():
        yield from _section(name, node, lines)
    if file.path.name == "__init__.py":
        passed_on = package.uses[file.module].items()
        yield from (
            f"- of {package.files[m].link(file)}: {code(use.names)}" for m, use in passed_on
        )
        yield ""
    yield from ("## Who uses it", "")
    yield from _users(file, package)
    yield from ("", "## Stands on", "")
    yield from _grounds(file, package)


def _section(name: str, node: ast.stmt, lines: list[str]) -> Iterator[str]:
    yield from (f"### `{name}`", "")
    if isinstance(node, ast.ClassDef):
        yield from (*_fence(_class(node, lines)), told(node), "")
        for each in methods(node):
            yield from (f"#### `{name}.{each.name}`", "")
            yield from (*_fence(_head(each, lines)), told(each), "")
    elif isinstance(node, Function):
        yield from (*_fence(_head(node, lines)), told(node), "")
    else:
        yield from _fence(_constant(node, lines))


def _fence(lines: list[str]) -> Iterator[str]:
    left = len(lines[0]) - len(lines[0].lstrip())
    yield from ("```python", *(line[left:] for line in lines), "```", "")


def _head(node: ast.ClassDef | Function, lines: list[str]) -> list[str]:
    """As it is written, from its decorators to the colon."""
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
    body = node.body[0]
    if body.lineno == node.lineno:
        own = lines[node.lineno - 1][: body.col_offset].rstrip().removesuffix(":")
        return [*lines[first : node.lineno - 1], own]
    head = lines[first : body.lineno - 1]
    while not head[-1].endswith(":"):
        head.pop()
    return [*head[:-1], head[-1].removesuffix(":")]


def _class(node: ast.ClassDef, lines: list[str]) -> list[str]:
    """Its head with its fields, their comments, and how it is made."""
    held: list[str] = []
    before = node.lineno
    for each in node.body:
        if isinstance(each, Function) and (each.name in SHOWN or _is_asked_for(each)):
            held += _head(each, lines)
        elif isinstance(each, ast.Assign | ast.AnnAssign) and _assigned(each):
            held += [line for line in lines[before : each.end_lineno] if line.strip()]
        before = each.end_lineno or before
    head = _head(node, lines)
    return [*head[:-1], f"{head[-1]}:", *held] if held else head


def _constant(node: ast.stmt, lines: list[str]) -> list[str]:
    """With the comment over it; a long value is cut."""
    first = node.lineno - 1
    while first and lines[first - 1].startswith("# ") and "----" not in lines[first - 1]:
        first -= 1
    found = lines[first : node.end_lineno]
    return found if len(found) <= MOST_LINES else [*found[: MOST_LINES - 1], "…"]


def _users(file: File, package: Package) -> Iterator[str]:
    """A line for each room, from below, with the files there that import this one."""
    rooms: dict[str, dict[str, None]] = {}
    for module, other in package.files.items():
        if file.module in package.uses[module]:
            folder, past, _ = other.name.rpartition("migrations/")
            room = folder.rstrip("/") if past else "/".join(other.name.split("/")[:-1][:2])
            word = past or other.name.removeprefix(f"{room}/")
            shown = other.link(file, word) if other.has_page else f"`{word}`"
            rooms.setdefault(room or "mainstay", {})[shown] = None
    yield from (f"- {room}: {', '.join(words)}" for room, words in rooms.items())
    yield from () if rooms else ("No file of ours imports it.",)


def _grounds(file: File, package: Package) -> Iterator[str]:
    """The files of ours it imports, from above, with the names it takes."""
    uses, passes_on = package.uses[file.module], file.path.name == "__init__.py"
    found = [module for module in reversed(package.files) if module in uses]
    for module in found:
        taken = [] if passes_on else uses[module].names
        names = f": {code(taken)}" if taken else ""
        types = " (for its types)" if uses[module].for_types else ""
        if package.files[module].has_page:
            yield f"- {package.files[module].link(file)}{names}{types}"
    yield from () if found else ("Nothing of ours.",)


def index(text: str, files: Iterable[File]) -> str:
    """With each file's sentence behind its link; groups, order and every other word stay as they are."""
    said = {file.page: file.sentence for file in files}
    return LINE.sub(lambda line: f"- [`{line[1]}`]({line[2]}): {said.get(line[2], 'gone')}", text)


def by_hand(text: str) -> str:
    """What stands above the mark."""
    return text.partition(MARK)[0].rstrip("\n")


def pages() -> dict[str, str]:
    """The text of every page and of the index by where it stands, with what is written by hand there."""
    package = Package()
    files = [file for file in package.files.values() if file.has_page]
    written = {"README.md": index((TARGET / "README.md").read_text(), files)}
    for file in files:
        place = TARGET / file.page
        above = by_hand(place.read_text()) if place.exists() else f"# `{file.called}`"
        written[file.page] = whole([above, "", MARK, "", *of_file(file, package)])
    return written


def main() -> None:
    there = pages()
    for name, text in there.items():
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        (TARGET / name).write_text(text)
    # Somebody wrote half of it: whoever takes a file away says what becomes of its page.
    for path in sorted(TARGET.rglob("*.md")):
        if path.relative_to(TARGET).as_posix() not in there:
            print(f"{path.relative_to(ROOT)}: there is no such file any more")
    print(f"{len(there)} pages in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
