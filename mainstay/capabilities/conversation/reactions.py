"""Keeps the text that came with a command, in the command's own transaction."""

from mainstay.capabilities.conversation.models import Entry
from mainstay.records import prepared
from mainstay.records.reactions import Heard


def keep_message(heard: Heard) -> None:
    if (
        heard.message is None
        or not heard.message.text.strip()
        or not heard.rtype.has("conversation")
    ):
        return
    entry = Entry(
        event_id=heard.event.pk,
        record_id=heard.record.id,
        author_id=heard.by.actor.id,
        audience=heard.message.audience,
        text=heard.message.text,
        created_at=heard.event.at,
    )
    prepared.insert(entry)
