"""Every page by Tab alone, to its end: the way in is the skip link, each stop is seen, none lies under something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise, product
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.reference import GROUPS, group
from tests.browser.shots import ACTS, DEVICES, PAGES, look_at

# As many stops as a page can have: a walk that has not ended by then goes round in a circle. A field for a date has one
# for each of its parts, and what scrolls is one.
POSSIBLE = """() => document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]").length
    + 6 * document.querySelectorAll("[type^=date]").length + 60"""
# A desk, a phone, and a desk where everything is twice as large.
SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": DEVICES["m"],
    "twice": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},
}
# What stands in the reference of components stands on the other pages: it is walked on a desk alone.
REFERENCE = "parts"
# Each of its components stands there by night, too, with the same stops.
ONCE = "document.querySelectorAll('.ground[data-theme=dark]').forEach((ground) => ground.remove())"
CRASHED = "Target crashed"
LOGINS = sorted({login for login, _url in PAGES.values()})
# What is drawn before a key is pressed: a shadow that is always there is no ring. What has the focus already counts
# as if it had none.
BEFORE = """() => {
  window.round = new Set();
  const had = document.activeElement, all = [...document.querySelectorAll("*")];
  window.shadows = new Map(all.map((e) => [e, e.contains(had) ? "none" : getComputedStyle(e).boxShadow]));
  return [!had || had === document.body, !!document.querySelector("dialog:modal, [aria-modal=true]")];
}"""
# Asked at each stop.
# - A ring is an outline of two pixels or a shadow that was not there before, around the stop, or around the row, the
#   label or the box it fills. The browser draws its own around its own button in a field for a date.
# - What somebody opened and Esc closes may lie over the page (WCAG 2.4.11): a menu, and the preview beside a list.
# - A field whose box is drawn by its label is where the label is.
# - What stands still while the page scrolls has no place in its order.
WHERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return window.round.clear(), null;
  // A field for a date is a stop for each of its parts.
  const again = window.round.has(e) && window.last !== e;
  if (again || e.matches(".skip")) window.round.clear();
  window.round.add(window.last = e);
  const own = e.getBoundingClientRect(), label = e.closest("label");
  const drawn = label && own.width < 3 ? label : e;
  const box = drawn.getBoundingClientRect();
  const within = (x, most) => Math.min(Math.max(x, 1), most - 1);
  const top = document.elementFromPoint(
    within(box.x + box.width / 2, innerWidth), within(box.y + box.height / 2, innerHeight));
  const ringed = (x) => {
    if (!x) return false;
    const style = getComputedStyle(x), shadow = window.shadows.get(x) ?? "none";
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || (style.boxShadow !== "none" && style.boxShadow !== shadow);
  };
  const around = [label, e.closest("tr"), e.closest(".q-find, .hero-s, .pal-in, .comp, .comp-a")];
  const ofTheBrowser = e.matches("[type=date], [type=datetime-local], [type=time]") && !e.matches(":focus");
  const opened = (x) => x?.closest(":popover-open, dialog[open]"), beside = e.closest("#peek");
  const still = (x) => x && (/fixed|sticky/.test(getComputedStyle(x).position) || still(x.parentElement));
  const mirror = [...document.querySelectorAll("[dir=rtl]")].indexOf(e.closest("[dir=rtl]"));
  const flow = mirror < 0 ? 1 : -1;
  const name = e.getAttribute("aria-label") || e.textContent || e.name || e.tagName;
  return {
    name: name.trim().replace(/\\s+/g, " ").slice(0, 40),
    again, skip: e.matches(".skip"),
    ring: e.matches("main") || ofTheBrowser || ringed(e) || around.some(ringed),
    covered: !(top && (drawn.contains(top) || top.contains(drawn))) && !(opened(top) && !opened(e)),
    small: getComputedStyle(drawn).display !== "inline" && (box.width < 16 || box.height < 16),
    place: !e.closest("main") || still(e) || opened(e) || beside ? null : {
      mirror, top: box.top + scrollY, bottom: box.bottom + scrollY,
      start: flow * (flow > 0 ? box.left : box.right), end: flow * (flow > 0 ? box.right : box.left),
    },
  };
}"""
# A key that is held goes on by itself. At each of its strokes the page notes where the one before it led.
HELD = 10
NOTE = f"""() => {{
  const where = {WHERE};
  let noted = null;
  addEventListener("keydown", (e) => {{
    if (e.key === "Tab") noted = noted ? [...noted, where()] : [];
  }}, true);
  window.since = () => {{ const all = [...noted, where()]; noted = null; return all; }};
}}"""
FRAMES = 20
NEXT_FRAME = "new Promise((then) => requestAnimationFrame(() => setTimeout(then)))"

