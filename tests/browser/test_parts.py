"""The reference of components, in the states only a browser has: pointed at, pressed, in focus, without colours."""

from __future__ import annotations

from tests.browser.conftest import SignIn
from tests.browser.shots import PRESSED, forced
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


def test_what_is_pointed_at_and_pressed_stays_readable(sign_in: SignIn) -> None:
    """The states are forced upon every control of the page, by day and by night beside each other."""
    page = sign_in("agent", bypass_csp=True)
    page.goto("/-/parts/")
    forced(page, "hover", "active")
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
    for name in (".btn", ".in", ".tag", ".toast", ".drop", ".prio > span:first-child"):
        edge = f"(() => {{ const s = getComputedStyle(document.querySelector('.ground {name}'));"
        edge += " return s.borderTopStyle !== 'none' || s.outlineStyle !== 'none' })()"
        assert page.evaluate(edge), name


def test_touch_is_large_enough(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/-/parts/?way=touch")
    assert page.evaluate(SMALL, 44) == []


def test_from_the_right_it_is_mirrored(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/-/parts/?way=rtl")
    steps = page.locator(".ground .steps").first.locator("li")
    first, last = steps.first.bounding_box(), steps.last.bounding_box()
    assert first and last
    assert first["x"] > last["x"]
