"""What a besieged site holds afterwards, read by plain SQL: an oracle that is none of the product's code."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg

# What a write that was cut in two would leave: each counts to nothing on a site where all events were heard.
HALVES = {
    "a record without its own row": "select count(*) from records_record r left join incidents_incident c"
    " on c.record_ptr_id = r.id where r.type = 'incident' and c.record_ptr_id is null",
    "a row without its record": "select count(*) from incidents_incident c left join records_record r"
    " on r.id = c.record_ptr_id where r.id is null",
    "a record not created by one event": "select count(*) from records_record r where r.type = 'incident' and"
    " (select count(*) from records_event e where e.record_id = r.id and e.name = 'incident.create') <> 1",
    "an event without its record": "select count(*) from records_event e left join records_record r"
    " on r.id = e.record_id where r.id is null",
    "an entry without its event": "select count(*) from conversation_entry n left join records_event e"
    " on e.id = n.event_id where e.id is null",
    "a reply without its entry": "select count(*) from records_event e left join conversation_entry n"
    " on n.event_id = e.id where e.name in ('incident.reply', 'incident.note') and n.event_id is null",
    "an answer without its effect": "select count(*) from records_answer where status = 0 or status >= 300",
    "a dead letter": "select count(*) from records_pending",
    "a number twice": "select count(*) from (select number from records_record group by number"
    " having count(*) > 1) twice",
}  # fmt: skip


class Ledger:
    """A connection of our own to either database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.is_postgres = bool(url)
        self.connection: Any = (
            psycopg.connect(url, autocommit=True)
            if url
            else sqlite3.connect(folder / "mainstay.sqlite3", isolation_level=None, timeout=30)
        )

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        text = sql if self.is_postgres else sql.replace("%s", "?")
        return list(self.connection.execute(text, params).fetchall())

    def one(self, sql: str, *params: Any) -> Any:
        return self.rows(sql, *params)[0][0]

    def halves(self) -> dict[str, int]:
        """What is half written, with how many there are of it; empty where all is whole."""
        counted = {what: int(self.one(sql)) for what, sql in HALVES.items()}
        return {what: count for what, count in counted.items() if count}

    def arm(self, due: dict[int, datetime]) -> None:
        """Sets when the timers of these records are due."""
        text = "update records_timer set due_at = %s where record_id = %s"
        for record, moment in due.items():
            self.connection.execute(
                text if self.is_postgres else text.replace("%s", "?"), (self.time(moment), record)
            )

    def time(self, moment: datetime) -> Any:
        return moment if self.is_postgres else f"{moment:%Y-%m-%d %H:%M:%S.%f}"

    def moment(self, stored: Any) -> datetime:
        if isinstance(stored, str):
            return datetime.fromisoformat(stored).replace(tzinfo=UTC)
        return stored.astimezone(UTC)

    def json(self, stored: Any) -> Any:
        return orjson.loads(stored) if isinstance(stored, str) else stored
