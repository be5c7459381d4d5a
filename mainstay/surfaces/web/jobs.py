"""How far long work is: its progress, what was refused and why, a way to stop it, and one to take it back."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.directory import bulk_job
from mainstay.pure.rules import By
from mainstay.records import bulk, jobs
from mainstay.records.types import shelf
from mainstay.surfaces.web.answers import done, only, signed_in
from mainstay.surfaces.web.jinja import page


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
    }
    return page(request, "web/job.html", context)


@signed_in
@only("POST")
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Brings back what one of one's own jobs removed, by a job again."""
    return done(request, f"/jobs/{bulk_job.undo(key, By(request.actor, bulk.DOOR))}/")


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
