"""The tables of the audit: entries, repeats that become entries, and the seals over entries and events."""

from django.db import models

from mainstay.records.models import to


class AuditEntry(models.Model):
    """Something that happened and is no event of a record; never changed, never deleted.

    `times` counts what was folded into it. The address it came from is personal: it can be blanked together with its
    salt, and the digest stays.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = to("directory.User")
    record = to("records.Record")
    door = models.CharField(max_length=40)
    times = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict)
    address = models.CharField(max_length=64, default="", blank=True)
    salt = models.CharField(max_length=32, default="", blank=True)
    address_digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=("actor", "id"), name="audit_entry_actor"),
            models.Index(fields=("record", "id"), name="audit_entry_record"),
            models.Index(fields=("kind", "id"), name="audit_entry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Repeat(models.Model):
    """How often the same was tried in a minute; when the minute is over, one entry tells it."""

    key = models.CharField(max_length=64, primary_key=True)
    minute = models.BigIntegerField()
    who = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)
    entry = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=("minute", "who"), name="audit_repeat_minute")]

    def __str__(self) -> str:
        return f"{self.count} in minute {self.minute}"


class Seal(models.Model):
    """Closes a batch: every event up to `events` and every entry up to `entries` that no earlier seal holds.

    `leaves` names each row with its hash, `root` stands for all of them, and `digest` for the seal and, by
    `previous`, for every one before it.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    events = models.BigIntegerField()
    entries = models.BigIntegerField()
    count = models.PositiveIntegerField()
    leaves = models.BinaryField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=("at",), name="audit_seal_at")]

    def __str__(self) -> str:
        return f"{self.pk}-{self.digest}"
