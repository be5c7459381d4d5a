"""Tells Django about this room's tables."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "mainstay.practices.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
