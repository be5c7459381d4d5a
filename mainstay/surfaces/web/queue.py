"""The list of one record type: views, filter, order, columns, pages, and steps for many."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from mainstay.pure.conditions import Condition, text_of
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import access, fields, where
from mainstay.records.errors import Invalid, Missing
from mainstay.records.types import RecordType
from mainstay.surfaces.web import (
    addresses,
    builder,
    filtering,
    grouped,
    inplace,
    keys,
    peek,
    plain,
    shell,
    steps,
    tables,
    tabs,
    whence,
)
from mainstay.surfaces.web.addresses import ListState, narrowed
from mainstay.surfaces.web.answers import (
    is_fragment,
    only,
    redirect,
    refused,
    signed_in,
    target_of,
)
from mainstay.surfaces.web.formats import gettext as _
from mainstay.surfaces.web.formats import per_reader, say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import type_named
from mainstay.surfaces.web.tabs import AnyView, Saved, sentence

SIZE = 50
# As many columns as a list usually has.
USUAL = 8
# What an empty filter shows, so that nobody has to look the language up.
EXAMPLE, EXAMPLE_NEEDS = "priority <= 2 && assignee == me", {"priority", "assignee"}
PLAIN_EXAMPLE = 'title.contains("mail")'


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest, plural: str) -> HttpResponse:
    rtype = type_named(plural)
    state = addresses.state_of(rtype, request.GET, request.actor)
    if target_of(request) == "more-views":
        return _more(request, state)
    if builder.is_sent(request.GET):
        return _with_row(request, state)
    target = target_of(request)
    is_form = target == "builder" or (target == "menu-row" and "part" in request.GET)
    if is_form and is_fragment(request):
        context = {"state": state, **_controls(request, state)}
        return page(request, "web/queue.html", context, block="builder")
    if target == "fields" and is_fragment(request):
        return page(request, "web/fields.html", {"state": state, **_controls(request, state)})
    if target == "neighbours" and is_fragment(request):
        return _neighbours(request, state)
    if target == "peek" and state.peek:
        return _beside(request, state)
    if inplace.is_number(rtype, target):
        return inplace.as_it_is(request, state, target)
    return _understood(request, state) or draw(request, state)


def _beside(request: HttpRequest, state: ListState) -> HttpResponse:
    """What is not there, or not any more, takes away what stood in its place."""
    try:
        return peek.show(request, state)
    except Missing as refusal:
        response = refused(request, refusal)
        response["HX-Reswap"] = "innerHTML"
        return response


def _neighbours(request: HttpRequest, state: ListState) -> HttpResponse:
    """A page of the list as the page of a record keeps it, which goes on with it where its own ends. Raises Invalid."""
    actor, rtype = request.actor, state.rtype
    parts = [where.parse(rtype, actor, text) for text in (state.view.where, state.filter)]
    found = grouped.read(state, actor, [], filtering.joined(*parts), size(state))
    return JsonResponse(
        {
            "address": state.url(**state.place),
            "records": [f"/{rtype.plural}/{row['number']}/" for row in found.rows],
            "next": state.url(after=found.next) if found.next else None,
            "prev": state.url(before=found.previous) if found.previous else None,
        }
    )


def _understood(request: HttpRequest, state: ListState) -> HttpResponse | None:
    """Where plain words were typed, the list of the condition they most likely mean, at its address.

    What a view keeps was a condition when it was saved, and is none the less one where it can be read no more.
    """
    if "filter" not in request.GET:
        return None
    meant = plain.condition(state.rtype, request.actor, state.filter)
    if meant is None:
        return None
    return _at(request, narrowed(state, request.actor, text_of(meant)))


def _at(request: HttpRequest, state: ListState) -> HttpResponse:
    """Another list than the one whose address was asked for, at its own."""
    if not is_fragment(request):
        return redirect(state.url())
    response = draw(request, state)
    response["HX-Push-Url"] = state.url()
    return response


def _with_row(request: HttpRequest, state: ListState) -> HttpResponse:
    """A filled form becomes a part of the filter, or takes the place of one, and goes to the address of that."""
    rtype, actor, row = state.rtype, request.actor, builder.sent(request.GET)
    place = request.GET.get("part", "")
    try:
        if "more" in request.GET:
            return _asked_again(request, state, builder.one_more(rtype, actor, row))
        made = builder.condition(rtype, actor, row)
        whole = filtering.changed(where.parse(rtype, actor, state.filter), made, place)
    except Invalid as complaint:
        return _asked_again(request, state, row, sentence(complaint))
    return _at(request, narrowed(state, actor, text_of(whole)))


def _asked_again(
    request: HttpRequest, state: ListState, row: builder.Row, complaint: str = ""
) -> HttpResponse:
    """The form with what was sent and, where it was refused, what is wrong with it; the list stays as it is."""
    place = request.GET.get("part", "")
    form = builder.form(state.rtype, request.actor, row, complaint, place)
    if not is_fragment(request):
        return draw(request, state, unfit=complaint, form=form)
    context = {"state": state, **_controls(request, state, form)}
    status = 422 if complaint else 200
    response = page(request, "web/queue.html", context, status=status, block="builder")
    response["HX-Retarget"] = "#menu-row" if place else "#builder"
    response["HX-Reswap"] = "innerHTML"
    return response


def draw(
    request: HttpRequest,
    state: ListState,
    complaint: str = "",
    *,
    unfit: str = "",
    form: builder.Form | None = None,
) -> HttpResponse:
    """`complaint` says what is wrong with the filter, `unfit` what is with the form of a part, as it was sent."""
    actor, rtype = request.actor, state.rtype
    try:
        own = where.parse(rtype, actor, state.filter)
    except Invalid as error:
        own, complaint = None, complaint or sentence(error)
    columns, below = tables.columns_of(state, actor)
    found, own_count = None, list[Condition | None]()
    if not complaint:
        asked = filtering.joined(where.parse(rtype, actor, state.view.where), own)
        names = tables.names_of(columns, below)
        state, found = _page(state, actor, names, asked)
        own_count = [asked]
    in_sight, others = tabs.split(state.row, state.view)
    stands = _has_these_tabs(request, state, in_sight)
    known = found.total[0] if found and found.total else None
    seen, totals = tabs.counted(state, actor, in_sight, own_count, stands=stands, known=known)
    possible = steps.of(rtype, actor)
    can_bulk = any(possible.values())
    glance = peek.of(request, state)
    context = {
        "rtype": rtype,
        "title": say(rtype.label_plural),
        "group": shell.AREAS[rtype.area][0] if rtype.area in shell.AREAS else "",
        "state": state,
        "tabs": seen,
        "more": tabs.plain(state, others),
        "trouble": next((tab.trouble for tab in seen if tab.is_current), ""),
        "may_save": tabs.may_save(actor),
        "may_change": tabs.may_change(actor, state.view),
        "columns": columns,
        "gives_way": () if state.columns else tables.gives_way(columns),
        "rows": found.rows if found else [],
        "body": grouped.body(state, columns, below, found, can_choose=can_bulk) if found else "",
        "can_bulk": can_bulk,
        "next": found.next if found else None,
        "previous": found.previous if found else None,
        "total": _total(found, totals[0]) if found else None,
        "complaint": complaint,
        "unmet": _not_honoured(state, is_there=glance is not None or not state.peek),
        "chips": filtering.chips(rtype, actor, own),
        "are_words": plain.are_words(own),
        # Who sees them at most as the one who asked has no such list here, and is not told that all is dealt with.
        "is_theirs": access.may_ever(access.insiders(rtype), actor),
        "may_create": access.may_ever(rtype.access.create, actor),
        "steps": possible,
        "keys": keys.keys(rtype, actor),
        "glance": glance,
        **_controls(request, state, form),
    }
    # A view that cannot be read any more is no mistake of whoever opens it.
    is_wrong = bool(unfit) or (bool(complaint) and not context["trouble"])
    return page(request, "web/queue.html", context, status=422 if is_wrong else 200)


def _page(
    state: ListState, actor: Actor, names: list[str], asked: Condition | None
) -> tuple[ListState, grouped.Listed]:
    """The page the address means; the first one where it means none, and says so."""
    try:
        return state, grouped.read(state, actor, names, asked, size(state))
    except Invalid as error:
        if "after" not in error.fields:
            raise
    state = replace(state, after="", before="", unmet=(*state.unmet, "after"))
    return state, grouped.read(state, actor, names, asked, size(state))


def _total(found: grouped.Listed, counted: tuple[int, bool]) -> tuple[int, bool]:
    """How many there are: a count that gave up knows less than the page does, which has at least its own."""
    count, is_exact = counted
    return max(count, len(found.rows)), is_exact


def size(state: ListState) -> int:
    """How many rows a page has: with more columns than usual fewer, so that no page weighs more than it may.

    A row weighs 110 B compressed with eight columns and 175 with 28. Columns somebody chose stand in each link of the
    page and each value has the name of its own, which is eight rows more.
    """
    more = len(state.columns) - USUAL
    return SIZE - 8 - 6 * more // 5 if more > 0 else SIZE


def _has_these_tabs(request: HttpRequest, state: ListState, in_sight: Sequence[AnyView]) -> bool:
    """Whether the page that asks shows these views by now, below another one, or with another filter, order or page.

    How many they show stands there already. It comes anew with the next page, and whenever a page hears that something
    has changed, or looks by itself whether it has.
    """
    here = whence.page(request)
    is_whole = not is_fragment(request) or "HX-History-Restore-Request" in request.headers
    if is_whole or target_of(request) != "queue" or here.path != request.path:
        return False
    if here.query == request.META["QUERY_STRING"]:
        return False
    shown = addresses.view_of(state.rtype, whence.asked_by(request), state.row)
    return tabs.split(state.row, shown)[0] == in_sight


def _more(request: HttpRequest, state: ListState) -> HttpResponse:
    """The views behind the menu, counted when somebody opens it."""
    _seen, others = tabs.split(state.row, state.view)
    counted, _none = tabs.counted(state, request.actor, others)
    return page(request, "web/tabs.html", {"more": counted})


def _controls(
    request: HttpRequest, state: ListState, form: builder.Form | None = None
) -> dict[str, Any]:
    """The menus above the table: one more filter (or the form as it was sent), order, columns."""
    actor, rtype = request.actor, state.rtype
    filterable, choosable, example = _fields(rtype, actor)
    sought = request.GET.get("seek", "").strip()
    if sought:
        filterable = _called(filterable, sought)
    # Enter takes what stands first.
    first = filterable[0][0] if sought and filterable else ""
    chosen = request.GET.get("add", first)
    if form is None and "part" in request.GET and not builder.is_sent(request.GET):
        form = _of_part(request, state)
    if form is None and chosen:
        form = builder.form(rtype, actor, builder.Row(chosen))
    return {
        "filterable": filterable,
        "sought": sought,
        "adding": form,
        "example": example,
        "orders": [(o, _order_words(rtype, o)) for o in _offered(state)],
        "choosable": choosable,
        "groupings": grouped.choices(rtype, actor),
        "chosen_columns": state.columns or addresses.usual_columns(rtype, actor),
    }


@per_reader
def _fields(
    rtype: RecordType, actor: Actor
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], str]:
    """What can be filtered by, what can be a column, and what an empty filter shows."""
    seen, kinds = fields.visible(rtype, actor), where.kinds(rtype, actor)
    return (
        [(n, say(seen[n].label)) for n in kinds if n not in ("kind", "version")],
        [(f.name, say(f.label)) for f in tables.choosable(rtype, actor)],
        EXAMPLE if set(kinds) >= EXAMPLE_NEEDS else PLAIN_EXAMPLE,
    )


def _of_part(request: HttpRequest, state: ListState) -> builder.Form | None:
    """The form of the part of the filter that an address names, filled as it is."""
    rtype, actor, place = state.rtype, request.actor, request.GET.get("part", "")
    try:
        whole = where.parse(rtype, actor, state.filter)
    except Invalid:
        return None
    at = filtering.part_at(whole, place)
    if at is None:
        return None
    row = builder.row_of(rtype, actor, filtering.parts_of(whole)[at])
    return builder.form(rtype, actor, row, part=place)


def _called(there: Sequence[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """The fields that are called as somebody types: those that begin so first."""
    begun = fold(text)
    found = [(name, label) for name, label in there if begun in fold(label)]
    return sorted(found, key=lambda each: not fold(each[1]).startswith(begun))


def _not_honoured(state: ListState, *, is_there: bool) -> list[str]:
    """What the address asks for and the list does not show, in sentences; `is_there` is the record beside it."""
    shown = state.view.label if isinstance(state.view, Saved) else say(state.view.label)
    sentences = {
        "view": _("The view in this address is not there, or not for you. This is “%(view)s”.")
        % {"view": shown},
        "order": _("This list cannot be sorted as its address says. It is in its usual order."),
        "group": _("This list cannot be grouped as its address says. It is shown without groups."),
        "columns": _("Some columns in this address are not there, or not for you."),
        "after": _("The page in this address is none of this list. This is the first one."),
    }
    found = [sentences[name] for name in sentences if name in state.unmet]
    away = _("The record that this address opens beside the list is not there, or not for you.")
    return found if is_there else [*found, away]


def _offered(state: ListState) -> list[str]:
    """The orders of the menu: of the one a list is in also the other way round, of the rest what one asks for first."""
    now = state.ordered_by.removeprefix("-")
    return [
        order
        for order in state.rtype.orders
        if order.endswith("ed_at") or not order.startswith("-") or order.removeprefix("-") == now
    ]


def _order_words(rtype: RecordType, order: str) -> str:
    words = {
        "-created_at": _("Newest"),
        "created_at": _("Oldest"),
        "-updated_at": _("Last changed"),
        "updated_at": _("Longest unchanged"),
    }
    if order in words:
        return words[order]
    name = order.removeprefix("-")
    label = say(fields.of(rtype)[name].label)
    return _("%(field)s, the other way round") % {"field": label} if name != order else label
