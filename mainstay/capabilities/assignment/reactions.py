"""Gives a new record a team and a member with room; whatever a person chose stays."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mainstay.directory.duty import least_loaded
from mainstay.records import commands, fields
from mainstay.records.models import Event, Record
from mainstay.records.reactions import Heard
from mainstay.records.turnstile import writing


def assign(heard: Heard) -> None:
    """Runs in the worker and may run twice: it only fills what is still empty, under the record's lock."""
    rtype = heard.rtype
    if not rtype.has("assignment"):
        return
    with writing():
        record = rtype.model.objects.select_for_update(no_key=True).get(pk=heard.record.id)
        if (
            not record.is_open
            or record.is_removed
            or record.assignee_id is not None
            or _was_chosen(record.id)
        ):
            return
        team_id, reason = record.team_id, ""
        if team_id is None and record.service_id is not None:
            service = Record.objects.get(pk=record.service_id)
            team_id, reason = (
                service.team_id,
                _("%(service)s is supported by this team") % {"service": service.title},
            )
        if team_id is None:
            return
        member = least_loaded(team_id)
        named = fields.by_stored(rtype)
        given = {named["team_id"]: team_id}
        if member is not None:
            given[named["assignee_id"]] = member.id
            room = _("%(person)s has the fewest open records in the team (%(n)d)") % {
                "person": member.title,
                "n": member.load,
            }
            reason = f"{reason}; {room}" if reason else room
        if not reason:
            return
        given[named["assigned_because"]] = reason[:250]
        commands.write_on(rtype, record, "assign", given, heard.by)


def _was_chosen(record_id: int) -> bool:
    """Whether a person has set or cleared the assignee since: then they decide, also by leaving it empty."""
    by_people = Event.objects.filter(
        record_id=record_id, actor_id__isnull=False, name__endswith=".change"
    )
    return any("assignee" in changes for changes in by_people.values_list("changes", flat=True))
