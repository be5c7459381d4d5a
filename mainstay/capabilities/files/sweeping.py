"""Throws away bytes no row names: of uploads that were refused in the end, or broke off."""

from datetime import timedelta

from mainstay.capabilities.files import store
from mainstay.capabilities.files.models import Attachment
from mainstay.records import clock

# The bytes are there before their row is. Much longer than any request takes, so that a database that was
# restored from an older backup does not cost what was attached since, as soon as it runs.
SPARED = timedelta(days=30)


def sweep() -> int:
    """Shelf by shelf, so that a site's million files are never listed at once."""
    older_than = (clock.now() - SPARED).timestamp()
    gone = store.drop_unfinished(older_than)
    for shelf in store.shelves():
        # As a range, which an index answers; digests are hexadecimal, so "g" comes after all of them.
        here = Attachment.objects.filter(digest__gte=shelf.name, digest__lt=f"{shelf.name}g")
        named = set(here.values_list("digest", flat=True))
        there = [path for path in shelf.iterdir() if not path.name.startswith(".")]
        gone += sum(store.drop(path, older_than) for path in there if path.name not in named)
    return gone
