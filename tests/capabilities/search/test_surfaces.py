"""Search as programs and people meet it: the operation of the API, the page, and what is like a new title."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.notices import commands as notices
from mainstay.capabilities.search.models import Rebuild
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.records import commands, delivery
from mainstay.records.audit.models import AuditEntry
from mainstay.records.types import Message, shelf
from mainstay.surfaces.api import limits
from tests.surfaces.api.client import Api, api_of
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
Browse = Callable[[str], Client]


@pytest.fixture
def browse(world: World) -> Browse:
    limits.forget()

    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in


def test_the_operation_tells_hits_facets_and_where_they_are(world: World) -> None:
    record = world.incident(title="Drucker", body="Es riecht nach Kaffee")
    delivery.drain()
    told = api_of(world.people["agn"]).get("/search?q=kaffee&count=true").json()
    assert [item["number"] for item in told["items"]] == [record.number]
    assert told["items"][0]["matched"]["field"] == "body"
    assert {"text": "Kaffee", "is_match": True} in told["items"][0]["matched"]["pieces"]
    assert (told["count"], told["count_is_exact"]) == (1, True)
    assert told["facets"]["type"] == [{"value": "incident", "label": "Incidents", "count": 1}]
    assert told["is_too_short"] is False


def test_pages_of_the_operation(world: World) -> None:
    made = {world.incident(title="Quixotic").number for _ in range(5)}
    delivery.drain()
    api, got, path = api_of(world.people["agn"]), [], "/search?q=quixotic&size=2"
    told = api.get(path).json()
    while True:
        got += [item["number"] for item in told["items"]]
        if told["next"] is None:
            break
        told = api.get(f"{path}&after={told['next']}").json()
    assert (set(got), len(got)) == (made, 5)


@pytest.mark.parametrize(
    "query",
    ["", "q=vpn&nonsense=1", "q=vpn&q=mail", "q=vpn&size=0", "q=vpn&order=title", "q=vpn&after=x",
     "q=vpn&type=nonsense", "q=vpn&count=perhaps", "q=" + "x" * 1_001],
)  # fmt: skip
def test_what_it_does_not_know_is_refused(world: World, query: str) -> None:
    limits.forget()
    assert api_of(world.people["agn"]).get(f"/search?{query}").status_code == 422


def test_it_is_for_whoever_is_known(world: World) -> None:
    limits.forget()
    assert Api().get("/search?q=vpn").status_code == 401


def test_a_token_for_one_type_finds_that_type(world: World) -> None:
    record = world.incident(title="VPN")
    delivery.drain()
    api = api_of(world.people["agn"], "read:incidents")
    assert [i["number"] for i in api.get("/search?q=vpn").json()["items"]] == [record.number]


def test_the_page_marks_what_matched_and_offers_to_narrow(world: World, browse: Browse) -> None:
    record = world.incident(title="Drucker", body="Es riecht nach <b>Kaffee</b>")
    world.incident(title="Kaffee")
    say(shelf.type("incident"), record.number, Message("internal", "garantie"), world.by("agn"))
    delivery.drain()
    page = browse("agn").get("/search/?q=kaffee").content.decode()
    assert "<mark>Kaffee</mark>" in page
    assert "<b>Kaffee" not in page
    assert f"/incidents/{record.number}/" in page
    assert "Internal note:" in browse("agn").get("/search/?q=garantie").content.decode()
    assert "garantie</mark>" not in browse("ra1").get("/search/?q=garantie").content.decode()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Search everything you may see"),
        ("a", "This is too short"),
        ("zzzz", "Nothing has “zzzz”"),
        ("vpn&type=site", "Nothing here has these words"),
    ],
)
def test_finding_nothing_says_why(world: World, browse: Browse, typed: str, reason: str) -> None:
    assert reason in browse("agn").get(f"/search/?q={typed}").content.decode()


def test_a_word_that_nothing_has_is_named_and_the_others_are_a_link_away(
    world: World, browse: Browse
) -> None:
    world.incident(title="Quixotic plotter")
    delivery.drain()
    for who, way in (("agn", "/search/"), ("ra1", "/portal/search/")):
        page = browse(who).get(f"{way}?q=quixotic+xzq+plotter").content.decode()
        assert "“xzq”" in page and "“quixotic" not in page
        assert 'q=quixotic+plotter">Without that: 1 record<' in page.replace("%20", "+")
        assert "“xzq”" not in browse(who).get(f"{way}?q=quixotic").content.decode()
    assert "<mark>" in browse("agn").get("/search/?q=quixotic+plotter").content.decode()
    told = api_of(world.people["agn"]).get("/search?q=quixotic+xzq").json()
    rest = {"q": "quixotic", "count": 1, "count_is_exact": True}
    assert (told["items"], told["lacking"], told["rest"]) == ([], ["xzq"], rest)


def test_states_that_are_called_alike_are_one_choice(world: World, browse: Browse) -> None:
    """ "In use" is one state of people and teams, and another of templates of tasks."""
    team, template = shelf.type("team"), shelf.type("task_template")
    commands.create(team, {"title": "Quixotic team"}, SETUP)
    commands.create(team, {"title": "Quixotic others"}, SETUP)
    commands.create(template, {"title": "Quixotic work", "tasks": "One"}, SETUP)
    commands.create(template, {"title": "Quixotic works", "tasks": "One"}, SETUP)
    world.incident(title="Quixotic printer")
    names = {rtype.lifecycle.states[0].name for rtype in (team, template)}
    assert len(names) == 2
    delivery.drain()

    def choices(address: str, called: str) -> list[tuple[str, bool, int]]:
        """The choices of that name: where each leads, whether it is chosen, and how many have it."""
        page = html.unescape(browse("mgr").get(address).content.decode())
        found = re.findall(
            rf'href="([^"]+)"( aria-current="true")?><[^>]+>{called}<.*?(\d+)</span>', page
        )
        return [(to, bool(how), int(count)) for to, how, count in found]

    everything = "/search/?q=quixotic"
    ((address, *told),) = choices(everything, "In use")
    assert told == [False, 4]
    ((back, *told),) = choices(address, "In use")
    assert (back, told) == (everything, [True, 4])
    # Narrowed on, only one of the two is left: it is still what was chosen.
    ((of_teams, *told),) = choices(address, "Teams")
    assert told == [False, 2]
    ((back, *told),) = choices(of_teams, "In use")
    assert (back, told) == (everything + "&type=team", [True, 2])


def test_a_site_that_is_not_indexed_says_so(world: World, browse: Browse) -> None:
    Rebuild.objects.update(is_complete=False)
    assert "Not everything is indexed yet" in browse("agn").get("/search/?q=zz").content.decode()


def test_a_foreign_cursor_on_the_page_is_no_accident(world: World, browse: Browse) -> None:
    assert browse("agn").get("/search/?q=vpn&after=x").status_code == 422


@pytest.mark.attack("C10")
def test_what_is_like_a_title_that_is_typed(world: World, browse: Browse) -> None:
    record = world.incident(title="Payroll rejects the passphrase")
    hidden = world.hidden_incident(title="Passphrase of the payroll leaked")
    delivery.drain()
    address = "/search/similar/?plural=incidents&title=payroll+passphrase"
    shown = browse("agn").get(address).content.decode()
    assert record.number in shown
    assert hidden.number not in shown
    assert hidden.number in browse("agh").get(address).content.decode()
    assert browse("agn").get("/search/similar/?plural=nonsense&title=x").content.strip() == b""


@pytest.mark.attack("C10")
def test_a_few_records_are_suggested_while_one_types(world: World, browse: Browse) -> None:
    """By number and title, over both doors alike; who may not see one is not told of it, nor does a look remain."""
    record = world.incident(title="Payroll rejects the passphrase", body="An innerword")
    hidden = world.hidden_incident(title="Passphrase of the payroll leaked")
    delivery.drain()
    looks = AuditEntry.objects.count()
    for typed in ("passph", hidden.number, record.number.lower(), "payroll passphrase"):
        for name, sees in (("agn", False), ("agh", True)):
            page = browse(name).get("/search/suggestions/", {"q": typed}).content.decode()
            assert (f"/incidents/{hidden.number}/" in page) == (
                sees and typed != record.number.lower()
            )
            assert (record.title in page) == (typed != hidden.number)
    assert AuditEntry.objects.count() == looks
    for name in ("agn", "agh", "ra1"):
        page = browse(name).get("/search/suggestions/?q=passph").content.decode()
        told = api_of(world.people[name]).get("/search/suggestions?q=passph").json()
        assert told["next"] is None and all(f'/{i["number"]}/"' in page for i in told["items"])
        assert page.count('role="option"') == len(told["items"])
    own = {
        "id": str(record.uuid),
        "number": record.number,
        "type": "incident",
        "title": record.title,
    }
    assert api_of(world.people["agn"]).get("/search/suggestions?q=innerword").json()["items"] == [
        own
    ]
    for query in ("", "q=a&size=2", "q=a&q=b", "q=" + "x" * 1_001):
        assert api_of(world.people["agn"]).get(f"/search/suggestions?{query}").status_code == 422
    assert "option" not in browse("agn").get("/search/suggestions/?q=p").content.decode()
    assert Client().get("/search/suggestions/?q=passph").status_code == 303


@pytest.mark.attack("C10")
def test_the_portal_suggests_ones_own_requests_and_notices(world: World, browse: Browse) -> None:
    mine = world.incident(title="Quixotic mine", by="agn", requester=world.number("agn"))
    other = world.incident(title="Quixotic of another")
    say(shelf.type("incident"), mine.number, Message("internal", "insideword"), world.by("agd"))
    given = {"title": "Quixotic weather", "text": "It passes."}
    notice = notices.publish(shelf.type("incident"), other.number, given, world.by("agn"))
    delivery.drain()

    def told(name: str, typed: str) -> str:
        return browse(name).get("/portal/search/suggestions/", {"q": typed}).content.decode()

    page = told("agn", "quixo")
    assert f"/portal/requests/{mine.number}/" in page and other.number not in page
    assert f'/portal/notices/{notice.number}/"' in page
    assert browse("agn").get(f"/portal/notices/{notice.number}/").status_code == 200
    assert mine.number in told("agn", mine.number) and mine.number not in told("agn", "insideword")
    for typed in (other.number, "another", ""):
        assert "option" not in told("agn", typed), typed
    assert mine.number not in told("ra2", "quixo") and mine.number not in told("ra2", mine.number)


def test_what_was_opened_lately_is_shown_as_far_as_it_is_to_be_seen(
    world: World, browse: Browse
) -> None:
    mine = world.incident(title="Quixotic mine", by="agn", requester=world.number("agn"))
    other = world.incident(title="Quixotic of another")
    asked = f"/search/lately/?recent={other.number},nonsense,INC-999999,{mine.number}"
    both = browse("agn").get(asked).content.decode()
    assert 0 < both.index(f"/{other.number}/") < both.index(f"/{mine.number}/")
    one = browse("ra2").get(asked).content.decode()
    assert mine.number not in one and "Opened lately" not in one
    assert browse("agn").get("/search/lately/").content.strip() == b""
    assert Client().get(asked).status_code in (302, 303, 401)


def test_every_page_has_the_one_way_to_search(world: World, browse: Browse) -> None:
    page = browse("agn").get("/incidents/").content.decode()
    assert page.count('class="find-b" href="/search/"') == 1 and 'action="/search/"' not in page
    assert "/search/similar/" in browse("agn").get("/incidents/new/").content.decode()


def test_the_portal_finds_ones_own_requests_as_it_shows_them(world: World, browse: Browse) -> None:
    incident = shelf.type("incident")
    mine = world.incident(title="Quixotic mine", by="agn", requester=world.number("agn"))
    other = world.incident(title="Quixotic of another")
    say(incident, mine.number, Message("internal", "insideword"), world.by("agd"))
    delivery.drain()
    page = browse("agn").get("/portal/search/?q=quixotic").content.decode()
    assert mine.number in page
    assert other.number not in page
    # An agent reads their own request there as its caller.
    assert mine.number not in browse("agn").get("/portal/search/?q=insideword").content.decode()
    assert mine.number not in browse("ra1").get("/portal/search/?q=mine").content.decode()
    assert "two letters" in browse("ra1").get("/portal/search/?q=").content.decode()
    padded = mine.number.lower().replace("-", "000")
    assert "Quixotic mine" in browse("agn").get(f"/portal/search/?q={padded}").content.decode()
    for typed in (other.number, "zzzz"):
        told = browse("agn").get(f"/portal/search/?q={typed}").content.decode()
        assert "None of your requests" in told
