"""The queue: by keyboard, by filter, with and without a script, and many records at once."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SignIn
from tests.browser.shots import DEVICES
from tests.browser.waiting import until


def rows(page: Page) -> int:
    return page.locator(".grid tbody tr").count()


def test_the_queue_is_worked_by_keyboard_alone(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.cur")).to_have_count(1)
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.grid tbody tr')].findIndex((r) => r.matches('.cur'))"
        )
        == 1
    )
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("1")
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_be_hidden()
    page.keyboard.press("k")
    title = page.locator("tr.cur .c-title a").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.go_back()
    page.keyboard.press("/")
    expect(page.locator("#filter")).to_be_focused()
    page.keyboard.type('title.contains("vpn")')
    page.keyboard.press("Enter")
    expect(page.locator(".chips .chip").first).to_contain_text("contains")
    assert parse_qs(urlsplit(page.url).query)["filter"] == ['title.contains("vpn")']
    assert rows(page) >= 1


def test_after_the_way_back_a_list_does_all_it_did_before(sign_in: SignIn) -> None:
    """What came from elsewhere before stands there as it did: the dialog, the palette, the menus."""
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.locator("#v-mine").click()
    page.wait_for_url("**view=mine**")
    page.go_back()
    page.wait_for_url("**view=all**")
    expect(page.locator("#v-all")).to_have_attribute("aria-current", "true")
    expect(page.locator("main")).to_be_focused()
    page.go_forward()
    page.wait_for_url("**view=mine**")
    expect(page.locator("#v-mine")).to_have_attribute("aria-current", "true")
    page.wait_for_timeout(100)  # a browser takes the focus away with its next frame
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.locator("#palette [role=option]").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog", name="Resolve")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


@pytest.mark.parametrize("size", ["d", "m"])
def test_the_tab_of_the_view_one_is_in_is_seen_whole(sign_in: SignIn, size: str) -> None:
    page = sign_in("agent", **DEVICES[size])
    seen = """() => {
      const tab = document.querySelector(".tabs [aria-current]").getBoundingClientRect();
      const row = document.querySelector(".tabs").getBoundingClientRect();
      return row.left <= tab.left + 1 && tab.right <= row.right + 1;
    }"""
    for address in ("?view=all", "?view=mine&filter=priority+%3C%3D+3", "?view=all&filter=is_open"):
        page.goto(f"/incidents/{address}")
        until(page, seen)
    page.set_viewport_size({"width": 620, "height": 900})
    page.locator("#filter").fill("priority <= 3")
    page.keyboard.press("Enter")
    expect(page.locator(".chips .chip").first).to_contain_text("Priority")
    until(page, seen)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_tabs_that_are_cut_fade_as_long_as_there_is_more_that_way(
    sign_in: SignIn, mirrored: str, direction: str
) -> None:
    at, far = ({"at": mirrored}, -9999) if direction == "rtl" else ({}, 9999)
    page = sign_in("agent", viewport={"width": 620, "height": 900}, **at)
    page.goto("/incidents/")
    faded = """(side) => getComputedStyle(document.querySelector(".q-tabs .tabs"), side).opacity === "%s" """
    row = page.locator(".q-tabs .tabs")
    assert row.evaluate("(e) => e.scrollWidth > e.clientWidth + 40")

    def fades(at_start: bool, at_end: bool) -> None:
        for side, fades in (("::before", at_start), ("::after", at_end)):
            until(page, f"({faded % int(fades)})('{side}')")

    fades(at_start=False, at_end=True)
    row.evaluate("(e, far) => { e.scrollLeft = far }", far)
    fades(at_start=True, at_end=False)
    page.set_viewport_size({"width": 1440, "height": 900})
    fades(at_start=False, at_end=False)


def test_the_eye_of_a_row_covers_no_title_and_its_ring_is_whole(sign_in: SignIn) -> None:
    page = sign_in("agent", viewport={"width": 1000, "height": 700})
    page.goto("/incidents/?view=all")
    page.keyboard.press("j")
    row = page.locator("tr.cur")
    title = row.locator(".c-title > a:not(.peek)")
    expect(title).to_be_focused()
    ends, eye = title.bounding_box(), row.locator(".peek").bounding_box()
    assert ends and eye and ends["x"] + ends["width"] <= eye["x"]
    line = "e => getComputedStyle(e).borderBottomColor"
    assert row.locator(".c-title").evaluate(line) == "rgba(0, 0, 0, 0)"


def test_what_stands_in_the_preview_has_its_ground(sign_in: SignIn) -> None:
    page = sign_in("agent", color_scheme="dark")
    page.goto("/incidents/?view=all&peek=INC-1")
    ground = page.locator("#peek").evaluate("e => getComputedStyle(e).backgroundColor")
    glyphs = page.locator("#peek .ev > .ev-i")
    glyphs.first.wait_for()
    grounds = glyphs.evaluate_all("all => all.map((e) => getComputedStyle(e).backgroundColor)")
    assert set(grounds) == {ground}
    halos = page.locator("#peek .msg > .av")
    shadows = halos.evaluate_all("all => all.map((e) => getComputedStyle(e).boxShadow)")
    assert all(shadow.startswith(ground) for shadow in shadows)


def test_shift_click_selects_a_range(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    boxes = page.locator("tbody .cb")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("4")
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator(".bulk")).to_be_hidden()


def test_focus_stays_with_what_was_used(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    for key in "jjx":
        page.keyboard.press(key)
    here = page.locator("tr.cur .c-title > a").first
    page.get_by_role("button", name="Clear selection").press("Enter")
    expect(page.locator(".bulk")).to_be_hidden()
    expect(here).to_be_focused()
    columns = page.get_by_role("button", name="Columns")
    for does in ("Show these", "As usual"):
        columns.press("Enter")
        if does == "Show these":
            page.locator("#columns").get_by_label("Created").press("Space")
        page.locator("#columns").get_by_text(does).press("Enter")
        head = page.get_by_role("columnheader", name="Created")
        expect(head).to_have_count(int(does == "Show these"))
        expect(page.locator("#columns")).to_be_hidden()
        expect(columns).to_be_focused()
    assert "columns" not in parse_qs(urlsplit(page.url).query)
    page.keyboard.press("/")
    page.keyboard.type('title == "none has this"')
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Clear filter").press("Enter")
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.locator("#filter")).to_be_focused()
    expect(page.locator("#filter")).to_have_value("")
    page.locator("#filter").fill("priority <= 4")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Remove the filter").press("Enter")
    expect(page.locator(".chips .chip")).to_have_count(0)
    expect(page.locator("#filter")).to_be_focused()


def test_the_filter_form_writes_the_condition(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#builder").get_by_role("link", name="Priority", exact=True).click()
    form = page.locator("#builder form")
    form.get_by_label("Priority").select_option(label="is at most")
    form.get_by_label("P2 High").check()
    page.evaluate("window.same = true")
    form.get_by_role("button", name="Add filter").press("Enter")
    expect(page.locator("#filter")).to_have_value("priority <= 2")
    page.wait_for_url("**filter=priority**")
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_focused()
    assert page.evaluate("window.same")
    expect(page.locator(".chips .chip").first).to_contain_text("Priority is at most P2 High")
    assert page.locator(".grid .p3, .grid .p4, .grid .p5").count() == 0
    page.get_by_role("link", name="Remove the filter").click()
    expect(page.locator("#filter")).to_have_value("")


def test_a_field_is_found_by_typing_and_chosen_by_enter(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    button = page.get_by_role("button", name="Filter", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    box = page.get_by_label("Search the fields")
    expect(box).to_be_focused()
    fields = page.locator("#builder .opt")
    every = fields.count()
    page.keyboard.type("prio")
    expect(fields).to_have_text(["Priority"])
    page.keyboard.press("Enter")
    expect(page.locator("#builder form").get_by_label("Priority")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.reload()
    button.click()
    box.fill("nothing of the kind")
    expect(page.locator("#builder [role=status]")).to_have_text("Nothing is called so.")
    box.fill("")
    expect(fields).to_have_count(every)
    # What begins so stands before what only holds it.
    box.fill("re")
    expect(fields.first).to_have_text(re.compile("^Re"))
    box.press("ArrowDown")
    expect(fields.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#builder").get_by_role("button", name="Add filter")).to_be_visible()


def test_a_field_is_found_by_its_name_without_a_script(sign_in: SignIn) -> None:
    page = sign_in("agent", java_script_enabled=False)
    page.goto("/incidents/?view=all&seek=prio")
    form = page.locator(".q-bar > .card form")
    expect(form.locator("label").first).to_have_text("Priority")
    form.get_by_label("P1 Critical").check()
    form.get_by_label("P3 Moderate").check()
    form.get_by_label("Priority").select_option(label="is none of")
    form.get_by_role("button", name="Add filter").click()
    expect(page.locator("#filter")).to_have_value("!(priority in [1, 3])")
    # A chip leads to its form, filled.
    page.get_by_role("link", name="Change the filter Priority is not P1 Critical or P3").click()
    expect(form.get_by_label("P1 Critical")).to_be_checked()
    form.get_by_label("P1 Critical").uncheck()
    form.get_by_role("button", name="Apply").click()
    expect(page.locator("#filter")).to_have_value("!(priority in [3])")


def test_a_chip_is_changed_where_it_stands(sign_in: SignIn) -> None:
    """By mouse and by keys: its form is filled as it is, takes its place alone, and gives the focus back to it."""
    page = sign_in("agent")
    page.goto("/incidents/?view=all&filter=is_open+%26%26+priority+in+[1,2]")
    chip = page.locator("#part-1")
    expect(chip).to_have_text("Priority is P1 Critical or P2 High")
    page.evaluate("window.same = true")
    chip.click()
    form = page.locator("#menu-row form")
    expect(form.get_by_label("Priority")).to_be_focused()
    expect(form.get_by_label("P1 Critical")).to_be_checked()
    expect(form.get_by_label("P3 Moderate")).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(chip).to_be_focused()
    page.keyboard.press("Enter")
    expect(form.get_by_label("Priority")).to_be_focused()
    page.keyboard.press("Tab")
    expect(form.get_by_label("P1 Critical")).to_be_focused()
    page.keyboard.press("Space")
    form.get_by_label("P3 Moderate").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#filter")).to_have_value("is_open && priority in [2, 3]")
    expect(chip).to_have_text("Priority is P2 High or P3 Moderate")
    expect(chip).to_be_focused()
    expect(form).to_be_hidden()
    # What is refused is told in the form, which stays.
    chip.click()
    expect(form.get_by_label("Priority")).to_be_focused()
    form.get_by_label("Priority").select_option(label="is at most")
    form.get_by_role("button", name="Apply").click()
    expect(form).to_contain_text("This goes with one value.")
    expect(form.get_by_label("P1 Critical")).to_be_focused()
    form.get_by_label("Priority").select_option(label="is not set")
    expect(form.get_by_label("P1 Critical")).to_be_hidden()
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_be_hidden()
    expect(page.locator("#filter")).to_have_value("is_open && priority in [2, 3]")
    assert page.evaluate("window.same")
    page.go_back()
    expect(page.locator("#filter")).to_have_value("is_open && priority in [1,2]")


def test_what_no_form_says_is_changed_as_a_text(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&filter=is_open+%26%26+(priority+<=+2+||+team+==+null)")
    page.locator("#part-1").click()
    box = page.locator("#menu-row").get_by_label("Condition")
    expect(box).to_be_focused()
    expect(box).to_have_value("priority <= 2 || team == null")
    box.fill("priority <= ")
    page.keyboard.press("Enter")
    expect(page.locator("#menu-row .err")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("priority <= ")
    box.fill("priority <= 3")
    page.keyboard.press("Enter")
    expect(page.locator("#filter")).to_have_value("is_open && priority <= 3")
    expect(page.locator("#part-1")).to_be_focused()


@pytest.mark.parametrize("size", ["d", "m"])
def test_several_names_are_chosen_one_after_the_other(sign_in: SignIn, size: str) -> None:
    page = sign_in("agent", **DEVICES[size])
    page.goto("/incidents/?view=all")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#builder").get_by_role("link", name="Assignee", exact=True).click()
    form = page.locator("#builder form")
    form.get_by_label("Value").fill("me")
    form.get_by_role("button", name="One more name").click()
    expect(form.get_by_label("me", exact=True)).to_be_checked()
    expect(form.get_by_label("Value")).to_be_focused()
    expect(form.get_by_label("Assignee")).to_have_value("any")
    form.get_by_label("Value").fill("Nobody Atall")
    form.get_by_role("button", name="One more name").click()
    expect(form).to_contain_text("There is no person Nobody Atall.")
    form.get_by_label("Value").fill("Jonas Lindqvist")
    page.keyboard.press("Enter")
    expect(page.locator("#part-0")).to_contain_text("Assignee is me or Jonas Lindqvist")
    page.locator("#part-0").click()
    edit = page.locator("#menu-row form")
    expect(edit.get_by_label("me", exact=True)).to_be_checked()
    if size == "m":
        for target in (page.locator("#part-0"), page.locator(".chip .off")):
            box = target.bounding_box()
            assert box and box["width"] >= 44 and box["height"] >= 44
    edit.get_by_label("me", exact=True).uncheck()
    edit.get_by_role("button", name="Apply").click()
    expect(page.locator("#part-0")).to_have_text("Assignee is Jonas Lindqvist")
    expect(page.locator("#part-0")).to_be_focused()


def test_a_condition_that_cannot_be_made_stays_where_it_is_typed(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    before = rows(page)
    page.locator("#filter").fill("half a thought")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#builder").get_by_role("link", name="Assignee", exact=True).click()
    page.locator("#builder form").get_by_label("Value").fill("Nobody Atall")
    page.keyboard.press("Enter")
    form = page.locator("#builder form")
    expect(form).to_contain_text("There is no person Nobody Atall.")
    expect(form.get_by_label("Value")).to_have_value("Nobody Atall")
    assert rows(page) == before
    form.get_by_label("Value").fill("me")
    page.keyboard.press("Enter")
    expect(page.locator(".chips .chip").first).to_contain_text("Assignee is me")
    expect(page.locator(".unsaved")).to_have_count(1)
    expect(page.get_by_role("link", name="Save as…")).to_be_visible()
    expect(page.locator("#filter")).to_have_value("half a thought")
    expect(page.locator(".q-foot [role=status]")).to_contain_text("All. Order by: Newest")


def test_the_numbers_of_the_tabs_stand_while_a_list_is_narrowed(sign_in: SignIn) -> None:
    page = sign_in("agent")
    # A page that looks by itself counts anew; here only what somebody asks for is judged.
    asks = "hx-source"
    page.route(
        "**/incidents/?view=*",
        lambda route: (
            route.continue_()
            if asks in route.request.headers or "hx-target" not in route.request.headers
            else route.fulfill(status=204)
        ),
    )
    page.goto("/incidents/?view=open")
    numbers = page.locator(".q-tabs .tabs .count")
    there = numbers.all_text_contents()
    assert len(there) > 3
    for filtered, chips in (("priority <= 2", 1), ("priority <= 2 && assignee == null", 2)):
        page.locator("#filter").fill(filtered)
        page.keyboard.press("Enter")
        expect(page.locator(".chips .chip")).to_have_count(chips)
        assert page.locator(".tabs [hx-morph-skip-children]").count() == len(there)
        assert numbers.all_text_contents() == there
    # Of another view its own number comes anew, with its list.
    page.locator("#v-all").click()
    expect(page.locator("#v-all")).to_have_attribute("aria-current", "true")
    expect(page.locator(".tabs [hx-morph-skip-children]")).to_have_count(len(there) - 1)
    assert numbers.all_text_contents() == there


def test_a_wrong_condition_is_told_in_words(sign_in: SignIn) -> None:
    page = sign_in("agent")
    answer = page.goto("/incidents/?filter=priorty+%3C+3")
    assert answer is not None
    assert answer.status == 422
    expect(page.locator("#filter-error")).to_contain_text("Did you mean 'priority'")


def test_lists_filters_and_opens_without_a_script(sign_in: SignIn) -> None:
    page = sign_in("agent", java_script_enabled=False)
    page.goto("/incidents/?view=mine")
    before = rows(page)
    page.locator("#v-all").click()
    assert rows(page) > before
    page.locator("#filter").fill("priority <= 4")
    page.locator("#filter").press("Enter")
    expect(page.locator("#filter")).to_have_value("priority <= 4")
    page.locator("tbody .c-title a").first.click()
    expect(page.locator("article.rec-main")).to_be_visible()
    page.goto("/incidents/?add=title")
    page.locator(".q-bar > .card").get_by_label("Value").fill("scanners")
    page.get_by_role("button", name="Add filter").click()
    expect(page.locator(".chips .chip").first).to_contain_text("scanners")
    assert rows(page) == 1


def test_columns_and_order_are_in_the_address(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&columns=number,title,created_at,category&order=created_at")
    expect(page.get_by_role("columnheader", name="Created")).to_have_attribute(
        "aria-sort", "ascending"
    )
    page.get_by_role("link", name="Created").click()
    expect(page.get_by_role("columnheader", name="Created")).to_have_attribute(
        "aria-sort", "descending"
    )
    assert parse_qs(urlsplit(page.url).query)["columns"] == ["number,title,created_at,category"]
    page.reload()
    expect(page.get_by_role("columnheader", name="Category")).to_be_visible()


SIX = "number,title,team,urgency,requester,created_at"


@pytest.mark.parametrize("width", [721, 860, 1024, 1100, 1279, 1440])
def test_columns_somebody_chose_are_all_there_at_any_width(sign_in: SignIn, width: int) -> None:
    page = sign_in("agent", viewport={"width": width, "height": 900})
    page.goto(f"/incidents/?view=all&columns={SIX}")
    heads = page.locator("thead th:not(.c-cb)")
    assert heads.evaluate_all("(all) => all.map((e) => e.checkVisibility())") == [True] * 6
    expect(page.locator(".q-foot .less")).to_have_count(0)
    box = page.get_by_role("region", name="All columns")
    # What does not fit is reached without a mouse, and the title stays in sight meanwhile.
    box.evaluate("(e) => e.scrollTo(e.scrollWidth, 0)")
    last, title = heads.last.bounding_box(), heads.nth(1).bounding_box()
    frame = box.bounding_box()
    assert last and title and frame
    assert last["x"] + last["width"] <= frame["x"] + frame["width"] + 1
    assert title["x"] >= frame["x"] and title["width"] >= 170
    box.focus()
    expect(box).to_be_focused()


def test_usual_columns_give_way_in_order_and_the_foot_names_them(sign_in: SignIn) -> None:
    page = sign_in("agent", viewport={"width": 1440, "height": 900})
    page.goto("/incidents/?view=all")
    heads = page.locator("thead th:not(.c-cb)")
    seen: dict[int, int] = {}
    for width in range(1440, 720, -16):
        page.set_viewport_size({"width": width, "height": 900})
        shown = heads.evaluate_all(
            "(all) => all.filter((e) => e.checkVisibility()).map((e) => e.innerText.replace(/ [↑↓]$/, ''))"
        )
        everything = heads.evaluate_all("(all) => all.map((e) => e.textContent)")
        assert "Number" in shown
        told = page.locator(".q-foot .less:visible").all_inner_texts()
        gone = [name for name in everything if name not in shown]
        assert told == ([f"Not shown for lack of room: {', '.join(gone)}"] if gone else []), width
        seen[width] = len(shown)
    assert seen[1440] == heads.count()
    # The rail is narrower at 1024, so the table is wider than at 1100.
    assert seen[1024] >= seen[1104] >= 5


def test_one_step_for_many_tells_who_was_left_out(sign_in: SignIn) -> None:
    page = sign_in("team-lead")
    page.goto("/incidents/?view=all")
    for number in ("INC-13", "INC-14"):
        page.get_by_label(f"Select {number}").check()
    page.locator(".bulk").get_by_role("button", name="Assignee").click()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("button", name="Set Assignee")).to_be_disabled()
    dialog.get_by_label("Assignee").fill("Amara Okafor")
    dialog.get_by_label("Reason").focus()
    expect(dialog.locator(".would")).to_contain_text("2 will change.")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    dialog.get_by_role("button", name="Change 2").click()
    expect(page.locator(".toast")).to_contain_text("2 changed")
    expect(dialog).to_be_hidden()
    expect(page.locator("tr", has_text="INC-13")).to_contain_text("Amara Okafor")
    # INC-1 is being worked on and cannot be started again; the other one can.
    for number in ("INC-1", "INC-12"):
        page.get_by_label(f"Select {number}", exact=True).check()
    for number in ("INC-13", "INC-14"):
        page.get_by_label(f"Select {number}").uncheck()
    page.locator(".bulk").get_by_role("button", name="Move").click()
    page.locator("#bulk-moves").get_by_role("button", name="Start work").click()
    expect(dialog.locator(".would")).to_contain_text("One cannot:")
    dialog.get_by_role("button", name="Start work: 1").click()
    expect(dialog).to_contain_text("One was not changed")
    expect(dialog.locator(".fails")).to_contain_text("INC-1")
    # What was done is there behind it, and is taken back from here.
    row = page.locator("#INC-12")
    expect(row).to_contain_text("In progress")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_role("button", name="Undo").press("Enter")
    expect(dialog).to_be_hidden()
    expect(row).not_to_contain_text("In progress")
    expect(page.locator(".toast").last).to_contain_text("1 taken back")


def test_what_was_missing_is_missed_no_more_once_it_is_there(sign_in: SignIn) -> None:
    page = sign_in("team-lead")
    page.goto("/incidents/?view=all")
    page.get_by_label("Select INC-14", exact=True).check()
    page.locator(".bulk").get_by_role("button", name="Move").click()
    page.locator("#bulk-moves").get_by_role("button", name="Resolve").click()
    dialog = page.locator("#dialog")
    dialog.get_by_role("button", name="Look what would change").click()
    code = dialog.get_by_label("Close code")
    expect(code).to_have_attribute("aria-invalid", "true")
    code.select_option(index=1)
    expect(code).not_to_have_attribute("aria-invalid", "true")
    missing = dialog.get_by_label("Resolution")
    expect(missing).to_have_attribute("aria-invalid", "true")


def chosen(page: Page) -> list[str]:
    boxes = page.locator("tbody .cb:checked").all()
    return [box.get_attribute("value") or "" for box in boxes]


def test_what_is_chosen_is_a_record_and_no_place_in_the_list(sign_in: SignIn) -> None:
    page = sign_in("team-lead")
    page.goto("/incidents/?view=all")
    for number in ("INC-9", "INC-4"):
        page.get_by_label(f"Select {number}", exact=True).check()
    page.get_by_role("button", name="Newest").click()
    page.get_by_role("link", name="Oldest").click()
    page.wait_for_url("**order=created_at**")
    expect(page.locator("tbody tr").first).to_contain_text("INC-1")
    assert sorted(chosen(page)) == ["INC-4", "INC-9"]
    page.locator("#v-on_hold").click()
    page.wait_for_url("**view=on_hold**")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert chosen(page) == []
    expect(page.locator(".bulk")).to_be_hidden()


def test_removed_records_are_chosen_no_more_and_come_back(sign_in: SignIn) -> None:
    page = sign_in("administrator")
    page.goto("/incidents/?view=all")
    before = rows(page)
    for number in ("INC-13", "INC-12"):
        page.get_by_label(f"Select {number}").check()
    page.locator(".bulk").get_by_role("button", name="Remove").click()
    page.locator("#dialog").get_by_role("button", name="Remove 2").click()
    expect(page.locator(".toast")).to_contain_text("2 removed")
    assert (rows(page), chosen(page)) == (before - 2, [])
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("2 taken back")
    expect(page.locator("tbody tr")).to_have_count(before)
    expect(page).to_have_url("/incidents/?view=all")


def test_they_come_back_although_the_first_look_at_the_list_fails(sign_in: SignIn) -> None:
    """The focus stands on a box then, which is no reason to wait for anything."""
    page = sign_in("administrator")
    page.goto("/incidents/?view=all")
    before = rows(page)
    page.get_by_label("Select INC-13").check()
    page.locator(".bulk").get_by_role("button", name="Remove").click()
    page.locator("#dialog").get_by_role("button", name="Remove 1").click()
    expect(page.locator(".toast")).to_contain_text("1 removed")
    looks: list[str] = []

    def no_answer(route: Route) -> None:
        if route.request.headers.get("hx-target", "").endswith("#queue") and not looks:
            looks.append(route.request.url)
            route.fulfill(status=503)
        else:
            route.continue_()

    page.route("**/incidents/**", no_answer)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr")).to_have_count(before)
    assert len(looks) == 1


def test_many_at_once_without_a_script(sign_in: SignIn) -> None:
    page = sign_in("administrator", java_script_enabled=False)
    page.goto("/incidents/?view=all")
    for number in ("INC-13", "INC-14"):
        page.get_by_label(f"Select {number}").check()
    page.locator(".bulk").get_by_role("button", name="Assignee").click()
    page.locator("main").get_by_label("Assignee").fill("Priya Raman")
    page.get_by_role("button", name="Look what would change").click()
    page.get_by_role("button", name="Change 2").click()
    page.wait_for_url("**/incidents/?view=all")
    expect(page.locator(".toast")).to_contain_text("2 changed")
    expect(page.locator("tr", has_text="INC-13")).to_contain_text("Priya Raman")


def test_a_phone_orders_and_works_on_many(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto("/incidents/?view=all")
    page.get_by_role("button", name="Newest").click()
    page.locator("#order").get_by_role("link", name="Oldest").click()
    page.wait_for_url("**order=created_at**")
    expect(page.get_by_role("button", name="Oldest")).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    page.locator("#columns").get_by_label("Created").check()
    page.locator("#columns").get_by_role("button", name="Show these").click()
    expect(page.locator("tbody tr").first).to_contain_text("A scanner lost its pairing")
    expect(page.locator("tbody tr").first.locator("[data-l=Created]")).to_be_visible()
    expect(page.locator("tbody .cb").first).to_be_hidden()
    page.locator(".pick").click()
    page.get_by_label("Select INC-6", exact=True).check()
    expect(page.locator(".bulk")).to_be_visible()
    page.locator(".bulk").get_by_role("button", name="Set a field").click()
    page.locator("#bulk-fields").get_by_role("button", name="Category", exact=True).click()
    page.locator("#dialog").get_by_label("Category").fill("Printers")
    page.locator("#dialog").get_by_role("button", name="Look what would change").click()
    page.locator("#dialog").get_by_role("button", name="Change 1").click()
    expect(page.locator(".toast")).to_contain_text("1 changed")


def test_a_change_of_many_is_undone_from_its_page(sign_in: SignIn) -> None:
    page = sign_in("team-lead")
    page.goto("/incidents/?view=all")
    for number in ("INC-13", "INC-14"):
        page.get_by_label(f"Select {number}").check()
    page.locator(".bulk").get_by_role("button", name="Set a field").click()
    page.locator("#bulk-fields").get_by_role("button", name="Category", exact=True).click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Category").fill("Printers")
    # The first Enter looks, the second does it.
    dialog.get_by_label("Category").press("Enter")
    expect(dialog.locator(".would")).to_contain_text("2 will change.")
    dialog.get_by_label("Category").press("Enter")
    expect(page.locator(".toast")).to_contain_text("2 changed")
    page.goto("/jobs/")
    page.locator("main .rows a").first.click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("2 taken back")
    expect(page.locator("main")).to_contain_text("Worked through all 2.")


def test_a_view_is_saved_changed_and_deleted_by_keyboard(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.keyboard.press("/")
    page.keyboard.type("priority <= 2")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current] .unsaved")).to_contain_text("unsaved changes")
    page.locator("#v-new").focus()
    page.keyboard.press("Enter")
    name = page.locator("#dialog").get_by_label("Name")
    expect(name).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#v-new")).to_be_focused()
    page.keyboard.press("Enter")
    expect(name).to_be_focused()
    page.keyboard.type("What burns")
    page.keyboard.press("Enter")
    tab = page.locator(".tabs [aria-current]")
    expect(tab).to_contain_text("What burns")
    expect(tab.locator(".unsaved")).to_have_count(0)
    expect(page.locator("#filter")).to_have_value("priority <= 2")
    page.locator("#filter").fill("priority == 1")
    page.keyboard.press("Enter")
    expect(tab.locator(".unsaved")).to_have_count(1)
    page.locator("#v-keep").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("is saved")
    expect(tab.locator(".unsaved")).to_have_count(0)
    page.locator("#v-more").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make it the first tab").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tabs a").first).to_contain_text("What burns")
    page.locator("#v-more").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tabs")).not_to_contain_text("What burns")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".tabs")).to_contain_text("What burns")
    page.locator("#v-more").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".tabs")).not_to_contain_text("What burns")


@pytest.mark.parametrize("device", DEVICES)
def test_what_is_nobodys_offers_to_be_given_to_somebody(sign_in: SignIn, device: str) -> None:
    page = sign_in("agent", **DEVICES[device])
    page.goto("/incidents/?view=unassigned")
    row = page.locator("tbody tr").first
    number = str(row.get_attribute("id"))
    row.locator(".assign").click()
    expect(page.get_by_label("Search Assignee")).to_be_focused()
    person = page.locator("#menu-row .opt").first
    name = person.locator(".trunc").inner_text()
    person.click()
    expect(page.locator(f"tr[id={number}]")).to_contain_text(name)


@pytest.mark.parametrize("columns", ["title,state,priority,body", "title,state,body"])
def test_other_columns_on_a_phone_begin_where_the_title_does_and_end_in_dots(
    sign_in: SignIn, columns: str
) -> None:
    page = sign_in("agent", viewport={"width": 390, "height": 844})
    page.goto("/incidents/new/")
    page.fill("#f-title", "The scanner is silent")
    page.fill("#f-body", "It has been silent since this morning, whoever tries it. " * 5)
    page.locator("form.form button.pri, main form button.pri").first.click()
    page.wait_for_url("**/incidents/INC-*/")
    page.goto(f"/incidents/?view=all&columns={columns}")
    row = page.locator("tbody tr", has_text="The scanner is silent")
    lefts = [row.locator(cell).bounding_box() for cell in (".c-title", ".c-state")]
    assert lefts[0] is not None and lefts[1] is not None
    assert lefts[0]["x"] == lefts[1]["x"]
    cut = row.locator("[data-l=Description] .trunc")
    assert cut.evaluate("(e) => getComputedStyle(e).textOverflow") == "ellipsis"
    assert cut.evaluate("(e) => e.scrollWidth > e.clientWidth && e.clientWidth > 100")
