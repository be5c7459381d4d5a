"""Writes down which statements the product sends for a list, a record and a new record, for `raw.py` to repeat."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection

from mainstay.directory import actors
from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.records import fields, paging, queries, rows
from mainstay.records.types import shelf

Statement = tuple[str, list[Any]]
MARKS = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


def recorded(keys: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`keys` are those of `data.keys`, `new` is the body of the record that is created."""
    actor, vendor = actors.for_person(keys["agent"]["id"]), connection.vendor
    token = {"HTTP_AUTHORIZATION": f"Bearer {keys['agent']['token']}"}
    caller = {"HTTP_AUTHORIZATION": f"Bearer {keys['caller']['token']}"}
    for once in (token, caller):  # the first use of a token is written down, no other
        ask("/api/v1/me", once)
    database = settings.DATABASES["default"]
    number = queries.page(shelf.type("incident"), actor, size=1).items[0]["number"]
    list_of = {
        str(size): statements(lambda size=size: ask(f"/api/v1/incidents?size={size}", token))
        for size in (50, 100)
    }
    return {
        "database": os.environ["MAINSTAY_DATABASE_URL"]
        if vendor == "postgresql"
        else str(database["NAME"]),
        "pragmas": database["OPTIONS"].get("init_command", ""),
        "list": {"statements": list_of["50"], "shape": shape(actor, paging.BEFORE, joined=False)},
        "list100": {
            "statements": list_of["100"],
            "shape": shape(actor, paging.BEFORE, joined=False),
        },
        "get": {
            "statements": statements(lambda: ask(f"/api/v1/incidents/{number}", token)),
            "shape": shape(actor, len(rows.FACTS), joined=True),
        },
        "create": creation(lambda: ask("/api/v1/incidents", caller, new)),
    }


def creation(ask_for: Callable[[], bytes]) -> dict[str, Any]:
    """The statements up to the last row that is written, and which of them give what the later ones take."""
    found = statements(ask_for)
    last = max(n for n, (sql, _) in enumerate(found) if sql.lower().startswith("insert"))
    found = found[: last + 1]
    gives, new = {}, {}
    for n, (sql, params) in enumerate(found):
        if "nextval" in sql or "records_counter" in sql:
            gives[str(n)] = [("number", "INC-")]
        elif sql.startswith("insert into records_record "):
            gives[str(n)] = [("record", "")]
            new["number"] = next(p for p in params if str(p).startswith("INC-"))
            new["uuid"] = str(params[0])
        elif sql.startswith("insert into records_event "):
            gives[str(n)], new["record"] = [("event", "")], str(params[0])
        elif sql.startswith("insert into records_pending "):
            new["event"] = str(params[0])
    return {
        "statements": found,
        "begins": 1,
        "gives": {n: [(new[what], prefix) for what, prefix in given] for n, given in gives.items()},
        **new,
    }


def statements(ask_for: Callable[[], bytes]) -> list[Statement]:
    with watched() as found:
        ask_for()
    return found


@contextmanager
def watched() -> Iterator[list[Statement]]:
    """Every statement that is sent, without the marks of transactions."""
    found: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.upper().startswith(MARKS):
            found.append((sql, [plain(value) for value in params or ()]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def plain(value: Any) -> Any:
    """A parameter as JSON can keep it and either driver takes it."""
    if value is None or isinstance(value, bool | float | str):
        return value
    if isinstance(value, int):
        return int(value)
    if hasattr(value, "obj"):  # psycopg's wrapper around a value that becomes JSON
        return json.dumps(value.obj)
    return str(value)


def ask(path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None = None) -> bytes:
    """One request through the product's own WSGI application, in this process."""
    sent, (path, _, query) = json.dumps(body).encode() if body else b"", path.partition("?")
    environ = {
        "REQUEST_METHOD": "POST" if body else "GET", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent), "wsgi.errors": io.StringIO(), "CONTENT_LENGTH": str(len(sent)),
        "CONTENT_TYPE": "application/json", "REMOTE_ADDR": "127.0.0.1", **headers,
    }  # fmt: skip
    told: list[str] = []
    answer = b"".join(get_wsgi_application()(environ, lambda status, _: told.append(status)))
    if not told[0].startswith("2"):
        raise RuntimeError(f"{path} answered {told[0]}: {answer[:500]!r}")
    return answer


def shape(actor: Actor, start: int, *, joined: bool) -> dict[str, Any]:
    """Which column of an answer is which field, and how its text is turned."""
    rtype, vendor = shelf.type("incident"), connection.vendor
    names = tuple(dict.fromkeys((*queries.ALWAYS, *fields.visible(rtype, actor))))
    selection = rows.selection(rtype, names, vendor, start, python=False, joined=joined)
    kinds = {f.name: f.kind for f in fields.of(rtype).values()}
    referring = selection.ids or [name for name, _ in selection.references]
    return {
        "plain": [
            (name, start + at, TURNED[vendor].get("id" if name == "id" else kinds[name], ""))
            for at, name in enumerate(selection.names)
            if name not in referring
        ],
        "references": [
            (name, start + selection.names.index(name), more) for name, more in
            (selection.references or [(name, 0) for name in selection.ids])
        ],
        "joined": joined,
    }  # fmt: skip


# SQLite's times leave it as they are shown.
TURNED = {
    "sqlite": {"id": "key", FieldKind.BOOL: "yes", FieldKind.DATA: "data"},
    "postgresql": {"id": "key", FieldKind.TIME: "time", FieldKind.DATA: "data"},
}
