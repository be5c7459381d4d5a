"""A filter is a text, chips and a form at once: what the form reads back from a part means that part."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
    In,
    IsSet,
    Kind,
    Me,
    MyTeams,
    Not,
    Now,
    Op,
    Operand,
    TextTest,
    Value,
    opposite,
    text_of,
    turned,
)
from mainstay.records import fields, where
from mainstay.records.types import shelf
from mainstay.surfaces.web import builder
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.test_fragments import HERE, part
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def as_sent(row: builder.Row) -> QueryDict:
    """A row as a browser sends its form."""
    query = QueryDict(mutable=True)
    if row.text is not None:
        query["part"], query["text"] = "0", row.text
        return query
    query["field"], query["op"] = row.field, row.op
    query.setlist("named", list(row.named))
    query.setlist("value", list(row.values))
    return query


def read_back(world: World, text: str, who: str = "agn") -> tuple[builder.Row, Condition]:
    """How the form says a part, and what it makes of that when it is sent unchanged."""
    actor = world.actor(who)
    there = where.parse(incident, actor, text)
    assert there is not None
    row = builder.row_of(incident, actor, there)
    query = as_sent(row)
    assert builder.is_sent(query)
    return row, builder.condition(incident, actor, builder.sent(query))


@pytest.mark.parametrize(
    ("text", "op", "values"),
    [
        ("priority in [1, 2]", "any", ("1", "2")),
        ("!(priority in [1, 2])", "none", ("1", "2")),
        ("priority <= 2", "most", ("2",)),
        ("priority > 2", "more", ("2",)),
        ('state == "new"', "is", ("new",)),
        ('state in ["new"]', "any", ("new",)),
        ('!(state in ["new", "on_hold"])', "none", ("new", "on_hold")),
        ("reopen_count >= -3", "least", ("-3",)),
        ('title.contains("a \\"quoted\\" \\\\ word")', "contains", ('a "quoted" \\ word',)),
        ('number == "INC-7"', "is", ("INC-7",)),
        ('created_at > timestamp("2026-01-01T10:30:00Z")', "since", None),
        ("is_open", "yes", ()),
        ("!is_open", "no", ()),
        ("assignee == me", "me", ()),
        ("team in my_teams", "my_teams", ()),
        ("team != null", "set", ()),
        ("team == null", "unset", ()),
    ],
)
def test_the_form_says_a_part_and_means_it(
    world: World, text: str, op: str, values: tuple[str, ...] | None
) -> None:
    row, made = read_back(world, text)
    assert (row.text, row.op) == (None, op)
    assert values is None or row.values == values
    assert text_of(made) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("!(priority <= 2)", "priority > 2"),
        ('!(state == "new")', 'state != "new"'),
        ("is_open == false", "!is_open"),
        ("!(is_open != true)", "is_open"),
    ],
)
def test_a_not_is_said_without_one(world: World, text: str, same: str) -> None:
    row, made = read_back(world, text)
    assert row.text is None and text_of(made) == same


@pytest.mark.parametrize(
    "text",
    [
        'priority <= 2 || state == "new"',
        '!(is_open && state == "new")',
        'created_at > now - duration("1d")',
        'created_at > timestamp("2026-01-01T10:30:07Z")',
        "created_at < updated_at",
        'state == "no_such_state"',
        "priority == 99",
        'requester == "USER-99999"',
        'title.endsWith("x")',
        'title == " x"',
        'title.contains("two\\nlines")',
        'title in ["a", "b"]',
        "true",
    ],
)
def test_what_the_form_has_no_words_for_is_changed_as_a_text(world: World, text: str) -> None:
    row, made = read_back(world, text)
    assert row == builder.Row(text=text)
    assert text_of(made) == text


def test_records_are_chosen_by_name_and_one_that_is_not_seen_is_no_name(world: World) -> None:
    agn, ra1 = world.number("agn"), world.number("ra1")
    row, made = read_back(world, f'requester in [me, "{ra1}", "{agn}"]')
    assert (row.op, row.named) == ("any", ("me", ra1, agn))
    assert text_of(made) == f'requester in [me, "{ra1}", "{agn}"]'
    row, made = read_back(world, f'requester != "{ra1}"')
    assert row.op == "not" and row.values == (f"Person ra1 · {ra1}",)
    assert text_of(made) == f'requester != "{ra1}"'
    unseen, _made = read_back(world, f'assignee == "{agn}"', "agb")
    assert unseen.text == f'assignee == "{agn}"'


def _operands(kind: Kind, named: list[str], choices: list[str]) -> st.SearchStrategy[Operand]:
    texts = st.text("aZ \n é\"\\'ß-1", min_size=1, max_size=6).filter(
        lambda text: text.strip(" -'\"")
    )
    times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
    known: dict[Kind, st.SearchStrategy[Operand]] = {
        Kind.TEXT: texts.map(Value),
        Kind.KEY: st.sampled_from(["INC-1", "INC-12"]).map(Value),
        Kind.CHOICE: st.sampled_from([*choices, "gone"]).map(Value),
        Kind.NUMBER: st.integers(-3, 9).map(Value),
        Kind.BOOL: st.booleans().map(Value),
        Kind.TIME: st.builds(Now, st.sampled_from([0, -86_400]))
        | times.map(lambda t: t.replace(second=t.second % 2, microsecond=0)).map(Value),
        Kind.DATE: times.map(lambda t: t.date()).map(Value),
        Kind.REF: st.just(Me()) | st.sampled_from([*named, "USER-99999"]).map(Value),
    }
    return known[kind]


def _parts(world: World) -> st.SearchStrategy[Condition]:
    """Any condition on one field that can be written, of whatever field the reader has."""
    actor = world.actor("agn")
    seen = fields.visible(incident, actor)
    persons, teams = [world.number(who) for who in ("agn", "ra1")], [world.teams["net"]]

    def of(name: str, kind: Kind) -> st.SearchStrategy[Condition]:
        ref = FieldRef(name, kind)
        choices = [str(value) for value, _label in seen[name].choices]
        named = teams if seen[name].target == "team" else persons
        one = _operands(kind, named, choices)
        ordered = kind in (Kind.TEXT, Kind.NUMBER, Kind.TIME, Kind.DATE)
        ops = st.sampled_from(list(Op) if ordered else [Op.EQ, Op.NE])
        ways = [st.builds(Compare, st.just(ref), ops, one), st.just(IsSet(ref))]
        if kind is not Kind.BOOL:
            items = st.lists(one, min_size=1, max_size=3).map(tuple)
            ways.append(st.builds(In, st.just(ref), items))
        if kind is Kind.REF:
            ways.append(st.just(In(ref, MyTeams())))
        if kind in (Kind.TEXT, Kind.KEY):
            tests = st.sampled_from(["contains", "startsWith", "endsWith"])
            needle = one.map(lambda value: value.value)  # type: ignore[union-attr]
            ways.append(st.builds(TextTest, st.just(ref), tests, needle))
        either = st.one_of(ways)
        return either | either.map(opposite)

    kinds = where.kinds(incident, actor)
    return st.sampled_from(sorted(kinds)).flatmap(lambda name: of(name, kinds[name]))


def _without_not(there: Condition) -> Condition:
    """The same, as plainly as it can be said: each way of a yes or no is one of two."""
    if isinstance(there, Not) and isinstance(there.part, Compare):
        there = turned(there.part)
    match there:
        case Compare(FieldRef(kind=Kind.BOOL) as ref, op, Value(bool(value))):
            yes = Compare(ref, Op.EQ, Value(value=True))
            return yes if value == (op is Op.EQ) else Not(yes)
    return there


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_what_is_read_back_is_the_part(world: World, data: Any) -> None:
    there = data.draw(_parts(world))
    row, made = read_back(world, text_of(there))
    assert made == (there if row.text is not None else _without_not(there))


def ticked(drawn: str) -> list[str]:
    return re.findall(r'name="(?:value|named)" value="([^"]*)" checked', drawn)


def test_a_chip_opens_its_form_filled_and_reads_no_list(world: World, browse: Browse) -> None:
    client, where_it_is = browse("agn"), "?view=all&filter=priority+in+[1,2]+%26%26+is_open"
    whole = client.get(f"/incidents/{where_it_is}").content.decode()
    assert "Change the filter Priority is P1 Critical or P2 High" in whole
    drawn = part(client, f"/incidents/{where_it_is}&part=0", "div#menu-row", HERE)
    assert ticked(drawn) == ["1", "2"] and 'value="any" selected' in drawn
    assert "<table" not in drawn
    assert 'value="yes" selected' in part(client, f"/incidents/{where_it_is}&part=1", "div#menu-row", HERE)  # fmt: skip
    # Without a script it is a page; of a part there is not, it is the list.
    assert ticked(client.get(f"/incidents/{where_it_is}&part=0").content.decode()) == ["1", "2"]
    for none in ("2", "-1", "x", "9" * 400, "²"):
        again = client.get("/incidents/", {"view": "all", "filter": "is_open", "part": none})
        assert again.status_code == 200 and 'name="part"' not in again.content.decode()


def test_what_is_applied_takes_the_place_of_its_part_alone(world: World, browse: Browse) -> None:
    client = browse("agn")
    first, middle, last = "priority in [1, 2]", '(is_open || state == "new")', "team == null"
    there = {"view": "all", "filter": f"{first} && {middle} && {last}"}
    priority = {"part": "0", "field": "priority", "value": ["1", "3"]}
    ways: list[tuple[dict[str, Any], list[str]]] = [
        (priority | {"op": "none"}, ["!(priority in [1, 3])", middle, last]),
        (priority | {"op": "is"}, ["priority in [1, 3]", middle, last]),
        ({"part": "2", "field": "team", "op": "set"}, [first, middle, "team != null"]),
        ({"part": "1", "text": "is_open || !is_open"}, [first, "(is_open || !is_open)", last]),
        (
            {"part": "1", "text": "is_open && priority != 5"},
            [first, "is_open && priority != 5", last],
        ),
        (
            {"field": "state", "op": "not", "value": ["new", "new"]},
            [first, middle, last, 'state != "new"'],
        ),
    ]
    for form, meant in ways:
        answer = client.get("/incidents/", there | form)
        assert answer.status_code == 303
        assert QueryDict(answer["Location"].partition("?")[2])["filter"] == " && ".join(meant)
        part_of_page = client.get(
            "/incidents/", there | form, headers={"HX-Request": "true", "HX-Target": "div#queue"}
        )
        assert part_of_page["HX-Push-Url"] == answer["Location"]
        assert 'name="part"' not in part_of_page.content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"field": "priority", "op": "most", "value": ["1", "2"]}, "This goes with one value."),
        ({"field": "priority", "op": "any"}, "Say what to look for."),
        ({"field": "assignee", "op": "any", "value": "Person"}, "Several match, such as"),
        ({"text": "is_open &&"}, ""),
        ({"text": " "}, "Say what to look for."),
    ],
)
def test_what_cannot_be_applied_stays_in_its_form(
    world: World, browse: Browse, form: dict[str, Any], said: str
) -> None:
    sent = {"view": "all", "filter": "is_open", "part": "0"} | form
    number, client = str(world.incident().number), browse("agn")
    again = client.get(
        "/incidents/", sent, headers={"HX-Request": "true", "HX-Target": "div#queue"}
    )
    assert (again.status_code, again["HX-Retarget"]) == (422, "#menu-row")
    whole = client.get("/incidents/", sent)
    assert whole.status_code == 422 and f'id="{number}"' in whole.content.decode()
    for drawn in (again.content.decode(), whole.content.decode()):
        assert said in drawn and 'aria-invalid="true"' in drawn and 'name="part" value="0"' in drawn
    assert ticked(again.content.decode()) == (["1", "2"] if "most" in form.values() else [])


def test_one_name_more_is_chosen_after_the_other(world: World, browse: Browse) -> None:
    client, ra1, agn = browse("agn"), world.number("ra1"), world.number("agn")
    form: dict[str, Any] = {"view": "all", "field": "requester", "op": "is", "more": "1"}
    for headers in ({"HX-Request": "true", "HX-Target": "div#builder"}, {}):
        one = client.get("/incidents/", form | {"value": "Person ra1"}, headers=headers)
        drawn = one.content.decode()
        assert one.status_code == 200 and ticked(drawn) == [ra1]
        assert 'value="any" selected' in drawn and 'name="value" value=""' in drawn
        two = client.get(
            "/incidents/", form | {"op": "any", "named": ra1, "value": "me"}, headers=headers
        )
        assert ticked(two.content.decode()) == [ra1, "me"]
    unseen = client.get("/incidents/", form | {"named": ra1, "value": "USER-99999"})
    assert unseen.status_code == 422 and "There is no person USER-99999." in unseen.content.decode()
    assert ticked(unseen.content.decode()) == [ra1]
    made = client.get(
        "/incidents/",
        {"view": "all", "field": "requester", "op": "any", "named": [ra1, "me"], "value": agn},
    )
    filtered = QueryDict(made["Location"].partition("?")[2])["filter"]
    assert filtered == f'requester in ["{ra1}", me, "{agn}"]'
