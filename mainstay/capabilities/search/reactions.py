"""Keeps the index up with what is written: in the worker, many events at once."""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.capabilities.search import index
from mainstay.records.models import Event
from mainstay.records.reactions import Heard


def index_record(heard: Heard) -> None:
    """Alone it also runs in the transaction of a replay."""
    index.put([heard.record.id])


def index_many(events: Sequence[Event]) -> None:
    """However often a record changed meanwhile, it is read and written once."""
    index.put({event.record_id for event in events})
