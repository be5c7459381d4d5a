"""Tells Django about this room's tables."""

from django.apps import AppConfig


class CmdbConfig(AppConfig):
    name = "mainstay.practices.cmdb"
    label = "cmdb"
    default_auto_field = "django.db.models.BigAutoField"
