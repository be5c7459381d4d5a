"""Lanes of a day, of weeks and of cards, as a browser draws them: where something stands, how a card is moved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.reference import group
from tests.browser.shots import DEVICES

# How far each bar of the first day begins from where its axis does, and how long it is, as parts of the axis.
BARS = """() => {
    const day = document.querySelector("#c-day-lane .day-in"), axis = day.getBoundingClientRect()
    const isMirrored = getComputedStyle(day).direction === "rtl"
    return [...day.querySelectorAll(".day-i")].map((bar) => {
        const box = bar.getBoundingClientRect()
        const from = isMirrored ? axis.right - box.right : box.left - axis.left
        return [from / axis.width, box.width / axis.width]
    })
}"""
CUT = """() => [...document.querySelectorAll("#c-day-lane .spec")].slice(0, 2).flatMap((spec) =>
    [...spec.querySelectorAll(".trunc")].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent))"""
# Two cards of a lane that cover each other, and cards that are not over the time their strip says.
COVERED = """() => [...document.querySelectorAll("#c-week-lanes .lane > ul")].flatMap((lane) => {
    const boxes = [...lane.querySelectorAll(".placed:not(.strip)")].map((e) => e.getBoundingClientRect())
    const meets = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
    return boxes.flatMap((a, n) => boxes.slice(0, n).filter((b) => meets(a, b)).map((b) => [a.left, b.left]))
})"""
STRIPS = """() => [...document.querySelectorAll("#c-week-lanes .chg")].filter((card) => {
    const box = card.getBoundingClientRect(), strip = card.querySelector(".strip").getBoundingClientRect()
    return strip.left < box.left || strip.right > box.right || strip.width < 8
}).map((card) => card.textContent)"""


def reference(sign_in: SignIn, way: str = "usual", of: str = "plans", **options: Any) -> Page:
    page = sign_in("agent", **options)
    page.goto(group(of, way))
    page.evaluate("document.fonts.ready")
    return page


@pytest.mark.parametrize("way", ["usual", "rtl"])
def test_bars_stand_at_their_hours(sign_in: SignIn, way: str) -> None:
    """From six to noon, nine to half past nine, and so on; from the right as well."""
    bars = reference(sign_in, way).evaluate(BARS)
    hours = [(6, 12), (9, 9.5), (9 + 25 / 60, 11), (14, 15.5), (18, 24)]
    assert len(bars) == len(hours)
    for (begin, long), (start, end) in zip(bars, hours, strict=True):
        assert abs(begin - start / 24) < 0.003
        assert abs(long - (end - start) / 24) < 0.003


def test_no_label_is_cut_where_there_is_room(sign_in: SignIn) -> None:
    page = reference(sign_in)
    assert page.locator("#c-day-lane .day-b.before").count() > 2
    assert page.evaluate(CUT) == []
    # Where there is none beside the bar, it stands above it and goes on below.
    page.set_viewport_size(DEVICES["m"]["viewport"])
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("way", ["usual", "rtl"])
def test_no_two_cards_of_a_lane_cover_each_other(sign_in: SignIn, way: str) -> None:
    page = reference(sign_in, way)
    assert page.locator("#c-week-lanes .lane > ul > li.beside").count() > 2
    for width in (1440, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(COVERED) == []
        assert page.evaluate(STRIPS) == []


def test_on_a_phone_a_week_is_a_list_by_day(sign_in: SignIn) -> None:
    page = reference(sign_in)
    lanes, days = (page.locator(f"#c-week-lanes .{name}").first for name in ("lanes", "agenda"))
    assert lanes.is_visible() and not days.is_visible()
    page.set_viewport_size(DEVICES["m"]["viewport"])
    assert days.is_visible() and not lanes.is_visible()
    # What is in conflict stands before it, and is a row.
    boxes = [card.bounding_box() for card in page.locator("#c-week-lanes .clash").all()[:2]]
    list_box = days.bounding_box()
    assert boxes[0] and boxes[1] and list_box
    assert boxes[0]["y"] == boxes[1]["y"] < list_box["y"]
    assert boxes[0]["x"] < boxes[1]["x"]


def test_a_card_is_moved_by_keys_alone(sign_in: SignIn) -> None:
    """Its menu names the lanes; Esc gives the focus back; what is chosen is sent with its lane."""
    page = reference(sign_in, of="board")
    button = page.locator("#c-kanban").get_by_role("button", name="Move CSI-118").first
    button.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#c-kanban .pop:popover-open")
    assert [text.split()[0] for text in menu.locator(".opt").all_inner_texts()] == [
        "Doing",
        "Measuring",
        "Proven",
    ]
    page.keyboard.press("Escape")
    assert menu.count() == 0
    assert button.evaluate("(e) => e === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Enter")
    chosen = page.locator("#c-kanban .pop .opt").nth(1).get_attribute("value")
    assert f"to={chosen}" in (sent.value.post_data or "")


def test_all_of_a_card_leads_to_its_record(sign_in: SignIn) -> None:
    """But for its button; a link that covers the card is one stop for the keys."""
    page = reference(sign_in, of="board")
    card = page.locator("#c-kanban .kc").first
    card.scroll_into_view_if_needed()
    card.locator(".kc-f").click(position={"x": 4, "y": 4}, force=True)
    assert page.url.endswith("#c-kanban")
    card.get_by_role("button").first.click()
    assert page.locator("#c-kanban .pop:popover-open").count() == 1
