"""The inbox in the workspace and in the portal, its preferences, and watching a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.capabilities.telling import commands, queries
from mainstay.capabilities.telling.channels import CHANNELS
from mainstay.capabilities.telling.kinds import ASKED, KINDS, Kind
from mainstay.capabilities.telling.queries import (
    FOR_INFORMATION,
    NEEDED,
    READ,
    SNOOZED,
    VIEWS,
)
from mainstay.directory.record import user
from mainstay.records import clock
from mainstay.records import queries as records
from mainstay.records.errors import Invalid, Missing
from mainstay.surfaces.web import ended, forms, record, shell, whence
from mainstay.surfaces.web.answers import (
    is_fragment,
    local,
    only,
    redirect,
    signed_in,
    taken_back,
    target_of,
    tell,
)
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.pages import by, type_named

SIZE = 50
# So many of each kind stand below the bell.
LATEST = 6
# When a working day begins for somebody who puts something off.
MORNING = time(8)


@signed_in
@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    return page(request, "telling/inbox.html", _shown(request, request.GET))


@signed_in
@only("GET", "HEAD")
def own(request: HttpRequest) -> HttpResponse:
    """In the portal: news of what the person asked for, what needs them first."""
    after = request.GET.get("after", "")
    needed, _more = queries.page(request.actor, NEEDED, size=SIZE, own=True)
    told, following = queries.page(request.actor, FOR_INFORMATION, after=after, size=SIZE, own=True)
    context = {
        **_portal(request, _("News")),
        "needed": needed,
        "told": told,
        "after": after,
        "next": "?" + urlencode({"after": following}) if following else "",
        **_counts(request, own=True),
    }
    return page(request, "telling/own.html", context)


@signed_in
@only("GET", "HEAD")
def latest(request: HttpRequest) -> HttpResponse:
    """What stands below the bell; without a script, the inbox itself."""
    return _latest(request) if is_fragment(request) else redirect("/inbox/")


@signed_in
@only("GET", "HEAD")
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for a page that was told that something came; with it, what long work has ended."""
    return _bell(request, "/inbox/", own=False)


@signed_in
@only("GET", "HEAD")
def latest_own(request: HttpRequest) -> HttpResponse:
    return _latest(request, own=True) if is_fragment(request) else redirect("/portal/inbox/")


def _latest(
    request: HttpRequest, *, own: bool = False, toast: str = "", undo: str = ""
) -> HttpResponse:
    """The newest of both kinds, and the bell as it is now."""
    needed, _more = queries.page(request.actor, NEEDED, size=LATEST, own=own)
    told, _more = queries.page(request.actor, FOR_INFORMATION, size=LATEST, own=own)
    context = {
        "counts": queries.counts(request.actor, own=own),
        "needed": needed,
        "told": told,
        "own": own,
        "base": "/portal/inbox/" if own else "/inbox/",
    }
    return tell(page(request, "telling/latest.html", context, block="latest"), toast, undo)


def _is_below_the_bell(request: HttpRequest) -> bool:
    return target_of(request) == "inbox"


@signed_in
@only("GET", "HEAD")
def bell_own(request: HttpRequest) -> HttpResponse:
    """The same in the portal."""
    return _bell(request, "/portal/inbox/", own=True)


def _bell(request: HttpRequest, href: str, *, own: bool) -> HttpResponse:
    counted = queries.counts(request.actor, own=own)
    told = ended.told(request, whence.before(request).path) if counted.ended else []
    context = {"counted": counted, "href": href, "ended": told}
    return page(request, "telling/bell.html", context)


def _shown(request: HttpRequest, address: QueryDict) -> dict[str, Any]:
    view, after = address.get("view", NEEDED), address.get("after", "")
    view = view if view in VIEWS else NEEDED
    items, following = queries.page(request.actor, view, after=after, size=SIZE)
    asked = {"view": view} if view != NEEDED else {}
    return {
        "title": _("Inbox"),
        "view": view,
        "tabs": _tabs(),
        "items": items,
        "after": after,
        "start": "?" + urlencode(asked),
        "next": "?" + urlencode({**asked, "after": following}) if following else "",
        "naps": _naps(),
        **_counts(request),
    }


def _counts(request: HttpRequest, *, own: bool = False) -> dict[str, Any]:
    """A whole page has them for its bell."""
    return {"inbox": queries.counts(request.actor, own=own)} if is_fragment(request) else {}


def _tabs() -> list[tuple[str, str]]:
    words = {
        NEEDED: _("Needs me"),
        FOR_INFORMATION: _("For information"),
        SNOOZED: pgettext("inbox", "Put off"),
        READ: _("Read"),
    }
    return list(words.items())


def _naps() -> list[tuple[str, str]]:
    return [
        ("hour", _("For an hour")),
        ("tomorrow", _("Until tomorrow morning")),
        ("week", _("Until next Monday")),
    ]


def _end_of(nap: str) -> datetime:
    """When it comes back, by the reader's own clock."""
    now = timezone.localtime(clock.now())
    if nap == "hour":
        return now + timedelta(hours=1)
    days = {"tomorrow": 1, "week": 7 - now.weekday()}.get(nap)
    if days is None:
        raise Invalid({"until": [_("Choose until when.")]})
    day = now.date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, MORNING))


