"""Every language is whole: nothing left out, nothing uncertain, and what is put into a sentence stands in it."""

from __future__ import annotations

import ast
import gettext
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from mainstay.surfaces.portal import words as portal_words
from mainstay.surfaces.web.jinja import FOLDERS
from tests.programs import ROOT
from tools import catalogues, messages

FILES = catalogues.files()
NAMES = [path.parts[-3] for path in FILES]
each = pytest.mark.parametrize("path", FILES, ids=NAMES)
PLACE = re.compile(r"%\((\w+)\)[a-z]|%%")
TAG = re.compile(r"</?\w+[^>]*>")
# What a person who hates IT need not know.
JARGON = re.compile(r"\b(Incident|CI|SLA|Configuration Item|Ticket|Datensatz|Workaround)", re.I)
GETTEXT = ("gettext", "_", "ngettext", "pgettext", "npgettext")


def test_the_languages_one_can_choose_are_those_that_are_translated() -> None:
    chosen = {code for code, _name in settings.LANGUAGES if not code.startswith("en")}
    assert chosen == set(NAMES)
    assert not settings.LANGUAGES_BIDI or not chosen & set(settings.LANGUAGES_BIDI)


@each
def test_every_sentence_is_translated(path: Path) -> None:
    known = catalogues.read(path)
    missing = sorted(m[1] for m in messages.everything() if not all(known.get(m, ("",))))
    assert missing == [], "tools/messages.py --missing prints them to be filled in"


@each
def test_it_is_written_as_the_tool_writes_it(path: Path) -> None:
    """Nothing is left from an earlier sentence, nothing is called fuzzy, and a difference is seen in a review."""
    assert path.read_text() == messages.translation(path, messages.everything())
    assert "fuzzy" not in path.read_text()


@each
def test_what_is_put_into_a_sentence_stands_in_it(path: Path) -> None:
    wrong = []
    for (_context, text, plural), forms in catalogues.read(path).items():
        if not text:
            continue
        originals = (text, plural) if plural else (text,)
        if len(originals) == 2 and len(forms) < 2:
            wrong.append(f"{text}: has {len(forms)} plural forms")
        for n, form in enumerate(forms):
            original = originals[min(n, len(originals) - 1)]
            same_places = sorted(PLACE.findall(original)) == sorted(PLACE.findall(form))
            same_tags = sorted(TAG.findall(original)) == sorted(TAG.findall(form))
            if not (same_places and same_tags and form[:1].isspace() == original[:1].isspace()):
                wrong.append(f"{original} | {form}")
            if original[-1:] in ".?:…" and form[-1:] != original[-1:]:
                wrong.append(f"{original} | {form}")
    assert wrong == []


@each
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    """Python's own reader is the judge; what stands beside the source is what Django reads."""
    known = catalogues.read(path)
    whole = catalogues.compiled(known)
    judge = gettext.GNUTranslations(BytesIO(whole))
    for (context, text, plural), forms in known.items():
        if not text:
            continue
        if plural:
            one = judge.npgettext(context, text, plural, 1) if context else None
            assert (one or judge.ngettext(text, plural, 1)) == forms[0]
        else:
            assert (judge.pgettext(context, text) if context else judge.gettext(text)) == forms[0]
    assert path.with_suffix(".mo").read_bytes() == whole, "run python3 tools/setup.py"


def test_a_catalogue_after_a_merge_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "django.po"
    file.write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2;\\n"\n\n'
        '<<<<<<< here\nmsgid "One"\nmsgstr ""\n\nmsgid "Two"\nmsgstr "Zwei"\n=======\n'
        'msgid "One"\nmsgstr "Eins"\n\nmsgid "Three"\nmsgstr "Drei"\n>>>>>>> there\n'
    )
    told = catalogues.read(file)
    assert told["", "One", ""] == ("Eins",)
    assert told["", "Two", ""] == ("Zwei",)
    assert told["", "Three", ""] == ("Drei",)


