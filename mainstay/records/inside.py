"""The worker's part inside one long transaction, for whoever writes a past in one go and goes on from what followed.

Nobody else sees these events before the transaction ends, so nothing is leased, and what fails takes all of it along.
"""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.records.delivery import run
from mainstay.records.models import Event, Pending
from mainstay.records.reactions import Reaction, later_for

# As many as a batch of the worker's: listeners ask with one parameter for each.
PIECE = 200


class Inside:
    """Hears what was written so far; listeners that take many events at once wait until `catch_up`."""

    def __init__(self) -> None:
        self._put_off: dict[Reaction, list[Event]] = {}

    def follow(self) -> None:
        """Lets happen what follows from each event alone, and what follows from that."""
        while rows := list(Pending.objects.select_related("event").order_by("event_id")):
            for row in rows:
                self._hear(row.event)
            Pending.objects.filter(event_id__lte=rows[-1].event_id).delete()

    def catch_up(self) -> None:
        """Nothing is left to be heard after this."""
        self.follow()
        for reaction, events in self._put_off.items():
            for start in range(0, len(events), PIECE):
                _hear_many(reaction, events[start : start + PIECE])
        self._put_off.clear()

    def _hear(self, event: Event) -> None:
        for reaction in later_for(event.name):
            if reaction.many is None:
                run(event, reaction)
            else:
                self._put_off.setdefault(reaction, []).append(event)


def _hear_many(reaction: Reaction, events: Sequence[Event]) -> None:
    if reaction.many is not None:
        reaction.many(events)
