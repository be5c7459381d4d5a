"""The columns only moonshots have: one of each kind there is."""

from django.db import models

from mainstay.records.models import Record, parent, to


class Moonshot(Record):
    """What goes live together, for one service."""

    record_ptr = parent()
    service = to("catalogue.Service")
    risk = models.CharField(
        max_length=10, default="low", choices=[("low", "Low"), ("high", "High")]
    )
    planned_for = models.DateField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    downtime = models.IntegerField("minutes of downtime", null=True, blank=True)
    is_rehearsed = models.BooleanField(default=False)
    notes = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=("service",), name="moonshot_service")]
