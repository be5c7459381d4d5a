"""The columns only services have."""

from django.db import models

from mainstay.records.models import Record, parent


class Service(Record):
    """Something people rely on; its owner answers for it, its support team restores it."""

    record_ptr = parent()
    description = models.TextField(default="", blank=True)
