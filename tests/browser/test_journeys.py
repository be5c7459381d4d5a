"""A day of each role, in a company with a past and with the beginning of a real incident log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import PEOPLE
from tests.browser.live import serving
from tests.browser.shots import DEVICES, EXPECTED
from tests.doors.csv_log import REAL_LOG

Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The address of the company's site, and who can sign in: name and password by login."""
    folder = tmp_path_factory.mktemp("house")
    with serving(folder, "tests.browser.house") as address:
        yield address, json.loads((folder / PEOPLE).read_text())


@pytest.fixture
def enter(browser: Browser, house: tuple[str, dict[str, list[str]]]) -> Iterator[Enter]:
    """Signs somebody in by keyboard alone; at the end no page may have complained."""
    address, people = house
    contexts, complaints = [], []

    def one(login: str, **options: object) -> Page:
        usual = {"base_url": address, "locale": "en-GB", "reduced_motion": "reduce"}
        context = browser.new_context(**usual, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda m: (
                complaints.append(m.text)
                if m.type == "error" and not m.text.startswith(EXPECTED)
                else None
            ),
        )
        page.goto("/sign-in")
        page.keyboard.type(login)
        page.keyboard.press("Tab")
        page.keyboard.type(people[login][1])
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield one
    for context in contexts:
        context.close()
    assert complaints == []


def tab_to(page: Page, name: str | re.Pattern[str]) -> None:
    """Presses Tab until what is called so has the focus; whatever can be done can be reached."""
    for _ in range(150):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? '').trim()"
        )
        if re.search(name, found):
            return
    raise AssertionError(f"Tab never comes to {name}")


def test_a_requester_without_a_script_asks_and_follows(enter: Enter) -> None:
    page = enter("requester", java_script_enabled=False, **DEVICES["m"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("what is the matter?")
    page.get_by_label("Say in one sentence what is going wrong").fill("The label printer is dead")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send").press("Enter")
    page.wait_for_url(re.compile(r"/portal/requests/INC-\d+/$"))
    expect(page.get_by_role("heading", name="The label printer is dead")).to_be_visible()
    page.get_by_label("Say more").fill("The lamp blinks twice.")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_text("The lamp blinks twice.")).to_be_visible()
    page.goto("/portal/requests/")
    expect(page.get_by_role("heading", name="We are on it")).to_be_visible()
    expect(page.get_by_role("link", name="The label printer is dead")).to_be_visible()


def test_an_agent_takes_and_answers_by_keyboard(enter: Enter) -> None:
    page = enter("agent")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    tab_to(page, "^Incidents$")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    title = page.locator("tr.cur .c-title > a:not(.peek)").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.locator("ms-composer textarea").focus()
    page.keyboard.type("Looked at the log, nothing yet.")
    page.keyboard.press("Control+Enter")
    said = page.locator("#timeline .msg.internal").filter(has_text="nothing yet")
    expect(said).to_be_visible()
    expect(page.locator("ms-composer textarea")).to_have_value("")


def test_a_team_lead_sees_who_has_room_and_shares_out(enter: Enter) -> None:
    page = enter("team-lead")
    page.goto("/workload/")
    expect(page.get_by_role("heading", name="Workload")).to_be_visible()
    busiest = page.locator(".load a").nth(1)
    busiest.focus()
    page.keyboard.press("Enter")
    expect(busiest).to_have_attribute("aria-current", "true")
    expect(busiest).to_be_focused()
    page.go_back()
    expect(page.locator(".load a").first).to_have_attribute("aria-current", "true")
    page.goto("/incidents/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("2")
    page.keyboard.press("b")
    expect(page.locator(".bulk .bb").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()


def test_an_auditor_reads_and_changes_nothing(enter: Enter) -> None:
    page = enter("auditor")
    page.goto("/audit/")
    page.keyboard.press("/")
    page.keyboard.type("INC-")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto("/incidents/?view=all")
    page.locator(".c-title > a:not(.peek)").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    assert page.locator("ms-composer, .prop .edit, .rec-a").count() == 0


def test_an_administrator_lets_somebody_in(enter: Enter) -> None:
    page = enter("administrator")
    page.goto("/users/new/")
    page.get_by_label("Name", exact=True).fill("Tuva Ek")
    page.get_by_label("Login").fill("tuva.ek")
    page.get_by_role("button", name="Create").press("Enter")
    expect(page.get_by_role("heading", name="Tuva Ek")).to_be_visible()
    person = page.url.rstrip("/").rpartition("/")[2]
    page.get_by_role("button", name="Grant a role").press("Enter")
    page.get_by_label("Role", exact=True).select_option(label="Agent")
    page.get_by_role("button", name="Grant", exact=True).press("Enter")
    expect(page.locator("#roles")).to_contain_text("Agent")
    page.goto("/teams/")
    page.get_by_role("link", name="Network").first.click()
    page.get_by_role("button", name="Add a person").press("Enter")
    page.get_by_label("Person").fill(person)
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.locator("#members")).to_contain_text("Tuva Ek")


@pytest.mark.skipif(not REAL_LOG.exists(), reason="needs the real log: set MAINSTAY_REAL_DATA")
def test_the_real_log_reads_like_our_own(enter: Enter) -> None:
    page = enter("service-manager")
    page.goto("/incidents/?view=all&order=created_at")
    page.locator(".c-title > a:not(.peek)").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text("imported")
    expect(page.locator("#timeline")).to_contain_text("2016")
    page.goto("/incidents/?view=all&order=created_at")
    first = page.locator(".c-title > a:not(.peek)").first.inner_text()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".c-title > a:not(.peek)").first).not_to_have_text(first)
    page.go_back()
    expect(page.locator(".c-title > a:not(.peek)").first).to_have_text(first)
