"""`python -m mainstay.surfaces.api` writes the published schema anew."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings.test")
django.setup()
openapi = import_module("mainstay.surfaces.api.openapi")
openapi.FILE.write_text(openapi.text())