def test_what_is_not_translated_is_said_in_english(tmp_path: Path) -> None:
    texts = {("", "", ""): ("Plural-Forms: nplurals=2; plural=(n != 1);\n",), ("", "A", ""): ("",)}
    judge = gettext.GNUTranslations(BytesIO(catalogues.compiled(texts)))
    assert judge.gettext("A") == "A"


def test_the_portal_speaks_plainly_in_german() -> None:
    """Whatever its own pages and the words of its standings say."""
    german = catalogues.read(catalogues.of("de"))
    from mainstay.surfaces.web.jinja import environment

    folder = next(folder for folder in FOLDERS if folder.parts[-2] == "portal")
    said = {
        text
        for path in folder.rglob("*.html")
        for _line, _function, text in environment().extract_translations(path.read_text())
        if isinstance(text, str)
    }
    said |= {m[1] for m in messages.in_python(Path(str(portal_words.__file__)))}
    texts = {form for m, forms in german.items() if m[1] in said and not m[2] for form in forms}
    assert len(texts) > 60
    assert [text for text in sorted(texts) if JARGON.search(text)] == []


def test_every_sentence_in_the_code_stands_as_it_is() -> None:
    """One that is put together first, or held in a variable, is in no catalogue and never translated."""
    wrong = []
    for path in (ROOT / "mainstay").rglob("*.py"):
        tree = ast.parse(path.read_text())
        names = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module in messages.SOURCES
            for alias in node.names
            if alias.name.removesuffix("_lazy") in GETTEXT
        }
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in names
            and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
        ]
    assert wrong == []


def test_what_is_kept_in_records_is_known_from_the_start() -> None:
    """A web process must know what the worker wrote."""
    wrong = []
    for path in (ROOT / "mainstay").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.Lambda):
                calls = (call for call in ast.walk(node) if isinstance(call, ast.Call))
                names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
                wrong += [f"{path.relative_to(ROOT)}:{node.lineno}"] if "kept" in names else []
    assert wrong == []


def test_scripts_say_nothing_of_their_own() -> None:
    """What a script shows comes from attributes the server wrote: no sentence stands in quotes in it."""
    sentence = re.compile(r"""["'`][A-Z][a-z]+ [a-z]+ [a-z][^"'`]*["'`]""")
    shown = re.compile(r"""(?:textContent|placeholder|title|ariaLabel|innerText)\s*=\s*["'`]\w""")
    labelled = re.compile(r"""setAttribute\(["']aria-label["'],\s*["'`]\w""")
    wrong = []
    for path in sorted((ROOT / "frontend" / "js").rglob("*.js")):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.DOTALL)
        found = [*sentence.findall(code), *shown.findall(code), *labelled.findall(code)]
        wrong += [f"{path.name}: {text}" for text in found]
    assert wrong == []


def test_sizes_and_places_are_logical_in_every_sheet() -> None:
    """What is left in one language is right in another: no sheet names a side, alone or in a shorthand."""
    physical = re.compile(
        r"(?<![\w.-])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|"
        r"max-width|min-width|max-height|min-height)\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
    )
    shorthand = re.compile(r"(padding|margin|inset):\s*([^;()]+);")
    wrong = []
    for path in sorted((ROOT / "frontend" / "css").rglob("*.css")):
        code = re.sub(
            r"/\*.*?\*/|@media[^{]*|@container[^{]*|@supports[^{]*",
            "",
            path.read_text(),
            flags=re.DOTALL,
        )
        wrong += [f"{path.name}: {found}" for found in physical.findall(code)]
        wrong += [
            f"{path.name}: {prop}: {sides}"
            for prop, sides in shorthand.findall(code)
            if len(set(sides.split()[1::2])) == 2 and len(sides.split()) == 4
        ]
    assert wrong == []


def test_why_somebody_may_not_do_something_can_be_said_in_another_language() -> None:
    """The audit keeps it in English, so the sentence is made by a function, not before."""
    made_before = re.compile(r"\bDenied\(\s*(_|str|f?)\(")
    wrong = [p for p in (ROOT / "mainstay").rglob("*.py") if made_before.search(p.read_text())]
    assert wrong == []
