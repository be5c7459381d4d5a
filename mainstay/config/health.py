"""`/health`: whether this site can serve, and what its operator should look at.

For load balancers and for whoever watches. Anybody may ask, so it tells kinds of trouble with figures, and nothing of
what is in the site. 503 where it cannot serve; an alarm alone leaves it at 200.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.records import agreement, clock
from mainstay.records.models import Pending, Timer
from mainstay.surfaces.web.answers import only

log = logging.getLogger("mainstay.health")

LEAST_ROOM_MB = 100
LATE = timedelta(minutes=1)
WELL, ALARM, DOWN = "well", "alarm", "down"


@only("GET", "HEAD")
def show(request: HttpRequest) -> HttpResponse:
    """A word on the first line, then a sentence for each alarm."""
    try:
        found = [*of_the_disk(), *of_the_clocks(), *of_the_worker()]
        word, status = (ALARM if found else WELL), 200
    except (DatabaseError, InterfaceError) as error:
        log.warning("database: %s", error)
        found, word, status = [_("The database cannot be used.")], DOWN, 503
    text = "\n".join([word, *found, ""])
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    # Whoever watches asks every few seconds; what is wrong was logged above.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def of_the_disk() -> Iterator[str]:
    free = shutil.disk_usage(settings.MAINSTAY_DATA).free // 1024 // 1024
    if free < LEAST_ROOM_MB:
        yield _("The disk of the data folder has %(n)s MB left.") % {"n": free}


def of_the_clocks() -> Iterator[str]:
    ahead = agreement.apart()
    if abs(ahead) > agreement.MOST_S:
        yield _("The clocks of this machine and of the database are %(n)s s apart.") % {
            "n": round(abs(ahead))
        }


def of_the_worker() -> Iterator[str]:
    """Two statements that find their rows by an index, however much there is."""
    late = clock.now() - LATE
    oldest = (
        Pending.objects.filter(is_dead=False, due_at=None)
        .order_by("event_id")
        .values_list("event__recorded_at", flat=True)
        .first()
    )
    if oldest is not None and oldest < late:
        yield _("Events wait for the worker since %(time)s.") % {
            "time": f"{oldest:%Y-%m-%d %H:%M} UTC"
        }
    if Timer.objects.filter(due_at__lt=late).exists():
        yield _("Timers are late by more than a minute.")
    if Pending.objects.filter(is_dead=True, due_at__isnull=False).exists():
        yield _("Some events could not be heard; what failed is in the log.")
