"""The page of search in the workspace, the fragment of what is like a new title, and the portal's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.capabilities.search import asking, queries, rebuilding, rights, shown
from mainstay.capabilities.search.finding import Narrowing
from mainstay.capabilities.search.queries import BEST, NEWEST, ORDERS, Value
from mainstay.capabilities.search.shown import Item
from mainstay.pure.numbers import SPELLING
from mainstay.records import fields
from mainstay.records.types import shelf
from mainstay.surfaces.portal import above
from mainstay.surfaces.web import shell
from mainstay.surfaces.web.answers import only, signed_in
from mainstay.surfaces.web.formats import listed, nb, say
from mainstay.surfaces.web.jinja import page

SIZE = 20
FACETS = ("type", "state", "team", "service")
LATELY, LONGEST_LIST = 8, 400


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("q", *FACETS, "order", "after")}
    narrowing = Narrowing(
        # A type there is none of has no records, as a state that there is none of.
        types=(asked["type"],) if asked["type"] else (),
        state=tuple(filter(None, asked["state"][:LONGEST_LIST].split(","))),
        team=asked["team"][:40],
        service=asked["service"][:40],
    )
    order = asked["order"] if asked["order"] in ORDERS else BEST
    found = queries.search(
        request.actor,
        asked["q"],
        narrowing,
        order=order,
        after=asked["after"],
        size=SIZE,
        counted=True,
    )
    context = {
        "title": _("Search"),
        "asked": asked,
        "found": found,
        "exact": found.exact,
        "items": found.items,
        "part_of": part_of,
        "facets": _facets(found, asked),
        "chosen": any(asked[name] for name in FACETS),
        "url": lambda **changes: _url(asked, changes),
        "orders": [(BEST, _("Best first")), (NEWEST, _("Newest first"))],
        "empty": _why_empty(found, asked),
        "without": without(found.rest),
    }
    return page(request, "search/show.html", context)


@signed_in
@only("GET", "HEAD")
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few records while one types in the box, each a way to its page."""
    found = queries.suggest(request.actor, request.GET.get("q", ""))
    return _suggested(
        request, [_way(i, f"/{i.rtype.plural}/{i.number}/", i.rtype.icon) for i in found]
    )


@signed_in
@only("GET", "HEAD")
def lately(request: HttpRequest) -> HttpResponse:
    """What was opened last in this browser, which knows the numbers alone; what is out of sight is left out."""
    numbers = request.GET.get("recent", "")[:LONGEST_LIST].split(",")[:LATELY]
    wanted = [number for number in numbers if SPELLING.fullmatch(number)]
    found = shown.numbered(request.actor, rights.types_for(request.actor), wanted) if wanted else []
    return page(request, "search/lately.html", {"items": found}, block="lately")


@signed_in
@only("GET", "HEAD")
def own_suggestions(request: HttpRequest) -> HttpResponse:
    """The same in the portal: one's own requests, and what everybody is told there."""
    typed = request.GET.get("q", "")
    told = above.ways(request.actor, typed) if asking.read(typed).words else []
    found = queries.suggest(request.actor, typed, _own())
    ways = [{"href": href, "title": title, "icon": "bell", "number": ""} for href, title in told]
    ways += [_way(i, f"/portal/requests/{i.number}/", i.rtype.icon) for i in found]
    return _suggested(request, ways[: queries.SUGGESTED])


def _way(item: Item, href: str, icon: str) -> dict[str, str]:
    return {"href": href, "title": item.title, "icon": icon, "number": item.number}


def _suggested(request: HttpRequest, ways: Sequence[dict[str, str]]) -> HttpResponse:
    return page(request, "search/suggestions.html", {"ways": ways}, block="suggestions")


def _own() -> Narrowing:
    """What a person asked for, of the types one may ask for."""
    types = tuple(rtype.name for rtype in shelf if rtype.invitation is not None)
    return Narrowing(types=types, own=True)


@signed_in
@only("GET", "HEAD")
def similar(request: HttpRequest) -> HttpResponse:
    """What there is already that is like the title being typed."""
    rtype = shelf.by_plural(request.GET.get("plural", ""))
    title = request.GET.get("title", "")
    found = queries.similar(request.actor, rtype, title) if rtype else []
    return page(request, "search/similar.html", {"items": found}, block="similar")


