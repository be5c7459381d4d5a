"""Each mistake a declaration can hold is told at startup, by the name of what is wrong."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.db import models
from django.urls import get_resolver

from mainstay.config.addresses import TAKEN
from mainstay.config.apps import around
from mainstay.config.cli import check
from mainstay.config.cli.check import Misdeclared, require_sound
from mainstay.pure.lifecycle import Kind, Lifecycle, Move, State
from mainstay.pure.rules import Access, Everyone, Mine, Nobody, Role
from mainstay.records import checks, reactions
from mainstay.records.reactions import Reaction
from mainstay.records.types import Invitation, LinkKind, Shelf, View, shelf
from mainstay.surfaces.api import build
from mainstay.surfaces.api.build import api

EVERYONE = Access(see=Everyone(), create=Everyone(), change=Everyone())

RESTORED = Lifecycle(
    (State("new", Kind.NEW, "New"), State("gone", Kind.CLOSED, "Gone")),
    (Move("restore", ("new",), "gone", "Restore"),),
)


def lives(move: Move) -> Lifecycle:
    return Lifecycle(RESTORED.states, (move,))


class Misfit:
    """Looks like a declaration's part and is none."""

    def __repr__(self) -> str:
        return "a misfit"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"order": ""}, "incident: order is empty"),
        ({"capabilities": shelf.type("incident").capabilities[0]}, "incident: capabilities is no tuple"),
        ({"capabilities": ("conversation",)}, "'conversation', which is no capability"),
        ({"derive": ("set_priority",)}, "'set_priority', which is no function"),
        ({"guards": (Misfit(),)}, "a misfit, which is no function"),
        ({"form": ("title")}, "form is no tuple; write ('title',)"),
        ({"lifecycle": Misfit()}, "lifecycle is no Lifecycle"),
        ({"access": replace(EVERYONE, see="agent")}, "the rule for 'see' is 'agent'; write Role(…)"),
        ({"access": replace(EVERYONE, note=(Role("agent"),))}, "the rule for 'note' is (Role("),
        ({"private": {"title": None}}, "the rule for 'title' is None"),
    ],
)  # fmt: skip
def test_what_the_engine_cannot_read_never_stands_on_the_shelf(
    wrong: dict[str, Any], said: str
) -> None:
    other = Shelf()
    other.put(replace(shelf.type("incident"), **wrong))
    assert any(said in text for text in other.refused), other.refused
    assert not other.types


def test_a_column_of_no_known_kind_is_told_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    incident = shelf.type("incident")
    cost = models.DecimalField(max_digits=9, decimal_places=2)
    cost.set_attributes_from_name("cost")
    columns = (*incident.model._meta.local_fields, cost)
    monkeypatch.setattr(incident.model._meta, "local_fields", columns)
    [said] = told()
    assert said.startswith("column 'cost' is a DecimalField; there are DateTimeField, ")


def told(**wrong: Any) -> list[str]:
    known = replace(around(), icons=("siren", "wrench"))
    return list(checks.of_type(replace(shelf.type("incident"), **wrong), known))


