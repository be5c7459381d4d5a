"""Focus is never lost: what had it may go, and then the next of its kind has it, or the place the list stood."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Work
from tests.browser.test_record import made
from tests.browser.waiting import until


def linked(page: Page, *numbers: str) -> None:
    for number in numbers:
        page.get_by_role("button", name="Link a record").click()
        page.locator("#link-record").fill(number)
        page.locator("#add-link").get_by_role("button", name="Link").click()
        expect(page.locator("#links li", has_text=number)).to_be_visible()


def test_a_removed_link_gives_it_to_the_next_and_the_last_to_the_place_of_the_list(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    made(page, "Linked to three")
    linked(page, "INC-1", "INC-2", "INC-3")
    away = page.locator("#links [name=away]")
    first = page.get_by_role("button", name="Remove the link to")
    for left in (2, 1):
        next_one = first.nth(1).get_attribute("aria-label") or ""
        first.first.focus()
        page.keyboard.press("Enter")
        expect(away).to_have_count(left)
        expect(page.get_by_role("button", name=next_one)).to_be_focused()
    page.keyboard.press("Enter")
    expect(away).to_have_count(0)
    expect(page.get_by_role("button", name="Link a record")).to_be_focused()


@pytest.mark.parametrize(
    ("path", "place", "name"),
    [("/teams/", "#members", "Take "), ("/users/", "#roles", "Withdraw ")],
)
def test_so_does_a_member_and_a_role(sign_in: SignIn, path: str, place: str, name: str) -> None:
    page = sign_in("administrator")
    page.goto(path)
    who = "Workplace" if place == "#members" else "Priya Raman"
    page.locator(".c-title > a:not(.peek)", has_text=who).first.click()
    away = page.locator(place).get_by_role("button", name=name)
    expect(away.first).to_be_visible()
    for left in range(away.count() - 1, -1, -1):
        away.last.focus()
        page.keyboard.press("Enter")
        expect(away).to_have_count(left)
        until(page, f"document.activeElement.matches('{place} button')")


def test_another_view_of_the_same_page_goes_on_where_one_was(sign_in: SignIn, work: Work) -> None:
    page = sign_in("agent")
    for title in ("Zephyrs one", "Zephyrs two"):
        made(page, title)
    page.locator("#record").get_by_text("Start work").first.click()
    page.locator("#dialog").get_by_role("button", name="Start work").click()
    expect(page.locator(".toast").last).to_contain_text("in progress")
    work()
    page.goto("/search/?q=zephyrs")
    facets = page.get_by_role("navigation", name="Narrow the search")
    facets.get_by_role("link", name="Newest first").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**order=**")
    expect(facets.get_by_role("link", name="Newest first")).to_be_focused()
    page.goto("/search/?q=zephyrs")
    choice = facets.get_by_role("link").first
    word = choice.locator(".grow").inner_text()
    choice.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**state=**")
    expect(facets.get_by_role("link", name=word)).to_be_focused()
    expect(facets.locator("[aria-current]", has_text=word)).to_have_count(1)


def test_so_does_a_search_in_the_audit(sign_in: SignIn) -> None:
    page = sign_in("auditor")
    page.goto("/audit/")
    box = page.locator("#filter")
    box.fill("INC-1")
    box.press("Enter")
    page.wait_for_url("**text=INC-1**")
    expect(box).to_be_focused()
    page.get_by_role("link", name="Remove the filter").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit/**")
    expect(page.get_by_role("link", name="Remove the filter")).to_have_count(0)
    until(page, "document.activeElement !== document.body")


def test_what_a_dialog_was_opened_from_may_be_gone_when_it_closes(sign_in: SignIn) -> None:
    page = sign_in("agent")
    number = made(page, "Resolved by another")
    dialog = page.locator("#dialog")
    page.keyboard.press("Escape")
    page.locator("#record").get_by_role("link", name="Resolve").first.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Close code").select_option(index=1)
    dialog.get_by_label("Resolution").fill("Words that must not be lost")
    other = sign_in("team-lead")
    other.goto(f"/incidents/{number}/")
    other.locator("#record").get_by_role("link", name="Resolve").first.click()
    theirs = other.locator("#dialog")
    theirs.get_by_label("Close code").select_option(index=1)
    theirs.get_by_label("Resolution").fill("Done")
    theirs.get_by_role("button", name="Resolve").click()
    expect(theirs).to_be_hidden()

    dialog.get_by_role("button", name="Resolve").click()
    told = dialog.get_by_role("alert")
    expect(told).to_contain_text("Amara Okafor set this to resolved at ")
    expect(told).to_be_focused()
    expect(dialog.get_by_label("Resolution")).to_have_value("Words that must not be lost")
    expect(page.locator("#record .rail, #record .rec-h").first).to_contain_text("Resolved")
    see = dialog.get_by_role("link", name="See it as it is now")
    see.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    until(page, "document.activeElement !== document.body")
    expect(page.locator("#timeline")).to_contain_text("Done")


def test_a_refused_token_is_told_where_it_was_asked_for_and_in_our_words(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    page.goto("/profile/")
    page.get_by_text("New token").click()
    page.get_by_label("How long it holds").select_option("30")
    page.get_by_role("button", name="Make the token").click()
    name = page.get_by_label("What it is for")
    expect(name).to_be_focused()
    expect(name).to_be_in_viewport()
    form = page.locator("#tokens form.form")
    expect(form).to_contain_text("Say what it is for, so that you know it again.")
    expect(form).to_contain_text("Type your present password.")
    expect(page.get_by_label("How long it holds")).to_have_value("30")
    name.fill("Nightly report")
    form.get_by_label("Present password").fill("not mine")
    form.get_by_label("Present password").press("Enter")
    expect(form.get_by_label("Present password")).to_be_focused()
    expect(name).to_have_value("Nightly report")
    expect(form).to_contain_text("This is not your present password.")


def test_language_look_and_keys_are_kept_by_one_button(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/profile/")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("Single letters are keys").uncheck()
    expect(page.locator("main").get_by_role("button", name="Save")).to_have_count(1)
    page.locator("main").get_by_role("button", name="Save").click()
    expect(page.locator(".toast").last).to_contain_text("Kept")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_label("Single letters are keys")).not_to_be_checked()
