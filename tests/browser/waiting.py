"""Waiting for what only a script can tell."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Error, Page

LONGEST_MS, STEP_MS = 8000, 25


def until(page: Page, expression: str, doing: Callable[[], object] = lambda: None) -> None:
    """Playwright's own `wait_for_function` evaluates a text within the page, which its policy refuses."""
    for _ in range(LONGEST_MS // STEP_MS):
        doing()
        with suppress(Error):  # a page that goes answers nothing; the next one is asked
            if page.evaluate(expression):
                return
        page.wait_for_timeout(STEP_MS)
    raise AssertionError(f"it did not become true: {expression}")


def session_ends(page: Page) -> None:
    """Before the pages of this browser have noticed by themselves: what one does there comes first."""
    page.context.route("**/bell/", lambda route: route.fulfill(status=204))
    page.context.clear_cookies(name="mainstay_session")
