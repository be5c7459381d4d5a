"""Nothing changes without an event or an entry in the same transaction: rows that changed beside what is told."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mainstay.directory.signin import tokens
from mainstay.doors.compat.servicenow import replay
from mainstay.pure.kinds import FieldKind
from mainstay.records import clock, delivery, fields, jobs, timers
from mainstay.records.fields import Field
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api.openapi import api
from tests.conformance.test_every_record_type import SOMETHING, needed, put_into
from tests.doors import csv_log
from tests.safety.attacks.changes import Change, Watch, tables, watched
from tests.safety.wire import Answer, Wire, multipart, program, signed_in
from tests.world import World, least

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]

# What no other text could stand for.
FITTING = {
    "email": "a@b.example", "filter": "is_open", "order": "title", "columns": "title,state", "group": "state", "density": "compact",
}  # fmt: skip
# Tables whose rows an event of a record tells in the same transaction, and the column that names the record.
TOLD_BY_EVENT = {
    "records_link": "source_id",
    "conversation_entry": "record_id",
    "files_attachment": "record_id",
    "directory_membership": "team_id",
    "directory_personskill": "user_id",
    "directory_rolegrant": "user_id",
    "directory_credential": "user_id",
    "notices_origin": "notice_id",
}
# Those an event or an entry of the audit tells, which names the person.
TOLD_BY_ENTRY = {"directory_session": "user_id", "directory_token": "user_id"}
EXEMPT = {
    "records_event": "It tells of changes.",
    "records_eventtext": "It tells of changes.",
    "audit_entry": "It tells of changes.",
    "audit_repeat": "Counts what is told already, until its minute is over.",
    "audit_seal": "Proves what is told; it is made of that alone.",
    "records_pending": "Work for listeners; what they do is told.",
    "records_shard": "Which worker works on which records.",
    "records_timer": "When something will happen; it is told when it does.",
    "records_counter": "The number that comes next.",
    "records_alias": "By what another system calls a record; its import is told.",
    "records_replaymark": "How far an import has come.",
    "records_settingsversion": "That something changed which processes remember; what, is told.",
    "records_answer": "What was answered, for whoever asks again with the same key.",
    "records_job": "A bulk step's progress; each record it changes is told.",
    "records_jobevent": "Which events a bulk step left; they tell themselves.",
    "records_jobrefusal": "What of a bulk step was refused; whatever may not be done or seen is told.",
    "directory_throttle": "Counts tries to sign in, which are told.",
    "directory_welcome": "Its making is told as welcome.create, and its use as the person it creates.",
    "search_document": "Follows from records.",
    "search_term": "Follows from records.",
    "search_gram": "Follows from records.",
    "search_rebuild": "How far the making anew of the index has come.",
    "telling_inboxentry": "One's own reading list; it follows from events.",
    "telling_watcher": "A wish to hear of a record one sees; it gives no right.",
    "conversation_draft": "One's own text that nobody else reads; what is sent of it tells itself.",
    "files_upload": "A file that went ahead of its message; the message tells of it.",
    "directory_habit": "The theme and the keys one is used to; nobody else is touched.",
    "notices_metoo": "One's own word, counted on the notice and taken back at will.",
    "telling_preference": "What one wants to hear of; nobody else is touched.",
}
# People, teams and organisations leave or retire instead.
NEVER_REMOVED = ("user", "team", "organisation")
NOBODY_MAY = {
    (method, f"{shelf.type(name).plural}/{{key}}{verb}")
    for name in NEVER_REMOVED
    for method, verb in (("DELETE", ""), ("POST", "/restore"))
}
# Columns of records which events tell otherwise than by name.
OTHERWISE = {
    "updated_at": "The event's own time.",
    "version": "The event's own version.",
    "is_removed": "The event's name, remove or restore.",
    "is_open": "Follows from the state.",
    "kind": "Follows from the state.",
}
# Nobody's doing, nor because of another event: which machinery it was. `test` is what these tests make by hand.
MACHINES = {"timer", "servicenow-log", "test"}
# What only concerns the list of whoever asks.
PERSONAL = {
    f"inbox/{path}"
    for path in ("read", "preferences", "{key}/read", "{key}/unread", "{key}/snooze")
}


class Doer:
    """Asks the API as administrator, and remembers which operations were done."""

    def __init__(self, world: World) -> None:
        self.world, self.done = world, set[tuple[str, str]]()
        self.wire = program(world.people["adm"].id, "read", "write")

    def __call__(self, method: str, path: str, body: Any = None, **keys: str) -> Answer:
        wire = self.wire
        if "by" in keys:
            wire = program(self.world.people[keys.pop("by")].id, "read", "write")
        answer = wire.api(method, f"/api/v1/{path.format(**keys)}", body)
        assert 200 <= answer.status < 300, (method, path, answer.text)
        self.done.add((method, path.partition("?")[0]))
        return answer

    def tries(self, path: str, body: Any) -> int:
        return self.wire.api("PATCH", path, body).status

    def made(self, rtype: RecordType, **more: Any) -> str:
        return str(self("POST", rtype.plural, least(rtype, **more)).json["number"])

    def upload(self, plural: str, number: str) -> None:
        body, kind = multipart({"visibility": "public"}, [("file", "a.txt", b"hello")])
        answer = self.wire.send(
            "POST", f"/api/v1/{plural}/{number}/files", body, {"Content-Type": kind}
        )
        assert answer.status == 201
        self.done.add(("POST", f"{plural}/{{key}}/files"))


@pytest.fixture
def watch(world: World) -> Iterator[Watch]:
    with watched() as watch:
        yield watch


@pytest.mark.attack("U06")
def test_every_change_has_an_event_or_an_entry(watch: Watch, world: World, tmp_path: Path) -> None:
    do = Doer(world)
    for rtype in shelf:
        the_six_verbs(do, rtype, watch)
        what_hangs_on(do, rtype)
    the_directory(do)
    of_their_own(do, watch)
    there = {(o.method, o.path) for o in api().operations if o.writes and o.path not in PERSONAL}
    assert there - do.done == NOBODY_MAY
    by_forms(world, watch)
    delivery.drain()
    with clock.held(clock.now() + timedelta(days=40)):
        assert timers.fire_due() > 0
    replay.run(csv_log.write(tmp_path / "log.csv", csv_log.many(3)))
    delivery.drain()
    changes = watch.changes()
    assert len(changes) > 500
    untold = list(complaints(changes))
    assert not untold, "\n".join(untold)


def test_every_table_is_told_of_or_exempt() -> None:
    records = {"records_record", *(rtype.model._meta.db_table for rtype in shelf)}
    told = {*records, *TOLD_BY_EVENT, *TOLD_BY_ENTRY}
    assert told | set(EXEMPT) == set(tables()) and not told & set(EXEMPT)
    assert all(reason.endswith(".") for reason in EXEMPT.values())


def test_a_change_past_the_commands_is_found(watch: Watch, world: World) -> None:
    """What the comparison is worth: a row altered without a word of it."""
    record = world.incident()
    assert list(complaints(watch.changes())) == []
    type(record).objects.filter(pk=record.pk).update(title="Altered")
    (found,) = complaints(watch.changes())
    assert "title" in found


def the_six_verbs(do: Doer, rtype: RecordType, watch: Watch) -> None:
    plural = rtype.plural
    number = do.made(rtype)
    do("PATCH", f"{plural}/{{key}}", {"title": "Another title"}, key=number)
    changed = do.wire.api("GET", f"/api/v1/{plural}/{number}/events").json["items"][-1]["id"]
    do("POST", f"{plural}/{{key}}/events/{{event}}/undo", key=number, event=str(changed))
    # Some depend on what else there is; a refused one must leave nothing, which is compared as well.
    found = [do.tries(f"/api/v1/{plural}/{number}", {n: v}) for n, v in everything(rtype).items()]
    assert found.count(200) > len(found) / 2 and set(found) <= {200, 422}
    for move in rtype.lifecycle.moves:
        more = {"username": f"u-{move.name}"} if rtype.name == "user" else {}
        record = rtype.model.objects.get(number=do.made(rtype, **more))
        with watch.closed():
            put_into(rtype, record, move.sources[0])
            if move.name == "confirm":
                caller = do.world.people["adm"].id
                rtype.model.objects.filter(pk=record.pk).update(requester=caller)
            data = {name: str(v) for name, v in needed(rtype, move.needs, do.world).items()}
        said = {"message": {"text": "Because."}} if move.message else {}
        body = {"move": move.name, **said, **data}
        do("POST", f"{plural}/{{key}}/moves", body, key=record.number)
    if rtype.name not in NEVER_REMOVED:
        do("DELETE", f"{plural}/{{key}}", key=number)
        do("POST", f"{plural}/{{key}}/restore", key=number)


def everything(rtype: RecordType) -> dict[str, Any]:
    """A value for each field of the form that stands for itself."""
    known = [fields.of(rtype)[name] for name in rtype.form]
    return {
        field.name: field.choices[-1][0] if field.choices else worded(field)
        for field in known
        if field.writable
        and (field.choices or field.kind in SOMETHING)
        and field.name != "username"
    }


def worded(field: Field) -> Any:
    return FITTING.get(field.name, SOMETHING[field.kind])


def the_directory(do: Doer) -> None:
    team, person = do.world.teams["desk"], do.world.number("ra2")
    skill = do.made(shelf.type("skill"))
    do("POST", "teams/{key}/members", {"person": person}, key=team)
    do("DELETE", "teams/{key}/members?person=" + person, key=team)
    do("POST", "users/{key}/roles", {"role": "agent"}, key=person)
    do("DELETE", "users/{key}/roles?role=agent", key=person)
    do("POST", "users/{key}/skills", {"skill": skill, "level": 2}, key=person)
    do("DELETE", "users/{key}/skills?skill=" + skill, key=person)


def what_hangs_on(do: Doer, rtype: RecordType) -> None:
    """By what the type switched on."""
    plural = rtype.plural
    if rtype.links:
        kind = "relates" if "relates" in rtype.links else next(iter(rtype.links))
        one, other = do.made(rtype), do.made(shelf.type(rtype.links[kind].targets[0]))
        do("POST", f"{plural}/{{key}}/links", {"kind": kind, "record": other}, key=one)
        do("DELETE", f"{plural}/{{key}}/links?kind={kind}&record={other}", key=one)
    if rtype.has("conversation"):
        note = {"text": "Said.", "visibility": "internal"}
        do("POST", f"{plural}/{{key}}/notes", note, key=do.made(rtype))
    if rtype.has("files"):
        do.upload(plural, do.made(rtype))
    if rtype.has("tasks"):
        tasks_of(do, plural, do.made(rtype))
    if rtype.has("telling"):
        watched_by(do, plural, do.made(rtype), do.world.number("agm"))
    if rtype.has("notices"):
        notice = {"title": "Down", "text": "Soon."}
        do("POST", f"{plural}/{{key}}/notices", notice, key=do.made(rtype))
    if rtype.has("behalf"):
        one, person = do.made(rtype), do.world.number("ra2")
        do("POST", f"{plural}/{{key}}/request-for", {"person": person}, key=one)
        do("POST", f"{plural}/{{key}}/step-back", {}, key=one, by="ra2")


def watched_by(do: Doer, plural: str, number: str, person: str) -> None:
    do("POST", f"{plural}/{{key}}/watchers", {"person": person}, key=number)
    do("DELETE", f"{plural}/{{key}}/watchers?person={person}", key=number)


def tasks_of(do: Doer, plural: str, one: str) -> None:
    tasks = [do("POST", f"{plural}/{{key}}/tasks", {"title": f"{n}"}, key=one) for n in range(2)]
    order = {"task": tasks[1].json["number"], "before": tasks[0].json["number"]}
    do("POST", f"{plural}/{{key}}/tasks/order", order, key=one)
    template = do.made(shelf.type("task_template"))
    do("POST", f"{plural}/{{key}}/tasks/from-template", {"template": template}, key=one)


def of_their_own(do: Doer, watch: Watch) -> None:
    """What incidents, problems and notices do besides, and everybody with their own."""
    incident, problem = shelf.type("incident"), shelf.type("problem")
    parent, child = do.made(incident), do.made(incident)
    do("POST", "incidents/{key}/links", {"kind": "child_of", "record": parent}, key=child)
    do("POST", "incidents/{key}/tell-children", {"text": "We are on it."}, key=parent)
    notice = do("POST", "incidents/{key}/notices", {"title": "Down", "text": "Soon."}, key=parent)
    number = notice.json["number"]
    watched_by(do, "notices", number, do.world.number("ra2"))
    do("POST", "notices/{key}/me-too", key=number, by="ra1")
    do("DELETE", "notices/{key}/me-too", key=number, by="ra1")
    cause = do("POST", "problems/from-incident", {"incident": parent}).json["number"]
    do("PATCH", "problems/{key}", {"workaround": "Restart it."}, key=cause)
    do("POST", "problems/{key}/communications", {"about": "workaround"}, key=cause)
    do("POST", "problems/{key}/duplicate", {"of": cause}, key=do.made(problem))
    do("PATCH", "me/profile", {"language": "de", "theme": "dark"}, by="ra1")
    with watch.closed():
        signed_in(do.world.people["ra1"].id)
    do("DELETE", "me/sessions", by="ra1")
    tokens.issue(do.world.people["ra1"].id, "backup", ["read"])
    do("DELETE", "me/tokens?name=backup", by="ra1")


def by_forms(world: World, watch: Watch) -> None:
    """Signing in and out, a password, and a step for many, which the worker does."""
    number = world.number("ra2")
    with watch.closed():
        browser = signed_in(world.people["adm"].id)
    secret = "a long sentence of theirs"
    assert browser.post(f"/users/{number}/password/", {"password": secret}).status == 303
    person = Wire()
    assert person.post("/sign-in", {"username": "ra2", "password": secret}).status == 303
    assert person.post("/sign-out").status == 303
    numbers = [world.incident().number for _ in range(3)]
    data = {"step": "set:team", "apply": "1", "sel": numbers, "team": world.teams["desk"]}
    assert browser.post("/incidents/bulk/", data).status in (200, 303)
    while jobs.work_one():
        pass


def complaints(changes: list[Change]) -> Iterator[str]:
    """What changed and is not told in the same transaction, or told otherwise than it was."""
    steps = defaultdict(list[Change])
    for change in changes:
        steps[change.step].append(change)
    for together in steps.values():
        told = Told(together)
        for change in together:
            yield from told.misses(change)
        yield from told.without_a_doer()


class Told:
    """What the events and entries of one transaction say."""

    def __init__(self, together: list[Change]) -> None:
        rows = defaultdict(list[dict[str, Any]])
        for change in together:
            rows[change.table].append(change.row)
        self.events, self.entries = rows["records_event"], rows["audit_entry"]
        self.texts = {(text["event_id"], text["field"]): text for text in rows["records_eventtext"]}
        self.touched = {row["id"] for row in rows["records_record"]}
        for table, column in TOLD_BY_EVENT.items():
            self.touched |= {row[column] for row in rows[table]}
        self.types = {row["id"]: row["type"] for row in rows["records_record"]}

    def misses(self, change: Change) -> Iterator[str]:
        table, row = change.table, change.row
        if table in EXEMPT:
            return
        if table in TOLD_BY_EVENT:
            if not self.of(row[TOLD_BY_EVENT[table]]):
                yield f"{table}: {row} without an event"
        elif table in TOLD_BY_ENTRY:
            person = row[TOLD_BY_ENTRY[table]]
            if not self.of(person) and person not in {e["record_id"] for e in self.entries}:
                yield f"{table}: {row} without an event or an entry"
        else:
            yield from self.misses_of_record(change)

    def misses_of_record(self, change: Change) -> Iterator[str]:
        row = change.row
        record = row["id"] if "id" in row else row["record_ptr_id"]
        rtype = shelf.type(self.types[record]) if record in self.types else None
        if change.new is None or rtype is None:
            yield f"{change.table}: {record} is gone, or changed beside the common table"
            return
        events = self.of(record)
        if change.old is None and not any(e["version"] <= 1 or e["is_imported"] for e in events):
            yield f"{change.table}: {record} is new, and nothing tells it"
        if not events:
            yield f"{change.table}: {record} changed {change.columns()} without an event"
            return
        columns = {f.source.column: f for f in fields.of(rtype).values()}
        for name, values in change.columns().items():
            if name not in OTHERWISE and not self.tells(events, columns[name], *values):
                yield f"{rtype.name}.{name}: {values} is not what {events} tell"

    def of(self, record: int) -> list[dict[str, Any]]:
        return [event for event in self.events if event["record_id"] == record]

    def tells(self, events: list[dict[str, Any]], field: Field, old: Any, new: Any) -> bool:
        for event in events:
            told = json.loads(event["changes"]).get(field.name)
            text = self.texts.get((event["id"], field.name))
            if text and told and "digest" in told:
                told = [text["old"], text["new"]]
                old, new = old or "", new or ""
            if told and [plain(field, told[0]), plain(field, told[1])] == [
                plain(field, old),
                plain(field, new),
            ]:
                return True
        return False

    def without_a_doer(self) -> Iterator[str]:
        """Who did it, or which machinery; and that what an event tells did change."""
        for event in self.events:
            is_known = event["actor_id"] or event["cause_id"] or event["door"] in MACHINES
            if not is_known:
                yield f"{event['name']} by nobody through {event['door']}"
            if event["record_id"] not in self.touched:
                yield f"{event['name']} tells of a record nobody touched"


def plain(field: Field, value: Any) -> Any:
    """Moments alike, whether a database wrote them or JSON."""
    if value is None or field.kind not in (FieldKind.TIME, FieldKind.DATA):
        return value
    if field.kind is FieldKind.DATA:
        return json.loads(value) if isinstance(value, str) else value
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
