"""Whether a quiz that is set counts for marks, how much, and beside which module; what is set already is practice."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0013_quizzes_set_for_cohorts'),
        ('lessons', '0004_documents_split'),
    ]

    operations = [
        migrations.AddField(
            model_name='quizassignment',
            name='is_for_marks',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='quizassignment',
            name='weight',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='quizassignment',
            name='module',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quiz_assignments', to='lessons.module'),
        ),
    ]
