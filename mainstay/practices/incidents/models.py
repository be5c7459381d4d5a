"""The columns only incidents have."""

from django.db import models

from mainstay.capabilities.priority.choices import LEVELS
from mainstay.practices.incidents.codes import CHANNELS, CLOSE_CODES
from mainstay.records.models import Record, parent, to


class Incident(Record):
    """An unplanned interruption of a service, or a loss of its quality.

    `imported` holds the counters another system kept, beside ours.
    """

    record_ptr = parent()
    body = models.TextField("description", default="", blank=True)
    impact = models.SmallIntegerField(default=3, choices=LEVELS)
    urgency = models.SmallIntegerField(default=3, choices=LEVELS)
    service = to("catalogue.Service")
    item = to("cmdb.Item")
    category = models.CharField(max_length=80, default="", blank=True)
    subcategory = models.CharField(max_length=80, default="", blank=True)
    channel = models.CharField(max_length=20, default="", blank=True, choices=CHANNELS)
    resume_on = models.DateField("expected to resume", null=True, blank=True)
    close_code = models.CharField(max_length=30, default="", blank=True, choices=CLOSE_CODES)
    resolution = models.TextField(default="", blank=True)
    assigned_because = models.CharField(max_length=250, default="", blank=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by = to("directory.User", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopen_count = models.PositiveSmallIntegerField("reopened", default=0, editable=False)
    reassignment_count = models.PositiveSmallIntegerField("reassigned", default=0, editable=False)
    imported = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=("service",), name="incident_service"),
            models.Index(fields=("item",), name="incident_item"),
            models.Index(fields=("resolved_by",), name="incident_resolved_by"),
        ]
