"""Pages and fragments in a browser: what each costs the reader's processor, the wire and the server.

Scripts are counted in processor time of the thread they run in (`threadTicks`), so that a busy machine makes them
little slower: by the clock the same scripts were seen to take up to eight times as long where others worked beside. The
loop of the first and last row says how fast this processor is meanwhile. What is shown when is told by the clock.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.benchmarks import cpu
from tests.benchmarks.site import Server
from tests.benchmarks.table import Fact
from tests.browser.live import ARGUMENTS, CHROMIUM

REPEATS = 5
SCRIPT_MS, FRAGMENT_MS = 40, 6
FIRST_KB, LATER_KB, MOVED = 130, 15, 0.01
# Longer than what the page does by itself after it is there.
SETTLED_MS = 1200
WATCHED = """
window.moved = 0;
window.shown = 0;
new PerformanceObserver((list) => {
    for (const e of list.getEntries()) window.moved += e.hadRecentInput ? 0 : e.value;
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shown = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
"""
LOOP = "let x = 0; for (let i = 0; i < 2e7; i++) x = (x * 31 + i) | 0; x"


@dataclass(frozen=True)
class View:
    """One opening of a page in a tab of its own."""

    script_ms: float
    shown_ms: float
    wire_kb: float
    moved: float
    server_ms: float


@dataclass(frozen=True)
class Opened:
    """One page: the medians of what it cost at first, and again in the same browser."""

    name: str
    first: View
    later: View

    def facts(self, database: str) -> Iterator[Fact]:
        def fact(what: str, value: float, unit: str, most: float | None = None) -> Fact:
            return Fact(f"{self.name}: {what}", database, value, unit, most)

        first, later = self.first, self.later
        yield fact("server", later.server_ms, "ms")
        yield fact("scripts, first view", first.script_ms, "ms", SCRIPT_MS)
        yield fact("scripts, later view", later.script_ms, "ms", SCRIPT_MS)
        yield fact("largest thing shown after", later.shown_ms, "ms")
        yield fact("over the wire, first view", first.wire_kb, "kB", FIRST_KB)
        yield fact("over the wire, later view", later.wire_kb, "kB", LATER_KB)
        yield fact("moved by itself", max(first.moved, later.moved), "(CLS)", MOVED)


@dataclass(frozen=True)
class Fetched:
    """A part of a page, as pages ask for it."""

    name: str
    server_ms: float
    wire_kb: float

    def facts(self, database: str) -> Iterator[Fact]:
        yield Fact(f"{self.name}: server", database, self.server_ms, "ms", FRAGMENT_MS)
        yield Fact(f"{self.name}: over the wire", database, self.wire_kb, "kB")


def pages(number: str) -> dict[str, tuple[str, str]]:
    """By name: who looks, and at what."""
    return {
        "my work": ("agent", "/"),
        "queue": ("agent", "/incidents/"),
        "queue, all": ("agent", "/incidents/?view=all"),
        "record": ("agent", f"/incidents/{number}/"),
        "new record": ("agent", "/incidents/new/"),
        "search": ("agent", "/search/?q=vpn+drops"),
        "inbox": ("agent", "/inbox/"),
        "profile": ("agent", "/profile/"),
        "workload": ("agent", "/workload/"),
        "audit": ("auditor", "/audit/"),
        "portal": ("requester", "/portal/"),
        "portal, requests": ("requester", "/portal/requests/"),
    }


def fragments(number: str) -> dict[str, tuple[str, str]]:
    """By name: the address, and what of the page it takes the place of."""
    record = f"/incidents/{number}/"
    return {
        "fragment: the queue, filtered": ("/incidents/?filter=priority+%3C%3D+2", "div#queue"),
        "fragment: the queue, all by one word": ("/incidents/?view=all&filter=vpn", "div#queue"),
        "fragment: the queue by two words": ("/incidents/?filter=vpn+drops", "div#queue"),
        "fragment: the queue, all in groups": ("/incidents/?view=all&group=team", "div#queue"),
        "fragment: a record's timeline": (f"{record}?show=internal", "section#entries"),
        "fragment: who may have it": (f"{record}set/assignee/?seen=1", "div#menu-assignee"),
        "fragment: suggestions": ("/search/suggestions/?q=vpn", "ms-suggest#suggest"),
    }


def measured(name: str, server: Server, keys: Mapping[str, Any], number: str) -> Iterator[Fact]:
    """A server is asked for each page once before it counts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Fact("a loop of 20 million steps in a script, before", name, loop_ms(browser), "ms")
        for page, (who, path) in pages(number).items():
            session = keys[who]["session"]
            opened(browser, server, session, path)
            seen = [opened(browser, server, session, path) for _ in range(REPEATS)]
            first, later = (median(views) for views in zip(*seen, strict=True))
            yield from Opened(page, first, later).facts(name)
        context = signed_in(browser, server.port, keys["agent"]["session"])
        for part, (path, target) in fragments(number).items():
            yield from fetched(part, context, path, target, server).facts(name)
        yield Fact("a loop of 20 million steps in a script, after", name, loop_ms(browser), "ms")
        browser.close()


def median(views: tuple[View, ...]) -> View:
    def middle(of: Callable[[View], float]) -> float:
        return statistics.median(map(of, views))

    return View(
        middle(lambda v: v.script_ms),
        middle(lambda v: v.shown_ms),
        middle(lambda v: v.wire_kb),
        max(v.moved for v in views),
        middle(lambda v: v.server_ms),
    )


def signed_in(browser: Browser, port: int, session: str) -> BrowserContext:
    """A browser of a person who was never here; what a service worker fetches a page is not told of."""
    address = f"http://127.0.0.1:{port}"
    context = browser.new_context(
        base_url=address, reduced_motion="reduce", service_workers="block"
    )
    context.add_cookies([{"name": "mainstay_session", "value": session, "url": address}])
    return context


def opened(browser: Browser, server: Server, session: str, path: str) -> tuple[View, View]:
    """In a browser that knows nothing, and once more when it has scripts, styles and fonts."""
    context = signed_in(browser, server.port, session)
    try:
        return view(context, path, server), view(context, path, server)
    finally:
        context.close()


def view(context: BrowserContext, path: str, server: Server) -> View:
    """In a tab of its own: what is counted in a tab begins anew whenever it goes to another page."""
    page = context.new_page()
    page.add_init_script(WATCHED)
    told, taken = counting(context, page), list[float]()
    told.send("Network.enable")
    told.on("Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"]))
    before = cpu.milliseconds(server.web)
    page.goto(path, wait_until="load")
    page.wait_for_timeout(SETTLED_MS)
    spent = cpu.milliseconds(server.web) - before
    moved, shown = page.evaluate("[window.moved, window.shown]")
    script = milliseconds(told, "ScriptDuration") + milliseconds(told, "V8CompileDuration")
    page.close()
    return View(script, shown, sum(taken) / 1000, moved, spent)


