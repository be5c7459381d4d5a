"""What an auditor asks for, read from what they typed or sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from mainstay.directory.record import user
from mainstay.pure.numbers import normal
from mainstay.pure.rules import Actor
from mainstay.records import values
from mainstay.records.errors import Invalid
from mainstay.records.types import shelf

NAMES: Final = ("text", "person", "record", "kind", "door", "since", "until")
WORD: Final = re.compile(r"[a-z][a-z0-9_.-]{0,60}")
CURSOR: Final = re.compile(r"(\d{1,18})-(\d{1,18})")
LONGEST_TEXT: Final = 200
TOP: Final = 2**62
NOBODY: Final = 0


@dataclass(frozen=True)
class Asked:
    """Each part narrows the list; `after` is where events and entries go on."""

    person: int | None = None
    record: int | None = None
    kind: str = ""
    door: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    after: tuple[int, int] = (TOP, TOP)

    @property
    def is_indexed(self) -> bool:
        return self.person is not None or self.record is not None

    @property
    def is_narrow(self) -> bool:
        return bool(self.kind or self.door or self.text or self.since or self.until)

    def concerns(self, table: str) -> bool:
        """Whether rows of a table can be of the kind that is asked for."""
        if not self.kind:
            return True
        return (self.kind.partition(".")[0] in shelf) == (table == "event")


def read(actor: Actor, given: Mapping[str, str], zone: tzinfo = UTC) -> Asked:
    """Raises Invalid with every complaint at once. A day without a time is that day in the reader's zone."""
    said = {name: given.get(name, "").strip() for name in (*NAMES, "after")}
    complaints: dict[str, list[str]] = {}
    for name in ("kind", "door"):
        if said[name] and not WORD.fullmatch(said[name]):
            complaints[name] = [_("This is no such word.")]
    times: dict[str, datetime | None] = {}
    for name in ("since", "until"):
        try:
            times[name] = _time(said[name], zone, is_end=name == "until")
        except (ValueError, OverflowError):
            complaints[name] = [_("Write a day or a time, as in 2026-01-31 or 2026-01-31T09:00Z.")]
    since, until = times.get("since"), times.get("until")
    if since and until and since >= until:
        complaints["until"] = [_("This ends before it begins. Change one of the two days.")]
    if values.UNSTORABLE.search(said["text"]) or len(said["text"]) > LONGEST_TEXT:
        complaints["text"] = [_("Use up to %(n)s letters, digits and signs.") % {"n": LONGEST_TEXT}]
    at = CURSOR.fullmatch(said["after"])
    if said["after"] and not at:
        complaints["after"] = [_("This is no cursor for this list; start again without it.")]
    if complaints:
        raise Invalid(complaints)
    return Asked(
        person=_person(actor, said["person"]) if said["person"] else None,
        record=_record(said["record"]) if said["record"] else None,
        kind=said["kind"],
        door=said["door"],
        since=times["since"],
        until=times["until"],
        text=said["text"],
        after=(int(at[1]), int(at[2])) if at else (TOP, TOP),
    )


def _person(actor: Actor, key: str) -> int:
    """By number or id; whoever does not exist for the actor did nothing."""
    return values.lookup(user, key, actor) or NOBODY


def _record(number: str) -> int:
    """Also one that is hidden from whoever asks: rows about it are shown without what it says."""
    if values.UNSTORABLE.search(number):
        return NOBODY
    with connection.cursor() as cursor:
        cursor.execute("select id from records_record where number = %s", [normal(number)[:40]])
        found = cursor.fetchone()
    return int(found[0]) if found else NOBODY


def _time(text: str, zone: tzinfo, *, is_end: bool) -> datetime | None:
    if not text:
        return None
    if len(text) == 10:
        day = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
        moment = datetime.combine(day, time(), zone)
    else:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if not values.EARLIEST < moment.year < values.LATEST:
        raise ValueError(text)
    return moment.astimezone(UTC)
