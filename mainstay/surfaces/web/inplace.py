"""A record changed where it stands in a list: its row, or its preview, is drawn anew and nothing else."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from mainstay.pure.conditions import Compare, FieldRef, Kind, Op, Value
from mainstay.pure.numbers import SPELLING
from mainstay.records import queries
from mainstay.records.errors import Missing
from mainstay.records.types import RecordType
from mainstay.surfaces.web import addresses, peek, record, steps, tables, whence
from mainstay.surfaces.web.addresses import ListState
from mainstay.surfaces.web.answers import target_of, tell


def after(
    request: HttpRequest, rtype: RecordType, number: str, toast: str, undo: str = ""
) -> HttpResponse:
    """The record as it is now, wherever it was changed: its row, its preview or its page."""
    target = target_of(request)
    if target != "peek" and not is_number(rtype, target):
        return record.after(request, rtype, number, toast, undo)
    state = state_behind(request, rtype)
    try:
        beside = target == "peek"
        response = _beside(request, state, number) if beside else draw(request, state, number)
    except Missing:
        # Whoever passes a record on may not see it any more.
        response = HttpResponse(
            headers={"HX-Reswap": "delete" if target != "peek" else "innerHTML"}
        )
    # What was changed in the preview stands in a row, too.
    told = {"changed-row": {"number": number}} if target == "peek" else {}
    return tell(response, toast, undo, **told, **{"close-dialog": {}})


def _beside(request: HttpRequest, state: ListState, number: str) -> HttpResponse:
    return peek.show(request, replace(state, peek=number))


def place(request: HttpRequest, number: str) -> str:
    """Where the answer to a form goes: the record's page, or in a list its row, or the preview that shows it."""
    if whence.page(request).path.count("/") != 2:
        return "#record"
    is_beside = whence.asked_by(request).get("peek", "").upper() == number
    return "#peek" if is_beside else f"#{number}"


def is_number(rtype: RecordType, text: str) -> bool:
    """Whether a part of a page is a row of this type's list."""
    spelled = SPELLING.fullmatch(text)
    return bool(spelled and spelled[1] == rtype.prefix)


def state_behind(request: HttpRequest, rtype: RecordType) -> ListState:
    """The list somebody looks at while they change one of its records."""
    return addresses.state_of(rtype, whence.asked_by(request), request.actor)


def as_it_is(request: HttpRequest, state: ListState, number: str) -> HttpResponse:
    """The row anew, for a list that keeps it in sight; it goes where it may not be seen any more."""
    try:
        return draw(request, state, number)
    except Missing:
        return HttpResponse(headers={"HX-Reswap": "delete"})


def draw(request: HttpRequest, state: ListState, number: str) -> HttpResponse:
    """One row with the columns of its list. It stays where it is, whether it still matches or not. Raises Missing."""
    rtype, actor = state.rtype, request.actor
    columns, below = tables.columns_of(state, actor)
    only_it = Compare(FieldRef("number", Kind.KEY), Op.EQ, Value(number))
    names = tables.names_of(columns, below)
    found = queries.page(rtype, actor, names=names, where=only_it, size=1, python=True).items
    if not found:
        raise Missing
    can_choose = any(steps.of(rtype, actor).values())
    named = bool(state.columns)
    row = tables.body(rtype, columns, below, found, can_choose=can_choose, are_named=named)
    return HttpResponse(row)
