"""Saying something about a record."""

from django.utils.translation import gettext as _

from mainstay.pure.rules import By
from mainstay.records import commands
from mainstay.records.errors import Invalid
from mainstay.records.models import Event
from mainstay.records.types import Message, RecordType

VERBS = {"all": "reply", "internal": "note"}


def say(rtype: RecordType, key: str, message: Message, by: By, data: object = None) -> Event:
    """A reply or an internal note. A caller writes replies only: for them internal notes do not exist."""
    if message.audience not in VERBS:
        raise Invalid({"visibility": [_("This must be public or internal.")]})
    return commands.note(rtype, key, VERBS[message.audience], by, message=message, data=data)
