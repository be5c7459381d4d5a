"""The reference of components, in the states only a browser has: pointed at, pressed, in focus, without colours."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.reference import GROUPS, group
from tests.browser.shots import DEVICES, PRESSED, forced
from tests.browser.test_every_page import AXE, EVERY_RULE, FIND, IN_THE_DARK

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


# Where what is sent and waits has a bar at its foot.
WAITING = {
    "buttons": ("button",),
    "floating": ("toast", "dialog"),
    "tasks": ("task-list",),
    "notices": ("notice",),
    "inbox": ("inbox",),
    "record": ("linked", "timeline", "composer"),
}
# What would be gone without colours, if it were a box of its own colour alone.
BOXES = {
    "buttons": (".btn",),
    "fields": (".in", ".drop", ".pick-card > input"),
    "marks": (".tag", ".prio > span:first-child"),
    "floating": (".toast",),
}


@pytest.mark.parametrize("states", [("hover", "active"), ("focus", "focus-visible")])
def test_what_is_pointed_at_pressed_or_in_focus_stays_readable(
    sign_in: SignIn, states: tuple[str, ...]
) -> None:
    """The states are forced upon every control of a group, by day and by night beside each other."""
    page, found = sign_in("agent", bypass_csp=True), {}
    for name in GROUPS:
        page.goto(group(name))
        forced(page, *states)
        page.evaluate(AXE.read_text())
        if violations := page.evaluate(FIND, IN_THE_DARK):
            found[name] = violations
    assert found == {}


@pytest.mark.parametrize("way", ["rtl", "touch"])
def test_nor_does_axe_find_anything_where_they_are_drawn_another_way(
    sign_in: SignIn, way: str
) -> None:
    page, found = sign_in("agent", bypass_csp=True), {}
    for name in GROUPS:
        page.goto(group(name, way))
        page.evaluate(AXE.read_text())
        if violations := page.evaluate(FIND, EVERY_RULE):
            found[name] = violations
    assert found == {}


def test_what_is_in_focus_is_seen(sign_in: SignIn) -> None:
    page, found = sign_in("agent"), {}
    for name in GROUPS:
        page.goto(group(name))
        forced(page, "focus", "focus-visible")
        if unseen := page.evaluate(RING, ", ".join(f".ground {kind}" for kind in PRESSED)):
            found[name] = unseen
    assert found == {}


def test_the_page_itself_shows_what_only_a_browser_can_bring_about(sign_in: SignIn) -> None:
    """Drawn so, a thing looks as it does where the browser itself is brought into that state."""
    page = sign_in("agent")
    looks = """(name) => {
        const { backgroundColor, outlineStyle, outlineColor } = getComputedStyle(document.querySelector(name))
        return [backgroundColor, outlineStyle, outlineColor]
    }"""
    button = ".ground .btn.pri"

    def drawn(way: str) -> list[str]:
        page.goto(group("buttons", way))
        return list(page.evaluate(looks, button))

    usual = drawn("")
    for way, states in (
        ("pointed", ["hover"]),
        ("pressed", ["hover", "active"]),
        ("focus", ["focus", "focus-visible"]),
    ):
        shown = drawn(way)
        page.goto(group("buttons"))
        forced(page, *states)
        assert shown == page.evaluate(looks, button) != usual
    drawn("print")
    page.emulate_media(media="print")
    expect(page.locator(".side")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.locator(".side")).to_be_hidden()
    assert drawn("forced")[0] != usual[0]


def test_more_contrast_and_forced_colours(sign_in: SignIn) -> None:
    page = sign_in("agent", contrast="more")
    page.goto(group("marks"))
    line = "getComputedStyle(document.querySelector('.part')).borderTopColor"
    more = page.evaluate(line)
    page.emulate_media(contrast="no-preference")
    assert page.evaluate(line) != more
    page.emulate_media(forced_colors="active")
    # Each keeps an edge or a word.
    for where, boxes in BOXES.items():
        page.goto(group(where))
        for name in boxes:
            edge = (
                f"(() => {{ const s = getComputedStyle(document.querySelector('.ground {name}'));"
            )
            edge += " return s.borderTopStyle !== 'none' || s.outlineStyle !== 'none' })()"
            assert page.evaluate(edge), name


def test_touch_is_large_enough(sign_in: SignIn) -> None:
    page, found = sign_in("agent"), {}
    for name in GROUPS:
        page.goto(group(name, "touch"))
        if small := page.evaluate(SMALL, 44):
            found[name] = small
    assert found == {}


def test_what_is_long_stays_in_its_component(sign_in: SignIn) -> None:
    """However narrow: it goes on below, or ends in an ellipsis. What floats is not in the way of anything."""
    page, found = sign_in("agent"), {}
    for name in GROUPS:
        for way in ("usual", "rtl"):
            page.goto(group(name, way))
            for width in (1440, 1024, 390, 320):
                page.set_viewport_size({"width": width, "height": 900})
                if leaves := page.evaluate(LEAVES):
                    found[f"{name} {width} {way}"] = leaves
    assert found == {}


def test_what_was_sent_shows_that_it_waits(sign_in: SignIn) -> None:
    """The bar at the foot of what was pressed, in each of them; not on the way out beside it."""
    page = sign_in("agent")
    for where, names in WAITING.items():
        page.goto(group(where))
        for name in names:
            waits = page.locator(
                f"#c-{name} :is(button.htmx-request, .htmx-request button:not([type=button]))"
            ).first
            assert "inset" in waits.evaluate("(e) => getComputedStyle(e).boxShadow"), name
    page.goto(group("floating"))
    cancel = page.locator("#c-dialog .htmx-request a.btn").first
    assert cancel.evaluate("(e) => getComputedStyle(e).boxShadow") == "none"


def test_a_sheet_stands_at_the_lower_edge_of_a_phone(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto(group("inbox"))
    button = page.locator("#c-bottom-sheet [popovertarget]").first
    button.click()
    sheet = page.locator("#c-bottom-sheet .pop:popover-open").bounding_box()
    assert sheet
    assert (sheet["x"], sheet["width"]) == (0, 390)
    assert abs(sheet["y"] + sheet["height"] - 844) < 1


def test_what_points_along_the_line_points_the_other_way_from_the_right(sign_in: SignIn) -> None:
    page = sign_in("agent")
    scales = "all => all.map((e) => getComputedStyle(e).scale)"
    displays = "all => all.map((e) => getComputedStyle(e).display)"
    for way, scale in (("usual", "none"), ("rtl", "-1 1")):
        glyphs, words = 0, 0
        for name in GROUPS:
            page.goto(group(name, way))
            glyph, word = page.locator(".ground svg.turns"), page.locator(".ground span.turns")
            glyphs, words = glyphs + glyph.count(), words + word.count()
            assert {*glyph.evaluate_all(scales), *word.evaluate_all(scales)} <= {scale}, name
            assert "inline" not in word.evaluate_all(displays), "nothing within a line is mirrored"
        assert glyphs > 3 and words > 0


def test_from_the_right_it_is_mirrored(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto(group("record", "rtl"))
    steps = page.locator(".ground .steps").first.locator("li")
    first, last = steps.first.bounding_box(), steps.last.bounding_box()
    assert first and last
    assert first["x"] > last["x"]


def test_the_groups_stand_beside_one_of_them_where_there_is_room(sign_in: SignIn) -> None:
    """And stay in sight; on a phone the components of the group are named above it, one line after the other."""
    page = sign_in("agent")
    page.goto(group("fields"))
    beside, first = page.locator(".parts-n"), page.locator(".part").first
    nav, part = beside.bounding_box(), first.bounding_box()
    assert nav and part
    assert nav["x"] + nav["width"] <= part["x"]
    page.locator(".part").last.scroll_into_view_if_needed()
    expect(beside.locator("[aria-current]")).to_be_in_viewport()
    expect(beside.get_by_role("link", name="Marks")).to_be_in_viewport()
    page.set_viewport_size(DEVICES["m"]["viewport"])
    page.goto(group("fields"))
    expect(beside.get_by_role("link", name="Marks")).to_be_hidden()
    nav, part = beside.bounding_box(), first.bounding_box()
    assert nav and part
    assert nav["y"] + nav["height"] <= part["y"]
    beside.get_by_role("link", name="Error summary").click()
    expect(page.locator("#c-error-summary > header")).to_be_in_viewport()
