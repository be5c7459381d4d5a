"""Whatever people read can be translated: no template says anything beside gettext, and the catalogue holds it all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from mainstay.surfaces.web.jinja import FOLDERS
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
META = re.compile(r"<meta[^>]*>|<!doctype[^>]*>", re.IGNORECASE)


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(FOLDERS[0].parents[2]).as_posix()
)
def test_a_template_says_nothing_beside_gettext(path: Path) -> None:
    text = META.sub("", LOGIC.sub(" ", path.read_text()))
    said = [*SPOKEN.findall(text), MARKUP.sub(" ", text)]
    words = {word for part in said for word in WORD.findall(part)}
    assert words <= NO_WORDS


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
