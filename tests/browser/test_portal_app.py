"""The portal can be installed, and says so when there is no connection."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import SignIn

KEPT = """() => caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)
    .then((cache) => cache.keys()).then((all) => all.map((one) => new URL(one.url).pathname)))))
    .then((lists) => lists.flat())"""


def test_without_a_connection_the_portal_says_so_and_keeps_nobodys_page(sign_in: SignIn) -> None:
    page = sign_in("requester")
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/portal/requests/")
    kept = page.evaluate(KEPT)
    assert "/portal/offline/" in kept
    assert [path for path in kept if not path.startswith(("/static/", "/portal/offline/"))] == []
    page.context.set_offline(True)
    page.goto("/portal/requests/INC-2/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="VPN disconnects")).to_be_visible()


def test_a_browser_finds_nothing_that_keeps_it_from_being_installed(sign_in: SignIn) -> None:
    page = sign_in("requester")
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    asked = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    found = {error["errorId"] for error in asked["installabilityErrors"]}
    # A window of an automated browser is never installed from; the rest is ours.
    assert found - {"in-incognito"} == set()
