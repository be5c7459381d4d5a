"""The worker's part inside one long transaction, for whoever writes a past in one go and goes on from what followed.

Nobody else sees these events before the transaction ends, so nothing is leased, and what fails takes all of it along.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection

from mainstay.records.delivery import run
from mainstay.records.models import Event
from mainstay.records.reactions import Reaction, later_for

# As many as a batch of the worker's: listeners ask with one parameter for each.
PIECE = 200
# Asked after each act, so it is not compiled anew each time.
WAITING = (
    "select e.* from records_pending p join records_event e on e.id = p.event_id order by e.id"
)


class Inside:
    """Hears what was written so far; listeners that take many events at once wait until `catch_up`.

    `but` names those that hear nothing here: whoever leaves them out does their part by other means.
    """

    def __init__(self, but: Collection[str] = ()) -> None:
        self._but = frozenset(but)
        self._put_off: dict[Reaction, list[Event]] = {}

    def follow(self) -> None:
        """Lets happen what follows from each event alone, and what follows from that."""
        while events := list(Event.objects.raw(WAITING)):
            for event in events:
                self._hear(event)
            with connection.cursor() as cursor:
                cursor.execute("delete from records_pending where event_id <= %s", [events[-1].pk])

    def catch_up(self) -> None:
        """Nothing is left to be heard after this."""
        self.follow()
        for reaction, events in self._put_off.items():
            for start in range(0, len(events), PIECE):
                _hear_many(reaction, events[start : start + PIECE])
        self._put_off.clear()

    def _hear(self, event: Event) -> None:
        for reaction in later_for(event.name):
            if reaction.name in self._but:
                continue
            if reaction.many is None:
                run(event, reaction)
            else:
                self._put_off.setdefault(reaction, []).append(event)


def _hear_many(reaction: Reaction, events: Sequence[Event]) -> None:
    if reaction.many is not None:
        reaction.many(events)
