"""What people said about a record, and what somebody is about to say."""

from django.db import models

from mainstay.records.models import Event, KeyOf, Record, to


class Entry(models.Model):
    """One reply (audience "all") or internal note; its event says who and when by which door."""

    event = KeyOf(Event, models.PROTECT, primary_key=True, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    author = to("directory.User")
    audience = models.CharField(max_length=10)
    text = models.TextField()
    # The words of it that called somebody as it was written, with a blank between two; all others are text.
    called = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=("record", "event"), name="entry_record"),
            models.Index(fields=("author",), name="entry_author"),
        ]

    def __str__(self) -> str:
        return f"entry of event {self.event_id}"


class Draft(models.Model):
    """What one person has typed for one audience and not sent: nobody else ever reads it."""

    person = models.ForeignKey("directory.User", models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    audience = models.CharField(max_length=10)
    text = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "record", "audience"), name="draft_once")
        ]
        indexes = [
            models.Index(fields=("record",), name="draft_record"),
            models.Index(fields=("updated_at",), name="draft_age"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.person_id} on {self.record_id}"
