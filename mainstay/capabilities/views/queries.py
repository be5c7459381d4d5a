"""The views a person has on a list, and for whom they may keep one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mainstay.capabilities.views.record import GLOBAL, PERSONAL, TEAM, view
from mainstay.directory import people
from mainstay.pure.conditions import Compare, FieldRef, Kind, Op, Value
from mainstay.pure.rules import Actor
from mainstay.records import access, queries
from mainstay.records.rows import Facts
from mainstay.records.types import RecordType
from mainstay.surfaces.web.tabs import KEPT, Saved

# Nobody finds their way among more; a list's page has room for them all.
MOST = 100
SHOWN = ("record_type", "scope", "position", *KEPT)


def of_list(rtype: RecordType, actor: Actor) -> Sequence[Saved]:
    """All the actor sees of a list's views. One statement, unless it was asked since a view changed."""
    if not access.may_ever(view.access.see, actor):
        return ()
    if not actor.versions:
        return _of_list(rtype, actor)
    # Without a label of theirs no view was ever saved.
    return _kept(rtype, actor, actor.versions.get(view.settings_part, 0))


# Actors are alike who have the same rights: what was read for one of them is what another would be shown.
@lru_cache(maxsize=1000)
def _kept(rtype: RecordType, actor: Actor, _version: int) -> Sequence[Saved]:
    return _of_list(rtype, actor)


def _of_list(rtype: RecordType, actor: Actor) -> Sequence[Saved]:
    asked = Compare(FieldRef("record_type", Kind.TEXT), Op.EQ, Value(rtype.name))
    found = queries.page(view, actor, names=SHOWN, where=asked, size=MOST, python=True)
    return tuple(saved(row) for row in found.items)


def saved(row: Any) -> Saved:
    return Saved(
        name=row["number"],
        label=row["title"],
        keeps={name: row[name] for name in KEPT},
        place=row["position"],
        is_own=row["scope"] == PERSONAL,
    )


def may_save(actor: Actor) -> bool:
    return access.may_ever(view.access.create, actor)


def may_change(actor: Actor, name: str) -> bool:
    return queries.may(view, actor, "change", queries.one(view, actor, name, names=()))


@dataclass(frozen=True)
class Reader:
    """Somebody a view can be kept for: its scope, and the number of a team."""

    scope: str
    team: str = ""
    title: str = ""


def readers(actor: Actor) -> list[Reader]:
    """For whom this person may keep a view; for themselves always."""
    teams = [team for team in actor.teams if _may(actor, team)]
    found = [Reader(PERSONAL)]
    found += [Reader(TEAM, row["number"], row["title"]) for row in people.teams_in_use(teams)]
    if _may(actor, None):
        found.append(Reader(GLOBAL))
    return found


def _may(actor: Actor, team: int | None) -> bool:
    """Whether a view would be theirs to change if it were a team's, or everybody's."""
    return access.may(view, "change", actor, Facts(0, None, team, None, None, ""))
