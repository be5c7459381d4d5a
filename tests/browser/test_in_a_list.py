"""What one does in a list without leaving it: groups, the preview, and changes in place, by keys and by mouse."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.shots import DEVICES


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_preview_follows_and_gives_focus_back(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    pane = page.locator("#peek [data-number]")
    first = page.locator("tr.cur").get_attribute("id") or ""
    expect(pane).to_have_attribute("data-number", first)
    assert asked(page)["peek"] == [first]
    page.keyboard.press("j")
    second = page.locator("tr.cur").get_attribute("id") or ""
    expect(pane).to_have_attribute("data-number", second)
    assert first != second
    page.reload()
    expect(pane).to_have_attribute("data-number", second)
    page.locator(f"tr[id={second}] .c-title > a:not(.peek)").first.focus()
    page.keyboard.press("Escape")
    expect(pane).to_have_count(0)
    expect(page.locator(f"tr[id={second}] .c-title > a:not(.peek)").first).to_be_focused()
    assert "peek" not in asked(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/incidents/{second}/"
    )


def test_a_move_in_the_preview_is_seen_in_the_row(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&peek=INC-14")
    page.locator("#peek .acts").get_by_text("Start work").click()
    page.locator("#dialog").get_by_role("button", name="Start work").click()
    expect(page.locator(".toast")).to_contain_text("INC-14")
    expect(page.locator("#peek .st").first).to_contain_text("In progress")
    expect(page.locator("tr[id=INC-14] .c-state")).to_contain_text("In progress")


def test_a_field_is_set_by_keys_and_focus_stays_in_the_row(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&filter=is_open")
    page.keyboard.press("j")
    row = page.locator("tr.cur").get_attribute("id") or ""
    page.keyboard.press("a")
    menu = page.locator("#menu-row")
    expect(menu.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("Priya")
    menu.get_by_role("button", name="Priya").wait_for()
    page.keyboard.press("ArrowDown")
    menu.get_by_role("button", name="Priya").press("Enter")
    expect(page.locator(".toast")).to_contain_text(f"{row} updated")
    expect(page.locator(f"tr[id={row}]")).to_contain_text("Priya")
    expect(menu).to_be_hidden()
    expect(page.locator(f"tr[id={row}] .c-title > a:not(.peek)").first).to_be_focused()
    page.keyboard.press("p")
    menu.get_by_role("link", name="Impact").press("Enter")
    menu.get_by_role("button").first.wait_for()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("s")
    expect(menu.locator(".opt").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(menu).to_contain_text("Category")


def test_a_click_on_a_value_opens_its_menu_and_on_a_title_the_record(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.locator("tr[id=INC-12] td.c-state").click()
    expect(page.locator("#menu-row")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("tr[id=INC-12] .c-title").hover()
    page.locator("tr[id=INC-12] [data-peek]").click()
    expect(page.locator("#peek [data-number=INC-12]")).to_be_visible()
    page.locator("#peek [data-away]").click()
    page.locator("tr[id=INC-12] .c-title > a:not(.peek)").first.click()
    expect(page.locator("article.rec-main")).to_be_visible()


def test_groups_and_density_are_in_the_address_and_words_become_a_condition(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all")
    page.get_by_role("button", name="Group").click()
    page.locator("#group").get_by_role("link", name="State", exact=True).click()
    expect(page.locator(".g-h").first).to_be_visible()
    page.locator("#density").click()
    expect(page.locator(".grid.compact")).to_be_visible()
    assert (asked(page)["group"], asked(page)["density"]) == (["state"], ["compact"])
    page.keyboard.press("j")
    expect(page.locator("tr.cur.g-h")).to_have_count(0)
    page.locator("#filter").fill("scanners")
    page.locator("#filter").press("Enter")
    expect(page.locator("#filter")).to_have_value('title.contains("scanners")')
    expect(page.locator(".chips .chip").first).to_contain_text("scanners")
    assert asked(page)["filter"] == ['title.contains("scanners")']
    with page.expect_download() as sent:
        page.locator("#export").click()
    assert sent.value.suggested_filename.startswith("incidents-")


def test_a_phone_looks_at_a_record_from_below(sign_in: SignIn) -> None:
    page = sign_in("agent", **DEVICES["m"])
    page.goto("/incidents/?view=all")
    page.locator("tr[id=INC-12] [data-peek]").click()
    pane = page.locator("#peek")
    expect(pane.locator("[data-number=INC-12]")).to_be_visible()
    box = pane.bounding_box()
    assert box is not None and box["width"] == 390
    pane.locator("[data-away]").click()
    expect(pane).to_be_hidden()


def test_without_a_script_the_list_is_in_groups_and_the_eye_opens_the_record(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent", java_script_enabled=False)
    page.goto("/incidents/?view=all&group=team&peek=INC-12")
    assert page.locator(".g-h").count() > 1
    expect(page.locator("#peek")).to_contain_text("INC-12")
    page.locator("#peek [data-away]").click()
    expect(page.locator("#peek")).to_be_hidden()
    page.locator("tr[id=INC-12] .c-title").hover()
    page.locator("tr[id=INC-12] [data-peek]").click()
    expect(page.locator("article.rec-main")).to_be_visible()
