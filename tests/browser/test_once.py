"""What changes something is sent once, however often it is pressed while it is on its way."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignIn
from tests.browser.test_record import made
from tests.browser.waiting import until


def slow(page: Page, address: str) -> list[Route]:
    """Whatever is sent there waits until it is let go."""
    held: list[Route] = []
    page.route(
        address,
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    return held


def sent(page: Page, held: list[Route]) -> int:
    """How many there are, once all that was pressed has had its time to go."""
    page.wait_for_timeout(200)
    return len(held)


def on_its_way(page: Page, held: list[Route], press: Callable[[], None]) -> None:
    """Pressed three times; one goes, its button says so, and the focus stays where it was."""
    for _time in range(3):
        press()
    assert sent(page, held) == 1
    expect(page.locator("button[aria-busy=true]")).to_have_count(1)
    assert page.evaluate("document.activeElement !== document.body")


# Nothing can be asked of a page whose next one is on its way: what is to be known is told with the press itself.
PRESSED = """(button) => {
  button.focus();
  button.click();
  return [button.ariaBusy, document.activeElement === button];
}"""


def once(page: Page, held: list[Route], button: Locator) -> None:
    """The same where another page comes."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    assert button.evaluate(PRESSED) == ["true", True]
    for _time in range(2):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert sent(page, held) == 1


def test_a_reply_is_sent_once_by_mouse_and_by_keyboard(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Sent in a hurry")
    page.locator("ms-composer.alive").wait_for()
    page.locator("[name=audience][value=all]").check(force=True)
    text = page.locator("ms-composer textarea")
    text.fill("Said once")
    held = slow(page, "**/talk/")
    button = page.get_by_role("button", name="Send reply")
    on_its_way(page, held, button.click)
    held.pop().continue_()
    expect(page.locator(".msg.public")).to_have_text([re.compile("Said once")])
    expect(page.locator("[aria-busy]")).to_have_count(0)
    text.fill("And a note, once")
    on_its_way(page, held, lambda: text.press("Control+Enter"))
    expect(text).to_be_focused()
    held.pop().continue_()
    expect(page.locator(".msg.internal")).to_have_count(1)


def test_what_failed_may_be_sent_again(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Sent into the void")
    text = page.locator("ms-composer textarea")
    text.fill("At the second time")
    held = slow(page, "**/talk/")
    on_its_way(page, held, lambda: text.press("Control+Enter"))
    held.pop().fulfill(status=503)
    expect(page.locator("[aria-busy]")).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("could not be reached")
    expect(text).to_have_value("At the second time")
    text.press("Control+Enter")
    until(page, "document.querySelector('ms-composer [aria-busy]')")
    held.pop().continue_()
    expect(page.locator(".msg.internal")).to_have_count(1)


def test_a_task_is_added_once(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-5/")
    page.get_by_role("button", name="Add a task").click()
    field = page.get_by_label("What has to be done?")
    field.fill("Once is enough")
    held = slow(page, "**/tasks/**")
    on_its_way(page, held, lambda: field.press("Enter"))
    held.pop().continue_()
    expect(page.locator("#tasks .todo a", has_text="Once is enough")).to_have_count(1)


def test_the_portals_forms_are_sent_once_without_htmx(sign_in: SignIn) -> None:
    page = sign_in("requester", service_workers="block")
    page.goto("/portal/ask/broken/")
    page.get_by_label("What is going wrong?").fill("Pressed twice")
    held = slow(page, "**/portal/ask/**")
    send = page.get_by_role("button", name="Send")
    once(page, held, send)
    held.pop().continue_()
    page.wait_for_url("**/portal/requests/INC-*/")

    held = slow(page, "**/answer/")
    page.locator("#answer textarea").first.fill("Answered once")
    send = page.locator("#answer").get_by_role("button", name="Send")
    once(page, held, send)
    held.pop().continue_()
    expect(page.locator(".talk")).to_contain_text("Answered once")


def test_a_page_that_comes_back_sends_again(sign_in: SignIn) -> None:
    page = sign_in("requester", service_workers="block")
    page.goto("/portal/requests/INC-2/")
    page.locator("#answer textarea").first.fill("Sent and come back")
    back = """(button) => {
      button.click();
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      return button.ariaBusy;
    }"""
    held = slow(page, "**/answer/")
    send = page.locator("#answer").get_by_role("button", name="Send")
    assert send.evaluate(back) is None
    assert sent(page, held) == 1
    held.pop().continue_()
    expect(page.locator(".talk")).to_contain_text("Sent and come back")


def test_what_only_asks_for_another_page_goes_as_often_as_one_asks(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    box = page.locator("#filter")
    for words in ("vpn", "wifi"):
        box.fill(words)
        box.press("Enter")
    expect(page).to_have_url(re.compile("wifi"))
    assert any("wifi" in address for address in asked)
    expect(page.locator("[aria-busy]")).to_have_count(0)
