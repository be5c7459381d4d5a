"""A server filled with a small organisation, and browsers signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.live import ARGUMENTS, serving
from tests.browser.shots import EXPECTED, signed_in

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)


@pytest.fixture
def sign_in(browser: Browser, address: str) -> Iterator[SignIn]:
    """Opens a browser for a person; at the end none of them may have complained about anything."""
    pages: list[Page] = []
    complaints: list[str] = []

    def heard(kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(EXPECTED):
            complaints.append(text)

    def open_one(login: str, **options: Any) -> Page:
        page = signed_in(browser, address, login, **options)
        page.set_default_timeout(8000)
        page.on("console", lambda message: heard(message.type, message.text))
        page.on("pageerror", lambda error: heard("error", str(error)))
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.context.close()
    assert complaints == []
