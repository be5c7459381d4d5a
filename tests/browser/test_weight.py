"""What a page weighs: the bytes of a first and of a later view, whether anything moves, and whom the browser asks.

What a first view may cost of scripts and of styles the build holds (`frontend/vite.config.js`); times are
told by `make bench`, and no test asserts on them.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Request

from mainstay.surfaces.web import assets
from tests.browser.conftest import SignIn
from tests.browser.house import PEOPLE
from tests.browser.live import serving, telling
from tests.browser.reference import GROUPS
from tests.browser.shots import PAGES, signed_in

FIRST_KB, LATER_KB, MOVED = 130, 15, 0.01
SCRIPTS_KB, COUNTED = 25, {"app", "live"}
STYLES_KB = 22
# The sheets a page fetches, and what stands in it that only another sheet has a rule for: read, not drawn.
STYLED = """async ([path, sheets]) => {
    const selectors = (rules) => [...rules].flatMap((r) => [r.selectorText ?? [], selectors(r.cssRules ?? [])].flat())
    window.known ??= {}
    for (const sheet of sheets) {
        const read = new CSSStyleSheet()
        if (!window.known[sheet]) read.replaceSync(await (await fetch(sheet)).text())
        window.known[sheet] ??= selectors(read.cssRules)
    }
    const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html")
    const fetched = [...page.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href"))
    const own = new Set(fetched.flatMap((sheet) => window.known[sheet]))
    const others = sheets.filter((sheet) => !fetched.includes(sheet)).flatMap((sheet) => window.known[sheet])
    return [fetched, others.filter((one) => !own.has(one) && page.querySelector(one))]
}"""
ROWS = 50
MANY = 17
HEAVY = (
    "a full list",
    "a record beside it",
    "one that has been through much beside it",
    "in groups",
    "in groups, with a record beside it",
    "a picture beside it",
    "many columns",
    "all columns",
    "all columns in groups, with a picture beside it",
    "a record that has been through much",
)
NAMES = (
    "queue",
    "record",
    "new",
    "home",
    "workload",
    "search",
    "inbox",
    "profile",
    "audit",
    "portal",
    "portal-answer",
    "parts",
    *(f"parts-{name}" for name in GROUPS),
)
ADDRESSES = {name: PAGES[name] for name in NAMES} | {"search": ("agent", "/search/?q=payments")}
# From the first thing drawn on; what moves because somebody did something is no shift.
WATCHED = """
window.moved = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
}).observe({type: "layout-shift", buffered: true});
"""
# Longer than the page waits before it looks for news by itself, and than any transition of ours.
SETTLED_MS = 1500


@dataclass
class View:
    """One page as it was opened: bytes by address as they came over the wire, with their headers."""

    bytes: Counter[str] = field(default_factory=Counter)
    moved: float = 0.0
    hosts: set[str] = field(default_factory=set)

    @property
    def kb(self) -> float:
        return sum(self.bytes.values()) / 1000

    def __str__(self) -> str:
        return "\n".join(f"{size:8} {address}" for address, size in self.bytes.most_common())


@pytest.fixture(scope="module")
def site(folder: Path, address: str) -> Iterator[str]:
    """As it is served: with the process that tells pages beside it."""
    with telling(folder) as (found, _live):
        yield found


@pytest.fixture(scope="module")
def states(browser: Browser, site: str) -> dict[str, Any]:
    """Who is signed in, without anything a browser keeps of pages."""
    kept = {}
    for login in {who for who, _path in ADDRESSES.values()}:
        page = signed_in(browser, site, login)
        kept[login] = page.context.storage_state()
        page.context.close()
    return kept


def fresh(browser: Browser, site: str, state: Any) -> BrowserContext:
    """What a service worker fetches is not told to the page, so that none may answer in its place."""
    return browser.new_context(
        base_url=site,
        storage_state=state,
        locale="en-GB",
        timezone_id="Europe/Stockholm",
        service_workers="block",
    )


def opened(context: BrowserContext, path: str) -> View:
    page, view, asked = context.new_page(), View(), {}

    def named(request: Request) -> None:
        view.hosts.add(urlsplit(request.url).hostname or "")

    page.add_init_script(WATCHED)
    page.on("request", named)
    told = context.new_cdp_session(page)
    told.send("Network.enable")
    told.on(
        "Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]})
    )
    told.on(
        "Network.loadingFinished",
        lambda e: view.bytes.update({asked[e["requestId"]]: int(e["encodedDataLength"])}),
    )
    answer = page.goto(path, wait_until="load")
    assert answer is not None
    assert answer.status == 200, path
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(SETTLED_MS)
    page.wait_for_load_state("load")
    view.moved = page.evaluate("window.moved")
    page.close()
    return view


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_weighs(browser: Browser, site: str, states: dict[str, Any], name: str) -> None:
    who, path = ADDRESSES[name]
    context = fresh(browser, site, states[who])
    first, later = opened(context, path), opened(context, path)
    context.close()
    assert first.kb > LATER_KB, "nothing was counted"
    assert later.kb > 1, "nothing was counted"
    assert first.kb <= FIRST_KB, f"{first.kb:.1f} kB at first\n{first}"
    assert later.kb <= LATER_KB, f"{later.kb:.1f} kB later\n{later}"
    assert max(first.moved, later.moved) <= MOVED
    assert first.hosts | later.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("path", ["/", "/profile/", "/audit/", "/incidents/"])
def test_what_every_page_loads_of_scripts_is_what_the_build_counts(
    browser: Browser, site: str, path: str
) -> None:
    """Unasked, on a page of one who is signed in: nothing beside the budget, nor more than it."""
    page = signed_in(browser, site, "auditor" if "audit" in path else "agent")
    view = opened(page.context, path)
    page.context.close()
    scripts = {Path(urlsplit(one).path).name for one in view.bytes if one.endswith(".js")}
    assert {"app", "live"} <= {name.partition("-")[0] for name in scripts}
    assert {name.partition("-")[0] for name in scripts} <= COUNTED
    total = sum((assets.DIST / "assets" / f"{name}.gz").stat().st_size for name in scripts)
    assert total <= SCRIPTS_KB * 1000, sorted(scripts)


def test_a_page_fetches_the_styles_it_needs_and_no_more_than_it_may(sign_in: SignIn) -> None:
    """Every page, as it is answered: all of its sheets together, and none that it draws with is missing."""
    sheets = [
        assets.URL + str(file.relative_to(assets.DIST)) for file in assets.DIST.rglob("*.css")
    ]
    assert len(sheets) > 3
    tabs = {login: sign_in(login) for login in {who for who, _path in PAGES.values()}}
    tabs[""].goto("/sign-in")
    wrong: list[str] = []
    heaviest = 0.0
    for name, (who, path) in PAGES.items():
        fetched, bare = tabs[who].evaluate(STYLED, [path, sheets])
        assert set(fetched) <= set(sheets) and fetched, name
        files = [assets.DIST / sheet.removeprefix(assets.URL) for sheet in fetched]
        kb = sum(file.with_name(f"{file.name}.gz").stat().st_size for file in files) / 1000
        wrong += [f"{name}: {kb:.1f} kB in {fetched}"] if kb > STYLES_KB else []
        wrong += [f"{name}: no sheet for {bare}"] if bare else []
        heaviest = max(heaviest, kb)
    assert wrong == []
    assert heaviest > 15, "nothing was counted"


@dataclass
class House:
    """A company with a past: a page of its list is full, and a record of it has been through much."""

    address: str
    state: Any
    open_list: str
    records: list[str]
    columns: list[str]

    def path(self, name: str) -> str:
        beside, longest, pictured = self.records
        of_all = f"{self.open_list}&columns={','.join(self.columns)}"
        return {
            "a picture beside it": f"{self.open_list}&peek={pictured}",
            "many columns": f"{self.open_list}&columns={','.join(self.columns[:MANY])}&peek={pictured}",
            "all columns": of_all,
            "all columns in groups, with a picture beside it": f"{of_all}&group=team&peek={pictured}",
            "a full list": self.open_list,
            "a record beside it": f"{self.open_list}&peek={beside}",
            "one that has been through much beside it": f"{self.open_list}&peek={longest}",
            "in groups": f"{self.open_list}&group=state",
            "in groups, with a record beside it": f"{self.open_list}&group=team&peek={longest}",
            "a record that has been through much": f"/incidents/{longest}/",
        }[name]


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with serving(folder, "tests.browser.house"), telling(folder) as (address, _live):
        password = json.loads((folder / PEOPLE).read_text())["agent"][1]
        page = signed_in(browser, address, "agent", password)
        page.goto("/incidents/?view=all")
        rows = page.locator("tbody tr:not(.g-h)")
        assert rows.count() == ROWS, "the list is not full"
        # The first who looks is told what was done while the company was made, and reads the list once more.
        page.wait_for_timeout(3 * SETTLED_MS)
        beside = rows.first.get_attribute("id") or ""
        boxes = page.locator("#columns [name=columns]")
        columns = [box.get_attribute("value") or "" for box in boxes.all()]
        assert len(columns) > MANY, "there are no more columns than usual"
        page.get_by_text("Не работает").first.wait_for()
        yield House(
            address,
            page.context.storage_state(),
            "/incidents/?view=all",
            [beside, longest_of(folder), pictured_in(folder)],
            columns,
        )
        page.context.close()


def longest_of(folder: Path) -> str:
    """The incident with the most entries in its timeline."""
    with closing(sqlite3.connect(folder / "mainstay.sqlite3")) as read:
        found = read.execute(
            "select r.number from records_event e join records_record r on r.id = e.record_id"
            " where r.type = 'incident' group by r.number order by count(*) desc limit 1"
        ).fetchone()
    return str(found[0])


def pictured_in(folder: Path) -> str:
    """An incident with a picture in what was said last about it."""
    with closing(sqlite3.connect(folder / "mainstay.sqlite3")) as read:
        found = read.execute(
            "select r.number from conversation_entry e join records_record r on r.id = e.record_id"
            " where r.type = 'incident' and e.text like '%](/files/%' order by e.event_id desc limit 1"
        ).fetchone()
    assert found is not None, "nobody has sent a picture"
    return str(found[0])


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_heavy_weighs_no_more(browser: Browser, house: House, name: str) -> None:
    context, path = fresh(browser, house.address, house.state), house.path(name)
    first, later = opened(context, path), opened(context, path)
    context.close()
    assert later.kb > 1, "nothing was counted"
    assert first.kb <= FIRST_KB, f"{first.kb:.1f} kB at first\n{first}"
    assert later.kb <= LATER_KB, f"{later.kb:.1f} kB later\n{later}"
    assert max(first.moved, later.moved) <= MOVED
