"""A problem from the suspicion behind an incident to the fix, and what its caller reads meanwhile."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Work
from tests.browser.test_whole_life import report


def step(page: Page, name: str, **fields: str) -> None:
    """One move: its button, and its dialog where it asks for something."""
    page.locator(".rec-a").get_by_text(name, exact=True).click()
    if not fields:
        return
    dialog = page.locator("#dialog")
    for label, text in fields.items():
        dialog.get_by_label(label.replace("_", " ")).fill(text)
    dialog.get_by_role("button", name=name).click()
    expect(dialog).to_be_hidden()


def test_a_problem_lives_from_an_incident_to_its_proof(sign_in: SignIn, work: Work) -> None:
    caller = sign_in("requester", java_script_enabled=False)
    incident = report(caller, "The VPN drops at the re-key")
    agent = sign_in("agent")
    agent.goto(f"/incidents/{incident}/")
    agent.get_by_role("button", name="New problem from this incident").click()
    agent.wait_for_url("**/problems/PRB-*/")
    number = agent.url.rstrip("/").rpartition("/")[2]
    now = agent.locator(".steps [aria-current]")

    agent.locator(".rec-a").get_by_text("Assess", exact=True).click()
    agent.locator("#dialog").get_by_role("button", name="Assess").click()
    expect(now).to_have_text("Assess")
    agent.locator(".rec-a").get_by_text("Confirm", exact=True).click()
    agent.locator("#dialog").get_by_role("button", name="Confirm").click()
    expect(now).to_have_text("Root cause analysis")

    # What is not known yet is no known error; with cause and workaround it is one, with its date.
    agent.get_by_role("link", name="Edit").click()
    agent.get_by_label("Known error").check()
    agent.get_by_role("button", name="Save").click()
    expect(agent.get_by_role("alert").first).to_contain_text("A known error has this")
    agent.get_by_label("Root cause").fill("The gateway forgets its interval")
    agent.get_by_label("Workaround").fill("Use the **other** gateway")
    agent.get_by_role("button", name="Save").click()
    expect(agent.locator("#props").get_by_text("Known error since")).to_be_visible()

    agent.get_by_role("link", name="Communicate the workaround").click()
    agent.locator("#dialog").get_by_role("button", name="Send to the callers").click()
    expect(agent.get_by_text("told the workaround to the callers")).to_be_visible()
    work()
    caller.goto(f"/portal/requests/{incident}/")
    expect(caller.get_by_text("Use the other gateway")).to_be_visible()
    agent.goto(f"/incidents/{incident}/")
    expect(agent.locator("#causes")).to_contain_text("Known error")

    agent.get_by_role("link", name="Put on hold").click()
    dialog = agent.locator("#dialog")
    dialog.get_by_label("Waiting for").select_option(label="A problem")
    dialog.get_by_role("button", name="Put on hold").click()
    expect(dialog).to_be_hidden()

    agent.goto(f"/problems/{number}/")
    step(agent, "Start the fix", Root_cause="The gateway forgets its interval")
    step(agent, "Resolve", Fix="The interval is kept over a restart")
    expect(now).to_have_text("Resolved")

    work()
    caller.goto(f"/portal/requests/{incident}/")
    expect(caller.get_by_role("button", name="Yes, it works")).to_be_visible()
    expect(caller.locator("main")).not_to_contain_text(number)


def test_a_fix_of_some_weeks_ago_has_its_proof(sign_in: SignIn) -> None:
    agent = sign_in("agent", java_script_enabled=False)
    agent.goto("/problems/PRB-2/")
    expect(agent.locator("#proof")).to_contain_text("Not proven yet")
    expect(agent.locator("#proof")).to_contain_text("0 incidents in 3.0 weeks")


def test_without_a_script_the_callers_are_told_as_well(sign_in: SignIn) -> None:
    agent = sign_in("agent", java_script_enabled=False)
    agent.goto("/problems/PRB-1/")
    agent.get_by_role("link", name="Communicate the workaround").click()
    agent.get_by_label("What they read").fill("Pay by another way")
    agent.get_by_role("button", name="Send to the callers").click()
    agent.wait_for_url("**/problems/PRB-1/")
    expect(agent.get_by_text("Pay by another way")).to_be_visible()
