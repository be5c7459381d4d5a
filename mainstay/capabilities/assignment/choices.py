"""Who may be chosen to work on a record, and what becomes of the choice when another team takes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.directory import actors, duty
from mainstay.pure.language import kept
from mainstay.pure.rules import Mine, Role
from mainstay.records import access
from mainstay.records.rows import Facts
from mainstay.records.types import RecordType, Step, shelf

# Whoever supplies us works on what was assigned to them, and on nothing else.
SUPPLIES = Role("vendor") & Mine("assignee_id")
CHOOSES_ANEW = kept("another team chooses anew")


def leave_with_the_team(step: Step) -> None:
    """Another team chooses anew: whoever is no member of it and was not named with it is its assignee no more.

    The first team takes nothing from whom somebody chose before there was one, nor does one that comes back when its
    going is taken back, as long as they can work on it.
    """
    record = step.record
    if step.is_past or record.assignee_id is None or "assignee" in step.given:
        return
    if not step.changed("team_id") or None in (record.team_id, step.before["team_id"]):
        return
    rtype, (team, person) = shelf.type(record.type), (record.team_id, record.assignee_id)
    if step.undone is not None and can_work(rtype, record, team, person):
        return
    if not duty.is_member(team, person):
        record.assignee_id = None
        record.assigned_because = CHOOSES_ANEW


def forget_old_reason(step: Step) -> None:
    """The reason for an automatic assignment goes when somebody else is chosen, and comes back with whom it was for."""
    if step.changed("assignee_id") and not step.changed("assigned_because"):
        step.record.assigned_because = (step.undone or {}).get("assigned_because", "")


def assignee_can_work_on_it(step: Step) -> Mapping[str, str]:
    """Whoever it is assigned to must be able to see it and to answer, otherwise than as its caller."""
    record = step.record
    is_new = step.verb == "create" or step.changed("team_id")
    is_chosen = step.changed("assignee_id") or (is_new and "assignee" in step.given)
    if not is_chosen or record.assignee_id is None:
        return {}
    if can_work(shelf.type(record.type), record, record.team_id, record.assignee_id):
        return {}
    text = _("%(name)s cannot work on this; choose somebody who is an agent and may see it.")
    return {"assignee": text % {"name": record.assignee.title}}


def can_work(rtype: RecordType, record: Any, team_id: int | None, person_id: int) -> bool:
    """Whether a person could work on a record, were it that team's and theirs."""
    then = Facts(
        record.id, record.organisation_id, team_id, record.requester_id, person_id, record.state
    )
    try:
        return access.works(rtype, actors.for_person(person_id), then)
    except LookupError:  # they have left
        return False
