"""What the directory knows besides records: members, roles and skills, as rows for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from mainstay.directory import workload
from mainstay.directory.commands import LEVELS
from mainstay.directory.record import team as team_type
from mainstay.directory.record import user
from mainstay.directory.roles import ADMINISTRATOR, LABELS, VENDOR, WORKING
from mainstay.pure.mentions import handle
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import access, folding, values
from mainstay.records.rows import Row


def members(team: Row, actor: Actor) -> list[dict[str, Any]]:
    """Who of a team exists for the actor: `{"number", "title", "is_lead", "load", "held"}`, leads first.

    `load` counts the open records of theirs that the actor sees, `held` is how many they are.
    """
    seen = access.one_condition(user, user.access.see, actor)
    found = _rows(
        ("id", "number", "title", "is_lead"),
        "select r.id, r.number, r.title, m.is_lead from directory_membership m"
        " join records_record r on r.id = m.user_id where m.team_id = %s and r.is_open"
        f" and {seen.sql} order by m.is_lead desc, r.title",
        team.facts.id,
        *seen.params,
    )
    loads = workload.held([row["id"] for row in found], actor)
    return [
        {n: row[n] for n in ("number", "title", "is_lead")}
        | {"load": loads[row["id"]], "held": loads[row["id"]].open}
        for row in found
    ]


def named(ids: Sequence[int], actor: Actor) -> dict[int, dict[str, Any]]:
    """`{"number", "title"}` by the ids of people who exist for the actor, of those who have left as well."""
    if not ids:
        return {}
    seen = access.one_condition(user, user.access.see, actor)
    found = _rows(
        ("id", "number", "title"),
        "select r.id, r.number, r.title from records_record r"
        f" where r.id in ({', '.join(['%s'] * len(ids))}) and {seen.sql} order by r.title, r.id",
        *ids,
        *seen.params,
    )
    return {row["id"]: {n: row[n] for n in ("number", "title")} for row in found}


def administrators(actor: Actor, most: int = 3) -> list[str]:
    """Names of some who grant rights, as far as they exist for the actor. One statement."""
    seen = access.one_condition(user, user.access.see, actor)
    found = _rows(
        ("name",),
        "select distinct r.title from directory_rolegrant g join records_record r on r.id = g.user_id"
        " where g.role = %s and g.team_id is null and g.organisation_id is null and r.is_open"
        f" and not r.is_removed and {seen.sql} order by r.title limit {int(most)}",
        ADMINISTRATOR,
        *seen.params,
    )
    return [row["name"] for row in found]


def by_login(login: str) -> int | None:
    """The id of an active person; for the command line, where no actor asks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.id from directory_user u join records_record r on r.id = u.record_ptr_id"
            " where u.username = %s and r.is_open and not r.is_removed",
            [login],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def by_logins(logins: Sequence[str]) -> dict[str, int]:
    """The ids of active people by their logins, for who is mentioned in a text; no actor asks. One statement."""
    marks = ", ".join(["%s"] * len(logins))
    with connection.cursor() as cursor:
        cursor.execute(
            "select u.username, r.id from directory_user u join records_record r on r.id = u.record_ptr_id"
            f" where u.username in ({marks}) and r.is_open and not r.is_removed",
            list(logins),
        )
        return dict(cursor.fetchall())


def near(actor: Actor, typed: str, besides: Sequence[int], size: int) -> list[dict[str, Any]]:
    """Active people who exist for the actor and work here, or are among `besides`, by a part of name or login.

    `{"id", "number", "title", "username"}`. One statement.
    """
    if values.UNSTORABLE.search(typed):
        return []
    seen = access.one_condition(user, user.access.see, actor)
    pattern = "%" + fold(typed).translate(folding.META) + "%"
    marks = ", ".join(["%s"] * len(besides)) or "null"
    return _rows(
        ("id", "number", "title", "username"),
        "select r.id, r.number, r.title, u.username from directory_user u"
        " join records_record r on r.id = u.record_ptr_id where r.is_open and not r.is_removed"
        f" and {seen.sql} and (mainstay_fold(r.title) like %s escape '\\' or u.username like %s escape '\\')"
        " and (exists (select 1 from directory_rolegrant g where g.user_id = r.id)"
        f" or r.id in ({marks})) order by r.title, r.id limit {int(size)}",
        *seen.params,
        pattern,
        pattern,
        *besides,
    )


