"""What a person writes into a form with a text and files: both surfaces send it the same way."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mainstay.pure.rules import CALLERS, Actor, By
from mainstay.records import fields, queries
from mainstay.records.errors import Invalid, Missing, NoRoom
from mainstay.records.rows import Row, callers
from mainstay.records.turnstile import writing
from mainstay.records.types import Message, RecordType
from mainstay.surfaces.web import namesakes
from mainstay.surfaces.web.formats import listed
from mainstay.surfaces.web.formats import say as worded


def typed(request: HttpRequest) -> str:
    """The text as it stood in its box: a form sends each end of a line as two signs."""
    return request.POST.get("text", "").replace("\r\n", "\n")


def names_for(rtype: RecordType, actor: Actor) -> list[str]:
    """What of a record says who reads a reply."""
    seen = fields.visible(rtype, actor)
    return ["title", *(n for c in CALLERS if (n := c.removesuffix("_id")) in seen)]


def refusal(request: HttpRequest, rtype: RecordType, row: Row, audience: str) -> str:
    """Why a text is not sent from a page that does not know how things stand by now; "" where it is."""
    is_gone, seen = rtype.offer("is_draft_gone"), request.POST.get(f"seen-{audience}", "")
    if is_gone is not None and is_gone(row, audience, request.actor, typed(request), seen):
        return _(
            "Not sent: you have sent this in another window, or taken it away there. Send it once more if you mean it."
        )
    return _meant_for_others(request, row) if audience == "all" else ""


def _meant_for_others(request: HttpRequest, row: Row) -> str:
    """Why a reply is not sent: the page it was written on names others than it would go to; "" where it is."""
    meant = request.POST.get("to")
    people = callers(row)
    if meant is None or set(meant.split()) == {person["number"] for person in people}:
        return ""
    names = listed(namesakes.apart(people))
    if not names:
        return _(
            "Not sent: nobody is named as the caller by now. Look who sees this, then send it again."
        )
    return _(
        "Not sent: this would go to %(names)s by now. Look whom you write to, then send it again."
    ) % {"names": names}


def say(request: HttpRequest, rtype: RecordType, number: str, audience: str, by: By) -> str:
    """Sends the text, then the files. Gives what is to be told of them.

    Raises Invalid when nothing at all was kept: then what was typed is still the person's to mend.
    """
    text = typed(request).strip()
    if rtype.offer("say") is None:
        raise Missing
    if text or not request.FILES:
        _send(rtype, number, Message(audience, text), by)
    refused, warned = _kept(request, rtype, number, audience, by)
    if refused and not text:
        raise Invalid({"files": [*refused, *warned]})
    return " ".join([*refused, *warned])


def _send(rtype: RecordType, number: str, message: Message, by: By) -> None:
    """With what was sent ahead and is named in it: both are there, or neither."""
    send, may_show = rtype.offer("say"), rtype.offer("may_show")
    attach_ahead = rtype.offer("attach_ahead")
    if send is None:
        raise Missing
    if may_show is None or attach_ahead is None or "/files/" not in message.text:
        send(rtype, number, message, by)
        return
    with writing():
        row = queries.one(rtype, by.actor, number, names=("title",))
        may_show(row, message.audience, message.text, by)
        send(rtype, number, message, by)
        attach_ahead(rtype, row, message.audience, message.text, by)


def untakable(request: HttpRequest, rtype: RecordType) -> list[str]:
    """What is wrong with the files that came, as far as it is known before anything is sent or kept."""
    why = rtype.offer("untakable")
    return why([(f.name, f.size) for f in request.FILES.getlist("files")]) if why else []


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


def unheard(request: HttpRequest, rtype: RecordType, row: Row, audience: str) -> str:
    """What is to be told of names in the text that call nobody; "" where there are none."""
    find = rtype.offer("unheard")
    words = find(rtype, request.actor, row, audience, request.POST.get("text", "")) if find else ()
    names = ", ".join(f"@{word}" for word in words)
    told = _("Nobody you may call here has the name %(names)s.")
    return told % {"names": names} if names else ""
