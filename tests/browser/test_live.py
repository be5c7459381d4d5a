"""What one person does appears at the other, who reloads nothing; with the live process, without it, and after it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.live import ROOT, Telling, environment, telling
from tests.browser.shots import signed_in
from tests.browser.test_next_person import ANOTHER, enter, handed_over, unnoticed
from tests.browser.test_record import made
from tests.browser.waiting import until

SOON = 15_000


@pytest.fixture(scope="module")
def beside(folder: Path, address: str) -> Iterator[tuple[str, Telling]]:
    with telling(folder) as found:
        yield found


@pytest.fixture
def pair(browser: Browser, beside: tuple[str, Telling]) -> Iterator[tuple[Page, Page]]:
    pages = [signed_in(browser, beside[0], login) for login in ("agent", "team-lead")]
    for page in pages:
        page.set_default_timeout(SOON)
    yield pages[0], pages[1]
    for page in pages:
        page.context.close()


def note(page: Page, text: str) -> None:
    page.locator("[name=text]").fill(text)
    page.locator("[data-send]").click()
    expect(page.locator("#timeline")).to_contain_text(text)


def has_heard(page: Page) -> None:
    """The stream is open: a page is told so at once."""
    expect(page.locator("ms-live")).to_have_attribute("data-state", "told", timeout=60_000)


BEFORE = """
import django; django.setup()
from mainstay.directory import commands as directory
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands
from mainstay.records.types import shelf
by = By(SYSTEM, "test")
"""


def done(folder: Path, code: str) -> None:
    """Something that happens at the server, where nobody has a page for it."""
    run([sys.executable, "-c", BEFORE + code], env=environment(folder), cwd=ROOT, check=True)


def renamed(folder: Path, number: str, title: str) -> None:
    done(folder, f"commands.change(shelf.type('incident'), {number!r}, {{'title': {title!r}}}, by)")


def walled(folder: Path, number: str) -> None:
    """It goes to a restricted team, of which nobody here is."""
    done(
        folder,
        f"made = {{'title': 'Behind a wall of {number}', 'is_restricted': True}}\n"
        "team = commands.create(shelf.type('team'), made, by).number\n"
        f"commands.change(shelf.type('incident'), {number!r}, {{'team': team}}, by)",
    )


def test_two_people_on_one_record(pair: tuple[Page, Page]) -> None:
    priya, amara = pair
    number = made(priya, "Two of us look at it")
    amara.goto(f"/incidents/{number}/")
    expect(amara.locator(".presence .said")).to_have_text("Priya Raman is viewing", timeout=SOON)
    expect(priya.locator(".presence .said")).to_have_text("Amara Okafor is viewing", timeout=SOON)
    amara.locator("[name=text]").press_sequentially("half a thought")
    expect(priya.locator(".presence .said")).to_have_text("Amara Okafor is writing", timeout=SOON)
    note(priya, "It was the cable")
    expect(amara.locator("#timeline")).to_contain_text("It was the cable", timeout=SOON)
    expect(amara.locator("[name=text]")).to_have_value("half a thought")
    expect(amara.locator("[name=text]")).to_be_focused()
    expect(amara.locator(".presence [aria-live]")).to_contain_text("It was the cable")
    priya.goto("/incidents/")
    expect(priya.locator(f"#{number} .eye")).to_contain_text("Amara Okafor is", timeout=SOON)
    expect(amara.locator(".presence .said")).to_have_text("", timeout=SOON)


AWAY = """Object.defineProperty(document, "hidden", {get: () => true, configurable: true});
document.dispatchEvent(new Event("visibilitychange"))"""
BACK = "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
# Long ago, by its own clock.
LEFT = "document.querySelector('ms-live').live.acted = 0"


def test_who_has_it_open_and_looks_elsewhere_is_told_from_who_looks(
    pair: tuple[Page, Page],
) -> None:
    """The third grade: behind another tab, or left alone for minutes; and back at the first sign of life."""
    priya, amara = pair
    number = made(priya, "Open, and nobody before it")
    amara.goto(f"/incidents/{number}/")
    said, face = priya.locator(".presence .said"), priya.locator(".presence .av")
    for goes, comes in ((AWAY, BACK), (LEFT, "dispatchEvent(new Event('pointermove'))")):
        expect(said).to_have_text("Amara Okafor is viewing", timeout=SOON)
        amara.evaluate(f"void ({goes})" if goes is LEFT else f"(() => {{ {goes} }})()")
        expect(said).to_have_text("Amara Okafor has it open", timeout=SOON)
        expect(face).to_have_class(re.compile(r"\bidle\b"))
        amara.evaluate(f"(() => {{ {comes} }})()")
    expect(said).to_have_text("Amara Okafor is viewing", timeout=SOON)
    expect(face.locator("svg")).to_have_count(0)


def test_on_a_phone_who_writes_is_told_from_who_looks(pair: tuple[Page, Page]) -> None:
    """There the face stands alone, without the words: a pencil is a shape, not only another colour."""
    priya, amara = pair
    number = made(priya, "Seen from a phone")
    priya.set_viewport_size({"width": 390, "height": 844})
    amara.goto(f"/incidents/{number}/")
    face = priya.locator(".presence .av")
    expect(face).to_be_visible(timeout=SOON)
    expect(priya.locator(".presence .said")).to_be_hidden()
    expect(face.locator("svg")).to_have_count(0)
    amara.locator("[name=text]").press_sequentially("half a thought")
    expect(face.locator("svg")).to_be_visible(timeout=SOON)


def test_whoever_edits_the_whole_record_is_seen_there_and_sees_who_else_does(
    pair: tuple[Page, Page], browser: Browser, beside: tuple[str, Telling]
) -> None:
    priya, amara = pair
    number = made(priya, "Edited by two of us")
    third = signed_in(browser, beside[0], "other")
    third.goto(f"/incidents/{number}/")
    for page in pair:
        page.goto(f"/incidents/{number}/edit/")
    expect(priya.locator(".presence .said")).to_contain_text(
        "Amara Okafor is viewing", timeout=SOON
    )
    amara.get_by_label("Title").press("End")
    amara.get_by_label("Title").press_sequentially(", half")
    expect(priya.locator(".presence .said")).to_contain_text(
        "Amara Okafor is writing", timeout=SOON
    )
    expect(third.locator(".presence .said")).to_contain_text(
        "Amara Okafor is writing", timeout=SOON
    )
    priya.get_by_label("Title").press_sequentially(", by me, too")
    expect(amara.locator(".presence .said")).to_contain_text("Priya Raman is writing", timeout=SOON)
    # A form stays as it is, whatever is changed below it.
    expect(amara.get_by_label("Title")).to_have_value("Edited by two of us, half")
    amara.goto("/incidents/")
    expect(priya.locator(".presence .said")).not_to_contain_text("Amara", timeout=SOON)
    third.context.close()


def test_a_page_of_who_was_here_before_tells_of_nobody(pair: tuple[Page, Page]) -> None:
    """It is told so by itself, and the next person's own pages are followed."""
    priya, amara = pair
    number = made(priya, "Left open over a sign-out")
    left = priya.context.new_page()
    left.goto(f"/incidents/{number}/")
    has_heard(left)
    amara.goto(f"/incidents/{number}/")
    expect(amara.locator(".presence .said")).to_have_text("Priya Raman is viewing", timeout=SOON)
    with unnoticed(left):
        handed_over(priya, "other")
    expect(left.get_by_text(ANOTHER)).to_be_visible(timeout=60_000)
    expect(amara.locator(".presence .said")).to_have_text("", timeout=SOON)
    has_heard(priya)
    note(amara, "Not for that page")
    left.locator("[name=text]").press_sequentially("half a thought")
    priya.goto(f"/incidents/{number}/")
    expect(amara.locator(".presence .said")).to_have_text(re.compile("is viewing$"), timeout=SOON)
    expect(left.locator("#timeline")).not_to_contain_text("Not for that page")
    expect(left.locator("[name=text]")).to_have_value("half a thought")


