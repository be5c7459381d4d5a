"""Every page by Tab alone: the way in is the skip link, each stop is seen, none lies under something."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.shots import DEVICES, PAGES

STOPS = 80
LOOKED_AT = (
    "signin",
    "home",
    "inbox",
    "preferences",
    "queue",
    "record",
    "queue-bulk",
    "new",
    "job",
    "job-running",
    "remove",
    "team",
    "portal",
    "portal-ask",
    "portal-inbox",
    "portal-answer",
)
WHERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const clamp = (x, most) => Math.min(Math.max(x, 1), most - 1);
  const top = document.elementFromPoint(
    clamp(box.x + box.width / 2, innerWidth), clamp(box.y + box.height / 2, innerHeight));
  const ringed = (x) => x && (getComputedStyle(x).outlineStyle !== "none" || getComputedStyle(x).boxShadow !== "none");
  const around = e.closest("tr") ?? e.closest(".q-find, .hero-s, .comp-t label, .comp");
  return {
    name: (e.getAttribute("aria-label") || e.textContent || e.name || e.tagName).trim().slice(0, 40),
    skip: e.matches(".skip"),
    ring: e.matches("main") || ringed(e) || ringed(around),
    covered: !(top && (e.contains(top) || top.contains(e))),
    small: style.display !== "inline" && (box.width < 16 || box.height < 16),
  };
}"""


# An inline link in running text is as large as its line; a label reaches as far as its text does.
TOO_SMALL = """(least) => {
  const hidden = ".skip, .sr, [popover]:not(:popover-open)", inText = ".prose, .crumbs, td, th, small, p:not(.acts)";
  const small = (e) => {
    if (!e.checkVisibility({visibilityProperty: true}) || e.type === "hidden" || e.closest(hidden)) return false;
    if (getComputedStyle(e).display === "inline" || e.closest(inText)) return false;
    const whole = e.closest("label, .q-find, .hero-s, .drop, .comp") ?? e;
    const seen = whole.getBoundingClientRect(), more = getComputedStyle(e, "::before");
    const grown = more.position === "absolute" ? -2 * parseFloat(more.top || 0) : 0;
    return seen.width > 1 && seen.height + grown < least - 0.5;
  };
  const name = (e) => (e.getAttribute("aria-label") || e.textContent || e.name || e.tagName).trim().slice(0, 40);
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(small)
    .map((e) => `${name(e)} (${e.className}) ${Math.round(e.getBoundingClientRect().height)}`);
}"""


def walk(page: Page) -> list[dict[str, object]]:
    stops = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop is None:
            break
        stops.append(stop)
    return stops


def test_every_stop_is_seen(sign_in: SignIn) -> None:
    wrong, pages = [], {}
    for name in LOOKED_AT:
        login, url = PAGES[name]
        if login not in pages:
            pages[login] = sign_in(login)
        page = pages[login]
        page.goto(url)
        page.evaluate("document.activeElement.blur()")
        stops = walk(page)
        if name != "signin" and not stops[0]["skip"]:
            wrong.append(f"{name}: the first stop is {stops[0]['name']}")
        for stop in stops[1:]:
            wrong += [f"{name}: {stop['name']}: {k}" for k in ("covered", "small") if stop[k]]
            if not stop["ring"]:
                wrong.append(f"{name}: {stop['name']}: no ring")
    assert wrong == []


@pytest.mark.parametrize(
    "name", ["home", "queue", "record", "new", "portal", "portal-ask", "portal-answer", "signin"]
)
def test_a_thumb_hits_everything(sign_in: SignIn, name: str) -> None:
    """44 px where a finger is the pointer, but for links within a text."""
    login, url = PAGES[name]
    page = sign_in(login, **DEVICES["m"])
    page.goto(url)
    assert page.evaluate(TOO_SMALL, 44) == []


@pytest.mark.parametrize(
    ("url", "opener"),
    [
        ("/", "button.me"), ("/", "[popovertarget=new]"), ("/incidents/", "[popovertarget=builder]"),
        ("/incidents/", "[popovertarget=columns]"), ("/incidents/INC-3/", "#b-assignee"),
        ("/incidents/INC-3/", "[popovertarget=more]"), ("/incidents/INC-1/", "[popovertarget=add-task]"),
        ("/audit/", "[popovertarget=builder]"), ("/teams/TEAM-1/", "[popovertarget=add-member]"),
    ],
)  # fmt: skip
def test_escape_closes_a_menu_and_gives_the_focus_back(
    sign_in: SignIn, url: str, opener: str
) -> None:
    page = sign_in("administrator")
    page.goto(url)
    button = page.locator(opener).filter(visible=True).first
    button.focus()
    page.keyboard.press("Enter")
    page.locator("[popover]:popover-open").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(":popover-open").count() == 0
    assert button.evaluate("e => e === document.activeElement")


def test_escape_closes_a_dialog_and_gives_the_focus_back(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-3/")
    link = page.locator("a[href$='/move/hold/']").first
    link.focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    assert page.locator("dialog :focus").count() == 1
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    assert link.evaluate("e => e === document.activeElement")


def test_nothing_lies_under_a_draft_where_the_screen_is_low(sign_in: SignIn) -> None:
    """Text twice as large on a small screen, and a draft that has many lines."""
    for height in (450, 800):
        page = sign_in("agent", viewport={"width": 720, "height": height})
        page.goto("/incidents/INC-3/")
        page.locator("ms-composer.alive").wait_for()
        page.locator("[name=text]").fill("A thought\n" * 8)
        page.locator(".comp-s", has_text="Draft saved").wait_for()
        page.reload()
        page.locator("ms-composer.alive").wait_for()
        page.evaluate("document.activeElement.blur()")
        stops = walk(page)
        assert [stop["name"] for stop in stops[1:] if stop["covered"]] == []
