"""The inbox and the watchers of a record over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.capabilities.telling import commands, queries, rights
from mainstay.capabilities.telling.channels import CHANNELS
from mainstay.capabilities.telling.kinds import KINDS
from mainstay.capabilities.telling.queries import NEEDED, VIEWS, Item
from mainstay.records import access, rows
from mainstay.records.errors import Denied, Invalid
from mainstay.records.types import RecordType
from mainstay.surfaces.api import answers, bodies, paging, schemas
from mainstay.surfaces.api.components import TEXT
from mainstay.surfaces.api.operation import Call, Param, Schema
from mainstay.surfaces.api.router import Router


def listed(call: Call) -> HttpResponse:
    after, size = call.query.get("after", ""), paging.size(call.query)
    view = call.query.get("view", NEEDED)
    items, following = queries.page(call.actor, view, after=after, size=size)
    return answers.page([_told(item) for item in items], following)


def counted(call: Call) -> HttpResponse:
    found = queries.counts(call.actor)
    told = {NEEDED: found.needs, "info": found.info, "is_exact": found.is_exact}
    return answers.json(told)


def was_read(call: Call) -> HttpResponse:
    bodies.only(call.body, ())
    commands.read(call.actor, call.key)
    return answers.nothing()


def was_unread(call: Call) -> HttpResponse:
    bodies.only(call.body, ())
    commands.unread(call.actor, call.key)
    return answers.nothing()


def snoozed(call: Call) -> HttpResponse:
    bodies.only(call.body, ("until",))
    commands.snooze(call.actor, call.key, _moment(bodies.text(call.body, "until")))
    return answers.nothing()


def all_read(call: Call) -> HttpResponse:
    bodies.only(call.body, ("view",))
    view = bodies.text(call.body, "view", is_needed=False)
    if view not in ("", *SHOWN):
        raise Invalid({"view": [_("There is no view %(name)s.") % {"name": view}]})
    return answers.json({"count": commands.read_all(call.actor, view)})


def preferred(call: Call) -> HttpResponse:
    return answers.json({kind.name: dict(of_it) for kind, of_it in queries.preferences(call.actor)})


def prefer(call: Call) -> HttpResponse:
    if not any(call.actor.reaches("write", rtype.plural) for rtype in rights.types()):
        raise Denied(lambda: _("This token only reads."))
    commands.prefer_some(call.actor, call.body)
    return preferred(call)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid({"until": [_("This must be a time with its zone.")]})
    return found


def _told(item: Item) -> dict[str, Any]:
    time_text = rows.time_codec(python=False)
    return {
        "number": item.number,
        "type": item.rtype.name,
        "title": item.title,
        "state": item.state,
        "kind": item.kind.name,
        "needs_me": item.needs_me,
        "who": item.who,
        "count": item.count,
        "at": time_text(item.at),
        "read_at": item.read_at and time_text(item.read_at),
        "snoozed_until": item.snoozed_until and time_text(item.snoozed_until),
    }


def watchers(call: Call) -> HttpResponse:
    return answers.page(_watchers(call))


def watched(call: Call) -> HttpResponse:
    bodies.only(call.body, ("person",))
    person = bodies.text(call.body, "person", is_needed=False)
    commands.watch(call.rtype, call.key, call.by, person)
    return answers.page(_watchers(call), status=201)


def unwatched(call: Call) -> HttpResponse:
    commands.unwatch(call.rtype, call.key, call.by, call.query.get("person", ""))
    return answers.nothing()


def _watchers(call: Call) -> list[dict[str, Any]]:
    """All of them for who works on it, oneself alone for its caller."""
    row = call.row(names=())
    is_insider = access.is_insider(call.rtype, call.actor, row.facts)
    return queries.watchers(call.actor, row, all_of_them=is_insider)


def routes(rtype: RecordType, router: Router) -> None:
    watcher = schemas.ref("Watcher")
    router.component("Watcher", WATCHER)
    path, gives = "/{key}/watchers", schemas.page(watcher)
    router.add("GET", path, "watchers.list", watchers, gives=gives)
    router.add("POST", path, "watchers.add", watched, takes=WATCHES, gives=gives)
    router.add("DELETE", path, "watchers.remove", unwatched, params=(PERSON,))


def routes_of_inbox(router: Router) -> None:
    router.component("InboxEntry", ENTRY)
    entry = schemas.page(schemas.ref("InboxEntry"))
    params = (VIEW, paging.SIZE, paging.AFTER)
    add = router.add
    add("GET", "inbox", "inbox.list", listed, params=params, gives=entry, summary="My inbox")
    add("GET", "inbox/count", "inbox.count", counted, gives=COUNTS, summary="Count my inbox")
    add(
        "POST", "inbox/read", "inbox.read_all", all_read, takes=WHICH, gives=COUNT, status=200,
        summary="Mark everything as read",
    )  # fmt: skip
    add(
        "GET", "inbox/preferences", "inbox.preferences", preferred, gives=PREFERENCES,
        summary="What I am told",
    )  # fmt: skip
    add(
        "PATCH", "inbox/preferences", "inbox.prefer", prefer, takes=PREFERS, gives=PREFERENCES,
        summary="Choose what I am told",
    )  # fmt: skip
    for verb, run, takes, summary in (
        ("read", was_read, NOTHING, "Mark as read"),
        ("unread", was_unread, NOTHING, "Mark as unread"),
        ("snooze", snoozed, SNOOZES, "Put off"),
    ):
        path = f"inbox/{{key}}/{verb}"
        add("POST", path, f"inbox.{verb}", run, takes=takes, status=204, summary=summary)


SHOWN = VIEWS[:2]
VIEW = Param(
    name="view",
    schema={"type": "string", "enum": list(VIEWS), "default": NEEDED},
    says="What needs you, what is for information, what you put off, or what you have read.",
)
PERSON = Param(
    name="person", schema=TEXT, says="A person by number or id; left out, it is you who stops."
)
TIME = {"type": "string", "format": "date-time"}
MAYBE_TIME = {"type": ["string", "null"], "format": "date-time"}
BOOL, INTEGER = {"type": "boolean"}, {"type": "integer"}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _input(*needed: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needed),
        "properties": properties,
    }


NOTHING = _input()
WHICH = _input(view={"enum": [*SHOWN, None], "description": "Left out, both."})
SNOOZES = _input("until", until=TIME)
WATCHES = _input(
    person={
        "type": ["string", "null"],
        "description": "By number or id; left out, it is you who watches.",
    }
)
COUNT = _object(count=INTEGER)
COUNTS = {
    **_object(needs=INTEGER, info=INTEGER, is_exact=BOOL),
    "description": f"What is unread and not put off; not counted on beyond {queries.MOST_COUNTED:,}.",
}
ENTRY = {
    **_object(
        number=TEXT,
        type=TEXT,
        title=TEXT,
        state=TEXT,
        kind={"enum": [kind.name for kind in KINDS]},
        needs_me=BOOL,
        who=TEXT,
        count=INTEGER,
        at=TIME,
        read_at=MAYBE_TIME,
        snoozed_until=MAYBE_TIME,
    ),
    "description": (
        "What you are told about one record, however much happened there: `count` times since you last read it."
        " `who` is empty where Mainstay itself did it."
    ),
}
CHOICE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {c.name: BOOL for c in CHANNELS},
}
PREFERS = _input(**{kind.name: CHOICE for kind in KINDS})
PREFERENCES = {
    **_object(**{kind.name: CHOICE | {"required": [c.name for c in CHANNELS]} for kind in KINDS}),
    "description": "By kind and by channel, whether you are told. What a PATCH does not name stays as it is.",
}
WATCHER = _object(number=TEXT, title=TEXT, is_me=BOOL)
