"""Who in a team has room."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection


class Member(NamedTuple):
    """A person and how many open records they hold."""

    id: int
    title: str
    load: int


def members(team_id: int) -> list[Member]:
    """The active members of a team with their open records of every type, least loaded first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.id, p.title, (select count(*) from records_record r where r.assignee_id = p.id and r.is_open"
            " and r.requester_id is not null) as held"
            " from directory_membership m join records_record p on p.id = m.user_id"
            " where m.team_id = %s and p.is_open and not p.is_removed order by held, p.id",
            [team_id],
        )
        return [Member(*row) for row in cursor.fetchall()]


def least_loaded(team_id: int) -> Member | None:
    """Whoever holds least; of several, the one who has been here longest."""
    return next(iter(members(team_id)), None)
