"""The last application to start: declarations go on the shelf, reactions are connected."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "mainstay.config"
    label = "config"

    def ready(self) -> None:
        for module in DECLARATIONS:
            import_module(module)
        import_module("mainstay.config.wiring").connect()
        # Django's signals carry no behaviour of the product: these two only prepare a database.
        connection_created.connect(import_module("mainstay.config.databases").prepare_connection)
        post_migrate.connect(
            import_module("mainstay.records.numbering").prepare,
            sender=apps.get_app_config("records"),
        )
        checks.register(import_module("mainstay.records.checks").mistakes)


DECLARATIONS = (
    "mainstay.directory.record",
    "mainstay.practices.catalogue.record",
    "mainstay.practices.cmdb.record",
    "mainstay.practices.incidents.record",
)
