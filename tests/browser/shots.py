"""Photographs every page, light and dark, on a desk and on a phone, and from right to left, into ./shots."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.live import (
    ARGUMENTS,
    CHROMIUM,
    FROM_THE_RIGHT,
    environment,
    served,
    serving,
)
from tests.browser.reference import GROUPS, group
from tests.browser.waiting import BELL, at_rest, until
from tests.browser.world import JOBS, PASSWORD

DEVICES = {
    "d": {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1},
    "m": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
FINISHED, RUNNING = JOBS
MODES = ("d-light", "d-dark", "m-light", "m-dark", "d-rtl")
# In which language, where `make shots` is not asked for another: `python -m tests.browser.shots de queue`.
LANGUAGES = {"de": "de-DE"}
# name: (who looks, address)
PAGES = {
    "signin": ("", "/sign-in"),
    "missing": ("agent", "/incidents/INC-999/"),
    "home": ("agent", "/"),
    "workload": ("team-lead", "/workload/"),
    "workload-person": ("team-lead", "/workload/?person=USER-3"),
    "inbox": ("agent", "/inbox/"),
    "inbox-info": ("agent", "/inbox/?view=info"),
    "inbox-nap": ("agent", "/inbox/"),
    "inbox-empty": ("auditor", "/inbox/"),
    "preferences": ("agent", "/inbox/preferences/"),
    "queue": ("agent", "/incidents/"),
    "queue-filter": (
        "agent",
        "/incidents/?view=all&filter=priority+%3C%3D+2+%26%26+team+in+my_teams&order=-updated_at",
    ),
    "queue-unsaved": ("agent", "/incidents/?view=mine&filter=priority+%3C%3D+3"),
    "queue-save-view": ("team-lead", "/incidents/?view=mine&filter=priority+%3C%3D+3"),
    "queue-more-views": ("agent", "/problems/"),
    "queue-error": ("agent", "/incidents/?filter=priorty+%3C+3"),
    "queue-none": ("agent", "/incidents/?filter=title.contains(%22zebra%22)"),
    "record": ("agent", "/incidents/INC-1/"),
    "record-hold": ("agent", "/incidents/INC-2/"),
    "record-resolved": ("agent", "/incidents/INC-7/"),
    "queue-bulk": ("agent", "/incidents/?view=all"),
    "queue-would": ("agent", "/incidents/?view=all"),
    "queue-columns": ("agent", "/incidents/"),
    "queue-builder": ("agent", "/incidents/"),
    "queue-chip": (
        "agent",
        "/incidents/?view=all&filter=priority+in+[1,2]+%26%26+(team+==+null+||+assignee+!=+me)",
    ),
    "queue-chip-names": (
        "agent",
        "/incidents/?view=all&filter=assignee+in+[me,%22USER-4%22]&part=0",
    ),
    "queue-groups": ("agent", "/incidents/?group=state&density=compact"),
    "queue-peek": ("agent", "/incidents/?peek=INC-2"),
    "queue-cell": ("agent", "/incidents/"),
    "record-menu": ("agent", "/incidents/INC-3/"),
    "record-link-refused": ("agent", "/incidents/INC-3/"),
    "record-dialog": ("agent", "/incidents/INC-3/"),
    "record-reply": ("agent", "/incidents/INC-3/"),
    "record-call": ("agent", "/incidents/INC-5/"),
    "record-preview": ("agent", "/incidents/INC-5/"),
    "record-refused-file": ("agent", "/incidents/INC-5/"),
    "record-signed-out": ("other", "/incidents/INC-5/"),
    "nav": ("agent", "/incidents/"),
    "palette": ("agent", "/incidents/INC-2/"),
    "palette-find": ("agent", "/"),
    "keys": ("agent", "/incidents/"),
    "bell": ("agent", "/"),
    "profile": ("agent", "/profile/"),
    "portal-profile": ("requester", "/portal/profile/"),
    "edit": ("agent", "/incidents/INC-1/edit/"),
    "move": ("agent", "/incidents/INC-1/move/resolve/"),
    "move-refused": ("agent", "/incidents/INC-1/move/resolve/"),
    "set": ("agent", "/incidents/INC-1/set/assignee/"),
    "new": ("agent", "/incidents/new/"),
    "remove": ("administrator", "/incidents/INC-6/remove/"),
    "jobs": ("agent", "/jobs/"),
    "job": ("agent", f"/jobs/{FINISHED}/"),
    "job-running": ("agent", f"/jobs/{RUNNING}/"),
    "new-person": ("administrator", "/users/new/"),
    "problems": ("agent", "/problems/"),
    "problem": ("agent", "/problems/PRB-1/"),
    "problem-proof": ("agent", "/problems/PRB-2/"),
    "problem-communicate": ("agent", "/problems/PRB-1/communicate/workaround/"),
    "problem-risk": ("team-lead", "/problems/PRB-1/move/accept_risk/"),
    "tasks": ("agent", "/tasks/"),
    "task": ("agent", "/tasks/TASK-2/"),
    "task-add": ("agent", "/incidents/INC-1/"),
    "task-new": ("agent", "/tasks/new/"),
    "notices": ("agent", "/notices/?view=all"),
    "notice": ("agent", "/notices/NTC-1/"),
    "notice-ended": ("agent", "/notices/NTC-2/"),
    "notice-publish": ("agent", "/incidents/INC-3/notices/"),
    "tell-children": ("agent", "/incidents/INC-1/tell-children/"),
    "problem-duplicate": ("agent", "/problems/PRB-1/duplicate/"),
    "portal-notice": ("requester", "/portal/notices/NTC-1/"),
    "parts": ("agent", "/-/parts/"),
    **{f"parts-{name}": ("agent", group(name)) for name in GROUPS},
    "portal-offline": ("", "/portal/offline/"),
    "portal-search": ("requester", "/portal/search/?q=vouchers"),
    "search": ("agent", "/incidents/INC-2/"),
    "search-found": ("agent", "/search/?q=INC-2"),
    "suggest-find": ("agent", "/search/"),
    "portal-suggest": ("requester", "/portal/requests/"),
    "task-template": ("team-lead", "/task-templates/TT-1/"),
    "services": ("agent", "/services/"),
    "items": ("agent", "/items/"),
    "item": ("agent", "/items/CI-1/"),
    "users": ("administrator", "/users/"),
    "user": ("administrator", "/users/USER-3/"),
    "team": ("administrator", "/teams/TEAM-1/"),
    "audit": ("administrator", "/audit/"),
    "audit-filter": ("administrator", "/audit/?kind=incident&text=vpn"),
    "portal": ("requester", "/portal/"),
    "portal-me-too": ("requester", "/portal/"),
    "portal-ask": ("requester", "/portal/ask/?title=The+VPN+drops"),
    "portal-requests": ("requester", "/portal/requests/"),
    "portal-inbox": ("requester", "/portal/inbox/"),
    "portal-preferences": ("requester", "/portal/inbox/preferences/"),
    "portal-answer": ("requester", "/portal/requests/INC-2/"),
    "portal-withdraw": ("requester", "/portal/requests/INC-2/"),
    "portal-confirm": ("requester", "/portal/requests/INC-7/"),
}
# The reference drawn another way, and with all of it in focus: photographed where somebody names it; judged by
# tests/browser/test_parts.py.
WAYS = ("rtl", "compact", "touch", "pointed", "pressed", "print", "forced", "focus")
DRAWN_AGAIN = {
    f"parts-{name}-{way}": ("agent", group(name, "" if way == "focus" else way))
    for name in GROUPS
    for way in WAYS
}
MENUS = ".tabbar [popovertarget=nav], button.me"
# What is done on a page before it is looked at.
ACTS: dict[str, Callable[[Page], object]] = {
    "inbox-nap": lambda page: page.locator("[data-key=s]").first.click(),
    "queue-bulk": lambda page: choose_two(page),
    "queue-would": lambda page: would(page),
    "queue-save-view": lambda page: page.locator("#v-new").click(),
    "queue-more-views": lambda page: page.locator("#more-b, #v-more").first.click(),
    "queue-cell": lambda page: page.keyboard.press("j") or page.keyboard.press("a"),
    "queue-columns": lambda page: page.locator("[popovertarget=columns]").click(),
    "queue-builder": lambda page: page.locator("[popovertarget=builder]").click(),
    "queue-chip": lambda page: page.locator("#part-0").click(),
    "record-link-refused": lambda page: be_refused_a_link(page),
    "audit-filter": lambda page: page.locator("[popovertarget=builder]").click(),
    "record-menu": lambda page: page.locator("#b-assignee").click(),
    "record-dialog": lambda page: page.locator("a[href$='/move/hold/']").first.click(),
    "move-refused": lambda page: be_refused(page),
    "portal-me-too": lambda page: have_it_too(page),
    "task-add": lambda page: page.locator("[popovertarget=add-task]").click(),
    "portal-withdraw": lambda page: page.locator("aside summary").press("Enter"),
    "record-reply": lambda page: write_a_reply(page),
    "record-call": lambda page: call_somebody(page),
    "record-preview": lambda page: look_at_the_preview(page),
    "record-refused-file": lambda page: be_refused_a_file(page),
    "record-signed-out": lambda page: be_signed_out(page),
    "home": lambda page: after_a_record(page, "/"),
    "search": lambda page: after_a_record(page, "/search/"),
    "suggest-find": lambda page: suggested(page, "#find"),
    "portal-suggest": lambda page: suggested(page, "[name=q]"),
    "palette": lambda page: palette(page, ""),
    "palette-find": lambda page: palette(page, "vpn"),
    "keys": lambda page: page.keyboard.press("?"),
    "bell": lambda page: page.locator("#bell").click(),
    **{
        f"parts-{name}-focus": lambda page: forced(page, "focus", "focus-visible")
        for name in GROUPS
    },
    "nav": lambda page: page.locator(MENUS).filter(visible=True).click(),
}
# What has states of its own while somebody points, presses or walks through with Tab.
PRESSED = ("a[href]", "button", "input", "select", "textarea", "summary")
# The only noise a page may make: a browser tells of every answer that is not 2xx.
# What a refusal leaves in the console, and what a test asks for that takes the connection away.
EXPECTED = (
    "Failed to load resource: the server responded with a status of",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def signed_in(
    browser: Browser, address: str, login: str, password: str = PASSWORD, **options: object
) -> Page:
    """A page of a browser where this person is signed in."""
    usual = {"locale": "en-GB", "timezone_id": "Europe/Stockholm", "reduced_motion": "reduce"}
    tab = browser.new_context(base_url=address, **usual | options).new_page()  # type: ignore[arg-type]
    if login:
        tab.goto("/sign-in")
        tab.fill("[name=username]", login)
        tab.fill("[name=password]", password)
        tab.click("main button")
        tab.wait_for_load_state()
    return tab


def palette(page: Page, typed: str) -> None:
    page.keyboard.press("Control+k")
    page.locator("#pal-lines").wait_for()
    page.keyboard.type(typed)
    page.wait_for_timeout(600)


def be_refused_a_link(page: Page) -> None:
    page.get_by_role("button", name="Link a record").click()
    page.locator("#link-record").fill("no such thing")
    page.locator("#add-link").get_by_role("button", name="Link").click()
    page.locator("#e-record-1").wait_for()


def choose_two(page: Page) -> None:
    if page.locator(".pick").is_visible():
        page.locator(".pick").click()
    for n in (2, 3):
        page.locator("tbody .cb").nth(n).check(force=True)


def would(page: Page) -> None:
    """What a move would do to two that may make it and to two that may not."""
    choose_two(page)
    for n in (0, 12):
        page.locator("tbody .cb").nth(n).check(force=True)
    page.locator("[popovertarget=bulk-moves]").click()
    page.locator("#bulk-moves").get_by_role("button", name="Start work").click()
    page.locator(".would li").first.wait_for()


def after_a_record(page: Page, address: str) -> None:
    """What was opened last stands there."""
    page.goto("/incidents/INC-2/")
    until(page, "localStorage.recent?.includes('INC-2')")
    page.goto(address)
    page.locator("#lately li").first.wait_for()


def suggested(page: Page, box: str) -> None:
    """By a number, which is known before anything is indexed."""
    page.locator(box).press_sequentially("INC-2")
    page.locator("ms-suggest:visible").wait_for()
    page.keyboard.press("ArrowDown")


def forced(page: Page, *states: str, within: str = ".ground") -> None:
    """Everything one can press or fill in there looks as if it were pointed at, pressed or in focus.

    The browser reckons the whole page anew for each of them, unless nothing of it is shown.
    """
    page.evaluate("document.body.style.display = 'none'")
    browser = page.context.new_cdp_session(page)
    browser.send("DOM.enable")
    browser.send("CSS.enable")
    root = browser.send("DOM.getDocument")["root"]["nodeId"]
    wanted = {"nodeId": root, "selector": ", ".join(f"{within} {kind}" for kind in PRESSED)}
    for node in browser.send("DOM.querySelectorAll", wanted)["nodeIds"]:
        asked = {"nodeId": node, "forcedPseudoClasses": list(states)}
        browser.send("CSS.forcePseudoState", asked)
    page.evaluate("document.body.removeAttribute('style')")


def write_a_reply(page: Page) -> None:
    page.locator(".comp-t label").last.click()
    page.locator("ms-composer textarea").fill("We have **two** spare ones.")


def call_somebody(page: Page) -> None:
    writing(page).fill("")
    writing(page).press_sequentially("Could @")
    page.locator("[data-word]").first.wait_for()


def look_at_the_preview(page: Page) -> None:
    writing(page).fill(
        "It began with the **certificate**:\n\n- `hsm-eu-2` expired\n- @other knows why"
    )
    page.locator("[data-preview]").click()
    page.locator(".comp-p li").first.wait_for()


def be_refused(page: Page) -> None:
    """With more than one thing to look at again."""
    page.locator("main form .btn.pri").click()
    page.locator(".errsum li:nth-child(2)").wait_for()


def have_it_too(page: Page) -> None:
    """Once; whoever has said so is not asked again."""
    if (button := page.get_by_role("button", name="Me too")).count():
        button.click()
    page.get_by_role("button", name="Not me any more").wait_for()


def be_refused_a_file(page: Page) -> None:
    writing(page).fill("The display says: ")
    page.locator("ms-composer [type=file]").set_input_files(
        {"name": "display.png", "mimeType": "image/png", "buffer": b""}
    )
    page.locator(".comp-u .err").wait_for()


def be_signed_out(page: Page) -> None:
    """Told by what one sends and not by the bell, which would say so of itself."""
    writing(page).fill("This is not lost.")
    cookies = page.context.cookies()
    page.route(BELL, lambda route: route.fulfill(status=204))
    page.context.clear_cookies(name="mainstay_session")
    page.locator("ms-composer .pri").click()
    page.locator("dialog.again").wait_for()
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.unroute(BELL)


def writing(page: Page) -> Locator:
    page.locator("ms-composer.alive").wait_for()
    return page.locator("ms-composer textarea")


def look_at(page: Page, name: str) -> None:
    """Opens one of the pages and does on it what its picture shows."""
    with at_rest(page) as rest:
        page.goto((PAGES | DRAWN_AGAIN)[name][1])
        page.evaluate("document.fonts.ready")
        if act := ACTS.get(name):
            act(page)
            rest()


def photograph(
    addresses: tuple[str, str],
    folder: Path,
    names: list[str],
    modes: list[str],
    *,
    full: bool,
    locale: str = "en-GB",
) -> list[str]:
    """What was wrong with any of them, in words. The second address serves from right to left."""
    folder.mkdir(exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for mode in modes:
            device, theme = mode.split("-")
            address = addresses[theme == "rtl"]
            seen = {"locale": locale, "color_scheme": "dark" if theme == "dark" else "light"}
            tabs: dict[str, Page] = {}
            for name in names:
                login, _url = (PAGES | DRAWN_AGAIN)[name]
                if login not in tabs:
                    tabs[login] = signed_in(browser, address, login, **seen, **DEVICES[device])
                    tabs[login].on(
                        "console",
                        lambda m, n=name: (
                            wrong.append(f"{n}: {m.text}")
                            if m.type == "error" and not m.text.startswith(EXPECTED)
                            else None
                        ),
                    )
                    tabs[login].on("pageerror", lambda e, n=name: wrong.append(f"{n}: {e}"))
                tab = tabs[login]
                look_at(tab, name)
                if (over := tab.evaluate(OVERFLOW)) > 0:
                    wrong.append(f"{name} {mode}: {over} px wider than the screen")
                tab.screenshot(path=folder / f"{name}-{mode}.png", full_page=full)
        browser.close()
    return wrong


def main(words: list[str]) -> int:
    names = [w for w in words if w in PAGES | DRAWN_AGAIN] or list(PAGES)
    modes = [w for w in words if w in MODES] or list(MODES)
    locale = next((LANGUAGES[w] for w in words if w in LANGUAGES), "en-GB")
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data)) as address,
        served(environment(Path(data), FROM_THE_RIGHT)) as mirrored,
    ):
        wrong = photograph(
            (address, mirrored), Path("shots"), names, modes, full="full" in words, locale=locale
        )
    sys.stdout.write("\n".join(wrong or [f"{len(names) * len(modes)} pictures in ./shots"]) + "\n")
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
