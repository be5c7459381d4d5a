"""The product's settings, with English written from right to left: so its layout is seen without such a language."""

from mainstay.config.settings.base import *  # noqa: F403

LANGUAGES_BIDI = ["en"]