@signed_in
@only("GET", "HEAD")
def own(request: HttpRequest) -> HttpResponse:
    """In the portal: what the person asked for themselves, as the portal shows it."""
    typed, after = request.GET.get("q", ""), request.GET.get("after", "")
    found = queries.search(request.actor, typed, _own(), after=after, size=SIZE)
    context = {
        "here": "requests",
        "above": above.panels(request.actor, typed) if found.question.words else [],
        "has_desk": shell.works_here(request.actor),
        "title": _("Search my requests"),
        "typed": typed,
        "found": found,
        "lacking": quoted(found.lacking),
        "without": without(found.rest),
        "items": [found.exact, *(i for i in found.items if i.id != found.exact.id)]
        if found.exact
        else found.items,
        "next": "?" + urlencode({"q": typed, "after": found.next}) if found.next else "",
    }
    return page(request, "search/own.html", context)


def part_of(item: Item) -> str:
    """Where the words are, in the reader's language; "" where the title shows it."""
    if item.part == "field":
        return say(fields.of(item.rtype)[item.name].label)
    words = {"reply": _("Reply"), "note": _("Internal note"), "file": _("File")}
    return words.get(item.part, "")


def _facets(found: queries.Found, asked: dict[str, str]) -> list[dict[str, Any]]:
    """Of each the commonest ten, with what is chosen marked, and the way to choose or to take it back."""
    shown = []
    for name in FACETS:
        values = found.facets.get(name, [])
        if name == "state":
            values = _told_apart(values)
        # One that all have narrows nothing.
        all_have_it = len(values) == 1 and values[0].count == found.count
        if values and (not all_have_it or asked[name]):
            choices = [
                {
                    "label": value.label,
                    "count": value.count,
                    "is_chosen": is_chosen,
                    "url": _url(asked, {name: "" if is_chosen else value.value}),
                }
                for value in values[:10]
                for is_chosen in (_is_part(value.value, asked[name]),)
            ]
            shown.append({"name": name, "choices": choices})
    return shown


def _told_apart(values: Sequence[Value]) -> list[Value]:
    """Several with the same name to the reader are one choice: two types may call a state of theirs alike."""
    together: dict[str, list[Value]] = {}
    for value in values:
        together.setdefault(say(value.label), []).append(value)
    merged = [
        Value(",".join(sorted(one.value for one in same)), label, sum(one.count for one in same))
        for label, same in together.items()
    ]
    return sorted(merged, key=lambda value: -value.count)


def _is_part(value: str, asked: str) -> bool:
    """Of states that were chosen together perhaps only some are left."""
    return set(value.split(",")) <= set(asked.split(","))


def _url(asked: dict[str, str], changes: dict[str, str]) -> str:
    """The same question with some of it changed, from its first page."""
    told = {**asked, "after": "", **changes}
    return "/search/?" + urlencode({name: value for name, value in told.items() if value})


def quoted(words: Sequence[str]) -> str:
    return listed(_("“%(word)s”") % {"word": word} for word in words)


def without(rest: queries.Rest | None) -> str:
    """What a link to the question without the words that nothing has is called; "" where there is none."""
    if rest is None:
        return ""
    told = ngettext("Without that: %(count)s record", "Without that: %(count)s records", rest.count)
    return told % {"count": nb(rest.count) + ("" if rest.is_exact else "+")}


def _why_empty(found: queries.Found, asked: dict[str, str]) -> tuple[str, str]:
    """A search that finds nothing says why."""
    if found.items or found.exact:
        return "", ""
    if not asked["q"].strip():
        return (
            _("Search everything you may see"),
            _("Records, what was said about them, names of files, people; or a number."),
        )
    if not found.question.words:
        return _("This is too short"), _("Use a word of two letters or more.")
    if not rebuilding.is_complete():
        done, total = rebuilding.progress()
        return (
            _("Not everything is indexed yet"),
            _("%(done)d of %(total)d records are. Numbers are found already.")
            % {"done": done, "total": total},
        )
    if any(asked[name] for name in FACETS):
        return _("Nothing here has these words"), _("Widen it: take a choice away.")
    if found.lacking:
        return (
            _("Nothing has %(words)s") % {"words": quoted(found.lacking)},
            _("Is that spelt as you mean it? What was written in the last seconds is found soon."),
        )
    return (
        _("Nothing has these words"),
        _("All words must be in one record. What was written in the last seconds is found soon."),
    )
