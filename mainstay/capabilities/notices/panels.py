"""The notice beside the record it was published from, and all that run above the portal's pages."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mainstay.capabilities.notices import queries
from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import Actor
from mainstay.pure.text import fold
from mainstay.records import queries as records
from mainstay.records.errors import Missing
from mainstay.records.rows import Row
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.web import outlook, panels


def of_record(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    """For who works on the record: its caller sees notices where everybody does."""
    if not row["is_open"] or not records.may(rtype, actor, "change", row):
        return {}
    number = queries.published_from(row.facts.id)
    if number is None:
        return {"notice": None}
    notice = shelf.type("notice")
    try:
        found = records.one(notice, actor, number, names=("text", "next_update_at"), python=True)
    except Missing:
        return {}
    count, _mine = queries.counts(actor, [number]).get(number, (0, False))
    return {"notice": found, "count": count}


def notice_ends(rtype: RecordType, actor: Actor, row: Row, move: Move) -> Iterator[outlook.Line]:
    """That what is published from a record ends with it."""
    if not rtype.has("notices") or rtype.lifecycle.state(move.target).kind.is_open:
        return
    found = of_record(rtype, actor, row).get("notice")
    if found:
        text = _("The notice %(number)s ends with it")
        number = found["number"]
        yield outlook.Line(text % {"number": number}, f"/notices/{number}/")


def of_notice(rtype: RecordType, actor: Actor, row: Row) -> dict[str, Any]:
    """For whoever works with notices: how many have it too, and the record it comes from, where they see that."""
    if not records.may(rtype, actor, "change", row):
        return {}
    count, _mine = queries.counts(actor, [row["number"]]).get(row["number"], (0, False))
    return {"count": count, "origin": _origin(actor, row)}


def _origin(actor: Actor, row: Row) -> Row | None:
    found = queries.origin(row.facts.id)
    if found is None:
        return None
    type_name, number, _facts = found
    try:
        return records.one(shelf.type(type_name), actor, number, names=("title",))
    except Missing:
        return None


def of_portal(actor: Actor, typed: str) -> dict[str, Any]:
    """What runs; of that what has every word somebody looks for."""
    found = queries.current(actor) if actor.reaches("read", "notices") else []
    words = fold(typed).split()
    found = [n for n in found if all(w in fold(f"{n['title']} {n['text']}") for w in words)]
    if not found:
        return {}
    ways = [(f"/portal/notices/{n['number']}/", n["title"]) for n in found]
    return {"notices": found, "may_have_it": queries.may_have_it(actor), "ways": ways}


PORTAL = ("notices/portal.html", of_portal)
outlook.add(notice_ends)
panels.add("notice", "notices/about.html", of_notice)
for rtype in shelf:
    if rtype.has("notices"):
        panels.add(rtype.name, "notices/panel.html", of_record)
