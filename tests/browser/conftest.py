"""A server filled with a small organisation, and browsers signed in to it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.live import ARGUMENTS, FROM_THE_RIGHT, ROOT, environment, served, serving
from tests.browser.shots import EXPECTED, signed_in

SignIn = Callable[..., Page]
Work = Callable[[], None]
DATABASE = "mainstay.sqlite3"


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


@pytest.fixture(scope="session")
def as_filled(folder: Path, address: str) -> Path:
    """The database as it was when nobody had opened a page."""
    copy = folder / "as-filled.sqlite3"
    _copy(folder / DATABASE, copy)
    return copy


@pytest.fixture(autouse=True)
def filled_anew(request: pytest.FixtureRequest, folder: Path) -> None:
    """No test finds what another left, whichever ran before it.

    But for those with a live process, which would not understand a past that returns.
    """
    if {"address", "beside", "site"} & set(request.fixturenames) == {"address"}:
        _copy(request.getfixturevalue("as_filled"), folder / DATABASE)


def _copy(source: Path, target: Path) -> None:
    """By SQLite itself: a server may have it open."""
    with (
        closing(sqlite3.connect(source)) as read,
        closing(sqlite3.connect(target, timeout=30)) as written,
    ):
        read.backup(written)


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
