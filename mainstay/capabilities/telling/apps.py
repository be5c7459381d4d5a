"""Tells Django about this room's tables."""

from django.apps import AppConfig


class TellingConfig(AppConfig):
    name = "mainstay.capabilities.telling"
    label = "telling"
    default_auto_field = "django.db.models.BigAutoField"