COVERED = """(dialog) => {
    const [ground, bare] = [getComputedStyle(dialog, "::backdrop").backgroundColor, document.createElement("p")];
    bare.style.background = "var(--bg)";
    document.body.append(bare);
    return ground === getComputedStyle(bare).backgroundColor && !/,\\s*0|\\/|transparent/.test(ground);
}"""


def test_a_page_whose_session_ended_elsewhere_is_closed_until_its_person_is_back(
    pair: tuple[Page, Page], browser: Browser, beside: tuple[str, Telling]
) -> None:
    """Nobody touches it, and it says so; what was typed is there afterwards, and so is what came meanwhile."""
    priya, amara = pair
    number = made(priya, "Left open in a meeting room")
    box = priya.locator("[name=text]")
    box.press_sequentially("half a thought")
    form = priya.context.new_page()
    form.goto(f"/incidents/{number}/edit/")
    for page in (priya, form):
        has_heard(page)
    elsewhere = signed_in(browser, beside[0], "agent")
    elsewhere.goto("/profile/")
    elsewhere.get_by_role("button", name="Sign out all others").click()
    for page in (priya, form):
        again = page.get_by_role("dialog", name="Sign in")
        expect(again).to_contain_text("You were signed out meanwhile", timeout=SOON)
        assert again.evaluate(COVERED)
        page.keyboard.press("Escape")
        expect(again).to_be_visible()
    amara.goto(f"/incidents/{number}/")
    note(amara, "Said while it was closed")
    enter(priya, "agent")
    expect(priya.get_by_role("dialog", name="Sign in")).to_have_count(0)
    expect(box).to_have_value("half a thought")
    expect(priya.locator("#timeline")).to_contain_text("Said while it was closed", timeout=SOON)
    elsewhere.context.close()


