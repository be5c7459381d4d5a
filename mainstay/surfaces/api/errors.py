"""One shape for every error (RFC 9457), and the one table from refusals to statuses."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mainstay.records import fields, trouble
from mainstay.records.errors import (
    Denied,
    Illegal,
    Incomplete,
    Invalid,
    Missing,
    NoRoom,
    Refused,
    Stale,
)
from mainstay.records.idempotency import KeyReused
from mainstay.records.types import RecordType

log = logging.getLogger("mainstay.api")
CONTENT_TYPE = "application/problem+json"

# The last part of `type`, its status and its title; `type` never changes, the words may.
PROBLEMS: Mapping[str, tuple[int, Any]] = {
    "malformed": (400, lazy("The request cannot be read")),
    "unauthenticated": (401, lazy("Who is asking?")),
    "denied": (403, lazy("This is not allowed")),
    "scope": (403, lazy("The token does not reach this")),
    "csrf": (403, lazy("The form token is missing or wrong")),
    "missing": (404, lazy("There is nothing here")),
    "method": (405, lazy("This cannot be done here")),
    "illegal": (409, lazy("This is not possible now")),
    "stale": (412, lazy("It was changed meanwhile")),
    "too-large": (413, lazy("The body is too large")),
    "media-type": (415, lazy("This kind of body is not taken")),
    "invalid": (422, lazy("Some values cannot be taken")),
    "incomplete": (422, lazy("Something is needed first")),
    "key-reused": (422, lazy("The Idempotency-Key was used before")),
    "too-many": (429, lazy("Too many requests")),
    "failed": (500, lazy("Something went wrong here")),
    "busy": (503, lazy("The database is busy")),
    "no-room": (507, lazy("There is no room left")),
}
REFUSALS: tuple[tuple[type[Refused], str], ...] = (
    (Missing, "missing"),
    (Denied, "denied"),
    (Illegal, "illegal"),
    (Stale, "stale"),
    (KeyReused, "key-reused"),
    (Incomplete, "incomplete"),
    (Invalid, "invalid"),
    (NoRoom, "no-room"),
)


class Problem(Exception):
    """What the API itself refuses, before or beside the engine."""

    def __init__(self, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.headers = kind, detail, dict(headers or {})


def answer(
    error: Exception, rtype: RecordType | None = None, body: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Any exception as an answer; what nobody foresaw is logged under the id the answer names."""
    match error:
        case Problem():
            return problem(error.kind, error.detail, headers=error.headers)
        case Stale():
            return problem("stale", str(error), headers={"ETag": f'"{error.version}"'})
        case Refused():
            kind = next(name for refusal, name in REFUSALS if isinstance(error, refusal))
            return problem(kind, str(error), errors=getattr(error, "fields", None))
        case RequestDataTooBig():
            return problem("too-large", _("A body may have up to 2.5 MB."))
        case MultiPartParserError() | SuspiciousOperation() | BadRequest() | UnreadablePostError():
            return problem("malformed", _("The request cannot be read."))
        case DataError() | OverflowError():
            return problem("invalid", _("A value is out of range."))
        case IntegrityError() if taken := _taken(rtype, body or {}):
            return problem("invalid", _("There is such a record already."), errors=taken)
        case _ if trouble.is_full(error):
            log.error("no room: %s", error)
            return problem("no-room", str(NoRoom()))
        case _ if trouble.is_passing(error):
            log.warning("database: %s", error)
            text = trouble.in_words(error) or _("Try again in a moment.")
            return problem("busy", text, headers={"Retry-After": "1"})
    request_id = trouble.logged(log, error)
    return problem("failed", _("It is in the log under the request_id."), request_id=request_id)


def problem(
    kind: str,
    detail: str,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    request_id: str = "",
) -> HttpResponse:
    status, title = PROBLEMS[kind]
    told: dict[str, Any] = {
        "type": f"urn:mainstay:problem:{kind}",
        "title": str(title),
        "status": status,
        "detail": detail,
    }
    if errors:
        told["errors"] = errors
    told["request_id"] = request_id or trouble.new_id()
    log.info("%s %s: %s", told["request_id"], status, detail)
    response = HttpResponse(
        orjson.dumps(told), status=status, content_type=CONTENT_TYPE, headers=dict(headers or {})
    )
    # Django would log it a second time, without the id.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _taken(rtype: RecordType | None, body: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of a refused body that no two records may share."""
    if rtype is None:
        return {}
    return {
        name: [_("Another record has this value.")]
        for name, known in fields.of(rtype).items()
        if known.source.unique and name in body
    }
