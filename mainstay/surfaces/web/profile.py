"""What is one's own: language, time zone, theme, keys, password, sessions, tokens; in the workspace and the portal."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.directory import commands as directory
from mainstay.directory import languages, own
from mainstay.directory.record import zones
from mainstay.directory.signin import password, sessions, throttle, tokens
from mainstay.pure.rules import By
from mainstay.records import clock
from mainstay.records.errors import Invalid, Refused
from mainstay.surfaces.web import shell
from mainstay.surfaces.web.answers import (
    door,
    only,
    redirect,
    signed_in,
    status_of,
)
from mainstay.surfaces.web.formats import read_by, reader, say
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.signin import begun, wear, with_session

# How long a token may hold, in days.
DAYS = (7, 30, 90, 365)
SCOPES = (("read",), ("read", "write"))


def _by(request: HttpRequest) -> By:
    return By(request.actor, door(request))


def _home(request: HttpRequest) -> str:
    return "/portal/profile/" if door(request) == "portal" else "/profile/"


def _kept(request: HttpRequest, part: str, toast: str) -> HttpResponse:
    return redirect(f"{_home(request)}#{part}", toast)


@signed_in
@only("GET", "HEAD", "POST")
def show(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    post = request.POST
    chosen: dict[str, Any] = {n: post[n] for n in ("language", "time_zone", "theme") if n in post}
    if "keys" in post:
        chosen["has_letters"] = post.get("has_letters") == "true"
    try:
        own.settle(_by(request), chosen)
    except Invalid as refusal:
        return _page(request, refusal=refusal)
    with _as_chosen(request, chosen):
        response = _kept(request, post.get("part", "looks")[:10], _("Kept"))
    return wear(response, own.habits(request.actor.id))


def _as_chosen(request: HttpRequest, chosen: Mapping[str, Any]) -> AbstractContextManager[None]:
    """What is said of a choice of language is said in the one that was chosen: the page will be."""
    language, zone = reader()
    if "language" in chosen:
        language = languages.known(chosen["language"]) or languages.asked_for(request)
    return read_by(language, zone)


@signed_in
@only("POST")
def theme(request: HttpRequest) -> HttpResponse:
    """The button of every page sets its cookie itself and tells it here."""
    own.settle(_by(request), {"theme": request.POST.get("theme", "")})
    return HttpResponse(status=204)


@signed_in
@only("POST")
def new_password(request: HttpRequest) -> HttpResponse:
    """Ends every session; this browser begins a new one."""
    by, post = _by(request), request.POST
    try:
        directory.new_password(
            by.actor.number, post.get("password", ""), by, current=post.get("current", "")
        )
    except Invalid as refusal:
        return _page(request, refusal=refusal)
    toast = _("Password changed; every other browser is signed out")
    return with_session(_kept(request, "password", toast), begun(request, by.actor.id))


@signed_in
@only("POST")
def end_sessions(request: HttpRequest) -> HttpResponse:
    """One of one's own by its key, or all but this one."""
    by, address = _by(request), throttle.address_of(request)
    if key := request.POST.get("key", ""):
        sessions.end_one(key, by, address)
        return _kept(request, "sessions", _("That browser is signed out"))
    ended = sessions.end_others(by, address)
    toast = ngettext(
        "%(n)d other browser is signed out", "%(n)d other browsers are signed out", ended
    )
    return _kept(request, "sessions", toast % {"n": ended})


@signed_in
@only("POST")
def tokens_of_mine(request: HttpRequest) -> HttpResponse:
    """Makes a token, whose secret is on this one answer alone, or ends one by its name."""
    by, post = _by(request), request.POST
    if ending := post.get("end", ""):
        tokens.end_named(ending, by)
        return _kept(request, "tokens", _("Token ended"))
    days, scopes = post.get("days", ""), post.get("scopes", "")
    try:
        if days not in map(str, DAYS) or scopes not in map(" ".join, SCOPES):
            raise Invalid({"days": [_("Choose one of those offered.")]})
        _require_filled(post)
        # A session left open on a desk is not enough to take a key home.
        password.require_current(by.actor.id, post.get("current", ""))
        until = clock.now() + timedelta(days=int(days))
        secret = tokens.issue_own(post.get("name", ""), scopes.split(), until, by)
    except Invalid as refusal:
        return _page(request, refusal=refusal)
    return _page(request, secret=secret)


def _require_filled(post: Mapping[str, Any]) -> None:
    """What was left empty is told all at once, in our words and before anything is looked at. Raises Invalid."""
    asked = {
        "name": _("Say what it is for, so that you know it again."),
        "current": _("Type your present password."),
    }
    empty = {name: [text] for name, text in asked.items() if not post.get(name, "").strip()}
    if empty:
        raise Invalid(empty)


def _page(
    request: HttpRequest, *, refusal: Refused | None = None, secret: str = ""
) -> HttpResponse:
    actor = request.actor
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    context = {
        "title": _("Profile"),
        "here": "profile",
        "has_desk": shell.works_here(actor),
        "in_portal": door(request) == "portal",
        "base": _home(request),
        "telling": _home(request).replace("profile/", "inbox/preferences/"),
        "languages": settings.LANGUAGES,
        "zones": sorted(zones()),
        "habits": own.habits(actor.id),
        "sessions": sessions.held(actor),
        "tokens": tokens.held(actor.id),
        "now": clock.now(),
        "days": [(n, ngettext("%(n)d day", "%(n)d days", n) % {"n": n}) for n in DAYS],
        "secret": secret,
        "errors": {name: [say(text) for text in texts] for name, texts in errors.items()},
        "typed": request.POST if refusal else {},
    }
    template = "portal/profile.html" if context["in_portal"] else "web/profile.html"
    return page(request, template, context, status=status_of(refusal))
