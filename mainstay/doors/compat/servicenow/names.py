"""The people, groups and items a log names: found by their name there, made when first met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from mainstay.doors.compat.servicenow.shapes import MISSING, PERSON, SYSTEM
from mainstay.pure.rules import By
from mainstay.records import arrival, replay
from mainstay.records.replay import Happening, Past
from mainstay.records.types import shelf

# (record type, table there), name there
Name = tuple[tuple[str, str], str]
# A login nobody can sign in with: it has no password, and signing in folds to lower case.
LOGIN = "ServiceNow:{name}"


class Names:
    """Ids by name; what has been met once is not asked for again."""

    def __init__(self, by: By) -> None:
        self._by = by
        self._ids: dict[Name, int] = {}

    def id(self, kind: tuple[str, str], name: str) -> int | None:
        return None if name == MISSING else self._ids[kind, name]

    def meet(self, met: Mapping[Name, datetime]) -> None:
        """Learns these names; who is new here comes in at the moment they were first met."""
        strangers = {name: at for name, at in met.items() if name not in self._ids}
        self._learn(strangers)
        for kind in sorted({kind for kind, _ in strangers}):
            new = {
                name: at
                for (of, name), at in strangers.items()
                if of == kind and (of, name) not in self._ids
            }
            if new:
                pasts = [_arrived(kind, name, at) for name, at in new.items()]
                replay.take(shelf.type(kind[0]), SYSTEM, pasts, self._by)
        self._learn(strangers)

    def _learn(self, names: Iterable[Name]) -> None:
        unknown = {_key(kind, name): (kind, name) for kind, name in names}
        for key, record_id in arrival.known(SYSTEM, unknown).items():
            self._ids[unknown[key]] = record_id


def _key(kind: tuple[str, str], name: str) -> str:
    return f"{kind[1]}:{name}"[:120]


def _arrived(kind: tuple[str, str], name: str, at: datetime) -> Past:
    """Somebody or something that was there before it was first named, and is in use."""
    rtype = shelf.type(kind[0])
    given = {"title": " ".join(name.split())[:250]}
    if kind == PERSON:
        given["username"] = LOGIN.format(name=name)[:150]
    in_use = next(s.name for s in rtype.lifecycle.states if s.kind.value == "active")
    return Past(_key(kind, name), [Happening(at, None, in_use, given)])
