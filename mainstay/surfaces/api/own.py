"""What is one's own: language, time zone, theme, keys, where one is signed in, one's tokens.

No token makes another, and none changes a password: whoever finds one shall not be able to stay.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import own
from mainstay.directory.record import user
from mainstay.directory.signin import sessions, throttle, tokens
from mainstay.records import queries, rows
from mainstay.records.errors import Missing
from mainstay.surfaces.api import answers, bodies, schemas
from mainstay.surfaces.api.components import TEXT
from mainstay.surfaces.api.operation import Call, Param, Schema
from mainstay.surfaces.api.router import Router


def profile(call: Call) -> HttpResponse:
    """As it is stored: empty where the browser or the organisation decides."""
    row = queries.one(user, call.actor, call.actor.number, names=own.SPOKEN)
    habits = own.habits(call.actor.id)
    spoken = {name: row[name] or "" for name in own.SPOKEN}
    return answers.json(spoken | {"theme": habits.theme, "has_letters": habits.has_letters})


def settled(call: Call) -> HttpResponse:
    """All that is named, or nothing of it."""
    own.settle(call.by, call.body)
    return profile(call)


def signed_in(call: Call) -> HttpResponse:
    time_text = rows.time_codec(python=False)
    return answers.page(
        [
            {
                "key": one.key,
                "browser": one.browser,
                "address": one.address,
                "since": time_text(one.since),
                "seen_at": time_text(one.seen_at),
                "is_here": one.is_here,
            }
            for one in sessions.held(call.actor)
        ]
    )


def signed_out(call: Call) -> HttpResponse:
    """One by its key; without one, every browser but the one that asks."""
    address = throttle.address_of(call.request)
    if key := call.query.get("key", ""):
        try:
            sessions.end_one(key, call.by, address)
        except Missing:
            raise Missing(_("session %(key)s") % {"key": key}) from None
    else:
        sessions.end_others(call.by, address)
    return answers.nothing()


def held(call: Call) -> HttpResponse:
    """Never with their secrets: nobody has those any more."""
    time_text = rows.time_codec(python=False)
    return answers.page(
        [
            {
                "name": token.name,
                "scopes": list(token.scopes),
                "created_at": time_text(token.created_at),
                "expires_at": time_text(token.expires_at),
            }
            for token in tokens.held(call.actor.id)
        ]
    )


def ended(call: Call) -> HttpResponse:
    name = bodies.text(call.query, "name")
    try:
        tokens.end_named(name, call.by)
    except Missing:
        raise Missing(_("token %(name)s") % {"name": name}) from None
    return answers.nothing()


def routes(router: Router) -> None:
    for name, schema in (("Profile", PROFILE), ("Session", SESSION), ("Token", TOKEN)):
        router.component(name, schema)
    profile_of_mine, add = schemas.ref("Profile"), router.add
    about = {"scope": user.plural}
    add(
        "GET",
        "me/profile",
        "me.profile",
        profile,
        gives=profile_of_mine,
        summary="My profile",
        **about,
    )
    add(
        "PATCH", "me/profile", "me.settle", settled, takes=SETTLES, gives=profile_of_mine,
        summary="Change my profile", **about,
    )  # fmt: skip
    add(
        "GET", "me/sessions", "me.sessions", signed_in, gives=schemas.page(schemas.ref("Session")),
        summary="Where I am signed in", **about,
    )  # fmt: skip
    add(
        "DELETE", "me/sessions", "me.sign_out", signed_out, params=(KEY,), may_lack=True,
        summary="Sign out other browsers of mine", **about,
    )  # fmt: skip
    add(
        "GET", "me/tokens", "me.tokens", held, gives=schemas.page(schemas.ref("Token")),
        summary="My tokens", **about,
    )  # fmt: skip
    add(
        "DELETE", "me/tokens", "me.end_token", ended, params=(NAME,), may_lack=True,
        summary="End a token of mine", **about,
    )  # fmt: skip


KEY = Param(
    name="key",
    schema=TEXT,
    says="A session by its key; left out, every browser but the one that asks.",
)
NAME = Param(name="name", schema=TEXT, says="The token by its name.", is_required=True)
TIME, BOOL = {"type": "string", "format": "date-time"}, {"type": "boolean"}
CHOICES: Schema = {
    "language": {"type": "string", "description": "Empty: what the browser asks for."},
    "time_zone": {
        "type": "string",
        "description": "A name of the IANA database; empty: the site's.",
    },
    "theme": {"enum": ["", *own.THEMES], "description": "Empty: what the device shows."},
    "has_letters": {"type": "boolean", "description": "Whether single letters are keys."},
}
SETTLES: Schema = {"type": "object", "additionalProperties": False, "properties": CHOICES}
PROFILE: Schema = {"type": "object", "required": list(CHOICES), "properties": CHOICES}


def _whole(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


SESSION = _whole(key=TEXT, browser=TEXT, address=TEXT, since=TIME, seen_at=TIME, is_here=BOOL)
TOKEN = _whole(name=TEXT, scopes={"type": "array", "items": TEXT}, created_at=TIME, expires_at=TIME)
