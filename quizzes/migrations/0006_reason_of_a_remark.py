"""Why marks are others now is kept with them: a version that comes back has the reason of its first time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0005_quizzes_of_owners")]

    operations = [
        migrations.AddField("remark", "reason", models.JSONField(default=dict, db_default={})),
    ]
