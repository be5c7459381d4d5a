"""What a person writes into a form with a text and files: both surfaces send it the same way."""

from django.http import HttpRequest

from mainstay.pure.rules import By
from mainstay.records.errors import Invalid, Missing, NoRoom
from mainstay.records.types import Message, RecordType
from mainstay.surfaces.web.formats import say as worded


def say(request: HttpRequest, rtype: RecordType, number: str, audience: str, by: By) -> str:
    """Sends the text, then the files. Gives what is to be told of them.

    Raises Invalid when nothing at all was kept: then what was typed is still the person's to mend.
    """
    send, text = rtype.offer("say"), request.POST.get("text", "").strip()
    if send is None:
        raise Missing
    if text or not request.FILES:
        send(rtype, number, Message(audience, text), by)
    refused, warned = _kept(request, rtype, number, audience, by)
    if refused and not text:
        raise Invalid({"files": [*refused, *warned]})
    return " ".join([*refused, *warned])


def attach(request: HttpRequest, rtype: RecordType, number: str, audience: str, by: By) -> str:
    """Keeps what was sent along; tells what could not be kept, and what should not be in there."""
    refused, warned = _kept(request, rtype, number, audience, by)
    return " ".join([*refused, *warned])


def _kept(
    request: HttpRequest, rtype: RecordType, number: str, audience: str, by: By
) -> tuple[list[str], list[str]]:
    keep = rtype.offer("attach")
    refused: list[str] = []
    warned: list[str] = []
    if keep is None:
        return refused, warned
    for file in request.FILES.getlist("files"):
        try:
            made = keep(rtype, number, file.name, file.chunks(), audience, by)
        except NoRoom as refusal:
            refused.append(f"{file.name}: {refusal}")
        except Invalid as refusal:
            complaints = [worded(text) for texts in refusal.fields.values() for text in texts]
            refused.append(f"{file.name}: {' '.join(complaints)}")
        else:
            warned += [made.warning] if made.warning else []
    return refused, warned
