"""The published schema, OpenAPI 3.1: built from the same operations that are served.

`python -m mainstay.surfaces.api` writes openapi.json beside this file; a test compares the two.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from mainstay.directory import cookies
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.surfaces.api import answers, errors
from mainstay.surfaces.api.build import api
from mainstay.surfaces.api.errors import CONTENT_TYPE
from mainstay.surfaces.api.idempotent import HEADER, LONGEST_KEY, REPLAYED
from mainstay.surfaces.api.operation import Operation, Param

# Of the API, which its path says as well: strangers read this, and what a site runs is not theirs to know.
VERSION = "1"
FILE = Path(__file__).with_name("openapi.json")
SAID = """\
Every record type has the same operations. A record is named by its number in any spelling
(`INC-7`, `inc7`) or by its `id`. References are sent as numbers or ids. Unknown fields and
parameters are refused by name. A record that exists but is hidden from you answers exactly like
one that does not exist.

**Who asks.** `Authorization: Bearer mst_…`, or the browser's session, which needs `X-CSRFToken`
for whatever writes. Scopes are `read` and `write`, or `read:incidents` and `write:incidents` for
one type; writing takes in reading.

**Twice is once.** Any POST may carry an `Idempotency-Key`. The same key with the same body is
answered the same for two days and has one effect; with another body it is refused (422). A
refused request leaves no trace and may be sent again.

**Nobody overwrites unseen.** `If-Match` with the `ETag` of what you read, or with `"<version>"`,
is answered 412 where the record has changed since.

**How much.** Requests are counted by the minute, by token or person and by web process; 429 says
when to go on.
"""
HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "The record's version as an entity tag."},
    "Location": {"schema": {"type": "string"}, "description": "The path of what was made."},
    REPLAYED: {"schema": {"const": "true"}, "description": "The answer of an earlier request."},
}
PARAMETERS = {
    "key": {
        "name": "key",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": "The record's number in any spelling, or its id.",
    },
    "part": {
        "name": "part",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    },
    "event": {
        "name": "event",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
        "description": "The id of an event of the record.",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "schema": {"type": "string"},
        "description": "Only if the record is still at this version.",
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "schema": {"type": "string"},
        "description": "Answers 304 without a body where nothing has changed.",
    },
    "IdempotencyKey": {
        "name": HEADER,
        "in": "header",
        "schema": {"type": "string", "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
        "description": "Makes sending it twice the same as sending it once.",
    },
}
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "A key for a program."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": cookies.called(SESSION_COOKIE),
        "description": "A signed-in browser; what writes needs X-CSRFToken too.",
    },
}
PROBLEM = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
RESPONSES: dict[str, Any] = {
    name: {"description": says, "content": PROBLEM}
    for name, says in {
        "Malformed": "The request cannot be read.",
        "Unauthenticated": "No valid token or session.",
        "Denied": "It is there and it may be seen, but this is not allowed.",
        "Missing": "There is no such record for whoever asks.",
        "Illegal": "The record's state does not allow this.",
        "Stale": "The record is no longer at the version of If-Match; ETag says where it is.",
        "TooLarge": "The body is larger than what is taken.",
        "MediaType": "The body is of another kind than what is taken.",
        "Invalid": "Values that cannot be taken, by field.",
        "TooMany": "Too many requests; Retry-After says how many seconds to wait.",
    }.items()
}


@csrf_exempt
def served(request: HttpRequest) -> HttpResponse:
    """Anybody may read it: it says what there could be and nothing of what there is."""
    if request.method not in ("GET", "HEAD"):
        return errors.problem(
            "method",
            _("Use %(methods)s.") % {"methods": "GET, HEAD"},
            headers={"Allow": "GET, HEAD"},
        )
    return HttpResponse(_bytes(), content_type=answers.JSON)


@cache
def _bytes() -> bytes:
    return orjson.dumps(document())


def text() -> str:
    """As it is committed: one line for each thing, so that a change is read in a diff."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document(), option=options).decode()


def document() -> dict[str, Any]:
    with translation.override("en-gb"):
        paths: dict[str, Any] = {}
        for operation in api().operations:
            item = paths.setdefault(f"/{operation.path}", _path(operation))
            item[operation.method.lower()] = _operation(operation)
        whole = {
            "openapi": "3.1.0",
            "info": {"title": "Mainstay", "version": VERSION, "description": SAID},
            "servers": [{"url": answers.PREFIX}],
            "security": [{"token": []}, {"session": []}],
            "paths": paths,
            "components": {
                "schemas": api().components,
                "parameters": PARAMETERS,
                "responses": RESPONSES,
                "headers": HEADERS,
                "securitySchemes": SECURITY,
            },
        }
        # Labels become text while the language is held.
        return orjson.loads(orjson.dumps(whole, default=str))  # type: ignore[no-any-return]


def _path(operation: Operation) -> dict[str, Any]:
    named = [n for n in ("key", "part", "event") if f"{{{n}}}" in operation.path]
    return {"parameters": [_ref("parameters", n) for n in named]} if named else {}


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.path.partition("/")[0]],
        "parameters": [*map(_param, operation.params), *_headers(operation)],
        "responses": {str(operation.status): _answer(operation)} | _refusals(operation),
    }
    if operation.takes is not None:
        kind = "multipart/form-data" if operation.largest else answers.JSON
        told["requestBody"] = {"required": True, "content": {kind: {"schema": operation.takes}}}
    return told


def _param(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": "query",
        "required": param.is_required,
        "schema": param.schema,
        "description": param.says,
    }


def _headers(operation: Operation) -> list[dict[str, str]]:
    sent = []
    if operation.is_conditional:
        sent.append("IfMatch")
    elif operation.is_versioned:
        sent.append("IfNoneMatch")
    if operation.method == "POST":
        sent.append("IdempotencyKey")
    return [_ref("parameters", name) for name in sent]


def _answer(operation: Operation) -> dict[str, Any]:
    sent = []
    is_create = operation.name.endswith(".create")
    if is_create or (operation.is_versioned and operation.gives is not None):
        sent.append("ETag")
    if is_create:
        sent.append("Location")
    if operation.method == "POST":
        sent.append(REPLAYED)
    told: dict[str, Any] = {"description": "Done." if operation.writes else "What there is."}
    if sent:
        told["headers"] = {name: _ref("headers", name) for name in sent}
    if operation.gives is not None:
        told["content"] = {operation.media: {"schema": operation.gives}}
    return told


def _refusals(operation: Operation) -> dict[str, Any]:
    """Those of this operation; a database that is busy answers 503 in the same shape."""
    names = {"400": "Malformed", "401": "Unauthenticated", "403": "Denied", "429": "TooMany"}
    if "{key}" in operation.path or operation.may_lack:
        names["404"] = "Missing"
    if operation.params or operation.writes:
        names["422"] = "Invalid"
    if operation.takes is not None:
        names |= {"413": "TooLarge", "415": "MediaType"}
    if operation.is_conditional:
        names["412"] = "Stale"
    if operation.name.endswith((".move", ".notes.add", ".files.add", ".undo")):
        names["409"] = "Illegal"
    told: dict[str, Any] = {s: _ref("responses", name) for s, name in sorted(names.items())}
    if operation.is_versioned and not operation.writes:
        told["304"] = {"description": "Nothing has changed since If-None-Match."}
    return dict(sorted(told.items()))


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}
