"""Why somebody is told something: a line of data for each kind, the strongest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.records.access import calls

# Whom a record waits for when it is a caller, whichever answers first.
THE_CALLER = "caller"


@dataclass(frozen=True)
class Kind:
    """`label` names it among one's preferences, `words` say it of an entry.

    `asks` names it among those of the portal, for somebody who asks and works on nothing; a kind that reaches nobody
    who only asks has none.

    `needs` is, as SQL over the entry `e` and its record `r`, for how long it needs the person; what has none is for
    information from the start, and what needs nobody any more is for information from then on.
    """

    name: str
    icon: str
    label: Any
    words: Any
    needs: str = ""
    asks: Any = ""


WAITING = Kind(
    "waiting",
    "corner-down-left",
    _("Something I asked for waits for my answer"),
    _("%(name)s asks you something"),
    f"r.waiting_for = '{THE_CALLER}' and {calls('e.person_id')}",
    asks=_("Something I asked for waits for my answer"),
)
ASSIGNED = Kind(
    "assigned",
    "user-plus",
    _("Something is assigned to me"),
    _("%(name)s assigned it to you"),
    "r.is_open and r.assignee_id = e.person_id",
)
MENTIONED = Kind(
    "mentioned",
    "message",
    _("Somebody mentions me, or one of my teams"),
    _("%(name)s mentioned you"),
    "true",
    asks=_("Somebody mentions me"),
)
ANSWERED = Kind(
    "answered",
    "send",
    _("The caller of what is assigned to me answers"),
    _("%(name)s answered"),
    "r.is_open and r.assignee_id = e.person_id",
)
DUE = Kind(
    "due",
    "circle-dashed",
    _("The day has come for which something was expected"),
    _("The day it was expected has come"),
    "r.is_open",
)
ANSWERABLE = Kind(
    "answerable",
    "handshake",
    _("I am named as who answers for something, or am so no longer"),
    _("%(name)s changed what you answer for"),
    "true",
)
SOLVED = Kind(
    "solved",
    "check",
    _("Something I asked for is solved, and I should say whether it works"),
    _("%(name)s solved it: does it work?"),
    f"r.kind = 'resolved' and {calls('e.person_id')}",
    asks=_("Something I asked for is solved, and I should say whether it works"),
)
PROGRESS = Kind(
    "progress",
    "life-buoy",
    _("Something I asked for is answered, closed or cancelled"),
    _("%(name)s answered or moved it on"),
    asks=_("Something I asked for is answered, closed or cancelled"),
)
NEWS = Kind(
    "news",
    "bell",
    _("A notice changes or ends of which I said that I have it, too"),
    _("There is news of what you have, too"),
    asks=_("A notice changes or ends of which I said that I have it, too"),
)
UNTAKEN = Kind(
    "untaken",
    "users",
    _("A caller answers in one of my teams, and nobody has it"),
    _("%(name)s answered, and nobody in your team has it"),
)
WATCHED = Kind(
    "watched",
    "circle-dot",
    _("Something else happens to what is assigned to me or what I watch"),
    _("%(name)s worked on it"),
    asks=_("Something else happens to what I watch"),
)

KINDS = (
    WAITING,
    ASSIGNED,
    MENTIONED,
    ANSWERED,
    DUE,
    ANSWERABLE,
    SOLVED,
    PROGRESS,
    NEWS,
    UNTAKEN,
    WATCHED,
)
# Those the portal asks about.
ASKED = tuple(kind for kind in KINDS if kind.asks)
BY_NAME = {kind.name: kind for kind in KINDS}
RANK = {kind.name: n for n, kind in enumerate(KINDS)}
# Whether an entry needs its person now, over `e` and `r`.
NEEDS = (
    "(case e.kind "
    + " ".join(f"when '{kind.name}' then coalesce({kind.needs}, false)" for kind in KINDS if kind.needs)
    + " else false end)"
)  # fmt: skip
