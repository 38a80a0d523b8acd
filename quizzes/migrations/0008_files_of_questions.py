"""Files of questions that owners bring into their banks, and what an item keeps of its file (decision 0059)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0007_pictures_of_own_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("item", "is_flagged", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("item", "origin", models.JSONField(default=dict, db_default={})),
        migrations.AddField(
            "item",
            "came_into",
            models.ForeignKey("quizzes.bank", django.db.models.deletion.SET_NULL, null=True, related_name="+"),
        ),
        migrations.CreateModel(
            "Upload",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("language", models.CharField(max_length=12)),
                ("checksum", models.CharField(max_length=64)),
                ("data", models.BinaryField()),
                ("rows", models.JSONField()),
                ("notes", models.JSONField()),
                ("left", models.JSONField(default=list)),
                ("made", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "bank",
                    models.ForeignKey("quizzes.bank", django.db.models.deletion.CASCADE, related_name="uploads"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE, related_name="uploads"
                    ),
                ),
            ],
        ),
    ]
