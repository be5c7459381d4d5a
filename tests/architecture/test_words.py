"""Whatever people read can be translated: no template says anything beside gettext, and the catalogue holds it all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from jinja2 import nodes

from mainstay.surfaces.web.jinja import FOLDERS, environment
from tests.programs import ROOT
from tools import messages

# What the page of components shows in them are samples, for those who build pages.
SAMPLES = "reference"
TEMPLATES = sorted(
    path for folder in FOLDERS for path in folder.rglob("*.html") if path.parent.name != SAMPLES
)
LOGIC = re.compile(
    r"\{#.*?#\}|\{% *(?:trans|pluralize).*?%\}.*?\{% *endtrans *%\}|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|content)="([^"]*)"')
# Tags, and the attributes a macro writes into one.
MARKUP = re.compile(r"<[^>]*>|[\w:-]+=\"[^\"]*\"", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
# The name of the product, and what only machines read.
NO_WORDS = {"Mainstay"}
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "noop", "say"}
# Refusals people read, whatever door they come by, and what tells a page's reader something.
ANSWERS = {
    "Refused", "Denied", "Illegal", "MovedOn", "Stale", "Invalid", "Misplaced", "NoRoom", "Incomplete",
    "done", "tell", "redirect", "taken_back",
}  # fmt: skip
# What only commands of the console say, to whoever runs a site: it speaks English.
AT_THE_CONSOLE = (
    "config/cli", "config/demo", "records/replay.py", "doors/compat/servicenow/log.py",
    "capabilities/search/rebuilding.py",
)  # fmt: skip
META = re.compile(r"<meta[^>]*>|<!doctype[^>]*>", re.IGNORECASE)


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(FOLDERS[0].parents[2]).as_posix()
)
def test_a_template_says_nothing_beside_gettext(path: Path) -> None:
    text = META.sub("", LOGIC.sub(" ", path.read_text()))
    said = [*SPOKEN.findall(text), MARKUP.sub(" ", text)]
    words = {word for part in said for word in WORD.findall(part)}
    assert words <= NO_WORDS


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(FOLDERS[0].parents[2]).as_posix()
)
def test_nor_does_what_it_calls(path: Path) -> None:
    """A sentence in quotes is as bare as one in the text, whatever it is handed to."""
    assert [text for text in bare(environment().parse(path.read_text())) if told(text)] == []


def test_no_answer_in_the_code_is_said_beside_gettext() -> None:
    """What is raised for a person to read, and what a page tells."""
    wrong = []
    for path in sorted((ROOT / "mainstay").rglob("*.py")):
        if path.relative_to(ROOT / "mainstay").as_posix().startswith(AT_THE_CONSOLE):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and name_of(node.func) in ANSWERS:
                said = (text for part in ast.iter_child_nodes(node) for text in unmarked(part))
                wrong += [f"{path.relative_to(ROOT)}:{node.lineno}: {t}" for t in said if told(t)]
    assert wrong == []


def told(text: str) -> bool:
    """Whether somebody could read it as words: no name, class, address or piece of markup."""
    return bool(re.match(r"[A-Z][\w’']+[,:]? [\w{%(]", text.strip())) and "<" not in text


def bare(node: nodes.Node) -> Iterator[str]:
    """The texts in quotes of a template that are not handed to gettext."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    is_call = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)
    if not (is_call and node.node.name in GETTEXT):  # type: ignore[attr-defined]
        for child in node.iter_child_nodes():
            yield from bare(child)


def unmarked(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not (isinstance(node, ast.Call) and name_of(node.func) in GETTEXT):
        for child in ast.iter_child_nodes(node):
            yield from unmarked(child)


def name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_the_catalogue_holds_every_sentence() -> None:
    anew = "sentences changed; write the catalogue anew: .venv/bin/python tools/messages.py"
    assert messages.TARGET.read_text() == messages.catalogue(messages.everything()), anew


def test_the_catalogue_stands_where_django_looks() -> None:
    assert messages.TARGET.parent == ROOT / "mainstay" / "locale"
    assert [Path(folder) for folder in settings.LOCALE_PATHS] == [messages.TARGET.parent]
    for text in (
        "Too many tries. Try again in %(n)d minute.",
        "learning",
        "%(field)s is set",
        "Name",
    ):
        assert f'msgid "{text}"' in messages.TARGET.read_text()