def test_what_a_page_shows_of_others_follows(pair: tuple[Page, Page], folder: Path) -> None:
    """Its tasks and what it is linked with; and the desk follows while the portal shows the same request."""
    priya, amara = pair
    one, other = made(priya, "Has a task"), made(priya, "Is linked")
    portal = amara.context.new_page()
    amara.goto(f"/incidents/{one}/")
    has_heard(amara)
    done(folder, f"commands.link(shelf.type('incident'), {one!r}, 'relates', {other!r}, by)")
    expect(amara.locator("#record")).to_contain_text("Is linked", timeout=SOON)
    renamed(folder, other, "Is linked and renamed")
    expect(amara.locator("#record")).to_contain_text("Is linked and renamed", timeout=SOON)
    task = f"{{'title': 'Look at the cable', 'parent': {one!r}}}"
    done(folder, f"commands.create(shelf.type('task'), {task}, by)")
    expect(amara.locator("#record")).to_contain_text("Look at the cable", timeout=SOON)
    done(
        folder,
        "from mainstay.directory.models import User\n"
        "me = User.objects.get(username='team-lead').number\n"
        f"commands.change(shelf.type('incident'), {one!r}, {{'requester': me}}, by)",
    )
    portal.goto(f"{amara.url.partition('/incidents')[0]}/portal/requests/{one}/")
    has_heard(portal)
    portal.bring_to_front()
    amara.bring_to_front()
    renamed(folder, one, "Told on the desk as well")
    expect(amara.locator("#record h1")).to_have_text("Told on the desk as well", timeout=SOON)


def test_a_word_left_in_a_menu_that_is_closed_keeps_nothing_away(
    pair: tuple[Page, Page], folder: Path
) -> None:
    """Neither news nor the end of a right to the record; the word stays in its field."""
    priya, amara = pair
    number = made(priya, "With a word left behind")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    amara.get_by_role("button", name="Add a task").click()
    word = amara.get_by_label("What has to be done?")
    word.fill("half a task")
    amara.keyboard.press("Escape")
    note(priya, "It was the switch")
    expect(amara.locator("#timeline")).to_contain_text("It was the switch", timeout=SOON)
    amara.get_by_role("button", name="Add a task").click()
    expect(word).to_have_value("half a task")
    amara.keyboard.press("Escape")
    walled(folder, number)
    expect(amara.locator("h1")).to_have_text("There is nothing here", timeout=SOON)


def test_what_one_was_writing_is_there_where_the_record_is_not_any_more(
    pair: tuple[Page, Page], folder: Path
) -> None:
    priya, amara = pair
    number = made(priya, "Moved away under the hands")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    amara.locator("[name=text]").press_sequentially("A note half")
    amara.get_by_text("Reply to").click()
    amara.keyboard.type("Dear Freya")
    walled(folder, number)
    expect(amara.locator("h1")).to_have_text("There is nothing here", timeout=SOON)
    texts = amara.get_by_label("What you typed")
    expect(texts).to_have_count(2)
    assert [each.input_value() for each in texts.all()] == ["A note half", "Dear Freya"]
    amara.reload()
    expect(texts).to_have_count(2)
    amara.goto("/incidents/INC-99999/")
    expect(amara.locator("h1")).to_have_text("There is nothing here")
    expect(texts).to_have_count(0)


def test_the_preview_beside_a_list_that_waits_goes_with_the_right_to_it(
    pair: tuple[Page, Page], folder: Path
) -> None:
    priya, amara = pair
    number, other = made(priya, "Looked at"), made(priya, "Chosen meanwhile")
    amara.goto(f"/incidents/?view=all&order=-created_at&peek={number}")
    has_heard(amara)
    amara.locator(f"#{other} .cb").check()
    renamed(folder, number, "Looked at, and renamed")
    expect(amara.locator("#peek h2")).to_have_text("Looked at, and renamed", timeout=SOON)
    walled(folder, number)
    expect(amara.locator("#peek > *")).to_have_count(0, timeout=SOON)
    expect(amara.locator(f"#{other} .cb")).to_be_checked()
    assert "peek" not in amara.url


