"""Tells Django about the engine's tables."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "mainstay.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
