"""Room for long texts beside the rows that lists read.

The columns `document` and `words` stay as the former release reads and writes them. Whatever alters a column comes here,
before they leave the state: SQLite makes a table anew for it, of the columns that the state knows.
"""

import django.db.models.deletion
from django.db import migrations, models

SPLIT = ["lesson", "module", "section"]
SEARCHED = ["claim", "lesson", "term"]


class Migration(migrations.Migration):

    dependencies = [
        ('lessons', '0002_who_says_it_may_be_the_course'),
    ]

    operations = [
        *(migrations.AlterField(name, 'document', models.JSONField(db_default={})) for name in SPLIT),
        *(migrations.AlterField(name, 'words', models.JSONField(default=dict, db_default={})) for name in SEARCHED),
        *(migrations.AddField(name, 'outline', models.JSONField(db_default={})) for name in SPLIT),
        migrations.CreateModel(
            name='Annex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.JSONField()),
                ('part', models.CharField(choices=[('article', 'Article'), ('map', 'Map'), ('corrections', 'Corrections'), ('sheet', 'Sheet')], max_length=12)),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annexes', to='lessons.module')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='annexes', to='lessons.section')),
            ],
            options={
                'verbose_name': 'annex',
                'verbose_name_plural': 'annexes',
                'constraints': [models.UniqueConstraint(condition=models.Q(('section', None)), fields=('module', 'part'), name='one_annex_per_module'), models.UniqueConstraint(fields=('section', 'part'), name='one_annex_per_section')],
            },
        ),
        migrations.CreateModel(
            name='LessonText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('source', models.TextField()),
                ('parts', models.JSONField()),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='lessons.lesson')),
            ],
            options={
                'verbose_name': 'text of a lesson',
                'verbose_name_plural': 'texts of a lesson',
                'constraints': [models.UniqueConstraint(fields=('lesson', 'language'), name='one_text_per_lesson_and_language')],
            },
        ),
    ]
