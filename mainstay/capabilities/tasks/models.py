"""A task of a record, and lists of tasks to begin with."""

from django.db import models

from mainstay.records.models import Record, parent


class Task(Record):
    """Something that has to be done about a record; it stands where that stands, before or behind its other tasks."""

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
