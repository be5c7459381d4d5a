"""What is done with incidents beyond the usual verbs."""

from django.utils.translation import gettext as _

from mainstay.pure.rules import By
from mainstay.records import access, commands, queries
from mainstay.records.errors import Invalid
from mainstay.records.fields import UNLIMITED
from mainstay.records.models import Event
from mainstay.records.turnstile import writing
from mainstay.records.types import Message, shelf

CHILD_OF = "child_of"
TELL = "tell_children"


def tell_children(key: str, text: str, by: By) -> Event:
    """Says something to the caller of an incident and of all its open children; the worker does the telling.

    Raises Missing, Denied, or Invalid where there is nothing to say or no open child the actor sees.
    """
    incident = shelf.type("incident")
    with writing():
        record = commands.locked(incident, key, by)
        access.require(incident, "change", by.actor, record)
        found = queries.linked(incident, by.actor, record.id, CHILD_OF, names=("is_open",))
        if not any(child["is_open"] for child in found):
            raise Invalid({"record": [_("It has no open children whose callers could be told.")]})
        if not text.strip():
            raise Invalid({"text": [_("Write what their callers are to read.")]})
        if len(text) > UNLIMITED:
            raise Invalid({"text": [_("This is longer than %(n)s characters.") % {"n": UNLIMITED}]})
        # Internal: that there are children is not the caller's to read. What all of them read, the worker says.
        return commands.note_on(incident, record, TELL, by, message=Message("internal", text))
