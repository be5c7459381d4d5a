"""Who speaks for a notice: whoever works on the record it was published from."""

from __future__ import annotations

from mainstay.capabilities.notices import queries
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.types import shelf


def works_on_the_origin(actor: Actor, notice_id: int) -> bool:
    """Every agent does where it comes from no record."""
    found = queries.origin(notice_id)
    if found is None or actor.is_system:
        return True
    type_name, facts = found
    return access.may(shelf.type(type_name), "change", actor, facts)
