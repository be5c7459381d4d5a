"""Who in a team has room."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from mainstay.directory import actors
from mainstay.directory.models import Membership, RoleGrant
from mainstay.directory.roles import ADMINISTRATOR
from mainstay.records.types import shelf

LAST_ADMINISTRATOR = _("This is the last administrator; make somebody else one first.")


class Member(NamedTuple):
    """A person and how many open records they hold."""

    id: int
    title: str
    load: int


def members(team_id: int) -> list[Member]:
    """The active members of a team with their open records of every type, least loaded first. One statement."""
    assigned = [rtype.name for rtype in shelf if rtype.has("assignment")]
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.id, p.title, (select count(*) from records_record r where r.assignee_id = p.id and r.is_open"
            f" and not r.is_removed and r.type in ({', '.join(['%s'] * len(assigned))})) as held"
            " from directory_membership m join records_record p on p.id = m.user_id"
            " where m.team_id = %s and p.is_open and not p.is_removed order by held, p.id",
            [*assigned, team_id],
        )
        return [Member(*row) for row in cursor.fetchall()]


def hold_administrators() -> None:
    """Two who take the role from each other at once come one after the other: the second sees what the first did."""
    grants = RoleGrant.objects.filter(role=ADMINISTRATOR, team=None, organisation=None)
    list(grants.order_by("id").select_for_update(of=("self",)).values_list("id"))


def administrators(but: int | None = None) -> list[int]:
    """Ids of the active people who administer everything, behind no wall, without one of them."""
    grants = RoleGrant.objects.filter(
        role=ADMINISTRATOR, team=None, organisation=None, user__is_open=True
    )
    people = grants.exclude(user=but).values_list("user_id", flat=True)
    return [id for id in people if actors.for_person(id).confined_to is None]


def is_member(team_id: int, person_id: int) -> bool:
    return Membership.objects.filter(team_id=team_id, user_id=person_id).exists()


def least_loaded(team_id: int, can_work: Callable[[Member], bool]) -> Member | None:
    """Whoever holds least of those who can work on it; of several, the one who has been here longest."""
    return next((member for member in members(team_id) if can_work(member)), None)