def test_a_row_whose_right_is_lost_goes_from_a_list_that_waits(
    pair: tuple[Page, Page], folder: Path
) -> None:
    priya, amara = pair
    number, other = made(priya, "Not theirs for long"), made(priya, "Chosen all the while")
    amara.goto("/incidents/?view=all&order=-created_at")
    has_heard(amara)
    for one in (number, other):
        amara.locator(f"#{one} .cb").check()
    walled(folder, number)
    expect(amara.locator(f"#{number}")).to_have_count(0, timeout=SOON)
    expect(amara.locator(f"#{other} .cb")).to_be_checked()
    expect(amara.locator("[data-count]")).to_have_text("1")


def test_a_list_that_waits_shows_no_more_than_rights_that_became_fewer(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page], folder: Path
) -> None:
    """Nor does a page on which somebody types stay, where it is nothing for them any more."""
    list_, record, search = pages = [signed_in(browser, beside[0], "other") for _ in range(3)]
    number = made(pair[0], "What is typed waits, rights do not")
    list_.goto("/incidents/?view=all&order=-created_at")
    record.goto(f"/incidents/{number}/")
    search.goto(f"/search/?q={number}")
    for page in pages:
        has_heard(page)
    expect(search.locator("#main")).to_contain_text("rights do not")
    list_.locator(f"#{number} .cb").check()
    record.locator("[name=text]").fill("Half a sentence")
    record.locator("a[href$='/move/resolve/']").first.click()
    record.locator("#dialog [name=resolution]").fill("Half a solution")
    role = (
        "from mainstay.directory.models import User\n"
        "key = User.objects.get(username='other').number\n"
        "directory.{}(key, 'agent', by)"
    )
    try:
        done(folder, role.format("withdraw"))
        expect(list_.locator(f"#{number}")).to_have_count(0, timeout=SOON)
        expect(record.locator("ms-composer")).to_have_count(0, timeout=SOON)
        assert number not in list_.content()
        expect(search.get_by_text("rights do not")).to_have_count(0, timeout=SOON)
        texts = record.get_by_label("What you typed")
        expect(texts).to_have_count(2, timeout=SOON)
        written = [each.input_value() for each in texts.all()]
        assert written == ["Half a sentence", "Half a solution"]
    finally:
        done(folder, role.format("grant"))
        for page in pages:
            page.context.close()


@pytest.mark.parametrize(
    ("path", "is_known"), [("/", False), ("/search/", True), ("/incidents/", True)]
)
def test_what_is_theirs_no_more_is_named_nowhere(
    pair: tuple[Page, Page], folder: Path, path: str, *, is_known: bool
) -> None:
    """Not among what was opened lately, and not in the palette that lies over the page."""
    priya, amara = pair
    number = made(priya, "Quaggasecret of today")
    if is_known:
        walled(folder, made(priya, "Makes the team that is there before"))
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    amara.goto(path)
    has_heard(amara)
    if path != "/incidents/":
        expect(amara.locator("#lately")).to_contain_text(number)
    amara.keyboard.press("Control+k")
    amara.locator("#pal-lines").wait_for()
    amara.locator("#pal-q").fill(number)
    expect(amara.locator("#palette")).to_contain_text("Quaggasecret of today")
    if is_known:
        there = "team = Team.objects.filter(is_restricted=True).latest('id').number"
        change = f"commands.change(shelf.type('incident'), {number!r}, {{'team': team}}, by)"
        done(folder, f"from mainstay.directory.models import Team\n{there}\n{change}")
    else:
        walled(folder, number)
    expect(amara.get_by_text("Quaggasecret of today")).to_have_count(0, timeout=SOON)
    expect(amara.locator("#lately, #queue").get_by_text(number)).to_have_count(0)


def test_who_loses_the_desk_is_led_to_the_portal_as_a_whole(
    browser: Browser, beside: tuple[str, Telling], folder: Path
) -> None:
    """And is not shown a part of it within the page from before."""
    page = signed_in(browser, beside[0], "other")
    page.goto("/")
    has_heard(page)
    role = (
        "from mainstay.directory.models import User\n"
        "key = User.objects.get(username='other').number\n"
        "directory.{}(key, 'agent', by)"
    )
    try:
        done(folder, role.format("withdraw"))
        page.wait_for_url("**/portal/", timeout=SOON)
        expect(page.locator(".side")).to_have_count(0)
    finally:
        done(folder, role.format("grant"))
        page.context.close()


def test_a_list_waits_while_something_is_chosen(pair: tuple[Page, Page]) -> None:
    priya, amara = pair
    amara.goto("/incidents/")
    has_heard(amara)
    amara.locator("tbody .cb").first.check(force=True)
    number = made(priya, "Comes while rows are chosen")
    chip = amara.locator(".presence .chip")
    expect(chip).to_be_visible(timeout=SOON)
    expect(amara.locator(f"#{number}")).to_have_count(0)
    chip.focus()
    amara.keyboard.press("Enter")
    expect(amara.locator(f"#{number}")).to_be_visible(timeout=SOON)
    assert amara.evaluate("document.activeElement !== document.body")


