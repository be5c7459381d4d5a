"""What the directory knows besides records: members, roles and skills, as rows for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from mainstay.directory import workload
from mainstay.directory.commands import LEVELS
from mainstay.directory.record import user
from mainstay.directory.roles import LABELS
from mainstay.pure.rules import Actor
from mainstay.records import access
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


def teams(person: Row) -> list[dict[str, Any]]:
    return teams_of(person.facts.id)


def teams_of(person: int) -> list[dict[str, Any]]:
    return _rows(
        ("number", "title", "is_lead"),
        "select t.number, t.title, m.is_lead from directory_membership m join records_record t on t.id = m.team_id"
        " where m.user_id = %s order by t.title",
        person,
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
