"""The columns only tasks and lists of tasks have."""

from django.db import models

from mainstay.records.models import Record, parent


class Task(Record):
    """One piece of work about one record; `place` orders those of a record, with room between any two."""

    record_ptr = parent()
    parent = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    description = models.TextField(default="", blank=True)
    place = models.BigIntegerField(default=0, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=("parent", "place"), name="task_parent")]


class TaskTemplate(Record):
    """Tasks that come up again and again, one a line."""

    record_ptr = parent()
    description = models.TextField(default="", blank=True)
    tasks = models.TextField("tasks, one a line")
