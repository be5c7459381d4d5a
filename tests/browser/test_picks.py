"""A choice drawn as cards: by keyboard, by a press anywhere on it, without scripts, and kept as other fields are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_kept import AGAIN, calm

ASK = "/portal/ask/broken/"


def chosen(page: Page, name: str) -> str:
    return page.locator(f"[name={name}]:checked").input_value()


def test_by_keyboard_a_choice_is_one_stop_and_the_arrows_choose(sign_in: SignIn) -> None:
    page = sign_in("requester")
    calm(page, ASK)
    page.locator("[name=impact]:checked").focus()
    assert chosen(page, "impact") == "3"
    page.keyboard.press("ArrowDown")
    assert chosen(page, "impact") == "2"
    expect(page.get_by_role("radio", name="Several of us")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[name=urgency]:checked")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["script", "none"])
def test_a_press_on_its_words_chooses_and_is_sent(sign_in: SignIn, *, script: bool) -> None:
    page = sign_in("requester", java_script_enabled=script)
    page.goto(ASK)
    page.get_by_label("What is going wrong?").fill("The till is dead")
    group = page.get_by_role("radiogroup", name="Can you work without it?")
    card = group.locator(".pick-card", has_text="Work stands still")
    card.scroll_into_view_if_needed()
    words = card.bounding_box()
    assert words
    page.mouse.click(words["x"] + words["width"] / 2, words["y"] + words["height"] - 20)
    assert chosen(page, "urgency") == "1"
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/portal/requests/INC-*/")
    number = page.url.rstrip("/").rpartition("/")[2]
    agent = sign_in("agent")
    agent.goto(f"/incidents/{number}/edit/")
    expect(agent.get_by_label("Urgency")).to_have_value("1")
    expect(agent.get_by_label("Impact")).to_have_value("3")


def test_what_was_chosen_survives_a_reload(sign_in: SignIn) -> None:
    page = sign_in("requester")
    calm(page, ASK)
    page.get_by_role("radio", name="Several of us").check()
    page.reload()
    expect(page.get_by_role("radio", name="Several of us")).to_be_checked()
    expect(page.get_by_text(AGAIN)).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("radio", name="Only me")).to_be_checked()


def test_without_colours_a_chosen_card_still_differs(sign_in: SignIn) -> None:
    page = sign_in("requester", forced_colors="active")
    page.goto(ASK)
    mark = "(e) => getComputedStyle(e, '::after').borderTopWidth"
    cards = page.locator("[name=impact]")
    widths = cards.evaluate_all(f"(all) => all.map({mark})")
    assert widths[0] not in widths[1:] and widths[1] == widths[2]
    frame = "(e) => getComputedStyle(e).borderTopStyle"
    assert set(cards.evaluate_all(f"(all) => all.map({frame})")) == {"solid"}
