"""Titles, closing dates and late rules of assignments; weights, comments, and marks by hand that are taken back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0005_groups_and_names_for_staff'),
        ('lessons', '0008_pages_of_the_front_door'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Weight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='assignment',
            name='closes_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='late_points',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='assignment',
            name='late_rule',
            field=models.CharField(choices=[('full', 'Counts in full'), ('less', 'Counts with points taken off')], db_default='full', default='full', max_length=8),
        ),
        migrations.AddField(
            model_name='assignment',
            name='title',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='cohort',
            name='points',
            field=models.PositiveSmallIntegerField(choices=[(100, 'Points of 100'), (20, 'Points of 20')], db_default=100, default=100),
        ),
        migrations.AddField(
            model_name='handmark',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at', None), models.Q(('closes_at__gte', models.F('due_at')), ('due_at__isnull', False)), _connector='OR'), name='an_assignment_closes_after_it_is_due'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('late_points__lte', 100)), name='at_most_100_points_are_taken_off'),
        ),
        migrations.AddField(
            model_name='comment',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='cohorts.enrolment'),
        ),
        migrations.AddField(
            model_name='comment',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='section',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='lessons.section'),
        ),
        migrations.AddField(
            model_name='weight',
            name='cohort',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weights', to='cohorts.cohort'),
        ),
        migrations.AddField(
            model_name='weight',
            name='module',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='weights', to='lessons.module'),
        ),
        migrations.AddField(
            model_name='weight',
            name='section',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='weights', to='lessons.section'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(condition=models.Q(('section__isnull', False)), fields=('enrolment', 'section'), name='one_comment_per_learner_and_section'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(condition=models.Q(('section', None)), fields=('enrolment',), name='one_comment_per_learner_on_all'),
        ),
        migrations.AddConstraint(
            model_name='weight',
            constraint=models.UniqueConstraint(condition=models.Q(('section__isnull', False)), fields=('cohort', 'module', 'section'), name='one_weight_per_cohort_and_section'),
        ),
        migrations.AddConstraint(
            model_name='weight',
            constraint=models.UniqueConstraint(condition=models.Q(('section', None)), fields=('cohort', 'module'), name='one_weight_per_cohort_and_exam'),
        ),
    ]
