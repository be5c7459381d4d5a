"""Tells Django about this room's tables."""

from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "mainstay.capabilities.views"
    label = "views"
    default_auto_field = "django.db.models.BigAutoField"
