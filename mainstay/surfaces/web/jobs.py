"""How far long work is: its progress, what was refused and why, and a way to stop it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.records import jobs
from mainstay.records.types import shelf
from mainstay.surfaces.web.answers import done, only, signed_in
from mainstay.surfaces.web.jinja import page


@signed_in
@only("GET", "HEAD", "POST")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One of one's own jobs; for everybody else it does not exist."""
    job = jobs.one(request.actor, key)
    if request.method == "POST":
        jobs.cancel(request.actor, key)
        return done(request, request.path, _("Stopped. What was done stays."))
    rtype = shelf.type(job["type"]) if job["type"] in shelf else None
    context = {
        "job": job,
        "title": job["title"],
        "rtype": rtype,
        "most_told": jobs.MOST_FAILURES_KEPT,
    }
    return page(request, "web/job.html", context)
