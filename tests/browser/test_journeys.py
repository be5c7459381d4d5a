"""A day of each role, in a company with a past and with the beginning of a real incident log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.house import PEOPLE
from tests.browser.live import serving
from tests.browser.shots import DEVICES, EXPECTED
from tests.doors.csv_log import REAL_LOG

Enter = Callable[..., Page]
# The address of the site; by login, a name and a password.
House = tuple[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The address of the company's site, and who can sign in: name and password by login."""
    folder = tmp_path_factory.mktemp("house")
    with serving(folder, "tests.browser.house") as address:
        yield address, json.loads((folder / PEOPLE).read_text())


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
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
        expect(page.get_by_label("Login")).to_be_focused()
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


class Mouse:
    """Points and presses."""

    screen: ClassVar[dict[str, object]] = {}

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.click()
        target.page.keyboard.type(text)

    def choose(self, target: Locator, option: str) -> None:
        target.select_option(label=option)

    def tick(self, target: Locator) -> None:
        target.click()


class Keyboard:
    """Comes to everything by Tab: what cannot be reached so cannot be done."""

    screen: ClassVar[dict[str, object]] = {}

    def press(self, target: Locator) -> None:
        self.come_to(target)
        target.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.come_to(target)
        target.page.keyboard.type(text)

    def choose(self, target: Locator, option: str) -> None:
        self.come_to(target)
        target.page.keyboard.type(option)

    def tick(self, target: Locator) -> None:
        self.come_to(target)
        target.page.keyboard.press("Space")

    def come_to(self, target: Locator) -> None:
        for _ in range(STOPS):
            if target.evaluate("e => e === document.activeElement"):
                return
            target.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {target}")


class Zoomed(Keyboard):
    """On a desk where everything is twice as large, so that half as much fits."""

    screen: ClassVar[dict[str, object]] = {
        "viewport": {"width": 720, "height": 450},
        "device_scale_factor": 2,
    }


Hand = Mouse | Keyboard
STOPS = 400
HANDS = {"mouse": Mouse(), "keyboard": Keyboard(), "200%": Zoomed()}
by_hand = pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS.keys())
without_too = pytest.mark.parametrize("script", [True, False], ids=["script", "none"])


