"""Search over REST: one operation over all types, with the rights of every list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.search import queries, rebuilding
from mainstay.capabilities.search.finding import Narrowing
from mainstay.capabilities.search.queries import BEST, COUNTED, ORDERS, RANKED, Rest, Value
from mainstay.capabilities.search.shown import Item
from mainstay.pure.numbers import normal
from mainstay.records import rows
from mainstay.records.errors import Invalid
from mainstay.records.types import shelf
from mainstay.surfaces.api import answers, bodies, paging, schemas
from mainstay.surfaces.api.components import TEXT
from mainstay.surfaces.api.operation import Call, Param, Schema
from mainstay.surfaces.api.router import Router

LONGEST = 1_000


def found(call: Call) -> HttpResponse:
    """What has the words."""
    query = call.query
    typed = _typed(query)
    size, is_counted = paging.size(query), paging.is_counted(query)
    narrowing = narrowed(query)
    order, after = query.get("order", BEST), query.get("after", "")
    result = queries.search(
        call.actor, typed, narrowing, order=order, after=after, size=size, counted=is_counted
    )
    more: dict[str, Any] = {
        "exact": _told(result.exact) if result.exact else None,
        "order": result.order,
        "alike": list(result.alike),
        "ignored": list(result.question.ignored),
        "lacking": list(result.lacking),
        "rest": _rest(result.rest) if result.rest else None,
        "is_too_short": not result.question.words and result.exact is None,
        "is_complete": rebuilding.is_complete(),
    }
    if is_counted:
        more |= {
            "count": result.count,
            "count_is_exact": result.is_exact,
            "facets": {name: _values(of_it) for name, of_it in result.facets.items()},
        }
    return answers.page([_told(item) for item in result.items], result.next, **more)


def suggested(call: Call) -> HttpResponse:
    """What the box of the workspace suggests while one types."""
    typed = _typed(call.query)
    found = queries.suggest(call.actor, typed)
    return answers.page(
        [{"id": i.uuid, "number": i.number, "type": i.rtype.name, "title": i.title} for i in found]
    )


def _typed(query: Any) -> str:
    typed = bodies.text(query, "q")
    if len(typed) > LONGEST:
        raise Invalid({"q": [_("This must not be longer than %(n)s characters.") % {"n": LONGEST}]})
    return str(typed)


def narrowed(query: Any) -> Narrowing:
    """Raises Invalid for a type there is none of."""
    types = tuple(name for name in query.get("type", "").split(",") if name)
    if strangers := [name for name in types if name not in shelf]:
        raise Invalid(
            {"type": [_("There is no type %(names)s.") % {"names": ", ".join(strangers)}]}
        )
    return Narrowing(
        types=types,
        state=(state,) if (state := query.get("state", "")) else (),
        team=_number(query.get("team", "")),
        service=_number(query.get("service", "")),
    )


def _number(given: str) -> str:
    return normal(given) if given else ""


def _values(several: list[Value]) -> list[dict[str, Any]]:
    return [{"value": v.value, "label": v.label, "count": v.count} for v in several]


def _rest(rest: Rest) -> dict[str, Any]:
    return {"q": rest.typed, "count": rest.count, "count_is_exact": rest.is_exact}


def _told(item: Item) -> dict[str, Any]:
    time_text = rows.time_codec(python=False)
    return {
        "id": item.uuid,
        "number": item.number,
        "type": item.rtype.name,
        "title": item.title,
        "state": item.state,
        "kind": item.kind,
        "created_at": time_text(item.created_at),
        "updated_at": time_text(item.updated_at),
        "matched": {
            "part": item.part,
            "field": item.name or None,
            "pieces": [{"text": piece, "is_match": is_match} for piece, is_match in item.pieces],
        },
    }


def routes(router: Router) -> None:
    router.component("Hit", HIT)
    router.component("FacetValue", VALUE)
    router.component("Rest", REST)
    router.add("GET", "search", "search", found, params=PARAMS, gives=FOUND, summary="Search")
    router.component("Suggestion", SUGGESTION)
    router.add(
        "GET",
        "search/suggestions",
        "search.suggestions",
        suggested,
        params=PARAMS[:1],
        gives=schemas.page(schemas.ref("Suggestion")),
        summary="Suggest while typing",
    )


PARAMS = (
    Param(
        name="q",
        schema={"type": "string", "maxLength": LONGEST},
        says=(
            "Words that all must be met; the last may be unfinished, case and diacritics make no difference, and a"
            " word that nothing has is looked for as it may have been meant. A number in any spelling is `exact`,"
            " which is no item and is not counted."
        ),
        is_required=True,
    ),
    Param(name="type", schema=TEXT, says="Names of record types, separated by commas."),
    Param(name="state", schema=TEXT, says="A state by its name."),
    Param(name="team", schema=TEXT, says="A team by its number."),
    Param(name="service", schema=TEXT, says="A service by its number."),
    Param(
        name="order",
        schema={"type": "string", "enum": list(ORDERS), "default": BEST},
        says=f"The best first, where there are no more than {RANKED:,}; the answer says which order it has.",
    ),
    Param(
        name="count",
        schema={"type": "boolean", "default": False},
        says=f"Adds `count` and `facets`, which are of the newest {COUNTED:,} where `count_is_exact` is false.",
    ),
    paging.SIZE,
    paging.AFTER,
)
BOOL = {"type": "boolean"}
TIME = {"type": "string", "format": "date-time"}
LIST_OF_TEXT = {"type": "array", "items": TEXT}
VALUE: Schema = {
    "type": "object",
    "required": ["value", "label", "count"],
    "properties": {"value": TEXT, "label": TEXT, "count": {"type": "integer"}},
}
HIT: Schema = {
    "type": "object",
    "description": "A record, and where it has the words: `pieces` are a stretch of that text.",
    "required": ["id", "number", "type", "title", "state", "kind", "created_at", "updated_at", "matched"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "number": TEXT,
        "type": TEXT,
        "title": TEXT,
        "state": TEXT,
        "kind": TEXT,
        "created_at": TIME,
        "updated_at": TIME,
        "matched": {
            "type": "object",
            "required": ["part", "field", "pieces"],
            "properties": {
                "part": {"enum": ["title", "number", "field", "reply", "note", "file", ""]},
                "field": {"type": ["string", "null"]},
                "pieces": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["text", "is_match"],
                        "properties": {"text": TEXT, "is_match": BOOL},
                    },
                },
            },
        },
    },
}  # fmt: skip
SUGGESTION: Schema = {
    "type": "object",
    "required": ["id", "number", "type", "title"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "number": TEXT,
        "type": TEXT,
        "title": TEXT,
    },
}
REST: Schema = {
    "type": "object",
    "description": "The same question without the words that nothing has.",
    "required": ["q", "count", "count_is_exact"],
    "properties": {"q": TEXT, "count": {"type": "integer"}, "count_is_exact": BOOL},
}
FACET = {"type": "array", "items": schemas.ref("FacetValue")}
FOUND = schemas.page(
    schemas.ref("Hit"),
    exact={"oneOf": [schemas.ref("Hit"), {"type": "null"}]},
    order={"enum": list(ORDERS)},
    alike={**LIST_OF_TEXT, "description": "Words that were met in place of those nothing has."},
    ignored={**LIST_OF_TEXT, "description": "Words beyond the tenth."},
    lacking={
        **LIST_OF_TEXT,
        "description": "Where nothing was found: the words that nothing has which you may see.",
    },
    rest={"oneOf": [schemas.ref("Rest"), {"type": "null"}]},
    is_too_short=BOOL,
    is_complete={**BOOL, "description": "False while what was here before search is indexed."},
    count={"type": "integer"},
    count_is_exact=BOOL,
    facets={
        "type": "object",
        "properties": dict.fromkeys(("type", "state", "team", "service"), FACET),
    },
)