def workers(
    actor: Actor, typed: str, organisation: int | None, most: int = 12
) -> list[dict[str, Any]]:
    """Who may work on what no team has, oneself first: `{"number", "title", "held"}`; by a part of name or login.

    Whoever is an agent everywhere or in the record's organisation; a supplier only where one looks for them by name.
    Two statements.
    """
    if values.UNSTORABLE.search(typed):
        return []
    seen = access.one_condition(user, user.access.see, actor)
    pattern = "%" + fold(typed).translate(folding.META) + "%"
    roles = [*WORKING, VENDOR] if typed else list(WORKING)
    found = _rows(
        ("id", "number", "title"),
        "select r.id, r.number, r.title from directory_user u"
        " join records_record r on r.id = u.record_ptr_id where r.is_open and not r.is_removed"
        f" and {seen.sql} and (mainstay_fold(r.title) like %s escape '\\' or u.username like %s escape '\\')"
        " and exists (select 1 from directory_rolegrant g where g.user_id = r.id"
        f" and g.role in ({', '.join(['%s'] * len(roles))}) and g.team_id is null"
        " and (g.organisation_id is null or g.organisation_id = %s))"
        f" order by r.id <> %s, r.title, r.id limit {int(most)}",
        *seen.params, pattern, pattern, *roles, organisation, actor.id,
    )  # fmt: skip
    loads = workload.held([row["id"] for row in found], actor)
    return [
        {"number": row["number"], "title": row["title"], "held": loads[row["id"]].open}
        for row in found
    ]


def seen_by_login(actor: Actor, logins: Sequence[str]) -> dict[str, int]:
    """Ids of the active people of these logins who exist for the actor. One statement."""
    seen = access.one_condition(user, user.access.see, actor)
    marks = ", ".join(["%s"] * len(logins))
    found = _rows(
        ("username", "id"),
        "select u.username, r.id from directory_user u join records_record r on r.id = u.record_ptr_id"
        f" where u.username in ({marks}) and r.is_open and not r.is_removed and {seen.sql}",
        *logins,
        *seen.params,
    )
    return {row["username"]: row["id"] for row in found}


def teams_near(actor: Actor, typed: str) -> list[dict[str, Any]]:
    """Teams in use that exist for the actor, by a part of their name: `{"id", "number", "title"}`. One statement."""
    seen = access.one_condition(team_type, team_type.access.see, actor)
    found = _rows(
        ("id", "number", "title"),
        "select r.id, r.number, r.title from directory_team t join records_record r on r.id = t.record_ptr_id"
        f" where r.is_open and not r.is_removed and {seen.sql} order by r.title, r.id",
        *seen.params,
    )
    part = fold(typed)
    return [t for t in found if part in fold(t["title"]) or part in handle(t["title"])]


def teams_by_handle() -> dict[str, int]:
    """Ids of the teams in use by the word that calls them; of two with one word the older. No actor asks.

    One statement.
    """
    found = _rows(
        ("id", "title"),
        "select r.id, r.title from directory_team t join records_record r on r.id = t.record_ptr_id"
        " where r.is_open and not r.is_removed order by r.id desc",
    )
    return {handle(row["title"]): row["id"] for row in found}


def members_of(teams: Sequence[int]) -> dict[int, list[int]]:
    """Ids of the active members of some teams. One statement, none where there is no team."""
    members: dict[int, list[int]] = {}
    marks = ", ".join(["%s"] * len(teams))
    statement = (
        "select m.team_id, m.user_id from directory_membership m join records_record r on r.id = m.user_id"
        f" where m.team_id in ({marks}) and r.is_open and not r.is_removed"
    )
    for row in _rows(("team", "person"), statement, *teams) if teams else ():
        members.setdefault(row["team"], []).append(row["person"])
    return members


def teams(person: Row) -> list[dict[str, Any]]:
    return teams_of(person.facts.id)


def teams_of(person: int) -> list[dict[str, Any]]:
    return _rows(
        ("number", "title", "is_lead"),
        "select t.number, t.title, m.is_lead from directory_membership m join records_record t on t.id = m.team_id"
        " where m.user_id = %s order by t.title",
        person,
    )


def teams_in_use(ids: Sequence[int]) -> list[dict[str, Any]]:
    """`{"number", "title"}` of those of the teams that are in use, by name."""
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    return _rows(
        ("number", "title"),
        "select t.number, t.title from records_record t"
        f" where t.id in ({marks}) and t.is_open and not t.is_removed order by t.title",
        *ids,
    )


def roles(person: Row) -> list[dict[str, Any]]:
    """`{"role", "label", "team", "organisation"}`; team and organisation are numbers or None."""
    found = _rows(
        ("role", "team", "team_title", "organisation", "organisation_title"),
        "select g.role, t.number, t.title, o.number, o.title from directory_rolegrant g"
        " left join records_record t on t.id = g.team_id left join records_record o on o.id = g.organisation_id"
        " where g.user_id = %s order by g.role, g.id",
        person.facts.id,
    )
    return [row | {"label": LABELS.get(row["role"], row["role"])} for row in found]


def skills(person: Row) -> list[dict[str, Any]]:
    found = _rows(
        ("number", "title", "level"),
        "select s.number, s.title, k.level from directory_personskill k join records_record s on s.id = k.skill_id"
        " where k.user_id = %s order by s.title",
        person.facts.id,
    )
    return [row | {"label": str(LEVELS[row["level"]])} for row in found]


def _rows(names: tuple[str, ...], sql: str, *params: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
