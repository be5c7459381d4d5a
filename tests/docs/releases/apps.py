"""Tells Django about this room's tables."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "mainstay.practices.releases"
    label = "releases"
    default_auto_field = "django.db.models.BigAutoField"
