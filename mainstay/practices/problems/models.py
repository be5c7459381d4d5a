"""The columns only problems have."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from mainstay.capabilities.priority.choices import LEVELS
from mainstay.practices.problems.codes import RESOLUTION_CODES
from mainstay.records.models import Record, parent, to


class Problem(Record):
    """A cause, or a possible cause, of incidents."""

    record_ptr = parent()
    body = models.TextField("description", default="", blank=True)
    impact = models.SmallIntegerField(default=3, choices=LEVELS)
    urgency = models.SmallIntegerField(default=3, choices=LEVELS)
    service = to("catalogue.Service")
    item = to("cmdb.Item")
    is_major = models.BooleanField("major problem", default=False)
    cause = models.TextField("root cause", default="", blank=True)
    workaround = models.TextField(default="", blank=True)
    fix = models.TextField(default="", blank=True)
    is_known_error = models.BooleanField("known error", default=False)
    known_error_at = models.DateTimeField("known error since", null=True, editable=False)
    resolution_code = models.CharField(
        max_length=20, default="", blank=True, choices=RESOLUTION_CODES, editable=False
    )
    verification_days = models.PositiveSmallIntegerField(
        "days of verification",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    verified_until = models.DateTimeField("in verification until", null=True, editable=False)
    risk_owner = to("directory.User")
    risk_until = models.DateField("risk accepted until", null=True, blank=True)
    risk_reason = models.TextField("why the risk is accepted", default="", blank=True)
    assigned_because = models.CharField(max_length=250, default="", blank=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by = to("directory.User", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopen_count = models.PositiveSmallIntegerField("reopened", default=0, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=("service",), name="problem_service"),
            models.Index(fields=("item",), name="problem_item"),
            models.Index(fields=("resolved_by",), name="problem_resolved_by"),
            models.Index(fields=("risk_owner",), name="problem_risk_owner"),
        ]
