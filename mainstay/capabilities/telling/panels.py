"""What stands beside a record: who watches it. And what the bell of every page asks."""

from typing import Any

from mainstay.capabilities.telling import commands, queries, rights
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records import queries as records
from mainstay.records.rows import Row
from mainstay.records.types import RecordType
from mainstay.surfaces.web import panels
from mainstay.surfaces.web.shell import Inbox


def of_record(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    is_insider = access.is_insider(rtype, actor, row.facts)
    found = queries.watchers(actor, row, all_of_them=is_insider)
    return {
        "watchers": found,
        "watches": any(watcher["is_me"] for watcher in found),
        "may_add": is_insider and records.may(rtype, actor, "change", row),
    }


def _seen(rtype: RecordType, actor: Actor, row: Row) -> None:
    if rtype.has("telling"):
        commands.seen(actor, row)


INBOX = Inbox(counts=queries.counts, seen=_seen)
for told in rights.types():
    panels.add(told.name, "telling/watchers.html", of_record)
