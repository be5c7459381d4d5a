"""What stands in My work: what somebody has begun to write and not sent."""

from typing import Any

from mainstay.capabilities.conversation import drafts
from mainstay.pure.rules import Actor


def of_person(actor: Actor) -> dict[str, Any]:
    found = drafts.own(actor)
    return {"drafts": found} if found else {}


AT_HOME = ("conversation/drafts.html", of_person)
