"""The columns only configuration items have."""

from django.db import models

from mainstay.records.models import Record, parent, to


class Item(Record):
    """A configuration item: a server, a switch, an application, a certificate."""

    record_ptr = parent()
    service = to("catalogue.Service")
    environment = models.CharField(
        max_length=20,
        default="production",
        choices=[("production", "Production"), ("test", "Test"), ("development", "Development")],
    )
    serial = models.CharField("serial number", max_length=120, default="", blank=True)
    description = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=("service",), name="item_service")]
