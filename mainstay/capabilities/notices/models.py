"""What everybody is told is going on, what it was published from, and who has it too."""

from django.db import models

from mainstay.records.models import Record, parent


class Notice(Record):
    """Something people are told before they ask; it stands in an organisation, and in no team."""

    record_ptr = parent()
    text = models.TextField()
    ended_at = models.DateTimeField(null=True, editable=False)


class Origin(models.Model):
    """The record a notice was published from: no field of the notice, so nothing that shows notices can show it."""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=("record", "-id"), name="notice_origin")]

    def __str__(self) -> str:
        return f"notice {self.notice_id} of {self.record_id}"


class MeToo(models.Model):
    """One person who said that they have it too."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("directory.User", models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("notice", "person"), name="me_too_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.notice_id}"
