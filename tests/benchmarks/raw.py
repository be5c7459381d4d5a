"""A WSGI program without any framework that sends the product's own statements by hand.

    python -m tests.benchmarks.raw PORT STATEMENTS.json

It is what the product's rates are compared with: the same SQL on the same server with the same processes and
threads, and nothing else but what a list, one record and a new record cannot do without.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import psycopg
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

PROCESSES, THREADS = 2, 4
STATEMENTS = "MAINSTAY_BENCH_STATEMENTS"

_local = threading.local()


class Line:
    """This thread's connection, on which every statement comes to be prepared."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.is_postgres = told["database"].startswith("postgres")
        if self.is_postgres:
            self.connection: Any = psycopg.connect(told["database"], autocommit=True)
        else:
            self.connection = sqlite3.connect(told["database"], isolation_level=None)
            self.connection.executescript(told["pragmas"])

    def all(self, sql: str, params: list[Any]) -> list[Any]:
        if not self.is_postgres:
            sql = sql.replace("%s", "?")
        cursor = self.connection.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def line() -> Line:
    if not hasattr(_local, "line"):
        _local.line = Line(TOLD)
    return _local.line


def shaped(row: Any, shape: dict[str, Any], named: dict[int, Any]) -> dict[str, Any]:
    made = {}
    for name, at, kind in shape["plain"]:
        value = row[at]
        made[name] = READERS[kind](value) if kind and value is not None else value
    for name, at, more in shape["references"]:
        key = row[at]
        if not shape["joined"]:
            made[name] = key and named[key]
        else:
            made[name] = key and {"id": _key(key), "number": row[more], "title": row[more + 1]}
    return made


def _key(text: str) -> str:
    return text if len(text) == 36 else str(uuid.UUID(text))


def _time(text: str) -> str:
    return f"{text[:10]}T{text[11:].removesuffix('+00')}Z"


READERS: dict[str, Callable[[Any], Any]] = {
    "key": _key, "time": _time, "yes": bool,
    "data": lambda value: orjson.loads(value) if isinstance(value, str) else value,
}  # fmt: skip


def rows(name: str) -> bytes:
    """The actor, what was asked for, and for a list the names of what it refers to."""
    told, database = TOLD[name], line()
    actor, asked, *more = told["statements"]
    database.all(*actor)
    found, named = database.all(*asked), {}
    if more:
        places = [at for _, at, _ in told["shape"]["references"]]
        ids = list({row[at] for row in found for at in places} - {None})
        answer = database.all(more[0][0], [ids if database.is_postgres else str(ids)])
        named = {row[0]: {"id": _key(row[1]), "number": row[2], "title": row[3]} for row in answer}
    items = [shaped(row, told["shape"], named) for row in found]
    return orjson.dumps(items[0] if name == "get" else {"items": items[:-1], "next": "x"})


def create() -> bytes:
    """The recorded statements of one create, with a number, a uuid and ids of its own."""
    told, database = TOLD["create"], line()
    fresh = {told["uuid"]: uuid.uuid4().hex if not database.is_postgres else str(uuid.uuid4())}
    begins = told["begins"]
    for at, (sql, params) in enumerate(told["statements"]):
        if at == begins:
            database.all("begin" if database.is_postgres else "begin immediate", [])
        found = database.all(sql, [fresh.get(str(value), value) for value in params])
        for key, prefix in told["gives"].get(str(at), []):
            fresh[key] = f"{prefix}{found[0][0]}" if prefix else found[0][0]
    database.all("commit", [])
    return orjson.dumps({"number": fresh[told["number"]]})


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    body = create() if environ["REQUEST_METHOD"] == "POST" else rows(environ["PATH_INFO"][1:])
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]


def main(port: str, statements: str) -> None:
    os.environ[STATEMENTS] = statements
    Granian(
        "tests.benchmarks.raw:application", address="127.0.0.1", port=int(port), interface=Interfaces.WSGI,
        workers=PROCESSES, blocking_threads=THREADS, websockets=False, log_level=LogLevels.warning,
    ).serve()  # fmt: skip


TOLD = json.loads(Path(os.environ[STATEMENTS]).read_text()) if STATEMENTS in os.environ else {}

if __name__ == "__main__":
    main(*sys.argv[1:])
