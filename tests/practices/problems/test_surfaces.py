"""Problems as people meet them: beside an incident, over REST, and not at all in the portal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.practices.incidents import causes
from mainstay.practices.problems import pages
from mainstay.records import clock, commands, delivery, queries
from mainstay.records.models import Event
from mainstay.surfaces.api import limits
from tests.practices.problems.conftest import CAUSE, Desk
from tests.surfaces.api.client import api_of
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
AROUND = "Use the **other** gateway"


@pytest.fixture
def browse(world: World) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in


@pytest.fixture
def ask(world: World) -> Callable[..., Any]:
    limits.forget()
    return lambda name, *scopes: api_of(world.people[name], *scopes)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_incident_leads_to_a_problem_and_back(desk: Desk, browse: Any) -> None:
    incident = desk.world.incident().number
    agent = browse("agn")
    assert "New problem from this incident" in text(agent.get(f"/incidents/{incident}/"))
    made = agent.post(f"/incidents/{incident}/problem/")
    assert made.status_code == 303
    number = made["Location"].split("/")[2]
    # Once, in its own block, and not among what else is linked.
    assert text(agent.get(f"/problems/{number}/")).count(f"/incidents/{incident}/") == 1
    page = text(agent.get(f"/incidents/{incident}/"))
    assert number in page and "New problem from this incident" not in page


def test_a_known_errors_workaround_stands_beside_the_incident(desk: Desk, browse: Any) -> None:
    number = desk.made("root_cause_analysis", **CAUSE, workaround=AROUND)
    desk.change(number, is_known_error=True)
    incident = desk.caused(number)
    page = text(browse("agn").get(f"/incidents/{incident}/"))
    assert "Known error" in page and "<strong>other</strong> gateway" in page


def test_the_cause_is_drawn_down_to_the_incident_with_how_it_stands(
    desk: Desk, browse: Any
) -> None:
    """A problem that is known to cause it says so, another its state; the tone of the dot goes with the word."""
    number = desk.made("root_cause_analysis", **CAUSE, workaround=AROUND)
    incident = desk.caused(number)

    def steps() -> list[str]:
        page = text(browse("agn").get(f"/incidents/{incident}/"))
        panel = page.partition('id="causes"')[2].partition("</section>")[0]
        drawn = panel.partition('<div class="chain">')[2].partition("</ol>")[0]
        return re.findall(r"<li[^>]*>.*?</li>", drawn, re.DOTALL)

    first, last = steps()
    assert first.startswith('<li class="bad">') and f'href="/problems/{number}/"' in first
    assert "Root cause analysis" in first and "Known error" not in first
    assert 'aria-current="true"' in last and "led to" in last and incident in last
    desk.change(number, is_known_error=True)
    first, last = steps()
    assert first.startswith('<li class="warn">')
    assert "Known error" in first and "Root cause analysis" not in first


def test_a_caller_is_told_in_their_incident_and_of_nothing_else(desk: Desk, browse: Any) -> None:
    number = desk.made("root_cause_analysis", **CAUSE, workaround=AROUND, title="CNRY-problem")
    incident, agent, caller = desk.caused(number), browse("agn"), browse("ra1")
    form = text(agent.get(f"/problems/{number}/communicate/workaround/"))
    assert "one open incident" in form and "other** gateway" in form
    opening = causes.OPENINGS["problem.communicate_workaround"]
    assert f'<q id="opening">{opening}</q>' in form
    address = f"/problems/{number}/communicate/workaround/"
    assert agent.post(address, {"text": AROUND}).status_code == 303
    delivery.drain()
    page = text(caller.get(f"/portal/requests/{incident}/"))
    assert "<strong>other</strong> gateway" in page and opening in page
    for address in ("/portal/", "/portal/requests/", f"/portal/requests/{incident}/"):
        shown = text(caller.get(address))
        assert number not in shown and "CNRY-problem" not in shown
    for address in (f"/problems/{number}/", f"/r/{number}", f"/problems/{number}/communicate/fix/"):
        assert caller.get(address).status_code == 404
    assert caller.post(f"/incidents/{incident}/problem/").status_code == 403


def test_what_is_not_known_cannot_be_told(desk: Desk, browse: Any) -> None:
    number = desk.made("root_cause_analysis")
    events = Event.objects.count()
    refused = browse("agn").post(f"/problems/{number}/communicate/workaround/", {"text": "Wait"})
    assert refused.status_code == 422
    assert "Write down the workaround first" in text(refused)
    assert browse("agn").get(f"/problems/{number}/communicate/cause/").status_code == 404
    assert browse("aud").get(f"/problems/{number}/communicate/fix/").status_code == 403
    assert Event.objects.count() == events


def test_over_rest(desk: Desk, ask: Any) -> None:
    incident = desk.world.incident().number
    agent = ask("agn")
    made = agent.post("/problems/from-incident", {"incident": incident})
    assert made.status_code == 201
    number = made.json()["number"]
    again = agent.post("/problems/from-incident", {"incident": incident})
    assert list(again.json()["errors"]) == ["incident"]
    for move in ("assess", "confirm"):
        agent.post(f"/problems/{number}/moves", {"move": move})
    known = {**CAUSE, "workaround": AROUND, "is_known_error": True}
    changed = agent("PATCH", f"/problems/{number}", known)
    assert changed.json()["known_error_at"]
    path = f"/problems/{number}/communications"
    told = agent.post(path, {"about": "workaround"})
    assert told.status_code == 201, told.content
    assert told.json()["about"] == "workaround"
    for body, field in (
        ({}, "about"),
        ({"about": "cause"}, "about"),
        ({"about": "fix"}, "fix"),
        ({"about": "workaround", "nonsense": 1}, "nonsense"),
    ):
        refused = agent.post(path, body)
        assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert ask("ra1").post(path, {"about": "workaround"}).status_code == 404
    assert ask("aud").post(path, {"about": "workaround"}).status_code == 403
    delivery.drain()
    said = ask("ra1").get(f"/incidents/{incident}/notes").json()["items"]
    assert [each["author"] for each in said] == [None]


def test_a_token_for_problems_alone_makes_none_from_an_incident(desk: Desk, ask: Any) -> None:
    incident = desk.world.incident().number
    body = {"incident": incident}
    assert ask("agn", "write:problems").post("/problems/from-incident", body).status_code == 403
    row = queries.one(desk.incident, SETUP.actor, incident)
    assert queries.links(SETUP.actor, row) == []


def test_a_hidden_incident_is_as_good_as_none(desk: Desk, ask: Any) -> None:
    hidden = desk.world.hidden_incident().number
    for number in (hidden, "INC-99999"):
        refused = ask("agn").post("/problems/from-incident", {"incident": number})
        assert refused.status_code == 404
    with pytest.raises(Exception, match="no record"):
        commands.link(
            desk.incident, desk.world.incident().number, "caused_by", hidden, desk.world.by("agn")
        )


def test_duplicates_and_proof_over_rest(desk: Desk, ask: Any) -> None:
    with clock.held(clock.now() - timedelta(days=100)):
        desk.world.incident()
    number, other = desk.made("assess"), desk.made("resolved")
    agent = ask("agn")
    refused = agent.post(f"/problems/{number}/duplicate", {"of": other})
    assert list(refused.json()["errors"]) == ["of"]
    assert agent.get(f"/problems/{other}/proof").json()["verdict"] == "none"
    with clock.held(clock.now() + timedelta(days=14)):
        found = agent.get(f"/problems/{other}/proof").json()
    assert (found["verdict"], found["ratio_high"], found["before"]["count"]) == (
        "unproven",
        None,
        0,
    )
    assert ask("ra1").get(f"/problems/{other}/proof").status_code == 404
    assert ask("agn", "read:problems").get(f"/problems/{other}/proof").status_code == 403
    kept = desk.made("assess")
    closed = agent.post(f"/problems/{number}/duplicate", {"of": kept})
    assert (closed.status_code, closed.json()["resolution_code"]) == (200, "duplicate")
    assert ask("ra1").post(f"/problems/{kept}/duplicate", {"of": number}).status_code == 404


def test_the_pages_of_what_comes_afterwards(desk: Desk, browse: Any, ask: Any) -> None:
    number, other, fresh = desk.made("assess"), desk.made("assess"), desk.made("resolved")
    with clock.held(clock.now() - timedelta(days=100)):
        desk.world.incident()
    with clock.held(clock.now() - timedelta(days=14)):
        fixed = desk.made("resolved")
    agent = browse("agn")
    assert "move over" in text(agent.get(f"/problems/{number}/duplicate/"))
    assert agent.post(f"/problems/{number}/duplicate/", {"of": "PRB-99999"}).status_code == 422
    assert (
        agent.post(f"/problems/{number}/duplicate/", {"of": f"A title · {other}"}).status_code
        == 303
    )
    assert other in text(agent.get(f"/problems/{number}/"))
    assert browse("ra1").get(f"/problems/{other}/duplicate/").status_code == 404
    assert browse("aud").get(f"/problems/{other}/duplicate/").status_code == 403
    assert "Proof" not in text(agent.get(f"/problems/{fresh}/"))
    page = text(agent.get(f"/problems/{fixed}/"))
    assert "Not proven yet" in page and "0 incidents in 2.0 weeks" in page
    desk.caused(fixed)
    page = text(agent.get(f"/problems/{fixed}/"))
    assert "Did not hold" in page and "One incident since the last fix" in page
    assert ask("agn").get(f"/problems/{fixed}/proof").json()["verdict"] == "failed"


def test_the_sentence_before_what_is_told_is_the_one_callers_read() -> None:
    said = {f"problem.communicate_{name}": say() for name, say in pages.OPENINGS.items()}
    assert said == causes.OPENINGS
