"""A record related to another one, which is named by its number or by what it is called."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.pure.numbers import SPELLING
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import by_title, commands, queries, values
from mainstay.records.errors import Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import back, forms, record
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.formats import listed, say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, type_named
from mainstay.surfaces.web.tabs import sentence

OFFERED = 12


@signed_in
@only("GET", "HEAD", "POST")
def link(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Relates the record to another one, or takes that away; asked for, what it can be related to."""
    rtype = type_named(plural)
    row = queries.one(rtype, request.actor, key, names=("title",))
    if request.method != "POST":
        return _options(request, rtype, row)
    kind, typed = request.POST.get("kind", ""), request.POST.get("record", "").strip()
    if request.POST.get("away"):
        event: Any = commands.unlink(rtype, row["number"], kind, typed, by(request))
        toast = _("Link removed")
    else:
        try:
            event = _linked(request, rtype, row, kind, typed)
        except Invalid as refusal:
            return _asked_again(request, rtype, row, sentence(refusal))
        toast = _("Linked")
    undo = back.address(rtype, row["number"], event)
    return record.after(request, rtype, row["number"], toast, undo)


def _linked(request: HttpRequest, rtype: RecordType, row: Row, kind: str, typed: str) -> Any:
    """What tells of it, in the journal. Raises Invalid where that is no record this kind leads to."""
    other = _meant(_targets(rtype, kind), typed, request.actor, row["number"])
    if fitting := _other_kinds(rtype, kind, other, request.actor):
        raise Invalid({"record": [_said_of(other, fitting)]})
    return commands.link(rtype, row["number"], kind, other, by(request))


def _asked_again(request: HttpRequest, rtype: RecordType, row: Row, complaint: str) -> HttpResponse:
    """The form with what was sent, and at its box what is wrong with it."""
    context = {
        "rtype": rtype,
        "row": row,
        "title": _("Link a record"),
        "base": f"/{rtype.plural}/{row['number']}/",
        "link_kinds": record.link_kinds(rtype),
        "kind": request.POST.get("kind", ""),
        "typed": request.POST.get("record", ""),
        "errors": [complaint],
    }
    answer = page(request, "web/link.html", context, status=422, block="form")
    answer["HX-Retarget"], answer["HX-Reswap"] = "#add-link", "innerHTML"
    return answer


def _options(request: HttpRequest, rtype: RecordType, row: Row) -> HttpResponse:
    """Of the types this kind of link leads to, what is called so and exists for the reader."""
    targets = _targets(rtype, request.GET.get("kind", ""))
    if not targets or not queries.may(rtype, request.actor, "change", row):
        raise Missing
    typed = forms.number_typed(request.GET.get("record", ""))
    found = _called(targets, typed, request.actor, row["number"])
    return page(request, "web/options.html", {"options": found[:OFFERED], "joint": forms.JOINT})


def _targets(rtype: RecordType, kind: str) -> list[RecordType]:
    found = rtype.links.get(kind)
    return [shelf.type(name) for name in found.targets] if found else []


def _other_kinds(rtype: RecordType, kind: str, number: str, actor: Actor) -> list[str]:
    """The kinds of link that lead to this record where this kind does not; none where it does, or for no number."""

    def leads(to: str) -> bool:
        return any(values.lookup(target, number, actor) for target in _targets(rtype, to))

    if not SPELLING.fullmatch(number) or kind not in rtype.links or leads(kind):
        return []
    return [say(other.label) for name, other in rtype.links.items() if leads(name)]


def _said_of(number: str, kinds: Sequence[str]) -> str:
    quoted = listed(f"“{kind}”" for kind in kinds)
    return _("%(number)s is linked as %(kinds)s. Choose that above.") % {
        "number": number,
        "kinds": quoted,
    }


def _called(
    targets: Sequence[RecordType], text: str, actor: Actor, own: str
) -> list[dict[str, str]]:
    """What can be linked and is called so, what is open first of all; nothing is related to itself."""
    for also_over in (False, True):
        found = [
            option
            for target in targets
            for option in by_title.options(target, actor, text, OFFERED, also_over=also_over)
            if option["number"] != own
        ]
        if found:
            return found
    return []


def _numbered(targets: Sequence[RecordType], typed: str, actor: Actor) -> str:
    """What digits alone are the number of, where that is one record that can be linked; else what was typed."""
    # No record has a longer number, and Python makes none of some thousand digits.
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 19):
        return typed
    numbers = [f"{target.prefix}-{int(typed)}" for target in targets]
    there = [n for t, n in zip(targets, numbers, strict=True) if values.lookup(t, n, actor)]
    return there[0] if len(there) == 1 else typed


def _meant(targets: Sequence[RecordType], text: str, actor: Actor, own: str) -> str:
    """The number that was typed or picked, or that of the only one called so. Raises Invalid where there are several.

    What nothing is called goes on as it is: the engine says that there is none.
    """
    number = _numbered(targets, forms.number_typed(text), actor)
    is_number = SPELLING.fullmatch(number) or len(number) in (32, 36)
    if not number or (is_number and any(values.lookup(t, number, actor) for t in targets)):
        return number
    found = _called(targets, text, actor, own)
    alike = [one for one in found if fold(one["title"]) == fold(text)] or found
    if len(alike) > 1:
        raise Invalid({"record": [forms.several(alike)]})
    return alike[0]["number"] if alike else number
