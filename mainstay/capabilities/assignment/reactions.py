"""Gives a new record a team and a member with room; whatever a person chose stays."""

from __future__ import annotations

from typing import Any

from mainstay.capabilities.assignment.choices import can_work
from mainstay.directory.duty import least_loaded
from mainstay.pure.language import kept
from mainstay.records import commands, fields, prepared
from mainstay.records.fields import Field
from mainstay.records.models import Event, Record
from mainstay.records.reactions import Heard
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType

# Why it was given to them.
SUPPORTED_BY = kept("%(service)s is supported by this team")
HAS_THE_FEWEST = kept("%(name)s has the fewest open records in the team")


def assign(heard: Heard) -> None:
    """Runs in the worker and may run twice: it only fills what is still empty, under the record's lock."""
    rtype = heard.rtype
    if not rtype.has("assignment") or not _lacks(heard.record):
        return
    with writing():
        record = prepared.lock(rtype.model, "id", heard.record.id, rtype.name)
        if record is None or not _lacks(record):
            return
        if given := _found(rtype, record):
            commands.write_on(rtype, record, "assign", given, heard.by)


def _lacks(record: Any) -> bool:
    """Whether there is anything to fill: somebody of its team, or a team for what it is about."""
    if record.team_id is not None:
        return bool(record.is_open) and record.assignee_id is None
    return bool(record.is_open) and getattr(record, "service_id", None) is not None


def _found(rtype: RecordType, record: Any) -> dict[Field, Any]:
    """The team and the member that are missing, with the reason for them; empty where nothing is to be filled."""
    team_id = record.team_id
    about = getattr(record, "service_id", None)
    by_people = _chosen_by_people(record.id)
    named, given, reasons = fields.by_stored(rtype), dict[Field, Any](), list[str]()
    if team_id is None and about is not None and "team" not in by_people:
        service = Record.objects.select_related("team").get(pk=about)
        if service.team is not None and service.team.is_open and not service.team.is_removed:
            team_id = given[named["team_id"]] = service.team_id
            reasons.append(SUPPORTED_BY % {"service": service.title})
    if team_id is not None and record.assignee_id is None and "assignee" not in by_people:
        member = least_loaded(team_id, lambda member: can_work(rtype, record, team_id, member.id))
        if member is not None:
            given[named["assignee_id"]] = member.id
            reasons.append(HAS_THE_FEWEST % {"name": member.title})
    if given:
        given[named["assigned_because"]] = "; ".join(reasons)[:250]
    return given


def _chosen_by_people(record_id: int) -> set[str]:
    """What a person has set or cleared since: they decide, also by leaving it empty.

    An assignee who only went because another team took over was nobody's choice, and has that as its reason.
    """
    chosen: set[str] = set()
    changes = (
        Event.objects.filter(record_id=record_id, actor_id__isnull=False)
        .exclude(name__endswith=".create")
        .order_by("id")
    )
    for changed in changes.values_list("changes", flat=True):
        chosen |= {"team", "assignee"} & changed.keys()
        went_with_the_team = changed.get("assigned_because", ["", ""])[1]
        if "team" in changed and ("assignee" not in changed or went_with_the_team):
            chosen -= {"assignee"}
    return chosen
