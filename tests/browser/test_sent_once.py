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


def test_what_was_said_covers_nothing_without_a_script(sign_in: SignIn) -> None:
    """It stays then: nothing takes it away."""
    page = sign_in("requester", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto("/portal/ask/broken/")
    page.fill("#f-title", "The scanner on floor 2 is silent")
    press(page, "Send")
    toast = page.locator(".toast").bounding_box()
    assert toast is not None
    for shown in page.locator("main header p, main h1, main .trk").all():
        box = shown.bounding_box()
        assert box is not None and box["y"] >= toast["y"] + toast["height"]


def test_a_request_is_printed_without_what_one_fills_in(sign_in: SignIn) -> None:
    page = sign_in("requester")
    page.goto("/portal/ask/broken/")
    page.fill("#f-title", "The scanner on floor 2 is silent")
    press(page, "Send")
    expect(page.locator("#a-text")).to_be_visible()
    page.emulate_media(media="print")
    for filled in ("textarea", "input", "button", "summary"):
        assert page.locator(f"main {filled}").locator("visible=true").count() == 0, filled
    expect(page.get_by_role("heading", name="The scanner")).to_be_visible()