def fetched(name: str, context: BrowserContext, path: str, target: str, server: Server) -> Fetched:
    """As a page asks for a part of itself."""
    here = f"http://127.0.0.1:{server.port}{path.partition('?')[0]}"
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": here}
    ask: Callable[[], Any] = lambda: context.request.get(path, headers=headers)  # noqa: E731
    size = int(ask().headers["content-length"]) / 1000
    spent = []
    for _ in range(REPEATS):
        before = cpu.milliseconds(server.web)
        for _each in range(10):
            ask()
        spent.append((cpu.milliseconds(server.web) - before) / 10)
    return Fetched(name, statistics.median(spent), size)


def loop_ms(browser: Browser) -> float:
    """What the same few lines cost each time, the best of some."""
    context = browser.new_context()
    page = context.new_page()
    told, spent = counting(context, page), []
    for _ in range(REPEATS):
        before = milliseconds(told, "TaskDuration")
        page.evaluate(f"() => {{ {LOOP} }}")
        spent.append(milliseconds(told, "TaskDuration") - before)
    context.close()
    return min(spent)


def counting(context: BrowserContext, page: Page) -> CDPSession:
    told = context.new_cdp_session(page)
    told.send("Performance.enable", {"timeDomain": "threadTicks"})
    return told


def milliseconds(told: CDPSession, name: str) -> float:
    """Processor time since the tab began; 0 for what did not happen in it."""
    metrics = told.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next((m["value"] for m in metrics if m["name"] == name), 0))
