"""The portal as an app: what a browser is told to install it, and what is kept for when it is offline."""

from __future__ import annotations

import json
import re
import struct

import pytest
from django.test import Client

from mainstay.surfaces.web import assets, flash
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse

pytestmark = pytest.mark.django_db


def test_the_manifest_says_what_it_is_in_the_readers_language() -> None:
    answer = Client().get("/portal/app.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["start_url"], told["scope"], told["display"]) == (
        "/portal/",
        "/portal/",
        "standalone",
    )
    assert told["name"] == "Help"
    built = assets.built()
    pictures = {built.small: "192x192", built.large: "512x512", built.cut: "512x512"}
    found = {icon["src"]: icon["sizes"] for icon in told["icons"]}
    assert found == {built.mark: "any", **pictures}
    assert [i["src"] for i in told["icons"] if i.get("purpose") == "maskable"] == [built.cut]


@pytest.mark.skipif(not assets.icons(), reason="the front end is not built")
def test_the_pictures_of_the_mark_are_as_large_as_they_say(browse: Browse) -> None:
    built = assets.built()
    for address, side in (
        (built.touch, 180),
        (built.small, 192),
        (built.large, 512),
        (built.cut, 512),
    ):
        content = (assets.DIST / address.removeprefix(assets.URL)).read_bytes()
        assert content.startswith(b"\x89PNG") and struct.unpack(">II", content[16:24]) == (
            side,
            side,
        )
    home = browse("ra1").get("/portal/").content.decode()
    assert f'<link rel="apple-touch-icon" href="{built.touch}">' in home


def test_what_is_kept_is_nobodys_and_exists() -> None:
    script = Client().get("/portal/service-worker.js?language=de")
    assert script["Content-Type"] == "text/javascript"
    kept = json.loads(re.search(r"const KEPT = (\[.*?\]);", script.content.decode())[1])  # type: ignore[index]
    assert kept[0] == "/portal/offline/?language=de"
    assert "Keine Verbindung" in Client().get(kept[0]).content.decode()
    # Every sentence of it, whatever the browser asks for by then.
    for language, other in (("de", "en"), ("en-gb", "de")):
        address = f"/portal/offline/?language={language}"
        page = Client(HTTP_ACCEPT_LANGUAGE=other).get(address).content
        assert page == Client(HTTP_ACCEPT_LANGUAGE=language).get(address).content
    # Whatever else is asked for is what the browser asks for.
    for other in ("", "?language=xx", "?language=" + "d" * 5000, "?language=%00"):
        assert b"No connection" in Client().get(f"/portal/offline/{other}").content
    assert all(address.startswith("/static/") for address in kept[1:])


def test_the_page_without_a_connection_is_the_same_for_everybody(browse: Browse) -> None:
    stranger = Client().get("/portal/offline/").content
    assert b"No connection" in stranger
    reader = browse("ra1")
    done = reader.post("/profile/sessions/")
    waiting = reader.cookies[flash.COOKIE].value
    assert done.status_code == 303 and waiting
    reader.cookies["theme"], reader.cookies["letters"] = "dark", "off"
    told = reader.get("/portal/offline/")
    assert told.content == stranger
    # Nor does it take away what the next page is to tell.
    assert not told.cookies and reader.cookies[flash.COOKIE].value == waiting


def test_only_the_portal_is_installed(browse: Browse) -> None:
    assert b'rel="manifest"' in browse("ra1").get("/portal/").content
    assert b'rel="manifest"' not in browse("agn").get("/").content
