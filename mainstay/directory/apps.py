"""Tells Django about the directory's tables."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "mainstay.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"
