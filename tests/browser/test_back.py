"""Back to a page that is drawn anew: the browser puts nothing of before into it, by which somebody would act amiss."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.world import PASSWORD

TICKED = "all => all.filter((e) => e.checked).map((e) => e.value)"


def ticked(page: Page) -> list[str]:
    numbers: list[str] = page.locator("[name=sel]").evaluate_all(TICKED)
    return numbers


def reported(page: Page, title: str) -> str:
    page.goto("/incidents/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Requester").fill("Freya Lund")
    page.get_by_label("Impact").select_option(label="Medium")
    page.get_by_label("Channel").select_option(label="Portal")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/incidents/INC-*/")
    return page.url.rstrip("/").rpartition("/")[2]


def test_no_other_records_are_chosen_than_those_one_chose(sign_in: SignIn) -> None:
    page, other = sign_in("agent"), sign_in("other")
    page.goto("/incidents/?view=all")
    for key in "jxjx":
        page.keyboard.press(key)
    assert len(ticked(page)) == 2
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/INC-*/")
    reported(other, "Above them in the list")
    page.go_back()
    page.locator("tr.cur").wait_for()
    assert ticked(page) == []
    expect(page.locator(".bulk")).to_be_hidden()


def test_what_somebody_else_changed_meanwhile_stays(sign_in: SignIn) -> None:
    page, other = sign_in("agent"), sign_in("other")
    number = reported(page, "Changed by two")
    page.goto(f"/incidents/{number}/edit/")
    page.get_by_role("main").get_by_role("link", name="Back").click()
    page.wait_for_url(f"**/{number}/")
    other.goto(f"/incidents/{number}/edit/")
    other.get_by_label("Channel").select_option(label="Phone")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(f"**/{number}/")
    page.go_back()
    expect(page.get_by_label("Channel")).to_have_value("phone")
    page.locator("[name=category]").fill("Printing")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/{number}/")
    expect(page.locator("#props")).to_contain_text("Printing")
    page.goto(f"/incidents/{number}/edit/")
    expect(page.get_by_label("Channel")).to_have_value("phone")


@pytest.mark.parametrize(
    ("login", "path"), [("requester", "/portal/ask/broken/"), ("agent", "/incidents/new/")]
)
def test_the_next_person_finds_nothing_of_the_one_before(
    sign_in: SignIn, login: str, path: str
) -> None:
    """Typed and left, then another signs in with the same tab and goes back to it."""
    page = sign_in(login)
    page.goto(path)
    page.locator("#f-title").fill("Salary slip")
    page.locator("#f-body").fill("My salary is 4711")
    page.goto("/profile/" if login == "agent" else "/portal/profile/")
    page.context.clear_cookies(name="mainstay_session")
    page.goto("/sign-in")
    page.fill("[name=username]", "other")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    for _step in range(4):
        page.go_back()
        if page.url.endswith(path):
            break
    assert page.url.endswith(path)
    expect(page.locator("body")).not_to_have_attribute("data-person", "")
    for field in ("#f-title", "#f-body"):
        expect(page.locator(field)).to_have_value("")
