"""How far long work is: its progress, what was refused and why, a way to stop it, and one to take it back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.directory import bulk_job
from mainstay.pure.rules import By
from mainstay.records import bulk, jobs, staying, undoing
from mainstay.records.staying import Stays
from mainstay.records.types import shelf
from mainstay.surfaces.web import whence
from mainstay.surfaces.web.answers import done, only, signed_in, taken_back
from mainstay.surfaces.web.jinja import page
from mainstay.surfaces.web.undoing import named, what_stays, with_what_stays


@signed_in
@only("GET", "HEAD")
def own(request: HttpRequest) -> HttpResponse:
    """What somebody started of late: whoever left such a page finds it again."""
    context = {"title": _("Background work"), "jobs": jobs.own(request.actor)}
    return page(request, "web/jobs.html", context)


@signed_in
@only("GET", "HEAD", "POST")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One of one's own jobs; for everybody else it does not exist."""
    job = jobs.one(request.actor, key, _page(request.GET.get("page", "")))
    if request.method == "POST":
        jobs.cancel(request.actor, key)
        return done(request, request.path, _("Stopped. What was done stays."))
    name = job["plan"].get("type", "")
    context = {
        "job": job,
        "title": job["title"],
        "rtype": shelf.type(name) if name in shelf else None,
        "can_undo": bulk_job.can_undo(job),
        "until": job["created_at"] + undoing.LONGEST,
        "stays": what_stays(stays := _stays(request, job)),
        "named": named(stays),
    }
    return page(request, "web/job.html", context)


@signed_in
@only("POST")
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Takes back what one of one's own jobs did, by a job again; where few are at once it ends where one was."""
    made = bulk_job.undo(key, By(request.actor, bulk.DOOR))
    job = jobs.one(request.actor, made)
    if job["finished_at"] is None or job["refused"]:
        return done(request, f"/jobs/{made}/")
    count = job["changed"]
    toast = ngettext("%(n)d taken back", "%(n)d taken back", count) % {"n": count}
    toast, numbers = with_what_stays(toast, _stays(request, job))
    here = _list_before(request, job["plan"]["type"]) or f"/jobs/{made}/"
    return taken_back(request, here, toast, numbers)


def _stays(request: HttpRequest, job: Mapping[str, Any]) -> list[Stays]:
    """What followed from what such a job took back, when it is through; of as many as a step is tried on."""
    if "undoes" not in job["plan"] or job["finished_at"] is None:
        return []
    return staying.of(request.actor, jobs.undone_events(job["id"], bulk.TRIED))


def _list_before(request: HttpRequest, name: str) -> str:
    """The list in which somebody pressed Undo, as they looked at it; empty where they were elsewhere."""
    came = whence.before(request)
    here = came.netloc == request.get_host() and came.path == f"/{shelf.type(name).plural}/"
    return f"{came.path}?{came.query}" if here else ""


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
