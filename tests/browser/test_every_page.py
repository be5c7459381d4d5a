"""Every page, both themes, both screens: axe-core finds nothing, nothing is too wide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.shots import DEVICES, OVERFLOW, PAGES, look_at
from tests.browser.test_journeys import moves
from tests.browser.test_record import made

# `tools/setup.py --dev` installs it; where it is missing, what reads it fails.
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ABOUT_COLOUR = ("color-contrast", "link-in-text-block")
# Whoever speaks to their computer says what they read on the button; axe looks at it only when asked.
SAID = {"label-content-name-mismatch": {"enabled": True}}
EVERY_RULE = {"runOnly": {"type": "tag", "values": TAGS}, "rules": SAID}
IN_THE_DARK = {"runOnly": {"type": "rule", "values": list(ABOUT_COLOUR)}}
# What a middling screen changes are places and what is shown, not colours.
BETWEEN = EVERY_RULE | {"rules": SAID | {rule: {"enabled": False} for rule in ABOUT_COLOUR}}
ASKED = (("light", EVERY_RULE), ("dark", IN_THE_DARK))
TABLET = {"width": 1024, "height": 768}
# How large something is that lies half under an open popover or list is asked on the page without it, and what lies
# under a bar that stands still is asked again where one has scrolled to it.
FIND = """async (asked) => {
    const open = document.querySelector(":popover-open, .comp-o:not([hidden])")
    const again = {runOnly: {type: "rule", values: ["target-size"]}, resultTypes: ["violations"]}
    const counts = async (id, node) => {
        if (id !== "target-size") return true
        const e = document.querySelector(node.target.at(-1))
        if (open && !open.contains(e)) return false
        e.scrollIntoView({block: "center"})
        return (await axe.run(e, again)).violations.length > 0
    }
    const found = []
    for (const v of (await axe.run(document, {...asked, resultTypes: ["violations"]})).violations) {
        const nodes = []
        for (const node of v.nodes) if (await counts(v.id, node)) nodes.push(node.html)
        if (nodes.length) found.push([v.id, nodes])
    }
    return found
}"""
# What lies beyond the screen without a way to it. What scrolls by itself has one; an ellipsis says that there is more.
BEYOND = """() => {
    const most = document.documentElement.clientWidth
    const reached = (e) => {
        for (let x = e; x && x !== document.body; x = x.parentElement) {
            const style = getComputedStyle(x)
            if (x !== e && /auto|scroll/.test(style.overflowX)) return true
            if (style.textOverflow === "ellipsis" || x.matches("svg, .sr, .skip, .clip-s")) return true
        }
        return false
    }
    return [...document.querySelectorAll("body *")].filter((e) => {
        const box = e.getBoundingClientRect()
        return box.width > 1 && (box.right > most + 1 || box.left < -1)
            && e.checkVisibility({visibilityProperty: true}) && !reached(e)
    }).map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().left)}`)
}"""
# The reference of components draws both themes beside each other.
REFERENCE = "parts"
WIDTHS = (320, 390, 768, 1024, 1280, 1920)
FEWER = (320, 768, 1280)


# All pages in parts, which can be run beside each other; a person's next to each other, who so signs in seldom.
PARTS = 5
IN_TURN = sorted(PAGES, key=lambda name: PAGES[name][0])
A_PART = -(-len(IN_TURN) // PARTS)
in_parts = pytest.mark.parametrize(
    "names",
    [IN_TURN[at : at + A_PART] for at in range(0, len(IN_TURN), A_PART)],
    ids=[f"part{n + 1}" for n in range(PARTS)],
)


@in_parts
@pytest.mark.parametrize("device", ["d", "m"])
def test_axe_finds_nothing(sign_in: SignIn, device: str, names: list[str]) -> None:
    """In the light with every rule. The dark changes colours and a middling screen all else: asked again are those."""
    script, found, pages = AXE.read_text(), {}, {}
    for name in names:
        login = PAGES[name][0]
        if login not in pages:
            pages[login] = sign_in(login, color_scheme="light", bypass_csp=True, **DEVICES[device])
        page = pages[login]
        look_at(page, name)
        page.evaluate(script)
        for theme, asked in ASKED[: 1 if name.startswith(REFERENCE) else None]:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            if violations := page.evaluate(FIND, asked):
                found[f"{name} {theme}"] = violations
        page.emulate_media(color_scheme="light")
        if device == "d":
            page.set_viewport_size(TABLET)  # type: ignore[arg-type]
            if violations := page.evaluate(FIND, BETWEEN):
                found[f"{name} at 1024"] = violations
            page.set_viewport_size(DEVICES["d"]["viewport"])  # type: ignore[arg-type]
    assert found == {}


# What people write without a thought for who hears it.
WRITTEN = """#### What I saw

# It stands still

#

[](https://example.org/) and ![](/files/INC-1/abc/x.png)

[![](https://example.org/shop.png)](https://example.org/shop)

- <https://example.org/one>
- [](https://example.org/two)
- https://example.org/three

||Till|
|-|-|
|Monday|`2` of 9|

|Only a head|
|-|

###### And then

> @agent ~~it works~~
"""


def test_axe_finds_nothing_in_what_people_write(sign_in: SignIn) -> None:
    """The description, a note, a reply and a question, where who works on it reads them and where who asked does."""
    script = AXE.read_text()
    agent, requester = (sign_in(who, bypass_csp=True) for who in ("agent", "requester"))
    number = made(agent, "Written as people write", WRITTEN)
    for label in ("Note", "Reply to"):
        agent.locator(".comp").get_by_text(label).first.click()
        agent.locator("ms-composer textarea").fill(WRITTEN)
        agent.locator("[data-send]").click()
        expect(agent.locator(".tl .prose h4", has_text="And then")).to_have_count(
            1 if label == "Note" else 2
        )
    moves(agent, number, "hold", "Put on hold", waiting_for="caller", message=WRITTEN)
    found = {}
    for page, at, levels in (
        (agent, f"/incidents/{number}/", "h2"),
        (agent, f"/incidents/?view=all&peek={number}", "h3"),
        (requester, f"/portal/requests/{number}/", "h2"),
    ):
        page.goto(at)
        expect(page.locator(f".prose {levels}", has_text="It stands still").first).to_be_visible()
        page.evaluate(script)
        if violations := page.evaluate(FIND, EVERY_RULE):
            found[at] = violations
    assert found == {}


# Which targets are too small for a thumb where they are not half covered, asked of the page as it is opened.
COVERED = """async () => (await axe.run(document, {
    runOnly: {type: "rule", values: ["target-size"]}, resultTypes: ["violations"],
})).violations.flatMap((v) => v.nodes.map((node) => node.html))"""
# Both kinds one writes on, as they begin and at their end: the second problem with all the texts it can have.
WRITTEN_ON = ("problems/PRB-1", "problems/PRB-2", "incidents/INC-1", "incidents/INC-7")
LOW, HIGH, FEW = 600, 900, 14


def test_nothing_lies_half_under_what_one_writes_in_on_a_phone(sign_in: SignIn) -> None:
    """Wherever the screen ends: the buttons of a record, the filter of its timeline, what is taken back there."""
    page = sign_in("agent", bypass_csp=True, **DEVICES["m"])
    script, covered = AXE.read_text(), {}
    for of in WRITTEN_ON:
        page.goto(f"/{of}/")
        page.locator("ms-composer.alive").wait_for()
        page.evaluate(script)
        for height in range(LOW, HIGH, FEW):
            page.set_viewport_size({"width": 390, "height": height})
            if found := page.evaluate(COVERED):
                covered[f"{of} at {height}"] = found
    assert covered == {}


def test_on_a_phone_one_writes_where_the_timeline_ends_or_where_one_is(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"] | {"viewport": {"width": 390, "height": 640}})
    page.goto("/problems/PRB-2/")
    page.locator("ms-composer.alive").wait_for()
    text = page.locator("ms-composer textarea")
    expect(text).not_to_be_in_viewport()
    page.get_by_role("link", name="Write", exact=True).click()
    expect(text).to_be_focused()
    expect(text).to_be_in_viewport(ratio=1)
    # What is begun goes along to wherever one reads on, and stays there.
    page.keyboard.type("It is the clock")
    page.evaluate("scrollTo(0, 0)")
    expect(text).to_be_in_viewport(ratio=1)
    page.evaluate("document.activeElement.blur()")
    expect(text).to_be_in_viewport(ratio=1)


def too_wide(
    open_one: SignIn, names: list[str], widths: tuple[int, ...], **options: Any
) -> list[str]:
    wide, pages = [], {}
    for name in names:
        login, url = PAGES[name]
        if login not in pages:
            pages[login] = open_one(login, **options)
        page = pages[login]
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            if width == widths[0]:
                page.goto(url)
            if (over := page.evaluate(OVERFLOW)) > 0:
                wide.append(f"{name} at {width}: {over} px")
    return wide


@in_parts
def test_no_page_is_wider_than_the_screen(sign_in: SignIn, names: list[str]) -> None:
    assert too_wide(sign_in, names, WIDTHS) == []


def test_at_320_px_nothing_lies_beyond_the_screen(sign_in: SignIn) -> None:
    """Each page as it is shown, with what was opened on it: as wide as a desk's where all is four times as large."""
    wrong, pages = {}, {}
    for name, (login, _url) in PAGES.items():
        if login not in pages:
            pages[login] = sign_in(login, viewport={"width": 320, "height": 900})
        look_at(pages[login], name)
        over, beyond = pages[login].evaluate(OVERFLOW), pages[login].evaluate(BEYOND)
        if over > 0 or beyond:
            wrong[name] = [over, beyond[:5]]
    assert wrong == {}


def test_nor_from_right_to_left(sign_in: SignIn, mirrored: str) -> None:
    assert too_wide(sign_in, IN_TURN, FEWER, at=mirrored) == []


def test_nor_in_german_whose_words_are_longer(sign_in: SignIn) -> None:
    assert too_wide(sign_in, IN_TURN, FEWER, locale="de-DE") == []


def test_a_page_from_right_to_left_is_the_mirror_of_the_other(
    sign_in: SignIn, mirrored: str
) -> None:
    """What stands by the left edge stands by the right one, as far from it."""
    where = """(selectors) => selectors.map((s) => {
        const box = document.querySelector(s).getBoundingClientRect()
        return [box.left, innerWidth - box.right, box.width].map(Math.round)
    })"""
    for url, selectors in {
        "/incidents/": [".side", ".crumbs", ".top-r", ".grid thead .c-title", ".q-end"],
        "/incidents/INC-1/": [".rec-main", ".rec-side", ".steps", ".msg .av", "#composer"],
    }.items():
        boxes = []
        for at in ({}, {"at": mirrored}):
            page = sign_in("agent", **at)
            page.goto(url)
            page.evaluate("document.fonts.ready")
            boxes.append(page.evaluate(where, selectors))
        for selector, (left, right, _w), (left_too, right_too, _width) in zip(
            selectors, *boxes, strict=True
        ):
            assert abs(left - right_too) <= 1 and abs(right - left_too) <= 1, selector


def test_a_page_brings_its_own_policy_and_no_inline_code(sign_in: SignIn) -> None:
    page = sign_in("agent")
    for url in ("/", "/incidents/", "/incidents/INC-1/"):
        answer = page.goto(url)
        assert answer is not None
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert page.locator("[style]").count() == 0
        assert page.evaluate("document.querySelectorAll('script:not([src]), style').length") == 0
