"""What one person does appears at the other, who reloads nothing; with the live process, without it, and after it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.live import ROOT, Telling, environment, telling
from tests.browser.shots import signed_in
from tests.browser.test_next_person import ANOTHER, handed_over
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


BEFORE = """
import django; django.setup()
from mainstay.directory import commands as directory
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands
from mainstay.records.types import shelf
by = By(SYSTEM, "test")
"""


def done(folder: Path, code: str) -> None:
    """Something that happens at the server, where nobody has a page for it."""
    run([sys.executable, "-c", BEFORE + code], env=environment(folder), cwd=ROOT, check=True)


def renamed(folder: Path, number: str, title: str) -> None:
    done(folder, f"commands.change(shelf.type('incident'), {number!r}, {{'title': {title!r}}}, by)")


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


def test_a_page_of_who_was_here_before_tells_of_nobody(pair: tuple[Page, Page]) -> None:
    """It is told so by itself, and the next person's own pages are followed."""
    priya, amara = pair
    number = made(priya, "Left open over a sign-out")
    left = priya.context.new_page()
    left.goto(f"/incidents/{number}/")
    has_heard(left)
    amara.goto(f"/incidents/{number}/")
    expect(amara.locator(".presence .said")).to_have_text("Priya Raman is viewing", timeout=SOON)
    handed_over(priya, "other")
    expect(left.get_by_text(ANOTHER)).to_be_visible(timeout=60_000)
    expect(amara.locator(".presence .said")).to_have_text("", timeout=SOON)
    has_heard(priya)
    note(amara, "Not for that page")
    left.locator("[name=text]").press_sequentially("half a thought")
    priya.goto(f"/incidents/{number}/")
    expect(amara.locator(".presence .said")).to_have_text(re.compile("is viewing$"), timeout=SOON)
    expect(left.locator("#timeline")).not_to_contain_text("Not for that page")
    expect(left.locator("[name=text]")).to_have_value("half a thought")


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


def test_a_record_that_leaves_ones_sight_leaves_ones_pages(
    pair: tuple[Page, Page], folder: Path
) -> None:
    """Its page, the row in the list, and who else sees that one is there."""
    priya, amara = pair
    number = made(priya, "Belongs to few from now on")
    done(
        folder,
        """
team = commands.create(shelf.type("team"), {"title": "Few", "is_restricted": True}, by)
from mainstay.directory.models import User
directory.join(team.number, User.objects.get(username="agent").number, by)
""",
    )
    priya.goto(f"/incidents/{number}/")
    amara.goto(f"/incidents/{number}/")
    tab = amara.context.new_page()
    tab.goto("/incidents/?view=all")
    expect(tab.locator(f"#{number}")).to_be_visible()
    for page in (priya, amara, tab):
        has_heard(page)
    expect(priya.locator(".presence .said")).to_contain_text("Amara Okafor", timeout=SOON)
    expect(tab.locator(f"#{number} .eye")).to_contain_text("Priya Raman", timeout=SOON)
    done(
        folder,
        f"""
from mainstay.records.models import Record
few = Record.objects.get(type="team", title="Few").number
commands.change(shelf.type("incident"), {number!r}, {{"team": few}}, by)
""",
    )
    expect(amara.locator("main h1")).to_have_text("There is nothing here", timeout=SOON)
    expect(tab.locator(f"#{number}")).to_have_count(0, timeout=SOON)
    expect(priya.locator(".presence .said")).to_have_text("", timeout=SOON)


def test_a_tab_that_joins_misses_nothing(pair: tuple[Page, Page], folder: Path) -> None:
    """What happened between its drawing and its first word with the others in its browser."""
    priya, amara = pair
    number = made(priya, "Drawn before it was changed")
    amara.goto("/incidents/")
    has_heard(amara)
    held: list[Route] = []
    tab = amara.context.new_page()
    tab.route("**/app-*.js", lambda route: held.append(route))
    with tab.expect_request("**/app-*.js"):
        tab.goto(f"/incidents/{number}/", wait_until="commit")
    renamed(folder, number, "Changed while a script was fetched")
    expect(amara.locator(f"#{number}")).to_contain_text("Changed while", timeout=SOON)
    for route in held:
        route.continue_()
    expect(tab.locator("main")).to_contain_text("Changed while a script was fetched", timeout=SOON)


@pytest.mark.parametrize("how", ["refused", "lost"])
def test_a_look_that_fails_is_taken_again(pair: tuple[Page, Page], folder: Path, how: str) -> None:
    priya, amara = pair
    number = made(priya, "Looked at in vain once")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    failed = []

    def fail(route: Route) -> None:
        failed.append(how)
        route.abort() if how == "lost" else route.fulfill(status=503, body="")

    amara.route("**/incidents/INC-*/", fail, times=1)
    renamed(folder, number, "Seen at the second look")
    expect(amara.locator("main")).to_contain_text("Seen at the second look", timeout=SOON)
    assert failed == [how]


def test_the_inbox_of_the_portal_follows(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page], folder: Path
) -> None:
    priya, _amara = pair
    number = made(priya, "When may you come by?")
    page = signed_in(browser, beside[0], "requester")
    page.goto("/portal/inbox/")
    has_heard(page)
    done(
        folder,
        f"""
from mainstay.capabilities.conversation.commands import say
from mainstay.directory import actors
from mainstay.directory.models import User
from mainstay.records import delivery
from mainstay.records.types import Message
priya = By(actors.for_person(User.objects.get(username="agent").id), "test")
say(shelf.type("incident"), {number!r}, Message("all", "Tomorrow at nine"), priya)
delivery.drain()
""",
    )
    expect(page.locator("main")).to_contain_text("When may you come by?", timeout=SOON)
    page.context.close()


def test_a_bell_that_shows_what_there_is_is_not_sent_again(pair: tuple[Page, Page]) -> None:
    page = pair[0]
    page.goto("/")
    has_heard(page)
    asked = []
    for _ in range(2):
        with page.expect_response("**/inbox/bell/") as answer:
            page.evaluate("document.querySelector('ms-live').live.ring()")
        answer.value.finished()
        asked.append(answer.value.status)
    # Whoever has just come may have been told of it already.
    assert asked[-1] == 304
