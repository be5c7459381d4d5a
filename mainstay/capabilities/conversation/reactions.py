"""Keeps the text that came with a command, in the command's own transaction."""

from collections.abc import Sequence

from mainstay.capabilities.conversation import called
from mainstay.capabilities.conversation.models import Entry
from mainstay.pure import mentions
from mainstay.records import bulk, prepared
from mainstay.records.reactions import Heard
from mainstay.records.types import Message


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
        called=" ".join(_called(heard, heard.message)),
        created_at=heard.event.at,
    )
    prepared.insert(entry)


def _called(heard: Heard, message: Message) -> Sequence[str]:
    """Whom it calls by what holds now; of what is imported or done to many at once nobody is told."""
    if heard.event.is_imported or heard.by.door == bulk.DOOR:
        return ()
    words = mentions.called(message.text)
    return called.heard(heard.rtype, heard.by.actor, heard.record, message.audience, words)
