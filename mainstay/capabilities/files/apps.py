"""Tells Django about this room's tables."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "mainstay.capabilities.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
