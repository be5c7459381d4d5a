"""Write mainstay/locale/django.pot, every sentence of the product that can be translated, and bring the languages up.

Sentences stand in Python below gettext's names, in templates, and, unmarked, as the names of columns.
No line numbers are kept, so the files change only when a sentence does. Run it after changing one:

    .venv/bin/python tools/messages.py                 the catalogue, and what is new or gone in each language
    .venv/bin/python tools/messages.py --missing de    what is not translated yet, as it is to be filled in
    .venv/bin/python tools/messages.py --fill de FILE  take over what was filled in; a language is begun so, too
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import catalogues  # noqa: E402
from tools.catalogues import Message, Texts  # noqa: E402

PACKAGE = ROOT / "mainstay"
TARGET = PACKAGE / "locale" / "django.pot"
PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "noop", "kept"}
COUNTED = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
COUNTED_IN_CONTEXT = {"npgettext", "npgettext_lazy"}
SOURCES = ("django.utils.translation", "mainstay.pure.language", "mainstay.surfaces.web.formats")
HEADER = """# Sentences of Mainstay; written by tools/messages.py.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
HEAD = ("", "", "")


def in_python(path: Path) -> Iterator[Message]:
    """The sentences a module hands to gettext, under whatever names it imported it."""
    tree = ast.parse(path.read_text())
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in SOURCES
        for alias in node.names
    }
    # A module may have its own, as quick as it needs it.
    names |= {node.name: node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = names.get(getattr(node.func, "id", getattr(node.func, "attr", "")), "")
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            yield from _said(function, [text for text in texts if isinstance(text, str)])


def _said(function: str, texts: list[str]) -> Iterator[Message]:
    if function in PLAIN and texts:
        yield "", texts[0], ""
    elif function in COUNTED and len(texts) == 2:
        yield "", texts[0], texts[1]
    elif function in IN_CONTEXT and len(texts) == 2:
        yield texts[0], texts[1], ""
    elif function in COUNTED_IN_CONTEXT and len(texts) == 3:
        yield texts[0], texts[1], texts[2]


def in_templates() -> Iterator[Message]:
    from mainstay.surfaces.web.jinja import FOLDERS, environment

    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.html")):
            for _line, function, found in environment().extract_translations(path.read_text()):
                texts = [found] if isinstance(found, str) else [t for t in found if t]
                yield from _said("gettext" if function == "_" else function, texts)


def in_columns() -> Iterator[Message]:
    """Fields are called as their columns are."""
    from mainstay.records import fields
    from mainstay.records.types import shelf

    for rtype in shelf:
        for field in fields.of(rtype).values():
            if isinstance(field.label, str):
                yield "", field.label, ""


def everything() -> set[Message]:
    """Needs Django to be set up."""
    modules = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    found = {message for path in modules for message in in_python(path)}
    found |= {*in_templates(), *in_columns()}
    counted = {(context, text) for context, text, plural in found if plural}
    return {m for m in found if m[1] and (m[2] or m[:2] not in counted)}


def catalogue(messages: set[Message]) -> str:
    return catalogues.written(HEADER, {m: ("", "") if m[2] else ("",) for m in messages})


def translation(path: Path, messages: set[Message]) -> str:
    """A language's file brought up: what is new stands there empty, what is gone is gone."""
    known = catalogues.read(path)
    text = path.read_text()
    # The head is the translators': their notes, and the plural forms of the language.
    head = text.partition("\n\n")[0] + "\n"
    forms = int(known[HEAD][0].partition("nplurals=")[2].partition(";")[0])
    none = {m: ("",) * (forms if m[2] else 1) for m in messages}
    return catalogues.written(head, {m: known.get(m, none[m]) for m in messages})


def missing(path: Path) -> dict[Message, Texts]:
    return {m: texts for m, texts in catalogues.read(path).items() if not all(texts)}


def fill(path: Path, filled: Path) -> int:
    """Takes over from another file what stands in this one; how much it was."""
    known = catalogues.read(path)
    new = {m: t for m, t in catalogues.read(filled).items() if m in known and m != HEAD and all(t)}
    head = path.read_text().partition("\n\n")[0] + "\n"
    path.write_text(catalogues.written(head, {m: t for m, t in (known | new).items() if m != HEAD}))
    return len(new)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--missing", metavar="LANGUAGE", help="print what is not translated yet")
    parser.add_argument("--fill", nargs=2, metavar=("LANGUAGE", "FILE"), help="take it over")
    wanted = parser.parse_args()
    if wanted.missing:
        print(catalogues.written("", missing(catalogues.of(wanted.missing))))
        return
    if wanted.fill:
        print(f"{fill(catalogues.of(wanted.fill[0]), Path(wanted.fill[1]))} taken over")
        catalogues.build()
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings.test")
    import django

    django.setup()
    messages = everything()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(catalogue(messages))
    print(f"{len(messages)} sentences in {TARGET.relative_to(ROOT)}")
    for path in catalogues.files():
        path.write_text(translation(path, messages))
        if left := len(missing(path)):
            print(f"{left} of them not translated in {path.relative_to(ROOT)}")
    catalogues.build()


if __name__ == "__main__":
    main()