def test_it_goes_on_without_the_process_and_after_it(
    pair: tuple[Page, Page], beside: tuple[str, Telling]
) -> None:
    priya, amara = pair
    number = made(priya, "The process ends meanwhile")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    beside[1].end()
    note(priya, "Said while nobody tells")
    expect(amara.locator("#timeline")).to_contain_text("Said while nobody tells", timeout=30_000)
    beside[1].begin()
    has_heard(amara)
    note(priya, "Said when it is back")
    expect(amara.locator("#timeline")).to_contain_text("Said when it is back", timeout=SOON)


def test_the_home_of_the_portal_follows(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page]
) -> None:
    priya, _amara = pair
    page = signed_in(browser, beside[0], "requester")
    page.goto("/portal/")
    has_heard(page)
    made(priya, "The lift stands still")
    expect(page.locator("#main .mine")).to_contain_text("The lift stands still", timeout=SOON)
    page.context.close()


def test_it_follows_while_a_sentence_is_typed_there(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page]
) -> None:
    """What goes wrong just now is told to who is about to report it; their sentence and the focus stay."""
    priya, _amara = pair
    page = signed_in(browser, beside[0], "requester")
    page.goto("/portal/")
    page.wait_for_load_state("networkidle")
    has_heard(page)
    box = page.locator("#say")
    box.click()
    page.keyboard.type("half a sen")
    made(priya, "The gate stands open")
    expect(page.locator("#main .mine")).to_contain_text("The gate stands open", timeout=SOON)
    expect(box).to_have_value("half a sen")
    expect(box).to_be_focused()
    page.keyboard.type("tence")
    expect(box).to_have_value("half a sentence")
    page.locator("h1").click()
    expect(box).not_to_be_focused()
    made(priya, "The gate is stuck")
    expect(page.locator("#main .mine")).to_contain_text("The gate is stuck", timeout=SOON)
    expect(box).to_have_value("half a sentence")
    page.context.close()


def test_a_record_that_is_there_no_more_leaves_the_page(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page]
) -> None:
    """As for whoever loses the right to it: their page looks again, and is told what a new one would be."""
    priya, amara = pair
    number = made(priya, "Reported twice by mistake")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    administrator = signed_in(browser, beside[0], "administrator")
    administrator.goto(f"/incidents/{number}/remove/")
    administrator.locator("main form button[class*=btn]").first.click()
    expect(amara.locator("main h1")).to_have_text("There is nothing here", timeout=SOON)
    expect(amara.locator("main")).not_to_contain_text("Reported twice")
    administrator.context.close()


def test_a_record_that_leaves_ones_sight_leaves_ones_pages(
    pair: tuple[Page, Page], folder: Path
) -> None:
    """Its page, the row in the list, and who else sees that one is there."""
    priya, amara = pair
    number = made(priya, "Belongs to few from now on")
    done(
        folder,
        """
team = commands.create(shelf.type("team"), {"title": "Few", "is_restricted": True}, by)
from mainstay.directory.models import User
directory.join(team.number, User.objects.get(username="agent").number, by)
""",
    )
    priya.goto(f"/incidents/{number}/")
    amara.goto(f"/incidents/{number}/")
    tab = amara.context.new_page()
    tab.goto("/incidents/?view=all")
    expect(tab.locator(f"#{number}")).to_be_visible()
    for page in (priya, amara, tab):
        has_heard(page)
    expect(priya.locator(".presence .said")).to_contain_text("Amara Okafor", timeout=SOON)
    expect(tab.locator(f"#{number} .eye")).to_contain_text("Priya Raman", timeout=SOON)
    done(
        folder,
        f"""
from mainstay.records.models import Record
few = Record.objects.get(type="team", title="Few").number
commands.change(shelf.type("incident"), {number!r}, {{"team": few}}, by)
""",
    )
    expect(amara.locator("main h1")).to_have_text("There is nothing here", timeout=SOON)
    expect(tab.locator(f"#{number}")).to_have_count(0, timeout=SOON)
    expect(priya.locator(".presence .said")).to_have_text("", timeout=SOON)


