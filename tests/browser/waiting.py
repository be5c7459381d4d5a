"""Waiting for what only a script can tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Error, Page, Request

LONGEST_MS, STEP_MS = 8000, 25
# Longer than what is typed waits before it asks (`delay:120ms`), and two frames for what an answer draws.
QUIET_MS = 200
BELL = "**/bell/"
DRAWN = "new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(() => then())))"


def until(page: Page, expression: str, doing: Callable[[], object] = lambda: None) -> None:
    """Playwright's own `wait_for_function` evaluates a text within the page, which its policy refuses."""
    for _ in range(LONGEST_MS // STEP_MS):
        doing()
        with suppress(Error):  # a page that goes answers nothing; the next one is asked
            if page.evaluate(expression):
                return
        page.wait_for_timeout(STEP_MS)
    raise AssertionError(f"it did not become true: {expression}")


def keys_heard(page: Page) -> None:
    """Until the page of a record knows its keys: their script is asked for when the page is already there."""
    until(page, "Boolean(customElements.get('ms-neighbours'))")


def session_ends(page: Page) -> None:
    """Before the pages of this browser have noticed by themselves: what one does there comes first."""
    page.context.route(BELL, lambda route: route.fulfill(status=204))
    # Playwright takes all cookies away for a moment to clear one of them: what is asked just then gets another mark.
    [session] = [one for one in page.context.cookies() if one["name"] == "mainstay_session"]
    page.context.add_cookies([{**session, "value": "x" * 43}])  # type: ignore[list-item]


@contextmanager
def at_rest(page: Page) -> Iterator[Callable[[], None]]:
    """Gives what waits until nothing is under way that the page asked for in here, and for a moment nothing was.

    Playwright's own `networkidle` waits half a second each time, which hundreds of pages are too many for.
    """
    under_way: set[Request] = set()
    last = time.monotonic()

    def begun(request: Request) -> None:
        nonlocal last
        last = time.monotonic()
        under_way.add(request)

    def over(request: Request) -> None:
        nonlocal last
        last = time.monotonic()
        under_way.discard(request)

    def rest() -> None:
        nonlocal last
        last = time.monotonic()
        for _ in range(LONGEST_MS // STEP_MS):
            page.wait_for_timeout(STEP_MS)
            if not under_way and time.monotonic() - last > QUIET_MS / 1000:
                page.evaluate(DRAWN)
                return
        raise AssertionError(f"it does not come to rest: {[one.url for one in under_way]}")

    heard = {"request": begun, "requestfinished": over, "requestfailed": over}
    for name, hear in heard.items():
        page.on(name, hear)  # type: ignore[call-overload]
    try:
        yield rest
    finally:
        for name, hear in heard.items():
            page.remove_listener(name, hear)
