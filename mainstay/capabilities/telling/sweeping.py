"""What nobody looks at any more leaves the inboxes: the records keep their history."""

from datetime import timedelta

from mainstay.capabilities.telling.models import InboxEntry
from mainstay.records import clock
from mainstay.records.turnstile import writing

KEPT = timedelta(days=90)


def sweep() -> int:
    with writing():
        return InboxEntry.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
