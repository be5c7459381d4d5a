"""Saying something about a record."""

from mainstay.pure.rules import By
from mainstay.records import commands
from mainstay.records.errors import Denied, Invalid
from mainstay.records.history import is_insider
from mainstay.records.models import Event
from mainstay.records.types import Message, RecordType

VERBS = {"all": "reply", "internal": "note"}


def say(rtype: RecordType, key: str, message: Message, by: By, data: object = None) -> Event:
    """A reply or an internal note. A caller writes replies only: for them internal notes do not exist."""
    if message.audience not in VERBS:
        raise Invalid({"visibility": ["This must be public or internal."]})
    if message.audience == "internal" and not is_insider(rtype, by.actor):
        raise Denied("Internal notes are for those who work on it.")
    return commands.note(rtype, key, VERBS[message.audience], by, message=message, data=data)
