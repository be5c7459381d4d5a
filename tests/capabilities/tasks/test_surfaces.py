"""Tasks as people and programs meet them: beside a record, in My work, in search, over REST, and not in the portal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mainstay.capabilities.tasks.record import task, task_template
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.records import clock, commands, delivery
from mainstay.surfaces.api import limits
from tests.capabilities.tasks.conftest import Board, written
from tests.surfaces.api.client import Api, api_of
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse(world: World) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in


@pytest.fixture
def ask(world: World) -> Callable[..., Api]:
    limits.forget()
    return lambda name, *scopes: api_of(world.people[name], *scopes)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def template() -> str:
    data = {"title": "Hand over", "tasks": "Call the caller\nTell the desk (+1d)"}
    return str(commands.create(task_template, data, SETUP).number)


def test_tasks_are_added_ticked_and_ordered_beside_their_record(board: Board, browse: Any) -> None:
    agent, here = browse("agn"), f"/incidents/{board.number}/"
    add = {"title": "Call them", "owner": "Person agm", "due": "2030-03-01"}
    assert agent.post(f"{here}tasks/", add)["Location"] == here
    assert agent.post(f"{here}tasks/", {"title": "Write it down"}).status_code == 303
    page = text(agent.get(here))
    assert "0/2" in page and "Person agm" in page and "1 Mar" in page
    assert board.titles() == ["Call them", "Write it down"]
    first, second = (row for row in sorted(set(_numbers(page))))
    assert agent.post(f"{here}tasks/{second}/up/").status_code == 303
    assert board.titles() == ["Write it down", "Call them"]
    agent.post(f"{here}tasks/order/", {"task": second, "before": ""})
    assert board.titles() == ["Call them", "Write it down"]
    agent.post(f"{here}tasks/{first}/finish/")
    page = text(agent.get(here))
    assert "1/2" in page
    # Undo is a form in the sentence that tells it.
    assert f'action="{here}tasks/{first}/reopen/"' in page
    agent.post(f"{here}tasks/{first}/reopen/")
    assert "0/2" in text(agent.get(here))
    agent.post(f"{here}tasks/from-template/", {"template": "Hand over"})
    assert "0/2" in text(agent.get(here))
    agent.post(f"{here}tasks/from-template/", {"template": template()})
    assert "0/4" in text(agent.get(here))


def _numbers(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('data-number="')[1:]]


def test_what_is_wrong_is_said_and_nothing_is_written(board: Board, browse: Any) -> None:
    number, here = board.add(), f"/incidents/{board.number}/tasks/"
    before = written()
    agent = browse("agn")
    for data in ({"title": ""}, {"title": "x", "owner": "Nobody"}, {"title": "x", "due": "soon"}):
        assert agent.post(here, data).status_code == 422
    # Without JavaScript it is a page of its own, with what would have to be typed again.
    long = agent.post(here, {"title": "Order the laptop", "due": "soon"})
    assert long.status_code == 422 and "Order the laptop" in text(long)
    assert agent.post(f"{here}{number}/explode/").status_code == 404
    assert agent.post(f"{here}{number}/reopen/").status_code == 409
    # Where only a form is sent, whoever typed the address is told where to go.
    typed = agent.get(here)
    assert (typed.status_code, typed["Allow"]) == (405, "POST")
    assert "use the button there" in text(typed) and f'href="{here[:-6]}"' in text(typed)
    assert f'href="{here[:-6]}"' in text(agent.get(f"{here}{number}/finish/"))
    assert 'href="/incidents/"' in text(agent.get("/incidents/bulk/"))
    assert agent.post("/teams/TEAM-1/tasks/", {"title": "x"}).status_code == 404
    for who, status in (("ra1", 404), ("agb", 404), ("aud", 403)):
        assert browse(who).post(here, {"title": "x"}).status_code == status, who
    for who, status in (("ra1", 404), ("agb", 404), ("aud", 403)):
        assert browse(who).post(f"{here}{number}/finish/").status_code == status, who
        assert browse(who).post(f"{here}order/", {"task": number}).status_code == status, who
    assert written() == before


def test_its_caller_is_shown_none(board: Board, browse: Any, ask: Any) -> None:
    incident = board.world.incident().number
    data = {"title": "CNRY-internal", "parent": incident}
    commands.create(task, data, board.world.by("agn"))
    delivery.drain()
    caller = browse("ra1")
    for path in ("/portal/", "/portal/requests/", f"/portal/requests/{incident}/"):
        assert "CNRY" not in text(caller.get(path)), path
    # What one looks for oneself stands in the box, and in the sentence that nothing has it.
    found = text(caller.get("/portal/search/?q=CNRY-internal"))
    assert "CNRY" not in found.replace('value="CNRY', "").replace("“CNRY”", "")
    assert caller.get("/tasks/TASK-1/").status_code == 404
    told = ask("ra1")
    assert told.get("/tasks").json()["items"] == []
    assert told.get(f"/incidents/{incident}/tasks").json()["items"] == []
    assert told.get("/search?q=cnry").json()["items"] == []
    found = ask("agn").get("/search?q=cnry-internal").json()["items"]
    assert [item["title"] for item in found] == ["CNRY-internal"]


def test_my_work_holds_my_tasks_and_what_is_overdue_stands_first(board: Board, browse: Any) -> None:
    me, now = board.world.number("agn"), clock.now()
    board.add("Next week", owner=me, due_at=now + timedelta(days=7))
    board.add("Yesterday", owner=me, due_at=now - timedelta(days=1, minutes=1))
    board.add("Free")
    board.add("Somebody else's", by="agm", owner=board.world.number("agm"))
    mine = board.world.incident(title="VPN", team=board.world.teams["net"], by="mgr", assignee=me)
    page = text(browse("agn").get("/"))
    places = [page.index(title) for title in ("Yesterday", mine.number, "Next week", "Free")]
    assert places == sorted(places)
    assert "overdue since" in page and "Somebody else" not in page
    listed = text(browse("agn").get("/tasks/?view=overdue"))
    assert "Yesterday" in listed and "Next week" not in listed
    assert '<span class="late"><time' in listed and ">−1d</time>" in listed


def test_a_tasks_own_page_leads_to_its_record_and_tells_its_history(
    board: Board, browse: Any
) -> None:
    number = board.add()
    board.add("b")
    agent = browse("agn")
    agent.post(f"/incidents/{board.number}/tasks/{number}/down/")
    page = text(agent.get(f"/tasks/{number}/"))
    assert f'href="/r/{board.number}"' in page and "Place" not in page
    assert "put this in another place among the tasks" in page
    assert agent.post(f"/tasks/{number}/move/finish/").status_code == 303
    assert board.see(number)["state"] == "done"


def test_over_rest(board: Board, ask: Any) -> None:
    api, here = ask("agn"), f"/incidents/{board.number}/tasks"
    made = api.post(here, {"title": "One", "owner": board.world.number("agm")})
    assert (made.status_code, made.json()["parent"]["number"]) == (201, board.number)
    assert api.get(made["Location"].removeprefix("/api/v1")).json()["title"] == "One"
    assert api.post(f"{here}/from-template", {"template": template()}).status_code == 201
    first, second, third = (item["number"] for item in api.get(here).json()["items"])
    assert api.post(f"{here}/order", {"task": third, "before": first}).status_code == 204
    assert api.post(f"{here}/order", {"task": first.lower().replace("-", "")}).status_code == 204
    assert [item["number"] for item in api.get(here).json()["items"]] == [third, second, first]
    same = api.get(f'/tasks?filter=parent == "{board.number}"&order=place').json()["items"]
    assert [item["number"] for item in same] == [third, second, first]
    assert api.post(f"/tasks/{first}/moves/finish", {}).status_code in (200, 404)


def test_over_rest_refused_means_nothing_was_written(board: Board, ask: Any) -> None:
    number, here = board.add(), f"/incidents/{board.number}/tasks"
    own, kind, before = board.world.incident().number, template(), written()
    bodies = (
        ("", {"title": "x"}),
        ("/from-template", {"template": kind}),
        ("/order", {"task": number}),
    )
    for way, body in bodies:
        for who, scopes, status in (
            ("ra1", (), (404,)),
            ("agb", (), (404,)),
            ("aud", (), (403,)),
            ("agn", ("write:incidents", "read:incidents"), (403,)),
            ("agn", ("read",), (403,)),
        ):
            assert ask(who, *scopes).post(here + way, body).status_code in status, (
                way,
                who,
                scopes,
            )
    # Rights come before values: what a caller would get wrong is not told them.
    for body in ({"title": "x"}, {"title": "x", "parent": own}, {}):
        for who, number_of, status in (("ra1", own, 403), ("aud", own, 403), ("rb1", own, 404)):
            answer = ask(who).post(f"/incidents/{number_of}/tasks", body)
            assert answer.status_code == status, (who, body)
    api = ask("agn")
    assert ask("agn", "read:incidents").get(here).status_code == 403
    assert api.post(here, {"title": "x", "parent": board.number}).status_code == 422
    assert api.post(f"{here}/order", {"task": "TASK-99"}).status_code == 422
    assert api.post(f"{here}/from-template", {"template": "TT-99"}).status_code == 404
    assert api.post(f"{here}/from-template", {"template": kind, "x": 1}).status_code == 422
    assert written() == before
