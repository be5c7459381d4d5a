"""Reads an access rule two ways: as SQL for lists, as a yes or no for one record.

A property test draws random rules, actors and records and demands that both readings agree. Confinement to an
organisation and the wall of a restricted team are in no rule: they are joined here, so no declaration can forget
them. Rules look at columns of the common table alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mainstay.pure.language import kept
from mainstay.pure.rules import (
    CALLERS,
    Actor,
    Both,
    Either,
    Everyone,
    Mine,
    MyTeams,
    Nobody,
    Role,
    Rule,
    Staff,
    Without,
)
from mainstay.records.errors import Denied
from mainstay.records.types import RecordType

# Above this many branches one OR is cheaper to plan than their union.
MOST_BRANCHES = 24


NOT_HERE = kept("You may not do this here: “%(move)s”.")
# By verb; a move has a label of its own.
REFUSALS = {
    "create": gettext_noop("You may not create this."),
    "change": gettext_noop("You may not change this."),
    "note": gettext_noop("You may not write about this."),
    "remove": gettext_noop("You may not remove this."),
}


class Facts(Protocol):
    """What a rule may look at: a model instance and a row from `queries` both have it."""

    @property
    def id(self) -> int: ...
    @property
    def organisation_id(self) -> int | None: ...
    @property
    def team_id(self) -> int | None: ...
    @property
    def requester_id(self) -> int | None: ...
    @property
    def assignee_id(self) -> int | None: ...
    @property
    def requested_for_id(self) -> int | None: ...


@dataclass(frozen=True)
class Branch:
    """One way of being allowed, as SQL over `r`; each is served by one index."""

    sql: str
    params: tuple[Any, ...] = ()


def allows(rtype: RecordType, rule: Rule, actor: Actor, record: Facts) -> bool:
    """The yes-or-no reading."""
    if actor.is_system:
        return True
    return _confinement_admits(rtype, actor, record) and _admits(rtype, rule, actor, record)


def may(rtype: RecordType, verb: str, actor: Actor, record: Facts) -> bool:
    """Whether a verb is the actor's to use on this record."""
    if verb != "see" and not stays_inside(rtype, actor, record):
        return False
    return allows(rtype, rtype.access.rule_for(verb), actor, record)


def stays_inside(rtype: RecordType, actor: Actor, record: Facts) -> bool:
    """Whether a confined actor may write here: what everybody shares is theirs to read and not to change."""
    return actor.confined_to is None or getattr(record, rtype.wall) in actor.confined_to


def require(rtype: RecordType, verb: str, actor: Actor, record: Facts) -> None:
    """Raises Denied with a sentence that names what is missing."""
    if not may(rtype, verb, actor, record):
        raise Denied(lambda: _refusal(rtype, verb), record.id)


def _refusal(rtype: RecordType, verb: str) -> str:
    """A move by the words on its button, which no grammar bends to fit into a sentence."""
    for move in rtype.lifecycle.moves:
        if move.name == verb:
            return _(NOT_HERE) % {"move": move.label}
    return _(REFUSALS.get(verb, "You may not do this."))


def callers(record: Facts) -> list[int]:
    """Everybody the record is for, who asked first."""
    named = (getattr(record, column) for column in CALLERS)
    return [person for person in named if person is not None]


def is_caller(actor: Actor, record: Facts) -> bool:
    """Whether the record is for this actor."""
    return actor.id is not None and actor.id in callers(record)


def calls(person: str) -> str:
    """Whether somebody, given as SQL, is a caller of `r`: for a record that is found already, no index serves it."""
    return f"{person} in ({', '.join(f'r.{column}' for column in CALLERS)})"


def is_insider(rtype: RecordType, actor: Actor, record: Facts) -> bool:
    """Whether the actor sees this record otherwise than as a caller of it: internal notes and files exist for them.

    An agent who is only the caller of a restricted team's record is a caller there and nothing more.
    """
    return allows(rtype, insiders(rtype), actor, record)