# Who can hit what: the target with the label or box around it, and what it adds to itself unseen. Only what WCAG 2.5.8
# exempts is left out: a link in a sentence, whose block says something beside it, is as large as its line; a title in
# a row is one way to it and the row is another (`test_a_tap_anywhere_in_a_row_opens_it`).
TOO_SMALL = """(least) => {
  const modal = document.querySelector("dialog:modal");
  const block = (e) => getComputedStyle(e).display === "inline" ? block(e.parentElement) : e;
  const inSentence = (e) => {
    const sentence = block(e), words = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
    if (sentence === e) return false;
    while (words.nextNode()) {
      const by = words.currentNode.parentElement, said = /\\p{L}/u.test(words.currentNode.data);
      if (said && block(by) === sentence && !by.closest("a, button, .sr, [aria-hidden=true]")) return true;
    }
    return false;
  };
  const grown = (e, side) => Math.max(...["::before", "::after"].map((which) => {
    const more = getComputedStyle(e, which);
    return more.content !== "none" && more.position === "absolute" ? -parseFloat(more[side]) || 0 : 0;
  }), 0);
  const small = (e) => {
    if (!e.checkVisibility({visibilityProperty: true}) || e.disabled || e.type === "hidden") return false;
    if (e.closest(".skip, .sr") || (modal && !modal.contains(e))) return false;
    const row = e.matches(".c-title > a") && e.closest("tr");
    const whole = row || (e.closest("label, .q-find, .hero-s, .drop, .comp") ?? e);
    const seen = whole.getBoundingClientRect();
    return seen.width > 1 && seen.height + grown(e, "top") + grown(e, "bottom") < least - 0.5 && !inSentence(e);
  };
  const name = (e) => (e.getAttribute("aria-label") || e.textContent || e.name || e.tagName).trim().slice(0, 40);
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(small)
    .map((e) => `${name(e)} (${e.className}) ${Math.round(e.getBoundingClientRect().height)}`);
}"""


Stops = Iterator[dict[str, Any] | None]


def slowly(page: Page) -> Stops:
    """What has the focus after each Tab."""
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        for _ in range(FRAMES):  # a menu follows what it hangs on, later where there is much to do
            if stop is None or not stop["covered"]:
                break
            page.evaluate(NEXT_FRAME)
            stop = page.evaluate(WHERE)
        yield stop


def held(page: Page, key: str = "Tab") -> Stops:
    """The same while the key is held, in half of the time."""
    page.evaluate(NOTE)
    strokes = "+".join([key, *["Tab"] * (HELD - 1)])
    while True:
        page.keyboard.press(strokes)
        yield from page.evaluate("window.since()")


def rounds_of(page: Page, many: int, stops: Stops) -> list[list[dict[str, Any]]]:
    """From where the focus is to the end of the page, and once more from its beginning.

    Behind the end a browser leaves the page, or begins it anew: with the skip link, in a dialog with what was there.
    """
    rounds: list[list[dict[str, Any]]] = [[]]
    most = page.evaluate(POSSIBLE)
    while len(rounds[-1]) < most:
        stop = next(stops)
        if stop is None or stop["again"] or (stop["skip"] and rounds[-1]):
            if len(rounds) == many:
                return rounds
            rounds.append([])
        if stop is not None:
            rounds[-1].append(stop)
    raise AssertionError(f"Tab comes to no end in {page.url}")


def goes_back(before: Any, after: Any) -> bool:
    """Whether the second stands above the first, and not in a column further on."""
    if before is None or after is None or before["mirror"] != after["mirror"]:
        return False
    return bool(after["bottom"] <= before["top"] + 2 and after["start"] < before["end"])


def walked(page: Page, opened: Callable[[], object], *, acted: bool) -> list[str]:
    """What is wrong on the page `opened` shows, in words.

    Where something was done on it, or it gives a field the focus itself, the first round begins there. Whoever holds
    the key is ahead of a menu that follows what it hangs on: where a stop was covered, all is walked anew and slowly.
    """
    for way in (held, slowly):
        opened()
        page.evaluate(NEXT_FRAME)  # a field that is given the focus has it by then
        page.evaluate(ONCE)
        at_top, modal = page.evaluate(BEFORE)
        rounds = rounds_of(page, 2 if acted or not at_top else 1, way(page))
        if not any(stop["covered"] for each in rounds for stop in each):
            break
    whole = rounds[-1]
    wrong = [] if modal or whole[0]["skip"] else [f"the first stop is {whole[0]['name']}"]
    for stop in (stop for each in rounds for stop in each if not stop["skip"]):
        wrong += [f"{stop['name']}: {what}" for what in ("covered", "small") if stop[what]]
        wrong += [] if stop["ring"] else [f"{stop['name']}: no ring"]
    for before, after in pairwise(whole):
        if goes_back(before["place"], after["place"]):
            wrong.append(f"{after['name']} comes after {before['name']} and stands before it")
    return wrong


