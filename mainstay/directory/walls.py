"""What people wrote stays on their side when a record is handed to another organisation's caller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mainstay.directory import actors, organisations
from mainstay.pure.rules import Actor
from mainstay.records import access, history
from mainstay.records.types import Step, shelf


def words_stay_inside(step: Step) -> Mapping[str, str]:
    """A caller behind a wall is given no record in which people from outside, who do not work on it, have written."""
    record = step.record
    if step.is_past or not step.changed("requester_id") or record.requester_id is None:
        return {}
    reader = actors.for_person(record.requester_id)
    if reader.confined_to is None:
        return {}
    rtype = shelf.type(record.type)
    for author_id, name, organisation_id in history.authors(record.id):
        is_inside = organisation_id in reader.confined_to
        if not is_inside and not access.works(rtype, _actor(author_id), record):
            text = _(
                "%(author)s wrote here, which %(reader)s may not read; start a new one for them."
            )
            return {"requester": text % {"author": name, "reader": reader.name}}
    return {}


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
