"""What each page costs: bytes of a first and of a later visit, what moves while it loads, whom it asks."""

from __future__ import annotations

import gzip

from playwright.sync_api import Page, Response

from tests.browser.conftest import SignIn
from tests.browser.shots import PAGES

KB = 1000
FIRST, LATER, HTML = 130 * KB, 15 * KB, 12 * KB
MOVED = 0.01
# The reference of components is no screen of anybody's work: every component twice, for who builds them.
LARGE_BY_NATURE = {name for name in PAGES if name.startswith("parts")}
WATCH = """
window.seen = {moved: 0, reports: []};
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.moved += entry.value;
}).observe({type: "layout-shift", buffered: true});
addEventListener("securitypolicyviolation", (event) => {
    seen.reports.push(event.violatedDirective + " " + event.blockedURI);
});
"""
ASKED = """() => ({
    ...seen,
    inline: document.querySelectorAll("script:not([src]), style, [style]").length,
    asked: performance.getEntriesByType("resource").map((r) => [r.name, r.encodedBodySize, r.transferSize]),
})"""


def compressed(answer: Response | None) -> int:
    """As whatever stands before the server sends it: the server itself leaves that to it."""
    assert answer is not None
    return len(gzip.compress(answer.body(), 6))


def test_every_page_keeps_to_its_budget(sign_in: SignIn, address: str) -> None:
    """First: the page with everything it is made of. Later: what was not in the browser already."""
    wrong: list[str] = []
    pages: dict[str, Page] = {}
    for name, (login, url) in PAGES.items():
        if login not in pages:
            pages[login] = sign_in(login)
            pages[login].add_init_script(WATCH)
            pages[login].goto(url)
        page = pages[login]
        html = compressed(page.goto(url))
        found = page.evaluate(ASKED)
        first = html + sum(size for _url, size, _sent in found["asked"])
        later = html + sum(sent for asked, _size, sent in found["asked"] if "/static/" not in asked)
        wrong += [f"{name}: asks {u}" for u, _a, _b in found["asked"] if not u.startswith(address)]
        wrong += [f"{name}: {text}" for text in found["reports"]]
        wrong += [f"{name}: {found['inline']} inline"] if found["inline"] else []
        wrong += [f"{name}: moved {found['moved']:.3f}"] if found["moved"] > MOVED else []
        for what, size, most in (
            ("first", first, FIRST),
            ("later", later, LATER),
            ("HTML", html, HTML),
        ):
            if size > most and name not in LARGE_BY_NATURE:
                wrong.append(f"{name}: {what} {size / KB:.1f} kB of {most / KB:.0f}")
    assert wrong == []


def test_the_policy_names_what_a_page_may_do(sign_in: SignIn) -> None:
    page = sign_in("agent")
    for url in ("/", "/incidents/", "/incidents/INC-1/"):
        answer = page.goto(url)
        assert answer is not None
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
