from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversation", "0002_draft"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="called",
            field=models.TextField(blank=True, default=""),
        ),
    ]
