"""What is typed into a form outside the composer survives a reload, and nobody but who typed it gets it back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_portal_app import TYPED
from tests.browser.test_record import made
from tests.browser.waiting import session_ends
from tests.browser.world import PASSWORD

AGAIN = "What you had typed is here again."
KEPT = "({ ...localStorage, ...sessionStorage })"
PHONE = {"width": 320, "height": 640}


def calm(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")


def test_a_new_record_survives_a_reload_and_goes_when_it_is_made(sign_in: SignIn) -> None:
    page = sign_in("agent")
    calm(page, "/incidents/new/")
    page.get_by_label("Title").fill("Typed once")
    page.get_by_label("Impact").select_option(index=1)
    chosen = page.get_by_label("Impact").input_value()
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Typed once")
    expect(page.get_by_label("Impact")).to_have_value(chosen)
    # A form that is sent back with something to mend is the same form: it is kept on.
    page.get_by_label("Service", exact=False).first.fill("no such service at all")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert")).to_be_visible()
    calm(page, "/incidents/new/")
    expect(page.get_by_label("Title")).to_have_value("Typed once")
    expect(page.get_by_text(AGAIN)).to_be_visible()
    page.get_by_label("Service", exact=False).first.fill("")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/incidents/INC-*/")
    calm(page, "/incidents/new/")
    expect(page.get_by_label("Title")).to_have_value("")
    assert page.evaluate(TYPED) == 0


def test_what_was_typed_for_many_is_there_again_for_the_same_ones(sign_in: SignIn) -> None:
    page = sign_in("agent")
    numbers = [made(page, f"One of many {n}") for n in range(2)]

    def asks(*chosen: str) -> None:
        calm(page, "/incidents/?order=-created_at")
        for number in chosen:
            page.locator(f"#{number} .cb").check()
        page.locator("[popovertarget=bulk-moves]").click()
        page.locator("#bulk-moves").get_by_role("button", name="Resolve").click()

    said = page.locator("#dialog [name=resolution]")
    asks(*numbers)
    said.fill("Restarted all of them")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    asks(numbers[0])
    expect(said).to_have_value("")
    asks(*numbers)
    expect(said).to_have_value("Restarted all of them")
    expect(page.locator("#dialog").get_by_text(AGAIN)).to_be_visible()


def test_enter_sends_no_form_of_many_boxes(sign_in: SignIn) -> None:
    """In a box for a name it takes what is offered, and one press too many would send what is half filled."""
    page = sign_in("agent")
    calm(page, "/incidents/new/")
    page.get_by_label("Title").fill("Half of a title")
    page.get_by_label("Title").press("Enter")
    page.get_by_label("Service", exact=False).first.press("Enter")
    expect(page).to_have_url(re.compile(r"/incidents/new/$"))
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/INC-*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Half of a title")


def test_an_answer_in_the_portal_on_a_narrow_phone_by_keyboard(sign_in: SignIn) -> None:
    page = sign_in("requester", viewport=PHONE)
    calm(page, "/portal/requests/INC-2/")
    box = page.locator("#answer textarea").first
    box.focus()
    page.keyboard.type("Half an answer")
    page.reload()
    expect(box).to_have_value("Half an answer")
    note = page.get_by_text(AGAIN)
    expect(note).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Discard").focus()
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(note).to_have_count(0)
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(box).to_have_value("")


def test_cancelling_and_signing_out_leave_nothing(sign_in: SignIn) -> None:
    page = sign_in("agent")
    calm(page, "/incidents/new/")
    page.get_by_label("Title").fill("Wanted no more")
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url("**/incidents/**")
    assert page.evaluate(TYPED) == 0
    calm(page, "/incidents/new/")
    page.get_by_label("Title").fill("Nobody's business")
    assert page.evaluate(TYPED) == 1
    page.locator("button.me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate(TYPED) == 0


def test_another_person_in_the_same_browser_finds_nothing(sign_in: SignIn) -> None:
    """Neither forms nor texts on records, nor which list one came from, nor what was opened lately."""
    page = sign_in("agent")
    number = made(page, "Seen by the agent")
    calm(page, "/incidents/?view=all")
    page.goto(f"/incidents/{number}/")
    page.locator("ms-composer.alive").wait_for()
    page.route("**/draft/", lambda route: route.fulfill(status=503))
    page.locator("ms-composer textarea").fill("Internal, and not sent")
    calm(page, "/incidents/new/")
    page.get_by_label("Title").fill("Of the agent")
    mine = page.evaluate("document.body.dataset.person")
    found = page.evaluate(KEPT)
    assert {key.split(":")[0] for key in found} == {"kept", "draft", "list", "recent"}
    assert all(mine in key + text for key, text in found.items())
    session_ends(page)
    page.goto("/sign-in")
    page.get_by_label("Login").fill("other")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    calm(page, "/incidents/new/")
    expect(page.get_by_label("Title")).to_have_value("")
    expect(page.get_by_text(AGAIN)).to_have_count(0)
    page.goto(f"/incidents/{number}/")
    page.locator("ms-composer.alive").wait_for()
    expect(page.locator("ms-composer textarea")).to_have_value("")
    expect(page.locator("ms-neighbours")).to_be_hidden()
    left = page.evaluate(KEPT)
    assert [key for key, text in left.items() if mine in key + text] == []
    assert "not sent" not in str(left) and "Of the agent" not in str(left)


def test_what_somebody_else_changed_meanwhile_is_not_written_over(sign_in: SignIn) -> None:
    page, other = sign_in("agent"), sign_in("team-lead")
    calm(page, "/incidents/new/")
    page.get_by_label("Title").fill("Of two")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/incidents/INC-*/")
    edit = f"{page.url.split('?')[0]}edit/"
    calm(page, edit)
    page.get_by_label("Title").fill("Mine")
    page.get_by_label("Description").fill("My words")
    other.goto(edit)
    other.get_by_label("Title").fill("Theirs")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(lambda url: not url.endswith("/edit/"))
    page.reload()
    expect(page.get_by_label("Description")).to_have_value("My words")
    expect(page.get_by_label("Title")).to_have_value("Theirs")


def test_what_a_move_asks_is_kept_too(sign_in: SignIn) -> None:
    page = sign_in("agent")
    number = made(page, "Resolved twice")
    for text in ("Half a solution", ""):
        calm(page, f"/incidents/{number}/")
        page.get_by_role("link", name="Resolve").click()
        asked = page.get_by_role("dialog").get_by_label("Resolution")
        if text:
            asked.fill(text)
            continue
        expect(asked).to_have_value("Half a solution")
        expect(page.get_by_role("dialog").get_by_text(AGAIN)).to_be_visible()
    page.get_by_role("dialog").get_by_label("Close code").select_option(label="Solution provided")
    page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    expect(page.locator(".steps [aria-current]")).to_have_text("Resolved")
    assert page.evaluate(TYPED) == 0


SENTENCE = "Say in one sentence what is going wrong"
REPORT = "Report it"
ANOTHER = "You had begun another one: “Printer eats paper”."


def texts(page: Page) -> tuple[str, str]:
    return (
        page.locator("[name=title]").input_value(),
        page.locator("[name=body]").input_value(),
    )


def test_the_sentence_on_the_home_page_is_there_again(sign_in: SignIn) -> None:
    page = sign_in("requester", viewport={"width": 390, "height": 844})
    calm(page, "/portal/")
    box = page.get_by_label(SENTENCE)
    box.fill("Printer eats paper")
    page.reload()
    expect(box).to_have_value("Printer eats paper")
    page.get_by_role("button", name=REPORT).click()
    page.wait_for_url("**/portal/ask/?title=*")
    page.wait_for_load_state("networkidle")
    page.goto("/portal/")
    page.wait_for_load_state("networkidle")
    expect(box).to_have_value("")


def test_what_was_begun_with_a_sentence_is_there_without_it_in_the_address(sign_in: SignIn) -> None:
    page = sign_in("requester", viewport={"width": 390, "height": 844})
    calm(page, "/portal/ask/?title=Printer+eats+paper")
    calm(page, "/portal/ask/")
    expect(page.locator("[name=title]")).to_have_value("Printer eats paper")
    expect(page.get_by_text(AGAIN)).to_be_visible()
    calm(page, "/portal/ask/?title=Printer+eats+paper")
    expect(page.locator("form.form .kept")).to_have_count(0)
    page.locator("[name=body]").fill("It has eaten 3 pages")
    calm(page, "/portal/ask/")
    expect(page.get_by_text(AGAIN)).to_be_visible()
    assert texts(page) == ("Printer eats paper", "It has eaten 3 pages")
    # Changed where the address says otherwise, it stays changed.
    calm(page, "/portal/ask/?title=Printer+eats+paper")
    page.locator("[name=title]").fill("The printer eats paper")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert texts(page) == ("The printer eats paper", "It has eaten 3 pages")
    page.locator("form.form").get_by_role("button", name="Discard").click()
    assert texts(page) == ("Printer eats paper", "")


def test_two_matters_are_never_mixed(sign_in: SignIn) -> None:
    page = sign_in("requester", viewport={"width": 320, "height": 844})
    calm(page, "/portal/ask/?title=Printer+eats+paper")
    page.locator("[name=body]").fill("It has eaten 3 pages")
    calm(page, "/portal/")
    page.get_by_label(SENTENCE).fill("Wifi is down in Oslo")
    page.get_by_role("button", name=REPORT).click()
    page.wait_for_url("**/portal/ask/?title=*")
    expect(page.get_by_text(ANOTHER)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert texts(page) == ("Wifi is down in Oslo", "")
    page.locator("[name=body]").fill("Since nine")
    # One and the other, as often as one likes, also by the way back.
    page.get_by_role("button", name="Go on with that one").click()
    page.wait_for_url(re.compile(r"/portal/ask/[\w-]+/$"))
    expect(page.get_by_text(AGAIN)).to_be_visible()
    assert texts(page) == ("Printer eats paper", "It has eaten 3 pages")
    calm(page, "/portal/ask/?title=Wifi+is+down+in+Oslo")
    expect(page.get_by_text(ANOTHER)).to_be_visible()
    assert texts(page) == ("Wifi is down in Oslo", "Since nine")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/portal/requests/INC-*/")
    calm(page, "/portal/ask/")
    expect(page.get_by_text(AGAIN)).to_be_visible()
    assert texts(page) == ("Printer eats paper", "It has eaten 3 pages")
    calm(page, "/portal/ask/?title=A+third+one")
    page.locator("form.form .other").get_by_role("button", name="Discard").click()
    expect(page.locator("form.form .other")).to_have_count(0)
    expect(page.locator("[name=title]")).to_be_focused()
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url("**/portal/")
    assert page.evaluate(TYPED) == 0
