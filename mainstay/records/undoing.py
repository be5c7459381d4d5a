"""Takes back what an event did, for a day: by a command with an event of its own, asked for as any change is.

What people set is put back where it stood; what follows from it is derived anew. Where somebody else has set one of
those fields since, nothing is written and they are named. See docs/decisions for who may take back what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.pure.kinds import FieldKind
from mainstay.pure.language import within
from mainstay.pure.lifecycle import Move
from mainstay.pure.rules import Actor, By
from mainstay.records import access, clock, commands, fields, history, values
from mainstay.records.errors import Denied, Illegal, Invalid, Missing, MovedOn
from mainstay.records.fields import Field
from mainstay.records.journal import UNDOES, plain
from mainstay.records.models import Event, EventText, Record
from mainstay.records.rows import Facts, Row
from mainstay.records.stretch import NO_END
from mainstay.records.turnstile import writing
from mainstay.records.types import TAKE_BACK, RecordType

LONGEST = timedelta(hours=24)
# What takes the other back.
ENDS = {"link": "unlink", "unlink": "link", "remove": "restore", "restore": "remove"}


@dataclass(frozen=True)
class _Past:
    """An event that is to be taken back, its record locked, and what came after it.

    `follows` are the ids of what Mainstay did because of it: that goes along, and has not moved the record on.
    """

    rtype: RecordType
    record: Any
    event: Event
    since: Sequence[Event]
    follows: frozenset[int]

    @property
    def verb(self) -> str:
        return self.event.name.partition(".")[2]


def take_back(rtype: RecordType, key: str, event: int, by: By) -> Event:
    """The event that took another one of the record back; it names that one as its cause.

    Raises Missing where the record or the event does not exist for the actor, MovedOn where somebody has changed the
    same since, Illegal where it is too old, was taken back already or has no way back, and what any change raises.
    """
    with writing():
        past = _past(rtype, key, event, by)
        _is_not_undone(past, by.actor)
        step = By(by.actor, by.door, cause=past.event.pk, depth=by.depth)
        facts = {UNDOES: past.event.pk}
        is_move = "state" in past.event.changes
        if past.verb in ("remove", "restore") and not is_move:
            return _hide(past, step, facts)
        if past.record.is_removed:
            raise Missing(f"{within(rtype.label)} {key}", past.record.id)
        if is_move:
            return _move_back(past, step, facts)
        if past.verb in ("link", "unlink"):
            return _relate(past, step, facts)
        return _change_back(past, step, facts)


def may_be_tried(rtype: RecordType, event: Mapping[str, Any]) -> bool:
    """Whether an event, as `history.events` tells it, is fresh and of a kind that can be taken back: no promise."""
    verb, changes = event["name"].partition(".")[2], event["changes"]
    # Beginning is no change: what was created by mistake is removed.
    if verb == "create" or event["is_imported"] or clock.now() - event["at"] > LONGEST:
        return False
    if "state" in changes:
        old, new = changes["state"]["from"], changes["state"]["to"]
        is_by_hand = event["actor"] is not None and _made_by(rtype, verb) is not None
        return is_by_hand or bool(_leading(rtype, new, old))
    known = fields.of(rtype)
    return verb in ENDS or any(name in known and known[name].writable for name in changes)


def _past(rtype: RecordType, key: str, event_id: int, by: By) -> _Past:
    """The record locked, and the event with all that came after it. Raises Missing, or Illegal for what has no undo."""
    if not 0 < event_id < NO_END:
        raise Missing(_("such event"))
    found = _to_be_related(rtype, key, event_id, by)
    record = found or commands.locked(rtype, key, by, removed=None)
    if record.is_removed and not access.may(rtype, "restore", by.actor, record):
        raise Missing(f"{within(rtype.label)} {key}", record.id)
    history.one(rtype, by.actor, _row(rtype, record), event_id)
    event = Event.objects.get(pk=event_id)
    if event.is_imported or event.name == f"{rtype.name}.create":
        raise Illegal(_("This cannot be taken back."))
    if clock.now() - event.at > LONGEST:
        raise Illegal(_("This is more than a day ago; change it by hand."))
    since = Event.objects.filter(record_id=record.id, pk__gt=event_id).order_by("pk")
    follows = {event.pk}
    for later in since:
        if later.cause_id in follows and later.actor_id is None:
            follows.add(later.pk)
    return _Past(rtype, record, event, list(since), frozenset(follows))


def _to_be_related(rtype: RecordType, key: str, event_id: int, by: By) -> Any | None:
    """The record, where its link to another of its own type is to come back: the older of the two is locked first."""
    column, stored = values.column_and_key(key)
    named = {f"record__{column}": stored, "name": f"{rtype.name}.unlink", "pk": event_id}
    told = Event.objects.filter(**named).values_list("changes", flat=True).first()
    if told is None or rtype.name not in _targets(rtype, told["link"]["kind"]):
        return None
    other = Record.objects.filter(pk=told["link"]["record"]).values_list("number", flat=True)
    ids = sorted({values.lookup(rtype, k, by.actor) or 0: k for k in (key, other[0])}.items())
    both = {k: commands.locked(rtype, k, by) for found, k in ids if found}
    return both.get(key)


def _targets(rtype: RecordType, kind: str) -> tuple[str, ...]:
    return rtype.links[kind].targets if kind in rtype.links else ()


def _row(rtype: RecordType, record: Any) -> Row:
    """As much of the record as history looks at: what its words are now, and whose it is."""
    row = Row({f.name: getattr(record, f.stored) for f in fields.of(rtype).values()})
    row |= {f.name: None for f in fields.of(rtype).values() if f.is_reference}
    row.facts = Facts(*(getattr(record, name) for name in Facts._fields))
    return row


def _is_not_undone(past: _Past, actor: Actor) -> None:
    for later in past.since:
        if later.changes.get(UNDOES) == past.event.pk:
            told = {"who": _who(past, later, actor), "time": _clock(later)}
            raise Illegal(_("%(who)s took this back already, at %(time)s.") % told)


def _change_back(past: _Past, by: By, facts: Mapping[str, Any]) -> Event:
    access.require(past.rtype, "change", by.actor, past.record)
    before = _before(past, by.actor)
    if not before:
        raise Illegal(_("This cannot be taken back."))
    given = _given(past, before, by.actor)
    commands.write_on(
        past.rtype, past.record, "change", given, by, facts=facts, undone=_undone(past)
    )
    return _made(past)


def _move_back(past: _Past, by: By, facts: Mapping[str, Any]) -> Event:
    rtype, record = past.rtype, past.record
    old, new = past.event.changes["state"]
    if record.state != new:
        raise _moved_on(past, fields.of(rtype)["state"], by.actor)
    if not _leading(rtype, new, old):
        return _stand_again(past, by, facts)
    verb = _way_back(rtype, record, old, by)
    before = _before(past, by.actor)
    if not access.may(rtype, "change", by.actor, record):
        # As by hand: a move takes what it needs and asks for, and the rest follows from it or it does not.
        before = {f: value for f, value in before.items() if f.name in (*verb.needs, *verb.asks)}
    given = _given(past, before, by.actor)
    commands.go(rtype, record, verb, given, by, facts=facts, undone=_undone(past))
    return _made(past)


def _stand_again(past: _Past, by: By, facts: Mapping[str, Any]) -> Event:
    """Where no move leads back, whoever may make this one takes it back, and with it all that it came with.

    Only as long as nobody has moved the record since: what it went through in another state would be lost.
    """
    rtype, record = past.rtype, past.record
    old, new = past.event.changes["state"]
    move = _made_by(rtype, past.verb)
    if move is None or past.event.actor_id is None:
        names = [str(rtype.lifecycle.state(name).label) for name in (new, old)]
        told = dict(zip(("now", "before"), names, strict=True))
        raise Illegal(_("No move leads from “%(now)s” back to “%(before)s”.") % told)
    access.require(rtype, move.name, by.actor, record)
    if _has_moved_since(past):
        raise _moved_on(past, fields.of(rtype)["state"], by.actor)
    given = _given(past, _before(past, by.actor), by.actor)
    commands.write_on(
        rtype, record, TAKE_BACK, given, by,
        state=old, facts=facts, undone=_undone(past), stood=_followed(past),
    )  # fmt: skip
    return _made(past)


def _has_moved_since(past: _Past) -> bool:
    """Whether it was in another state in between; what was itself taken back meanwhile does not count."""
    undone = {e.changes.get(UNDOES) for e in past.since}
    return any(
        "state" in e.changes and e.pk not in past.follows | undone and UNDOES not in e.changes
        for e in past.since
    )


def _followed(past: _Past) -> dict[Field, Any]:
    """What the event changed that nobody sets, as it stood before; but what has become something else since."""
    known, stood = fields.of(past.rtype), dict[Field, Any]()
    for name, (old, new) in _changes(past.event).items():
        field = known.get(name)
        if field is None or field.writable or name == "state":
            continue
        if _is_same(field, getattr(past.record, field.stored), new):
            stood[field] = old if field.is_reference else values.one(field, old)
    return stood


def _made_by(rtype: RecordType, verb: str) -> Move | None:
    """The move of that name, where an event tells of one."""
    return next((m for m in rtype.lifecycle.moves if m.name == verb), None)


def _leading(rtype: RecordType, now: str, old: str) -> list[Move]:
    """The moves that lead back."""
    return [m for m in rtype.lifecycle.moves_from(now) if m.target == old]


def _way_back(rtype: RecordType, record: Any, old: str, by: By) -> Move:
    """Of several the last that the actor may make: plain verbs stand behind personal ones."""
    back = _leading(rtype, record.state, old)
    mine = [m for m in back if access.may(rtype, m.name, by.actor, record)]
    if not mine:
        access.require(rtype, back[-1].name, by.actor, record)
    return mine[-1]


def _relate(past: _Past, by: By, facts: Mapping[str, Any]) -> Event:
    """A link that was made goes, one that was taken away comes back; unless somebody did that since."""
    told = past.event.changes["link"]
    for later in reversed(past.since):
        if later.changes.get("link") == told:
            raise _done_since(past, later, by.actor)
    other = Record.objects.values_list("number", flat=True).get(pk=told["record"])
    command = getattr(commands, ENDS[past.verb])
    event: Event | None = command(
        past.rtype, past.record.number, told["kind"], other, by, facts=facts
    )
    if event is None:
        raise MovedOn(_("This was linked again since."))
    return event


def _hide(past: _Past, by: By, facts: Mapping[str, Any]) -> Event:
    for later in reversed(past.since):
        if later.name.partition(".")[2] in ("remove", "restore") and not later.changes.get("state"):
            raise _done_since(past, later, by.actor)
    if past.verb == "restore":
        return commands.remove(past.rtype, past.record.number, by, facts=facts)
    event: Event = commands.restore(past.rtype, past.record.number, by, facts=facts).last_event
    return event


def _made(past: _Past) -> Event:
    event: Event | None = past.record.last_event
    if event is None:
        raise MovedOn(_("All of this stands as it did before already."))
    return event


def _before(past: _Past, actor: Actor) -> dict[Field, Any]:
    """What stood in the fields people set that this changed, as it was kept. Raises MovedOn or Denied.

    What the actor may not read on this record does not exist for them and stays as it is.
    """
    there = fields.readable(past.rtype, actor, past.record)
    is_insider = access.is_insider(past.rtype, actor, past.record)
    before: dict[Field, Any] = {}
    after: dict[Field, Any] = {}
    for event in (past.event, *(e for e in past.since if e.pk in past.follows)):
        for name, (old, new) in _changes(event).items():
            field = there.get(name)
            if field is None or not field.writable:
                continue
            before.setdefault(field, old)
            after[field] = new
            if not is_insider and not _is_for_callers(past.rtype, field, old):
                raise Denied(
                    lambda: _("Only who works on this may take that back."), past.record.id
                )
    for field, new in after.items():
        if not _is_same(field, getattr(past.record, field.stored), new):
            raise _moved_on(past, field, actor)
    return before


def _changes(event: Event) -> dict[str, tuple[Any, Any]]:
    """Both values by field; of private texts as they are kept beside it. Raises Illegal where they are not any more."""
    found = {n: (c[0], c[1]) for n, c in event.changes.items() if isinstance(c, list)}
    if any(isinstance(c, dict) and "digest" in c for c in event.changes.values()):
        for text in EventText.objects.filter(event_id=event.pk).exclude(field="reason"):
            if text.is_redacted:
                raise Illegal(_("Its words were taken out of the history; they cannot come back."))
            found[text.field] = (text.old, text.new)
    return found


def _is_for_callers(rtype: RecordType, field: Field, old: Any) -> bool:
    """Words that were taken out are gone for callers, and so is what is not told them: as in their history."""
    return field.kind not in history.WORDS and old not in rtype.internal.get(field.name, ())


def _is_same(field: Field, now: Any, then: Any) -> bool:
    if now in (None, "") or then in (None, ""):
        return now in (None, "") and then in (None, "")
    if field.kind is FieldKind.TIME:
        return bool(now == values.one(field, then))
    return bool(plain(now) == then)


def _given(past: _Past, before: Mapping[Field, Any], actor: Actor) -> dict[Field, Any]:
    """The old values as columns hold them. Raises Invalid for what nobody could choose now.

    A record that does not exist for the actor is named by nothing.
    """
    keys = {f: v for f, v in before.items() if f.is_reference and v is not None}
    uuids = dict(Record.objects.filter(pk__in=set(keys.values())).values_list("pk", "uuid"))
    named = {f: str(uuids[v]) for f, v in keys.items()}
    found, _over = values.resolve(named, actor, past.record) if named else ({}, set())
    complaints = {
        f.name: [_("What stood here before cannot be chosen any more.")]
        for f in named
        if f not in found
    }
    given: dict[Field, Any] = dict(found)
    for field, old in before.items():
        if field in keys:
            continue
        try:
            given[field] = values.one(field, old)
        except ValueError:
            complaints[field.name] = [_("What stood here before cannot be chosen any more.")]
    if complaints:
        raise Invalid(complaints, {f.name: f for f in before})
    return given


def _undone(past: _Past) -> dict[str, Any]:
    """What declarations may look at: every field as it stood, also those that nobody sets."""
    return {
        n: c[0] for n, c in past.event.changes.items() if isinstance(c, list) and c[0] is not None
    }


def _moved_on(past: _Past, field: Field, actor: Actor) -> MovedOn:
    """Who has set a field since, to what and when, as far as the actor may know it."""
    setters = [e for e in past.since if field.name in e.changes]
    if not setters:
        return MovedOn(_("“%(field)s” was changed since.") % {"field": field.label}, field.name)
    event = setters[-1]
    told = {
        "who": _who(past, event, actor),
        "field": field.label,
        "value": _word(field, _seen(past, event, actor)["changes"].get(field.name, {}).get("to")),
        "time": _clock(event),
    }
    if told["value"]:
        text = _("%(who)s set “%(field)s” to %(value)s since, at %(time)s.")
    else:
        text = _("%(who)s changed “%(field)s” since, at %(time)s.")
    return MovedOn(text % told, field.name)


def _word(field: Field, value: Any) -> str:
    """A value in a sentence; a long text has no place there."""
    if isinstance(value, Mapping):
        return str(value["title"])
    if value in (None, "") or field.kind in (FieldKind.LONG, FieldKind.TIME, FieldKind.DATE):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(field.label_of(value))


def _done_since(past: _Past, event: Event, actor: Actor) -> MovedOn:
    sentences = {
        "link": _("%(who)s linked them again since, at %(time)s."),
        "unlink": _("%(who)s took the link away since, at %(time)s."),
        "remove": _("%(who)s removed %(number)s again since, at %(time)s."),
        "restore": _("%(who)s brought %(number)s back since, at %(time)s."),
    }
    told = {"who": _who(past, event, actor), "time": _clock(event), "number": past.record.number}
    return MovedOn(sentences[event.name.partition(".")[2]] % told)


def _who(past: _Past, event: Event, actor: Actor) -> str:
    """Whoever did something, where the actor may know them."""
    if event.actor_id is None:
        return "Mainstay"
    if event.actor_id == actor.id:
        return _("You yourself")
    person = _seen(past, event, actor)["actor"]
    return person["title"] if person else _("Somebody")


def _seen(past: _Past, event: Event, actor: Actor) -> Mapping[str, Any]:
    """A later event as the actor may read it, which may be not at all."""
    try:
        return history.one(past.rtype, actor, _row(past.rtype, past.record), event.pk)
    except Missing:
        return {"actor": None, "changes": {}}


def _clock(event: Event) -> str:
    return f"{timezone.localtime(event.at):%H:%M}"
