"""Tells Django about the engine's tables, and the pure rules about Django's translations."""

from django.apps import AppConfig
from django.utils.translation import get_language, gettext, ngettext

from mainstay.pure import language


class RecordsConfig(AppConfig):
    """The application of the engine's tables."""

    name = "mainstay.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lends the pure rules Django's catalogue, once Django is set up."""
        language.lend(gettext, ngettext, get_language)
