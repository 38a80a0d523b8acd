"""By which press of a form a cohort or an assignment was made: a second press makes none (quality R24)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0002_membership_and_terms")]

    operations = [
        migrations.AddField(name, "press", models.CharField(editable=False, max_length=32, null=True, unique=True))
        for name in ("assignment", "cohort")
    ]
