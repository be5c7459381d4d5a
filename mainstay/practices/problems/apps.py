"""Tells Django about this room's tables."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "mainstay.practices.problems"
    label = "problems"
    default_auto_field = "django.db.models.BigAutoField"
