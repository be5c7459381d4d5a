"""A page that one person left open, once somebody else is signed in with the same browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_record import made
from tests.browser.test_writing import box, hand_over, picture
from tests.browser.waiting import session_ends
from tests.browser.world import PASSWORD

# A page that hears nothing looks by itself, every few seconds.
LOOKS_MS = 30_000
ANOTHER = "This page was opened by somebody else"


def enter(page: Page, login: str) -> None:
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def handed_over(page: Page, to: str, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Signs out, and somebody else in."""
    page.locator("button.me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    meanwhile()
    enter(page, to)
    page.wait_for_url(lambda url: "sign-in" not in url)


@contextmanager
def unnoticed(left: Page) -> Iterator[None]:
    """That page does not notice by itself that nobody is signed in for a moment: it would be closed else."""
    left.route("**/bell/", lambda route: route.fulfill(status=204))
    yield
    left.unroute("**/bell/")


def test_it_writes_nothing_says_why_and_keeps_what_was_typed(sign_in: SignIn) -> None:
    first = sign_in("agent")
    number = made(first, "Left open")
    left = first.context.new_page()
    left.goto(f"/incidents/{number}/")
    left.locator("ms-composer.alive").wait_for()
    # Nor does it notice later: what is written below comes first.
    left.route("**/bell/", lambda route: route.fulfill(status=204))
    handed_over(first, "team-lead")

    with left.expect_response("**/draft/") as draft:
        box(left).fill("What the agent thinks")
    assert draft.value.status == 403
    told = left.get_by_role("status").filter(has_text=ANOTHER)
    expect(told).to_be_visible()
    expect(left.get_by_text(re.compile("kept in this browser|Draft saved"))).to_have_count(0)
    with left.expect_response("**/talk/") as sent:
        left.get_by_role("button", name="Save note").click()
    assert sent.value.status == 403
    expect(box(left)).to_have_value("What the agent thinks")
    with left.expect_response("**/uploads/") as upload:
        hand_over(left, "paste", "screen.png", picture())
    assert upload.value.status == 403
    # It does not go by itself, nor is it said twice.
    expect(left.locator(".toast .anew")).to_have_count(1)

    first.goto(f"/incidents/{number}/")
    first.locator("ms-composer.alive").wait_for()
    expect(box(first)).to_have_value("")
    expect(first.locator(".msg")).to_have_count(0)

    left.get_by_role("button", name="Load anew").click()
    expect(left.locator("button.me")).to_contain_text("team-lead")
    left.locator("ms-composer.alive").wait_for()
    expect(box(left)).to_have_value("")
    box(left).fill("What the lead thinks")
    left.get_by_role("button", name="Save note").click()
    expect(left.locator(".msg.internal")).to_contain_text("What the lead thinks")


def test_one_that_was_closed_meanwhile_stays_closed_to_somebody_else(sign_in: SignIn) -> None:
    """Its person is asked to sign in; whoever is here instead may load the page, and reads nothing of it before."""
    first = sign_in("agent")
    number = made(first, "Closed and left")
    left = first.context.new_page()
    left.goto(f"/incidents/{number}/")
    closed = left.get_by_role("dialog", name="Sign in")
    handed_over(first, "team-lead", lambda: expect(closed).to_be_visible(timeout=LOOKS_MS))
    expect(left.get_by_text(ANOTHER)).to_have_count(1, timeout=LOOKS_MS)
    expect(left.locator("dialog.shut").get_by_text(ANOTHER)).to_be_visible()
    left.keyboard.press("Escape")
    expect(left.locator("dialog.shut:modal")).to_be_visible()
    left.get_by_role("button", name="Load anew").last.click()
    expect(left.locator("button.me")).to_contain_text("team-lead")


def test_no_menu_of_the_next_person_opens_in_it(sign_in: SignIn) -> None:
    first = sign_in("agent")
    number = made(first, "Left open, too")
    left = first.context.new_page()
    left.goto(f"/incidents/{number}/")
    left.wait_for_load_state("networkidle")
    with unnoticed(left):
        handed_over(first, "team-lead")
        left.get_by_role("link", name="Resolve").click()
    expect(left.get_by_text(ANOTHER)).to_be_visible()
    expect(left.get_by_role("dialog")).to_have_count(0)


def test_all_tabs_of_one_person_work_on_after_a_new_sign_in(sign_in: SignIn) -> None:
    first = sign_in("agent")
    number = made(first, "In two tabs")
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/incidents/{number}/")
        page.locator("ms-composer.alive").wait_for()
    session_ends(first)
    for page in (first, second):
        # The draft cannot be saved.
        box(page).fill("Said in a tab")
        expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    for page in (first, second):
        enter(page, "agent")
        expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)
        expect(page.get_by_text("Draft saved")).to_be_visible()
        page.get_by_role("button", name="Save note").click()
        expect(page.locator(".msg.internal").last).to_contain_text("Said in a tab")
    expect(second.locator(".msg.internal")).to_have_count(2)
    # And after one signed out and in again elsewhere.
    handed_over(first, "agent")
    box(second).fill("Once more")
    second.get_by_role("button", name="Save note").click()
    expect(second.locator(".msg.internal")).to_have_count(3)
