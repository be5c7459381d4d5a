"""Write mainstay/locale/django.pot: every sentence of the product that can be translated.

Sentences stand in Python below gettext's names, in templates, and, unmarked, as the names of columns.
No line numbers are kept, so the file changes only when a sentence does. Run it after changing one:
`.venv/bin/python tools/messages.py`.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mainstay"
TARGET = PACKAGE / "locale" / "django.pot"
PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "noop"}
COUNTED = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
SOURCES = ("django.utils.translation", "mainstay.pure.language", "mainstay.surfaces.web.formats")
HEADER = """# Sentences of Mainstay; written by tools/messages.py.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
# context, sentence, plural
Message = tuple[str, str, str]


def in_python(path: Path) -> Iterator[Message]:
    """The sentences a module hands to gettext, under whatever names it imported it."""
    tree = ast.parse(path.read_text())
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in SOURCES
        for alias in node.names
    }
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
    entries = [HEADER]
    for context, text, plural in sorted(messages, key=lambda m: (m[1], m[0])):
        lines = ["#, python-format"] if "%(" in text or "%(" in plural else []
        lines += [f"msgctxt {_quoted(context)}"] if context else []
        lines += [f"msgid {_quoted(text)}"]
        lines += [f"msgid_plural {_quoted(plural)}"] if plural else []
        lines += ['msgstr[0] ""', 'msgstr[1] ""'] if plural else ['msgstr ""']
        entries.append("\n".join(lines) + "\n")
    return "\n".join(entries)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings.test")
    import django

    django.setup()
    messages = everything()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(catalogue(messages))
    print(f"{len(messages)} sentences in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
