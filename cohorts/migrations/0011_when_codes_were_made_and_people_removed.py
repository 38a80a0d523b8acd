"""When codes were made, and when staff took somebody out and whether they read so."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0010_offers_and_names_that_pages_show'),
    ]

    operations = [
        migrations.AddField(
            model_name='cohort',
            name='code_made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='code_made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='removal_seen_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='removed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
