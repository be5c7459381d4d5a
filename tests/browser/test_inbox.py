"""The inbox by the keys alone: move, put off, mark as read, open."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn, Work
from tests.browser.test_in_a_list import assign
from tests.browser.waiting import until

BELL = ".bell"


def told(page: object) -> str:
    return str(page.locator(BELL).get_attribute("aria-label"))  # type: ignore[attr-defined]


def test_an_inbox_is_worked_off_by_the_keys(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/inbox/")
    rows = page.locator("tbody tr")
    before = rows.count()
    assert before >= 1
    number = rows.first.locator(".ref").inner_text()
    page.keyboard.press("j")
    expect(page.locator("tr:has(:focus)")).to_have_count(1)
    page.keyboard.press("e")
    page.get_by_text(f"{number} is read").wait_for()
    expect(rows).to_have_count(before - 1)
    page.locator("#toasts button").click()
    expect(rows).to_have_count(before)
    page.goto("/inbox/")
    assert rows.count() == before
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.get_by_text("is put off").wait_for()
    expect(rows).to_have_count(before - 1)
    page.goto("/inbox/?view=snoozed")
    assert rows.count() == 1


def test_opening_a_record_quietens_the_bell(sign_in: SignIn) -> None:
    page = sign_in("team-lead")
    page.goto("/inbox/")
    if not page.locator("tbody tr").count():
        page.goto("/inbox/?view=info")
    before = told(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/**")
    assert told(page) != before


def test_without_a_script_everything_is_there(sign_in: SignIn) -> None:
    page = sign_in("requester", java_script_enabled=False)
    page.goto("/portal/inbox/")
    assert page.locator("main .rows li").count() >= 1
    page = sign_in("agent", java_script_enabled=False)
    page.goto("/incidents/INC-14/")
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_role("button", name="Watch no more")).to_have_count(1)
    page.get_by_role("button", name="Watch no more").click()


def test_one_line_after_another_without_losing_the_place(sign_in: SignIn, work: Work) -> None:
    page, lead = sign_in("agent"), sign_in("team-lead")
    lead.goto("/incidents/?view=unassigned")
    for _ in range(4):
        lead.keyboard.press("j")
        assign(lead, "Priya Raman")
    work()
    page.goto("/inbox/?view=needs")
    rows = page.locator("tbody tr")
    there = [row.get_attribute("id") for row in rows.all()]
    assert len(there) > 4
    heard = told(page)

    def at(number: str | None) -> None:
        expect(page.locator(f"tr.cur[id={number}] .c-title a")).to_be_focused()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(f"tr[id={there[1]}]")).to_have_count(0)
    at(there[2])
    assert told(page) != heard
    assert page.url.endswith("?view=needs")
    page.keyboard.press("s")
    expect(page.locator(":popover-open .opt").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"tr[id={there[2]}]")).to_have_count(0)
    at(there[3])
    page.keyboard.press("k")
    at(there[0])
    for _ in there:
        page.keyboard.press("j")
    at(there[-1])
    page.keyboard.press("e")
    expect(page.locator(f"tr[id={there[-1]}]")).to_have_count(0)
    at(there[-2])
    until(page, "!document.documentElement.classList.contains('asks')")
    page.get_by_role("button", name="Mark all as read").press("Enter")
    expect(rows).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
