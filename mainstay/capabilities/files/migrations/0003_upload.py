import django.db.models.deletion
from django.db import migrations, models

import mainstay.records.keys


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_token_ended_at"),
        ("files", "0002_initial"),
        ("records", "0007_job_refusals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(
                        default=mainstay.records.keys.uuid7, editable=False, unique=True
                    ),
                ),
                ("audience", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.user",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.record",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["record", "author"], name="upload_record"),
                    models.Index(fields=["author"], name="upload_author"),
                    models.Index(fields=["digest"], name="upload_digest"),
                    models.Index(fields=["created_at"], name="upload_age"),
                ],
            },
        ),
    ]