def insiders(rtype: RecordType) -> Rule:
    """The rule behind `is_insider`, for who asks about many records at once."""
    return _without_callers(rtype.access.see)


def works(rtype: RecordType, actor: Actor, record: Facts) -> bool:
    """Whether the actor may write about this record otherwise than as its caller: what an assignee has to."""
    return allows(rtype, _without_callers(rtype.access.rule_for("note")), actor, record)


@lru_cache(256)
def _without_callers(rule: Rule) -> Rule:
    match rule:
        case Mine(column) if column in CALLERS:
            return Nobody()
        case Either(rules):
            return Either(tuple(_without_callers(r) for r in rules))
        case Both(rules):
            return Both(tuple(_without_callers(r) for r in rules))
    return rule


def may_ever(rule: Rule, actor: Actor) -> bool:
    """Whether some record could satisfy the rule: what menus and buttons ask before a record is known."""
    match rule:
        case Nobody():
            return actor.is_system
        case Mine() | Everyone() | Without():
            return True
        case Role(names) | Staff(names):
            return actor.has_role(*names)
        case MyTeams():
            return actor.is_system or bool(actor.teams)
        case Either(rules):
            return any(may_ever(r, actor) for r in rules)
        case Both(rules):
            return all(may_ever(r, actor) for r in rules)
    return actor.is_system


def branches(rtype: RecordType, rule: Rule, actor: Actor) -> list[Branch]:
    """The SQL reading: a record is allowed when any branch holds. No branch at all means nothing is allowed."""
    return list(_branches(rtype, rule, actor))


# A rule and an actor are values: whose rights change is another actor.
@lru_cache(1024)
def _branches(rtype: RecordType, rule: Rule, actor: Actor) -> tuple[Branch, ...]:
    if actor.is_system:
        return (Branch("true"),)
    found: dict[Branch, None] = {}
    for ways in _ways(rule, actor):
        parts: list[str] = []
        params: list[Any] = []
        for leaf in dict.fromkeys(ways):
            parts.append(leaf.sql)
            params.extend(leaf.params)
        if not all(leaf.pierces for leaf in ways):
            _add(_restriction(rtype, actor), parts, params)
        _add(_confinement(rtype, actor), parts, params)
        conditions = [part for part in parts if part != "true"]
        found[Branch(" and ".join(conditions) or "true", tuple(params))] = None
    return tuple(_widest(list(found)))


@lru_cache(1024)
def one_condition(rtype: RecordType, rule: Rule, actor: Actor) -> Branch:
    """All branches as one OR: for counts and for looking up a few records by key."""
    ways = branches(rtype, rule, actor)
    if not ways:
        return Branch("false")
    return Branch(
        "(" + " or ".join(f"({way.sql})" for way in ways) + ")",
        tuple(p for way in ways for p in way.params),
    )


def mask(rtype: RecordType, rule: Rule, actor: Actor) -> str:
    """What a private column stands behind, as SQL over `r` ("" where it stands behind nothing).

    Ids alone are in it, so they are written out: the column can then stand wherever a plain one can.
    """
    condition = one_condition(rtype, rule, actor)
    return "" if condition.sql == "((true))" else condition.sql % tuple(map(int, condition.params))


@dataclass(frozen=True)
class _Leaf:
    sql: str
    params: tuple[Any, ...] = ()
    pierces: bool = False


def _ways(rule: Rule, actor: Actor) -> list[tuple[_Leaf, ...]]:
    """The rule as a list of conjunctions, for this actor."""
    match rule:
        case Either(rules):
            return [way for r in rules for way in _ways(r, actor)]
        case Both(rules):
            return [sum(parts, ()) for parts in product(*(_ways(r, actor) for r in rules))]
        case Everyone():
            return [(_Leaf("true"),)]
        case Mine(column):
            mine = _Leaf(f"r.{column} = %s", (actor.id,), pierces=column in CALLERS)
            return [] if actor.id is None else [(mine,)]
        case MyTeams():
            return [(_Leaf("r.team_id = %s", (team,)),) for team in sorted(actor.teams)]
        case Without(columns):
            return [tuple(_Leaf(f"r.{column} is null") for column in columns)]
        case Staff(names):
            return [(_Leaf("true"),)] if actor.has_role(*names) else []
        case Role(names):
            return [(_scope(grant),) for grant in _sorted_grants(actor, names)]
    return []