@pytest.mark.parametrize("rtype", shelf.types, ids=lambda rtype: rtype.name)
def test_ours_hold_none(rtype: Any) -> None:
    assert not list(checks.of_type(rtype, around()))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"form": ("title", "bogus")}, "form names the unknown field 'bogus'"),
        ({"portal_form": ("bogus",)}, "portal form names the unknown field 'bogus'"),
        ({"columns": ("bogus",)}, "columns names the unknown field 'bogus'"),
        ({"name": "Release type"}, "name 'Release type' is no word an event is named by"),
        ({"name": "token"}, "name 'token' means something else in the history"),
        ({"name": "record"}, "name 'record' means something else in the history"),
        ({"order": "resolved_at"}, "usually ordered by 'resolved_at', which no index leads"),
        ({"omits": ("team",)}, "capability 'assignment' needs the column 'team'"),
        ({"order": "-bogus"}, "order or also_by names the unknown field 'bogus'"),
        ({"concerns": ("bogus",)}, "concerns names the unknown field 'bogus'"),
        ({"concerns": ("title",)}, "concerns names 'title', which names no person"),
        ({"internal": {"bogus": ()}}, "internal names the unknown field 'bogus'"),
        ({"internal": {"state": ("bogus",)}}, "internal names 'bogus', which 'state' never holds"),
        ({"personal": ("bogus",)}, "personal names the unknown field 'bogus'"),
        ({"private": {"bogus": Everyone()}}, "private names the unknown field 'bogus'"),
        ({"names": {"bogus": "owner"}}, "names names the unknown field 'bogus'"),
        ({"names": {"assignee": "impact"}}, "names calls a column 'impact'"),
        ({"names": {"due_at": "target"}}, "'due_at' is omitted and named"),
        ({"omits": ("bogus",)}, "omits names the unknown field 'bogus'"),
        ({"choices": {"bogus": [("a", "A")]}}, "choices names the unknown field 'bogus'"),
        ({"wall": "bogus_id"}, "wall names the unknown field 'bogus_id'"),
        (
            {"invitation": Invitation("Ask", "", "bug", "ask", {"bogus": "?"})},
            "questions names the unknown field 'bogus'",
        ),
        (
            {"invitation": Invitation("Ask", "", "bug", "ask", answers={"bogus": {}})},
            "answers names the unknown field 'bogus'",
        ),
        (
            {"invitation": Invitation("Ask", "", "bug", "ask", answers={"impact": {3: "Me"}})},
            "answers of 'impact' are not for exactly what it may hold",
        ),
        (
            {"invitation": Invitation("Ask", "", "bug", "ask", meanings={"bogus": {}})},
            "meanings names the unknown field 'bogus'",
        ),
        (
            {"invitation": Invitation("Ask", "", "bug", "ask", meanings={"impact": {3: "Me"}})},
            "meanings of 'impact' are not for exactly what it may hold",
        ),
        (
            {"private": {"priority": Everyone()}, "also_by": ("priority",)},
            "order or also_by names 'priority', whose place in a list",
        ),
        ({"labels": {"bogus": "B"}}, "labels names the unknown field 'bogus'"),
        ({"lifecycle": RESTORED}, "move 'restore' is called as something every record can have"),
        ({"plural": "portal"}, "plural 'portal' is the address of something else already"),
        ({"plural": "sign-in"}, "plural 'sign-in' is the address of something else already"),
        ({"plural": "In cidents"}, "plural 'In cidents' is no part of an address"),
        ({"prefix": "IN-1"}, "prefix 'IN-1' is not 1 to 12 capital letters"),
        ({"prefix": ""}, "prefix '' is not 1 to 12 capital letters"),
        ({"names": {"assignee": "message"}}, "the API has another use for the field 'message'"),
        ({"area": "bogus"}, "area 'bogus' is none of deliver, team, respond, resources"),
        ({"icon": "bogus"}, "icon 'bogus' is not drawn"),
        ({"invitation": Invitation("Ask", "", "bogus", "ask")}, "icon 'bogus' is not drawn"),
        ({"invitation": Invitation("Ask", "", "bug", "A sk")}, "invitation 'A sk' is no part of"),
        ({"columns": ("number", "title", "number")}, "columns names 'number' twice"),
        ({"form": ("title", "title")}, "form names 'title' twice"),
        ({"form": ("title", "number")}, "form names 'number', which is not set by hand"),
        ({"portal_form": ("title", "title")}, "portal form names 'title' twice"),
        (
            {"capabilities": shelf.type("incident").capabilities * 2},
            "capabilities names 'conversation' twice",
        ),
        (
            {"lifecycle": lives(Move("end", ("new",), "gone", "End", needs=("number",)))},
            "move 'end' asks for 'number', which is not set by hand",
        ),
        (
            {
                "lifecycle": lives(Move("end", ("new",), "gone", "End", message="all")),
                "capabilities": (),
            },
            "move 'end' takes a message, which only a type with a conversation keeps",
        ),
        ({"links": {"x": LinkKind("x", "y", ("bogus",))}}, "leads to the unknown type 'bogus'"),
    ],
)
def test_names_that_are_none(wrong: dict[str, Any], said: str) -> None:
    assert any(said in text for text in told(**wrong)), told(**wrong)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (View("x", "X", "is_opn"), "view 'x' cannot be read: "),
        (View("x", "X", "priority <"), "view 'x' cannot be read: "),
        (View("x", "X", 'priority == "high"'), "view 'x' cannot be read: "),
        (View("x", "X", "item == null"), "view 'x' cannot be read: "),  # not everybody may read it
        (View("x", "X", "", "impact"), "ordered by 'impact'"),
        (View("open", "X", ""), "two views are called 'open'"),
    ],
)
def test_views(view: View, said: str) -> None:
    views = (*shelf.type("incident").views, view)
    assert [text for text in told(views=views) if said in text], told(views=views)


