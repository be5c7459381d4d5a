"""Undo where it is told and in the history, by mouse and by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.waiting import session_ends
from tests.browser.world import PASSWORD


def test_a_field_set_in_place_goes_back_from_its_toast(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-3/edit/")
    page.get_by_label("Subcategory").fill("Roaming")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/incidents/INC-3/")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("INC-3: taken back")
    expect(page.locator("#timeline")).to_contain_text("took back a change")


def test_a_task_that_was_ticked_is_open_again_in_place(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-1/")
    page.evaluate("window.same = true")
    tick = page.locator("#tasks [role=checkbox][aria-checked=false]").first
    tick = page.locator(f"#{tick.get_attribute('id')}")
    tick.click()
    expect(tick).to_be_checked()
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    undo.focus()
    undo.press("Enter")
    expect(tick).not_to_be_checked()
    assert page.evaluate("window.same && document.activeElement !== document.body")


def test_the_history_keeps_whoever_pressed_it_in_place(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-3/edit/")
    page.get_by_label("Subcategory").fill("Antenna")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/incidents/INC-3/")
    line = page.locator("#timeline .ev", has_text="Antenna").last
    line.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("INC-3: taken back")
    expect(page.locator("#timeline .ev-u :focus")).to_have_text("Taken back")


def test_a_list_stays_where_it_is_when_a_toast_takes_something_back(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.evaluate("window.same = true")
    page.get_by_label("Select INC-6", exact=True).check()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.locator("#menu-row .opt:not([aria-current])").first.click()
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    undo.focus()
    undo.press("Enter")
    expect(page.locator(".toast")).to_contain_text("taken back")
    expect(page.get_by_label("Select INC-6", exact=True)).to_be_checked()
    assert page.evaluate("window.same && document.activeElement !== document.body")


def test_a_toast_waits_for_who_signs_in_again(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.clock.install()
    page.goto("/incidents/INC-3/edit/")
    page.get_by_label("Subcategory").fill("Tethering")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/incidents/INC-3/")
    session_ends(page)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_label("Login").fill("agent")
    page.mouse.move(5, 5)
    page.clock.fast_forward("00:40")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_label("Password").press("Enter")
    expect(page.locator(".toast").last).to_contain_text("INC-3: taken back")
    expect(page.locator("#timeline")).to_contain_text("took back a change")


def test_what_one_took_back_is_told_once(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-3/edit/")
    page.get_by_label("Subcategory").fill("Handover")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/incidents/INC-3/")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#timeline .fresh")).to_contain_text("took back a change")
    expect(page.locator("ms-live [aria-live]")).to_have_text("")


def test_what_could_not_be_reached_is_told_once(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-3/")
    for _ in range(3):
        page.evaluate("document.dispatchEvent(new Event('htmx:error'))")
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("Nothing you wrote is lost")


def test_a_solution_by_key_goes_back_to_new(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/new/")
    page.get_by_label("Title").fill("Solved by mistake")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/incidents/INC-*/")
    number = page.url.split("/")[-2]
    page.goto(f"/incidents/?view=all&filter=number+%3D%3D+%22{number}%22")
    page.keyboard.press("j")
    page.keyboard.press("r")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Close code").select_option(index=1)
    dialog.get_by_label("Resolution").fill("It works")
    dialog.get_by_role("button", name="Resolve").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text(f"{number} is now resolved")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text(f"{number}: taken back")
    expect(page.locator(f"tr[id={number}]")).to_contain_text("New")


TOLD = """() => document.dispatchEvent(new CustomEvent("toast", {detail: {
  text: "INC-3: taken back. What followed from it stays: INC-11 resolved, INC-1 <b>closed</b>.", undo: "",
  named: ["INC-11", "INC-1"],
}}))"""


def test_the_numbers_a_toast_names_lead_to_their_records(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/")
    page.evaluate(TOLD)
    links = page.locator(".toast a")
    expect(links).to_have_text(["INC-11", "INC-1"])
    assert links.evaluate_all("(found) => found.map((a) => a.pathname)") == [
        "/r/INC-11",
        "/r/INC-1",
    ]
    expect(page.locator(".toast")).to_contain_text("INC-1 <b>closed</b>.")