def test_a_tab_that_joins_misses_nothing(pair: tuple[Page, Page], folder: Path) -> None:
    """What happened between its drawing and its first word with the others in its browser."""
    priya, amara = pair
    number = made(priya, "Drawn before it was changed")
    amara.goto("/incidents/")
    has_heard(amara)
    held: list[Route] = []
    tab = amara.context.new_page()
    tab.route("**/app-*.js", lambda route: held.append(route))
    with tab.expect_request("**/app-*.js"):
        tab.goto(f"/incidents/{number}/", wait_until="commit")
    renamed(folder, number, "Changed while a script was fetched")
    expect(amara.locator(f"#{number}")).to_contain_text("Changed while", timeout=SOON)
    for route in held:
        route.continue_()
    expect(tab.locator("main")).to_contain_text("Changed while a script was fetched", timeout=SOON)


# Over plain http a browser has none: its tabs leave notes then.
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})"
LEADS = "(document.querySelector('ms-live').live?.source?.readyState ?? 2) < 2"
LOCKS = {"by locks": False, "by notes": True}


def leading(tabs: list[Page]) -> list[Page]:
    """Which of them hold a stream, as soon as one does."""
    for _ in range(100):
        if found := [tab for tab in tabs if tab.evaluate(LEADS)]:
            return found
        tabs[0].wait_for_timeout(100)
    raise AssertionError("none of the tabs leads")


def tabs_of(page: Page, *addresses: str) -> list[Page]:
    """In the browser of this page, which is closed; each of them follows."""
    site, context = page.url.partition("/incidents")[0], page.context
    tabs = [context.new_page() for _ in addresses]
    page.close()
    for tab, address in zip(tabs, addresses, strict=True):
        tab.goto(f"{site}{address}")
        has_heard(tab)
    return tabs


@pytest.mark.parametrize("how", LOCKS)
def test_tabs_share_one_stream(pair: tuple[Page, Page], folder: Path, how: str) -> None:
    """A browser has six connections to a site; where the tab that leads is closed, another one does."""
    priya, amara = pair
    numbers = [made(priya, f"Followed in tab {n}") for n in range(2)]
    amara.goto("/incidents/")
    asked: list[Page] = []
    amara.context.on(
        "request", lambda sent: asked.append(sent.frame.page) if "/live?" in sent.url else None
    )
    if LOCKS[how]:
        amara.context.add_init_script(NO_LOCKS)
    tabs = tabs_of(amara, "/incidents/", *(f"/incidents/{number}/" for number in numbers))
    for title in ("Told to all of them", "Told by the next"):
        for number in numbers:
            renamed(folder, number, title)
        for tab in tabs:
            expect(tab.locator("main")).to_contain_text(title, timeout=SOON)
        [leader] = leading(tabs)
        assert {page for page in asked if page in tabs} == {leader}
        tabs.remove(leader)
        leader.close()
        leading(tabs)


def test_tabs_without_locks_notice_who_is_gone_without_a_word(
    pair: tuple[Page, Page], folder: Path
) -> None:
    """A browser that was killed leaves the note of whoever led; a tab that slept finds its own to be old."""
    priya, amara = pair
    number = made(priya, "Followed after a crash")
    amara.context.add_init_script(NO_LOCKS)
    amara.goto("/incidents/")
    tabs = tabs_of(amara, "/incidents/", f"/incidents/{number}/")
    assert leading(tabs) == tabs[:1]
    # Its leader may write over that at the same moment: then nobody took it.
    taken = "localStorage[document.querySelector('ms-live').live.tabs.lease] = `${Date.now()} gone`"
    until(tabs[0], f"!({LEADS})", lambda: tabs[1].evaluate(taken))
    assert len(leading(tabs)) == 1
    with tabs[1].expect_request(f"**/incidents/{number}/"):
        tabs[1].evaluate(
            "localStorage.removeItem(document.querySelector('ms-live').live.tabs.note)"
        )
    renamed(folder, number, "Told by who was left")
    for tab in tabs:
        expect(tab.locator("main")).to_contain_text("Told by who was left", timeout=SOON)
    assert len(leading(tabs)) == 1


@pytest.mark.parametrize("how", ["refused", "lost"])
def test_a_look_that_fails_is_taken_again(pair: tuple[Page, Page], folder: Path, how: str) -> None:
    priya, amara = pair
    number = made(priya, "Looked at in vain once")
    amara.goto(f"/incidents/{number}/")
    has_heard(amara)
    failed = []

    def fail(route: Route) -> None:
        failed.append(how)
        route.abort() if how == "lost" else route.fulfill(status=503, body="")

    amara.route("**/incidents/INC-*/", fail, times=1)
    renamed(folder, number, "Seen at the second look")
    expect(amara.locator("main")).to_contain_text("Seen at the second look", timeout=SOON)
    assert failed == [how]


