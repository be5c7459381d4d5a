"""Suggestions below a search box: by the keys alone, and nowhere where nobody types."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn, Work


def test_a_suggestion_is_chosen_by_the_keys(sign_in: SignIn, work: Work) -> None:
    work()
    page = sign_in("agent")
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "suggestions" in sent.url else None)
    page.goto("/search/")
    box, shown = page.locator("#find"), page.locator("ms-suggest")
    expect(box).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    assert asked == []
    box.press_sequentially("vpn", delay=20)
    expect(shown).to_be_visible()
    assert len(asked) == 1, "once, for what was typed without a pause"
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(box).to_have_value("vpn")
    box.press_sequentially(" ")
    expect(shown).to_be_visible()
    page.keyboard.press("ArrowDown")
    first = shown.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "none")
    page.keyboard.press("ArrowUp")
    expect(shown.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    there = first.get_attribute("href") or "none"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{there}")
    page.goto("/search/")
    box.press_sequentially("vpn")
    expect(shown).to_be_visible()
    page.keyboard.press("Enter")  # with none chosen it is the search itself
    page.wait_for_url("**/search/?q=vpn")


def test_a_suggestion_is_clicked_and_leaving_the_box_closes_them(
    sign_in: SignIn, work: Work
) -> None:
    work()
    page = sign_in("requester")
    page.goto("/portal/requests/")
    box, shown = page.locator("[name=q]"), page.locator("ms-suggest")
    box.press_sequentially("vpn")
    expect(shown).to_be_visible()
    page.keyboard.press("Tab")
    expect(shown).to_be_hidden()
    box.press_sequentially(" ")
    shown.get_by_role("option").first.click()
    page.wait_for_url("**/portal/requests/INC-*/")


def test_without_a_script_the_box_is_as_it_was(sign_in: SignIn) -> None:
    page = sign_in("agent", java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Search or jump to").click()
    expect(page.get_by_role("combobox")).to_have_count(0)
    page.locator("#find").fill("vpn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=vpn")
