"""A server filled with a small organisation, and browsers signed in to it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.live import ARGUMENTS, FROM_THE_RIGHT, ROOT, environment, served, serving
from tests.browser.shots import EXPECTED, signed_in

SignIn = Callable[..., Page]
Work = Callable[[], None]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    with serving(folder) as found:
        yield found


@pytest.fixture(scope="session")
def mirrored(folder: Path, address: str) -> Iterator[str]:
    """The same site, from right to left."""
    with served(environment(folder, FROM_THE_RIGHT)) as found:
        yield found


@pytest.fixture
def work(folder: Path, address: str) -> Work:
    """Does what waits for the worker: the server here has none beside it, so that nothing happens unasked."""
    drain = "import django; django.setup(); from mainstay.records import delivery; delivery.drain()"
    return lambda: run([sys.executable, "-c", drain], env=environment(folder), cwd=ROOT, check=True)


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
        page = signed_in(browser, options.pop("at", address), login, **options)
        page.set_default_timeout(8000)
        page.on("console", lambda message: heard(message.type, message.text))
        page.on("pageerror", lambda error: heard("error", str(error)))
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.context.close()
    assert complaints == []
