"""What happened and what was said, as one list in the order it happened."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.directory.roles import LABELS as ROLES
from mainstay.pure.kinds import FieldKind
from mainstay.pure.language import retold
from mainstay.pure.rules import Actor
from mainstay.records import fields, history, queries, undoing
from mainstay.records.journal import PAST, UNDOES
from mainstay.records.rows import Row, callers
from mainstay.records.stretch import NO_END, Stretch
from mainstay.records.types import RecordType
from mainstay.surfaces.web import back, namesakes, ui
from mainstay.surfaces.web.formats import moment, say, when
from mainstay.surfaces.web.markdown import md
from mainstay.surfaces.web.tables import shown

AUDIENCES = {"conversation": "all", "internal": "internal"}
FILTERS = ("everything", *AUDIENCES)
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
}
LONGEST_QUOTE = 200
# A line says to the minute when it was.
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Alert:
    """What a monitoring system told: which one, in its own words, how many times; or that it is over."""

    source: str
    text: str = ""
    times: int = 1
    is_over: bool = False


@dataclass
class Entry:
    """A line of the timeline, or a message when there is `text`."""

    at: Any
    person: Mapping[str, Any] | None
    verb: str = ""
    glyph: str = "dot"
    text: str = ""
    called: Collection[str] = ()
    is_internal: bool = False
    is_inbound: bool = False
    status: Markup | str = ""
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    link: Mapping[str, Any] | None = None
    because: Mapping[str, Any] | None = None
    reason: str = ""
    role: str = ""
    subject: str = ""
    door: str = ""
    words: str = ""
    is_imported: bool = False
    is_refused: bool = False
    is_undo: bool = False
    is_undone: bool = False
    undo: str = ""
    alert: Alert | None = None
    files: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """A page of the timeline, and the event before which an older one ends (None: it begins here)."""

    entries: list[Entry]
    older: int | None


def told(
    rtype: RecordType,
    actor: Actor,
    row: Row,
    wanted: str = "everything",
    *,
    before: int = NO_END,
    size: int = SIZE,
) -> Told:
    """The newest of events, messages and files of one record, a statement for each."""
    newest = Stretch(before=before, size=size, newest=True)
    if wanted == "everything":
        return _everything(rtype, actor, row, newest)
    return _said(rtype, actor, row, replace(newest, audience=AUDIENCES[wanted]))


def _everything(rtype: RecordType, actor: Actor, row: Row, newest: Stretch) -> Told:
    events, older = history.page(rtype, actor, row, newest, python=True)
    same = replace(newest, after=older - 1 if older else 0)
    messages = {e["event"]: e for e in _of(rtype, "conversation", actor, row, same)}
    files = {f["event"]: f for f in _of(rtype, "files", actor, row, same)}
    undone = {e["changes"].get(UNDOES) for e in events}
    may_change = queries.may(rtype, actor, "change", row)
    found: list[Entry] = []
    for event in events:
        message, file = messages.get(event["id"]), files.get(event["id"])
        verb = event["name"].partition(".")[2]
        if not (message and verb in ("reply", "note")):
            entry = _event(rtype, event, verb, [file] if file else [])
            entry.is_undone = event["id"] in undone
            is_own = event["actor"] is not None and event["actor"]["number"] == actor.number
            if may_change and is_own and undoing.may_be_tried(rtype, event):
                entry.undo = back.of(rtype, row["number"], event["id"])
            found.append(entry)
        if message:
            found.append(_message(message, row))
    return Told(_gathered(found), older)


def _said(rtype: RecordType, actor: Actor, row: Row, newest: Stretch) -> Told:
    """What people wrote and sent, without what happened in between."""
    one_more = replace(newest, size=SIZE + 1)
    found = [
        *((m["event"], _message(m, row)) for m in _of(rtype, "conversation", actor, row, one_more)),
        *((f["event"], _sent(f)) for f in _of(rtype, "files", actor, row, one_more)),
    ]
    found.sort(key=lambda pair: pair[0])
    kept = found[-SIZE:]
    older = kept[0][0] if len(found) > SIZE else None
    return Told(_gathered([entry for _event, entry in kept]), older)


def _of(
    rtype: RecordType, capability: str, actor: Actor, row: Row, stretch: Stretch
) -> Iterable[Mapping[str, Any]]:
    source = next((c for c in rtype.capabilities if c.name == capability and c.entries), None)
    return (
        source.entries(rtype, actor, row, stretch, python=True) if source and source.entries else ()
    )


def _sent(file: Mapping[str, Any]) -> Entry:
    return Entry(
        at=file["at"],
        person=file["author"],
        verb="attach",
        glyph=GLYPHS["attach"],
        is_internal=file["visibility"] == "internal",
        files=[file],
    )


def _message(message: Mapping[str, Any], row: Row) -> Entry:
    author = message["author"]
    numbers = [person["number"] for person in callers(row)]
    return Entry(
        at=message["at"],
        person=author,
        text=message["text"],
        called=message["called"],
        is_internal=message["visibility"] == "internal",
        is_inbound=author is not None and author["number"] in numbers,
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
        words=say(rtype.told[verb]) if verb in rtype.told else "",
        is_imported=event["is_imported"],
        is_refused=bool(changes.get(PAST, {}).get("refused")),
        link=changes.get("link"),
        because=changes.get("because"),
        is_undo=UNDOES in changes,
        files=files,
    )
    known = fields.of(rtype)
    if "state" in changes and verb != "create":
        state = rtype.lifecycle.state(changes["state"]["to"])
        entry.status = ui.status(state.kind, state.label)
        entry.glyph = ui.STATE_GLYPHS[state.kind]
    for name, change in changes.items():
        if name == "reason":
            entry.reason = retold(change["to"])
        elif name != "link" and isinstance(change, Mapping) and "record" in change:
            entry.subject = change["record"]["title"]
        elif name == "role" and isinstance(change, str):
            entry.role = say(ROLES.get(change, change))
    if verb != "create" and not entry.words:
        entry.changes = [
            (say(one.label), *both(one, change))
            for one, change in _news(known, event, is_move=bool(entry.status))
        ]
    return entry


def _news(
    known: Mapping[str, fields.Field], event: Mapping[str, Any], *, is_move: bool
) -> list[tuple[fields.Field, Mapping[str, Any]]]:
    """What a sentence tells of an event's changes: not what only follows from the others, which the history has.

    Where nothing else is left it is told after all.
    """
    changed = [
        (known[name], change)
        for name, change in event["changes"].items()
        if name in known and name not in NO_NEWS and _is_a_value(name, change)
    ]
    news = [pair for pair in changed if not _follows(*pair, event, is_move=is_move)]
    return news if news or is_move else changed


def _is_a_value(name: str, change: object) -> bool:
    """A field of the record; all else has a place of its own in the line."""
    return name not in ("reason", "link") and isinstance(change, Mapping) and "record" not in change


def _follows(
    known: fields.Field, change: Mapping[str, Any], event: Mapping[str, Any], *, is_move: bool
) -> bool:
    """What a move or a rule emptied, what was counted, and who and when, which the line says anyway."""
    new = change["to"]
    if new is None or new == "":
        return is_move or not known.writable
    if known.writable or known.name == "priority":
        return False
    if known.kind is FieldKind.NUMBER:
        return True
    if known.kind is FieldKind.TIME:
        then, at = moment(new), moment(event["at"])
        return then is not None and at is not None and abs(then - at) < A_MINUTE
    actor = event["actor"]
    return isinstance(new, Mapping) and actor is not None and new["number"] == actor["number"]


def both(known: fields.Field, change: Mapping[str, Any]) -> tuple[Any, Any]:
    """What it was and what it became; of two of one name each with its number."""
    old, new = change["from"], change["to"]
    if isinstance(old, Mapping) and isinstance(new, Mapping) and namesakes.among((old, new)):
        return namesakes.numbered(**old), namesakes.numbered(**new)
    return value(known, old), value(known, new)


def value(known: fields.Field, value: Any) -> Any:
    """A value of the past; a long text is told by how it begins, without its marks."""
    if isinstance(value, Mapping):
        return value["title"] or value["number"] or _("something not shown here")
    if known.kind is FieldKind.LONG:
        written = retold(value) if value else None
        text = (md(written).striptags() or written) if written else None
        return text[:LONGEST_QUOTE] + "…" if text and len(text) > LONGEST_QUOTE else text
    if known.name == "priority" and value is not None:
        return ui.prio(value)
    if known.kind is FieldKind.TIME:
        return when(moment(value))
    if known.kind is FieldKind.DATE and value:
        value = date.fromisoformat(value)
    return shown(known, value)


def _gathered(found: list[Entry]) -> list[Entry]:
    """Files that were sent with a message are shown in it: what its text names already, there alone."""
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
            last.files.extend(file for file in entry.files if file["id"] not in last.text)
        else:
            kept.append(entry)
    return kept
