"""Answers as bytes: a record with its entity tag, a page, or nothing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from mainstay.records import queries, rows
from mainstay.records.errors import Missing
from mainstay.surfaces.api.operation import Call

PREFIX = "/api/v1"
JSON = "application/json"
# The record's version and a checksum of what was shown; proxies that compress make tags weak.
TAG = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]{8})?"')
# No record has it: the engine refuses it as stale, after it has checked everything else.
NO_VERSION = 0


def json(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    # Words that wait for a language become text here.
    body = orjson.dumps(data, default=str)
    return HttpResponse(body, content_type=JSON, status=status, headers=headers)


def page(
    items: Sequence[Any], following: Any = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    cursor = None if following is None else str(following)
    return json({"items": items, "next": cursor, **more}, status)


def nothing() -> HttpResponse:
    return HttpResponse(status=204)


def record(call: Call, written: Any, status: int = 200) -> HttpResponse:
    """A record after a command. Who put it out of their own sight is told what they saw last."""
    try:
        row: Mapping[str, Any] = queries.one(call.rtype, call.actor, written.number)
    except Missing:
        row = _last_seen(written)
    body = orjson.dumps(row)
    headers = {"ETag": tag(row["version"], body)}
    if status == 201:
        headers["Location"] = f"{PREFIX}/{call.rtype.plural}/{row['number']}"
    return HttpResponse(body, content_type=JSON, status=status, headers=headers)


def _last_seen(written: Any) -> dict[str, Any]:
    text_of = rows.time_codec(python=False)
    told = {name: getattr(written, name) for name in queries.ALWAYS}
    times = {name: text_of(told[name]) for name in ("created_at", "updated_at")}
    return told | times | {"id": str(written.uuid)}


def tag(version: int, body: bytes) -> str:
    return f'"{version}-{zlib.crc32(body):08x}"'


def is_known(request: HttpRequest, current: str) -> bool:
    """Whether If-None-Match names what would be sent."""
    sent = request.META.get("HTTP_IF_NONE_MATCH")
    if sent is None:
        return False
    return sent.strip() == "*" or current in (t.strip().removeprefix("W/") for t in sent.split(","))


def version_wanted(call: Call) -> int | None:
    """The version If-Match asks for; None where any will do."""
    sent = call.request.META.get("HTTP_IF_MATCH")
    if sent is None or sent.strip() == "*":
        return None
    versions = {int(found[1]) for part in sent.split(",") if (found := TAG.fullmatch(part.strip()))}
    if len(versions) > 1:
        current = queries.one(call.rtype, call.actor, call.key, names=())["version"]
        return current if current in versions else NO_VERSION
    return versions.pop() if versions else NO_VERSION