def _scope(grant: Any) -> _Leaf:
    if grant.is_everywhere:
        return _Leaf("true")
    if grant.team_id is not None:
        return _Leaf("r.team_id = %s", (grant.team_id,))
    return _Leaf("r.organisation_id = %s", (grant.organisation_id,))


def _sorted_grants(actor: Actor, names: tuple[str, ...]) -> list[Any]:
    return sorted(
        actor.grants_of(names), key=lambda g: (g.team_id or 0, g.organisation_id or 0, g.role)
    )


def _widest(found: list[Branch]) -> list[Branch]:
    """A branch whose conditions are all among another's swallows it."""
    conditions = {branch: _conjuncts(branch) for branch in found}
    return [
        b for b in found if not any(o is not b and conditions[o] < conditions[b] for o in found)
    ]


def _conjuncts(branch: Branch) -> frozenset[tuple[str, Any]]:
    if branch.sql == "true":
        return frozenset()
    params = iter(branch.params)
    return frozenset(
        (part, tuple(next(params) for _ in range(part.count("%s"))))
        for part in branch.sql.split(" and ")
    )


def _restriction(rtype: RecordType, actor: Actor) -> _Leaf | None:
    if rtype.shared or not actor.hidden_teams:
        return None
    hidden = sorted(actor.hidden_teams)
    return _Leaf(f"(r.team_id is null or r.team_id not in ({_marks(hidden)}))", tuple(hidden))


def _confinement(rtype: RecordType, actor: Actor) -> _Leaf | None:
    if actor.confined_to is None:
        return None
    inside = sorted(actor.confined_to)
    sql = f"r.{rtype.wall} in ({_marks(inside)})" if inside else "false"
    return _Leaf(f"({sql} or r.{rtype.wall} is null)" if rtype.shared else sql, tuple(inside))


def _add(leaf: _Leaf | None, parts: list[str], params: list[Any]) -> None:
    if leaf:
        parts.append(leaf.sql)
        params.extend(leaf.params)


def _marks(values: list[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _confinement_admits(rtype: RecordType, actor: Actor, record: Facts) -> bool:
    if actor.confined_to is None:
        return True
    organisation = getattr(record, rtype.wall)
    return rtype.shared if organisation is None else organisation in actor.confined_to


def _admits(rtype: RecordType, rule: Rule, actor: Actor, record: Facts) -> bool:
    hidden = (
        not rtype.shared and record.team_id is not None and record.team_id in actor.hidden_teams
    )
    match rule:
        case Either(rules):
            return any(_admits(rtype, r, actor, record) for r in rules)
        case Both(rules):
            return all(_admits(rtype, r, actor, record) for r in rules)
        case Mine(column):
            mine = actor.id is not None and getattr(record, column) == actor.id
            return mine and (column in CALLERS or not hidden)
        case Everyone():
            return not hidden
        case MyTeams():
            return record.team_id in actor.teams and not hidden
        case Without(columns):
            return not hidden and all(getattr(record, column) is None for column in columns)
        case Staff(names):
            return not hidden and actor.has_role(*names)
        case Role(names):
            return not hidden and any(_covers(grant, record) for grant in actor.grants_of(names))
    return False


def _covers(grant: Any, record: Facts) -> bool:
    if grant.is_everywhere:
        return True
    if grant.team_id is not None:
        return bool(record.team_id == grant.team_id)
    return bool(record.organisation_id == grant.organisation_id)
