"""Every menu of a page lies in the screen, and whatever stands in it can be brought into sight."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.shots import DEVICES
from tests.browser.test_every_page import AXE, EVERY_RULE, FIND
from tests.browser.waiting import until

SIZES: dict[str, dict[str, Any]] = {
    "1366": {"viewport": {"width": 1366, "height": 657}},
    "1280": {"viewport": {"width": 1280, "height": 720}},
    "twice": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},
    "phone": DEVICES["m"],
}
PAGES = ("/incidents/INC-1/", "/problems/PRB-1/", "/incidents/?view=all")
OPEN = "document.querySelector('[popover]:popover-open')"
# Filled, and nothing is asked any more.
FILLED = f"{OPEN}?.querySelector('.opt, .in, .btn') && !document.querySelector('.htmx-request')"
OPENERS = """() => [...document.querySelectorAll("main [popovertarget]")].filter((e) => e.checkVisibility())
    .map((e) => e.getAttribute("popovertarget"))"""
# As many as a grown catalogue has, so that the menu is longer than its room.
MANY = """() => {
  const list = document.querySelector("[popover]:popover-open .opt")?.parentElement;
  for (let n = list?.querySelectorAll(":scope > .opt").length; list && n < 30; n++)
    list.append(list.querySelector(":scope > .opt").cloneNode(true));
}"""
# What of it lies beyond the screen, and what in it stays out of sight though it has the focus.
BEYOND = """() => {
  const menu = document.querySelector("[popover]:popover-open"), seen = menu.getBoundingClientRect(), wrong = [];
  const inside = (box, top, bottom, left, right) =>
    box.top >= top - 1 && box.bottom <= bottom + 1 && box.left >= left - 1 && box.right <= right + 1;
  if (!inside(seen, 0, innerHeight, 0, innerWidth)) wrong.push(`${Math.round(seen.top)} to ${Math.round(seen.bottom)}`);
  if (seen.height < 32) wrong.push("it has no room");
  for (const one of menu.querySelectorAll(".opt, .in, .btn, .cb")) {
    if (!one.checkVisibility()) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    if (!inside(one.getBoundingClientRect(), Math.max(0, seen.top), Math.min(innerHeight, seen.bottom), 0, innerWidth))
      wrong.push(one.textContent.trim() || one.name);
  }
  return wrong;
}"""


def opened(page: Page, target: str) -> None:
    page.locator(f"main [popovertarget='{target}']").filter(visible=True).first.click()
    until(page, FILLED)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("url", PAGES)
def test_whatever_stands_in_a_menu_can_be_seen(sign_in: SignIn, url: str, size: str) -> None:
    page, wrong = sign_in("agent", **SIZES[size]), {}
    page.goto(url)
    targets = page.evaluate(OPENERS)
    assert len(targets) > 3
    for target in targets:
        opened(page, target)
        for many in (False, True):
            if many:
                page.evaluate(MANY)
            if found := page.evaluate(BEYOND):
                wrong[f"{target}, {many=}"] = found
        page.keyboard.press("Escape")
    assert wrong == {}


@pytest.mark.parametrize("size", SIZES)
def test_nor_is_a_menu_at_a_row_cut_off(sign_in: SignIn, size: str) -> None:
    """At the first row and at one in the middle of the screen, which has no room whole on either side."""
    page, wrong = sign_in("agent", **SIZES[size]), {}
    for down in (1, 6):
        for key in "eaps":
            page.goto("/incidents/?view=all")
            for _ in range(down):
                page.keyboard.press("j")
            page.keyboard.press(key)
            until(page, FILLED)
            if found := page.evaluate(BEYOND):
                wrong[f"{key} at {down}"] = found
    assert wrong == {}


def test_axe_finds_nothing_in_an_open_menu(sign_in: SignIn) -> None:
    """A menu lies over a phone's bar of tabs, which axe does not know: for it the bar is away."""
    page, wrong = sign_in("agent", bypass_csp=True, **DEVICES["m"]), {}
    for url in PAGES:
        page.goto(url)
        page.evaluate(AXE.read_text())
        page.add_style_tag(content=".tabbar { display: none }")
        for target in page.evaluate(OPENERS):
            opened(page, target)
            if found := page.evaluate(FIND, EVERY_RULE):
                wrong[f"{url} {target}"] = found
            page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("e")
    until(page, FILLED)
    if found := page.evaluate(FIND, EVERY_RULE):
        wrong["e"] = found
    assert wrong == {}


