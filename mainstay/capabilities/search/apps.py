"""Tells Django about this room's tables."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "mainstay.capabilities.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
