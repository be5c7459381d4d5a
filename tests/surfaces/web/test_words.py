"""The words of the pages: what fields, keys and values are called, and what is shown where nothing is."""

from __future__ import annotations

import re

import pytest

from mainstay.records import commands, fields
from mainstay.records.types import Message, shelf
from mainstay.surfaces.web import formats
from tests.surfaces.web.conftest import Browse
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
NAMED = ("user", "team", "organisation", "site", "skill", "service", "item")
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"


@pytest.mark.parametrize("name", NAMED)
def test_people_and_things_have_a_name_and_no_title(browse: Browse, name: str) -> None:
    rtype = shelf.type(name)
    assert fields.of(rtype)["title"].name == "title"
    form = browse("adm").get(f"/{rtype.plural}/new/").content.decode()
    label = re.search(r'<label for="f-title">([^<]+)', form)
    assert label is not None
    assert label[1].strip() == "Name"
    refused = browse("adm").post(f"/{rtype.plural}/new/", {"title": ""}).content.decode()
    assert "Name: This is needed" in refused


def test_an_incident_has_a_title(browse: Browse) -> None:
    assert '<label for="f-title">Title' in browse("agn").get("/incidents/new/").content.decode()


def test_the_keys_that_send_are_those_of_the_keyboard(browse: Browse, world: World) -> None:
    url = f"/incidents/{world.incident().number}/"
    plain = browse("agn").get(url).content.decode()
    assert "Ctrl+Enter</kbd>" in plain
    assert "⌘" not in plain
    assert "⌘↵</kbd>" in browse("agn").get(url, headers={"User-Agent": MAC}).content.decode()


def test_a_hold_says_when_its_message_is_needed(browse: Browse, world: World) -> None:
    number = world.incident().number
    for client, url, form in (
        ("agn", f"/incidents/{number}/move/hold/", None),
        ("agn", "/incidents/bulk/", {"step": "move:hold", "sel": number}),
    ):
        page = browse(client).post(url, form) if form else browse(client).get(url)
        text = page.content.decode()
        label = re.search(r'<label for="f-message">(.*?)</label>', text)
        assert label is not None
        assert "optional" not in label[1]
        assert "Needed when this waits for the caller" in text
    resolve = browse("agn").get(f"/incidents/{number}/move/resolve/").content.decode()
    assert "optional" in resolve.partition('<label for="f-message">')[2].partition("</label>")[0]


def test_what_is_not_set_is_told_in_one_way(browse: Browse, world: World) -> None:
    number = world.incident().number
    for name in ("agn", "aud", "ra1"):
        part = {"HX-Request": "true", "HX-Target": "div#record"}
        page = browse(name).get(f"/incidents/{number}/", headers=part).content.decode()
        side = page.partition('id="props"')[2].partition("</section>")[0]
        assert side.count("<dd>") == side.count("</dd>") > 5
        for value in re.findall(r"<dd>(.*?)</dd>", side, re.DOTALL):
            words = re.sub(r"<div.*?</div>", "", value, flags=re.DOTALL)
            assert re.sub(r"<[^>]+>|[\w ]+: </span>", "", words).strip(), value
        assert "Not set" in side


def test_at_a_glance_a_picture_is_its_name_and_a_text_no_more_than_is_seen() -> None:
    """Nobody opened the file by that, and nobody waits for it."""
    shown = formats.md("See ![a plan](/files/INC-1/k/n.png)", glance=True)
    assert "<img" not in shown
    assert re.search(r'<a href="/files/INC-1/k/n.png"[^>]*>a plan</a>', shown)
    assert re.search(r">n\.png</a>", formats.md("![](/files/INC-1/k/n.png)", glance=True))
    in_link = formats.md("[![a](/files/INC-1/k/n.png)](https://example.org/)", glance=True)
    assert "<img" not in in_link and in_link.count("<a ") == 1
    for text in ("word " * 5_000, "w" * 25_000):
        assert 800 < len(formats.md(text, glance=True)) < 1_000
        assert len(formats.md(text)) > 20_000
    assert formats.md("**short**", glance=True) == formats.md("**short**")


def test_a_picture_from_elsewhere_is_a_link(browse: Browse, world: World) -> None:
    shown = formats.md("![a plan](https://example.org/p.png) ![](https://example.org/q.png)")
    assert "<img" not in shown
    assert re.search(r'<a href="https://example.org/p.png"[^>]*>a plan</a>', shown)
    assert re.search(
        r'<a href="https://example.org/q.png"[^>]*>https://example.org/q.png</a>', shown
    )
    assert '<img src="/files/INC-1/k/n.png" alt="ours">' in formats.md(
        "![ours](/files/INC-1/k/n.png)"
    )
    for bad in (
        "![x](/files/../sign-out)",
        "![x](javascript:alert(1))",
        '![<b>](https://e.org/"x)',
    ):
        assert "<img" not in formats.md(bad)
        assert "javascript:" not in formats.md(bad).partition("href")[2]
    say = incident.offer("say")
    assert say is not None
    number = world.incident().number
    say(incident, number, Message("all", "![x](https://example.org/p.png)"), world.by("agn"))
    assert "<img" not in browse("agn").get(f"/incidents/{number}/").content.decode()


def test_a_message_typed_for_many_is_kept_when_something_is_missing(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    form = {"step": "move:resolve", "sel": number, "apply": "1", "message": "All well now"}
    answer = browse("agn").post("/incidents/bulk/", form)
    assert answer.status_code == 422
    assert "All well now" in answer.content.decode()
    commands.move(incident, number, "start", {}, world.by("agn"))
