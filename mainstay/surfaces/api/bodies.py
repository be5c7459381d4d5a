"""Reads what a request brings: its query, one JSON object or one form; refuses unknown names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mainstay.records.errors import Incomplete, Invalid
from mainstay.records.fields import UNLIMITED
from mainstay.records.idempotency import digest
from mainstay.records.types import Message
from mainstay.records.values import UNSTORABLE
from mainstay.surfaces.api.errors import Problem
from mainstay.surfaces.api.operation import Call, Operation

JSON_TYPES = ("application/json", "application/merge-patch+json")
AUDIENCES = {"public": "all", "internal": "internal"}
VISIBILITIES = {audience: visibility for visibility, audience in AUDIENCES.items()}
UNKNOWN = lazy("There is no such field.")
# Room for the other parts of a form beside its file.
BESIDE = 64 * 1024


def query(request: HttpRequest, operation: Operation) -> dict[str, str]:
    """Each parameter once. Raises Invalid that names what the operation does not know."""
    if not request.META.get("QUERY_STRING"):
        return {}
    given = request.GET
    complaints = {n: [_("There is no such parameter.")] for n in given if n not in operation.asked}
    complaints |= {
        n: [_("Give it once.")] for n in given if n not in complaints and len(given.getlist(n)) > 1
    }
    if complaints:
        raise Invalid(complaints)
    return {name: given[name] for name in given}


def refuse_early(request: HttpRequest, operation: Operation) -> None:
    """What the headers alone show to be wrong, before the body is read. Raises Problem (413, 415)."""
    if "HTTP_CONTENT_ENCODING" in request.META:
        raise Problem("media-type", _("Send the body as it is, without a Content-Encoding."))
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        raise Problem("malformed", _("Send the body in one piece, with its Content-Length."))
    largest, length = operation.largest, request.META.get("CONTENT_LENGTH") or "0"
    if largest and (not length.isdecimal() or int(length[:12]) > largest + BESIDE):
        raise Problem(
            "too-large", _("A file may have up to %(n)s MB.") % {"n": largest // 1024 // 1024}
        )
    if largest and request.content_type != "multipart/form-data":
        raise Problem("media-type", _("The body must be multipart/form-data."))


def read(call: Call) -> None:
    """Puts the body of a request that writes into the call. Raises Problem (400, 413, 415)."""
    request, operation = call.request, call.operation
    if operation.largest:
        _read_form(call)
    elif operation.takes is not None:
        call.body = _object(request)


def _object(request: HttpRequest) -> dict[str, Any]:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type not in JSON_TYPES or charset not in ("utf-8", "utf8"):
        raise Problem("media-type", _("The body must be application/json in UTF-8."))
    try:
        data = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise Problem(
            "malformed", _("The body is not valid JSON: %(error)s.") % {"error": error}
        ) from None
    _no_name_twice(request.body)
    if not isinstance(data, dict):
        raise Problem("malformed", _("The body must be a JSON object."))
    return data


def _no_name_twice(body: bytes) -> None:
    """Of two values under one name every reader would take another. Raises Problem."""

    def one_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise Problem(
                    "malformed", _("The body has '%(name)s' twice.") % {"name": name[:80]}
                )
            found[name] = value
        return found

    try:
        json.loads(body, object_pairs_hook=one_each)
    except RecursionError:
        raise Problem("malformed", _("The body is nested too deeply.")) from None


def _read_form(call: Call) -> None:
    """One file under `file`, and texts under the names the operation's schema knows."""
    request = call.request
    known = (call.operation.takes or {}).get("properties", {})
    texts = {n: v for n, v in request.POST.items() if n != "csrfmiddlewaretoken"}
    if twice := [n for n in texts if len(request.POST.getlist(n)) > 1 or n in request.FILES]:
        raise Invalid({name: [_("Give it once.")] for name in twice})
    only({**texts, **dict.fromkeys(request.FILES)}, known)
    files = [file for _, listed in request.FILES.lists() for file in listed]
    if len(files) != 1 or "file" not in request.FILES:
        raise Invalid({"file": [_("Send one file.")]})
    call.body, call.file = dict(texts), files[0]


def digest_of(call: Call) -> str:
    """What makes two bodies the same: the bytes of JSON, the parts of a form without its boundary."""
    if call.file is None:
        return digest(call.request.body)
    whole = hashlib.sha256()
    for chunk in call.file.chunks():
        whole.update(chunk)
    call.file.seek(0)
    return digest(orjson.dumps(sorted(call.body.items())), call.file.name or "", whole.digest())


def only(given: Mapping[str, Any], known: Collection[str]) -> None:
    """Raises Invalid that names every unknown field."""
    if strangers := {name: [str(UNKNOWN)] for name in given if name not in known}:
        raise Invalid(strangers)


def text(given: Mapping[str, Any], name: str, *, is_needed: bool = True) -> str:
    """A text that can be stored. Raises Incomplete or Invalid."""
    value = given.get(name)
    if value is None and not is_needed:
        return ""
    if value is None:
        raise Incomplete({name: [_("This is needed.")]})
    if not isinstance(value, str):
        raise Invalid({name: [_("This must be text.")]})
    if UNSTORABLE.search(value):
        raise Invalid({name: [_("This text holds characters that cannot be stored.")]})
    if len(value) > UNLIMITED:
        raise Invalid(
            {
                name: [
                    _("This is %(n)s characters long; %(most)s fit.")
                    % {"n": f"{len(value):,}", "most": f"{UNLIMITED:,}"}
                ]
            }
        )
    return value


def yes(given: Mapping[str, Any], name: str) -> bool:
    """A choice that is no unless it is said. Raises Invalid."""
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise Invalid({name: [_("This must be true or false.")]})
    return value


def audience(call: Call, given: Mapping[str, Any], otherwise: str | None = None) -> str:
    """Who may read a text or file; said outright, so that nothing for colleagues slips out."""
    visibility = given.get("visibility", VISIBILITIES.get(otherwise or ""))
    if not isinstance(visibility, str) or visibility not in AUDIENCES:
        raise Invalid({"visibility": [_("Say who may read it: public or internal.")]})
    return AUDIENCES[visibility]


def message(call: Call, otherwise: str | None = None) -> Message | None:
    """Takes `message` out of the body: what is said with a command, where its type can talk."""
    given = call.body.get("message")
    if "message" not in call.body or not call.rtype.has("conversation"):
        return None
    del call.body["message"]
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Invalid({"message": [_('This must be {"text": …, "visibility": …}.')]})
    only(given, ("text", "visibility"))
    said = text(given, "text")
    if not said.strip():
        raise Invalid({"message": [_("Write something first.")]})
    return Message(audience(call, given, otherwise), said)


def reason(call: Call) -> str:
    """Takes `reason` out of the body: why, for the history."""
    given = text(call.body, "reason", is_needed=False)
    call.body.pop("reason", None)
    return given
