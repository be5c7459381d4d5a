"""Tasks by keyboard, by mouse, and without a script."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_whole_life import report


def titles(page: Page) -> Locator:
    return page.locator("#tasks .todo a")


def test_tasks_by_keyboard(sign_in: SignIn) -> None:
    incident = report(sign_in("requester", java_script_enabled=False), "The badge opens no door")
    agent = sign_in("agent")
    agent.goto(f"/incidents/{incident}/")
    for title in ("Call them", "Try another reader", "Order a badge"):
        agent.get_by_role("button", name="Add a task").focus()
        agent.keyboard.press("Enter")
        field = agent.get_by_label("What has to be done?")
        expect(field).to_be_focused()
        agent.keyboard.type(title)
        agent.keyboard.press("Enter")
        expect(agent.locator("#tasks .todo a", has_text=title)).to_be_visible()
        expect(field).to_be_hidden()
    expect(titles(agent)).to_have_text(["Call them", "Try another reader", "Order a badge"])

    tick = agent.get_by_role("checkbox", name="Order a badge")
    tick.focus()
    agent.keyboard.press("Alt+ArrowUp")
    expect(agent.locator("#tasks .todo > li").nth(1)).to_contain_text("Order a badge")
    expect(tick).to_be_focused()
    agent.keyboard.press("Space")
    expect(tick).to_be_checked()
    expect(agent.locator("#tasks h2")).to_contain_text("1/3")

    agent.locator("#toasts").get_by_role("button", name="Undo").focus()
    agent.keyboard.press("Enter")
    expect(agent.get_by_role("checkbox", name="Order a badge")).not_to_be_checked()
    agent.get_by_role("button", name="What to do with Call them").focus()
    agent.keyboard.press("Enter")
    agent.keyboard.press("ArrowDown")
    agent.keyboard.press("Enter")
    expect(agent.locator("#tasks .todo > li").first).to_contain_text("Order a badge")


def test_tasks_are_dragged(sign_in: SignIn) -> None:
    agent = sign_in("agent")
    agent.goto("/incidents/INC-5/")
    for title in ("First", "Second", "Third"):
        agent.get_by_role("button", name="Add a task").click()
        agent.get_by_label("What has to be done?").fill(title)
        agent.locator("#add-task").get_by_role("button", name="Add").click()
        expect(agent.locator("#tasks .todo a", has_text=title)).to_be_visible()
    items = agent.locator("#tasks .todo > li")
    items.nth(2).drag_to(items.nth(0), target_position={"x": 60, "y": 2})
    expect(items.first).to_contain_text("Third")
    expect(titles(agent)).to_have_text(["Third", "First", "Second"])


def test_tasks_without_a_script(sign_in: SignIn) -> None:
    agent = sign_in("agent", java_script_enabled=False)
    agent.goto("/incidents/INC-6/")
    agent.get_by_role("button", name="From a template").click()
    agent.get_by_label("Task template").fill("Major incident")
    agent.get_by_role("button", name="Add its tasks").click()
    expect(titles(agent)).to_have_text(["Name a lead", "Tell the stores", "Review it"])
    agent.get_by_role("button", name="What to do with Review it").click()
    agent.get_by_role("button", name="Move up").filter(visible=True).click()
    expect(titles(agent)).to_have_text(["Name a lead", "Review it", "Tell the stores"])
    agent.get_by_role("checkbox", name="Name a lead").click()
    expect(agent.get_by_role("checkbox", name="Name a lead")).to_be_checked()
    agent.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(agent.get_by_role("checkbox", name="Name a lead")).not_to_be_checked()
    agent.goto("/")
    expect(agent.get_by_text("Order the new certificate")).to_be_visible()
