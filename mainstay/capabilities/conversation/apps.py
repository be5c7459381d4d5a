"""Tells Django about this room's tables."""

from django.apps import AppConfig


class ConversationConfig(AppConfig):
    name = "mainstay.capabilities.conversation"
    label = "conversation"
    default_auto_field = "django.db.models.BigAutoField"
