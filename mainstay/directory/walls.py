"""What people wrote stays on their side when a record is handed to another organisation's caller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.directory import actors, organisations
from mainstay.pure.rules import CALLERS, Actor
from mainstay.records import access, history
from mainstay.records.types import Step, shelf


def words_stay_inside(step: Step) -> Mapping[str, str]:
    """A caller behind a wall is given no record in which people from outside, who do not work on it, have written."""
    if step.is_past:
        return {}
    complaints = {}
    for column in CALLERS:
        if step.changed(column) and (person := getattr(step.record, column)) is not None:
            complaints[column.removesuffix("_id")] = _words_from_outside(step.record, person)
    return {name: text for name, text in complaints.items() if text}


def _words_from_outside(record: Any, person: int) -> str:
    reader = actors.for_person(person)
    if reader.confined_to is None:
        return ""
    rtype = shelf.type(record.type)
    for author_id, name, organisation_id in history.authors(record.id):
        is_inside = organisation_id in reader.confined_to
        if not is_inside and not access.works(rtype, _actor(author_id), record):
            text = _(
                "%(author)s wrote here, which %(reader)s may not read; start a new one for them."
            )
            return text % {"author": name, "reader": reader.name}
    return ""


def both_stand_inside(step: Step) -> Mapping[str, str]:
    """A record stands where who asked does; no wall stands between that and whom it is asked for, from either side."""
    record = step.record
    moved = step.changed("requested_for_id") or step.changed("organisation_id")
    if step.is_past or record.requested_for_id is None or not (moved or step.verb == "create"):
        return {}
    reader = _actor(record.requested_for_id)
    place = record.organisation_id
    if reader.confined_to is not None:
        is_inside = place in reader.confined_to
    else:
        is_inside = place is None or not organisations.is_confined(place)
    if is_inside:
        return {}
    text = _("%(reader)s belongs to another organisation, and a wall stands between the two.")
    return {"requested_for": text % {"reader": record.requested_for.title}}


def around(record: Any) -> dict[str, str]:
    """What stands behind the same walls as a record has these: its restricted team, its confined organisation."""
    found = {}
    if record.team_id and record.team.is_restricted:
        found["team"] = record.team.number
    if record.organisation_id and organisations.is_confined(record.organisation_id):
        found["organisation"] = record.organisation.number
    return found


def words_may_cross(source: Any, target: Any) -> bool:
    """Whether what is said on one record may be said on another: it stands behind no wall the other does not."""
    if source.team_id != target.team_id and source.team_id and source.team.is_restricted:
        return False
    if source.organisation_id == target.organisation_id:
        return True
    return not any(
        organisations.is_confined(key)
        for key in (source.organisation_id, target.organisation_id)
        if key is not None
    )


def _actor(person_id: int) -> Actor:
    """Somebody who has left works on nothing any more."""
    try:
        return actors.for_person(person_id)
    except LookupError:
        return Actor(id=None)
