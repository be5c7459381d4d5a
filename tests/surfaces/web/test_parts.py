"""The reference of components: for everybody who works here, every macro of the pages, no data."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.surfaces.web import jinja, parts
from tests.surfaces.web.conftest import Browse

pytestmark = pytest.mark.django_db
# Macros that act on a record or a list of theirs: they are looked at on such a page (tests/browser/shots.py).
# What a practice, a capability or the portal draws its parts with, by the name the reference calls each.
BROUGHT = {
    "own": "portal/parts.html",
    "told": "telling/parts.html",
    "hits": "search/parts.html",
    "todo": "tasks/parts.html",
    "notices": "notices/parts.html",
}
ON_THEIR_PAGES = {
    "ui": {"sign_out", "value", "mail", "line", "inbox_place"},
    "forms": {"errors", "attributes", "keeps"},
    "lists": {"swap"},
    "many": {"told"},
    "rec": {"move_button", "move_option", "filter_link", "part_link", "neighbours", "keyed"},
    "queue": {"drawer"},
    "own": {"answer"},
    "told": {"sent"},
    "hits": {"own_box", "before", "opened", "tip"},
}


def test_it_is_for_those_who_work_here(browse: Browse) -> None:
    for name in ("agn", "lead"):
        assert browse(name).get("/-/parts/").status_code == 200
    assert browse("ra1").get("/-/parts/").status_code == 404
    assert browse("agn").post("/-/parts/").status_code == 405


@pytest.mark.parametrize("way", parts.WAYS)
def test_every_way_shows_every_component_by_day_and_by_night(browse: Browse, way: str) -> None:
    text = browse("agn").get(f"/-/parts/?way={way}").content.decode()
    named = re.findall(r'<section class="part" id="([\w-]+)"', text)
    assert len(named) == len(set(named)) > 20
    for theme in ("light", "dark"):
        grounds = re.findall(rf'<div class="ground way-{way}" data-theme="{theme}"', text)
        assert len(grounds) == len(named)
    ids = re.findall(r'(?<=\s)id="([^"]+)"', text)
    assert sorted({i for i in ids if ids.count(i) > 1}) == []


def test_every_macro_of_the_pages_stands_on_it(browse: Browse) -> None:
    text = browse("agn").get("/-/parts/").content.decode()
    drawn = " ".join(re.findall(r"<h3 id=[^>]*>.*?<code>(.*?)</code>", text))
    missing = [
        f"{name}.{macro}"
        for name, path in (jinja.MACROS | BROUGHT).items()
        for macro in re.findall(
            r"{%-? macro ([a-z]\w*)",
            jinja.environment().loader.get_source(jinja.environment(), path)[0],  # type: ignore[union-attr]
        )
        if f"{name}.{macro}(" not in drawn and macro not in ON_THEIR_PAGES.get(name, ())
    ]
    assert missing == []


def test_whoever_brings_macros_is_asked_for_them() -> None:
    """But for what a page draws with its own, and the frame of the reference itself."""
    env = jinja.environment()
    found = {
        name
        for name in env.list_templates()
        if "{% macro" in env.loader.get_source(env, name)[0]  # type: ignore[union-attr]
    }
    assert found - {*jinja.MACROS.values(), *BROUGHT.values()} == {
        *("parts/reference.html", "parts/profile.html", "web/welcome.html", "telling/own.html")
    }


def test_no_sample_takes_the_focus(browse: Browse) -> None:
    """The page begins at its head; the palette of every page is closed."""
    text = browse("agn").get("/-/parts/").content.decode()
    assert " autofocus" not in text.partition("<main")[2].partition("</main>")[0]


def test_it_reads_nothing_but_what_every_page_reads(browse: Browse) -> None:
    client = browse("agn")
    client.get("/-/parts/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/-/parts/")
    with CaptureQueriesContext(connection) as missing:
        client.get("/nothing/")
    assert len(asked) <= len(missing)
