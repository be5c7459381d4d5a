"""A requester and an agent who read German, from the report to the confirmation."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Work

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
