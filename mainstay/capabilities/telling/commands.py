"""What people do with what they are told: read it, put it off, watch a record, say what they do not want to hear."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from mainstay.capabilities.telling import queries, rights
from mainstay.capabilities.telling.channels import CHANNELS
from mainstay.capabilities.telling.kinds import BY_NAME, KINDS, Kind
from mainstay.capabilities.telling.models import InboxEntry, Preference, Watcher
from mainstay.directory import actors
from mainstay.directory.record import user
from mainstay.pure.rules import Actor, By
from mainstay.records import access, clock, commands, values
from mainstay.records import queries as records
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.rows import Row
from mainstay.records.turnstile import writing
from mainstay.records.types import RecordType

LONGEST_SLEEP = timedelta(days=366)


def seen(actor: Actor, row: Row) -> None:
    """The person opened the record: their entry about it is read. Writes only where there is something to write."""
    if queries.is_unread(actor, row):
        with writing():
            _entries(actor, [row.facts.id]).update(read_at=clock.now(), snoozed_until=None)


def read(actor: Actor, number: str) -> None:
    """Marks the entry about a record as read. Raises Missing."""
    _change(actor, number, read_at=clock.now(), snoozed_until=None)


def unread(actor: Actor, number: str) -> None:
    """Brings it back as it was. Raises Missing."""
    _change(actor, number, read_at=None, snoozed_until=None)


def snooze(actor: Actor, number: str, until: datetime) -> None:
    """Puts it off: it is neither shown nor counted until then. Raises Missing, Invalid."""
    if not clock.now() < until <= clock.now() + LONGEST_SLEEP:
        raise Invalid({"until": [_("Choose a time that is to come, within a year.")]})
    _change(actor, number, read_at=None, snoozed_until=until)


def read_all(actor: Actor, view: str = "", *, own: bool = False, at: datetime | None = None) -> int:
    """Everything that is unread and awake in a view, or in both; as many as one look can hold. Returns how many.

    `at` is the moment they are marked with, by which `unread_all` finds them again.
    """
    done, now = 0, at or clock.now()
    for name in (view,) if view else (queries.NEEDED, queries.FOR_INFORMATION):
        items, _next = queries.page(actor, name, size=queries.MOST_COUNTED, own=own, verb="write")
        with writing():
            unread = InboxEntry.objects.filter(pk__in=[item.id for item in items], read_at=None)
            done += unread.update(read_at=now, snoozed_until=None)
    return done


def unread_all(actor: Actor, at: datetime) -> int:
    """What was read at once at that moment is unread again; what happened to one of them since stays as it is."""
    with writing():
        return InboxEntry.objects.filter(person_id=actor.id, read_at=at).update(read_at=None)


def _change(actor: Actor, number: str, **given: object) -> None:
    rtype, row = records.find(actor, number)
    if rtype not in rights.types():
        raise Missing(number)
    if not actor.reaches("write", rtype.plural):
        raise Denied(lambda: _("This token may not write %(types)s.") % {"types": rtype.plural})
    with writing():
        entries = _entries(actor, [row.facts.id])
        if not access.is_insider(rtype, actor, row.facts):
            entries = entries.filter(is_internal=False)
        if not entries.update(**given):
            raise Missing(number)


def _entries(actor: Actor, ids: Collection[int]):  # type: ignore[no-untyped-def]
    return InboxEntry.objects.filter(person_id=actor.id, record_id__in=ids)


def watch(rtype: RecordType, key: str, by: By, person: str = "") -> None:
    """The actor watches a record they see; somebody else is added by who may change it, if they may see it.

    Raises Missing, Denied, Invalid. Doing it again changes nothing.
    """
    with writing():
        record = commands.locked(rtype, key, by)
        watcher = by.actor.id
        if person:
            access.require(rtype, "change", by.actor, record)
            watcher = _person(person, by)
            known = actors.for_people([watcher])
            if watcher not in known or not access.allows(
                rtype, rtype.access.see, known[watcher], record
            ):
                raise Invalid({"person": [_("They may not see this, so they cannot watch it.")]})
        if watcher is not None:
            Watcher.objects.get_or_create(
                record_id=record.id, person_id=watcher, defaults={"since": clock.now()}
            )


def unwatch(rtype: RecordType, key: str, by: By, person: str = "") -> None:
    """Ends the actor's own watching, or somebody's for who may change the record. Raises Missing, Denied, Invalid."""
    with writing():
        record = commands.locked(rtype, key, by)
        watcher = _person(person, by) if person else by.actor.id
        if watcher != by.actor.id:
            access.require(rtype, "change", by.actor, record)
        Watcher.objects.filter(record_id=record.id, person_id=watcher).delete()


def _person(key: str, by: By) -> int:
    found = values.lookup(user, key, by.actor)
    if found is None:
        raise Invalid({"person": [_("There is no such person.")]})
    return found


def prefer_some(actor: Actor, said: Mapping[str, Mapping[str, bool]]) -> None:
    """Changes what is named, by kind and then by channel, and leaves the rest. Raises Invalid for what there is not."""
    channels = [channel.name for channel in CHANNELS]
    complaints = {
        kind: [_("There is no such kind.")]
        if kind not in BY_NAME
        else [
            _("This must be true or false for one of %(names)s.") % {"names": ", ".join(channels)}
        ]
        for kind, of_it in said.items()
        if kind not in BY_NAME or not _is_choice(of_it, channels)
    }
    if complaints:
        raise Invalid(complaints)
    with writing():
        now = {
            (kind.name, channel): said.get(kind.name, {}).get(channel, is_wanted)
            for kind, of_it in queries.preferences(actor)
            for channel, is_wanted in of_it
        }
        prefer(actor, [pair for pair, is_wanted in now.items() if is_wanted])


def _is_choice(of_it: object, channels: Collection[str]) -> bool:
    return isinstance(of_it, Mapping) and all(
        name in channels and isinstance(wants, bool) for name, wants in of_it.items()
    )


def prefer(
    actor: Actor, wanted: Collection[tuple[str, str]], among: Collection[Kind] = KINDS
) -> None:
    """Keeps which of these kinds a person wants by which channel: `(kind, channel)` for each that is wanted."""
    with writing():
        for kind in among:
            for channel in CHANNELS:
                pair = (kind.name, channel.name)
                said = Preference.objects.filter(
                    person_id=actor.id, kind=kind.name, channel=channel.name
                )
                if (pair in wanted) is (kind.name in channel.usual):
                    said.delete()
                else:
                    Preference.objects.update_or_create(
                        person_id=actor.id,
                        kind=kind.name,
                        channel=channel.name,
                        defaults={"is_wanted": pair in wanted},
                    )
