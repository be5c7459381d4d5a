"""The session ends while a form is open: what was written into it is given back, and one is led back to its page."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.records import commands
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World, least

pytestmark = pytest.mark.django_db
# What is chosen or counted, and says nothing to a person; of a password nobody ever reads again.
NOT_WRITTEN = ("hidden", "checkbox", "radio", "file", "date", "datetime-local", "password")


class Form(HTMLParser):
    """What a page asks somebody to write, by name, and where each form of it is sent."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.here, self.written, self.rest = action, "", list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        said = dict(attrs)
        if tag == "form":
            is_post = said.get("method") == "post"
            self.here = said.get("action") or self.action if is_post else ""
        if self.here != self.action or not said.get("name"):
            return
        is_line = tag == "input" and said.get("type") not in NOT_WRITTEN
        is_line = is_line and said.get("inputmode") != "numeric"
        (self.written if is_line or tag == "textarea" else self.rest).append(said["name"])


def sent_signed_out(client: Client, url: str) -> tuple[list[str], list[str], str]:
    """What was written into a form, what the answer gives back of it, and where "Sign in" leads."""
    form = Form(url)
    form.feed(client.get(url).content.decode())
    wrote = {
        name: f"Room{n}" if n % 2 else f"line{n}\nand more" for n, name in enumerate(form.written)
    }
    rest = {name: "SVC-1" for name in form.rest if name not in wrote}
    del client.cookies[SESSION_COOKIE]
    answer = client.post(url, wrote | rest)
    if not wrote:
        return [], [], unescape(answer["Location"])
    assert answer.status_code == 401
    page = answer.content.decode()
    kept = [
        unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    ]
    door = re.search(r'href="(/sign-in[^"]*)"', page)
    assert door is not None
    return sorted(wrote.values()), sorted(kept), unescape(door[1])


@pytest.mark.parametrize("rtype", [t for t in shelf if t.form], ids=lambda rtype: rtype.name)
def test_all_that_was_written_is_given_back(world: World, browse: Browse, rtype: Any) -> None:
    number = commands.create(rtype, least(rtype), SETUP).number
    looked = 0
    for url in (f"/{rtype.plural}/new/", f"/{rtype.plural}/{number}/edit/"):
        client = browse("adm")
        if client.get(url).status_code == 200:
            wrote, kept, door = sent_signed_out(client, url)
            assert kept == wrote
            assert door == f"/sign-in?next={url}"
            looked += 1
    assert looked or rtype.name in ("task", "view", "notice", "task_template"), rtype.name


def test_a_caller_loses_no_word(world: World, browse: Browse) -> None:
    wrote, kept, door = sent_signed_out(browse("ra1"), "/portal/ask/broken/")
    assert kept == wrote and len(kept) >= 2
    assert door == "/sign-in?next=/portal/ask/broken/"


def test_what_stands_on_a_page_leads_back_to_it(world: World, browse: Browse) -> None:
    number = world.incident().number
    record, request = f"/incidents/{number}/", f"/portal/requests/{number}/"
    for url, form, back in (
        (f"{record}talk/", {"text": "Once"}, record),
        (f"{record}move/resolve/", {"resolution": "Anew"}, f"{record}move/resolve/"),
        (f"{record}set/title/", {"value": "Anew"}, f"{record}set/title/"),
        (f"{request}answer/", {"text": "It is gone"}, request),
        ("/incidents/bulk/?view=all", {"message": "All"}, "/incidents/"),
    ):
        page = Client().post(url, form).content.decode()
        assert f">{next(iter(form.values()))}</textarea>" in page, url
        assert f'href="/sign-in?next={back}"' in page, url


def test_what_nobody_wrote_is_not_shown(world: World) -> None:
    number = world.incident().number
    for url, form in (
        (f"/incidents/{number}/set/state/", {"value": "resolved", "seen": "1"}),
        (f"/incidents/{number}/edit/", {"seen": "3", "impact": "2", "team": "TEAM-1"}),
        ("/profile/password/", {"current": "a secret sentence", "password": "a new one"}),
        (f"/users/{number}/password/", {"current": "a secret sentence", "password": "x y"}),
    ):
        answer = Client().post(url, form)
        assert answer.status_code == 303
        assert answer["Location"].startswith("/sign-in?next=/")


def test_nobody_is_led_elsewhere(world: World) -> None:
    for path in ("//example.org/new/", "/incidents/new/?next=//example.org/", "/%2F/example.org/"):
        answer = Client().post(path, {"title": "A word"})
        page = answer.content.decode()
        assert not re.search(r'href="(?:https?:)?//example', page)
        assert "next=//" not in page
