"""A requester and an agent who read German, from the report to the confirmation."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Work
from tests.browser.shots import PAGES

# Words that no page of somebody who reads German may show; what people wrote stays as it is.
ENGLISH = re.compile(
    r"\b(?:the|your|you|with|and|what|nothing|is not|open|assigned|updated|requests?|new|save|cancel|close|send)\b",
    re.IGNORECASE,
)
WORDS_OF_OURS = """() => {
    const said = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const node = walker.currentNode
        if (!node.parentElement.closest("[dir=auto], bdi, code, kbd, script, .ref, .trunc, .prose, textarea"))
            said.push(node.textContent.trim())
    }
    for (const node of document.querySelectorAll("[aria-label], [title], [placeholder]"))
        if (!node.closest("[dir=auto], .prose, .grid tbody, time"))
            said.push(node.ariaLabel ?? "", node.placeholder ?? "")
    return said.filter(Boolean)
}"""


def speaks_german(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "de"
    said = page.evaluate(WORDS_OF_OURS)
    assert [text for text in said if ENGLISH.search(text)] == []


def test_from_the_report_to_the_confirmation(sign_in: SignIn, work: Work) -> None:
    asker = sign_in("requester", locale="de-DE")
    asker.goto("/portal/")
    speaks_german(asker)
    asker.get_by_placeholder("Die Verbindung bricht alle 20 Minuten ab").fill("Drucker im 3. Stock")
    asker.get_by_role("button", name="Melden").click()
    speaks_german(asker)
    asker.locator("textarea[name=body]").fill("Er zieht kein Papier ein.")
    asker.get_by_role("button", name="Senden").click()
    expect(asker.locator("#toasts")).to_contain_text("Wir antworten hier")
    expect(asker.get_by_role("list", name="Fortschritt")).to_contain_text("Gemeldet")
    number = asker.url.rstrip("/").rpartition("/")[2]
    speaks_german(asker)

    agent = sign_in("agent", locale="de-AT")
    agent.goto(f"/incidents/{number}/")
    speaks_german(agent)
    agent.get_by_role("link", name="Arbeit beginnen").click()
    agent.locator("#dialog").get_by_role("button", name="Arbeit beginnen").click()
    expect(agent.locator(".rec-h")).to_contain_text("In Arbeit")
    agent.get_by_text("Antwort an Freya Lund").click()
    agent.locator("ms-composer textarea").fill("Ich sehe ihn mir an.")
    agent.get_by_role("button", name=re.compile("^Antwort senden")).click()
    expect(agent.locator("#toasts")).to_contain_text("Antwort gesendet")
    agent.get_by_role("link", name="Lösen").click()
    dialog = agent.locator("#dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Lösen")
    dialog.get_by_role("button", name="Lösen").click()
    expect(dialog).to_contain_text("Das wird zuerst gebraucht.")
    dialog.get_by_label("Abschlusscode").select_option(label="Lösung bereitgestellt")
    dialog.get_by_label("Lösung", exact=True).fill("Die Papierführung war verklemmt.")
    dialog.get_by_role("button", name="Lösen").click()
    expect(agent.locator(".rec-h")).to_contain_text("Gelöst")
    speaks_german(agent)

    asker.goto(f"/portal/requests/{number}/")
    expect(asker.get_by_role("heading", name="Funktioniert es wieder?")).to_be_visible()
    speaks_german(asker)
    asker.get_by_role("button", name="Ja, es funktioniert").click()
    expect(asker.locator("#toasts")).to_contain_text("Danke, das ist abgeschlossen.")
    work()


def test_a_list_is_used_in_german(sign_in: SignIn) -> None:
    page = sign_in("agent", locale="de-DE")
    page.goto("/incidents/?filter=priority+%3C%3D+2+%26%26+team+in+my_teams")
    expect(page.locator(".chips")).to_contain_text("Priorität ist höchstens P2 Hoch")
    expect(page.locator(".chips")).to_contain_text("Team ist eines meiner Teams")
    page.get_by_role("link", name="Filter „Priorität ist höchstens P2 Hoch“ entfernen").click()
    expect(page.locator(".chips")).not_to_contain_text("Priorität")
    page.locator("tbody .cb").first.check()
    expect(page.get_by_role("toolbar")).to_contain_text("1 ausgewählt")
    speaks_german(page)
    for url in (
        "/",
        "/inbox/",
        "/problems/",
        "/problems/PRB-2/",
        "/tasks/",
        "/search/?q=INC-2",
        "/jobs/",
    ):
        page.goto(url)
        speaks_german(page)


# Words of the product that go on in the next line without a hyphen.
BROKEN = r"""() => {
    const broken = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const node = walker.currentNode, e = node.parentElement
        if (e.closest("[dir=auto], bdi, code, kbd, script, .ref, .prose, textarea, .sr, option, time, .paper")
            || !e.checkVisibility()) continue
        for (const word of node.data.matchAll(/\p{L}{3,}/gu)) {
            const range = document.createRange()
            range.setStart(node, word.index)
            range.setEnd(node, word.index + word[0].length)
            const shown = [...range.getClientRects()].filter((box) => box.width > 0)
            if (new Set(shown.map((box) => Math.round(box.top))).size > 1) broken.add(word[0])
        }
    }
    return [...broken]
}"""


def test_at_320_px_no_long_word_of_ours_is_broken_where_it_happens_to_end(sign_in: SignIn) -> None:
    """This browser knows of no language where its words part, as many do not."""
    broken, pages = {}, {}
    for name, (login, url) in PAGES.items():
        if name.startswith("parts"):
            continue
        if login not in pages:
            size = {"width": 320, "height": 900}
            pages[login] = sign_in(login, locale="de-DE", viewport=size)
        pages[login].goto(url)
        if found := pages[login].evaluate(BROKEN):
            broken[name] = found
    assert broken == {}


def test_who_signs_in_over_a_page_reads_on_in_its_language(sign_in: SignIn) -> None:
    """The browser asks for English, but its person chose German: who that is, nobody knows by then."""
    page = sign_in("agent", locale="en-GB")
    page.goto("/incidents/INC-2/")
    page.locator("[name=text]").fill("This is not lost.")
    page.evaluate("document.documentElement.lang = 'de'")
    page.context.clear_cookies(name="mainstay_session")
    page.locator("ms-composer .pri").click()
    again = page.get_by_role("dialog", name="Anmelden")
    expect(again).to_contain_text("Passwort")
    again.locator("[name=username]").fill("agent")
    again.locator("[name=password]").fill("wrong")
    again.locator("button").click()
    expect(again.get_by_role("alert")).to_contain_text("gehören nicht zusammen")