def _back(request: HttpRequest, toast: str, undo: str = "") -> HttpResponse:
    """To the page the form stood on; with a script, that or what stands below the bell as it is now."""
    if _is_below_the_bell(request):
        return _latest(request, toast=toast, undo=undo)
    if is_fragment(request) and not target_of(request):
        return taken_back(request, "/inbox/", toast)
    if is_fragment(request):
        context = {**_shown(request, whence.asked_by(request)), "is_anew": True}
        return tell(page(request, "telling/inbox.html", context, block="main"), toast, undo)
    return redirect(local(request.POST.get("back"), "/inbox/"), toast, undo)


@signed_in
@only("POST")
def read(request: HttpRequest, number: str) -> HttpResponse:
    commands.read(request.actor, number)
    toast = _("%(number)s is read") % {"number": number}
    return _back(request, toast, f"/inbox/{number}/unread/")


@signed_in
@only("POST")
def unread(request: HttpRequest, number: str) -> HttpResponse:
    commands.unread(request.actor, number)
    return _back(request, _("%(number)s is unread again") % {"number": number})


@signed_in
@only("POST")
def snooze(request: HttpRequest, number: str) -> HttpResponse:
    commands.snooze(request.actor, number, _end_of(request.POST.get("until", "")))
    toast = _("%(number)s is put off") % {"number": number}
    return _back(request, toast, f"/inbox/{number}/unread/")


@signed_in
@only("POST")
def read_all(request: HttpRequest) -> HttpResponse:
    view = request.POST.get("view", "")
    if view not in (NEEDED, FOR_INFORMATION):
        raise Missing
    now = clock.now()
    done = commands.read_all(request.actor, view, at=now)
    return _back(request, _("All of it is read"), _undo("/inbox/", now) if done else "")


def _undo(base: str, at: datetime) -> str:
    """Where a form is sent that makes unread again what was read at once at that moment."""
    return f"{base}unread/?{urlencode({'at': at.isoformat()})}"


@signed_in
@only("POST")
def unread_all(request: HttpRequest) -> HttpResponse:
    """Takes back that all of it was read."""
    _unread_all(request)
    return _back(request, _("All of it is unread again"))


@signed_in
@only("POST")
def unread_all_own(request: HttpRequest) -> HttpResponse:
    """The same in the portal."""
    _unread_all(request)
    if _is_below_the_bell(request):
        return _latest(request, own=True, toast=_("All of it is unread again"))
    return redirect("/portal/inbox/", _("All of it is unread again"))


def _unread_all(request: HttpRequest) -> None:
    try:
        at = datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        raise Missing from None
    if at.tzinfo is None:
        raise Missing
    commands.unread_all(request.actor, at)


@signed_in
@only("POST")
def read_all_own(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    done = commands.read_all(request.actor, own=True, at=now)
    undo = _undo("/portal/inbox/", now) if done else ""
    if _is_below_the_bell(request):
        return _latest(request, own=True, toast=_("All of it is read"), undo=undo)
    return redirect("/portal/inbox/", _("All of it is read"), undo)


@signed_in
@only("GET", "HEAD", "POST")
def preferences(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _preferred(request, "/inbox/preferences/")
    context = {"title": _("What I am told"), **_preferences(request)}
    return page(request, "telling/preferences.html", context)


@signed_in
@only("GET", "HEAD", "POST")
def own_preferences(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _preferred(request, "/portal/inbox/preferences/", ASKED)
    context = {**_portal(request, _("What I am told")), **_preferences(request, ASKED)}
    return page(request, "telling/own_preferences.html", context)


def _preferences(request: HttpRequest, among: Sequence[Kind] = KINDS) -> dict[str, Any]:
    return {"kinds": queries.preferences(request.actor, among), "channels": CHANNELS}


def _preferred(request: HttpRequest, url: str, among: Sequence[Kind] = KINDS) -> HttpResponse:
    """What the form did not ask about stays as it was."""
    known = {f"{kind.name}.{channel.name}" for kind in among for channel in CHANNELS}
    wanted = known & set(request.POST.getlist("wanted"))
    pairs = {(name.partition(".")[0], name.partition(".")[2]) for name in wanted}
    commands.prefer(request.actor, pairs, among)
    return redirect(url, _("Kept"))


def _portal(request: HttpRequest, title: str) -> dict[str, Any]:
    return {"here": "inbox", "has_desk": shell.works_here(request.actor), "title": title}


@signed_in
@only("POST")
def watch(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Begins or ends one's own watching, or somebody else's."""
    rtype = type_named(plural)
    if not rtype.has("telling"):
        raise Missing
    row = records.one(rtype, request.actor, key, names=("title",))
    typed, number = request.POST.get("person", "").strip(), row["number"]
    person = forms.the_one_in(user, "person", typed, request.actor)
    if request.POST.get("away"):
        commands.unwatch(rtype, number, by(request), person)
        toast = _("%(number)s is watched no more") % {"number": number}
    else:
        commands.watch(rtype, number, by(request), person)
        toast = _("%(number)s is watched") % {"number": number}
    return record.after(request, rtype, number, toast)
