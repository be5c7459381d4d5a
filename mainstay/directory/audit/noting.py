"""What a request leaves in the audit beside the events of records: refusals, exports, looks at restricted records."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest

from mainstay.directory.signin import throttle
from mainstay.pure.conditions import Condition
from mainstay.pure.rules import Actor, By
from mainstay.records import clock, counting, queries
from mainstay.records.audit import entries
from mainstay.records.errors import Denied, Missing
from mainstay.records.rows import Row
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType
from mainstay.records.values import UNSTORABLE

log = logging.getLogger("mainstay.audit")

DENIED, MISSING, SCOPE = "refused.denied", "refused.missing", "refused.scope"
LIMITED = "refused.limit"
LOOK, FILE, EXPORT = "look.record", "look.file", "look.export"
LONGEST_PATH = 200
HOUR_S = 3600


def refused(request: HttpRequest, by: By, error: Exception) -> None:
    """What somebody may not do or may not see, after the transaction that was refused.

    An address where nothing is leaves the same trace as one where something is hidden: otherwise the time an answer
    takes would tell them apart. What a form held is not kept.
    """
    if (found := _kept(error)) is not None:
        kind, record = found
        said = error.in_english() if isinstance(error, Denied) else ""
        _refusal(request, by, kind, record, said=said)


def refused_by_a_job(by: By, path: str, error: Exception) -> None:
    """The same for what a form asked for and a worker refused, much later and from no address."""
    if (found := _kept(error)) is not None:
        kind, record = found
        facts = {"method": "POST", "path": path}
        entries.note_once_a_minute(kind, by, f"POST {path}", record=record, facts=facts)


def _kept(error: Exception) -> tuple[str, int | None] | None:
    """As what an error is kept, and the record it is about; None for one that is no refusal of this kind."""
    if isinstance(error, Denied):
        return DENIED, error.record
    if isinstance(error, Missing):
        return MISSING, error.hidden
    return None


def out_of_scope(request: HttpRequest, by: By, wanted: str) -> None:
    """A token asked for what it does not reach."""
    _refusal(request, by, SCOPE, None, said=wanted)


def limited(request: HttpRequest, by: By) -> None:
    """Somebody met the limit of requests: told at the first one that was refused, and of all their keys in one."""
    _refusal(request, by, LIMITED, None, same="")


def _refusal(
    request: HttpRequest,
    by: By,
    kind: str,
    record: int | None,
    said: str = "",
    same: str | None = None,
) -> None:
    path = UNSTORABLE.sub("", request.path)[:LONGEST_PATH]
    facts = {"method": request.method or "", "path": path} | ({"said": said[:200]} if said else {})
    try:
        entries.note_once_a_minute(
            kind,
            by,
            f"{request.method} {path}" if same is None else same,
            record=record,
            address=throttle.address_of(request),
            facts=facts,
        )
    except OperationalError as error:
        # It stays refused; and a database that is busy says so where somebody looks.
        log.warning("a refusal could not be kept: %s", error)


def looked(request: HttpRequest, by: By, row: Row) -> None:
    """Somebody opened a record that is behind the wall of a restricted team.

    Any other record costs nothing; of the same one, once a minute is kept.
    """
    if is_behind_a_wall(by.actor, row):
        _look(request, by, row.facts.id, LOOK, entries.MINUTE_S)


def opened(request: HttpRequest, by: By, row: Row, file: str, sender: int | None) -> None:
    """Somebody was sent a file that is another one's, or that is behind such a wall.

    The same file once an hour, since pages show pictures again and again; behind a wall once a minute.
    """
    is_walled = is_behind_a_wall(by.actor, row)
    if is_walled or by.actor.id != sender:
        _look(request, by, row.facts.id, FILE, entries.MINUTE_S if is_walled else HOUR_S, file)


def exported(
    request: HttpRequest,
    by: By,
    rtype: RecordType,
    where: Condition | None,
    facts: Mapping[str, Any],
) -> None:
    """Somebody is about to be sent all of a list that matches: every time, with how much it is and what of.

    It stands there before the first row leaves, as what is sent cannot be taken back. Each record in it that is behind
    the wall of a restricted team leaves the look of one that is opened, each time.
    """
    rows, _is_exact = counting.count(rtype, by.actor, where, counting.BEYOND)
    walls = by.actor.walled_teams | by.actor.hidden_teams
    walled = queries.ids_of_teams(rtype, by.actor, where, walls)
    told = {"type": rtype.name, **facts, "rows": rows}
    address = throttle.address_of(request)
    with writing():
        entries.note(EXPORT, by, address=address, facts=told)
        for record in walled:
            entries.note(LOOK, by, record=record, address=address, facts={})


def _look(request: HttpRequest, by: By, record: int, kind: str, span: int, file: str = "") -> None:
    if request.method in ("GET", "HEAD") and _looks.is_new((by.actor.id, record, file), span):
        facts = {"file": file} if file else {}
        entries.note(kind, by, record=record, address=throttle.address_of(request), facts=facts)


def is_behind_a_wall(actor: Actor, row: Row) -> bool:
    team = row.facts.team_id
    return team is not None and (team in actor.walled_teams or team in actor.hidden_teams)


class _Looks:
    """What this process has kept in this minute or hour; so long that no reload is a row of its own."""

    MOST = 10_000

    def __init__(self) -> None:
        self._known: OrderedDict[Any, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, key: Any, span: int) -> bool:
        window = span, int(clock.now().timestamp()) // span
        with self._lock:
            if self._known.get(key) == window:
                return False
            self._known[key] = window
            self._known.move_to_end(key)
            if len(self._known) > self.MOST:
                self._known.popitem(last=False)
        return True

    def forget(self) -> None:
        """Starts anew: each test does."""
        with self._lock:
            self._known.clear()


_looks = _Looks()
forget_looks = _looks.forget