def asks(page: Page, sentence: str, hand: Hand) -> str:
    """Reports something in the portal and gives the number it got."""
    page.goto("/portal/")
    hand.write(page.get_by_label("Say in one sentence what is going wrong"), sentence)
    page.keyboard.press("Enter")
    expect(page.get_by_label("What is going wrong?")).to_have_value(sentence)
    hand.press(page.get_by_role("button", name="Send"))
    page.wait_for_url(re.compile(r"/portal/requests/INC-\d+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def goes_to(page: Page, address: str, hand: Hand) -> None:
    """By the sidebar, whose groups are closed."""
    link = page.locator(f"a[href='{address}']")
    if (opener := page.locator(".tabbar [popovertarget=nav]")).is_visible():
        hand.press(opener)
    if not link.first.is_visible():
        hand.press(page.locator(".side details").filter(has=link).locator("summary"))
    hand.press(page.locator(".side nav").locator(link))
    page.wait_for_url(f"**{address}")


def moves(page: Page, number: str, move: str, said: str, **fields: str) -> None:
    """Somebody in the workspace does their part, on the page of the move itself."""
    page.goto(f"/incidents/{number}/move/{move}/")
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main").get_by_role("button", name=said, exact=True).click()
    page.wait_for_url(f"**/incidents/{number}/")


def narrows(page: Page, number: str, hand: Hand) -> None:
    """To one record, by the filter of the list."""
    if isinstance(hand, Keyboard):
        page.keyboard.press("/")
        page.keyboard.type(number)
    else:
        hand.write(page.locator("#filter"), number)
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)


@without_too
@by_hand
def test_a_requester_asks_answers_reopens_and_confirms(
    enter: Enter, hand: Hand, script: bool
) -> None:
    page, agent = (
        enter("requester", java_script_enabled=script, **DEVICES["m"] | hand.screen),
        enter("agent"),
    )
    expect(page.get_by_role("heading", level=1)).to_contain_text("what is the matter?")
    number = asks(page, "The label printer is dead", hand)
    expect(page.get_by_role("heading", name="The label printer is dead")).to_be_visible()
    hand.write(page.get_by_label("Say more"), "The lamp blinks twice.")
    hand.press(page.get_by_role("button", name="Send"))
    expect(page.get_by_text("The lamp blinks twice.")).to_be_visible()
    page.goto("/portal/requests/")
    expect(page.get_by_role("heading", name="We are on it")).to_be_visible()
    expect(page.locator(f"a[href='/portal/requests/{number}/']")).to_be_visible()

    moves(agent, number, "start", "Start work")
    expect(agent.get_by_text("The lamp blinks twice.")).to_be_visible()
    moves(agent, number, "hold", "Put on hold", waiting_for="caller", message="Is it plugged in?")
    page.goto(f"/portal/requests/{number}/")
    hand.write(page.get_by_label("Your answer"), "It is, in both sockets.")
    hand.press(page.get_by_role("button", name="Send"))
    expect(page.locator("main .tag").first).to_have_text("Working on it")
    agent.reload()
    expect(agent.get_by_text("It is, in both sockets.")).to_be_visible()
    expect(agent.locator(".steps [aria-current]")).to_have_text("In progress")

    solved = {"close_code": "solution_provided", "resolution": "A new cable."}
    moves(agent, number, "resolve", "Resolve", **solved)
    page.goto(f"/portal/requests/{number}/")
    hand.write(page.get_by_label("No: what still goes wrong?"), "It is dead again.")
    hand.press(page.get_by_role("button", name="It does not work yet"))
    expect(page.locator("main .tag").first).to_have_text("Working on it")
    agent.reload()
    expect(agent.get_by_text("It is dead again.")).to_be_visible()
    expect(agent.locator(".steps [aria-current]")).to_have_text("In progress")

    moves(agent, number, "resolve", "Resolve", **solved)
    page.goto(f"/portal/requests/{number}/")
    hand.press(page.get_by_role("button", name="Yes, it works"))
    expect(page.locator("main .tag").first).to_have_text("Done")
    agent.reload()
    expect(agent.locator(".steps [aria-current]")).to_have_text("Closed")


@without_too
@by_hand
def test_an_agent_takes_and_answers(enter: Enter, house: House, hand: Hand, script: bool) -> None:
    """And moves; without a script the dialogs are pages, and single keys are not there."""
    caller, page = enter("requester"), enter("agent", java_script_enabled=script, **hand.screen)
    # In words of its own: the same ones again would lead to what was asked before.
    sentence = f"The badge reader at gate 2 is dark ({type(hand).__name__}, {script})"
    number = asks(caller, sentence, Mouse())
    mine = house[1]["agent"][0]
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    goes_to(page, "/incidents/", hand)
    hand.press(page.locator("#v-unassigned"))
    expect(page.locator("#v-unassigned")).to_have_attribute("aria-current", "true")
    if script:
        narrows(page, number, hand)
    else:
        hand.write(page.locator("#filter"), f'number == "{number}"')
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr")).to_have_count(1)
    hand.press(page.locator("tbody .c-title > a:not(.peek)"))
    expect(page.get_by_role("heading", level=1)).to_have_text(sentence)

    place = page.locator("#dialog" if script else "main")
    hand.press(page.get_by_role("link", name="Start work"))
    # Whoever starts is proposed to have it.
    expect(place.get_by_label("Assignee")).to_have_value(re.compile(re.escape(mine)))
    hand.press(place.get_by_role("button", name="Start work"))
    expect(page.locator(".steps [aria-current]")).to_have_text("In progress")
    expect(page.locator(".rec-side")).to_contain_text(mine)

    to_all = page.locator("ms-composer [value=all]")
    if isinstance(hand, Keyboard):
        hand.come_to(page.locator("ms-composer [value=internal]"))
        page.keyboard.press("ArrowRight")
    else:
        to_all.check()
    expect(to_all).to_be_checked()
    hand.write(page.locator("ms-composer textarea"), "Somebody is on the way.")
    if script and isinstance(hand, Keyboard):
        page.keyboard.press("Control+Enter")
    else:
        hand.press(page.locator("ms-composer .pri"))
    expect(page.locator("#timeline .msg").filter(has_text="on the way")).to_be_visible()
    caller.reload()
    expect(caller.get_by_text("Somebody is on the way.")).to_be_visible()
    expect(caller.locator("main .tag").first).to_have_text("Working on it")
    colleague = enter("team-lead")
    colleague.goto(f"/incidents/{number}/")
    expect(colleague.locator(".rec-side")).to_contain_text(mine)


@by_hand
def test_a_team_lead_sees_who_has_room_and_shares_out(
    enter: Enter, house: House, hand: Hand
) -> None:
    caller, page, agent = enter("requester"), enter("team-lead", **hand.screen), enter("agent")
    room = f"the control room ({type(hand).__name__})"
    numbers = [asks(caller, f"Screen {n} of {room} is black", Mouse()) for n in (1, 2)]
    goes_to(page, "/workload/", hand)
    expect(page.get_by_role("heading", name="Workload")).to_be_visible()
    one = page.locator(".load a").nth(1)
    hand.press(one)
    expect(one).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator(".load a").first).to_have_attribute("aria-current", "true")

    page.goto("/incidents/?view=unassigned&order=-created_at")
    assert [row.get_attribute("id") for row in page.locator("tbody tr").all()[:2]] == numbers[::-1]
    if isinstance(hand, Keyboard):
        for key in "jxjx":
            page.keyboard.press(key)
        expect(page.locator("[data-count]")).to_have_text("2")
        page.keyboard.press("b")
        expect(page.locator(".bulk .bb").first).to_be_focused()
    else:
        for number in numbers:
            page.get_by_label(f"Select {number}", exact=True).click()
        expect(page.locator("[data-count]")).to_have_text("2")
    hand.press(page.locator(".bulk").get_by_role("button", name="Assignee"))
    dialog = page.locator("#dialog")
    hand.write(dialog.get_by_label("Assignee"), house[1]["agent"][0])
    hand.write(dialog.get_by_label("Reason"), "They know the control room.")
    expect(dialog.locator(".would")).to_contain_text("2 will change.")
    hand.press(dialog.get_by_role("button", name="Change 2"))
    expect(page.locator(".toast")).to_contain_text("2 changed")
    agent.goto("/incidents/?view=mine")
    for number in numbers:
        expect(agent.locator(f"tr[id={number}]")).to_be_visible()


