"""Long work that has ended, told to whoever started it and went elsewhere: once, on the next page they see."""

from typing import Any

from django.http import HttpRequest

from mainstay.directory import bulk_job
from mainstay.records import jobs
from mainstay.surfaces.web import flash, whence


def told(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """What is told on the page at this address, and by that told; its own page in front of a person tells it itself."""
    if request.method == "HEAD" or whence.is_ahead(request):
        return []
    found = [jobs.one(request.actor, key) for key in jobs.news(request.actor)]
    return [_words(job) for job in found if here != f"/jobs/{job['id']}/"]


def _words(job: dict[str, Any]) -> dict[str, Any]:
    return job | {"title": flash.sentence(job["title"]), "can_undo": bulk_job.can_undo(job)}
