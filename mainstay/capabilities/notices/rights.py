"""Who speaks for a notice: whoever works on the record it was published from."""

from __future__ import annotations

from mainstay.capabilities.notices import queries
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.types import shelf

# Publishes without a record as well.
KEEPER = "service-manager"


def works_on_the_origin(actor: Actor, notice_id: int) -> bool:
    """Who keeps the type does where it comes from no record."""
    found = queries.origin(notice_id)
    if found is None or actor.is_system:
        return actor.has_role(KEEPER)
    type_name, _number, facts = found
    return access.may(shelf.type(type_name), "change", actor, facts)
