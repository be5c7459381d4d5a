"""Both readings of an access rule agree: random rules, actors and records."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.pure.rules import (
    CALLER,
    Actor,
    Everyone,
    Grant,
    Mine,
    MyTeams,
    Nobody,
    Role,
    Rule,
    Staff,
    Without,
)
from mainstay.records import access, clock
from mainstay.records.models import Record
from mainstay.records.types import shelf
from tests.world import World

pytestmark = pytest.mark.django_db
COLUMNS = st.sampled_from(["requester_id", "requested_for_id", "assignee_id", "id"])
LEAVES = st.one_of(
    st.just(Everyone()),
    st.just(Nobody()),
    st.just(MyTeams()),
    st.just(CALLER),
    st.builds(Mine, COLUMNS),
    st.sampled_from([Without("assignee_id"), Without("assignee_id", "team_id")]),
    st.sampled_from([Role("agent"), Role("agent", "auditor"), Role("vendor"), Staff("agent")]),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(inner, inner, st.booleans()).map(
        lambda t: t[0] | t[1] if t[2] else t[0] & t[1]
    ),
    max_leaves=6,
)


def actors(
    people: list[int], teams: list[int], organisations: list[int]
) -> st.SearchStrategy[Actor]:
    maybe = lambda values: st.one_of(st.none(), st.sampled_from(values))  # noqa: E731
    grants = st.one_of(
        st.builds(Grant, st.sampled_from(["agent", "auditor", "vendor"])),
        st.builds(Grant, st.sampled_from(["agent", "auditor"]), team_id=st.sampled_from(teams)),
        st.builds(
            Grant,
            st.sampled_from(["agent", "auditor"]),
            organisation_id=st.sampled_from(organisations),
        ),
    )
    return st.builds(
        Actor,
        id=maybe(people),
        grants=st.frozensets(grants, max_size=3),
        teams=st.frozensets(st.sampled_from(teams), max_size=2),
        confined_to=st.one_of(st.none(), st.frozensets(st.sampled_from(organisations), max_size=2)),
        hidden_teams=st.frozensets(st.sampled_from(teams), max_size=2),
    )


def test_sql_and_python_agree(world: World) -> None:
    people = [world.people[n].id for n in ("ra1", "agn", "agh")]
    teams = list(shelf.type("team").model.objects.values_list("id", flat=True))
    organisations = list(shelf.type("organisation").model.objects.values_list("id", flat=True))
    now = clock.now()
    records = [
        Record(
            number=f"T-{p}-{f}-{t}-{o}-{a}", type="incident", title="x", state="new", kind="new",
            created_at=now, updated_at=now,
            requester_id=p, requested_for_id=f, team_id=t, organisation_id=o, assignee_id=a,
        )
        for p in (None, *people[:2]) for f in (None, people[1]) for t in (None, *teams)
        for o in (None, *organisations) for a in (None, people[0], people[2])
    ]  # fmt: skip
    Record.objects.bulk_create(records)
    stored = list(Record.objects.filter(number__startswith="T-"))

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(RULES, actors(people, teams, organisations), st.sampled_from(["incident", "service"]))
    def agree(rule: Rule, actor: Actor, type_name: str) -> None:
        rtype = shelf.type(type_name)
        by_python = {r.id for r in stored if access.allows(rtype, rule, actor, r)}
        assert by_branches(rtype, rule, actor) == by_python
        assert by_sql(access.one_condition(rtype, rule, actor)) == by_python

    agree()


def by_branches(rtype, rule: Rule, actor: Actor) -> set[int]:
    return set().union(*(by_sql(branch) for branch in access.branches(rtype, rule, actor)))


def by_sql(branch: access.Branch) -> set[int]:
    text = f"select r.* from records_record r where r.number like 'T-%%' and {branch.sql}"
    return {r.id for r in Record.objects.raw(text, branch.params)}
