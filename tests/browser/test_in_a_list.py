"""What one does in a list without leaving it: groups, the preview, and changes in place, by keys and by mouse."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from subprocess import run
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.live import ROOT, environment
from tests.browser.shots import DEVICES
from tests.browser.waiting import until


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_preview_follows_and_gives_focus_back(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    pane = page.locator("#peek [data-number]")
    first = page.locator("tr.cur").get_attribute("id") or ""
    expect(pane).to_have_attribute("data-number", first)
    assert asked(page)["peek"] == [first]
    page.keyboard.press("j")
    second = page.locator("tr.cur").get_attribute("id") or ""
    expect(pane).to_have_attribute("data-number", second)
    assert first != second
    page.reload()
    expect(pane).to_have_attribute("data-number", second)
    page.locator(f"tr[id={second}] .c-title > a:not(.peek)").first.focus()
    page.keyboard.press("Escape")
    expect(pane).to_have_count(0)
    expect(page.locator(f"tr[id={second}] .c-title > a:not(.peek)").first).to_be_focused()
    assert "peek" not in asked(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/incidents/{second}/"
    )


def test_a_move_in_the_preview_is_seen_in_the_row(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&peek=INC-14")
    page.locator("#peek .acts").get_by_text("Start work").click()
    page.locator("#dialog").get_by_role("button", name="Start work").click()
    expect(page.locator(".toast")).to_contain_text("INC-14")
    expect(page.locator("#peek .st").first).to_contain_text("In progress")
    expect(page.locator("tr[id=INC-14] .c-state")).to_contain_text("In progress")


def test_a_field_is_set_by_keys_and_focus_stays_in_the_row(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&filter=is_open")
    page.keyboard.press("j")
    row = page.locator("tr.cur").get_attribute("id") or ""
    page.keyboard.press("a")
    menu = page.locator("#menu-row")
    expect(menu.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("Priya")
    menu.get_by_role("button", name="Priya").wait_for()
    expect(menu.locator("input[name=q]:not([data-asks])")).to_be_visible()
    page.keyboard.press("ArrowDown")
    menu.get_by_role("button", name="Priya").press("Enter")
    expect(page.locator(".toast")).to_contain_text(f"{row} updated")
    expect(page.locator(f"tr[id={row}]")).to_contain_text("Priya")
    expect(menu).to_be_hidden()
    expect(page.locator(f"tr[id={row}] .c-title > a:not(.peek)").first).to_be_focused()
    page.keyboard.press("p")
    menu.get_by_role("link", name="Impact").press("Enter")
    menu.get_by_role("button").first.wait_for()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("s")
    expect(menu.locator(".opt").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(menu).to_contain_text("Category")


def test_who_gives_up_what_was_refused_is_at_the_row_again(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&filter=is_open")
    page.keyboard.press("j")
    row = page.locator("tr.cur .c-title > a:not(.peek)").first
    page.keyboard.press("e")
    page.locator("#menu-row").get_by_role("link", name="Title").press("Enter")
    page.locator("#menu-row").get_by_label("Title").fill(" ")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog[open] [aria-invalid]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(row).to_be_focused()


def standing(page: Page) -> str:
    """The record whose row has the focus; the cursor is there, too."""
    row = page.locator("tbody tr:has(:focus)")
    expect(row).to_have_count(1)
    expect(row).to_contain_class("cur")
    return row.get_attribute("id") or ""


def numbers(page: Page) -> list[str]:
    return [row.get_attribute("id") or "" for row in page.locator("tbody tr").all()]


def looks_anew(page: Page) -> None:
    """What a page does when it hears that something has changed."""
    expect(page.locator("ms-live")).to_be_attached()
    until(page, "Boolean(document.querySelector('ms-live').live)")
    until(page, "!document.querySelector('ms-live').live.fetching")
    page.evaluate("document.querySelector('ms-live').live.refresh()")


def assign(page: Page, to: str) -> None:
    menu = page.locator("#menu-row")
    page.keyboard.press("a")
    expect(menu.locator("input[name=q]")).to_be_focused()
    page.keyboard.type(to)
    menu.get_by_role("button", name=to).wait_for()
    expect(menu.locator("input[name=q]:not([data-asks])")).to_be_visible()  # and is the answer
    page.keyboard.press("ArrowDown")
    menu.get_by_role("button", name=to).press("Enter")
    expect(page.locator("tr.cur")).to_contain_text(to)
    expect(menu).to_be_hidden()


def test_who_passes_records_on_one_by_one_skips_none(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=unassigned")
    for _ in range(2):
        page.keyboard.press("j")
        assign(page, "Priya")
    page.goto("/incidents/?view=mine")
    all_mine = numbers(page)
    assert len(all_mine) > 3
    page.keyboard.press("j")
    page.keyboard.press("j")
    assign(page, "Amara")
    looks_anew(page)
    assert standing(page) == all_mine[1]
    expect(page.locator(f"tr[id={all_mine[1]}]")).to_contain_text("Amara")
    page.keyboard.press("j")
    assert standing(page) == all_mine[2]
    expect(page.locator(f"tr[id={all_mine[1]}]")).to_have_count(0)
    looks_anew(page)
    assert standing(page) == all_mine[2]
    assert numbers(page)[:3] == [all_mine[0], *all_mine[2:4]]
    # The last row: there is none to go on to, and the one before it comes next.
    for _ in range(len(all_mine)):
        page.keyboard.press("j")
    assert standing(page) == all_mine[-1]
    assign(page, "Amara")
    looks_anew(page)
    assert standing(page) == all_mine[-1]
    page.keyboard.press("k")
    assert standing(page) == all_mine[-2]
    expect(page.locator(f"tr[id={all_mine[-1]}]")).to_have_count(0)
    # Who looks elsewhere begins at the top there.
    page.locator("#v-all").press("Enter")
    expect(page.locator("#v-all")).to_have_attribute("aria-current", "true")
    page.locator("#v-all").blur()
    page.keyboard.press("j")
    assert standing(page) in numbers(page)[:1] + all_mine


def test_a_row_that_belongs_elsewhere_in_the_list_waits_as_well(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&order=updated_at")
    before = numbers(page)
    for _ in range(3):
        page.keyboard.press("j")
    assert standing(page) == before[2]
    assign(page, "Amara")
    looks_anew(page)
    assert (standing(page), numbers(page)) == (before[2], before)
    page.keyboard.press("j")
    assert standing(page) == before[3]
    # It went to the end, as the one that was changed last.
    expect(page.locator("tbody tr").last).to_have_id(before[2])
    assert standing(page) == before[3]
    assert numbers(page)[2] == before[3]


def test_what_somebody_else_takes_away_goes_when_one_goes_on(sign_in: SignIn) -> None:
    page, other = sign_in("agent"), sign_in("administrator")
    page.goto("/incidents/?view=all")
    before = numbers(page)
    row = before[2]
    for _ in range(3):
        page.keyboard.press("j")
    assert standing(page) == row
    other.goto("/incidents/?view=all")
    other.get_by_label(f"Select {row}", exact=True).check()
    other.locator(".bulk").get_by_role("button", name="Remove").click()
    other.locator("#dialog").get_by_role("button", name="Remove 1").click()
    expect(other.locator(".toast")).to_contain_text("removed")
    looks_anew(page)
    expect(page.locator(f"tr.gone[id={row}]")).to_be_visible()
    expect(page.locator(f"tr.gone[id={row}]")).to_have_text(row)  # and nothing of what it says
    assert standing(page) == row
    page.keyboard.press("j")
    assert standing(page) == before[3]
    expect(page.locator(f"tr[id={row}]")).to_have_count(0)
    other.locator(".toast").get_by_role("button", name="Undo").click()
    expect(other.locator(".toast")).to_contain_text("taken back")


def test_the_last_of_a_list_leaves_the_filter(sign_in: SignIn) -> None:
    page, other = sign_in("agent"), sign_in("team-lead")
    page.goto("/incidents/?view=all")
    page.keyboard.press("j")
    number = standing(page)
    condition = f'number == "{number}" && (category == null || category != "Cables")'
    page.goto("/incidents/?" + urlencode({"view": "all", "filter": condition}))
    page.keyboard.press("j")
    assert standing(page) == number
    other.goto(f"/incidents/?view=all&filter=number+%3D%3D+%22{number}%22")
    other.get_by_label(f"Select {number}", exact=True).check()
    other.locator(".bulk").get_by_role("button", name="Set a field").click()
    other.locator("#bulk-fields").get_by_role("button", name="Category", exact=True).click()
    other.locator("#dialog").get_by_label("Category").fill("Cables")
    other.locator("#dialog").get_by_role("button", name="Look what would change").click()
    other.locator("#dialog").get_by_role("button", name="Change 1").click()
    expect(other.locator(".toast")).to_contain_text("1 changed")
    looks_anew(page)
    expect(page.locator("#filter")).to_be_focused()


def test_a_click_on_a_value_opens_its_menu_and_on_a_title_the_record(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.locator("tr[id=INC-12] td.c-state").click()
    expect(page.locator("#menu-row")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("tr[id=INC-12] .c-title").hover()
    page.locator("tr[id=INC-12] [data-peek]").click()
    expect(page.locator("#peek [data-number=INC-12]")).to_be_visible()
    page.locator("#peek [data-away]").click()
    page.locator("tr[id=INC-12] .c-title > a:not(.peek)").first.click()
    expect(page.locator("article.rec-main")).to_be_visible()


def test_groups_and_density_are_in_the_address_and_words_become_a_condition(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.get_by_role("button", name="Group").click()
    page.locator("#group").get_by_role("link", name="State", exact=True).click()
    expect(page.locator(".g-h").first).to_be_visible()
    page.locator("#density").click()
    expect(page.locator(".grid.compact")).to_be_visible()
    assert (asked(page)["group"], asked(page)["density"]) == (["state"], ["compact"])
    page.keyboard.press("j")
    expect(page.locator("tr.cur.g-h")).to_have_count(0)
    page.locator("#filter").fill("scanners")
    page.locator("#filter").press("Enter")
    expect(page.locator("#filter")).to_have_value('title.contains("scanners")')
    expect(page.locator(".chips .chip").first).to_contain_text("scanners")
    assert asked(page)["filter"] == ['title.contains("scanners")']
    with page.expect_download() as sent:
        page.locator("#export").click()
    assert sent.value.suggested_filename.startswith("incidents-")


def test_a_phone_looks_at_a_record_from_below(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto("/incidents/?view=all")
    page.locator("tr[id=INC-12] [data-peek]").click()
    pane = page.locator("#peek")
    expect(pane.locator("[data-number=INC-12]")).to_be_visible()
    box = pane.bounding_box()
    assert box is not None and box["width"] == 390
    pane.locator("[data-away]").click()
    expect(pane).to_be_hidden()


TWICE = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}
IN_THE_PANE = "document.querySelector('#peek').contains(document.activeElement)"


def test_a_title_stands_where_it_stood_after_a_look_at_its_record(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto("/incidents/")
    page.locator("tbody .peek").nth(2).tap()
    page.locator("#peek h2").wait_for()
    page.go_back()
    expect(page.locator("#peek h2")).to_have_count(0)
    page.locator("tbody .peek").nth(2).focus()
    moved = "cells => cells.filter((one) => one.scrollLeft).length"
    assert page.locator("tbody td, tbody th").evaluate_all(moved) == 0


def test_what_is_selected_shows_it_by_more_than_a_tint(sign_in: SignIn) -> None:
    page = sign_in("agent", **TWICE)
    page.goto("/incidents/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("x")
    box = page.locator("tr.cur").get_by_role("checkbox")
    expect(box).to_be_visible()
    expect(box).to_be_checked()
    page.keyboard.press("x")
    expect(box).to_be_hidden()


@pytest.mark.parametrize("way", [TWICE, DEVICES["m"]])
def test_who_is_in_a_preview_over_the_list_stays_in_it(
    sign_in: SignIn, way: dict[str, Any]
) -> None:
    page = sign_in("agent", **way)
    page.goto("/incidents/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    pane = page.locator("#peek [data-number]")
    row = page.locator("tr.cur").get_attribute("id") or ""
    expect(pane).to_have_attribute("data-number", row)
    expect(page.locator("#peek[role=dialog][aria-modal=true] h2 a")).to_be_focused()
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.activeElement === document.body || {IN_THE_PANE}")
    page.locator("#peek h2 a").focus()
    page.keyboard.press("j")
    following = page.locator("tr.cur").get_attribute("id") or ""
    assert following != row
    expect(pane).to_have_attribute("data-number", following)
    expect(page.locator("#peek h2 a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(pane).to_have_count(0)
    expect(page.locator("[inert]")).to_have_count(0)
    expect(page.locator(f"tr[id={following}] .c-title > a:not(.peek)").first).to_be_focused()
    until(page, "!location.search.includes('peek')")


def test_a_preview_in_the_address_has_the_focus_where_it_lies_over_the_list(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto("/incidents/?view=all&peek=INC-12")
    expect(page.locator("#peek h2 a")).to_be_focused()
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.locator("[inert]")).to_have_count(0)
    expect(page.locator("#peek[role=complementary]")).to_have_count(1)


def test_the_way_back_closes_a_preview_over_the_list(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto("/")
    page.goto("/incidents/?view=all")
    page.locator("tr[id=INC-12] [data-peek]").click()
    pane = page.locator("#peek [data-number]")
    expect(pane).to_be_visible()
    page.go_back()
    expect(pane).to_have_count(0)
    assert asked(page) == {"view": ["all"]}
    expect(page.locator("tr[id=INC-12] .c-title > a:not(.peek)")).to_be_focused()
    page.go_forward()
    expect(pane).to_be_visible()
    page.locator("#peek [data-away]").click()
    expect(pane).to_have_count(0)
    until(page, "location.search === '?view=all'")
    page.go_back()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))


def test_who_comes_back_from_a_record_goes_on_at_its_row(sign_in: SignIn) -> None:
    page = sign_in("agent")
    # Where much else is going on, Chromium now and then forgets what a page noted in the moment it was left.
    for _ in range(3):
        page.goto("/incidents/?view=all")
        for _ in range(5):
            page.keyboard.press("j")
        number = page.locator("tr.cur").get_attribute("id") or ""
        following = page.locator("tr.cur + tr").get_attribute("id") or ""
        page.keyboard.press("Enter")
        page.locator("article.rec-main").wait_for()
        page.go_back()
        if page.evaluate("history.state?.row"):
            break
    expect(page.locator(f"tr[id={number}].cur .c-title > a:not(.peek)")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"tr[id={following}].cur .c-title > a:not(.peek)")).to_be_focused()


@pytest.mark.parametrize(
    ("login", "url"),
    [("agent", "/"), ("agent", "/jobs/"), ("team-lead", "/workload/"), ("agent", "/search/?q=INC-2")],
)  # fmt: skip
def test_every_list_is_walked_by_the_same_keys(sign_in: SignIn, login: str, url: str) -> None:
    page = sign_in(login)
    page.goto(url)
    lines = page.locator(":is(.rows, .load) > li > a")
    lines.first.wait_for()
    page.keyboard.press("j")
    expect(lines.first).to_be_focused()
    expect(page.locator("li.cur")).to_have_count(1)
    many = lines.count()
    for _ in range(many):
        page.keyboard.press("j")
    expect(lines.last).to_be_focused()
    if many > 1:
        page.keyboard.press("k")
        expect(lines.nth(many - 2)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(lines.last).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("move")


@pytest.mark.parametrize("key", ["Escape", "ArrowDown"])
def test_from_the_filter_one_key_leads_to_the_rows(sign_in: SignIn, key: str) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.keyboard.press("/")
    expect(page.locator("#filter")).to_be_focused()
    page.keyboard.press(key)
    link = page.locator("tbody .c-title > a:not(.peek)").first
    expect(link).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("/")
    page.keyboard.press(key)
    expect(page.locator("tbody .c-title > a:not(.peek)").nth(1)).to_be_focused()
    page.goto("/incidents/?filter=title.contains(%22zebra%22)")
    page.keyboard.press("/")
    page.keyboard.press(key)
    expect(page.locator("main")).to_be_focused()


def test_arrows_move_from_a_row_and_no_dead_key_is_told(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.context.add_cookies([{"name": "letters", "value": "off", "url": urljoin(page.url, "/")}])
    for url in ("/incidents/?view=all", "/inbox/", "/audit/"):
        page.goto(url)
        told = page.locator("main kbd").all_text_contents()
        assert not [key for key in told if len(key) == 1 and key not in "↑↓↵"], url
    page.goto("/incidents/?view=all")
    rows = page.locator("tbody tr:not(.g-h) .c-title > a:not(.peek)")
    page.keyboard.press("j")
    expect(page.locator("tr.cur")).to_have_count(0)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows.first).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#peek [data-number]")).to_be_visible()


def test_without_a_script_the_list_is_in_groups_and_the_eye_opens_the_record(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent", java_script_enabled=False)
    page.goto("/incidents/?view=all&group=team&peek=INC-12")
    assert page.locator(".g-h").count() > 1
    expect(page.locator("#peek")).to_contain_text("INC-12")
    page.locator("#peek [data-away]").click()
    expect(page.locator("#peek")).to_be_hidden()
    page.locator("tr[id=INC-12] .c-title").hover()
    page.locator("tr[id=INC-12] [data-peek]").click()
    expect(page.locator("article.rec-main")).to_be_visible()


MANY = """
import django; django.setup()
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, queries
from mainstay.records.types import shelf
incident, by = shelf.type("incident"), By(SYSTEM, "setup")
row = queries.one(incident, SYSTEM, "INC-1")
like = {name: row[name] for name in ("impact", "urgency")}
like |= {name: row[name]["number"] for name in ("requester", "service")}
for n in range(40):
    commands.create(incident, {"title": f"One of many {n}", **like}, by)
