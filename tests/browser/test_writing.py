"""Writing on a record: nothing typed is lost, files go where they belong, and whom one calls is chosen by keyboard."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import SignIn, Work
from tests.browser.test_record import made, open_menu
from tests.browser.waiting import keys_heard, session_ends, until
from tests.browser.world import PASSWORD

UNSAVED = "Object.keys(sessionStorage).filter((name) => name.startsWith('draft:')).length"


def picture(side: int = 24) -> bytes:
    """A real PNG: grey, so many points wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\x00" + b"\x99" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def box(page: Page) -> Locator:
    return page.locator("ms-composer textarea")


def hand_over(page: Page, kind: str, name: str, content: bytes, mime: str = "image/png") -> None:
    """Pastes a file into the text, or drops it somewhere on the record."""
    page.locator("ms-composer.alive").wait_for()
    page.evaluate(
        """([kind, name, bytes, type]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], name, { type }));
          const init = { bubbles: true, cancelable: true };
          document.querySelector(kind === "paste" ? "ms-composer textarea" : "#timeline").dispatchEvent(
            kind === "paste"
              ? new ClipboardEvent(kind, { ...init, clipboardData: data })
              : new DragEvent(kind, { ...init, dataTransfer: data }));
        }""",
        [kind, name, list(content), mime],
    )


def test_both_texts_are_kept_and_found_in_another_browser(sign_in: SignIn) -> None:
    page = sign_in("agent")
    number = made(page, "Texts are kept")
    box(page).fill("A note for later")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.get_by_text("Reply to").click()
    expect(box(page)).to_have_value("")
    box(page).fill("A reply for later")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.get_by_text("Internal note").first.click()
    expect(box(page)).to_have_value("A note for later")
    assert page.evaluate(UNSAVED) == 0

    elsewhere = sign_in("agent")
    elsewhere.goto("/")
    elsewhere.locator("[aria-labelledby=drafts] a", has_text="A reply for later").click()
    expect(box(elsewhere)).to_have_value("A reply for later")
    expect(elsewhere.get_by_role("button", name="Send reply")).to_be_visible()
    elsewhere.get_by_role("button", name="Send reply").click()
    expect(elsewhere.locator(".msg.public")).to_contain_text("A reply for later")
    expect(box(elsewhere)).to_have_value("")
    page.reload()
    expect(box(page)).to_have_value("A note for later")
    box(page).fill("")
    expect(page.locator(".begun:visible")).to_have_count(0)
    for _try in range(20):
        page.goto("/")
        if not page.locator(f"[aria-labelledby=drafts] a[href*='{number}/']").count():
            break
    expect(page.locator(f"[aria-labelledby=drafts] a[href*='{number}/']")).to_have_count(0)


def test_what_was_sent_in_one_tab_does_not_go_out_again_from_another(sign_in: SignIn) -> None:
    first = sign_in("agent")
    number = made(first, "Sent in one of two tabs")
    box(first).fill("Only once")
    expect(first.get_by_text("Draft saved")).to_be_visible()
    second = first.context.new_page()
    second.goto(f"/incidents/{number}/")
    second.locator("ms-composer.alive").wait_for()
    expect(box(second)).to_have_value("Only once")
    box(first).press("Control+Enter")
    expect(first.locator(".msg.internal")).to_have_count(1)
    box(second).press("Control+Enter")
    expect(second.locator(".toast").last).to_contain_text("you have sent this in another window")
    expect(second.locator(".msg.internal")).to_have_count(1)
    expect(box(second)).to_have_value("Only once")
    box(second).press("Control+Enter")
    expect(second.locator(".msg.internal")).to_have_count(2)


def test_a_long_text_is_not_cut(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "A long paste")
    long = "word " * 11_000
    box(page).fill(long)
    box(page).press("Control+Enter")
    expect(page.locator(".toast").last).to_contain_text("characters long; 50,000 fit")
    expect(box(page)).to_have_value(long)
    page.goto("/incidents/new/")
    page.get_by_label("Title").fill("t" * 300)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert")).to_contain_text("300 characters long; 250 fit")
    expect(page.get_by_label("Title")).to_have_value("t" * 300)


