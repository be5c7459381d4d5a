"""Tells Django about this room's tables."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "mainstay.capabilities.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
