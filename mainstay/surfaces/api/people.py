"""Who I am, and what people have besides fields: places in teams, roles, skills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from mainstay.directory import commands as directory
from mainstay.directory import people
from mainstay.directory import workload as directory_workload
from mainstay.directory.commands import LEVELS
from mainstay.directory.record import team, user
from mainstay.directory.roles import LABELS
from mainstay.records import queries
from mainstay.records.errors import Invalid
from mainstay.records.types import RecordType
from mainstay.surfaces.api import answers, bodies, schemas
from mainstay.surfaces.api.components import REFERENCE, TEXT
from mainstay.surfaces.api.operation import Call, Param, Schema
from mainstay.surfaces.api.router import Router

Run = Callable[[Call], HttpResponse]


def me(call: Call) -> HttpResponse:
    """The person behind the token or session, with what they may be told about their own rights."""
    actor = call.actor
    row = queries.one(user, actor, actor.number, names=("organisation",))
    return answers.json(
        {
            "id": actor.uuid,
            "number": actor.number,
            "title": actor.name,
            "username": actor.login,
            "language": actor.language,
            "time_zone": actor.time_zone,
            "organisation": row["organisation"],
            "roles": people.roles(row),
            "teams": _with_bools(people.teams(row)),
            "scopes": None if actor.scopes is None else sorted(actor.scopes),
        }
    )


def members(call: Call) -> HttpResponse:
    return answers.page(_members(call))


def joined(call: Call) -> HttpResponse:
    bodies.only(call.body, ("person", "is_lead"))
    person, is_lead = bodies.text(call.body, "person"), call.body.get("is_lead", False)
    if not isinstance(is_lead, bool):
        raise Invalid({"is_lead": ["This must be true or false."]})
    directory.join(call.key, person, call.by, is_lead=is_lead)
    return answers.page(_members(call), status=201)


def left(call: Call) -> HttpResponse:
    directory.leave(call.key, bodies.text(call.query, "person"), call.by)
    return answers.nothing()


def roles(call: Call) -> HttpResponse:
    return answers.page(people.roles(call.row(names=())))


def granted(call: Call) -> HttpResponse:
    bodies.only(call.body, ("role", "team", "organisation"))
    role, scope = bodies.text(call.body, "role"), _scope(call.body)
    directory.grant(call.key, role, call.by, **scope)
    return answers.page(people.roles(call.row(names=())), status=201)


def withdrawn(call: Call) -> HttpResponse:
    directory.withdraw(call.key, bodies.text(call.query, "role"), call.by, **_scope(call.query))
    return answers.nothing()


def skills(call: Call) -> HttpResponse:
    return answers.page(people.skills(call.row(names=())))


def taught(call: Call) -> HttpResponse:
    bodies.only(call.body, ("skill", "level"))
    level = call.body.get("level")
    if type(level) is not int or level not in LEVELS:
        raise Invalid({"level": [f"This must be {min(LEVELS)} to {max(LEVELS)}."]})
    directory.teach(call.key, bodies.text(call.body, "skill"), level, call.by)
    return answers.page(people.skills(call.row(names=())), status=201)


def untaught(call: Call) -> HttpResponse:
    directory.teach(call.key, bodies.text(call.query, "skill"), 0, call.by)
    return answers.nothing()


def routes(rtype: RecordType, router: Router) -> None:
    if rtype is team:
        _routes(router, "members", (members, joined, left), MEMBER, JOINS, ("person",))
        router.component("Load", LOAD)
        router.add(
            "GET",
            "/{key}/workload",
            "workload",
            workload,
            gives=schemas.page(schemas.ref("Load")),
            summary="Who has what, and what nobody has taken",
        )
    if rtype is user:
        _routes(router, "roles", (roles, granted, withdrawn), ROLE, GRANTS, ("role",))
        _routes(router, "skills", (skills, taught, untaught), SKILL, TEACHES, ("skill",))


def routes_of_me(router: Router) -> None:
    router.component("Me", ME)
    router.add("GET", "me", "me", me, gives=schemas.ref("Me"), summary="Who I am")


def _routes(
    router: Router,
    name: str,
    runs: tuple[Run, Run, Run],
    item: Schema,
    takes: Schema,
    needed: tuple[str, ...],
) -> None:
    """List, add and take away; what is taken away is named in the query as it was added."""
    component = COMPONENTS[name]
    router.component(component, item)
    gives, path = schemas.page(schemas.ref(component)), f"/{{key}}/{name}"
    listed, added, removed = runs
    named = tuple(
        Param(name=n, schema=TEXT, says=f"As it was given: {n}.", is_required=n in needed)
        for n in takes["properties"]
        if n not in ("level", "is_lead")
    )
    router.add("GET", path, f"{name}.list", listed, gives=gives)
    router.add("POST", path, f"{name}.add", added, takes=takes, gives=gives)
    router.add("DELETE", path, f"{name}.remove", removed, params=named)


def _members(call: Call) -> list[dict[str, Any]]:
    """Without how much each holds: that would count records the reader may not see."""
    found = _with_bools(people.members(call.row(names=()), call.actor))
    return [{name: row[name] for name in MEMBER["properties"]} for row in found]


def workload(call: Call) -> HttpResponse:
    """What each member of a team holds, then what nobody of it has taken; of what the asker sees."""
    row = call.row(names=())
    held = [(_reference(m), m["load"]) for m in people.members(row, call.actor)]
    return answers.page(
        [
            {
                "person": person,
                "open": load.open,
                "on_hold": load.waiting,
                "overdue": load.overdue,
                "priorities": {str(n): load.priorities[n] for n in sorted(load.priorities)},
            }
            for person, load in [*held, (None, directory_workload.untaken(row, call.actor))]
        ]
    )


def _reference(member: Mapping[str, Any]) -> dict[str, str]:
    return {"number": member["number"], "title": member["title"]}


def _with_bools(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """SQLite has no booleans of its own."""
    return [row | {"is_lead": bool(row["is_lead"])} for row in rows]


def _scope(given: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        f"{name}_key": bodies.text(given, name, is_needed=False) or None
        for name in ("team", "organisation")
    }


def _item(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _input(*needed: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needed),
        "properties": properties,
    }


COMPONENTS = {"members": "Member", "roles": "HeldRole", "skills": "HeldSkill"}
OR_NONE = {"type": ["string", "null"]}
BOOL = {"type": "boolean"}
LEVEL = {"enum": list(LEVELS), "description": "1 learning, 2 able, 3 able to teach."}
MEMBER = _item(number=TEXT, title=TEXT, is_lead=BOOL)
JOINS = _input("person", person=TEXT, is_lead=BOOL)
COUNT = {"type": "integer", "minimum": 0}
LOAD = _item(
    person={
        "type": ["object", "null"],
        "description": "Null for what the team has and nobody of it.",
        "required": ["number", "title"],
        "properties": {"number": TEXT, "title": TEXT},
    },
    open=COUNT,
    on_hold=COUNT,
    overdue=COUNT,
    priorities={
        "type": "object",
        "description": "How many of each priority, by its number; those without one are left out.",
        "additionalProperties": COUNT,
    },
)
ROLE = _item(
    role={"enum": list(LABELS)},
    label=TEXT,
    team=OR_NONE,
    team_title=OR_NONE,
    organisation=OR_NONE,
    organisation_title=OR_NONE,
)
GRANTS = _input("role", role={"enum": list(LABELS)}, team=OR_NONE, organisation=OR_NONE)
SKILL = _item(number=TEXT, title=TEXT, level=LEVEL, label=TEXT)
TEACHES = _input("skill", "level", skill=TEXT, level=LEVEL)
ME = _item(
    id={"type": "string", "format": "uuid"},
    number=TEXT,
    title=TEXT,
    username=TEXT,
    language=TEXT,
    time_zone=TEXT,
    organisation=REFERENCE,
    roles={"type": "array", "items": schemas.ref("HeldRole")},
    teams={"type": "array", "items": schemas.ref("Member")},
    scopes={"type": ["array", "null"], "items": TEXT, "description": "Null in a browser."},
)