# Who has many pages walks them in parts, which can be run beside each other.
PART = 22


def walks() -> Iterator[Any]:
    for login, size in product(LOGINS, SIZES):
        names = [
            name
            for name, (who, _url) in PAGES.items()
            if who == login and (size == "desk" or not name.startswith(REFERENCE))
        ]
        for at in range(0, len(names), PART):
            part = f"-{at // PART + 1}" if len(names) > PART else ""
            yield pytest.param(login, size, names[at : at + PART], id=f"{login}-{size}{part}")


@pytest.mark.parametrize(("login", "size", "names"), list(walks()))
def test_every_stop_is_seen(sign_in: SignIn, login: str, size: str, names: list[str]) -> None:
    page, wrong = sign_in(login, **SIZES[size]), {}
    for name in names:
        try:
            found = walked(page, partial(look_at, page, name), acted=name in ACTS)
        except Error as error:
            # Chromium itself has crashed under a page now and then, one in thousands: that page is walked once more.
            if CRASHED not in error.message:
                raise
            page = sign_in(login, **SIZES[size])
            found = walked(page, partial(look_at, page, name), acted=name in ACTS)
        if found:
            wrong[name] = sorted(set(found))
    assert wrong == {}


def test_nor_is_one_lost_where_components_are_mirrored(sign_in: SignIn) -> None:
    page, wrong = sign_in("agent", **SIZES["desk"]), {}
    for name in GROUPS:
        if found := walked(page, partial(page.goto, group(name, "rtl")), acted=False):
            wrong[name] = sorted(set(found))
    assert wrong == {}


# Pages on which something stands still above what scrolls.
TALL = ("queue-groups", "queue-bulk", "inbox-info", "users", "record", "profile", "audit")


@pytest.mark.parametrize("size", SIZES)
def test_nor_is_a_stop_covered_on_the_way_back(sign_in: SignIn, size: str) -> None:
    """What stands still at the top of a page covers what one comes to from below."""
    pages, wrong = {login: sign_in(login, **SIZES[size]) for login in LOGINS}, {}
    for name in TALL:
        page = pages[PAGES[name][0]]
        look_at(page, name)
        page.evaluate(BEFORE)
        covered, seen, stops = [], 0, held(page, "Shift+Tab")
        for _ in range(page.evaluate(POSSIBLE)):
            stop = next(stops)
            if stop is None or stop["again"]:
                break
            seen += 1
            covered += [stop["name"]] if stop["covered"] else []
        else:
            raise AssertionError(f"Tab comes to no end in {page.url}")
        assert seen > 10, name
        if covered:
            wrong[name] = covered
    assert wrong == {}


def test_a_menu_is_over_for_who_goes_on_from_it(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/")
    opener = page.locator("[popovertarget=builder]")
    opener.press("Enter")
    expect(page.locator("#builder")).to_be_visible()
    # In its box, which narrows the menu.
    expect(page.locator("#builder input:focus")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("#builder .opt:focus")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#builder input:focus")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(opener).to_be_focused()
    expect(page.locator("#builder")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#builder")).to_be_hidden()


def test_a_thumb_hits_everything(sign_in: SignIn) -> None:
    """44 px where a finger is the pointer, on every page as it is shown."""
    small, pages = {}, {}
    for name, (login, _url) in PAGES.items():
        if login not in pages:
            pages[login] = sign_in(login, **DEVICES["m"])
        look_at(pages[login], name)
        if found := pages[login].evaluate(TOO_SMALL, 44):
            small[name] = sorted(set(found))
    assert small == {}


@pytest.mark.parametrize("url", ["/incidents/?view=all", "/inbox/?view=info", "/users/"])
def test_a_tap_anywhere_in_a_row_opens_it(sign_in: SignIn, url: str) -> None:
    """So that a title may be as large as its line."""
    page = sign_in("administrator" if "users" in url else "agent", **DEVICES["m"])
    page.goto(url)
    row = page.locator("tbody tr:not(.g-h)").first
    link = row.locator(".c-title > a:not(.peek)")
    leads = link.get_attribute("href") or ""
    row.tap(position={"x": 8, "y": 5})
    page.wait_for_url(f"**/{leads.rstrip('/').rpartition('/')[2]}/**")


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
    expect(page.locator(":popover-open")).to_have_count(0)
    expect(button).to_be_focused()


def test_escape_closes_a_dialog_and_gives_the_focus_back(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-3/")
    link = page.locator("a[href$='/move/hold/']").first
    link.focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    expect(page.locator("dialog :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    expect(link).to_be_focused()


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
        page.evaluate(BEFORE)
        [stops] = rounds_of(page, 1, slowly(page))
        assert [stop["name"] for stop in stops if stop["covered"]] == []
