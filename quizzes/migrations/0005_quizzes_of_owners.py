"""Quizzes that somebody made of items and rules, and their attempts (decision 0058)."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lessons', '0008_pages_of_the_front_door'),
        ('quizzes', '0004_banks_of_owners'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QuizRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(blank=True, max_length=12)),
                ('objective', models.PositiveSmallIntegerField(default=0)),
                ('size', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)])),
            ],
        ),
        migrations.CreateModel(
            name='Quiz',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('threshold', models.DecimalField(decimal_places=4, max_digits=5)),
                ('attempts_allowed', models.PositiveSmallIntegerField(null=True)),
                ('asks_certainty', models.BooleanField(default=False)),
                ('press', models.CharField(editable=False, max_length=32, null=True, unique=True)),
                ('items', models.ManyToManyField(blank=True, related_name='quizzes', to='quizzes.item')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quizzes', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='attempt',
            name='quiz',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='quizzes.quiz'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('expired_at', None), ('submitted_at', None), ('use', 'quiz')), fields=('learner', 'quiz', 'is_trial'), name='one_open_attempt_per_learner_and_quiz'),
        ),
        migrations.AddField(
            model_name='quizrule',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='quizzes.bank'),
        ),
        migrations.AddField(
            model_name='quizrule',
            name='quiz',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='quizzes.quiz'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.CheckConstraint(condition=models.Q(('threshold__gte', 0), ('threshold__lte', 1)), name='a_quiz_is_passed_from_0_to_1'),
        ),
        migrations.AddConstraint(
            model_name='quizrule',
            constraint=models.UniqueConstraint(fields=('quiz', 'bank', 'level', 'objective'), name='one_rule_per_quiz_bank_level_and_objective'),
        ),
    ]