def test_what_is_typed_survives_a_server_that_is_away(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "The server is away")
    page.route("**/draft/", lambda route: route.fulfill(status=503))
    box(page).fill("Typed into the void")
    expect(page.get_by_text("Not saved yet: kept in this browser")).to_be_visible()
    page.reload()
    expect(box(page)).to_have_value("Typed into the void")
    page.unroute("**/draft/")
    page.reload()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    assert page.evaluate(UNSAVED) == 0


def test_what_is_typed_offline_is_saved_as_soon_as_there_is_a_connection(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Offline for a while")
    box(page).wait_for()
    page.context.set_offline(True)
    box(page).fill("Typed in the tunnel")
    expect(page.get_by_text("Not saved yet: kept in this browser")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    assert page.evaluate(UNSAVED) == 0


def test_the_stream_that_is_back_saves_what_waits(sign_in: SignIn) -> None:
    """As after the server was away: no browser tells of that."""
    page = sign_in("agent")
    made(page, "The server comes back")
    page.route("**/draft/", lambda route: route.fulfill(status=503))
    box(page).fill("Typed into the void")
    expect(page.get_by_text("Not saved yet: kept in this browser")).to_be_visible()
    page.unroute("**/draft/")
    page.evaluate("document.dispatchEvent(new Event('reached'))")
    expect(page.get_by_text("Draft saved")).to_be_visible()


@pytest.mark.parametrize("choice", ["Take that one", "Keep this one"])
def test_of_two_drafts_of_one_person_none_is_written_over(sign_in: SignIn, choice: str) -> None:
    first = sign_in("agent")
    number = made(first, "In two tabs")
    second = first.context.new_page()
    second.goto(f"/incidents/{number}/")
    second.locator("ms-composer.alive").wait_for()
    box(first).fill("AAA")
    expect(first.get_by_text("Draft saved")).to_be_visible()
    box(second).focus()
    second.keyboard.type("BBB")
    told = second.get_by_role("status").filter(has_text="Another draft of this was written")
    expect(told).to_contain_text("AAA")
    expect(box(second)).to_be_focused()
    expect(box(second)).to_have_value("BBB")
    first.reload()
    expect(box(first)).to_have_value("AAA")
    second.keyboard.press("Tab")
    while second.evaluate("document.activeElement.textContent") != choice:
        second.keyboard.press("Tab")
    second.keyboard.press("Enter")
    expect(told).to_have_count(0)
    expect(box(second)).to_be_focused()
    kept, gone = ("AAA", "BBB") if choice == "Take that one" else ("BBB", "AAA")
    expect(box(second)).to_have_value(kept)
    expect(second.get_by_text("Draft saved")).to_be_visible()
    if kept == "AAA":
        second.keyboard.press("Control+z")
        expect(box(second)).to_have_value(gone)
        expect(told).to_have_count(0)
        return
    first.reload()
    expect(box(first)).to_have_value(kept)


def test_leaving_the_page_at_once_keeps_the_text(sign_in: SignIn) -> None:
    page = sign_in("agent")
    number = made(page, "Away in a hurry")
    box(page).fill("Half a sent")
    page.goto("/")
    other = sign_in("agent")
    for _try in range(20):
        other.goto(f"/incidents/{number}/")
        if box(other).input_value():
            break
    expect(box(other)).to_have_value("Half a sent")


def test_what_is_typed_before_the_script_has_come_is_kept(sign_in: SignIn) -> None:
    page = sign_in("agent")
    number = made(page, "A slow line")
    held: list[Route] = []
    page.route(re.compile(r"composer.*\.js"), lambda route: held.append(route))
    page.goto(f"/incidents/{number}/", wait_until="commit")
    box(page).fill("Faster than the line")
    while not held:
        page.wait_for_timeout(25)
    held[0].continue_()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    expect(box(page)).to_have_value("Faster than the line")


def test_a_session_that_ends_is_begun_again_over_the_page(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Signed out while writing")
    session_ends(page)
    box(page).fill("Not lost")
    page.get_by_role("button", name="Save note").click()
    again = page.get_by_role("dialog", name="Sign in")
    expect(again).to_be_visible()
    expect(again.get_by_label("Login")).to_have_value("agent")
    expect(again.get_by_label("Password")).to_be_focused()
    again.get_by_label("Password").fill("wrong")
    again.get_by_role("button").click()
    expect(again.get_by_role("alert")).to_be_visible()
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_label("Password").press("Enter")
    expect(page.locator(".msg.internal")).to_contain_text("Not lost")
    expect(again).to_have_count(0)


def signs_in_again(page: Page) -> None:
    again = page.get_by_role("dialog", name="Sign in")
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_label("Password").press("Enter")
    expect(again).to_have_count(0)


def test_whatever_one_did_is_done_after_the_sign_in(sign_in: SignIn) -> None:
    """In place, by the keys of a list, in a preview, for many, at the bell and in the palette."""
    page = sign_in("agent")
    number = made(page, "Signed out in the middle")
    page.locator("ms-composer.alive").wait_for()
    with page.expect_response("**/set/**"):
        page.locator("#props").get_by_role("button", name="Urgency:").click()
    session_ends(page)
    page.locator("#menu-urgency").get_by_role("button", name="High", exact=True).click()
    signs_in_again(page)
    expect(page.locator("#props .prop", has_text="Urgency")).to_contain_text("High")
    session_ends(page)
    page.locator("#props").get_by_role("button", name="Channel:").click()
    signs_in_again(page)
    expect(page.locator("#menu-channel .opt").first).to_be_visible()
    page.keyboard.press("Escape")
    session_ends(page)
    page.locator("a.bell").click()
    signs_in_again(page)
    expect(page.locator(".inbox-p")).to_be_visible()

    page.goto("/incidents/?order=-created_at")
    row = page.locator(f"#{number}")
    page.keyboard.press("j")
    expect(row.locator(".c-title a").first).to_be_focused()
    for key, shown in (("p", "#menu-row .opt"), ("s", "#menu-row .opt"), ("a", "#menu-row .opt")):
        session_ends(page)
        page.keyboard.press(key)
        signs_in_again(page)
        expect(page.locator(shown).first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#menu-row")).to_be_hidden()
        expect(row.locator(".c-title a").first).to_be_focused()
    session_ends(page)
    page.keyboard.press("r")
    signs_in_again(page)
    expect(page.locator("#dialog h2")).to_have_text("Resolve")
    page.keyboard.press("Escape")
    session_ends(page)
    page.keyboard.press("Space")
    signs_in_again(page)
    expect(page.locator(f"#peek [data-number={number}]")).to_be_visible()
    row.locator(".cb").check()
    session_ends(page)
    page.locator(".bulk .bb").first.click()
    signs_in_again(page)
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    session_ends(page)
    page.keyboard.press("Control+k")
    signs_in_again(page)
    expect(page.locator("#pal-list .opt").first).to_be_visible()
    expect(row.locator(".cb")).to_be_checked()
    page.locator("#pal-q").fill("INC-1")
    expect(page.locator("#pal-list .opt").first).to_contain_text("INC-1")
    session_ends(page)
    page.locator("#pal-q").fill("INC-2")
    page.keyboard.press("Enter")
    signs_in_again(page)
    page.wait_for_url("**/incidents/INC-2/")


def test_a_form_in_a_menu_has_the_focus_again_after_the_sign_in(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Signed out while adding a task")
    keys_heard(page)
    page.get_by_role("button", name="Add a task").click()
    word = page.get_by_label("What has to be done?")
    session_ends(page)
    word.press_sequentially("Look at it")
    word.press("Enter")
    signs_in_again(page)
    expect(page.locator("#record")).to_contain_text("Look at it")
    expect(page.get_by_role("button", name="Add a task")).to_be_focused()


def test_what_is_sought_in_a_menu_stands_there_after_the_sign_in(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Signed out while looking for somebody")
    keys_heard(page)
    with page.expect_response("**/set/**"):
        page.locator("#props").get_by_role("button", name="Assignee:").click()
    session_ends(page)
    sought = page.locator("#menu-assignee [name=q]")
    sought.press_sequentially("Pri")
    signs_in_again(page)
    expect(page.locator("#menu-assignee .opt", has_text="Priya")).to_be_visible()
    expect(sought).to_have_value("Pri")
    expect(sought).to_be_focused()


@pytest.mark.parametrize("lost", ["session", "answer"])
def test_a_preview_that_does_not_come_leaves_nothing_open(sign_in: SignIn, lost: str) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?order=-created_at")
    page.keyboard.press("j")
    stands = page.locator("tr.cur .c-title a:not(.peek)")
    expect(stands).to_be_focused()
    before = page.url
    if lost == "session":
        session_ends(page)
        page.keyboard.press("Space")
        expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)
    else:
        refusal = {"status": 503, "headers": {"HX-Reswap": "none"}}
        page.route("**/incidents/?*peek=*", lambda route: route.fulfill(**refusal))
        with page.expect_response("**/incidents/?*peek=*"):
            page.keyboard.press("Space")
    expect(page.locator("#peek > *")).to_have_count(0)
    expect(page).to_have_url(before)
    expect(stands).to_be_focused()


def test_a_file_whose_sender_does_not_sign_in_is_not_sent_and_can_be_again(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Signed out with a file")
    page.locator("ms-composer.alive").wait_for()
    session_ends(page)
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"}
    page.locator("ms-composer [type=file]").set_input_files(file)
    again = page.get_by_role("dialog", name="Sign in")
    expect(again).to_be_visible()
    page.keyboard.press("Escape")
    expect(again).to_have_count(0)
    expect(box(page)).not_to_have_value(re.compile("Uploading"))
    page.get_by_role("button", name="Try again: a.txt").click()
    signs_in_again(page)
    expect(box(page)).to_have_value(re.compile(r"^\[a\.txt\]\(/files/"))


def test_escape_leaves_the_sign_in_and_the_text_stays(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Signed out and unwilling")
    session_ends(page)
    box(page).fill("Still here")
    box(page).press("Control+Enter")
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)
    expect(box(page)).to_have_value("Still here")
    expect(box(page)).to_be_focused()


def test_signing_out_leaves_nothing_in_the_browser(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Shared computer")
    page.route("**/draft/", lambda route: route.fulfill(status=503))
    box(page).fill("Nobody's business")
    until(page, f"{UNSAVED} === 1")
    until(page, "localStorage.recent")
    # Over TLS, and from this machine, browsers clear it by themselves; over plain http only the page does.
    page.route("**/sign-out", without_clearing)
    page.locator("button.me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate(UNSAVED) == 0
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("localStorage.recent") is None


def without_clearing(route: Route) -> None:
    answer = route.fetch(max_redirects=0)
    headers = {n: v for n, v in answer.headers.items() if n != "clear-site-data"}
    assert len(headers) < len(answer.headers), "the server asks for nothing to be cleared"
    route.fulfill(response=answer, headers=headers)


def test_a_pasted_and_a_dropped_picture_are_seen_by_whoever_reads_the_message(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    number = made(page, "With pictures")
    box(page).fill("Look here: ")
    hand_over(page, "paste", "screen.png", picture())
    expect(box(page)).to_have_value(re.compile(r"!\[screen\.png\]\(/files/INC-"))
    hand_over(page, "drop", "notes [1].txt", b"plain words", "text/plain")
    expect(box(page)).to_have_value(re.compile(r"\n\[notes  1 \.txt\]|\[notes \\\[1\\\]\.txt\]"))
    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="Preview")
    expect(shown.locator("img")).to_have_js_property("naturalWidth", 24)
    preview = shown.inner_html()
    page.get_by_role("button", name="Save note").click()
    said = page.locator(".msg.internal .prose")
    expect(said.locator("img")).to_have_js_property("naturalWidth", 24)
    assert said.inner_html() == preview

    internal = re.search(r"/files/[^\"]+png", preview)
    assert internal
    page.get_by_text("Reply to").click()
    box(page).fill(f"![x]({internal[0]})")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".toast").last).to_contain_text("screen.png is internal")
    expect(box(page)).to_have_value(f"![x]({internal[0]})")
    expect(page.locator(".msg.public")).to_have_count(0)
    caller = sign_in("requester")
    caller.goto(f"/portal/requests/{number}/")
    assert "screen.png" not in caller.content()
    assert caller.request.get(internal[0]).status == 404


def test_a_file_that_is_refused_says_why_and_the_text_stays(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Too much")
    box(page).fill("Words before")
    hand_over(page, "drop", "empty.txt", b"", "text/plain")
    complaint = page.locator(".comp-u li", has=page.get_by_role("alert"))
    expect(complaint).to_contain_text("empty.txt: The file is empty.")
    expect(box(page)).to_have_value("Words before")
    expect(complaint.get_by_role("button", name="Try again")).to_have_count(0)
    complaint.get_by_role("button", name="Take away").click()
    expect(complaint).to_have_count(0)
    expect(box(page)).to_be_focused()


def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Slow line")
    held: list[Route] = []
    page.route("**/uploads/", lambda route: held.append(route))
    hand_over(page, "paste", "slow.png", picture())
    expect(box(page)).to_have_value(re.compile(r"!\[Uploading slow\.png …\]\(\)"))
    expect(page.get_by_role("progressbar", name="slow.png")).to_be_visible()
    page.locator(".comp-u").get_by_role("button", name="Cancel").click()
    expect(page.locator(".comp-u li")).to_have_count(0)
    expect(box(page)).to_have_value("")


def test_what_is_sent_waits_for_its_files(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "In a hurry")
    held: list[Any] = []
    page.route("**/uploads/", lambda route: held.append(route))
    hand_over(page, "paste", "late.png", picture())
    expect(box(page)).to_have_value(re.compile("Uploading"))
    for _impatient in range(2):
        box(page).press("Control+Enter")
    expect(page.locator(".msg")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".msg.internal img")).to_have_attribute("alt", "late.png")
    expect(page.locator(".msg")).to_have_count(1)


def test_a_text_that_waits_for_its_file_is_not_sent_as_another(sign_in: SignIn) -> None:
    """Nor without the file, where that does not get through after all."""
    page = sign_in("agent")
    made(page, "Another thought meanwhile")
    held: list[Any] = []
    page.route("**/uploads/", lambda route: held.append(route))
    page.get_by_text("Reply to").click()
    box(page).fill("A reply in the making")
    page.get_by_text("Internal note").first.click()
    hand_over(page, "paste", "late.png", picture())
    expect(box(page)).to_have_value(re.compile("Uploading"))
    box(page).press("Control+Enter")
    page.get_by_text("Reply to").click()
    held[0].continue_()
    expect(page.locator(".comp-u")).to_be_hidden()
    expect(box(page)).to_have_value("A reply in the making")
    page.get_by_text("Internal note").first.click()
    expect(box(page)).to_have_value(re.compile(r"!\[late\.png\]\(/files/"))
    hand_over(page, "paste", "lost.png", picture())
    box(page).press("Control+Enter")
    until(page, "document.querySelector('.comp-u progress')")
    held[1].fulfill(status=503)
    told = page.locator(".comp-u").get_by_role("alert")
    expect(told).to_contain_text("lost.png: It is not there yet, so nothing was sent.")
    expect(page.locator(".msg")).to_have_count(0)
    # Which is said no longer where the other text goes.
    page.get_by_text("Reply to").click()
    box(page).press("Control+Enter")
    expect(page.locator(".msg")).to_have_count(1)
    expect(told).to_have_text("lost.png: The server could not be reached. Try again.")


def test_a_file_that_did_not_get_through_is_tried_again_by_keyboard(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "In the tunnel with a picture")
    box(page).fill("Look here:")
    page.context.set_offline(True)
    for name in ("a.png", "b.png"):
        hand_over(page, "paste", name, picture())
    failed = page.locator(".comp-u li", has=page.get_by_role("alert"))
    expect(failed).to_have_count(2)
    expect(failed.first).to_contain_text("a.png: The server could not be reached. Try again.")
    expect(box(page)).to_have_value("Look here:")
    box(page).press_sequentially(" it fails.")
    again = page.get_by_role("button", name="Try again: b.png", exact=True)
    again.focus()
    page.keyboard.press("Enter")
    expect(failed).to_have_count(2)
    expect(again).to_be_focused()
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(failed).to_have_count(1)
    expect(box(page)).to_be_focused()
    # Where it would have stood, with what was typed behind it since.
    expect(box(page)).to_have_value(
        re.compile(r"^Look here:\n!\[b\.png\]\(/files/INC-[^)]+\)\n it fails\.$")
    )
    page.get_by_role("button", name="Take away: a.png", exact=True).press("Enter")
    expect(page.locator(".comp-u")).to_be_hidden()
    expect(box(page)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg.internal img")).to_have_attribute("alt", "b.png")
    expect(page.locator(".msg.internal")).to_contain_text("it fails.")


@pytest.mark.parametrize("how", ["button", "keys"])
def test_nothing_is_sent_without_a_file_that_did_not_get_through(sign_in: SignIn, how: str) -> None:
    page = sign_in("agent")
    made(page, "Not without them")
    asked: list[str] = []

    def goes_down(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=503)

    def send() -> None:
        if how == "keys":
            box(page).press("Control+Enter")
        else:
            page.get_by_role("button", name="Save note").click()

    page.route("**/uploads/", goes_down)
    box(page).fill("These two")
    for name in ("first.png", "second.png"):
        hand_over(page, "paste", name, picture())
    told = page.locator(".comp-u").get_by_role("alert")
    expect(told).to_have_count(2)
    for tries in (4, 6):
        send()
        expect(told).to_have_text(
            [
                f"{name}.png: It is not there yet, so nothing was sent. Try again, or take it away."
                for name in ("first", "second")
            ]
        )
        assert len(asked) == tries
        expect(box(page)).to_have_value("These two")
    expect(page.locator(".msg")).to_have_count(0)
    page.unroute("**/uploads/")
    send()
    pictures = page.locator(".msg.internal img")
    expect(pictures).to_have_count(2)
    assert pictures.evaluate_all("all => all.map((one) => one.alt)") == ["first.png", "second.png"]
    expect(page.locator(".msg")).to_have_count(1)
    expect(page.locator(".comp-u")).to_be_hidden()
    expect(box(page)).to_have_value("")


def test_a_reply_does_not_wait_for_a_file_of_the_note_which_stays(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Two texts, one file")
    page.route("**/uploads/", lambda route: route.fulfill(status=503))
    box(page).fill("For colleagues")
    hand_over(page, "paste", "inner.png", picture())
    told = page.locator(".comp-u").get_by_role("alert")
    expect(told).to_contain_text("inner.png: The server could not be reached.")
    page.get_by_text("Reply to").click()
    box(page).fill("To the caller")
    box(page).press("Control+Enter")
    expect(page.locator(".msg.public")).to_contain_text("To the caller")
    expect(box(page)).to_have_value("For colleagues")
    page.unroute("**/uploads/")
    page.get_by_role("button", name="Try again: inner.png").click()
    expect(told).to_have_count(0)
    expect(box(page)).to_have_value(re.compile(r"^For colleagues\n!\[inner\.png\]"))
    box(page).press("Control+Enter")
    expect(page.locator(".msg.internal img")).to_have_attribute("alt", "inner.png")


def test_somebody_is_called_by_keyboard_and_told(sign_in: SignIn, work: Work) -> None:
    page = sign_in("agent")
    made(page, "Whom to ask")
    page.locator("ms-composer.alive").wait_for()
    page.keyboard.press("n")
    expect(box(page)).to_be_focused()
    page.keyboard.type("Could @")
    options = page.get_by_role("listbox", name="People and teams").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(options.filter(has_text="Freya Lund")).to_have_count(0)
    page.keyboard.type("jonas")
    expect(options).to_have_count(1)
    expect(options).to_have_attribute("aria-selected", "true")
    assert box(page).get_attribute("aria-activedescendant") == options.get_attribute("id")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("Could @other ")
    page.keyboard.type("look? @workp")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box(page)).to_be_focused()
    page.keyboard.type("l")
    options.click()
    expect(box(page)).to_have_value("Could @other look? @workplace ")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg.internal .call")).to_have_text(["@other", "@workplace"])
    work()
    other = sign_in("other")
    other.goto("/inbox/")
    expect(other.locator("main")).to_contain_text("Whom to ask")


def test_marks_are_put_around_what_is_chosen(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Marks")
    box(page).fill("very slow")
    box(page).select_text()
    page.keyboard.press("Control+b")
    expect(box(page)).to_have_value("**very slow**")
    page.keyboard.press("Control+i")
    expect(box(page)).to_have_value("***very slow***")
    page.keyboard.press("Control+z")
    expect(box(page)).to_have_value("**very slow**")
    box(page).fill("one\ntwo")
    box(page).select_text()
    page.get_by_role("button", name="List").click()
    expect(box(page)).to_have_value("- one\n- two")
    box(page).fill("ls")
    box(page).select_text()
    page.get_by_role("button", name="Code").click()
    expect(box(page)).to_have_value("`ls`")


def test_a_preview_keeps_the_focus_and_is_sent_from(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Previewed and sent")
    box(page).fill("It is **sure**.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".comp-p strong")).to_have_text("sure")
    expect(page.get_by_role("button", name="Preview")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries strong")).to_have_text("sure")


def test_who_presses_for_whom_it_is_goes_on_by_writing(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Pressed and written")
    page.locator("ms-composer.alive").wait_for()
    for pressed in ("Reply to", "Note"):
        page.locator("ms-composer label", has_text=pressed).click()
        page.keyboard.type("Hello")
        expect(box(page)).to_have_value("Hello")
    page.get_by_role("radio", name="Note").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Reply to")).to_be_focused()


def test_the_deepest_text_is_no_wider_than_a_phone(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "Deep", "- " * 60 + "deep\n\n" + "> " * 60 + "deep\n\n" + "1. " * 60 + "deep")
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        page.reload()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0, width


def test_the_keys_of_a_record(sign_in: SignIn) -> None:
    page = sign_in("agent")
    made(page, "By keyboard")
    page.locator("ms-composer.alive").wait_for()
    page.locator("#main").focus()
    page.keyboard.press("w")
    expect(page.get_by_role("button", name="Send reply")).to_be_visible()
    expect(box(page)).to_be_focused()
    page.keyboard.type("rnea")
    expect(box(page)).to_have_value("rnea")
    page.keyboard.press("Escape")
    expect(box(page)).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys[open]")).to_contain_text("Leave the box; the text stays")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    expect(box(page)).to_have_value("rnea")
    page.keyboard.type(" @")
    offered = page.locator("ms-composer [data-word]")
    offered.first.wait_for()
    page.keyboard.press("Escape")
    expect(offered.first).to_be_hidden()
    expect(box(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_label("Search Assignee")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("m")
    expect(page.locator("#more")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("e")
    page.wait_for_url("**/edit/")


def test_to_the_neighbours_of_a_record_in_the_list_one_came_from(sign_in: SignIn) -> None:
    page = sign_in("agent")
    page.goto("/incidents/?view=all&order=created_at")
    paths = page.locator("tbody .c-title > a:not(.peek)").evaluate_all(
        "links => links.map((link) => link.pathname)"
    )
    page.locator("tbody .c-title > a:not(.peek)").nth(1).click()
    page.wait_for_url(f"**{paths[1]}")
    expect(page.get_by_role("link", name="Next in the list")).to_be_visible()
    page.keyboard.press("]")
    page.wait_for_url(f"**{paths[2]}")
    expect(page.get_by_role("link", name="Next in the list")).to_be_visible()
    page.keyboard.press("k")
    page.wait_for_url(f"**{paths[1]}")
    page.get_by_role("link", name="Previous in the list").click()
    page.wait_for_url(f"**{paths[0]}")
    expect(page.locator("ms-neighbours [aria-disabled]")).to_have_count(1)
    page.locator(".crumbs a", has_text="Incidents").click()
    page.wait_for_url("**/incidents/?view=all&order=created_at")


def test_the_same_field_changed_by_two_in_place_is_asked_about(sign_in: SignIn) -> None:
    first, second = sign_in("agent"), sign_in("team-lead")
    number = made(first, "Two at once")
    second.goto(f"/incidents/{number}/")
    open_menu(second, "Impact")
    expect(second.locator("#menu-impact .opt").first).to_be_visible()
    open_menu(first, "Urgency")
    first.locator("#menu-urgency").get_by_role("button", name="High", exact=True).click()
    expect(first.locator("#props .prop", has_text="Urgency")).to_contain_text("High")
    # Another field: nothing is asked, and both hold.
    second.locator("#menu-impact").get_by_role("button", name="High", exact=True).click()
    expect(second.locator("#props .prop", has_text="Impact")).to_contain_text("High")
    expect(second.locator("#props .prop", has_text="Urgency")).to_contain_text("High")
    first.reload()
    open_menu(second, "Category")
    category = second.locator("#menu-category").get_by_label("Category")
    category.fill("Laptops")
    open_menu(first, "Category")
    first.locator("#menu-category").get_by_label("Category").fill("Hardware")
    first.locator("#menu-category").get_by_role("button", name="Save").click()
    expect(first.locator("#props .prop", has_text="Category").first).to_contain_text("Hardware")
    category.press("Enter")
    dialog = second.locator("#dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("Priya Raman changed this")
    expect(dialog.get_by_role("button", name="Keep Hardware")).to_be_visible()
    dialog.get_by_role("button", name="Use Laptops").click()
    expect(second.locator("#props .prop", has_text="Category").first).to_contain_text("Laptops")


def test_without_a_script_a_draft_is_there_and_a_file_goes_along(
    sign_in: SignIn,
) -> None:
    page = sign_in("agent")
    number = made(page, "No script at all")
    box(page).fill("From the other browser")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    plain = sign_in("agent", java_script_enabled=False)
    plain.goto(f"/incidents/{number}/")
    expect(box(plain)).to_have_value("From the other browser")
    expect(plain.get_by_role("button", name="Preview")).to_have_count(0)
    plain.locator("[type=file]").set_input_files(
        {"name": "plan.png", "mimeType": "image/png", "buffer": picture()}
    )
    plain.locator("ms-composer button.pri").click()
    expect(plain.locator(".msg.internal")).to_contain_text("From the other browser")
    expect(plain.locator(".msg.internal .file")).to_contain_text("plan.png")
    expect(box(plain)).to_have_value("")
