"""A note to all of a cohort stands without a section, one for each cohort; and when a note was saved."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0008_what_is_missing_in_a_total'),
        ('lessons', '0008_pages_of_the_front_door'),
    ]

    operations = [
        migrations.AddField(
            model_name='note',
            name='written_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='note',
            name='section',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='lessons.section'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.UniqueConstraint(condition=models.Q(('section', None)), fields=('cohort',), name='one_note_per_cohort_without_section'),
        ),
    ]
