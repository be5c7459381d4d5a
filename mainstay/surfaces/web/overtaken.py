"""Who was faster, told to whoever comes too late: at a field, or with a move."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.pure.language import within
from mainstay.pure.rules import Actor
from mainstay.records import history
from mainstay.records.rows import Row
from mainstay.records.stretch import Stretch
from mainstay.records.types import RecordType
from mainstay.surfaces.web.formats import say

# Who was faster is among so many events, or it is not worth looking further.
LOOKED_BACK = 50


def last_changes(rtype: RecordType, actor: Actor, row: Row) -> dict[str, dict[str, Any]]:
    """The event that changed each field last, among the newest of the record."""
    newest, _older = history.page(
        rtype, actor, row, Stretch(size=LOOKED_BACK, newest=True), python=True
    )
    return {name: event for event in newest for name in event["changes"]}


def who_and_when(event: Mapping[str, Any] | None) -> str:
    """Who was faster; where that cannot be told, that somebody was."""
    if event is None or event["actor"] is None:
        return _("Somebody else changed this meanwhile.")
    return _("%(name)s changed this at %(time)s.") % _told(event)


def by_whom(rtype: RecordType, actor: Actor, row: Row) -> str:
    """Who brought a record where it is now, and when: why a move does not lead on from there."""
    state = within(say(rtype.lifecycle.state(row["state"]).label))
    event = last_changes(rtype, actor, row).get("state")
    if event is None or event["actor"] is None:
        return _("This is %(state)s by now.") % {"state": state}
    return _("%(name)s set this to %(state)s at %(time)s.") % {**_told(event), "state": state}


def _told(event: Mapping[str, Any]) -> dict[str, str]:
    return {"name": event["actor"]["title"], "time": f"{timezone.localtime(event['at']):%H:%M}"}
