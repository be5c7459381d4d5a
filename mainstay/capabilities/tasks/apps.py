"""Tells Django about this room's tables."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "mainstay.capabilities.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"