def test_words_and_room_of_a_menu_can_be_pressed(sign_in: SignIn) -> None:
    """They cannot have the focus, so that it goes to the page around: the menu stays, and the word ticks its box."""
    page = sign_in("agent")
    page.goto("/incidents/")
    page.get_by_role("button", name="Columns").click()
    menu = page.locator("[popover]:popover-open")
    box = menu.get_by_role("checkbox", name="Created")
    was = box.is_checked()
    menu.get_by_text("Created", exact=True).click()
    expect(menu).to_be_visible()
    expect(box).to_be_checked(checked=not was)
    menu.locator(".pop-h").first.click()
    expect(menu).to_be_visible()
    page.goto("/incidents/INC-2/")
    page.get_by_role("button", name="Add a task").click()
    form = page.locator("#add-task")
    form.locator("label").first.click()
    page.keyboard.type("Call back")
    form.click(position={"x": 3, "y": 3})
    expect(form.locator("[name=title]")).to_have_value("Call back")
    expect(form).to_be_visible()


@pytest.mark.parametrize("width", [1024, 800])
def test_on_the_rail_a_group_lies_beside_its_glyph(sign_in: SignIn, width: int) -> None:
    page = sign_in("auditor", viewport={"width": width, "height": 768})
    page.goto("/")
    glyphs = page.locator("#nav summary")
    for glyph in glyphs.all():
        kids = glyph.locator("xpath=..").locator(".kids")
        expect(kids).to_be_hidden()
        glyph.hover()
        expect(kids).to_be_visible()
        box, room = kids.bounding_box(), page.viewport_size
        assert box and room
        assert 40 < box["x"] < 60 and box["y"] + box["height"] < room["height"]
        first = kids.get_by_role("link").first
        first.hover()
        expect(first).to_be_visible()
        page.mouse.move(width - 10, 400)
    glyph = glyphs.first
    glyph.focus()
    page.keyboard.press("Tab")
    link = glyph.locator("xpath=..").get_by_role("link").first
    expect(link).to_be_focused()
    to = link.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{to}")


def test_a_finger_opens_a_group_of_the_rail(sign_in: SignIn) -> None:
    page = sign_in("agent", viewport={"width": 800, "height": 1024}, has_touch=True)
    page.goto("/incidents/")
    for glyph in page.locator("#nav summary").all():
        glyph.tap()
        expect(glyph.locator("xpath=..").locator(".kids")).to_be_visible()


def test_one_types_at_once_where_a_small_form_opens(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-2/")
    for name, field in (
        ("Link a record", "record"),
        ("Add a person", "person"),
        ("Add a task", "title"),
    ):
        page.get_by_role("button", name=name).click()
        expect(page.locator(f":popover-open [name={field}]")).to_be_focused()
        page.keyboard.press("Escape")
    page.keyboard.type("gs")
    page.wait_for_url("**/search/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("cat")
    expect(page.locator("#find")).to_have_value("cat")


def test_a_team_is_found_in_the_menu_by_its_name(sign_in: SignIn) -> None:
    page = sign_in("team-lead")
    page.goto("/workload/")
    page.locator("[popovertarget=teams]").click()
    menu, box = page.locator("#teams"), page.locator("#teams [name=q]")
    expect(box).to_be_focused()
    expect(menu.locator("a").nth(1)).to_be_visible()
    wanted = menu.locator("a:not([aria-current])").first
    name, there = wanted.inner_text(), wanted.get_attribute("href") or "none"
    box.press_sequentially(name)
    expect(menu.locator("a")).to_have_count(1)
    expect(menu).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(menu.locator("a")).to_be_focused()
    box.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{there}")
    expect(page.locator("[popovertarget=teams]")).to_contain_text(name)
