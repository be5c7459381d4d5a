"""What people are told, what they watch, and what they do not want to hear."""

from django.db import models
from django.db.models import Q

from mainstay.records.models import Event, Record


class InboxEntry(models.Model):
    """What one person is told about one record: however much happens, there is one entry, and it says how much.

    `event` is the one its kind comes from (none where a date alone had come), `last` the newest that is counted.
    """

    person = models.ForeignKey("directory.User", models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+", db_index=False)
    last = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField(default=1)
    is_internal = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "record"), name="inbox_once")]
        indexes = [
            models.Index(fields=("person", "-at", "-id"), name="inbox_person"),
            models.Index(
                fields=("person", "-at", "-id"), name="inbox_unread", condition=Q(read_at=None)
            ),
            models.Index(fields=("record",), name="inbox_record"),
            models.Index(fields=("at",), name="inbox_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id} on {self.record_id}"


class Watcher(models.Model):
    """A person who wants to hear of everything that happens to a record and that they may see."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("directory.User", models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("record", "person"), name="watcher_once")]
        indexes = [models.Index(fields=("person",), name="watcher_person")]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.record_id}"


class Preference(models.Model):
    """Whether a person wants one kind by one channel, where that is not what it is for everybody."""

    person = models.ForeignKey("directory.User", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "kind", "channel"), name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel} for {self.person_id}"
