"""The operations every record type has: list, create, see, change, move, remove, links, events, undo."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseNotModified

from mainstay.records import commands, counting, fields, history, queries, staying, undoing, where
from mainstay.records.errors import Missing
from mainstay.records.stretch import Stretch
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import answers, bodies, paging, schemas
from mainstay.surfaces.api.operation import Call, Param
from mainstay.surfaces.api.router import Router

COUNTED_UP_TO = 100_000
LINK_SHOWS = ("type", "number", "title", "state")
RECORD = Param(
    name="record",
    schema={"type": "string"},
    says="The number or id of the record at its other end.",
    is_required=True,
)


def listed(call: Call) -> HttpResponse:
    rtype, actor, query = call.rtype, call.actor, call.query
    condition = where.parse(rtype, actor, query.get("filter", ""))
    found = queries.page(
        rtype,
        actor,
        names=paging.names(query),
        where=condition,
        order=query.get("order", ""),
        after=query.get("after") or None,
        size=paging.size(query),
    )
    if not paging.is_counted(query):
        return answers.page(found.items, found.next)
    count, is_exact = counting.count(rtype, actor, condition, COUNTED_UP_TO)
    return answers.page(found.items, found.next, count=count, count_is_exact=is_exact)


def seen(call: Call) -> HttpResponse:
    row = call.row(names=paging.names(call.query))
    body = orjson.dumps(row)
    tag = answers.tag(row["version"], body)
    if answers.is_known(call.request, tag):
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(body, content_type=answers.JSON, headers={"ETag": tag})


def created(call: Call) -> HttpResponse:
    message = bodies.message(call, "all")
    made = commands.create(call.rtype, call.body, call.by, message)
    return answers.record(call, made, 201)


def changed(call: Call) -> HttpResponse:
    reason, message = bodies.reason(call), bodies.message(call)
    done = commands.change(call.rtype, call.key, call.body, call.by, reason=reason, message=message)
    return answers.record(call, done)


def moved(call: Call) -> HttpResponse:
    rtype = call.rtype
    name = bodies.text(call.body, "move")
    del call.body["move"]
    reason, message = bodies.reason(call), bodies.message(call, _audience_of(rtype, name))
    done = commands.move(rtype, call.key, name, call.body, call.by, reason=reason, message=message)
    return answers.record(call, done)


def _audience_of(rtype: RecordType, name: str) -> str | None:
    """For whom a text with this move is meant; an unknown move is the engine's to refuse."""
    return next((move.message for move in rtype.lifecycle.moves if move.name == name), None)


def removed(call: Call) -> HttpResponse:
    commands.remove(call.rtype, call.key, call.by)
    return answers.nothing()


def restored(call: Call) -> HttpResponse:
    return answers.record(call, commands.restore(call.rtype, call.key, call.by))


def links(call: Call) -> HttpResponse:
    after, size = paging.event(call.query), paging.size(call.query)
    row = call.row(names=())
    found = queries.links(call.actor, row, after=after, size=size + 1)
    return answers.page(found[:size], found[size - 1]["id"] if len(found) > size else None)


def linked(call: Call) -> HttpResponse:
    bodies.only(call.body, ("kind", "record"))
    kind, other = bodies.text(call.body, "kind"), bodies.text(call.body, "record")
    commands.link(call.rtype, call.key, kind, other, call.by)
    return answers.json(_target(call, kind, other), 201)


def unlinked(call: Call) -> HttpResponse:
    kind, other = bodies.text(call.query, "kind"), bodies.text(call.query, "record")
    commands.unlink(call.rtype, call.key, kind, other, call.by)
    return answers.nothing()


def _target(call: Call, kind: str, other: str) -> dict[str, Any]:
    """The link that was just made, with as much of its other end as the token may read."""
    for rtype in (shelf.type(name) for name in call.rtype.links[kind].targets):
        try:
            row = queries.one(rtype, call.actor, other, names=())
        except Missing:
            continue
        told = LINK_SHOWS if call.actor.reaches("read", rtype.plural) else LINK_SHOWS[:2]
        return {"kind": kind, "is_source": True} | {name: row[name] for name in told}
    return {"kind": kind, "is_source": True}


def events(call: Call) -> HttpResponse:
    after, size = paging.event(call.query), paging.size(call.query)
    there = fields.visible(call.rtype, call.actor)
    row = call.row(names=[n for n, f in there.items() if f.is_reference or f.kind in history.WORDS])
    return answers.page(*history.page(call.rtype, call.actor, row, Stretch(after=after, size=size)))


def undone(call: Call) -> HttpResponse:
    """The event that took the other one back, as far as the actor may still read it."""
    if not (call.part.isascii() and call.part.isdecimal() and len(call.part) < 19):
        raise Missing
    made = undoing.take_back(call.rtype, call.key, int(call.part), call.by)
    stays = [
        {"type": each.rtype.name, "number": each.number, "state": each.state}
        for each in staying.of(call.actor, [int(call.part)])
    ]
    told = {"id": made.pk, "name": made.name, "undoes": int(call.part), "stays": stays}
    return answers.json(told, 201)


def _kind(rtype: RecordType) -> Param:
    kinds = {"enum": list(rtype.links)}
    return Param(name="kind", schema=kinds, says="The kind of link.", is_required=True)


def routes(rtype: RecordType, router: Router) -> None:
    """In the order they are published."""
    name = schemas.name_of(rtype)
    read = schemas.ref(name)
    router.add(
        "GET",
        "",
        "list",
        listed,
        params=(
            paging.FILTER,
            paging.order(rtype),
            paging.FIELDS,
            paging.SIZE,
            paging.AFTER,
            paging.COUNT,
        ),
        gives=schemas.page(read, **schemas.COUNTED),
    )
    router.add("POST", "", "create", created, takes=schemas.ref(f"{name}Create"), gives=read)
    router.add("GET", "/{key}", "see", seen, params=(paging.FIELDS,), gives=read, is_versioned=True)
    router.add(
        "PATCH",
        "/{key}",
        "change",
        changed,
        takes=schemas.ref(f"{name}Change"),
        gives=read,
        is_versioned=True,
    )
    router.add("DELETE", "/{key}", "remove", removed)
    router.add(
        "POST", "/{key}/restore", "restore", restored, gives=read, status=200, is_versioned=True
    )
    if rtype.lifecycle.moves:
        takes = schemas.ref(f"{name}Move")
        router.add(
            "POST", "/{key}/moves", "move", moved, takes=takes, gives=read, status=200, is_versioned=True
        )  # fmt: skip
    router.add(
        "GET",
        "/{key}/links",
        "links.list",
        links,
        params=(paging.SIZE, paging.PLACE),
        gives=schemas.page(schemas.ref("Link")),
    )
    if rtype.links:
        takes, gives = schemas.link(rtype), schemas.ref("Link")
        router.add("POST", "/{key}/links", "links.add", linked, takes=takes, gives=gives)
        router.add(
            "DELETE", "/{key}/links", "links.remove", unlinked, params=(_kind(rtype), RECORD)
        )
    router.add(
        "GET",
        "/{key}/events",
        "events.list",
        events,
        params=(paging.SIZE, paging.PLACE),
        gives=schemas.page(schemas.ref("Event")),
    )
    router.add(
        "POST", "/{key}/events/{event}/undo", "events.undo", undone, gives=schemas.ref("Undo")
    )