"""


@pytest.fixture
def two_pages(folder: Path, address: str) -> None:
    """More incidents than a page has."""
    run([sys.executable, "-c", MANY], env=environment(folder), cwd=ROOT, check=True)


def at(page: Page) -> str:
    """The row one stands on."""
    return str(page.locator("tr.cur").get_attribute("id"))


@pytest.mark.usefixtures("two_pages")
def test_one_goes_on_over_the_end_of_a_page_and_back(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    rows, ends = page.locator("tbody tr[id]"), page.locator(".q-foot .end")
    first = rows.evaluate_all("(all) => all.map((row) => row.id)")
    rows.last.locator(".c-title > a").first.focus()
    page.keyboard.press("j")
    expect(ends).to_contain_text("Previous page")
    second = rows.evaluate_all("(all) => all.map((row) => row.id)")
    assert not set(first) & set(second)
    expect(page.locator("tr.cur .c-title > a").first).to_be_focused()
    assert at(page) == second[0]
    page.keyboard.press("k")
    expect(ends).not_to_contain_text("Previous page")
    expect(rows.last).to_have_class("cur")
    assert at(page) == first[-1]
    # With the record beside the list it goes on as well.
    page.keyboard.press(" ")
    expect(page.locator("#peek [data-number]")).to_have_attribute("data-number", first[-1])
    page.keyboard.press("j")
    expect(page.locator("#peek [data-number]")).to_have_attribute("data-number", second[0])
    assert asked(page)["peek"] == [second[0]] and "after" in asked(page)
    # At the very ends one stays.
    page.keyboard.press("Escape")
    rows.last.locator(".c-title > a").first.focus()
    page.keyboard.press("j")
    assert at(page) == second[-1]


@pytest.mark.usefixtures("two_pages")
def test_the_neighbours_of_a_record_go_on_over_the_end_of_a_page(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    rows = page.locator("tbody tr[id]")
    last = rows.last.get_attribute("id")
    page.locator(".q-foot [rel=next]").click()
    expect(page.locator(".q-foot [rel=prev]")).to_be_visible()
    after = [str(rows.nth(n).get_attribute("id")) for n in (0, 1)]
    page.locator(".q-foot [rel=prev]").click()
    expect(page.locator(".q-foot [rel=prev]")).to_have_count(0)
    rows.last.locator(".c-title > a").first.click()
    expect(page).to_have_url(re.compile(f"/{last}/$"))
    for number in after:
        expect(page.locator("ms-neighbours [data-way='1'][href]")).to_be_visible()
        page.keyboard.press("]")
        expect(page).to_have_url(re.compile(f"/{number}/$"))
    assert "after=" in str(page.locator(".crumbs a[href^='/incidents/']").get_attribute("href"))
    for number in (after[0], last):
        expect(page.locator("ms-neighbours [data-way='-1'][href]")).to_be_visible()
        page.keyboard.press("[")
        expect(page).to_have_url(re.compile(f"/{number}/$"))
