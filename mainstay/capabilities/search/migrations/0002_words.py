"""The table of words, which is of another kind in each database; a site that has records is to be indexed first."""

from django.db import migrations

from mainstay.capabilities.search import postgres, sqlite


def make(apps, schema_editor):
    engine = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in engine.CREATE:
        schema_editor.execute(statement)
    is_new = not apps.get_model("records", "Record").objects.exists()
    apps.get_model("search", "Rebuild").objects.create(pk=1, is_complete=is_new)


def drop(apps, schema_editor):
    engine = postgres if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in engine.DROP:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("records", "0005_replaymark")]
    operations = [migrations.RunPython(make, drop)]
