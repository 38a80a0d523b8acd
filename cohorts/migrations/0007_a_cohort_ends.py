"""The day on which a cohort ends, and since when one is erased."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0006_titles_late_rules_weights_and_comments'),
    ]

    operations = [
        migrations.AddField(
            model_name='cohort',
            name='ends_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='cohort',
            name='erased_at',
            field=models.DateTimeField(null=True),
        ),
    ]
