"""Whom a text about a record may call: those who may read it, and of them those who exist for the writer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mainstay.directory import actors, people
from mainstay.pure.mentions import called, can_be_called, handle
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.rows import Facts, Row
from mainstay.records.types import RecordType

# Of so many who are called so, those who may not read it are left out; what is left is enough to choose from.
LOOKED_AT, OFFERED, TEAMS = 40, 8, 4


@dataclass(frozen=True)
class Option:
    """Somebody, or a team, by the word that calls them."""

    word: str
    number: str
    title: str
    is_team: bool = False


def offered(rtype: RecordType, actor: Actor, row: Row, audience: str, typed: str) -> list[Option]:
    """People and teams who may read what is written for this audience. Four statements at most."""
    near = people.near(actor, typed, access.callers(row.facts), LOOKED_AT)
    near = [person for person in near if can_be_called(person["username"])]
    teams = _teams(rtype, actor, row.facts, typed)[:TEAMS]
    members = people.members_of([team["id"] for team in teams])
    asked = {person["id"] for person in near} | {m for several in members.values() for m in several}
    readers = _readers(rtype, row.facts, audience, asked)
    found = [
        Option(person["username"], person["number"], person["title"])
        for person in near
        if person["id"] in readers
    ]
    called_so = [
        Option(handle(team["title"]), team["number"], team["title"], is_team=True)
        for team in teams
        if readers & set(members.get(team["id"], ()))
    ]
    return [*found[: OFFERED - len(called_so)], *called_so]


def unheard(rtype: RecordType, actor: Actor, row: Row, audience: str, text: str) -> list[str]:
    """The words of a text that call nobody the writer could have chosen; no statement where it calls nobody.

    Whether there is somebody of that name makes no difference, or the answer would tell it.
    """
    words = called(text)
    some = heard(rtype, actor, row.facts, audience, words)
    return [word for word in words if word not in some]


def heard(
    rtype: RecordType, actor: Actor, facts: Facts, audience: str, words: Sequence[str]
) -> list[str]:
    """Those words that call somebody the writer could have chosen; no statement where there are none."""
    if not words:
        return []
    known = people.seen_by_login(actor, words)
    teams = {handle(team["title"]): team["id"] for team in _teams(rtype, actor, facts, "")}
    wanted = [teams[word] for word in words if word not in known and word in teams]
    members = people.members_of(wanted)
    readers = _readers(
        rtype, facts, audience, {*known.values(), *(m for many in members.values() for m in many)}
    )
    return [
        word
        for word in words
        if known.get(word) in readers or readers & set(members.get(teams.get(word, 0), ()))
    ]


def _teams(rtype: RecordType, actor: Actor, facts: Facts, typed: str) -> list[Mapping[str, Any]]:
    """A caller calls no whole team: they do not know who is in it."""
    if access.is_caller(actor, facts) or not access.is_insider(rtype, actor, facts):
        return []
    return people.teams_near(actor, typed)


def _readers(rtype: RecordType, facts: Facts, audience: str, asked: Collection[int]) -> set[int]:
    """Those among some people who may read it, by their rights of this moment."""
    known: Iterable[tuple[int, Actor]] = actors.for_people(asked).items()
    rule = rtype.access.see if audience == "all" else access.insiders(rtype)
    return {id for id, actor in known if access.allows(rtype, rule, actor, facts)}
