"""Quizzes that staff made, set for their cohorts (decision 0058)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0012_handovers_and_invitations'),
        ('quizzes', '0005_quizzes_of_owners'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuizAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('closes_at', models.DateTimeField(null=True)),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quiz_assignments', to='cohorts.cohort')),
                ('quiz', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='quizzes.quiz')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('cohort', 'quiz'), name='one_quiz_assignment_per_cohort_and_quiz'), models.CheckConstraint(condition=models.Q(('due_at', None), ('due_at__gt', models.F('opens_at')), _connector='OR'), name='a_quiz_opens_before_it_is_due'), models.CheckConstraint(condition=models.Q(('closes_at', None), ('closes_at__gt', models.F('opens_at')), _connector='OR'), name='a_quiz_opens_before_it_closes'), models.CheckConstraint(condition=models.Q(('closes_at', None), ('due_at', None), ('closes_at__gte', models.F('due_at')), _connector='OR'), name='a_quiz_closes_after_it_is_due')],
            },
        ),
    ]
