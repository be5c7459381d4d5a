"""The tables every record type shares; each practice adds one narrow table of its own."""

from typing import Any

from django.db import models
from django.db.models import Q

from mainstay.records.keys import new_version, uuid7


def to(model: str, **more: Any) -> models.ForeignKey[Any, Any]:
    """A foreign key whose index is declared in `Meta`, led by it; what it points at is never deleted under it."""
    return models.ForeignKey(
        model, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, **more
    )


class KeyOf(models.OneToOneField[Any, Any]):
    """A key that is another row's key. On SQLite it is the place of its row as well, as only an `integer` can be:

    a `bigint` there is looked up in an index first, which a list of 100 pays 100 times and every insert once.
    """

    def db_type(self, connection: Any) -> str | None:
        """The column's type in this database."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


def parent() -> KeyOf:
    """How every child table names its row here; without related_name="+" the children's names clash with columns."""
    return KeyOf(Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+")


def led_by(column: str, name: str) -> list[models.Index]:
    """One person's, team's or organisation's records: all, and the open ones in an index that stays small."""
    keys = (column, "type", "-created_at", "-id")
    return [
        models.Index(fields=keys, name=f"record_{name}"),
        models.Index(fields=keys, name=f"record_{name}_open", condition=Q(is_open=True)),
    ]


class Record(models.Model):
    """Anything with a number somebody might paste into a message."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True, editable=False)
    type = models.CharField(max_length=40, editable=False)
    title = models.CharField(max_length=250)
    state = models.CharField(max_length=40, editable=False)
    kind = models.CharField(max_length=12, editable=False)
    is_open = models.BooleanField(default=True, editable=False)
    is_removed = models.BooleanField(default=False, editable=False)
    priority = models.SmallIntegerField(null=True, blank=True)
    organisation = to("directory.Organisation")
    team = to("directory.Team")
    requester = to("directory.User")
    requested_for = to("directory.User")
    assignee = to("directory.User")
    waiting_for = models.CharField(max_length=20, null=True, blank=True)  # noqa: DJ001 - unset is a fact
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    extra = models.JSONField(default=dict, blank=True, editable=False)

    # What the last command on this very object left; none where it changed nothing.
    last_event: Any = None

    class Meta:
        indexes = [
            models.Index(fields=("type", "-created_at", "-id"), name="record_type"),
            models.Index(fields=("type", "-updated_at", "-id"), name="record_updated"),
            # Where few titles have the words that are looked for, all that is open is walked
            # through: with the titles in it no other record is read for that (SQLite, two words in
            # 7,400: 2.4 ms for 4.8). With the team in it as well SQLite would take it for the lists
            # of one team.
            models.Index(
                fields=("type", "-created_at", "-id", "title"),
                name="record_type_open",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=("type", "-updated_at", "-id"),
                name="record_updated_open",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=("type", "priority", "id"),
                name="record_priority_open",
                condition=Q(is_open=True),
            ),
            # The states between open and closed that queues have a tab for: few records each.
            models.Index(
                fields=("type", "state", "-created_at", "-id"),
                name="record_between",
                condition=Q(kind__in=("waiting", "resolved")),
            ),
            *led_by("requester", "requester"),
            # Few records are for somebody else, so one index is small enough for the open ones as well.
            models.Index(
                fields=("requested_for", "type", "-created_at", "-id"),
                name="record_requested_for",
                condition=Q(requested_for__isnull=False),
            ),
            *led_by("assignee", "assignee"),
            *led_by("team", "team"),
            *led_by("organisation", "organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Event(models.Model):
    """What one command did: history line, audit entry and outbox message at once; never changed, never deleted."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    audience = models.CharField(max_length=10, default="all")
    actor = to("directory.User")
    door = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    changes = models.JSONField(default=dict)
    cause = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    depth = models.PositiveSmallIntegerField(default=0)
    is_imported = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=("record", "id"), name="event_record"),
            models.Index(fields=("actor", "id"), name="event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class EventText(models.Model):
    """Long or personal text of an event; it can be blanked, the event's salted digest of it stays."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=60)
    salt = models.CharField(max_length=32)
    old = models.TextField(default="", blank=True)
    new = models.TextField(default="", blank=True)
    is_redacted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("event", "field"), name="event_text")]

    def __str__(self) -> str:
        return f"{self.field} of event {self.event_id}"


class Pending(models.Model):
    """An event some listeners have not heard yet; `listener` is empty until one of them failed."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    shard = models.SmallIntegerField()
    listener = models.CharField(max_length=120, default="", blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="", blank=True)
    is_dead = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=("shard", "event"), name="pending_fresh", condition=Q(due_at=None)),
            models.Index(fields=("due_at",), name="pending_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=("record", "listener"), name="pending_record"),
        ]
        constraints = [models.UniqueConstraint(fields=("event", "listener"), name="pending_once")]

    def __str__(self) -> str:
        return f"event {self.event_id} for {self.listener or 'everybody'}"


