"""A name that several have is not one that nobody has: the form says so, and whom it may mean."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mainstay.directory import commands as directory
from mainstay.directory.roles import AGENT
from mainstay.records import commands, where
from mainstay.records.types import shelf
from mainstay.surfaces.web import filtering
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
FORM = {"title": "Which of them", "impact": "2", "urgency": "2", "requester": "Lind"}


def lind(first: str, organisation: str = "") -> str:
    data = {"title": f"{first} Lind", "username": first, "email": f"{first}@example.org"}
    if organisation:
        data["organisation"] = organisation
    return str(commands.create(shelf.type("user"), data, SETUP).number)


def test_several_who_match_are_named_with_their_numbers(browse: Browse, world: World) -> None:
    numbers = [lind(first) for first in ("anna", "bo", "cleo", "dora")]
    answer = browse("agn").post("/incidents/new/", FORM)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f"anna Lind · {numbers[0]}, bo Lind · {numbers[1]} and cleo Lind · {numbers[2]}" in shown
    assert "Several match, such as " in shown and "There is no person" not in shown
    assert numbers[3] not in shown
    number = world.incident().number
    changed = browse("agn").post(f"/incidents/{number}/edit/", FORM)
    assert "Several match, such as anna Lind" in changed.content.decode()
    placed = browse("agn").post(f"/incidents/{number}/set/requester/", {"value": "Lind"})
    assert "Several match, such as anna Lind" in placed.content.decode()


def test_one_called_exactly_so_is_meant_and_nobody_is_none(browse: Browse, world: World) -> None:
    for first in ("anna", "bo"):
        lind(first)
    agent = browse("agn")
    made = agent.post("/incidents/new/", FORM | {"requester": "anna lind"})
    assert made.status_code == 303
    none = agent.post("/incidents/new/", FORM | {"requester": "Lindqvist"}).content.decode()
    assert "There is no person Lindqvist." in none and "Several match" not in none


def test_whom_one_may_not_see_is_never_named(browse: Browse, world: World) -> None:
    hidden = [lind(first, world.organisations["a"]) for first in ("anna", "bo")]
    shown = browse("agb").post("/incidents/new/", FORM).content.decode()
    assert "There is no person Lind." in shown
    assert not any(number in shown for number in hidden)


def namesakes(*organisations: str) -> list[str]:
    """Agents all called Sven Haraldsen, one for each of these organisations."""
    numbers = []
    for n, organisation in enumerate(organisations):
        data = {"title": "Sven Haraldsen", "username": f"sven{n}", "organisation": organisation}
        numbers.append(str(commands.create(shelf.type("user"), data, SETUP).number))
        directory.grant(numbers[-1], AGENT, SETUP)
    return numbers


def offered(client: Client, number: str, field: str, asked: str = "") -> str:
    target = {"HX-Request": "true", "HX-Target": f"div#menu-{field}"}
    menu = client.get(f"/incidents/{number}/set/{field}/{asked}", headers=target)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", menu.content.decode()))


@pytest.mark.parametrize("field", ["requester", "assignee"])
def test_a_menu_tells_two_of_one_name_by_their_numbers(
    browse: Browse, world: World, field: str
) -> None:
    first, second = namesakes(world.organisations["a"], world.organisations["a"])
    number = str(world.incident().number)
    shown = offered(browse("agn"), number, field, "?q=sven")
    assert f"Sven Haraldsen {first}" in shown and f"Sven Haraldsen {second}" in shown
    alone = world.number("agm")
    shown = offered(browse("agn"), number, field, "?q=agm")
    assert "Person agm" in shown and alone not in shown


def test_the_members_of_a_team_are_told_apart_as_well(browse: Browse, world: World) -> None:
    alike = namesakes(world.organisations["a"], world.organisations["a"])
    for person in alike:
        directory.join(world.teams["net"], person, SETUP)
    number = str(world.incident(by="agn", team=world.teams["net"]).number)
    shown = offered(browse("agn"), number, "assignee")
    assert all(f"Sven Haraldsen {one}" in shown for one in alike)
    assert f"Person agm {world.number('agm')}" not in shown


def test_the_only_one_offered_is_told_from_the_one_that_stands(
    browse: Browse, world: World
) -> None:
    """Whoever has it now is not in the team, and is none of those to choose from."""
    inside, outside = namesakes(world.organisations["a"], world.organisations["a"])
    directory.join(world.teams["net"], inside, SETUP)
    data = {"team": world.teams["net"], "assignee": outside}
    number = str(world.incident(by="agn", **data).number)
    shown = offered(browse("agn"), number, "assignee")
    assert f"Sven Haraldsen {inside}" in shown and f"Haraldsen {outside}" not in shown


def test_whom_one_may_not_see_makes_no_namesake(browse: Browse, world: World) -> None:
    here, hidden = namesakes(world.organisations["b"], world.organisations["a"])
    data = {"title": "Ours", "requester": world.number("rb1")}
    number = str(commands.create(shelf.type("incident"), data, world.by("agb")).number)
    shown = offered(browse("agb"), number, "requester", "?q=sven")
    assert "Sven Haraldsen" in shown
    assert not any(f"Haraldsen {one}" in shown for one in (here, hidden))


def test_a_change_from_one_to_another_of_the_name_says_their_numbers(
    browse: Browse, world: World
) -> None:
    first, second = namesakes(world.organisations["a"], world.organisations["a"])
    number = str(world.incident(by="agn", assignee=first).number)
    commands.change(shelf.type("incident"), number, {"assignee": second}, world.by("agn"))
    commands.change(
        shelf.type("incident"), number, {"assignee": world.number("agm")}, world.by("agn")
    )
    for who, url in (("agn", f"/incidents/{number}/"), ("aud", f"/audit/?record={number}")):
        shown = browse(who).get(url).content.decode()
        assert shown.count(f"Sven Haraldsen · {first}") == 1, who
        # Once in the line that needs it, and by the name alone in the next.
        assert shown.count(f"Sven Haraldsen · {second}") == 1, who
        assert "Person agm ·" not in shown, who


def test_a_chip_with_two_of_one_name_says_their_numbers(world: World) -> None:
    first, second = namesakes(world.organisations["a"], world.organisations["a"])
    incident, actor, other = shelf.type("incident"), world.actor("agn"), world.number("agm")

    def told(text: str) -> list[str]:
        return [
            c.words for c in filtering.chips(incident, actor, where.parse(incident, actor, text))
        ]

    several = told(f'requester in ["{first}", "{second}", "{other}"]')
    assert several == [
        f"Requester is Sven Haraldsen · {first}, Sven Haraldsen · {second} or Person agm"
    ]
    assert told(f'requester == "{first}"') == ["Requester is Sven Haraldsen"]
    assert told(f'requester == "{first}" || assignee == "{first.lower()}"') == [
        "Requester is Sven Haraldsen or Assignee is Sven Haraldsen"
    ]


def test_two_teams_of_one_name_are_told_apart_where_one_is_chosen(
    browse: Browse, world: World
) -> None:
    other = commands.create(shelf.type("team"), {"title": "Network"}, SETUP).number
    menu = browse("agn").get("/workload/").content.decode()
    assert f'<span class="ref">{other}</span>' in menu
    assert f'<span class="ref">{world.teams["net"]}</span>' in menu
    assert f'<span class="ref">{world.teams["desk"]}</span>' not in menu


def test_a_name_of_several_joins_nobody_and_watches_for_nobody(
    browse: Browse, world: World
) -> None:
    alike = namesakes(world.organisations["a"], world.organisations["a"])
    number = str(world.incident(by="agn", team=world.teams["net"]).number)
    asked = (
        ("adm", f"/teams/{world.teams['net']}/members/"),
        ("agn", f"/incidents/{number}/watch/"),
    )
    for who, address in asked:
        answer = browse(who).post(address, {"person": "Sven Haraldsen"})
        told = answer.content.decode()
        assert answer.status_code == 422 and "no person" not in told and "such person" not in told
        assert "Several match, such as " in told and all(f"· {one}" in told for one in alike)


def test_members_of_one_name_are_told_apart_where_they_stand(browse: Browse, world: World) -> None:
    alike = namesakes(world.organisations["a"], world.organisations["a"])
    for person in alike:
        directory.join(world.teams["net"], person, SETUP)
    team = world.teams["net"]
    page = browse("adm").get(f"/teams/{team}/").content.decode()
    work = browse("lead").get(f"/workload/?team={team}").content.decode()
    for one in alike:
        assert f'aria-label="Take Sven Haraldsen · {one} out"' in page
        assert f">Sven Haraldsen · {one}<" in work
    assert "Person agm ·" not in page + work


def test_namesakes_are_told_apart_in_heads_of_groups_and_where_one_writes(
    browse: Browse, world: World
) -> None:
    numbers = [lind(first) for first in ("anna", "bo")]
    for number in numbers:
        commands.change(shelf.type("user"), number, {"title": "Kim Lind"}, SETUP)
    asked = {"requester": numbers[0], "requested_for": numbers[1]}
    both = world.incident("agn", **asked).number
    world.incident("agn", requester=numbers[1])
    agent = browse("agn")
    shown = agent.get("/incidents/?view=all&group=requester").content.decode()
    heads = re.findall(r'<th scope="rowgroup">(.*?)</th>', shown)
    for number in numbers:
        assert any("Kim Lind" in head and number in head for head in heads)
    record = agent.get(f"/incidents/{both}/").content.decode()
    assert f"Reply to Kim Lind · {numbers[0]} and Kim Lind · {numbers[1]}" in record
    # Who stands alone is called by the name.
    commands.change(shelf.type("user"), numbers[1], {"title": "Bo Lind"}, SETUP)
    shown = agent.get("/incidents/?view=all&group=requester").content.decode()
    heads = "".join(re.findall(r'<th scope="rowgroup">(.*?)</th>', shown))
    assert "Kim Lind" in heads and not any(number in heads for number in numbers)
    assert "Reply to Kim Lind and Bo Lind" in agent.get(f"/incidents/{both}/").content.decode()
