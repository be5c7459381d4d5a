"""The reference of components: for everybody who works here, every macro of the pages, no data."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.surfaces.web import jinja, parts, shown
from tests.browser.reference import GROUPS
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.states import COMPONENTS, INVENTORY, SHOWN

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
# What one can press or fill in, and how each state is told to whoever does not see it; a name alone is no state.
PRESSABLE = re.compile(r"<(a [^>]*href=|button|input|select|textarea|summary)")
TOLD = {
    "Selected": r'aria-current="|aria-(selected|checked|pressed)="true"| checked| selected|data-count>[1-9]|class="un"',
    "Disabled": r' disabled|aria-disabled="true"|class="row">|aria-hidden="true"></span>',
    "Busy": r'htmx-request|class="sk|<progress|class="asks"',
    "Error": r'class="err|aria-invalid="true"|triangle-alert|Given up|Not saved|cannot be shown',
    "Empty": "",
    "Long text": r"\S[^<>]{50,}",
}
ON_THEIR_PAGES = {
    "ui": {"sheet", "sign_out", "value", "mail", "line", "inbox_place"},
    "forms": {"errors", "attributes", "keeps", "by_button"},
    "lists": {"swap"},
    "many": {"told"},
    "rec": {"move_button", "move_option", "filter_link", "part_link", "neighbours", "keyed"},
    "queue": {"drawer"},
    "own": {"answer"},
    "told": {"sent"},
    "hits": {"own_box", "before", "opened", "tip"},
}


ADDRESSES = ("/-/parts/", *(f"/-/parts/{group}/" for group in GROUPS))


def _drawn(browse: Browse, way: str = "usual") -> dict[str, str]:
    """Each group as it is shown."""
    client = browse("agn")
    shown = {group: client.get(f"/-/parts/{group}/?way={way}") for group in parts.contents()}
    assert {answer.status_code for answer in shown.values()} == {200}
    return {group: answer.content.decode() for group, answer in shown.items()}


def test_it_is_for_those_who_work_here(browse: Browse) -> None:
    for address in ("/-/parts/", "/-/parts/marks/"):
        for name in ("agn", "lead"):
            assert browse(name).get(address).status_code == 200
        assert browse("ra1").get(address).status_code == 404
        assert browse("agn").post(address).status_code == 405
    assert browse("agn").get("/-/parts/nonsense/").status_code == 404


def test_the_groups_a_browser_is_shown_are_those_there_are() -> None:
    assert set(parts.contents()) == set(GROUPS)
    assert len(GROUPS) > 10


def test_the_first_page_leads_to_every_component_there_is(browse: Browse) -> None:
    """And each group to the one before it and behind it, in the way one looks at them."""
    drawn = _drawn(browse, "rtl")
    first = browse("agn").get("/-/parts/?way=rtl").content.decode()
    for group, text in drawn.items():
        named = dict(re.findall(r'<h2 id="h-(c-[\w-]+)">(.*?)</h2>', text))
        assert list(map(unescape, named.values())) == parts.contents()[group]
        for anchor, name in named.items():
            led = f'href="/-/parts/{group}/?way=rtl#{anchor}">{name}</a>'
            assert led in first
            assert f'<a href="#{anchor}">{name}</a>' in text
    groups = list(drawn)
    for before, after in pairwise(groups):
        assert f'href="/-/parts/{after}/?way=rtl" rel="next"' in drawn[before]
        assert f'href="/-/parts/{before}/?way=rtl" rel="prev"' in drawn[after]
    assert 'rel="prev"' not in drawn[groups[0]]
    assert 'rel="next"' not in drawn[groups[-1]]


@pytest.mark.parametrize("way", parts.WAYS)
def test_every_way_shows_every_component_by_day_and_by_night(browse: Browse, way: str) -> None:
    seen: list[str] = []
    for text in _drawn(browse, way).values():
        named = re.findall(r'<section class="part" id="([\w-]+)"', text)
        for theme in ("light", "dark"):
            grounds = re.findall(rf'<div class="ground way-{way}" data-theme="{theme}"', text)
            assert len(grounds) == len(named) > 0
        ids = re.findall(r'(?<=\s)id="([^"]+)"', text)
        assert sorted({i for i in ids if ids.count(i) > 1}) == []
        seen += named
    assert len(seen) == len(set(seen)) > 20


def _grounds(text: str) -> dict[str, list[dict[str, str]]]:
    """By component and ground: what is drawn, by the name that stands above it."""
    found: dict[str, list[dict[str, str]]] = {}
    for rest in text.split('<section class="part"')[1:]:
        section = rest.split('<nav class="parts-f"')[0]
        name = re.search(r"<h2 id=[^>]*>(.*?)</h2>", section)
        assert name
        for ground in re.split(r'<div class="ground ', section)[1:]:
            specs = re.split(r'<div class="spec[^>]*><span class="spec-n">', ground)[1:]
            pairs = [spec.split("</span>", 1) for spec in specs]
            assert len({state for state, _ in pairs}) == len(pairs), f"{name[1]}: a name twice"
            drawn = {unescape(state).strip(): re.sub(r"\s+", " ", body) for state, body in pairs}
            found.setdefault(unescape(name[1]), []).append(drawn)
    return found


def test_each_component_is_in_every_state_it_has(browse: Browse) -> None:
    """`states.py` says which; what it does not know may not be shown either."""
    found = _grounds("".join(_drawn(browse).values()))
    assert set(found) == set(COMPONENTS)
    wrong = []
    for name, wanted in COMPONENTS.items():
        assert len(found[name]) == 2, "light and dark"
        for drawn in found[name]:
            wrong += [
                f"{name}: {state} is not shown" for state in sorted(wanted.shown - set(drawn))
            ]
            wrong += [f"{name}: {state} is unknown" for state in sorted(set(drawn) - wanted.shown)]
    assert not wrong, "\n".join(wrong)


def test_a_state_is_drawn_and_not_only_named(browse: Browse) -> None:
    """Each differs from all others of its component, and says what it is to whoever does not see it."""
    found = _grounds("".join(_drawn(browse).values()))
    wrong = []
    for name, wanted in COMPONENTS.items():
        for drawn in found[name]:
            bare = [
                re.sub(r'\s(id|for|name|aria-[a-z]+by|aria-label|popovertarget)="[^"]*"', "", d)
                for d in drawn.values()
            ]
            if len(set(bare)) < len(bare):
                wrong.append(f"{name}: two states are drawn alike")
            shown = {
                s: cell.removeprefix("= ")
                for s, cell in wanted.states.items()
                if cell[0] == "=" or cell == SHOWN
            }
            wrong += [
                f"{name}: {state} does not say so"
                for state, cell in shown.items()
                if not re.search(TOLD[state], drawn[state if cell == SHOWN else cell])
            ]
            is_still = not PRESSABLE.search(" ".join(drawn.values()))
            if is_still != bool(wanted.still):
                wrong.append(
                    f"{name}: {'nothing' if is_still else 'something'} of it can be pressed"
                )
    assert not wrong, "\n".join(wrong)


def test_why_a_state_is_lacking_is_said_in_two_words() -> None:
    cells = [
        (n, c.kinds, s) for n, c in COMPONENTS.items() for s in [*c.states.values(), c.still] if s
    ]
    wrong = [
        f"{name}: {cell}"
        for name, kinds, cell in cells
        if cell != SHOWN
        and (cell[2:] not in kinds if cell.startswith("= ") else len(cell.split()) > 2)
    ]
    assert not wrong, "\n".join(wrong)
    assert [name for name in INVENTORY.values() if name not in COMPONENTS] == []


def test_every_macro_of_the_pages_stands_on_it(browse: Browse) -> None:
    text = "".join(_drawn(browse).values())
    drawn = " ".join(re.findall(r"<h2 id=[^>]*>.*?<code>(.*?)</code>", text))
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


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_sample_takes_the_focus(browse: Browse, address: str) -> None:
    """The page begins at its head; the palette of every page is closed."""
    text = browse("agn").get(address).content.decode()
    assert " autofocus" not in text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_reads_nothing_but_what_every_page_reads(browse: Browse, address: str) -> None:
    client = browse("agn")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    with CaptureQueriesContext(connection) as missing:
        client.get("/nothing/")
    assert len(asked) <= len(missing)


@pytest.mark.parametrize("way", shown.WAYS)
def test_a_state_no_page_can_bring_itself_into_has_sheets_of_its_own(
    browse: Browse, way: str
) -> None:
    client = browse("agn")
    page = client.get(f"/-/parts/plans/?way={way}").content.decode()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert len(sheets) == 3 and all(s.startswith(f"/-/parts/sheets/{way}/") for s in sheets)
    told = [client.get(sheet) for sheet in sheets]
    assert {answer["Content-Type"] for answer in told} == {"text/css"}
    text = "".join(answer.content.decode() for answer in told)
    for pattern, instead in shown.WAYS[way]:
        assert instead in text
        assert way not in ("touch", "print", "forced") or not pattern.search(text)
    # Fonts and pictures are found from there.
    assert all(
        found.startswith(("/static/", "#")) for found in re.findall(r"url\([\"']?([^)\"']+)", text)
    )
    assert browse("ra1").get(sheets[0]).status_code == 404
    for other in (f"/-/parts/sheets/{way}/nothing.css", "/-/parts/sheets/usual/app.css"):
        assert client.get(other).status_code == 404
