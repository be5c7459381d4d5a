"""The list a view shows, beside its record."""

from typing import Any

from mainstay.capabilities.views import queries
from mainstay.pure.rules import Actor
from mainstay.records import access
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import addresses, panels, tabs
from mainstay.surfaces.web.formats import say


def of_view(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    if row["record_type"] not in shelf:
        return {}
    shown = shelf.type(row["record_type"])
    if not access.may_ever(shown.access.see, actor):
        return {}
    url = addresses.url_as_kept(shown, row["number"], row)
    return {"url": url, "list": say(shown.label_plural)}


KEEPER = tabs.Keeper(
    of_list=queries.of_list, may_save=queries.may_save, may_change=queries.may_change
)
panels.add("view", "views/panel.html", of_view)
