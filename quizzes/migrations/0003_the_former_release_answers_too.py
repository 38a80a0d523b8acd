"""The database fills what the former release does not know of a response, while both serve (quality R16)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0002_revision_of_a_response")]

    operations = [
        migrations.AlterField("response", "revision", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AlterField("response", "saved_from", models.CharField(blank=True, db_default="", max_length=12)),
        migrations.AlterField("response", "saved_count", models.PositiveIntegerField(default=0, db_default=0)),
    ]
