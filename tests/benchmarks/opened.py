"""Pages and fragments in a browser: what each costs the reader's processor, the wire and the server.

Times are of this machine, with software drawing: they are told, and compared with each other only.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.benchmarks import cpu
from tests.benchmarks.site import Server
from tests.browser.live import ARGUMENTS, CHROMIUM

REPEATS = 5
SCRIPT_MS, FRAGMENT_MS = 40, 6
SEEN = """() => new Promise((done) => {
    let last = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) last = e.startTime; })
        .observe({type: "largest-contentful-paint", buffered: true});
    setTimeout(() => done(last), 50);
})"""


@dataclass(frozen=True)
class Opened:
    """One page or fragment, the median of several times."""

    name: str
    script_ms: float
    shown_ms: float
    wire_kb: float
    server_ms: float


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
        "workload": ("agent", "/workload/"),
        "components": ("agent", "/-/parts/"),
        "portal": ("requester", "/portal/"),
        "portal, requests": ("requester", "/portal/requests/"),
    }


def fragments(number: str) -> dict[str, tuple[str, str]]:
    """By name: the address, and what of the page it takes the place of."""
    record = f"/incidents/{number}/"
    return {
        "fragment: the queue, filtered": ("/incidents/?filter=priority+%3C%3D+2", "div#queue"),
        "fragment: a record's timeline": (f"{record}?show=internal", "section#entries"),
        "fragment: who may have it": (f"{record}set/assignee/?seen=1", "div#menu-assignee"),
        "fragment: suggestions": ("/search/suggestions/?q=vpn", "ms-suggest#suggest"),
    }


def measured(server: Server, keys: Mapping[str, Any], number: str) -> list[Opened]:
    """Each page once before it counts: the first of all brings scripts, styles and fonts."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        tabs: dict[str, Page] = {}
        for name, (who, path) in pages(number).items():
            if who not in tabs:
                tabs[who] = signed_in(browser, server.port, keys[who]["session"])
            tabs[who].goto(path)
            found.append(opened(name, tabs[who], path, server))
        for name, (path, target) in fragments(number).items():
            found.append(fetched(name, tabs["agent"], path, target, server))
        browser.close()
    return found


def signed_in(browser: Any, port: int, session: str) -> Page:
    address = f"http://127.0.0.1:{port}"
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.add_cookies([{"name": "mainstay_session", "value": session, "url": address}])
    return context.new_page()


def opened(name: str, page: Page, path: str, server: Server) -> Opened:
    """A later visit: scripts and styles are in the browser already, as on every day but the first."""
    told = page.context.new_cdp_session(page)
    told.send("Performance.enable")
    told.send("Network.enable")
    taken: list[float] = []
    told.on("Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"]))
    script, shown, wire, spent = [], [], [], []
    for _ in range(REPEATS):
        taken.clear()
        before, at_first = cpu.milliseconds(server.web), script_s(told)
        page.goto(path, wait_until="networkidle")
        shown.append(page.evaluate(SEEN))
        script.append(1000 * (script_s(told) - at_first))
        spent.append(cpu.milliseconds(server.web) - before)
        wire.append(sum(taken) / 1000)
    told.detach()
    return Opened(name, *map(statistics.median, (script, shown, wire, spent)))


def fetched(name: str, page: Page, path: str, target: str, server: Server) -> Opened:
    """As a page asks for a part of itself."""
    here = f"http://127.0.0.1:{server.port}{path.partition('?')[0]}"
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": here}
    ask: Callable[[], Any] = lambda: page.request.get(path, headers=headers)  # noqa: E731
    size = len(ask().body()) / 1000
    spent = []
    for _ in range(REPEATS):
        before = cpu.milliseconds(server.web)
        for _each in range(10):
            ask()
        spent.append((cpu.milliseconds(server.web) - before) / 10)
    return Opened(name, 0, 0, size, statistics.median(spent))


def script_s(told: CDPSession) -> float:
    """Seconds the browser has spent in scripts since the page began."""
    metrics = told.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in metrics if m["name"] == "ScriptDuration"))
