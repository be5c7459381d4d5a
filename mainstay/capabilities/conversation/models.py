"""What people said about a record."""

from django.db import models

from mainstay.records.models import Event, KeyOf, Record, to


class Entry(models.Model):
    """One reply (audience "all") or internal note; its event says who and when by which door."""

    event = KeyOf(Event, models.PROTECT, primary_key=True, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    author = to("directory.User")
    audience = models.CharField(max_length=10)
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=("record", "event"), name="entry_record"),
            models.Index(fields=("author",), name="entry_author"),
        ]

    def __str__(self) -> str:
        return f"entry of event {self.event_id}"
