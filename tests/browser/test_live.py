"""What one person does appears at the other, who reloads nothing; with the live process, without it, and after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.live import Telling, telling
from tests.browser.shots import signed_in
from tests.browser.test_record import made

SOON = 15_000


@pytest.fixture(scope="module")
def beside(folder: Path, address: str) -> Iterator[tuple[str, Telling]]:
    with telling(folder) as found:
        yield found


@pytest.fixture
def pair(browser: Browser, beside: tuple[str, Telling]) -> Iterator[tuple[Page, Page]]:
    pages = [signed_in(browser, beside[0], login) for login in ("agent", "team-lead")]
    for page in pages:
        page.set_default_timeout(SOON)
    yield pages[0], pages[1]
    for page in pages:
        page.context.close()


def note(page: Page, text: str) -> None:
    page.locator("[name=text]").fill(text)
    page.locator("[data-send]").click()
    expect(page.locator("#timeline")).to_contain_text(text)


def has_heard(page: Page) -> None:
    """The stream is open: a page is told so at once."""
    expect(page.locator("ms-live")).to_have_attribute("data-state", "told", timeout=60_000)


def test_two_people_on_one_record(pair: tuple[Page, Page]) -> None:
    priya, amara = pair
    number = made(priya, "Two of us look at it")
    amara.goto(f"/incidents/{number}/")
    expect(amara.locator(".presence .said")).to_have_text("Priya Raman is viewing", timeout=SOON)
    expect(priya.locator(".presence .said")).to_have_text("Amara Okafor is viewing", timeout=SOON)
    amara.locator("[name=text]").press_sequentially("half a thought")
    expect(priya.locator(".presence .said")).to_have_text("Amara Okafor is writing", timeout=SOON)
    note(priya, "It was the cable")
    expect(amara.locator("#timeline")).to_contain_text("It was the cable", timeout=SOON)
    expect(amara.locator("[name=text]")).to_have_value("half a thought")
    expect(amara.locator("[name=text]")).to_be_focused()
    expect(amara.locator(".presence [aria-live]")).to_contain_text("It was the cable")
    priya.goto("/incidents/")
    expect(priya.locator(f"#{number} .eye")).to_contain_text("Amara Okafor is", timeout=SOON)
    expect(amara.locator(".presence .said")).to_have_text("", timeout=SOON)


def test_a_list_waits_while_something_is_chosen(pair: tuple[Page, Page]) -> None:
    priya, amara = pair
    amara.goto("/incidents/")
    has_heard(amara)
    amara.locator("tbody .cb").first.check(force=True)
    number = made(priya, "Comes while rows are chosen")
    chip = amara.locator(".presence .chip")
    expect(chip).to_be_visible(timeout=SOON)
    expect(amara.locator(f"#{number}")).to_have_count(0)
    chip.click()
    expect(amara.locator(f"#{number}")).to_be_visible(timeout=SOON)


def test_it_goes_on_without_the_process_and_after_it(
    pair: tuple[Page, Page], beside: tuple[str, Telling]
) -> None:
    priya, amara = pair
    number = made(priya, "The process ends meanwhile")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    beside[1].end()
    note(priya, "Said while nobody tells")
    expect(amara.locator("#timeline")).to_contain_text("Said while nobody tells", timeout=30_000)
    beside[1].begin()
    has_heard(amara)
    note(priya, "Said when it is back")
    expect(amara.locator("#timeline")).to_contain_text("Said when it is back", timeout=SOON)


def test_the_home_of_the_portal_follows(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page]
) -> None:
    priya, _amara = pair
    page = signed_in(browser, beside[0], "requester")
    page.goto("/portal/")
    has_heard(page)
    made(priya, "The lift stands still")
    expect(page.locator("#main .mine")).to_contain_text("The lift stands still", timeout=SOON)
    page.context.close()


def test_a_record_that_is_there_no_more_leaves_the_page(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page]
) -> None:
    """As for whoever loses the right to it: their page looks again, and is told what a new one would be."""
    priya, amara = pair
    number = made(priya, "Reported twice by mistake")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    administrator = signed_in(browser, beside[0], "administrator")
    administrator.goto(f"/incidents/{number}/remove/")
    administrator.locator("main form button[class*=btn]").first.click()
    expect(amara.locator("main h1")).to_have_text("There is nothing here", timeout=SOON)
    expect(amara.locator("main")).not_to_contain_text("Reported twice")
    administrator.context.close()
