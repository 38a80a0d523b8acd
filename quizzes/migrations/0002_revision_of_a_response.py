"""Each write of an answer raises its revision, and says from which page and as which of its changes it came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0001_tables")]

    operations = [
        migrations.AddField("response", "revision", models.PositiveIntegerField(default=0)),
        migrations.AddField("response", "saved_from", models.CharField(blank=True, max_length=12)),
        migrations.AddField("response", "saved_count", models.PositiveIntegerField(default=0)),
    ]
