"""What surrounds every page, by the keys alone: palette, sheet of keys, letters off, inbox, profile."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import SignIn
from tests.browser.shots import signed_in
from tests.browser.test_every_page import AXE, EVERY_RULE, FIND
from tests.browser.waiting import session_ends, until
from tests.browser.world import PASSWORD

CHOSEN = "#palette [aria-selected=true]"


def opened(page: Page, typed: str = "") -> None:
    page.keyboard.press("Control+k")
    page.locator("#pal-lines").wait_for()
    if typed:
        page.keyboard.type(typed)


LONG = (
    "Handheld scanners in the returns hall lose the wireless network between aisle 14 and 22. " * 4
)


@pytest.mark.parametrize(
    ("login", "path"), [("agent", "/incidents/INC-2/"), ("requester", "/portal/")]
)
def test_a_long_sentence_covers_neither_the_name_nor_the_bell(
    sign_in: SignIn, login: str, path: str
) -> None:
    page = sign_in(login)
    for width in (1920, 1440, 1024, 768, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(path)
        page.evaluate(
            "(text) => { document.dispatchEvent(new CustomEvent('toast', {detail: {text}})); }",
            LONG,
        )
        said = page.locator(".toast").bounding_box()
        assert said is not None and said["width"] <= 480
        for other in page.locator(".brand:visible, a.bell:visible, .top .crumbs:visible").all():
            box = other.bounding_box()
            assert box is not None
            beside = box["x"] + box["width"] <= said["x"] or said["x"] + said["width"] <= box["x"]
            below = box["y"] + box["height"] <= said["y"]
            is_crumbs = "crumbs" in (other.get_attribute("class") or "")
            assert beside or below or (is_crumbs and width > 720), (width, box, said)


def test_what_undoes_stays_a_word_beside_a_long_sentence(sign_in: SignIn) -> None:
    page = sign_in("agent")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("/incidents/INC-2/")
        page.evaluate(
            "(text) => { document.dispatchEvent(new CustomEvent('toast', {detail: {text, undo: '/x/'}})); }",
            LONG,
        )
        box = page.locator(".toast button").bounding_box()
        assert box and box["width"] > box["height"] * 0.9, box


def test_nothing_runs_in_a_page_but_what_it_named_itself(browser: Browser, address: str) -> None:
    """Were somebody able to write markup into it: neither a file of this site nor a guessed sign."""
    page = signed_in(browser, address, "agent", service_workers="block")
    page.context.route("**/files/evil.js*", lambda route: route.fulfill(body="window.ran = 1"))
    evil = (
        '<script src="/files/evil.js"></script><script nonce="x" src="/files/evil.js?2"></script>'
    )

    def written_into(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{evil}</main>"))

    page.route("**/incidents/INC-2/", written_into)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto("/incidents/INC-2/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.ran") is None
    assert len([text for text in refused if "Content Security Policy" in text]) == 2
    # What the page brings along runs, and fetches what it needs later.
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.context.close()


def test_a_name_turns_no_sentence_around(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/")
    page.evaluate(
        "(text) => { document.dispatchEvent(new CustomEvent('toast', {detail: {text}})); }",
        "Ada \u202eeht nrut\u2067 has it",
    )
    assert page.locator(".toast").text_content() == "Ada eht nrut has it"


def test_of_two_words_about_the_connection_the_last_one_stands(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/")
    gone, back = (
        page.get_by_text("There is no connection."),
        page.get_by_text("The connection is back."),
    )
    for _time in range(2):
        page.evaluate("void dispatchEvent(new Event('offline'))")
        expect(gone).to_have_count(1)
        expect(back).to_have_count(0)
        page.evaluate("void dispatchEvent(new Event('online'))")
        expect(back).to_have_count(1)
        expect(gone).to_have_count(0)


# What each of them shows that can be done and is no line of a table, of the history or of a form.
SHOWN = """() => {
    const apart = "tbody, .tl, ms-composer, [popover], .edit, [aria-current]";
    const acts = [...document.querySelectorAll("main :is(.btn, .ib)")];
    return acts.filter((one) => !one.matches(apart) && !one.closest(apart) && one.checkVisibility())
        .map((one) => (one.ariaLabel ?? one.innerText).replace(/\\s+/g, " ").trim());
}"""


@pytest.mark.parametrize("login", ["agent", "auditor", "administrator"])
@pytest.mark.parametrize("path", ["/incidents/INC-2/", "/incidents/", "/problems/", "/users/"])
def test_the_palette_holds_every_action_the_page_shows(
    sign_in: SignIn, login: str, path: str
) -> None:
    """Whatever a practice or a capability puts there, and for whoever it is put there."""
    page = sign_in(login)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    shown = page.evaluate(SHOWN)
    page.keyboard.press("Control+k")
    for label in shown:
        page.locator("#pal-q").fill(label)
        option = page.locator("#palette [role=option]").filter(has_text=label)
        expect(option.first).to_be_visible()
    if path == "/incidents/":
        assert {"Columns", "Group", "Denser rows", "Export as a table (CSV)"} <= set(shown)
    if path == "/incidents/INC-2/" and login == "agent":
        assert {"Watch", "Add a task", "Publish a notice"} <= set(shown)


def test_what_the_palette_finds_on_the_page_is_done_there(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-2/")

    def choose(typed: str, label: str) -> None:
        page.keyboard.press("Control+k")
        page.locator("#pal-q").fill(typed)
        option = page.locator("#pal-here [role=option]").filter(has_text=label).first
        expect(option).to_be_visible()
        for _step in range(20):
            if option.get_attribute("aria-selected") == "true":
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    choose("watch", "Watch")
    expect(page.locator("#watchers")).to_contain_text("You")
    choose("add a tas", "Add a task")
    expect(page.locator("#add-task [name=title]")).to_be_focused()
    page.keyboard.press("Escape")
    choose("priority", "Change the priority")
    expect(page.locator("#menu-row .opt").first).to_be_focused()
    page.goto("/incidents/")
    choose("group team", "Team")
    page.wait_for_url("**group=team*")
    page.keyboard.press("j")
    number = page.locator("tr.cur").get_attribute("id")
    page.keyboard.press("Control+k")
    page.locator("#pal-q").fill("change assignee")
    expect(page.locator("#palette")).to_contain_text(f"On {number}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").filter(has_text=str(number))).to_be_visible()


def test_more_lines_than_fit_are_scrolled_by_the_arrows_and_are_no_stop(sign_in: SignIn) -> None:
    page = sign_in("agent", bypass_csp=True, viewport={"width": 1280, "height": 400})
    page.goto("/incidents/INC-2/")
    opened(page)
    lines = page.locator("#pal-lines")
    assert lines.evaluate("e => e.scrollHeight > e.clientHeight")
    assert page.locator("#pal-list").evaluate("e => e.scrollHeight <= e.clientHeight")
    page.evaluate(AXE.read_text())
    assert page.evaluate(FIND, EVERY_RULE) == []
    page.keyboard.press("ArrowUp")
    expect(page.locator("#pal-lines [aria-selected=true]")).to_be_in_viewport()
    assert lines.evaluate("e => e.scrollTop") > 0
    page.keyboard.press("Tab")
    expect(page.locator("#palette [data-close]")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('#pal-list')")


def test_who_walks_before_the_answer_came_stays_on_the_line(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-2/")
    opened(page)
    held: list[Route] = []
    page.route("**/palette/?q=priority*", lambda route: held.append(route))
    with page.expect_request("**/palette/?q=priority*"):
        page.locator("#pal-q").fill("priority")
    option = page.locator("#pal-here [role=option]").filter(has_text="Change the priority")
    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    expect(page.locator("#palette [role=option]").first).to_have_attribute("aria-selected", "false")
    before = page.locator("#palette [role=option]").count()
    held[0].continue_()
    expect(page.locator("#palette [role=option]")).not_to_have_count(before)
    expect(page.locator(CHOSEN)).to_contain_text("Change the priority")


def test_the_palette_says_itself_that_the_server_is_away(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/")
    opened(page)
    page.route("**/palette/*", lambda route: route.abort("internetdisconnected"))
    page.keyboard.type("vpn")
    expect(page.locator("#palette").get_by_role("alert")).to_contain_text("could not be reached")
    page.unroute("**/palette/*")
    page.keyboard.type(" ")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    # Where its script has not come yet, too.
    page.route("**/palette-*.js", lambda route: route.abort("internetdisconnected"))
    page.goto("/incidents/")
    page.keyboard.press("Control+k")
    expect(page.locator("#pal-list")).to_contain_text("could not be reached")


def test_who_opens_the_palette_again_at_once_loses_no_letter(sign_in: SignIn) -> None:
    """Its word that it was closed comes a task later, when something may be typed already."""
    page = sign_in("agent")
    page.goto("/")
    opened(page, "old")
    page.evaluate("""() => new Promise((done) => {
        const key = new KeyboardEvent("keydown", {key: "k", ctrlKey: true, bubbles: true});
        const palette = document.querySelector("#palette"), box = document.querySelector("#pal-q");
        palette.addEventListener("close", () => setTimeout(done, 50));
        palette.close();
        document.dispatchEvent(key);
        box.value += "p";
    })""")
    expect(page.locator("#pal-q")).to_have_value("p")


def test_the_palette_goes_and_finds_and_does(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/")
    page.locator(".find-b").focus()
    opened(page)
    expect(page.locator("#pal-q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".find-b")).to_be_focused()
    opened(page, "problems")
    page.keyboard.press("Enter")
    page.wait_for_url("**/problems/**")
    opened(page, "inc 1")
    page.locator(f"{CHOSEN} .ref", has_text="INC-1").wait_for()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#pal-q")).to_have_attribute("aria-activedescendant", "pal-2-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/INC-1/")
    opened(page, "change assignee")
    page.keyboard.press("Enter")
    page.locator("#menu-assignee:popover-open [autofocus]").wait_for()
    page.keyboard.press("Escape")
    page.goto("/")
    opened(page)
    expect(page.locator(f"{CHOSEN} .ref")).to_have_text("INC-1")
    page.keyboard.type("INC-1 resolve")
    page.keyboard.press("Enter")
    page.locator("#dialog[open] form").wait_for()
    expect(page.locator("#dialog")).to_contain_text("INC-1")


def test_the_sheet_tells_what_the_page_declares_and_g_goes(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/")
    page.keyboard.press("?")
    sheet = page.locator("#keys[open]")
    sheet.wait_for()
    told = sheet.inner_text()
    for words in ("My work", "Incidents", "move", "select", "Search or jump to"):
        assert words in told, words
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/inbox/")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/incidents/")
    page.keyboard.press("/")
    expect(page.locator("#filter")).to_be_focused()


def test_single_letters_are_switched_off(sign_in: SignIn) -> None:
    page = sign_in("other")
    page.goto("/profile/")
    page.get_by_label("Single letters are keys").uncheck()
    page.locator("form:has(#letters) .btn.pri").click()
    page.get_by_text("Kept").wait_for()
    page.goto("/incidents/")
    for key in ("j", "?", "g", "n", "/"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    assert page.locator("dialog[open]").count() == 0 and page.url.endswith("/incidents/")
    opened(page)
    page.keyboard.press("Escape")
    page.goto("/profile/")
    page.get_by_label("Single letters are keys").check()
    page.locator("form:has(#letters) .btn.pri").click()
    page.goto("/incidents/")
    page.keyboard.press("j")
    expect(page.locator("tr:has(:focus)")).to_have_count(1)


def test_the_inbox_opens_below_the_bell_and_is_worked_off_there(sign_in: SignIn) -> None:
    page = sign_in("administrator")
    page.goto("/")
    page.locator("#bell").focus()
    page.keyboard.press("Enter")
    inbox = page.locator("#inbox:popover-open")
    inbox.locator(".inbox-f").wait_for()
    expect(page.locator("#bell")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    page.locator("#inbox").wait_for(state="hidden")
    expect(page.locator("#bell")).to_be_focused()
    page.locator("#bell").click()
    inbox.get_by_role("link", name="Open the inbox").click()
    page.wait_for_url("**/inbox/")


def test_without_a_script_they_are_links(sign_in: SignIn) -> None:
    page = sign_in("agent", java_script_enabled=False)
    for url in ("/portal/", "/"):
        page.goto(url)
        expect(page.locator("[data-theme-toggle]").first).to_be_hidden()
    page.locator(".find-b").click()
    page.wait_for_url("**/search/")
    page.locator("#bell").click()
    page.wait_for_url("**/inbox/")
    page.goto("/profile/")
    page.get_by_role("radio", name="Dark").check()
    page.locator("#looks .btn.pri").click()
    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    page.get_by_role("radio", name="As my device").check()
    page.locator("#looks .btn.pri").click()
    expect(page.locator("html[data-theme]")).to_have_count(0)


def test_my_work_tells_what_was_opened_lately(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/")
    expect(page.locator("#lately")).to_be_hidden()
    page.goto("/incidents/INC-3/")
    until(page, "localStorage.recent?.endsWith(',INC-3')")
    page.goto("/")
    expect(page.locator("#lately li")).to_have_count(1)
    page.get_by_role("region", name="Opened lately").get_by_role("link").press("Enter")
    page.wait_for_url("**/incidents/INC-3/")


def test_c_begins_a_record_of_a_kind_one_chooses(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/problems/")
    page.keyboard.press("c")
    expect(page.locator("#new .opt").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="New", exact=True)).to_be_focused()
    page.keyboard.press("c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/")
    expect(page.locator("#main form [name=title]")).to_be_focused()


def test_what_was_opened_lately_is_no_news_for_the_next_in_this_browser(sign_in: SignIn) -> None:
    """A session ends by itself; whoever signs in after that begins with nothing."""
    page = sign_in("agent")
    page.goto("/incidents/INC-1/")
    until(page, "localStorage.recent?.endsWith(',INC-1')")
    session_ends(page)
    page.goto("/sign-in")
    page.fill("[name=username]", "team-lead")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    until(page, "localStorage.recent === undefined")
    expect(page.locator("#lately")).to_be_hidden()
    page.goto("/incidents/INC-2/")
    until(page, "localStorage.recent?.endsWith(',INC-2')")
    page.goto("/")
    expect(page.locator("#lately li")).to_have_count(1)
    expect(page.locator("#lately")).to_contain_text("INC-2")


def test_new_begins_a_record_also_where_the_page_orders_by_newest(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/")
    opened(page, "new")
    page.locator("#pal-here [role=option]", has_text="Newest").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/")
    page.goto("/incidents/")
    opened(page, "on hold")
    offered = page.locator("#palette [role=option]", has_text="On hold").filter(
        has_not_text="Search everything"
    )
    offered.first.wait_for()
    labels = [text.strip() for text in offered.all_inner_texts()]
    assert labels.count("Incidents: On hold") == 1 and "On hold" not in labels


TWICE = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}


def test_the_keys_the_sheet_names_work_where_the_bar_is_below(sign_in: SignIn) -> None:
    page = sign_in("agent", **TWICE)
    page.goto("/")
    page.keyboard.press("?")
    sheet = page.locator("#keys[open]")
    expect(sheet).to_contain_text("New record")
    expect(sheet.get_by_text("Search", exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#new .opt").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".tabbar .new")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#palette[open]")).to_be_visible()
    page.keyboard.press("Escape")
    # What else says so on a desk is not named twice there.
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("?")
    expect(sheet.locator("dt", has_text="New")).to_have_text(["New"])
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#new .opt").first).to_be_focused()


def test_the_menu_below_takes_the_focus_in_and_gives_it_back(sign_in: SignIn) -> None:
    page = sign_in("agent", **TWICE)
    page.goto("/incidents/")
    assert page.evaluate("document.activeElement === document.body")
    menu = page.locator(".tabbar").get_by_role("button", name="Menu")
    for away in ("Escape", "Enter"):
        menu.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#nav").get_by_role("button", name="Close")).to_be_focused()
        page.keyboard.press(away)
        expect(page.locator("#nav")).to_be_hidden()
        expect(menu).to_be_focused()
