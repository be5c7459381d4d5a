"""The portal can be installed, and says so when there is no connection."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.waiting import until

KEPT = """() => caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)
    .then((cache) => cache.keys()).then((all) => all.map(({ url }) => url.slice(location.origin.length))))))
    .then((lists) => lists.flat())"""

OFFLINE = "/portal/offline/?language=en-gb"
AS_A_STRANGER = (
    f"fetch('{OFFLINE}', {{credentials: 'omit', cache: 'reload'}}).then((answer) => answer.text())"
)
TYPED = "Object.keys(sessionStorage).filter((name) => /^(kept:|sent$)/.test(name)).length"


def test_without_a_connection_the_portal_says_so_and_keeps_nobodys_page(sign_in: SignIn) -> None:
    page = sign_in("requester")
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/portal/requests/")
    kept = page.evaluate(KEPT)
    assert OFFLINE in kept
    assert [path for path in kept if not path.startswith(("/static/", "/portal/offline/"))] == []
    text = page.evaluate("caches.match('" + OFFLINE + "').then((answer) => answer.text())")
    assert text == page.evaluate(AS_A_STRANGER)
    page.context.set_offline(True)
    page.goto("/portal/requests/INC-2/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="VPN disconnects")).to_be_visible()


def test_who_signed_out_is_told_as_well_that_there_is_no_connection(sign_in: SignIn) -> None:
    page = sign_in("requester")
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in?next=/portal/")
    until(
        page, "navigator.serviceWorker.getRegistration('/portal/').then((found) => !!found?.active)"
    )
    page.context.set_offline(True)
    page.goto("/portal/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()


def test_a_browser_finds_nothing_that_keeps_it_from_being_installed(sign_in: SignIn) -> None:
    page = sign_in("requester")
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    asked = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    found = {error["errorId"] for error in asked["installabilityErrors"]}
    # A window of an automated browser is never installed from; the rest is ours.
    assert found - {"in-incognito"} == set()


def ready(page: Page, url: str) -> None:
    """Opens it with the service worker at hand, and what keeps the text awake."""
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(url)
    page.wait_for_load_state("networkidle")


def test_what_could_not_be_sent_is_there_again_with_the_connection(sign_in: SignIn) -> None:
    page = sign_in("requester")
    ready(page, "/portal/ask/")
    title, body = page.get_by_label("What is going wrong?"), page.get_by_label("Tell us more")
    title.fill("Offline in the train")
    body.fill("Since the tunnel.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.go_back()
    page.context.set_offline(False)
    again = page.get_by_role("link", name="Try again")
    if again.count():
        again.click()
    expect(title).to_have_value("Offline in the train")
    expect(body).to_have_value("Since the tunnel.")

    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.context.set_offline(False)
    again.click()
    expect(title).to_have_value("Offline in the train")
    expect(body).to_have_value("Since the tunnel.")
    expect(page.get_by_text("What you had typed is here again.")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/portal/requests/INC-*/")
    expect(page.get_by_role("heading", name="Offline in the train")).to_be_visible()
    expect(page.get_by_text("What you had typed")).to_have_count(0)
    page.goto("/portal/ask/")
    page.wait_for_load_state("networkidle")
    expect(title).to_have_value("")
    assert page.evaluate(TYPED) == 0


def test_an_answer_that_could_not_be_sent_is_on_its_page_again(sign_in: SignIn) -> None:
    page = sign_in("requester")
    ready(page, "/portal/requests/INC-2/")
    box = page.locator("#answer textarea").first
    box.fill("It is the blue one.")
    page.context.set_offline(True)
    page.locator("#answer").get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    page.wait_for_url("**/portal/requests/INC-2/**")
    expect(box).to_have_value("It is the blue one.")
    page.locator("#answer").get_by_role("button", name="Send").click()
    expect(page.locator(".talk")).to_contain_text("It is the blue one.")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#answer textarea").first).to_have_value("")
    assert page.evaluate(TYPED) == 0


def test_me_too_is_said_in_place_and_loses_nothing_that_is_typed(sign_in: SignIn) -> None:
    page = sign_in("requester")
    page.goto("/portal/")
    page.locator("#say").fill("The till beeps")
    page.evaluate("window.sameness = 1")
    for before, after in (("Me too", "Not me any more"), ("Not me any more", "Me too")):
        button = page.get_by_role("button", name=before)
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=after)).to_be_focused()
        expect(page.locator("#say")).to_have_value("The till beeps")
    expect(page.locator(".toast").last).to_contain_text("Taken back.")
    assert page.evaluate("window.sameness") == 1, "the page was not loaded anew"
