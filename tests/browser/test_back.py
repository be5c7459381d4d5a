"""Who goes back in the browser after sending does not send the same a second time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@SCRIPTS
def test_a_request_is_there_once(sign_in: SignIn, scripts: bool) -> None:
    page = sign_in("requester", java_script_enabled=scripts)
    page.goto("/portal/ask/broken/")
    page.fill("#f-title", "The scanner on floor 2 is silent")
    page.fill("#f-body", "Since this morning")
    press(page, "Send")
    first = page.url
    assert "/portal/requests/" in first
    page.go_back()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    page.fill("#f-title", "The scanner on floor 2 is silent")
    page.fill("#f-body", "Since this morning")
    press(page, "Send")
    assert page.url == first
    expect(page.get_by_text("You had sent this already")).to_be_visible()


@SCRIPTS
def test_an_answer_does_not_come_back(sign_in: SignIn, scripts: bool) -> None:
    page = sign_in("requester", java_script_enabled=scripts)
    page.goto("/portal/ask/broken/")
    page.fill("#f-title", "The scanner on floor 2 is silent")
    press(page, "Send")
    page.fill("#a-text", "It hums again")
    press(page, "Send")
    expect(page.locator(".talk")).to_contain_text("It hums again")
    page.go_back()
    expect(page.locator("#a-text")).to_have_value("")
