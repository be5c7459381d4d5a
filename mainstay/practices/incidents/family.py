"""Parent and child: what may be linked, and what a parent's moves do to its children; all of it is declared here."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from mainstay.capabilities.conversation.queries import entries
from mainstay.directory.walls import words_may_cross
from mainstay.practices.incidents.commands import CHILD_OF
from mainstay.practices.incidents.record import incident
from mainstay.pure.language import kept
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, fields, history, queries, values
from mainstay.records.errors import Invalid
from mainstay.records.reactions import Heard
from mainstay.records.stretch import Stretch
from mainstay.records.turnstile import writing
from mainstay.records.types import Message

log = logging.getLogger("mainstay.worker")
# What the children are told of a parent's move, and which of them; none of these moves a child.
NOTES = {
    "incident.reopen": (
        "resolved",
        kept("Its parent was reopened. This stays resolved: look whether it holds."),
    ),
    "incident.cancel": (
        "",
        kept("Its parent was cancelled. This goes on by itself."),
    ),
}
PART_OF_IT = kept("What this was part of has been solved.")
COULD_NOT_BE = kept("Its parent was resolved; this could not be, look at it.")


def keep_it_flat(heard: Heard) -> None:
    """One parent at most, and one level: a parent has none, a child has no children. Both ends are locked by then.

    What the actor does not see stands in nobody's way and is not spoken of: such a link gives way.
    """
    link = heard.event.changes["link"]
    if link["kind"] != CHILD_OF:
        return
    child = heard.record
    parents = queries.linked(incident, SYSTEM, child.id, CHILD_OF, towards="target")
    # The newest link is the one this event tells of.
    parent, others = parents[0], parents[1:]
    above = queries.linked(incident, SYSTEM, link["record"], CHILD_OF, towards="target")
    below = queries.linked(incident, SYSTEM, child.id, CHILD_OF)
    names = {"child": child.number, "parent": parent["number"]}
    if parent["kind"] in ("closed", "cancelled", "resolved"):
        _refuse(_("%(parent)s is not open; choose an open incident as the parent."), names)
    told = (
        (others, child.number, _("%(child)s has the parent %(other)s; remove that link first.")),
        (above, parent["number"], _("%(parent)s is a child of %(other)s; choose that one.")),
        (
            below,
            "",
            _("%(child)s has children of its own, as %(other)s; remove those links first."),
        ),
    )
    by = By(SYSTEM, "automation", cause=heard.event.pk, depth=heard.by.depth + 1)
    for found, source, text in told:
        for other in found:
            if _sees(heard.by, other["number"]):
                _refuse(text, names | {"other": other["number"]})
            ends = (source, other["number"]) if source else (other["number"], child.number)
            commands.unlink(incident, ends[0], CHILD_OF, ends[1], by)


def resolve_with_the_parent(heard: Heard) -> None:
    """Its open children are resolved with it, with its code and its resolution; one that cannot be is told so."""
    parent = heard.record
    named = fields.named(incident, ("close_code", "resolution"))
    if parent.state != "resolved":
        return
    failed: Exception | None = None
    for number in _children(heard, is_open=True):
        try:
            with writing():
                record = commands.locked(incident, number, heard.by)
                if not record.is_open or history.has_followed(record.id, heard.event.pk):
                    continue
                crosses = words_may_cross(parent, record)
                said = parent.resolution if crosses else PART_OF_IT
                given = dict(zip(named, (parent.close_code, said), strict=True))
                commands.go(incident, record, incident.lifecycle.move("resolve"), given, heard.by)
        except Invalid:
            _note(heard, number, COULD_NOT_BE)
        except Exception as error:
            log.exception("%s could not follow event %s", number, heard.event.pk)
            failed = error
    if failed is not None:
        raise failed


def tell_their_callers(heard: Heard) -> None:
    """What is for all of them is a reply of Mainstay here and in each open child, but never past a wall."""
    row = queries.one(incident, SYSTEM, heard.record.number, names=())
    [message] = entries(incident, SYSTEM, row, Stretch(after=heard.event.pk - 1, size=1))
    for number in (heard.record.number, *_children(heard, is_open=True)):
        with writing():
            record = commands.locked(incident, number, heard.by)
            followed = history.has_followed(record.id, heard.event.pk)
            if record.is_open and not followed and words_may_cross(heard.record, record):
                said = Message("all", message["text"])
                commands.note_on(incident, record, "reply", heard.by, message=said)


def tell_the_children(heard: Heard) -> None:
    """A parent that is reopened or cancelled moves no child; those who work on them read it there.

    One whose solution was taken back is open again, whatever that is called.
    """
    name = heard.event.name
    if name == "incident.take_back":
        if heard.event.changes["state"][0] != "resolved":
            return
        name = "incident.reopen"
    state, text = NOTES[name]
    for number in _children(heard, is_open=not state, state=state):
        _note(heard, number, text)


def _note(heard: Heard, number: str, text: str) -> None:
    """Once for one event, and only where the parent stands behind no wall the child is not behind as well."""
    with writing():
        record = commands.locked(incident, number, heard.by)
        followed = history.has_followed(record.id, heard.event.pk)
        if not followed and words_may_cross(heard.record, record):
            commands.note_on(incident, record, "note", heard.by, message=Message("internal", text))


def _children(heard: Heard, *, is_open: bool, state: str = "") -> list[str]:
    found = queries.linked(incident, SYSTEM, heard.record.id, CHILD_OF, names=("is_open",))
    return [
        row["number"]
        for row in found
        if row["is_open"] is is_open and (not state or row["state"] == state)
    ]


def _sees(by: By, number: str) -> bool:
    return values.lookup(incident, number, by.actor) is not None


def _refuse(text: str, names: dict[str, str]) -> None:
    raise Invalid({"record": [text % names]})
