"""The function both databases compare texts with; SQLite gets it with every connection."""

from django.db import migrations

from mainstay.records.folding import POSTGRESQL_FUNCTION


def teach(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_initial")]
    operations = [migrations.RunPython(teach, migrations.RunPython.noop)]
