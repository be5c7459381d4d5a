"""The record page: in place, in conversation, and when two people change the same thing."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.shots import DEVICES
from tests.browser.waiting import keys_heard, until


def made(page: Page, title: str, description: str = "") -> str:
    """A new incident of this test's own, on its page, which knows its keys; gives its number."""
    page.goto("/incidents/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Description").fill(description)
    page.get_by_label("Requester").fill("Freya Lund")
    page.get_by_label("Impact").select_option(label="Medium")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/incidents/INC-*/")
    keys_heard(page)
    return page.url.rstrip("/").rpartition("/")[2]


def open_menu(page: Page, label: str) -> None:
    """Until what it offers is there: nobody types before they have read it."""
    with page.expect_response("**/set/**"):
        page.locator("#props").get_by_role("button", name=f"{label}:").first.click()
    expect(page.locator("[data-menu]:popover-open")).not_to_have_class(re.compile("htmx-request"))


def test_a_field_is_changed_in_place(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Keyboard types twice")
    page.locator("[name=text]").fill("half a thought")
    open_menu(page, "Impact")
    page.locator("#menu-impact").get_by_role("button", name="High", exact=True).click()
    expect(page.locator("#props .prop", has_text="Impact")).to_contain_text("High")
    expect(page.locator(".toast").last).to_contain_text("updated")
    expect(page.locator("[name=text]")).to_have_value("half a thought")
    open_menu(page, "Assignee")
    page.get_by_label("Search Assignee").fill("amara")
    options = page.locator("#menu-assignee .opt")
    expect(options).to_have_count(1)
    options.click()
    expect(page.locator("#props .prop", has_text="Assignee")).to_contain_text("Amara Okafor")


def test_what_is_typed_into_a_menu_opened_again_stays_while_its_list_comes(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    made(page, "Keyboard types in vain")
    open_menu(page, "Assignee")
    box = page.get_by_label("Search Assignee")
    box.fill("nobody at all")
    page.keyboard.press("Escape")
    page.route("**/set/assignee/*", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.locator("#props").get_by_role("button", name="Assignee:").click()
    expect(box).to_have_value("")
    box.focus()
    page.keyboard.type("amara", delay=20)
    page.wait_for_load_state("networkidle")
    expect(box).to_have_value("amara")
    expect(page.locator("#menu-assignee .opt", has_text="Amara Okafor")).to_be_visible()


def test_two_of_one_name_are_told_apart_in_a_menu_and_after_it(sign_in: SignIn) -> None:
    page = sign_in("administrator")
    page.goto("/users/new/")
    page.get_by_label("Name").fill("Freya Lund")
    page.get_by_label("Login").fill("freya.the.other")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/users/USER-*/")
    other = page.url.rstrip("/").rpartition("/")[2]
    page = sign_in("agent")
    page.goto("/incidents/INC-2/")
    keys_heard(page)
    open_menu(page, "Requester")
    page.get_by_label("Search Requester").fill("lund")
    options = page.locator("#menu-requester .opt[value^=USER]")
    expect(options).to_have_count(2)
    numbers = [one.get_attribute("value") or "" for one in options.all()]
    assert other in numbers
    for number in numbers:
        named = f"Freya Lund {number}"
        expect(page.get_by_role("button", name=named, exact=True)).to_be_visible()
    page.get_by_label("Search Requester").fill("henrik")
    expect(page.get_by_role("button", name="Henrik Olsen", exact=True)).to_be_visible()
    page.get_by_label("Search Requester").fill("lund")
    page.get_by_role("button", name=f"Freya Lund {other}", exact=True).click()
    before = next(number for number in numbers if number != other)
    told = page.locator("#timeline .ev", has_text="Requester").last
    expect(told).to_contain_text(f"Freya Lund · {before}")
    expect(told).to_contain_text(f"Freya Lund · {other}")
    page.goto(f'/incidents/?view=all&filter=requester in ["{before}", "{other}"]')
    chip = f"Requester is Freya Lund · {before} or Freya Lund · {other}"
    expect(page.locator("#queue .chip", has_text=chip)).to_be_visible()


def test_enter_in_a_menu_takes_what_was_typed_and_never_the_first_of_the_list(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    made(page, "Keyboard types thrice")
    assignee = page.locator("#props .prop", has_text="Assignee")
    for typed, then in (("amara okafor", "Amara Okafor"), ("", "Amara Okafor")):
        open_menu(page, "Assignee")
        page.get_by_label("Search Assignee").fill(typed)
        page.get_by_label("Search Assignee").press("Enter")
        expect(page.locator("#menu-assignee")).to_be_hidden()
        expect(assignee).to_contain_text(then)
    open_menu(page, "Assignee")
    page.get_by_label("Search Assignee").fill("nobody at all")
    expect(page.locator("#menu-assignee")).to_contain_text("Nothing is called so.")
    page.get_by_label("Search Assignee").press("Enter")
    expect(page.locator("#dialog")).to_contain_text("There is no person nobody at all.")
    page.keyboard.press("Escape")
    expect(assignee).to_contain_text("Amara Okafor")


def test_enter_goes_into_what_was_found_where_that_is_more_than_one(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Found more than once")
    open_menu(page, "Assignee")
    box, options = page.get_by_label("Search Assignee"), page.locator("#menu-assignee .opt")
    for key in ("Enter", "ArrowDown"):
        box.fill("a")  # what was found before is no answer to this
        box.press(key)
        expect(options.first).to_be_focused()
        assert options.count() > 1
        box.fill("")
    box.fill("a")
    box.press("Enter")
    expect(options.first).to_be_focused()
    name = options.first.locator(".trunc").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#props .prop", has_text="Assignee")).to_contain_text(name)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_first_press_on_reply_chooses_it(sign_in: SignIn, size: str) -> None:
    """On a desk the composer lies at the window's end then; everywhere it grows when it has the focus."""
    page = sign_in("agent", **(DEVICES["m"] if size == "phone" else {}))
    page.goto("/incidents/INC-1/")
    page.locator("ms-composer.alive").wait_for()
    page.set_viewport_size({"width": 390 if size == "phone" else 1440, "height": 620})
    reply = page.get_by_text("Reply to")
    reply.scroll_into_view_if_needed()
    box = reply.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(90)  # as long as a finger takes
    page.mouse.up()
    expect(page.locator("[name=audience][value=all]")).to_be_checked()
    expect(page.locator("[data-send]")).to_have_text("Send reply")


def test_lowering_the_priority_asks_why(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Screen goes dark")
    open_menu(page, "Impact")
    page.locator("#menu-impact").get_by_role("button", name="Low", exact=True).click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Reason").fill("It is one person.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#timeline q")).to_have_text("It is one person.")


def test_two_people_change_the_same_field(sign_in: SignIn) -> None:
    first, second = sign_in("agent"), sign_in("team-lead")
    number = made(first, "Fan is loud")
    second.goto(f"/incidents/{number}/edit/")
    open_menu(first, "Category")
    first.locator("#menu-category").get_by_label("Category").fill("Hardware")
    first.locator("#menu-category").get_by_role("button", name="Save").click()
    expect(first.locator("#props .prop", has_text="Category").first).to_contain_text("Hardware")
    second.get_by_label("Subcategory").fill("Cooling")
    second.get_by_label("Category", exact=False).first.fill("Laptops")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert").first).to_contain_text("Not saved")
    expect(second.get_by_role("alert").first).to_be_focused()
    expect(second.get_by_text("Hardware")).to_be_visible()
    for word in ("It is now", "You wrote"):
        expect(second.get_by_label(word)).not_to_be_checked()
    ground = "radio => getComputedStyle(radio).backgroundColor"
    unsaid = second.get_by_label("You wrote").evaluate(ground)
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("Category: Say which value holds.")
    expect(second.get_by_role("alert")).to_be_focused()
    second.get_by_role("link", name="Category: Say which value holds.").click()
    second.get_by_label("You wrote").check()
    expect(second.get_by_label("You wrote")).not_to_have_css("background-color", unsaid)
    assert second.get_by_label("It is now").evaluate(ground) == unsaid, "one chosen looks chosen"
    second.get_by_role("button", name="Save").click()
    second.wait_for_url(f"**/incidents/{number}/#f-category")
    expect(second.locator("#props")).to_contain_text("Laptops")
    expect(second.locator("#props")).to_contain_text("Cooling")


def test_note_and_reply_cannot_be_confused(sign_in: SignIn) -> None:
    agent = sign_in("agent")
    number = made(agent, "Badge does not open the door")
    composer = agent.locator("ms-composer")
    composer.locator("textarea").fill("Ask **security** first.")
    expect(composer.get_by_role("button", name="Save note")).to_be_visible()
    composer.get_by_role("button", name="Save note").click()
    expect(agent.locator(".msg.internal")).to_contain_text("Ask security first.")
    expect(composer.locator("textarea")).to_have_value("")
    composer.get_by_text("Reply to Freya Lund").click()
    composer.locator("textarea").fill("We are looking into it.")
    expect(composer.get_by_text("Freya Lund sees it in the portal.")).to_be_visible()
    composer.locator("[type=file]").set_input_files(
        {"name": "plan.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 64}
    )
    expect(composer.locator("textarea")).to_have_value(re.compile(r"!\[plan\.png\]\(/files/"))
    composer.locator("textarea").press("Control+Enter")
    expect(agent.locator(".msg.public")).to_contain_text("We are looking into it.")
    expect(agent.locator(".msg.public img")).to_have_attribute("alt", "plan.png")
    agent.get_by_role("link", name="Internal", exact=True).click()
    expect(agent.locator(".msg.public")).to_have_count(0)
    expect(agent.locator(".msg.internal")).to_have_count(1)

    caller = sign_in("requester")
    caller.goto(f"/portal/requests/{number}/")
    expect(caller.get_by_text("We are looking into it.")).to_be_visible()
    assert "security" not in caller.content()
    with caller.expect_download() as download:
        caller.evaluate(
            """() => {
              const link = document.querySelector('.prose [href^="/files/"]');
              link.download = 'x';
              link.click();
            }"""
        )
    assert download.value.url.startswith("http")


def test_a_reply_names_who_reads_it_by_now(sign_in: SignIn) -> None:
    """Also where a colleague changed that, of which this page has not heard: then nothing is sent."""
    page = sign_in("agent")
    number = made(page, "Asked for by somebody else")
    box, line = page.locator("[name=text]"), page.locator(".comp-to.to-all")
    page.get_by_text("Reply to Freya Lund").click()
    box.fill("Please come by")
    expect(line).to_have_text("Freya Lund sees it in the portal.")
    open_menu(page, "Requester")
    page.get_by_label("Search Requester").fill("Henrik Olsen")
    page.get_by_label("Search Requester").press("Enter")
    expect(page.get_by_text("Reply to Henrik Olsen")).to_be_visible()
    expect(line).to_have_text("Henrik Olsen sees it in the portal.")
    expect(box).to_have_value("Please come by")
    expect(box).to_have_attribute("placeholder", "Write to Henrik Olsen")

    page.route("**/live**", lambda route: route.abort("internetdisconnected"))
    other = sign_in("team-lead")
    other.goto(f"/incidents/{number}/")
    open_menu(other, "Requester")
    other.get_by_label("Search Requester").fill("Freya Lund")
    other.get_by_label("Search Requester").press("Enter")
    expect(other.get_by_text("Reply to Freya Lund")).to_be_visible()
    box.press("Control+Enter")
    expect(page.locator(".toast").last).to_contain_text("this would go to Freya Lund by now")
    expect(page.get_by_text("Reply to Freya Lund")).to_be_visible()
    expect(page.locator(".msg.public")).to_have_count(0)
    expect(box).to_have_value("Please come by")
    box.press("Control+Enter")
    expect(page.locator(".msg.public")).to_contain_text("Please come by")


def test_what_people_write_is_text_and_nothing_else(sign_in: SignIn) -> None:
    agent = sign_in("agent")
    made(agent, "<img src=x onerror=alert(1)>")
    expect(agent.get_by_role("heading", level=1)).to_have_text("<img src=x onerror=alert(1)>")
    text = agent.locator("ms-composer textarea")
    text.fill(
        "<script>alert(1)</script> [a](javascript:alert(1)) ![b](https://example.org/p.png) [c](https://example.org)"
    )
    agent.get_by_role("button", name="Save note").click()
    said = agent.locator(".msg.internal .prose")
    expect(said).to_contain_text("<script>alert(1)</script>")
    assert said.locator("script").count() == 0
    assert said.locator("[href^=javascript]").count() == 0
    assert said.locator("img[src^=http]").count() == 0
    assert "noopener" in (said.get_by_role("link", name="c").get_attribute("rel") or "")


def test_records_are_linked_by_number_and_parted(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Second report of the same")
    page.get_by_role("button", name="Link a record").click()
    page.get_by_label("How", exact=True).select_option(label="Relates to")
    page.locator("#link-record").fill("inc0001")
    page.locator("#add-link").get_by_role("button", name="Link").click()
    expect(page.locator("#links")).to_contain_text("Card payments failing")
    page.get_by_role("button", name="Remove the link to INC-1").click()
    expect(page.locator("#links")).not_to_contain_text("Card payments failing")


def test_what_can_be_linked_is_offered_by_its_name(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Third report of the same")
    page.get_by_role("button", name="Link a record").click()
    box, offered = page.locator("#link-record"), page.locator("#o-record option")
    expect(box).to_be_focused()
    box.press_sequentially("card paym")
    expect(offered).to_have_count(1)
    expect(offered).to_have_attribute("value", "Card payments failing at EU checkout · INC-1")
    # Of the other kind of link other records are offered, and none of these.
    page.get_by_label("How", exact=True).select_option(label="Affects")
    expect(offered).to_have_count(0)
    page.get_by_label("How", exact=True).select_option(label="Relates to")
    expect(offered).to_have_count(1)
    page.locator("#add-link").get_by_role("button", name="Link").click()
    expect(page.locator("#links")).to_contain_text("Card payments failing")


def test_what_cannot_be_linked_is_told_where_it_is_typed(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Fourth report of the same")
    page.get_by_role("button", name="Link a record").click()
    menu, box = page.locator("#add-link"), page.locator("#link-record")
    for typed, said in (("no such thing", "There is no record"), ("on", "Several match")):
        box.fill(typed)
        menu.get_by_role("button", name="Link").click()
        expect(menu.locator("#e-record-1")).to_contain_text(said)
        expect(box).to_have_attribute("aria-describedby", "e-record-1")
        expect(box).to_have_value(typed)
        expect(box).to_be_focused()
        expect(page.locator("#toasts .toast", has_text=said)).to_have_count(0)
    box.fill("inc0001")
    page.keyboard.press("Enter")
    expect(page.locator("#links")).to_contain_text("Card payments failing")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Link a record").click()
    expect(box).to_have_value("")
    expect(menu.locator(".err")).to_have_count(0)


def test_what_cannot_be_linked_is_told_without_a_script(sign_in: SignIn) -> None:
    page = sign_in("agent", java_script_enabled=False)
    page.goto("/incidents/INC-2/")
    page.get_by_role("button", name="Link a record").click()
    page.locator("#link-record").fill("no such thing")
    page.locator("#add-link").get_by_role("button", name="Link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Link a record")
    expect(page.locator("#link-record")).to_have_value("no such thing")
    expect(page.locator("#e-record-1")).to_contain_text("There is no record")
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(re.compile("/incidents/INC-2/$"))


def test_teams_roles_and_skills(sign_in: SignIn) -> None:
    page = sign_in("administrator")
    page.goto("/teams/TEAM-2/")
    page.get_by_role("button", name="Add a person").click()
    page.locator("#add-member").get_by_label("Person").fill("Kenji Watanabe")
    page.locator("#add-member").get_by_role("button", name="Add").click()
    expect(page.locator("#members")).to_contain_text("Kenji Watanabe")
    page.get_by_role("button", name="Take Kenji Watanabe out").click()
    expect(page.locator("#members")).not_to_contain_text("Kenji Watanabe")
    page.goto("/users/USER-2/")
    page.get_by_role("button", name="Grant a role").click()
    page.locator("#add-role").get_by_label("Role").select_option(label="Vendor")
    page.locator("#add-role").get_by_role("button", name="Grant").click()
    expect(page.locator("#roles .rel")).to_contain_text("Vendor")
    page.get_by_role("button", name="Withdraw Vendor").click()
    expect(page.locator("#roles .rel")).not_to_contain_text("Vendor")


# In whole points: a page that ends within one is scrolled to within one.
BOXES = """() => [".side", ".top", ".rec-side"].map(
  (s) => Math.abs(Math.round(document.querySelector(s).getBoundingClientRect().y)))"""
APART = """() => {
  const said = [...document.querySelectorAll("#timeline > li")].at(-1).getBoundingClientRect();
  const [toast, composer] = [".toast", "ms-composer"].map((s) => document.querySelector(s).getBoundingClientRect());
  return said.bottom <= composer.top && (toast.bottom <= composer.top || toast.top >= composer.bottom);
}"""


def test_the_frame_stands_still_and_nothing_lies_on_the_composer(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/INC-1/")
    before = page.evaluate(BOXES)
    text = page.locator("ms-composer textarea")
    for n in range(3):
        text.fill(f"Thought {n}")
        text.press("Control+Enter")
        expect(page.locator("#timeline > li").last).to_contain_text(f"Thought {n}")
        until(page, APART)
        assert page.evaluate(BOXES) == before
        assert page.evaluate("scrollY") >= 0


def test_a_refused_form_in_a_menu_stays_open_with_what_was_typed(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Refused")
    page.get_by_role("button", name="Add a task").click()
    menu = page.locator("#add-task")
    menu.get_by_label("What has to be done?").fill("A long title that nobody types twice")
    menu.get_by_label("Owner").fill("Nobody At All")
    menu.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("Nobody At All")
    expect(menu).to_be_visible()
    expect(menu.get_by_label("What has to be done?")).to_have_value(
        "A long title that nobody types twice"
    )
    expect(menu.get_by_label("Owner")).to_have_value("Nobody At All")
    menu.get_by_label("Owner").fill("Amara Okafor")
    menu.get_by_role("button", name="Add", exact=True).click()
    expect(menu).to_be_hidden()
    expect(page.locator(".todo")).to_contain_text("A long title that nobody types twice")


def test_a_long_text_leaves_what_can_be_done_in_sight(sign_in: SignIn) -> None:
    page = sign_in("agent", viewport={"width": 1440, "height": 900})
    text = "Nothing prints since the update.\n\n" * 60
    made(page, "Long story", f"{text}[the log](https://logs.example/1)")
    resolve = page.locator(".rec-a a").first
    expect(resolve).to_be_in_viewport()
    show = page.get_by_role("checkbox", name="Show all")
    show.focus()
    page.keyboard.press("Space")
    expect(resolve).not_to_be_in_viewport()
    page.get_by_text("Show less").click()
    expect(resolve).to_be_in_viewport()
    link = page.get_by_role("link", name="the log")
    link.focus()
    expect(link).to_be_in_viewport()


def test_what_goes_wrong_in_a_dialog_is_told_in_it(sign_in: SignIn) -> None:
    """The sentence at the edge of the page lies behind it, and nothing reads it aloud there."""
    page = sign_in("agent")
    made(page, "Screen goes dark in a dialog")
    open_menu(page, "Impact")
    page.locator("#menu-impact").get_by_role("button", name="Low", exact=True).click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Reason").fill("It is one person.")
    told = {"toast": {"text": "Not saved: somebody took it away.", "target": "body"}}
    headers = {"HX-Reswap": "none", "HX-Trigger": json.dumps(told)}
    page.route("**/set/**", lambda route: route.fulfill(status=403, headers=headers))
    for _time in range(2):
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.locator(".said")).to_have_text("Not saved: somebody took it away.")
    page.unroute("**/set/**")
    expect(dialog.get_by_label("Reason")).to_have_value("It is one person.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()


def test_a_field_asks_nothing_once_its_dialog_is_closed(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Typed and sent at once")
    warned: list[str] = []
    page.on("console", lambda message: warned.append(message.text))
    page.clock.install()
    page.locator("a[href$='/move/start/']").click()
    page.locator("#dialog").get_by_label("Assignee").fill("Amara Okafor")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    page.clock.fast_forward("00:02")
    page.wait_for_load_state("networkidle")
    assert warned == []


def test_the_same_keys_as_in_a_list(sign_in: SignIn) -> None:
    page = sign_in("agent")
    number = made(page, "By the same keys")
    page.locator("#main").focus()
    page.keyboard.press("p")
    menu = page.locator("#menu-row")
    expect(menu.locator(".opt").first).to_be_focused()
    menu.get_by_text("Urgency").click()
    menu.get_by_role("button", name="High").click()
    expect(page.locator("#props .prop", has_text="Urgency")).to_contain_text("High")
    page.locator("#main").focus()
    page.keyboard.press("s")
    expect(menu.get_by_text("Put on hold")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.locator("#main").focus()
    page.keyboard.press("r")
    expect(page.locator("#dialog h2")).to_have_text("Resolve")
    expect(page.locator("#dialog")).to_contain_text(number)


def test_the_sheet_of_a_record_has_its_keys_and_no_values(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.locator("tbody .c-title > a:not(.peek)").nth(1).click()
    page.locator("ms-composer.alive").wait_for()
    page.keyboard.press("?")
    rows = page.locator("#keys section").first.locator("dl > div")
    expect(rows.first).to_be_visible()
    told = dict(
        reversed(row.split("\t" if "\t" in row else "\n", 1)) for row in rows.all_inner_texts()
    )
    keys = {key.strip().replace("\n", " "): what for key, what in told.items()}
    assert keys["A"] == "Assignee"
    assert keys["N"] == "Write a note for your colleagues"
    assert set("EPSRW") <= keys.keys()
    assert keys["[ K"] == "Previous in the list" and keys["] J"] == "Next in the list"
    assert all(len(key) < 8 for key in keys)


def test_a_note_is_begun_before_its_script_has_come(sign_in: SignIn) -> None:
    page = sign_in("agent")
    number = made(page, "In haste")
    page.route("**/composer-*.js", lambda route: (page.wait_for_timeout(600), route.continue_()))
    page.goto(f"/incidents/{number}/")
    keys_heard(page)
    page.keyboard.press("n")
    expect(page.locator("[name=text]")).to_be_focused()


def test_the_part_of_the_timeline_is_in_the_address(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Parts")
    said = page.locator("#entries [role=status]")
    page.get_by_role("link", name="Internal", exact=True).click()
    page.wait_for_url("**/?show=internal")
    expect(said).to_have_text("Only internal notes and files are shown.")
    here = page.locator("#entries [aria-current=true]")
    page.locator("[name=text]").fill("Among us")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".msg.internal")).to_contain_text("Among us")
    expect(here).to_have_text("Internal")
    page.reload()
    expect(here).to_have_text("Internal")
    page.get_by_role("link", name="Everything", exact=True).click()
    page.wait_for_url(lambda url: url.endswith("/"))
    expect(said).to_have_text("Everything is shown.")