@pytest.mark.parametrize("where", ["see", "create", "change", "remove", "note", "moves", "private"])
def test_a_role_nobody_can_hold_in_any_rule(where: str) -> None:
    wrong = Mine("requester_id") | (Role("agent") & Role("agnet"))
    if where == "private":
        found = told(private={"item": wrong})
    elif where == "moves":
        found = told(access=replace(EVERYONE, moves={"resolve": wrong}))
    else:
        found = told(access=replace(EVERYONE, **{where: wrong}))
    assert len([t for t in found if "names the role 'agnet', which nobody can hold" in t]) >= 1
    assert not any("'agent'," in text for text in found)


@pytest.mark.parametrize("where", ["remove", "note"])
def test_a_column_that_is_none_in_any_rule(where: str) -> None:
    found = told(access=replace(EVERYONE, **{where: Mine("bogus_id")}))
    assert any(f"the rule for '{where}' has Mine('bogus_id')" in text for text in found)


def test_rules_that_are_in_order() -> None:
    assert not told(access=replace(EVERYONE, remove=Nobody(), note=Role("team-lead")))
    assert any("a Role that names none" in t for t in told(access=replace(EVERYONE, note=Role())))
    assert any("no move" in t for t in told(access=replace(EVERYONE, moves={"fly": Nobody()})))


def test_every_address_of_the_site_is_taken_or_a_type_of_its_own() -> None:
    """Whoever adds a page adds its first word to mainstay/config/addresses.py."""
    plurals = {rtype.plural for rtype in shelf}
    patterns = list(get_resolver().url_patterns)
    firsts = {operation.path.split("/")[0] for operation in api().operations}
    while patterns:
        pattern = patterns.pop()
        first = str(pattern.pattern).split("/")[0]
        if first:
            firsts.add(first)
        else:
            patterns += getattr(pattern, "url_patterns", [])
    assert {first for first in firsts if "<" not in first} - plurals <= set(TAKEN)


def test_two_types_of_one_name_or_plural_are_told_and_the_first_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowded, incident = Shelf(), shelf.type("incident")
    for rtype in (
        incident,
        replace(incident, plural="others"),
        replace(incident, name="other"),
    ):
        crowded.put(rtype)
    assert crowded.types == (incident,)
    monkeypatch.setattr(shelf, "refused", crowded.refused)
    with pytest.raises(Misdeclared) as caught:
        require_sound()
    assert "two record types have the name 'incident'" in str(caught.value)
    assert "two record types have the plural 'incidents'" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "schema"), [("event", "Event"), ("note", "Note"), ("proof", "Proof"), ("file", "File")]
)
def test_a_type_whose_schema_is_something_elses_is_told(
    name: str, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API is built all the same: whoever asks for an address is told, and sees no traceback."""
    crowded = Shelf()
    for rtype in (*shelf, replace(shelf.type("incident"), name=name, plural=f"{name}s")):
        crowded.put(rtype)
    monkeypatch.setattr(build, "shelf", crowded)
    monkeypatch.setattr(build, "api", cache(api.__wrapped__))
    with pytest.raises(Misdeclared) as caught:
        require_sound()
    told = f"two schemas of the API are called '{schema}'; call the record type '{name}' otherwise"
    assert told in str(caught.value)
    assert build.patterns()


def test_mistakes_are_told_before_the_addresses_are_built_from_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def build(*_: object, **__: object) -> None:
        raise KeyError("number")

    monkeypatch.setattr(shelf, "refused", ["two record types have the name 'incident'"])
    monkeypatch.setattr(check, "call_command", build)
    with pytest.raises(Misdeclared):
        check.run(Namespace(deploy=False))


def test_nothing_starts_on_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    require_sound()
    deaf = (Reaction("incident.fly team.reply", test_views),)
    monkeypatch.setattr(reactions, "everything", lambda: (deaf,))
    with pytest.raises(Misdeclared) as caught:
        require_sound()
    assert "listens for 'incident.fly', which no event can match" in str(caught.value)
    assert "listens for 'team.reply'" in str(caught.value)
