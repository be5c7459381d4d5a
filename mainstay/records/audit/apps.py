"""Tells Django about the audit's tables."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The application of the audit's tables; in migrations it is called `audit`."""

    name = "mainstay.records.audit"
    label = "audit"
