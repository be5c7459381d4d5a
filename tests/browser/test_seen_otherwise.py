"""The same pages for whoever enlarges text, asks for more contrast, forces colours, wants no motion, or prints."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.reference import GROUPS
from tests.browser.shots import OVERFLOW, PAGES, look_at

LOOKED_AT = (
    "signin", "home", "inbox", "queue", "record", "new", "user", "audit", "portal", "portal-answer",
    "parts", *(f"parts-{name}" for name in GROUPS),
)  # fmt: skip
TWICE = "document.documentElement.style.fontSize = '200%'"
# What is cut off by its own box without a way to the rest: an ellipsis says so, and a table or a text that scrolls.
CUT = """() => [...document.querySelectorAll("main *")].filter((e) => {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    return box.width > 8 && e.scrollHeight > e.clientHeight + 6 && /hidden|clip/.test(style.overflowY)
        && e.clientHeight > 0 && style.textOverflow !== "ellipsis"
        && !e.closest("ms-suggest, .sr, svg, [popover], .fold");
}).map((e) => e.tagName + "." + e.className)"""
MOVING = """() => document.getAnimations().filter((a) => a.playState === "running")
    .map((a) => a.animationName ?? a.transitionProperty)"""
SHOWN = """(chrome) => [...document.querySelectorAll(chrome)].filter((e) => e.checkVisibility())
    .map((e) => e.className || e.tagName)"""
CHROME = ".side, .top, .por-t, .tabbar, .skip, .bulk, .comp, .q-bar, .q-foot, .q-tabs, [data-theme-toggle]"
BREAKS = """() => [...document.querySelectorAll("tbody tr, .card li, .msg, .tl > li")]
    .filter((e) => e.checkVisibility() && getComputedStyle(e).breakInside !== "avoid")
    .map((e) => e.className || e.tagName)"""
HEADS = """() => [...document.querySelectorAll("thead")]
    .filter((e) => getComputedStyle(e).display !== "table-header-group").length"""
GROUND = "getComputedStyle(document.body).colorScheme + ' ' + getComputedStyle(document.body).backgroundColor"


def each(sign_in: SignIn, **options: object) -> list[tuple[str, Page]]:
    """Opens them one after the other, by whoever may."""
    tabs: dict[str, Page] = {}

    def opened(name: str) -> Page:
        login = PAGES[name][0]
        if login not in tabs:
            tabs[login] = sign_in(login, **options)
        look_at(tabs[login], name)
        return tabs[login]

    return ((name, opened(name)) for name in LOOKED_AT)  # type: ignore[return-value]


def test_text_twice_as_large(sign_in: SignIn) -> None:
    """By the text alone on a desk: nothing is cut off, nothing has to be scrolled sideways."""
    wrong = []
    for name, page in each(sign_in, viewport={"width": 1280, "height": 900}, bypass_csp=True):
        page.evaluate(TWICE)
        if (over := page.evaluate(OVERFLOW)) > 0:
            wrong.append(f"{name}: {over} px too wide")
        wrong += [f"{name}: cut off {what}" for what in page.evaluate(CUT)]
    assert wrong == []


ON_A_PHONE = {
    "requester": (
        "/portal/", "/portal/ask/", "/portal/requests/", "/portal/requests/INC-2/", "/portal/search/?q=vpn",
        "/portal/inbox/", "/portal/profile/",
    ),
    "administrator": ("/incidents/", "/problems/", "/audit/", "/users/", "/tasks/", "/search/?q=vpn"),
}  # fmt: skip


def test_text_twice_as_large_on_a_phone(sign_in: SignIn) -> None:
    """Where one finds something there is room for a word and a button, in the portal and over each list."""
    wrong = []
    for login, addresses in ON_A_PHONE.items():
        page = sign_in(login, viewport={"width": 390, "height": 844}, bypass_csp=True)
        for address in addresses:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            page.evaluate(TWICE)
            for width in (390, 320):
                page.set_viewport_size({"width": width, "height": 844})
                if (over := page.evaluate(OVERFLOW)) > 0:
                    wrong.append(f"{address} at {width}: {over} px too wide")
            boxes = page.locator("main .q-find input").filter(visible=True)
            narrow = [box for box in boxes.all() if (box.bounding_box() or {})["width"] < 80]
            wrong += [f"{address}: no room to type" for _box in narrow]
    assert wrong == []


def test_what_is_current_and_chosen_is_seen_without_colours(sign_in: SignIn) -> None:
    marked = """() => [...document.querySelectorAll("[aria-current], [aria-selected=true]")]
        .filter((e) => e.checkVisibility() && e.matches("a, button, [role=option]"))
        .filter((e) => getComputedStyle(e).outlineStyle === "none").map((e) => e.textContent.trim())"""
    wrong = []
    for name, page in each(sign_in, forced_colors="active"):
        wrong += [f"{name}: {what}" for what in page.evaluate(marked)]
    assert wrong == []


def test_nothing_moves_where_nobody_wants_it(sign_in: SignIn) -> None:
    """`signed_in` asks for it; a menu and a toast are opened, for they move otherwise."""
    wrong = []
    for name, page in each(sign_in):
        if (menu := page.locator("main [popovertarget]:visible")).count():
            menu.first.click()
        page.evaluate("document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Saved'}}))")
        wrong += [f"{name}: {what}" for what in page.evaluate(MOVING)]
    assert wrong == []


def test_on_paper(sign_in: SignIn) -> None:
    """Without what one presses, on white whatever the screen shows, with heads on each sheet and whole rows."""
    wrong = []
    for name, page in each(sign_in, color_scheme="dark"):
        page.emulate_media(media="print")
        ground = page.evaluate(GROUND)
        wrong += [f"{name}: {what} is printed" for what in page.evaluate(SHOWN, CHROME)]
        if "light" not in ground.split()[0] or not (
            "(1 0 0" in ground or "255, 255, 255" in ground
        ):
            wrong.append(f"{name}: {ground}")
        wrong += [f"{name}: {what} breaks" for what in set(page.evaluate(BREAKS))]
        if page.evaluate(HEADS):
            wrong.append(f"{name}: a head stands once")
        page.set_viewport_size({"width": 690, "height": 980})
        if (over := page.evaluate(OVERFLOW)) > 0:
            wrong.append(f"{name}: {over} px beyond the sheet")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(media="screen")
    assert wrong == []


PAPER = {"width": 690, "height": 980}
WHOLE = """() => [...document.querySelectorAll(".grid thead th")].filter((e) => e.checkVisibility())
    .map((e) => e.innerText.trim())"""
# What a sheet shows of a moment: its words are of no height, and what stands behind them is the title.
MOMENTS = """() => [...document.querySelectorAll("main time[title]")].filter((e) => e.checkVisibility())
    .filter((e) => getComputedStyle(e).fontSize !== "0px"
        || getComputedStyle(e, "::after").content !== JSON.stringify(e.title)).map((e) => e.outerHTML)"""
PRESSED = """() => [...document.querySelectorAll("main :is(button, .btn, summary)")]
    .filter((e) => e.checkVisibility() && !e.matches(".edit, .tick")).map((e) => e.outerHTML.slice(0, 120))"""


def test_a_list_is_printed_whole_with_what_it_shows_and_by_whom(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&filter=priority+%3C%3D+3")
    assert page.locator(".paper").filter(visible=True).count() == 0, "on a screen it is not there"
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    assert page.evaluate(WHOLE) == [
        *("Pri", "Number", "Incident", "State", "Requester", "Team", "Assignee", "Updated")
    ]
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(MOMENTS) == []
    head = " ".join(page.locator(".paper").filter(visible=True).all_inner_texts())
    for words in (
        "Incidents: All",
        "Priority is at most P3 Moderate",
        "Newest",
        "10 of 10",
        "Printed by Priya Raman, ",
    ):
        assert words in head
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert "20" in page.locator("[data-printed]").inner_text(), "with the year, whenever it is read"


def test_one_long_word_takes_no_column_off_the_sheet(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.evaluate("""() => {
      const row = document.querySelector("tbody tr:not(.g-h)"), eye = document.createElement("span");
      row.querySelector(".c-title > a").textContent = "W".repeat(200);
      eye.className = "eye";
      eye.textContent = "Jonas has it open";
      row.querySelector(".c-about").append(eye);
    }""")
    expect(page.locator(".eye")).to_be_visible()
    page.emulate_media(media="print")
    for width in (PAPER["width"], 1020):
        page.set_viewport_size({"width": width, "height": 980})
        assert page.evaluate(OVERFLOW) == 0
        assert len(page.evaluate(WHOLE)) == 8
        last = page.locator("thead th").last.bounding_box()
        assert last and last["x"] + last["width"] <= width
    expect(page.locator(".eye")).to_be_hidden()


COLUMNS = """() => [...document.querySelectorAll("thead th")]
    .filter((e) => e.checkVisibility()).map((e) => Math.round(e.getBoundingClientRect().width))"""


def test_what_heads_a_group_makes_no_column_wider_on_paper(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.emulate_media(media="print")
    for width in (PAPER["width"], 1020):
        page.set_viewport_size({"width": width, "height": 980})
        page.goto("/incidents/?view=all&group=service")
        widths = page.evaluate(COLUMNS)
        heads = page.locator(".g-h th")
        assert heads.count() > 2
        name = heads.first.locator("> :not(.count)").first
        box = name.bounding_box()
        assert box and box["width"] > widths[0] and box["height"] < 24, "in one line, over columns"
        name.evaluate("e => { e.textContent = 'A long name '.repeat(30) }")
        assert page.evaluate(OVERFLOW) == 0
        last = name.bounding_box()
        assert last and last["x"] + last["width"] <= width
        assert page.evaluate(COLUMNS) == widths
        heads.evaluate_all("all => all.forEach((e) => { e.textContent = '' })")
        assert page.evaluate(COLUMNS) == widths


def test_on_paper_a_heading_stands_with_its_first_line_and_steps_in_one_row(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-2/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER["width"], "height": 980})
    tops = page.locator(".steps li").evaluate_all(
        "(all) => all.map((one) => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(tops) == 5
    assert len(set(tops)) == 1
    for heading in ("h1", ".tl-h", "#tl", "#props h2"):
        kept = page.locator(heading).first.evaluate("e => getComputedStyle(e).breakAfter")
        assert kept == "avoid", heading


def test_a_record_is_printed_as_a_dossier(sign_in: SignIn) -> None:
    """One column on any sheet: what it is, its properties, what happened; and nothing to press."""
    page = sign_in("agent")
    for url in ("/incidents/INC-1/", "/problems/PRB-1/"):
        page.goto(url)
        page.emulate_media(media="print")
        for width in (PAPER["width"], 1440):
            page.set_viewport_size({"width": width, "height": 980})
            tops = [page.locator(s).bounding_box() for s in (".rec-h", "#props", "#entries")]
            assert all(tops)
            ends = [(box["y"], box["y"] + box["height"]) for box in tops if box]
            assert ends[0][1] <= ends[1][0] and ends[1][1] <= ends[2][0], (url, width)
            assert page.evaluate(OVERFLOW) == 0
        assert page.evaluate(PRESSED) == []
        # Nobody's name stands under it.
        people = page.locator("#watchers li").count()
        expect(page.locator("#watchers")).to_be_visible(visible=people > 0)
        assert page.evaluate(MOMENTS) == []
        page.emulate_media(media="screen")
