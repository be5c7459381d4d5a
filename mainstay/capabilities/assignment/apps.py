"""Tells Django about this room's tables."""

from django.apps import AppConfig


class AssignmentConfig(AppConfig):
    name = "mainstay.capabilities.assignment"
    label = "assignment"
    default_auto_field = "django.db.models.BigAutoField"
