"""What a besieged site holds afterwards, read by plain SQL: an oracle that is none of the product's code."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg


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
