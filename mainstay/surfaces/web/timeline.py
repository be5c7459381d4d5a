"""What happened and what was said, as one list in the order it happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.directory.roles import LABELS as ROLES
from mainstay.pure.kinds import FieldKind
from mainstay.pure.rules import Actor
from mainstay.records import fields, history
from mainstay.records.journal import PAST
from mainstay.records.rows import Row
from mainstay.records.types import RecordType
from mainstay.surfaces.web import ui
from mainstay.surfaces.web.formats import moment, say
from mainstay.surfaces.web.tables import shown

FILTERS = ("everything", "conversation", "internal")
SIZE = 200
# What follows from something else that is shown, and is no news of its own.
NO_NEWS = ("kind", "is_open", "version", "updated_at", "state")
GLYPHS = {
    "create": "plus",
    "assign": "user-plus",
    "attach": "paperclip",
    "link": "link",
    "unlink": "link",
    "change": "pencil",
    "remove": "trash",
    "join": "users",
    "leave": "users",
    "grant": "lock",
    "withdraw": "lock",
    "password": "lock",
    "skill": "sparkles",
    "add_task": "check-square",
    "finish_task": "check",
    "skip_task": "x",
    "reopen_task": "check-square",
    "reorder": "arrow-down-up",
}
LONGEST_QUOTE = 200


@dataclass
class Entry:
    """A line of the timeline, or a message when there is `text`."""

    at: Any
    person: Mapping[str, Any] | None
    verb: str = ""
    glyph: str = "dot"
    text: str = ""
    is_internal: bool = False
    is_inbound: bool = False
    status: Markup | str = ""
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    link: Mapping[str, Any] | None = None
    reason: str = ""
    role: str = ""
    subject: str = ""
    door: str = ""
    is_imported: bool = False
    is_refused: bool = False
    files: list[Mapping[str, Any]] = field(default_factory=list)


def entries(rtype: RecordType, actor: Actor, row: Row, wanted: str = "everything") -> list[Entry]:
    """Events, messages and files of one record; a statement for each."""
    said = {e["event"]: e for e in _of(rtype, "conversation", actor, row)}
    attached: dict[int, list[Mapping[str, Any]]] = {}
    for file in _of(rtype, "files", actor, row):
        attached.setdefault(file["event"], []).append(file)
    caller = (row.get("requester") or {}).get("number")
    found: list[Entry] = []
    for event in history.events(rtype, actor, row, size=SIZE, newest=True, python=True):
        message, files = said.get(event["id"]), attached.get(event["id"], [])
        verb = event["name"].partition(".")[2]
        if not (message and verb in ("reply", "note")) and wanted == "everything":
            found.append(_event(rtype, event, verb, files))
        if message and wanted in (
            "everything",
            "conversation" if message["visibility"] == "public" else "internal",
        ):
            found.append(_message(message, caller))
        elif (
            files
            and wanted != "everything"
            and (event["audience"] == "internal") == (wanted == "internal")
        ):
            found.append(_event(rtype, event, verb, files))
    return _gathered(found)


def _of(rtype: RecordType, capability: str, actor: Actor, row: Row) -> Iterable[Mapping[str, Any]]:
    source = next((c for c in rtype.capabilities if c.name == capability and c.entries), None)
    return source.entries(rtype, actor, row, python=True) if source and source.entries else ()


def _message(message: Mapping[str, Any], caller: str | None) -> Entry:
    author = message["author"]
    return Entry(
        at=message["at"],
        person=author,
        text=message["text"],
        is_internal=message["visibility"] == "internal",
        is_inbound=author is not None and author["number"] == caller,
    )


def _event(
    rtype: RecordType, event: Mapping[str, Any], verb: str, files: list[Mapping[str, Any]]
) -> Entry:
    changes = event["changes"]
    entry = Entry(
        at=event["at"],
        person=event["actor"],
        verb=verb,
        glyph=GLYPHS.get(verb, "dot"),
        is_internal=event["audience"] == "internal",
        door=event["door"],
        is_imported=event["is_imported"],
        is_refused=bool(changes.get(PAST, {}).get("refused")),
        link=changes.get("link") or changes.get("task"),
        files=files,
    )
    known = fields.of(rtype)
    if "state" in changes and verb != "create":
        state = rtype.lifecycle.state(changes["state"]["to"])
        entry.status = ui.status(state.kind, state.label)
        entry.glyph = ui.STATE_GLYPHS[state.kind]
    for name, change in changes.items():
        if verb == "reorder":
            break
        if name == "reason":
            entry.reason = change["to"]
        elif name not in ("link", "task") and isinstance(change, Mapping) and "record" in change:
            entry.subject = change["record"]["title"]
        elif name == "role" and isinstance(change, str):
            entry.role = say(ROLES.get(change, change))
        elif name in known and name not in NO_NEWS and verb != "create":
            entry.changes.append(
                (
                    say(known[name].label),
                    _value(known[name], change["from"]),
                    _value(known[name], change["to"]),
                )
            )
    return entry


def _value(known: fields.Field, value: Any) -> Any:
    """A value of the past; a long text is only said to have changed."""
    if isinstance(value, Mapping):
        return value["title"] or value["number"] or _("something removed")
    if known.kind is FieldKind.LONG:
        return (
            None
            if not value
            else value
            if len(value) <= LONGEST_QUOTE
            else value[:LONGEST_QUOTE] + "…"
        )
    if known.name == "priority" and value is not None:
        return ui.prio(value)
    if known.kind is FieldKind.TIME:
        return shown(known, moment(value))
    return value if known.kind is FieldKind.DATE else shown(known, value)


def _gathered(found: list[Entry]) -> list[Entry]:
    """Files that were sent with a message are shown in it."""
    kept: list[Entry] = []
    for entry in found:
        last = kept[-1] if kept else None
        if (
            entry.verb == "attach"
            and last is not None
            and (last.text or last.verb in ("create", "attach"))
            and last.person == entry.person
            and last.is_internal == entry.is_internal
            and (entry.at - last.at).total_seconds() < 60
        ):
            last.files.extend(entry.files)
        else:
            kept.append(entry)
    return kept
