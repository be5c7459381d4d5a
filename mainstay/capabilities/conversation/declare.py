"""The capability as practices switch it on, and what surfaces ask of it."""

from mainstay.capabilities.conversation import drafts
from mainstay.capabilities.conversation.called import unheard
from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.conversation.queries import entries, said, texts
from mainstay.capabilities.conversation.routes import routes
from mainstay.records.types import Capability

Conversation = Capability(
    name="conversation",
    entries=entries,
    routes=routes,
    offers={
        "say": say,
        "said": said,
        "drafts": drafts.of,
        "forget_draft": drafts.forget,
        "is_draft_gone": drafts.is_gone,
        "unheard": unheard,
    },
    verbs=("reply", "note"),
    texts=texts,
)
