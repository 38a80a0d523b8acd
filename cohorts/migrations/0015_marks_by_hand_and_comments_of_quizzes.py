"""A mark set by hand, and a comment, may be of a quiz that is set. Backwards these go, since nothing holds them."""

import django.db.models.deletion
from django.db import migrations, models


def forget_those_of_quizzes(apps, schema_editor):
    for name in ('HandMark', 'Comment'):
        apps.get_model('cohorts', name).objects.filter(quiz__isnull=False).delete()


class Migration(migrations.Migration):

    dependencies = [('cohorts', '0014_quizzes_for_marks')]

    operations = [
        migrations.AlterField(
            model_name='handmark',
            name='assignment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='hand_marks', to='cohorts.assignment'),
        ),
        migrations.AlterField(
            model_name='handmark',
            name='section',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_marks', to='lessons.section'),
        ),
        migrations.AddField(
            model_name='handmark',
            name='quiz',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='hand_marks', to='cohorts.quizassignment'),
        ),
        migrations.AddConstraint(
            model_name='handmark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assignment__isnull', False), ('quiz', None), ('section__isnull', False)), models.Q(('assignment', None), ('quiz__isnull', False), ('section', None)), _connector='OR'), name='a_hand_mark_is_of_a_section_or_of_a_quiz'),
        ),
        migrations.AddField(
            model_name='comment',
            name='quiz',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='cohorts.quizassignment'),
        ),
        migrations.RemoveConstraint(model_name='comment', name='one_comment_per_learner_on_all'),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(condition=models.Q(('quiz', None), ('section', None)), fields=('enrolment',), name='one_comment_per_learner_on_all'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(condition=models.Q(('quiz__isnull', False)), fields=('enrolment', 'quiz'), name='one_comment_per_learner_and_quiz'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('section', None), ('quiz', None), _connector='OR'), name='a_comment_is_on_a_section_or_on_a_quiz'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_those_of_quizzes),
    ]
