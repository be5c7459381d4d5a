"""The reference of components, in the states only a browser has: pointed at, pressed, in focus, without colours."""

from __future__ import annotations

import pytest

from tests.browser.conftest import SignIn
from tests.browser.shots import DEVICES, PRESSED, forced
from tests.browser.test_every_page import AXE, FIND, IN_THE_DARK

RING = """(kinds) => [...document.querySelectorAll(kinds)].filter((e) => {
    if (!e.checkVisibility() || e.disabled || e.type === "hidden" || e.closest("fieldset[disabled]")) return false;
    const of = (x) => x ? getComputedStyle(x) : {outlineStyle: "none", boxShadow: "none"};
    const ringed = (x) => of(x).outlineStyle !== "none" || of(x).boxShadow !== "none";
    return !ringed(e) && !ringed(e.closest("tr") ?? e.closest(".comp-t label, .comp"));
}).map((e) => e.outerHTML.slice(0, 120))"""
SMALL = """(least) => [...document.querySelectorAll(".way-touch :is(.btn, .ib, .in, .opt, .seg > *)")]
    .filter((e) => e.checkVisibility() && e.type !== "hidden" && e.getBoundingClientRect().height < least)
    .map((e) => e.outerHTML.slice(0, 120) + " " + e.getBoundingClientRect().height)"""

# What stands beyond its component; what scrolls by itself or is cut on purpose, says so.
LEAVES = """() => [...document.querySelectorAll(".spec")].flatMap((spec) => {
    const most = spec.parentElement.getBoundingClientRect()
    const kept = (e) => {
        for (let x = e.parentElement; x !== spec.parentElement; x = x.parentElement)
            if (/auto|scroll|hidden|clip/.test(getComputedStyle(x).overflowX)) return true
        return e.matches(".bar, [popover]") || e.closest("[popover]")
    }
    return [...spec.querySelectorAll("*")].filter((e) => {
        const box = e.getBoundingClientRect()
        const isBeyond = box.right > most.right + 1 || box.left < most.left - 1
        return box.width > 1 && isBeyond && e.checkVisibility() && !kept(e)
    }).map((e) => spec.closest(".part").id + " " + e.outerHTML.slice(0, 120))
})"""


@pytest.mark.parametrize("states", [("hover", "active"), ("focus", "focus-visible")])
def test_what_is_pointed_at_pressed_or_in_focus_stays_readable(
    sign_in: SignIn, states: tuple[str, ...]
) -> None:
    """The states are forced upon every control of the page, by day and by night beside each other."""
    page = sign_in("agent", bypass_csp=True)
    page.goto("/-/parts/")
    forced(page, *states)
    page.evaluate(AXE.read_text())
    assert page.evaluate(FIND, IN_THE_DARK) == []


def test_what_is_in_focus_is_seen(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/-/parts/")
    forced(page, "focus", "focus-visible")
    assert page.evaluate(RING, ", ".join(f".ground {kind}" for kind in PRESSED)) == []


def test_more_contrast_and_forced_colours(sign_in: SignIn) -> None:
    page = sign_in("agent", contrast="more")
    page.goto("/-/parts/")
    line = "getComputedStyle(document.querySelector('.part')).borderTopColor"
    more = page.evaluate(line)
    page.emulate_media(contrast="no-preference")
    assert page.evaluate(line) != more
    page.emulate_media(forced_colors="active")
    # A box of its own colour would be gone: each keeps an edge or a word.
    for name in (
        ".btn",
        ".in",
        ".tag",
        ".toast",
        ".drop",
        ".prio > span:first-child",
        ".pick-card > input",
    ):
        edge = f"(() => {{ const s = getComputedStyle(document.querySelector('.ground {name}'));"
        edge += " return s.borderTopStyle !== 'none' || s.outlineStyle !== 'none' })()"
        assert page.evaluate(edge), name


def test_touch_is_large_enough(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/-/parts/?way=touch")
    assert page.evaluate(SMALL, 44) == []


def test_what_is_long_stays_in_its_component(sign_in: SignIn) -> None:
    """However narrow: it goes on below, or ends in an ellipsis. What floats is not in the way of anything."""
    page = sign_in("agent")
    found = {}
    for width in (1440, 1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for way in ("usual", "rtl"):
            page.goto(f"/-/parts/?way={way}")
            if leaves := page.evaluate(LEAVES):
                found[f"{width} {way}"] = leaves
    assert found == {}


def test_what_was_sent_shows_that_it_waits(sign_in: SignIn) -> None:
    """The bar at the foot of what was pressed, in each of them; not on the way out beside it."""
    page = sign_in("agent")
    page.goto("/-/parts/")
    for name in (
        "button",
        "toast",
        "task-list",
        "notice",
        "dialog",
        "inbox",
        "linked",
        "timeline",
        "composer",
    ):
        waits = page.locator(
            f"#c-{name} :is(button.htmx-request, .htmx-request button:not([type=button]))"
        ).first
        assert "inset" in waits.evaluate("(e) => getComputedStyle(e).boxShadow"), name
    cancel = page.locator("#c-dialog .htmx-request a.btn").first
    assert cancel.evaluate("(e) => getComputedStyle(e).boxShadow") == "none"


def test_a_sheet_stands_at_the_lower_edge_of_a_phone(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto("/-/parts/")
    button = page.locator("#c-bottom-sheet [popovertarget]").first
    button.click()
    sheet = page.locator("#c-bottom-sheet .pop:popover-open").bounding_box()
    assert sheet
    assert (sheet["x"], sheet["width"]) == (0, 390)
    assert abs(sheet["y"] + sheet["height"] - 844) < 1


def test_what_points_along_the_line_points_the_other_way_from_the_right(sign_in: SignIn) -> None:
    page = sign_in("agent")
    scales = "all => all.map((e) => getComputedStyle(e).scale)"
    for way, scale in (("", "none"), ("?way=rtl", "-1 1")):
        page.goto(f"/-/parts/{way}")
        glyphs, words = page.locator(".ground svg.turns"), page.locator(".ground span.turns")
        assert glyphs.count() > 3 and words.count() > 0
        assert set(glyphs.evaluate_all(scales)) == {scale}
        assert set(words.evaluate_all(scales)) == {scale}
        displays = words.evaluate_all("all => all.map((e) => getComputedStyle(e).display)")
        assert "inline" not in displays, "nothing within a line is mirrored"


def test_from_the_right_it_is_mirrored(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/-/parts/?way=rtl")
    steps = page.locator(".ground .steps").first.locator("li")
    first, last = steps.first.bounding_box(), steps.last.bounding_box()
    assert first and last
    assert first["x"] > last["x"]
