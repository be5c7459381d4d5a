"""The palette offers what this person may do, and tells nothing of what they may not see."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from mainstay.records import commands, delivery
from mainstay.records.types import shelf
from mainstay.surfaces.web import palette
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db(transaction=True)


def lines(client: Client, **asked: str) -> str:
    answer = client.get(f"/palette/?{urlencode(asked)}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_stranger_gets_nothing_and_without_a_script_it_is_the_search(browse: Browse) -> None:
    assert Client().get("/palette/", headers={"HX-Request": "true"}).status_code == 401
    assert browse("agn").get("/palette/")["Location"] == "/search/"


def test_each_role_is_offered_its_own_pages_and_creations(browse: Browse, world: World) -> None:
    agent, requester, administrator, auditor = (
        lines(browse(n)) for n in ("agn", "ra1", "adm", "aud")
    )
    assert "/incidents/new/" in agent and "/users/new/" not in agent and "/audit/" not in agent
    assert "/users/new/" in administrator and "/audit/" in administrator
    assert "/audit/" in auditor and "/problems/new/" not in auditor
    assert "/problems/" not in requester and "/portal/" in requester


def test_a_number_resolves_at_once_and_a_verb_behind_it_chooses(
    browse: Browse, world: World
) -> None:
    number, client = world.incident().number, browse("agn")
    base = f"/incidents/{number}/"
    told = lines(client, q=number.lower().replace("-", " "))
    assert told.index(base) < told.index(f"{base}move/") and f"{base}set/" in told
    told = lines(client, q=f"{number} resolve")
    assert f'hx-get="{base}move/resolve/"' in told and f"{base}set/" not in told


def test_what_is_done_here_is_what_is_legal_for_this_person(browse: Browse, world: World) -> None:
    number = world.incident().number
    at = f"/incidents/{number}/"
    assert f"{at}move/resolve/" in lines(browse("agn"), at=at)
    own, auditor = lines(browse("ra1"), at=at), lines(browse("aud"), at=at)
    assert f"{at}move/resolve/" not in own and f"{at}set/" not in own
    assert f"{at}move/" not in auditor and f"{at}edit/" not in auditor
    assert at not in lines(browse("rb1"), at=at)


@pytest.mark.parametrize("name", ["agn", "ra1", "agb", "ven", "mgr"])
def test_what_is_behind_a_wall_is_in_no_line(browse: Browse, world: World, name: str) -> None:
    hidden = world.hidden_incident().number
    delivery.drain()
    client = browse(name)
    for asked in (
        {"q": hidden},
        {"q": "CNRY"},
        {"recent": hidden},
        {"at": f"/incidents/{hidden}/"},
    ):
        told = lines(client, **asked)
        assert "payslip" not in told and f"/incidents/{hidden}/" not in told, asked
    assert f"/incidents/{hidden}/" in lines(browse("agh"), recent=hidden)


def test_recent_ones_come_first_as_they_were_given(browse: Browse, world: World) -> None:
    first, second = world.incident().number, world.incident(title="Second").number
    commands.remove(shelf.type("incident"), world.incident().number, world.by("adm"))
    told = lines(browse("agn"), recent=f"{second},INC-999999,{first},nonsense'")
    assert told.index(f"/incidents/{second}/") < told.index(f"/incidents/{first}/")
    assert told.index(first) < told.index("/inbox/")


@pytest.mark.parametrize("typed", ["'", "%", "\\", "<b>", "INC-", "zzzz qqqq", "a" * 500, "🙂"])
def test_odd_words_are_answered(browse: Browse, world: World, typed: Any) -> None:
    told = lines(browse("agn"), q=typed, at="/'/../")
    assert "<b>" not in told
    # Nothing is called so: the search alone is left.
    assert any(map(str.isalnum, typed)) or told.count('role="option"') == 1


def test_every_line_leads_somewhere(browse: Browse, world: World) -> None:

    client, number = browse("adm"), world.incident().number
    for told in (lines(client), lines(client, at=f"/incidents/{number}/"), lines(client, q="open")):
        for href in set(re.findall(r' href="(/(?!static)[^"#]+)', told)):
            assert client.get(href.replace("&amp;", "&")).status_code in (200, 303, 405), href


@pytest.mark.parametrize(
    ("language", "typed"),
    [("en-gb", ("new", "create", "Crea")), ("de", ("neu", "Neuer", "anlegen", "erstell", "new"))],
)
def test_a_word_for_creating_finds_all_that_can_be_created(
    browse: Browse, world: World, language: str, typed: tuple[str, ...]
) -> None:
    commands.change(shelf.type("user"), world.number("adm"), {"language": language}, SETUP)
    client = browse("adm")
    every = set(re.findall(r'"(/[a-z-]+/new/)"', lines(client)))
    assert len(every) > palette.MOST
    for word in typed:
        assert set(re.findall(r'"(/[a-z-]+/new/)"', lines(client, q=word))) == every, word
    named = {"en-gb": "create incident", "de": "neuer incident"}[language]
    assert "/incidents/new/" in lines(client, q=named) and "/teams/new/" not in lines(
        client, q=named
    )
    assert "/new/" not in lines(client, q="cr")


def test_the_row_one_stands_on_is_acted_on_from_its_list(browse: Browse, world: World) -> None:
    number, hidden = world.incident().number, world.hidden_incident().number
    base, client = f"/incidents/{number}/", browse("agn")
    told = lines(client, at="/incidents/", row=number)
    assert f'hx-get="{base}set/assignee/"' in told
    service = world.services["vpn"]
    own = lines(browse("adm"), at="/services/", row=service)
    assert (
        f'hx-post="/services/{service}/move/retire/" hx-target="#{service}" hx-swap="outerMorph"'
        in own
    )
    assert f'hx-get="{base}move/resolve/"' in lines(client, at="/incidents/", row=number, q="resol")
    for other in (hidden, "INC-999999", "'", "USER-1"):
        assert f"/incidents/{other}/" not in lines(client, at="/incidents/", row=other)
    assert f"{base}set/" not in lines(browse("aud"), at="/incidents/", row=number)


def test_a_priority_is_found_by_its_name_where_it_follows_from_others(
    browse: Browse, world: World
) -> None:
    at = f"/incidents/{world.incident().number}/"
    told = lines(browse("agn"), at=at, q="priority")
    assert f"{at}set/impact/" in told and f"{at}set/urgency/" in told
    assert f"{at}set/category/" not in told


@pytest.mark.parametrize(
    ("language", "typed", "within"), [("en-gb", "new", "hold"), ("de", "neu", "angehalten")]
)
def test_what_is_called_as_one_types_stands_before_what_the_page_shows(
    browse: Browse, world: World, language: str, typed: str, within: str
) -> None:
    """What a script finds on the page, such as "Order by: Newest", goes where its section stands."""
    commands.change(shelf.type("user"), world.number("agn"), {"language": language}, SETUP)
    client = browse("agn")
    told = lines(client, q=typed, at="/incidents/")
    assert "/incidents/new/" in told
    assert told.index("/incidents/new/") < told.index('id="pal-here"')
    # What is only found by a word of its label goes behind what the page shows, as before.
    other = lines(client, q=within, at="/problems/")
    assert other.index('id="pal-here"') < other.index("?view=")


def test_what_is_called_so_exactly_stands_before_what_begins_so(
    browse: Browse, world: World
) -> None:
    told = lines(browse("agn"), q="incidents", at="/incidents/")
    assert told.index('href="/incidents/"') < told.index('href="/incidents/?view=')


def test_a_view_of_the_list_one_looks_at_is_there_once(browse: Browse, world: World) -> None:
    told = lines(browse("agn"), q="hold", at="/incidents/")
    hrefs = re.findall(r' href="([^"]+)"', told)
    assert "/incidents/?view=on_hold" in hrefs
    assert len(hrefs) == len(set(hrefs))


def test_a_number_without_its_letters_and_what_to_do(browse: Browse, world: World) -> None:
    number, hidden = world.incident().number, world.hidden_incident().number
    client = browse("agn")
    for at in ("/", "/incidents/", "/problems/"):
        told = lines(client, q=f"{number.partition('-')[2]} assign", at=at)
        assert f'hx-get="/incidents/{number}/set/assignee/"' in told
        assert f"/incidents/{number}/set/team/" not in told
    assert hidden not in lines(client, q=f"{hidden.partition('-')[2]} assign")
    assert "/search/" in lines(client, q="1 zzzz")


@pytest.mark.parametrize(
    ("language", "theme", "profile"),
    [("en-gb", ("dark", "theme"), ("language",)), ("de", ("dunkel", "hell"), ("Sprache",))],
)
def test_theme_and_language_are_found_by_what_people_call_them(
    browse: Browse, world: World, language: str, theme: Any, profile: Any
) -> None:
    commands.change(shelf.type("user"), world.number("agn"), {"language": language}, SETUP)
    client = browse("agn")
    for word in theme:
        assert "data-theme-toggle" in lines(client, q=word), word
    for word in profile:
        assert 'href="/profile/"' in lines(client, q=word), word
