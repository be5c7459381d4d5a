"""What somebody asks is asked once: who goes back in the browser and sends it again is led to what there is by then."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from mainstay.pure.rules import Actor, By
from mainstay.records import clock, commands, idempotency, queries
from mainstay.records.errors import Missing
from mainstay.records.idempotency import Kept
from mainstay.records.rows import Row
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType
from mainstay.surfaces.web import timeline
from mainstay.surfaces.web.formats import moment
from mainstay.surfaces.web.timeline import Entry

LOOKED_AT = 10  # entries, of which the last one with words counts


def made_once(
    rtype: RecordType,
    data: Mapping[str, Any],
    files: list[list[Any]],
    by: By,
    *,
    over: tuple[str, ...],
) -> tuple[str, list[list[Any]] | None]:
    """The number of what was asked, and the files it came with where it had been asked before; None where it is new.

    A page that comes back in a browser may be drawn anew, so no mark in the form tells that it was sent: the words do,
    for two days. What is over by then, or is not theirs to see any more, is asked anew.
    """
    scope = idempotency.digest(
        "portal.ask", str(by.actor.id), rtype.name, orjson.dumps(data, default=str)
    )
    with writing():
        before = idempotency.claim(scope, "")
        if before and _goes_on(rtype, by, number := before.headers["number"], over):
            return number, orjson.loads(before.body)
        number = str(commands.create(rtype, data, by).number)
        idempotency.keep(scope, Kept(303, {"number": number}, orjson.dumps(files)))
    return number, None


def _goes_on(rtype: RecordType, by: By, number: str, over: tuple[str, ...]) -> bool:
    try:
        return queries.one(rtype, by.actor, number, names=("kind",))["kind"] not in over
    except Missing:
        return False


def last_said(actor: Actor, entries: Sequence[Entry]) -> str:
    """What they said of late, where nobody has said anything since; "" where somebody has.

    Who hears nothing of what was sent, since the connection broke, sends it once more.
    """
    last = next((entry for entry in reversed(entries) if entry.text), None)
    if last is None or last.person is None or last.person["number"] != actor.number:
        return ""
    at = moment(last.at)
    return last.text if at and clock.now() - at < idempotency.KEPT else ""


def is_said(rtype: RecordType, actor: Actor, row: Row, text: str) -> bool:
    """Whether these words are there already, as the last ones."""
    text = text.replace("\r\n", "\n").strip()
    said = timeline.told(rtype, actor, row, "conversation", size=LOOKED_AT).entries if text else ()
    return bool(text) and last_said(actor, said).strip() == text


def files_of(request: HttpRequest) -> list[list[Any]]:
    """By what they are known again: name, size and content."""
    return [_known_by(file) for file in request.FILES.getlist("files")]


def leave_new(
    request: HttpRequest,
    rtype: RecordType,
    by: By,
    number: str,
    sent: list[list[Any]],
    before: list[list[Any]],
) -> None:
    """Of the files that were sent those that are not with the request: one of the first time may not have been kept."""
    attached = rtype.offer("attached")
    row = queries.one(rtype, by.actor, number, names=())
    kept = (
        [[file["name"], file["size"]] for file in attached(rtype, by.actor, row)]
        if attached
        else []
    )
    files = zip(request.FILES.getlist("files"), sent, strict=True)
    new = [file for file, known in files if known not in before or known[:2] not in kept]
    request.FILES.setlist("files", new)


def _known_by(file: UploadedFile) -> list[Any]:
    content = hashlib.sha256()
    for piece in file.chunks():
        content.update(piece)
    file.seek(0)
    return [file.name, file.size, content.hexdigest()]
