"""A list in groups and in every order, and the pages after and before one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict

from mainstay.pure.rules import SYSTEM, Actor
from mainstay.records import commands, fields, grouping, queries, where
from mainstay.records import grouped as in_groups
from mainstay.records import walked as near
from mainstay.records.errors import Invalid
from mainstay.records.types import shelf
from mainstay.surfaces.web import addresses, queue, tables, tabs
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_in_a_list import fragment
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def grouped(
    world: World, group: str, size: int, order: str = ""
) -> list[tuple[Any, int, list[str]]]:
    """All pages of a list in groups: of each group its value, its count and its rows."""
    found: list[tuple[Any, int, list[str]]] = []
    after: str | None = None
    while True:
        page = in_groups.page(
            incident, world.actor("agn"), group, order=order, after=after, size=size
        )
        for one, rows in page.groups:
            value = one.value["title"] if isinstance(one.value, dict) else one.value
            numbers = [row["number"] for row in rows]
            if found and found[-1][0] == value:
                found[-1][2].extend(numbers)
            else:
                found.append((value, one.count, numbers))
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("group", ["team", "assignee", "state", "priority", "channel", "impact"])
def test_groups_hold_every_record_once_over_all_pages(world: World, group: str, size: int) -> None:
    teams = [world.teams["net"], world.teams["desk"], None]
    for n in range(7):
        more = {"impact": n % 3 + 1, "urgency": 2, "channel": "phone" if n % 2 else ""}
        made = world.incident("agn", requester=world.number("ra1"), team=teams[n % 3], **more)
        if n == 3:
            commands.move(incident, made.number, "start", {}, SETUP)
    world.hidden_incident()
    found = grouped(world, group, size)
    every = [number for _value, _count, numbers in found for number in numbers]
    listed = queries.page(incident, world.actor("agn"), size=50).items
    assert len(every) == len(set(every)) == len(listed)
    assert set(every) == {row["number"] for row in listed}
    assert all(count == len(numbers) for _value, count, numbers in found)
    values = [value for value, _count, _numbers in found]
    assert len(values) == len(set(values))
    if None in values:
        assert values[-1] is None
    for _value, _count, numbers in found:
        assert numbers == [r["number"] for r in listed if r["number"] in numbers]


@pytest.mark.parametrize("group", ["team", "assignee", "requester", "organisation"])
def test_a_group_near_an_index_is_counted_as_far_as_anybody_counts(
    world: World, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "COUNTED", 5)
    for n in range(7):
        made = world.incident("agn", requester=world.number("ra1"), team=world.teams["net"])
        world.incident("agn", requester=world.number("rb1"), team=world.teams["desk"])
        if n < 2:
            who = {"assignee": world.number("agn")}
            commands.move(incident, made.number, "start", who, world.by("agn"))
    actor = world.actor("agn")
    listed = {row["number"] for row in queries.page(incident, actor, size=50).items}
    pages = walked(partial(in_groups.page, incident, actor, group, size=3))
    every = [number for page in pages for number in page]
    assert set(every) == listed and len(every) == len(listed)
    first = in_groups.page(incident, actor, group, size=3)
    assert first.total is None
    [(found, _rows), *_others] = first.groups
    whole = {"team": (5, True), "assignee": (2, False), "requester": (5, True)}
    assert (found.count, found.is_more) == whole.get(group, (5, True))
    by = fields.of(incident)[group]
    assert ("5+</span>" in tables.group_head(incident, by, found)) is found.is_more


@pytest.mark.parametrize(
    ("text", "is_near"),
    [("", True), ("is_open", True), ('is_open && title.contains("a")', True), ("priority <= 2", True),
     ("assignee == me", False), ('state == "on_hold"', False), ("is_open && assignee == me", False)],
)  # fmt: skip
def test_groups_are_walked_where_nothing_leads_to_fewer(
    world: World, text: str, is_near: bool
) -> None:
    actor = world.actor("agn")
    asked = where.parse(incident, actor, text)
    by = grouping.field_of(incident, actor, "team")
    assert near.can(incident, by, grouping.column(incident, actor, by), asked) is is_near
    world.incident("agn", requester=world.number("ra1"), team=world.teams["net"])
    assert (in_groups.page(incident, actor, "team", where=asked).total is None) is is_near


def walked(read: Callable[..., queries.Page]) -> list[list[str]]:
    """The pages of a list from its first to its last, as numbers; each is found again on the way back."""
    pages, found = list[list[str]](), read()
    assert found.previous is None
    while True:
        pages.append([row["number"] for row in found.items])
        if found.next is None:
            break
        found = read(after=found.next)
    for page in pages[-2::-1]:
        assert found.previous is not None
        found = read(before=found.previous)
        assert [row["number"] for row in found.items] == page
        assert found.next is not None
    assert found.previous is None
    return pages


@pytest.mark.parametrize("order", incident.orders)
def test_the_page_before_is_the_one_one_came_from(world: World, order: str) -> None:
    for n in range(7):
        made = world.incident("agn", title=f"One of {n % 3}", urgency=n % 3 + 1)
        if n == 3:
            incident.model.objects.filter(number=made.number).update(priority=None)
    actor = world.actor("agn")
    whole = [row["number"] for row in queries.page(incident, actor, order=order).items]
    for size in (1, 2, 3, 7):
        pages = walked(partial(queries.page, incident, actor, order=order, size=size))
        assert [number for page in pages for number in page] == whole


def test_numbers_are_in_the_order_people_count(world: World) -> None:
    made = [world.incident().number for _ in range(12)]
    for n, number in zip(
        (1, 2, 9, 10, 11, 99, 100, 101, 1000, 1001, 9999, 10000), made, strict=True
    ):
        incident.model.objects.filter(number=number).update(number=f"INC-{n}90")
    actor = world.actor("agn")
    for order, way in (("number", 1), ("-number", -1)):
        found = [
            number
            for page in walked(partial(queries.page, incident, actor, order=order, size=5))
            for number in page
        ]
        digits = [int(number.partition("-")[2]) for number in found]
        assert digits == sorted(digits)[::way] and len(digits) == 12


def test_names_are_in_the_order_of_their_letters_and_states_in_that_of_their_life(
    world: World,
) -> None:
    incident_of = partial(world.incident, "agn", requester=world.number("ra1"))
    teams = [world.teams["net"], world.teams["desk"], None]
    made = [str(incident_of(team=team).number) for team in teams]
    commands.move(incident, made[2], "start", {"assignee": world.number("agn")}, world.by("agn"))
    actor = world.actor("agn")

    def listed(order: str, name: str) -> list[Any]:
        found = [row for page in walked_rows(actor, order) for row in page]
        return [
            row[name] and (row[name]["title"] if isinstance(row[name], dict) else row[name])
            for row in found
        ]

    named = [title for title in listed("team", "team") if title]
    assert named == sorted(named, key=str.casefold) and len(named) == 2
    assert listed("-team", "team") == listed("team", "team")[::-1]
    assert listed("state", "state") == ["new", "new", "in_progress"]
    assert listed("-state", "state") == ["in_progress", "new", "new"]


def walked_rows(actor: Actor, order: str) -> list[list[dict[str, Any]]]:
    """Pages of one row each, after one another."""
    pages, after = list[list[dict[str, Any]]](), None
    while True:
        page = queries.page(incident, actor, order=order, size=1, after=after)
        pages.append(page.items)
        after = page.next
        if after is None:
            return pages


@pytest.mark.parametrize(
    "name", ["priority", "number", "updated_at", "title", "state", "requester", "team", "assignee"]
)
def test_the_head_of_a_column_orders_and_turns_the_order_round(
    world: World, browse: Browse, name: str
) -> None:
    world.incident()
    client, address = browse("agn"), "/incidents/?view=all"
    seen = []
    for _ in range(3):
        page = client.get(address).content.decode()
        head = re.search(
            rf'<th class="[^>]*?(?:aria-sort="(\w+)")?><a href="([^"]*order=-?{name}&[^"]*|[^"]*order=-?{name})"',
            page,
        )
        assert head
        address = unescape(head[2])
        seen.append(head[1])
        assert f"order={name}" in address or f"order=-{name}" in address
    assert set(seen[1:]) == {"ascending", "descending"}


@pytest.mark.parametrize("group", ["team", "assignee", "state", "priority", "channel", "impact"])
def test_so_it_is_in_groups(world: World, group: str) -> None:
    teams = [world.teams["net"], world.teams["desk"], None]
    for n in range(7):
        more = {"impact": n % 3 + 1, "urgency": 2, "channel": "phone" if n % 2 else ""}
        world.incident("agn", requester=world.number("ra1"), team=teams[n % 3], **more)
    actor = world.actor("agn")
    for size in (1, 2, 3, 4):
        pages = walked(partial(in_groups.page, incident, actor, group, size=size))
        every = [number for _value, _count, rows in grouped(world, group, size) for number in rows]
        assert [number for page in pages for number in page] == every


def test_a_list_leads_to_the_page_before(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SIZE", 2)
    numbers = [world.incident(title=f"Number {n}").number for n in range(5)]
    client = browse("agn")

    def page_at(address: str) -> tuple[list[str], dict[str, str]]:
        text = client.get(address).content.decode()
        foot = text.partition('class="q-foot"')[2]
        ways = re.findall(
            r'<a class="btn[^"]*"(?: rel="\w+")? href="([^"]*)">(?:<svg.*?</svg>)?([\w ]+)', foot
        )
        rows = re.findall(r'<tr id="([^"]+)"', text)
        return rows, {word: unescape(url) for url, word in ways}

    first, ways = page_at("/incidents/?view=all&order=created_at")
    assert (first, set(ways)) == (numbers[:2], {"Next page"})
    second, ways = page_at(ways["Next page"])
    assert (second, set(ways)) == (
        numbers[2:4],
        {"Back to the start", "Previous page", "Next page"},
    )
    last, there = page_at(ways["Next page"])
    assert (last, set(there)) == (numbers[4:], {"Back to the start", "Previous page"})
    assert page_at(there["Previous page"])[0] == second
    assert page_at(ways["Previous page"])[0] == first
    # What came before meanwhile leaves no page with less than it could have: it is the first one.
    for number in numbers[:1]:
        commands.remove(incident, number, SETUP)
    assert page_at(ways["Previous page"])[0] == numbers[1:3]


def test_a_record_at_the_edge_of_a_page_is_told_the_next(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SIZE", 2)
    paths = [f"/incidents/{world.incident(title=f'Number {n}').number}/" for n in range(5)]
    hidden = world.hidden_incident()
    client = browse("agn")

    def told(address: str) -> dict[str, Any]:
        found: dict[str, Any] = fragment(client, address, "ms-neighbours#neighbours").json()
        return found

    first = told("/incidents/?view=all&order=created_at")
    assert (first["records"], first["prev"]) == (paths[:2], None)
    second = told(first["next"])
    assert second["records"] == paths[2:4]
    assert second["address"] == first["next"]
    last = told(second["next"])
    assert (last["records"], last["next"]) == (paths[4:], None)
    assert hidden.number not in str([first, second, last])
    assert told(last["prev"])["records"] == second["records"]
    assert (
        fragment(
            client, "/incidents/?filter=nothing+%3D%3D+1", "ms-neighbours#neighbours"
        ).status_code
        == 422
    )


def test_no_cursor_of_another_list_goes_on_with_this_one(world: World) -> None:
    for _ in range(3):
        world.incident()
    actor = world.actor("agn")
    plain = queries.page(incident, actor, size=1).next
    by_team = in_groups.page(incident, actor, "team", size=1).next
    for cursor in (plain, "x", "W10", by_team):
        with pytest.raises(Invalid):
            in_groups.page(incident, actor, "state", after=cursor)
        with pytest.raises(Invalid):
            in_groups.page(incident, actor, "state", before=cursor)
    with pytest.raises(Invalid):
        queries.page(incident, actor, after=by_team)
    with pytest.raises(Invalid):
        in_groups.page(incident, actor, "title")


def test_what_may_not_be_read_makes_no_group(world: World, browse: Browse) -> None:
    world.hidden_incident()
    shown = browse("agn").get("/incidents/?view=all&group=team").content.decode()
    assert "HR cases" not in shown
    assert "HR cases" in browse("agh").get("/incidents/?view=all&group=team").content.decode()
    # A caller knows of no item: there is no such group for them, as there is no such column.
    own = browse("ra1").get("/incidents/?view=all&group=item")
    assert 'scope="rowgroup"' not in own.content.decode()


def test_a_group_has_a_head_with_the_count_of_all(world: World, browse: Browse) -> None:
    for _ in range(3):
        world.incident("agn", requester=world.number("ra1"), team=world.teams["net"])
    shown = browse("agn").get("/incidents/?view=all&group=team&density=compact").content.decode()
    head = re.search(r'<tr class="g-h"><th scope="rowgroup">(.*?)</th>', shown)
    assert head and "Network" in head[1] and ">3<" in head[1]
    assert 'class="grid compact"' in shown
    assert "group=team" in shown and "density=compact" in shown


def test_a_page_with_more_columns_has_fewer_rows(browse: Browse) -> None:
    """And never none: each type can be shown with all it has."""
    state = addresses.state_of(incident, QueryDict("view=all"), Actor(id=None))
    assert queue.size(state) == queue.SIZE
    sizes = [queue.size(replace(state, columns=("title",) * n)) for n in range(1, 41)]
    assert sizes[:8] == [queue.SIZE] * 8
    assert sizes == sorted(sizes, reverse=True) and sizes[27] == 18
    most = max(len(tables.choosable(rtype, SYSTEM)) for rtype in shelf)
    assert sizes[most - 1] >= 15


def test_a_count_that_gave_up_says_no_less_than_the_page_shows(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [world.incident(title=f"Tunnel {n}").number for n in range(4)]
    monkeypatch.setattr(tabs, "WALK", 1)
    client = browse("agn")

    def foot(**asked: str) -> str:
        shown = client.get("/incidents/", {"view": "all"} | asked).content.decode()
        found = re.search(r'role="status">([^<]*)<', shown)
        assert found is not None
        return found[1]

    # All are shown: there are no more.
    assert foot(filter=str(numbers[0])) == "1 of 1"
    assert foot(filter='title.contains("tunnel")') == "4 of 4"
    monkeypatch.setattr(queue, "SIZE", 3)
    # Another page follows: there are more.
    assert foot(filter='title.contains("tunnel")') == "3 of 3+"


@pytest.mark.parametrize("way", ["after", "before"])
@pytest.mark.parametrize("group", ["", "&group=team"])
def test_a_page_that_is_none_is_the_first_and_says_so(
    world: World, browse: Browse, way: str, group: str
) -> None:
    made = world.incident().number
    answer = browse("agn").get(f"/incidents/?view=all&{way}=garbage{group}")
    shown = answer.content.decode()
    assert answer.status_code == 200 and f'<tr id="{made}"' in shown
    assert "The page in this address is none of this list." in shown
    assert "garbage" not in shown
