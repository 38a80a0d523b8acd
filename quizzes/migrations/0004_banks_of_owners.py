"""An owner's bank needs no module, and its items neither level nor objective, passage nor claims (decision 0056)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lessons', '0008_pages_of_the_front_door'),
        ('quizzes', '0003_the_former_release_answers_too'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bank',
            name='languages',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='bank',
            name='press',
            field=models.CharField(editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='item',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='items', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='item',
            name='draft',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='item',
            name='source',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AlterField(
            model_name='bank',
            name='module',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='banks', to='lessons.module'),
        ),
        migrations.AlterField(
            model_name='item',
            name='anchor',
            field=models.SlugField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name='item',
            name='claims',
            field=models.ManyToManyField(blank=True, related_name='items', to='lessons.claim'),
        ),
        migrations.AlterField(
            model_name='item',
            name='level',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name='item',
            name='objective',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='passage',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='lessons.lesson'),
        ),
        migrations.AlterField(
            model_name='item',
            name='rests_on',
            field=models.ManyToManyField(blank=True, related_name='keys', to='lessons.claim'),
        ),
        migrations.AddConstraint(
            model_name='bank',
            constraint=models.CheckConstraint(condition=models.Q(('section', None), ('module__isnull', False), _connector='OR'), name='a_bank_of_a_section_has_its_module'),
        ),
        migrations.AddConstraint(
            model_name='bank',
            constraint=models.CheckConstraint(condition=models.Q(('section__isnull', False), models.Q(('title', ''), _negated=True), _connector='OR'), name='a_bank_of_no_section_has_a_title'),
        ),
    ]
