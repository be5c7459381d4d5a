"""A document on paper: A4, whole rows, its head on every sheet; and on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.reference import group

# The sample alone on its page, with so many rows that it takes several sheets.
ALONE = """(rows) => {
  const doc = document.querySelector("#c-document-page .doc");
  document.querySelector(".parts").replaceWith(doc);
  const body = doc.querySelector("tbody"), all = [...body.children];
  for (let n = 0; n < rows; n++) body.append(all[n % all.length].cloneNode(true));
}"""
HOW = """([selector, name]) => [...document.querySelectorAll(`.doc ${selector}`)]
    .map((e) => getComputedStyle(e)[name])"""
A4 = (595, 842)


def alone(page: Page, rows: int = 0) -> Page:
    page.goto(group("document"))
    page.evaluate(ALONE, rows)
    return page


def test_it_is_printed_on_upright_sheets_of_a4(sign_in: SignIn) -> None:
    page = alone(sign_in("agent"), 60)
    sheets = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheets)
    assert len(boxes) >= 3
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {A4}


def test_rows_are_whole_and_their_head_stands_on_every_sheet(sign_in: SignIn) -> None:
    page = alone(sign_in("agent", color_scheme="dark"))
    page.emulate_media(media="print")
    for selector in ("tr", ".doc-asks li", ".kp", "footer"):
        assert set(page.evaluate(HOW, [selector, "breakInside"])) == {"avoid"}, selector
    assert page.evaluate(HOW, ["thead", "display"]) == ["table-header-group"]
    assert set(page.evaluate(HOW, [".doc-s", "breakAfter"])) == {"avoid"}
    # Between margins of 14 mm a sheet is 182 mm wide: all columns and figures are there, beside each other.
    page.set_viewport_size({"width": 688, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert set(page.evaluate(HOW, [".extra", "display"])) == {"table-cell"}
    tops = page.locator(".kp > div").evaluate_all(
        "(all) => all.map((e) => Math.round(e.offsetTop))"
    )
    assert len(tops) == 4 and len(set(tops)) == 1


def test_on_a_phone_what_is_extra_is_left_out(sign_in: SignIn) -> None:
    page = alone(sign_in("agent", viewport={"width": 390, "height": 844}))
    expect(page.locator(".doc td.extra").first).to_be_hidden()
    expect(page.locator(".doc td").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_from_the_right_a_number_stays_as_it_is_written(sign_in: SignIn) -> None:
    """The sign of a percentage follows it, and the numbers of a list stand where it begins."""
    page = sign_in("agent")
    page.goto(group("document", "rtl"))
    doc = page.locator("#c-document-page .doc").first
    directions = doc.locator("bdi").evaluate_all(
        "(all) => all.map((e) => getComputedStyle(e).direction)"
    )
    assert directions and set(directions) == {"ltr"}
    item, words = doc.locator(".doc-asks li").first, doc.locator(".doc-asks li > div").first
    assert item.evaluate("(e) => getComputedStyle(e).direction") == "rtl"
    assert words.evaluate("(e) => getComputedStyle(e).direction") == "ltr"
