"""A file that the portal does not take is told of as soon as it is chosen, and nothing is sent without it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_kept import calm

TOLD = "film.bin is larger than 25 MB: take it away or choose a smaller one."
EMPTY = "none.txt is empty: take it away or choose another one."


def test_what_is_not_taken_is_told_where_it_is_chosen(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("requester", viewport={"width": 320, "height": 640})
    film, none, fits = tmp_path / "film.bin", tmp_path / "none.txt", tmp_path / "fits.txt"
    with film.open("wb") as file:
        file.truncate(25 * 1024 * 1024 + 1)
    none.touch()
    fits.write_text("Small enough")
    for address, text in (("/portal/ask/", "[name=title]"), ("/portal/requests/INC-2/", "#a-text")):
        calm(page, address)
        field = page.locator("[name=files]")
        expect(field).to_have_accessible_description("Up to 25 MB each.")
        page.locator(text).fill("With a film")
        field.set_input_files([fits, film, none])
        errors = page.locator(".field:has([name=files]) .err")
        expect(errors).to_have_text([TOLD, EMPTY])
        expect(field).to_have_accessible_description(f"Up to 25 MB each. {TOLD} {EMPTY}")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        refused(page)
        expect(errors).to_have_text([TOLD, EMPTY])
        expect(field).to_be_focused()
        field.set_input_files([fits])
        expect(errors).to_have_count(0)
        expect(field).not_to_have_attribute("aria-invalid", "true")
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/portal/requests/INC-*/")
        expect(page.get_by_role("link", name="fits.txt")).to_be_visible()


def refused(page: Page) -> None:
    """Pressed, and nothing goes."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    here = page.url
    page.get_by_role("button", name="Send").click()
    page.wait_for_timeout(300)
    assert page.url == here and "POST" not in sent
    assert page.locator("[aria-busy=true]").count() == 0
