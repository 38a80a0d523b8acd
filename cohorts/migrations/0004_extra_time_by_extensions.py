"""How much extra time each exam has by extensions: of those that run, what the extensions of now give."""

import datetime

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def remember(apps, schema_editor):
    """Note of each running exam how much extra time it has, so that it is not given again."""
    using = schema_editor.connection.alias
    AttemptTerms = apps.get_model("cohorts", "AttemptTerms").objects.using(using)
    extensions = apps.get_model("cohorts", "Extension").objects.using(using).exclude(extra_time=None)
    theirs = extensions.filter(assignment=OuterRef("assignment"), enrolment__user=OuterRef("attempt__learner"))
    running = AttemptTerms.filter(counts=True, attempt__submitted_at=None, attempt__expired_at=None)
    rows = list(running.annotate(minutes=Subquery(theirs.values("extra_time"))).exclude(minutes=None))
    for row in rows:
        row.extra_time = row.minutes
    AttemptTerms.bulk_update(rows, ["extra_time"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0003_one_press_makes_one"), ("quizzes", "0001_tables")]

    operations = [
        migrations.AddField(
            model_name="attemptterms",
            name="extra_time",
            field=models.DurationField(default=datetime.timedelta),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
