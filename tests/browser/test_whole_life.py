"""An incident from the person who reports it to the person who confirms that it works again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn


def report(page: Page, sentence: str) -> str:
    """Reports something in the portal and gives the number it got."""
    page.goto("/portal/")
    page.get_by_label("Say in one sentence what is going wrong").fill(sentence)
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_label("What is going wrong?")).to_have_value(sentence)
    page.get_by_label("Tell us more").fill("Since this morning, on **every** network.")
    page.get_by_label("What is it about?").select_option(label="Network & VPN")
    page.get_by_label("A picture or a file that shows it").set_input_files(
        {"name": "log.txt", "mimeType": "text/plain", "buffer": b"disconnected"}
    )
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/portal/requests/INC-\d+/$"))
    return page.url.rstrip("/").rpartition("/")[2]


def test_an_incident_lives_from_the_portal_to_its_confirmation(sign_in: SignIn) -> None:
    caller = sign_in("requester", java_script_enabled=False)
    number = report(caller, "VPN drops every 20 minutes")
    expect(caller.get_by_text("Received")).to_be_visible()
    expect(caller.get_by_text("log.txt")).to_be_visible()

    agent = sign_in("agent")
    agent.goto(f"/r/{number.lower().replace('-', '')}")
    agent.wait_for_url(f"**/incidents/{number}/")
    agent.get_by_role("link", name="Start work").click()
    agent.locator("#dialog").get_by_label("Assignee").fill("Priya Raman")
    agent.locator("#dialog").get_by_role("button", name="Start work").click()
    expect(agent.locator("#dialog")).to_be_hidden()
    expect(agent.locator(".steps [aria-current]")).to_have_text("In progress")

    # Holding for the caller without a question is refused, with what was chosen still there.
    agent.get_by_role("link", name="Put on hold").click()
    dialog = agent.locator("#dialog")
    dialog.get_by_label("Waiting for").select_option(label="The caller")
    dialog.get_by_role("button", name="Put on hold").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ask the caller")
    expect(dialog.get_by_label("Waiting for")).to_have_value("caller")
    dialog.get_by_label("Message everybody").fill("Does it also happen on a cable?")
    dialog.get_by_role("button", name="Put on hold").click()
    expect(agent.locator(".waits")).to_contain_text("The caller")

    caller.goto("/portal/")
    expect(caller.get_by_text("Needs your answer").first).to_be_visible()
    caller.goto(f"/portal/requests/{number}/")
    expect(caller.get_by_text("Does it also happen on a cable?").first).to_be_visible()
    caller.get_by_label("Your answer").fill("No, only on wireless.")
    caller.get_by_role("button", name="Send").click()
    expect(caller.locator("main .tag").first).to_have_text("Working on it")

    agent.reload()
    expect(agent.locator(".steps [aria-current]")).to_have_text("In progress")
    expect(agent.get_by_text("No, only on wireless.")).to_be_visible()
    agent.get_by_role("link", name="Resolve").click()
    dialog.get_by_label("Close code").select_option(label="Solution provided")
    dialog.get_by_label("Resolution").fill("A new driver was installed.")
    dialog.get_by_role("button", name="Resolve").click()
    expect(agent.locator(".steps [aria-current]")).to_have_text("Resolved")

    caller.goto(f"/portal/requests/{number}/")
    expect(caller.get_by_text("A new driver was installed.")).to_be_visible()
    caller.get_by_role("button", name="Yes, it works").click()
    expect(caller.locator("main .tag").first).to_have_text("Done")


def test_a_caller_can_say_that_it_does_not_work(sign_in: SignIn) -> None:
    caller = sign_in("requester", java_script_enabled=False)
    caller.goto("/portal/requests/INC-7/")
    caller.get_by_role("button", name="It does not work yet").click()
    expect(caller.get_by_role("alert")).to_have_text("Say in a few words what does not work.")
    caller.get_by_label("No: what still goes wrong?").fill("It froze again at 14:10.")
    caller.get_by_role("button", name="It does not work yet").click()
    expect(caller.locator("main .tag").first).to_have_text("Working on it")
    expect(caller.get_by_text("It froze again at 14:10.")).to_be_visible()


def test_the_same_button_in_a_second_tab_says_that_it_is_finished(sign_in: SignIn) -> None:
    agent = sign_in("agent")
    caller = sign_in("requester", java_script_enabled=False)
    caller.goto("/portal/ask/")
    caller.get_by_label("What is going wrong?").fill("Two tabs")
    caller.get_by_role("button", name="Send").click()
    number = caller.url.rstrip("/").rpartition("/")[2]
    agent.goto(f"/incidents/{number}/")
    agent.get_by_role("link", name="Resolve").click()
    dialog = agent.get_by_role("dialog")
    dialog.get_by_label("Close code").select_option(label="Solution provided")
    dialog.get_by_label("Resolution").fill("Closed one of them.")
    dialog.get_by_role("button", name="Resolve").click()
    expect(agent.locator(".steps [aria-current]")).to_have_text("Resolved")
    other = caller.context.new_page()
    for tab in (caller, other):
        tab.goto(f"/portal/requests/{number}/")
    for tab, told in ((caller, "Thank you, it is closed."), (other, "This is finished already.")):
        tab.get_by_role("button", name="Yes, it works").click()
        expect(tab.get_by_role("heading", name="Two tabs")).to_be_visible()
        expect(tab.locator(".toast > span")).to_have_text(told)


def test_the_portal_speaks_no_jargon(sign_in: SignIn) -> None:
    caller = sign_in("requester")
    for url in ("/portal/", "/portal/ask/", "/portal/requests/", "/portal/requests/INC-2/"):
        caller.goto(url)
        text = caller.locator("body").inner_text()
        assert not re.search(r"\b(incident|configuration|CI|SLA|ticket|assignee)\b", text, re.I), (
            url
        )
    caller.goto("/portal/")
    caller.get_by_role("link", name="Something is broken").click()
    caller.get_by_role("button", name="Send").click()
    expect(caller.get_by_role("alert")).to_be_visible()
    assert caller.url.endswith("/portal/ask/broken/")


def test_a_requester_finds_no_way_into_what_is_not_theirs(sign_in: SignIn) -> None:
    caller = sign_in("requester")
    for url in (
        "/incidents/INC-1/",
        "/portal/requests/INC-1/",
        "/incidents/INC-99999/",
        "/users/USER-3/",
    ):
        answer = caller.goto(url)
        assert answer is not None
        assert answer.status == 404
        expect(caller.get_by_role("heading", name="There is nothing here")).to_be_visible()
