"""The drawing of what depends on what: by keyboard, from the right, without colours, on paper."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.browser.conftest import SignIn
from tests.browser.reference import group

PAPER = {"width": 690, "height": 980}
# Whether what is written on it can be read: not mirrored, on the screen.
READ = "(all) => all.map((e) => Math.sign(e.getScreenCTM().a))"
# As wide as a node is.
WHOLE = 208
# How much of the stop is within what is shown of its drawing.
IN_SIGHT = """() => {
  const e = document.activeElement, own = e.getBoundingClientRect();
  const box = e.closest(".map-s").getBoundingClientRect();
  return Math.min(own.right, box.right) - Math.max(own.left, box.left);
}"""


def shown(page: Page, name: str) -> Locator:
    """One of the samples of the map, by day."""
    own = page.locator("#c-impact-map .ground[data-theme=light] .spec")
    return own.filter(has=page.get_by_text(name, exact=True)).locator(".map").first


def middles(nodes: Locator) -> list[tuple[float, float]]:
    boxes = nodes.evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().toJSON())")
    return [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]


def test_tab_goes_layer_by_layer_and_each_stop_comes_into_sight(sign_in: SignIn) -> None:
    """Where the drawing is wider than the screen, too."""
    page = sign_in("agent", viewport={"width": 390, "height": 844})
    page.goto(group("maps"))
    drawing = shown(page, "Default")
    nodes = drawing.locator("a.map-n")
    assert nodes.count() == 4
    assert drawing.locator(".map-s").evaluate("(e) => e.scrollWidth > e.clientWidth")
    nodes.first.focus()
    order = []
    for _ in range(4):
        order.append(page.evaluate("document.activeElement.querySelector('title').textContent"))
        assert page.evaluate(IN_SIGHT) >= WHOLE, order[-1]
        page.keyboard.press("Tab")
    assert [name.partition(",")[0] for name in order] == [
        *("Checkout & payments", "Point of sale", "payment-gateway", "hsm-eu-2")
    ]
    assert page.evaluate("document.activeElement.matches('summary')"), "then all of it as a table"


def test_from_the_right_it_is_mirrored_and_its_words_are_not(sign_in: SignIn) -> None:
    page = sign_in("agent")
    for way, ahead in (("usual", True), ("rtl", False)):
        page.goto(group("maps", way))
        drawing = shown(page, "Selected")
        (first, level), (second, same) = middles(drawing.locator("a.map-n"))
        assert (first < second) == ahead and level == same
        # The line between them leads from the first to the second.
        line = drawing.locator("path.map-e").first.bounding_box()
        assert line
        assert min(first, second) < line["x"] and line["x"] + line["width"] < max(first, second)
        for written in ("text", ".up use"):
            assert set(drawing.locator(written).evaluate_all(READ)) == {1}


def test_without_colours_what_is_selected_and_how_a_thing_is_are_still_seen(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent", forced_colors="active")
    page.goto(group("maps"))
    frames = shown(page, "Selected").locator(".map-b")
    wide = frames.evaluate_all(
        "(all) => all.map((e) => parseFloat(getComputedStyle(e).strokeWidth))"
    )
    assert wide[1] >= 2 * wide[0]
    glyphs = shown(page, "Default").locator("a.map-n g:has(> .map-h) use")
    names = glyphs.evaluate_all("(all) => all.map((e) => e.getAttribute('href').split('#')[1])")
    assert names == ["s-act", "s-watch", "s-act", "s-act"]


def test_on_paper_all_of_it_is_on_the_sheet(sign_in: SignIn) -> None:
    page = sign_in("agent", viewport=PAPER)
    page.goto(group("maps"))
    page.emulate_media(media="print")
    drawing = shown(page, "In a circle, and apart").locator("svg.map-g").bounding_box()
    assert drawing
    assert drawing["x"] + drawing["width"] <= PAPER["width"]
