"""Throws away bytes no row names: of uploads that were refused in the end, or broke off."""

from datetime import timedelta

from mainstay.capabilities.files import store
from mainstay.capabilities.files.models import Attachment, Upload
from mainstay.records import clock
from mainstay.records.turnstile import writing

# The bytes are there before their row is. Much longer than any request takes, so that a database that was
# restored from an older backup does not cost what was attached since, as soon as it runs.
SPARED = timedelta(days=30)
# What was sent ahead of a message that was never sent; longer than a draft is kept that names it.
AHEAD = timedelta(days=90)


def sweep() -> int:
    """Shelf by shelf, so that a site's million files are never listed at once."""
    older_than = (clock.now() - SPARED).timestamp()
    with writing():
        gone = Upload.objects.filter(created_at__lt=clock.now() - AHEAD).delete()[0]
    gone += store.drop_unfinished(older_than)
    for shelf in store.shelves():
        # As a range, which an index answers; digests are hexadecimal, so "g" comes after all of them.
        named = {
            digest
            for table in (Attachment, Upload)
            for digest in table.objects.filter(
                digest__gte=shelf.name, digest__lt=f"{shelf.name}g"
            ).values_list("digest", flat=True)
        }
        there = [path for path in shelf.iterdir() if not path.name.startswith(".")]
        gone += sum(store.drop(path, older_than) for path in there if path.name not in named)
    return gone