class Shard(models.Model):
    """A sixteenth of all records, leased to one worker at a time so that events of one record stay in order."""

    id = models.SmallIntegerField(primary_key=True)
    holder = models.CharField(max_length=40, default="", blank=True)
    until = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"shard {self.pk}"


class Timer(models.Model):
    """Something that happens to a record at a time unless it is disarmed before."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("record", "name"), name="timer_once")]
        indexes = [models.Index(fields=("due_at",), name="timer_due")]

    def __str__(self) -> str:
        return f"{self.name} of record {self.record_id}"


class Counter(models.Model):
    """The last number given out for a prefix (PostgreSQL counts with sequences instead)."""

    prefix = models.CharField(max_length=12, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.value}"


class Link(models.Model):
    """A relation between two records, named from the source's side."""

    kind = models.CharField(max_length=40)
    source = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("source", "target", "kind"), name="link_once")
        ]
        indexes = [models.Index(fields=("target", "kind"), name="link_target")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Alias(models.Model):
    """The name another system gives to a record."""

    system = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("system", "key"), name="alias_once")]
        indexes = [models.Index(fields=("record",), name="alias_record")]

    def __str__(self) -> str:
        return f"{self.system}:{self.key}"


class ReplayMark(models.Model):
    """How far another system's past has been replayed; moved in the transaction of its records."""

    source = models.CharField(max_length=120, primary_key=True)
    position = models.PositiveIntegerField(default=0)
    is_finished = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.source} up to {self.position}"


class SettingsVersion(models.Model):
    """A random label for one part of what administrators set; read with the actor, so a change is seen at once."""

    part = models.CharField(max_length=40, primary_key=True)
    version = models.BigIntegerField(default=new_version)

    def __str__(self) -> str:
        return self.part


class Answer(models.Model):
    """What a request with an Idempotency-Key was answered, kept in the transaction of its effect."""

    digest = models.CharField(max_length=64, primary_key=True)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("created_at",), name="answer_age")]

    def __str__(self) -> str:
        return f"answer {self.digest[:8]}"


class Job(models.Model):
    """Long work a person started: how far it is, what came of it, and who may look."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    person = to("directory.User")
    door = models.CharField(max_length=40)
    plan = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # The job that takes back what this one did: one is enough, however often it is asked for.
    undone_by = models.UUIDField(null=True)
    # It ended while nobody waited for it, and its person was not told yet.
    is_news = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=("person", "-created_at"), name="job_person"),
            models.Index(fields=("person",), name="job_news", condition=Q(is_news=True)),
            models.Index(fields=("created_at",), name="job_open", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.done} of {self.total}"


class JobEvent(models.Model):
    """What a step of a job did, where it did anything: by these it is taken back, and by nothing else."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="+", db_index=False)
    step = models.PositiveIntegerField()
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("job", "step"), name="job_event_once")]

    def __str__(self) -> str:
        return f"step {self.step} of {self.job_id}: event {self.event_id}"


class JobRefusal(models.Model):
    """A step of a job that was refused, and why: a row each, so that none of very many is left out."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="+", db_index=False)
    step = models.PositiveIntegerField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("job", "step"), name="job_refusal_once")]

    def __str__(self) -> str:
        return f"step {self.step} of {self.job_id}: {self.reason}"
