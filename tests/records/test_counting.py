"""Counts are as long as the list, whoever asks and however few records are walked through; cheap on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.directory import commands as directory
from mainstay.directory import roles
from mainstay.pure.rules import CALLER, Actor
from mainstay.records import counting, queries, where
from mainstay.records.types import shelf
from tests.world import PEOPLE, SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
TEXTS = (
    "",
    "is_open",
    "!is_open",
    "priority <= 3",
    'title.contains("vpn")',
    "team in my_teams",
    "team in my_teams && priority <= 3",
    "is_open && team in my_teams",
    "assignee == null",
    "assignee == me",
    "is_open && assignee == me",
    "requester == me",
    'requester == me && title.contains("vpn")',
    'state == "on_hold"',
    'state == "on_hold" && team in my_teams',
    'state == "on_hold" && assignee == me',
    'state == "resolved" && title.contains("vpn")',
    'category == "Network" || priority == 3',
)


@pytest.fixture
def told(world: World) -> World:
    """Records of several teams, callers and states; RA2 is an agent of two teams as well as a caller."""
    for who in ("ra1", "ra2", "rb1"):
        world.incident(who)
    world.incident("agn", team=world.teams["net"], title="Mail")
    for team in ("net", "desk"):
        directory.join(world.teams[team], world.number("ra2"), SETUP)
        directory.grant(world.number("ra2"), roles.AGENT, SETUP, team_key=world.teams[team])
        for state in ("on_hold", "resolved"):
            made = world.incident("ra2", team=world.teams[team])
            kind = "waiting" if state == "on_hold" else state
            of_it = type(made).objects.filter(pk=made.pk)
            of_it.update(state=state, kind=kind, is_open=state == "on_hold")
            of_it.update(assignee=world.people["ra2" if team == "net" else "agn"].id)
    world.hidden_incident()
    return world


def test_a_count_is_as_long_as_its_list(told: World) -> None:
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(list(PEOPLE)), st.lists(st.sampled_from(TEXTS), max_size=4), st.booleans()
    )
    def equal(who: str, asked: list[str], is_caller: bool) -> None:
        actor, among = told.actor(who), CALLER if is_caller else None
        conditions = [where.parse(incident, actor, text) for text in asked]
        found = counting.counts(incident, actor, conditions, among=among)
        lists = [
            queries.page(incident, actor, where=c, among=among, size=200).items for c in conditions
        ]
        assert found == [(len(items), True) for items in lists]
        # However few are read, no more is told than there is.
        for walk in (1, 2, 100):
            walked = counting.counts(incident, actor, conditions, among=among, walk=walk)
            for (count, is_exact), items in zip(walked, lists, strict=True):
                assert count == len(items) if is_exact else count <= len(items)
            assert walk < 100 or walked == found

    equal()


def test_no_more_than_the_limit_is_told(told: World) -> None:
    assert counting.count(incident, told.actor("agn"), limit=3) == (3, False)
    assert counting.count(incident, told.actor("agn"), limit=100)[1]


def sent(actor: Actor, text: str) -> tuple[str, Sequence[Any]]:
    seen = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        counting.counts(incident, actor, [where.parse(incident, actor, text)], walk=10)
    [(sql, params)] = seen
    return sql, params


def plan(actor: Actor, text: str) -> str:
    sql, params = sent(actor, text)
    with connection.cursor() as cursor:
        cursor.execute(f"explain query plan {sql}", params)
        return "\n".join(row[-1] for row in cursor.fetchall())


@pytest.mark.sqlite_only
@pytest.mark.parametrize("text", TEXTS)
def test_sqlite_sorts_nothing_that_is_only_counted(told: World, text: str) -> None:
    for who in ("ra2", "agn", "ra1"):
        assert "TEMP B-TREE" not in plan(told.actor(who), text)


@pytest.mark.sqlite_only
def test_few_records_are_not_looked_for_in_all_of_ones_teams(told: World) -> None:
    actor = told.actor("ra2")
    assert "record_between" in plan(actor, 'state == "on_hold"')
    assert "record_team" not in plan(actor, 'state == "resolved"')
    assert "record_team" not in plan(actor, "assignee == me")
    assert "record_team" in plan(actor, "priority <= 3")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("is_open", "sqlite postgresql"),
        ('state == "on_hold"', "sqlite postgresql"),
        ("is_open && team in my_teams", "postgresql"),
        ("", "sqlite"),
        ("assignee == me", "sqlite"),
        ("team in my_teams && priority <= 3", ""),
    ],
)
def test_an_order_is_asked_for_where_it_helps(told: World, text: str, where: str) -> None:
    is_asked = "order by" in sent(told.actor("agn"), text)[0]
    assert is_asked is (connection.vendor in where)
