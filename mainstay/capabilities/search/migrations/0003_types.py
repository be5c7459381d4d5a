"""The type of a record became a word of it: a site whose words were written before is to be indexed anew."""

from django.db import migrations


def ask_for_another_pass(apps, schema_editor):
    if apps.get_model("search", "Document").objects.exists():
        apps.get_model("search", "Rebuild").objects.update(is_complete=False, position=0)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words")]
    operations = [migrations.RunPython(ask_for_another_pass, migrations.RunPython.noop)]
