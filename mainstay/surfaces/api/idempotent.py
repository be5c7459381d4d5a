"""A POST with an Idempotency-Key is done once: its answer commits with its effect."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from mainstay.records import idempotency, queries
from mainstay.records.errors import Invalid
from mainstay.records.idempotency import LONGEST_KEY, Kept
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf
from mainstay.surfaces.api import answers, bodies, conditional
from mainstay.surfaces.api.operation import Call

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
PRINTABLE = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
MADE = re.compile(rf"{answers.PREFIX}/([a-z-]+)/([^/]+)")
KEPT_HEADERS = ("Content-Type", "ETag", "Location")


def run(call: Call) -> HttpResponseBase:
    """The operation, once per key. A refusal undoes the claim as well, so it may be tried again."""
    key = call.request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return conditional.run(call)
    if not PRINTABLE.fullmatch(key):
        raise Invalid(
            {HEADER: [_("This must be 1 to %(n)d printable characters.") % {"n": LONGEST_KEY}]}
        )
    # By the key of the program or the session as well: another one of the same person may do less.
    who = f"{call.actor.id} {call.actor.session}"
    scope = idempotency.digest(
        who, call.operation.name, idempotency.one_name(call.key), call.part, key
    )
    body = bodies.digest_of(call)
    with writing():
        if kept := idempotency.claim(scope, body):
            if kept.body:
                _require_still_there(call, kept)
            return _again(kept)
        response = conditional.run(call)
        if not isinstance(response, HttpResponse):
            raise TypeError(f"{call.operation.name} answers with a stream, which cannot be kept")
        headers = {n: response[n] for n in KEPT_HEADERS if n in response}
        idempotency.keep(scope, Kept(response.status_code, headers, response.content))
        return response


def _require_still_there(call: Call, kept: Kept) -> None:
    """A kept answer tells nothing of what exists for its asker no more. Raises Missing.

    One that says nothing but that it is done is given again: whoever stepped back from a record may ask twice.
    """
    rtype, key = call.operation.rtype, call.key
    if not key and (made := MADE.match(kept.headers.get("Location", ""))):
        rtype, key = shelf.by_plural(made[1]), made[2]
    if rtype is not None and key:
        queries.one(rtype, call.actor, key, names=())


def _again(kept: Kept) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status, headers=kept.headers)
    response[REPLAYED] = "true"
    return response
