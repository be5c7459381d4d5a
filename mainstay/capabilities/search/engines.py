"""Which of the two kinds of index this site has: files of the same functions."""

from types import ModuleType

from django.db import connection

from mainstay.capabilities.search import postgres, sqlite


def engine() -> ModuleType:
    return postgres if connection.vendor == "postgresql" else sqlite
