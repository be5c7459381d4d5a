"""What is attached to records; the bytes lie content-addressed below the data directory."""

from django.db import models

from mainstay.records.keys import uuid7
from mainstay.records.models import Event, Record, to


class Upload(models.Model):
    """A file sent ahead of the message it belongs to: until that is sent it exists for whoever sent it alone."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    author = to("directory.User")
    audience = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=("record", "author"), name="upload_record"),
            models.Index(fields=("author",), name="upload_author"),
            models.Index(fields=("digest",), name="upload_digest"),
            models.Index(fields=("created_at",), name="upload_age"),
        ]

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A file of a record: seen by whoever sees the record, an internal one only by those who work on it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    author = to("directory.User")
    audience = models.CharField(max_length=10, default="all")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    # For whoever attaches it, and kept nowhere: it may be wrong, and would tell others where to look.
    warning = ""

    class Meta:
        indexes = [
            models.Index(fields=("record", "id"), name="attachment_record"),
            models.Index(fields=("author",), name="attachment_author"),
            models.Index(fields=("digest",), name="attachment_digest"),
        ]

    def __str__(self) -> str:
        return self.name