def test_the_inbox_of_the_portal_follows(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page], folder: Path
) -> None:
    priya, _amara = pair
    number = made(priya, "When may you come by?")
    page = signed_in(browser, beside[0], "requester")
    page.goto("/portal/inbox/")
    has_heard(page)
    done(
        folder,
        f"""
from mainstay.capabilities.conversation.commands import say
from mainstay.directory import actors
from mainstay.directory.models import User
from mainstay.records import delivery
from mainstay.records.types import Message
priya = By(actors.for_person(User.objects.get(username="agent").id), "test")
say(shelf.type("incident"), {number!r}, Message("all", "Tomorrow at nine"), priya)
delivery.drain()
""",
    )
    expect(page.locator("main")).to_contain_text("When may you come by?", timeout=SOON)
    page.context.close()


def test_an_answer_that_is_half_typed_keeps_nothing_away(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page]
) -> None:
    priya, _amara = pair
    number = made(priya, "Answered while one types")
    page = signed_in(browser, beside[0], "requester")
    page.goto(f"/portal/requests/{number}/")
    has_heard(page)
    box = page.get_by_label("Say more")
    box.press_sequentially("half typed")
    priya.get_by_text("Reply to").click()
    priya.locator("[name=text]").fill("Tomorrow at nine")
    priya.locator("[data-send]").click()
    expect(page.locator(".talk")).to_contain_text("Tomorrow at nine", timeout=SOON)
    expect(box).to_have_value("half typed")
    expect(box).to_be_focused()
    page.keyboard.type(", and more")
    expect(box).to_have_value("half typed, and more")
    page.context.close()


def test_what_one_was_about_to_say_is_the_answer_where_it_is_solved_meanwhile(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page], folder: Path
) -> None:
    """Not under the hands of who types."""
    priya, _amara = pair
    number = made(priya, "Solved while one types")
    page = signed_in(browser, beside[0], "requester")
    page.goto(f"/portal/requests/{number}/")
    has_heard(page)
    box = page.get_by_label("Say more")
    box.press_sequentially("still no network")
    solved = {"close_code": "solution_provided", "resolution": "Cable replaced"}
    with page.expect_response(lambda answer: number in answer.url and answer.status == 200):
        done(
            folder, f"commands.move(shelf.type('incident'), {number!r}, 'resolve', {solved!r}, by)"
        )
    expect(box).to_have_value("still no network")
    expect(box).to_be_focused()
    box.blur()
    answer = page.get_by_label("No: what still goes wrong?")
    expect(answer).to_have_value("still no network", timeout=SOON)
    page.reload()
    expect(answer).to_have_value("still no network")
    page.get_by_role("button", name="It does not work yet").click()
    expect(page.locator(".talk")).to_contain_text("still no network")
    expect(page.get_by_label("Say more")).to_have_value("")
    page.context.close()


def test_a_reload_takes_along_what_one_was_about_to_say(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page], folder: Path
) -> None:
    """To where it belongs by then, and to nowhere else."""
    priya, _amara = pair
    number = made(priya, "Solved under the hands of who types")
    page = signed_in(browser, beside[0], "requester")
    page.goto(f"/portal/requests/{number}/")
    has_heard(page)
    page.get_by_label("Say more").press_sequentially("no light at all")
    solved = {"close_code": "solution_provided", "resolution": "Cable replaced"}
    with page.expect_response(lambda answer: number in answer.url and answer.status == 200):
        done(
            folder, f"commands.move(shelf.type('incident'), {number!r}, 'resolve', {solved!r}, by)"
        )
    page.reload()
    expect(page.get_by_label("No: what still goes wrong?")).to_have_value("no light at all")
    page.get_by_role("button", name="It does not work yet").click()
    expect(page.locator(".talk")).to_contain_text("no light at all")
    page.reload()
    expect(page.get_by_label("Say more")).to_have_value("")
    page.context.close()


def asked_whether_it_works(
    browser: Browser, address: str, priya: Page, folder: Path
) -> tuple[Page, str]:
    """A solved request in the portal, and how a step of it begins."""
    number = made(priya, "Solved, if they agree")
    solved = {"close_code": "solution_provided", "resolution": "Cable replaced"}
    move = f"commands.move(shelf.type('incident'), {number!r}, "
    done(folder, f"{move}'resolve', {solved!r}, by)")
    page = signed_in(browser, address, "requester")
    page.goto(f"/portal/requests/{number}/")
    has_heard(page)
    return page, move


