"""Tells Django about this room's tables."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "mainstay.practices.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
