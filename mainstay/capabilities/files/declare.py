"""The capability as practices switch it on, and what surfaces ask of it."""

from mainstay.capabilities.files import ahead, limits
from mainstay.capabilities.files.commands import attach
from mainstay.capabilities.files.queries import files, opened_or_ahead, texts
from mainstay.capabilities.files.routes import routes
from mainstay.records.types import Capability

Files = Capability(
    name="files",
    entries=files,
    routes=routes,
    offers={
        "attach": attach,
        "attached": files,
        "open": opened_or_ahead,
        "limit": limits.limit,
        "untakable": limits.untakable,
        "may_show": ahead.may_show,
        "attach_ahead": ahead.attach_named,
    },
    verbs=("attach",),
    texts=texts,
)