@by_hand
def test_an_auditor_reads_and_changes_nothing(enter: Enter, hand: Hand) -> None:
    number = asks(enter("requester"), "The till prints nothing", Mouse())
    page = enter("auditor", **hand.screen)
    goes_to(page, "/audit/", hand)
    hand.write(page.locator("main input[name=text]").first, number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**text={number}**")
    expect(page.locator("tbody tr").first).to_contain_text(number)
    goes_to(page, "/incidents/", hand)
    narrows(page, number, hand)
    hand.press(page.locator("tbody .c-title > a:not(.peek)"))
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    assert page.locator("ms-composer, .prop .edit, .rec-a").count() == 0


@by_hand
def test_an_administrator_lets_somebody_in(enter: Enter, hand: Hand) -> None:
    page, name = enter("administrator", **hand.screen), f"Tuva {type(hand).__name__}"
    page.goto("/users/new/")
    hand.write(page.get_by_label("Name", exact=True), name)
    hand.write(page.get_by_label("Login"), name.lower().replace(" ", "."))
    hand.press(page.get_by_role("button", name="Create"))
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    person = page.url.rstrip("/").rpartition("/")[2]
    hand.press(page.get_by_role("button", name="Grant a role"))
    hand.choose(page.get_by_label("Role", exact=True), "Agent")
    hand.press(page.get_by_role("button", name="Grant", exact=True))
    expect(page.locator("#roles")).to_contain_text("Agent")
    page.goto("/teams/")
    hand.press(page.get_by_role("link", name="Network").first)
    hand.press(page.get_by_role("button", name="Add a person"))
    hand.write(page.get_by_label("Person"), person)
    hand.press(page.get_by_role("button", name="Add", exact=True))
    expect(page.locator("#members")).to_contain_text(name)
    colleague = enter("agent")
    colleague.goto(page.url)
    expect(colleague.locator("#members")).to_contain_text(name)


with_the_real_log = pytest.mark.skipif(
    not REAL_LOG.exists(), reason="needs the real log: set MAINSTAY_REAL_DATA"
)
OLDEST = "/incidents/?view=all&order=created_at"


def imported(page: Page, hand: Hand) -> list[str]:
    """The numbers of two records of the real log, which is older than all of ours; each hand has its own."""
    page.goto(OLDEST)
    rows, first = page.locator("tbody tr"), 3 + 2 * list(HANDS.values()).index(hand)
    return [rows.nth(n).get_attribute("id") or "" for n in (first, first + 1)]


@with_the_real_log
@by_hand
def test_an_agent_finds_the_requester_of_what_the_real_log_has_and_they_read_it(
    enter: Enter, house: House, hand: Hand
) -> None:
    agent, requester = (enter(login, **hand.screen) for login in ("agent", "requester"))
    name = house[1]["requester"][0]
    [number, _other] = imported(agent, hand)
    narrows(agent, number, hand)
    title = agent.locator("tbody .c-title > a:not(.peek)").inner_text()
    hand.press(agent.locator("tbody .c-title > a:not(.peek)"))
    hand.press(agent.locator("#b-requester"))
    menu = agent.locator("#menu-requester")
    expect(menu.locator("[name=q]")).to_be_focused()
    agent.keyboard.type(name.partition(" ")[0])
    hand.press(menu.get_by_role("button", name=name))
    expect(agent.locator(".rec-side")).to_contain_text(name)
    chosen = agent.locator("ms-composer [value=all]")
    if isinstance(hand, Keyboard):
        hand.come_to(agent.locator("ms-composer [value=internal]"))
        agent.keyboard.press("ArrowRight")
    else:
        chosen.check()
    hand.write(agent.locator("ms-composer textarea"), "It came from the old desk.")
    hand.press(agent.locator("ms-composer .pri"))
    expect(agent.locator("#timeline .msg").filter(has_text="the old desk")).to_be_visible()

    requester.goto("/portal/requests/")
    hand.press(requester.locator(f"a[href='/portal/requests/{number}/']"))
    expect(requester.get_by_role("heading", name=title)).to_be_visible()
    expect(requester.get_by_text("It came from the old desk.")).to_be_visible()
    expect(requester.locator("main")).not_to_contain_text(re.compile("incident", re.IGNORECASE))


@with_the_real_log
@by_hand
def test_a_lead_changes_what_the_real_log_has_and_an_auditor_sees_it(
    enter: Enter, hand: Hand
) -> None:
    lead, auditor = (enter(login, **hand.screen) for login in ("team-lead", "auditor"))
    numbers = imported(lead, hand)
    for number in numbers:
        one = lead.get_by_label(f"Select {number}", exact=True)
        if not one.is_visible():
            hand.tick(lead.locator("#pick"))
        hand.tick(one)
    expect(lead.locator("[data-count]")).to_have_text("2")
    hand.press(lead.locator("[popovertarget=bulk-fields]"))
    hand.press(lead.locator("#bulk-fields").get_by_role("button", name="Urgency"))
    dialog = lead.locator("#dialog")
    hand.choose(dialog.get_by_label("Urgency"), "High")
    expect(dialog.locator(".would")).to_contain_text("2 will change.")
    hand.press(dialog.get_by_role("button", name="Change 2"))
    expect(lead.locator(".toast")).to_contain_text("2 changed")

    auditor.goto(f"/audit/?text={numbers[0]}")
    expect(auditor.locator("tbody tr").first).to_contain_text(numbers[0])
    hand.press(auditor.locator(f"tbody a[href='/r/{numbers[0]}']").first)
    expect(auditor.locator("#timeline")).to_contain_text("High")
    expect(auditor.locator("#timeline time[datetime^='2016']").first).to_be_visible()


@with_the_real_log
@by_hand
def test_an_administrator_gives_somebody_of_the_real_log_a_role(enter: Enter, hand: Hand) -> None:
    page = enter("administrator", **hand.screen)
    page.goto("/users/?filter=title.contains(%22Resolver%22)")
    person = page.locator("tbody .c-title > a:not(.peek)").nth(list(HANDS.values()).index(hand))
    name = person.inner_text()
    hand.press(person)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    hand.press(page.get_by_role("button", name="Grant a role"))
    hand.choose(page.get_by_label("Role", exact=True), "Agent")
    hand.press(page.get_by_role("button", name="Grant", exact=True))
    expect(page.locator("#roles")).to_contain_text("Agent")


@with_the_real_log
def test_the_real_log_reads_like_our_own(enter: Enter) -> None:
    page = enter("service-manager")
    page.goto("/incidents/?view=all&order=created_at")
    page.locator("tbody .c-title > a:not(.peek)").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text("imported")
    expect(page.locator("#timeline time[datetime^='2016']").first).to_be_visible()
    page.goto("/incidents/?view=all&order=created_at")
    first = page.locator("tbody .c-title > a:not(.peek)").first.inner_text()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("tbody .c-title > a:not(.peek)").first).not_to_have_text(first)
    page.go_back()
    expect(page.locator("tbody .c-title > a:not(.peek)").first).to_have_text(first)
