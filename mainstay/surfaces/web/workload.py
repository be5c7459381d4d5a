"""Workload of a team: who has what, who has room, and what nobody has taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import flow, people, workload
from mainstay.directory.record import team as team_type
from mainstay.directory.workload import Load
from mainstay.pure.conditions import (
    Compare,
    Condition,
    FieldRef,
    In,
    IsSet,
    Kind,
    Not,
    Op,
    Value,
    all_of,
)
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import access, by_title, queries
from mainstay.records.errors import Missing
from mainstay.records.rows import Row
from mainstay.records.types import RecordType
from mainstay.surfaces.web import addresses, home, namesakes, shell
from mainstay.surfaces.web.answers import is_fragment, only, redirect, signed_in, target_of
from mainstay.surfaces.web.charts import Flow
from mainstay.surfaces.web.formats import reader, say
from mainstay.surfaces.web.jinja import page

# Who stands for "nobody yet" in the address.
NOBODY = "nobody"
TEAMS = 50


@dataclass(frozen=True)
class Place:
    """One line of the page: a person of the team, or nobody, with what they hold; of who has left, the team's part."""

    key: str
    person: dict[str, Any] | None
    load: Load
    is_lead: bool = False
    has_left: bool = False
    alike: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return namesakes.named(self.person, self.alike) if self.person else _("Nobody yet")


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    if not access.may_ever(team_type.access.see, actor):
        raise Missing
    typed = request.GET.get("q", "").strip()
    teams = _teams(actor, typed)
    if typed and not is_fragment(request) and (named := _meant(teams, typed)):
        return redirect(f"/workload/?{urlencode({'team': named})}")
    wanted = request.GET.get("team", "") or (teams[0]["number"] if teams and not typed else "")
    team = queries.one(team_type, actor, wanted) if wanted else None
    context: dict[str, Any] = {
        "title": _("Workload"),
        "group": shell.AREAS["team"][0],
        "teams": teams,
        "alike": namesakes.among(teams),
        "team": team,
        "typed": typed,
        "is_cut": len(teams) >= TEAMS,
    }
    # Who types what a team is called waits for the names alone.
    if team is not None and target_of(request) != "list-teams":
        context |= _contents(actor, team, request.GET.get("person", NOBODY))
        # Asked where it is drawn: who looks at one person after the other has it before them.
        context |= {"flow": partial(_flow, team, actor), "flow_days": flow.DAYS}
    return page(request, "web/workload.html", context)


def _teams(actor: Actor, typed: str) -> list[dict[str, Any]]:
    """`{"number", "title", "is_mine"}`: one's own first, then as many as a menu can show; or those called so."""
    found = by_title.options(team_type, actor, typed, size=TEAMS)
    own = _own(actor)
    mine = {row["number"] for row in own}
    # Searched for, they are found as all others are; or else each of them stands there, wherever its name does.
    first = [row for row in found if row["number"] in mine] if typed else own
    rest = [row for row in found if row["number"] not in mine]
    return [
        {"number": row["number"], "title": row["title"], "is_mine": row["number"] in mine}
        for row in [*first, *rest[: max(TEAMS - len(first), 0)]]
    ]


def _own(actor: Actor) -> list[dict[str, Any]]:
    """The teams in use the reader is in, by name."""
    if not actor.team_numbers:
        return []
    mine = In(FieldRef("number", Kind.KEY), tuple(map(Value, actor.team_numbers)))
    where = all_of((home.OPEN, mine))
    return queries.page(team_type, actor, names=(), where=where, order="title", size=TEAMS).items


def _meant(teams: Sequence[Mapping[str, Any]], typed: str) -> str:
    """The number of the one that is called so, or of the only one found; "" where it may be several, or none."""
    called = [row["number"] for row in teams if fold(row["title"]) == fold(typed)]
    found = called or [row["number"] for row in teams]
    return found[0] if len(found) == 1 else ""


def _contents(actor: Actor, team: Row, wanted: str) -> dict[str, Any]:
    there = people.members(team, actor)
    unheld = workload.unheld(team, actor)
    gone = people.named([person for person in unheld if person is not None], actor)
    alike = frozenset(namesakes.among([*there, *gone.values()]))
    places = [
        Place(m["number"], m, m["load"], is_lead=bool(m["is_lead"]), alike=alike) for m in there
    ]
    left = [
        Place(one["number"], one, unheld[person], has_left=True, alike=alike)
        for person, one in gone.items()
    ]
    # Whoever has most stands first: that is where something is to be taken off.
    places.sort(key=lambda place: (-place.load.at_hand, place.name.casefold()))
    free = Place(NOBODY, None, unheld[None])
    chosen = next((place for place in (*left, *places) if place.key == wanted), free)
    if wanted not in (NOBODY, chosen.key):
        raise Missing
    capacity = team.get("capacity")
    return {
        "places": [free, *left, *places],
        "members": len(places),
        "chosen": chosen,
        "capacity": capacity,
        "most": max([capacity or 1, *(place.load.open for place in (*left, *places))]),
        "with_room": sum(1 for p in places if p.load.has_room(capacity)),
        "lines": home.lines(home.work_types(actor), actor, lambda t: _held(t, chosen, team)),
        "lists": _lists(home.work_types(actor), chosen, team),
        "url": url,
    }


def _flow(team: Row, actor: Actor) -> list[Flow] | None:
    """What came and what was dealt with; None where too much changed to be counted."""
    found = flow.of_team(team, actor, reader()[1])
    return None if found is None else [Flow(d.day, d.opened, d.resolved, d.open) for d in found]


def _held(rtype: RecordType, place: Place, team: Row) -> Condition:
    """What a place holds, as the filter of one type's list."""
    assignee = home.ref(rtype, "assignee")
    theirs = Compare(assignee, Op.EQ, Value(place.key)) if place.person else Not(IsSet(assignee))
    if place.person and not place.has_left:
        return theirs
    return all_of((Compare(home.ref(rtype, "team"), Op.EQ, Value(team["number"])), theirs))


def _lists(types: Iterable[RecordType], place: Place, team: Row) -> list[tuple[str, str]]:
    """`(name of the type, address)` of the lists where what there is can be worked on, many at a time."""
    return [
        (say(t.label_plural), addresses.url_of(t, all_of((home.OPEN, _held(t, place, team)))))
        for t in types
        if t.name in place.load.types
    ]


def url(team: Row, place: Place) -> str:
    asked = {"team": team["number"], **({"person": place.key} if place.person else {})}
    return f"/workload/?{urlencode(asked)}"