@pytest.mark.parametrize(("over", "stays"), [(False, False), (True, True)])
def test_what_one_was_about_to_object_is_not_lost_where_that_is_past(
    browser: Browser,
    beside: tuple[str, Telling],
    pair: tuple[Page, Page],
    folder: Path,
    *,
    over: bool,
    stays: bool,
) -> None:
    """Closed elsewhere, or reopened there: who is still in it is told of it, and shown it when they like."""
    page, move = asked_whether_it_works(browser, beside[0], pair[0], folder)
    box = page.get_by_label("No: what still goes wrong?")
    box.press_sequentially("no light at all")
    said = "from mainstay.records.types import Message\n"
    reopen = f"{said}{move}'reopen', {{}}, by, message=Message('all', 'Not yet'))"
    done(folder, f"{move}'close', {{}}, by)" if over else reopen)
    if stays:
        chip = page.locator(".presence .chip")
        expect(chip).to_be_visible(timeout=SOON)
        expect(page.locator(".presence [aria-live]")).to_have_text("Show what changed (1)")
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.get_by_role("button", name="Account of")).to_be_in_viewport(ratio=1)
        chip.press("Enter")
    else:
        expect(box).to_be_focused()
        box.blur()
    text = page.get_by_label("What you typed was not sent" if over else "Say more")
    expect(text).to_have_value("no light at all", timeout=SOON)
    page.reload()
    expect(text).to_have_value("no light at all")
    if over:
        page.get_by_role("button", name="Discard").press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.reload()
        expect(page.get_by_text("What was said")).to_be_visible()
        expect(text).to_have_count(0)
    page.context.close()


def test_what_is_under_way_is_taken_along_nowhere(
    browser: Browser, beside: tuple[str, Telling], pair: tuple[Page, Page], folder: Path
) -> None:
    """What it did may be told before its answer is there."""
    page, move = asked_whether_it_works(browser, beside[0], pair[0], folder)
    page.get_by_label("No: what still goes wrong?").press_sequentially("no light at all")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="It does not work yet").click()
    said = "from mainstay.records.types import Message\n"
    told = "message=Message('all', 'no light at all')"
    done(folder, f"{said}{move}'reopen', {{}}, by, {told})")
    answer = page.get_by_label("Say more")
    expect(answer).to_be_visible(timeout=SOON)
    expect(answer).to_have_value("")
    page.context.close()


def test_what_the_bell_counts_is_counted_beside_it(pair: tuple[Page, Page], folder: Path) -> None:
    priya, _amara = pair
    # What earlier tests left to be told comes before.
    done(folder, "from mainstay.records import delivery; delivery.drain()")
    priya.goto("/")
    has_heard(priya)
    badge, pip = priya.locator("a.bell .badge.num"), priya.locator(".side .pip")
    before = int(badge.inner_text()) if badge.count() else 0
    done(
        folder,
        """
from mainstay.directory.models import User
from mainstay.records import delivery
priya = User.objects.get(username="agent").number
commands.create(shelf.type("incident"), {"title": "Yours now", "requester": priya, "assignee": priya}, by)
delivery.drain()
""",
    )
    expect(badge).to_have_text(str(before + 1), timeout=SOON)
    expect(pip).to_have_text(str(before + 1))


def test_work_that_has_ended_is_told_where_its_person_is(
    pair: tuple[Page, Page], folder: Path
) -> None:
    """With the way to it and the way back, which one may press there; once."""
    priya, amara = pair
    number = made(priya, "To be worn out")
    for page in pair:
        page.goto("/problems/")
        has_heard(page)
    done(
        folder,
        f"""
from mainstay.directory import actors, bulk_job
from mainstay.directory.models import User
from mainstay.records import bulk, jobs
person = By(actors.for_person(User.objects.get(username="agent").pk), bulk.DOOR)
bulk_job.start(shelf.type("incident"), [{number!r}], "Set Category", {{"category": "Worn"}}, person)
while jobs.work_one():
    pass
""",
    )
    toast = priya.locator("#toasts .toast", has_text="Set Category: Worked through it.")
    expect(toast).to_be_visible(timeout=SOON)
    expect(toast.get_by_role("link", name="Set Category")).to_have_attribute(
        "href", re.compile("^/jobs/[0-9a-f-]{36}/$")
    )
    toast.get_by_role("button", name="Undo").click()
    expect(priya.locator("#toasts")).to_contain_text("1 taken back")
    expect(toast).to_have_count(0)
    assert priya.url.endswith("/problems/")
    for page in pair:
        page.reload()
        expect(page.locator("#toasts .toast")).to_have_count(0)
    expect(amara.locator("#toasts .toast")).to_have_count(0)


def test_a_bell_that_shows_what_there_is_is_not_sent_again(pair: tuple[Page, Page]) -> None:
    page = pair[0]
    page.goto("/")
    has_heard(page)
    asked: list[int] = []
    while 304 not in asked and len(asked) < 5:  # the page asks of itself now and then
        with page.expect_response("**/inbox/bell/") as answer:
            page.evaluate("document.querySelector('ms-live').live.ring()")
        answer.value.finished()
        asked.append(answer.value.status)
    assert asked[-1] == 304
