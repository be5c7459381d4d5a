"""The last application to start: declarations go on the shelf, reactions are connected."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

# Models may be imported only when every application is known, so what uses them is imported by name in `ready`.


class ConfigConfig(AppConfig):
    name = "mainstay.config"
    label = "config"

    def ready(self) -> None:
        # The record.py of every installed application that has one, in the order they stand in.
        autodiscover_modules("record")
        import_module("mainstay.config.wiring").connect()
        # Django's signals carry no behaviour of the product: these four only prepare a database.
        connection_created.connect(import_module("mainstay.config.databases").prepare_connection)
        connection_created.connect(import_module("mainstay.config.patience").prepare)
        post_migrate.connect(
            import_module("mainstay.records.numbering").prepare,
            sender=apps.get_app_config("records"),
        )
        post_migrate.connect(
            import_module("mainstay.records.audit.guards").prepare,
            sender=apps.get_app_config("audit"),
        )
        checks.register(declarations)
        checks.register(real_site, deploy=True)


def declarations(**_: object) -> list[checks.CheckMessage]:
    """A Django system check: what the engine finds wrong, given what the other floors know; then the API."""
    found: list[checks.CheckMessage] = import_module("mainstay.records.checks").mistakes(around())
    if found:
        # The API is built from them, which only what is right can stand.
        return found
    api = import_module("mainstay.surfaces.api.build").api()
    return [checks.Error(text, id="mainstay.E003") for text in api.refused]


def around() -> Any:
    web = "mainstay.surfaces.web"
    return import_module("mainstay.records.checks").Around(
        roles=import_module("mainstay.directory.roles").LABELS,
        areas=import_module(f"{web}.shell").AREAS,
        icons=import_module(f"{web}.assets").icons(),
        words=import_module("mainstay.surfaces.api.schemas").RESERVED,
        addresses=import_module("mainstay.config.addresses").TAKEN,
        entries=import_module(f"{web}.audit").KINDS,
    )


def real_site(**_: object) -> list[checks.CheckMessage]:
    """What is well on a desk and not where people rely on it."""
    found: list[checks.CheckMessage] = []
    if settings.MAINSTAY_DEMO:
        text = "MAINSTAY_DEMO is on: everybody who reads the log can sign in."
        found.append(checks.Warning(text, id="mainstay.W001"))
    if not settings.MAINSTAY_BASE_URL.startswith("https://"):
        text = "MAINSTAY_BASE_URL names no https:// address: cookies are sent without TLS, too."
        found.append(checks.Warning(text, id="mainstay.W002"))
    return found
