"""Addresses for machines, such as a calendar: the hash of each, whose it is and when it ends."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_former_names_that_look_alike'),
    ]

    operations = [
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('feed', 'Dates for a calendar')], max_length=12)),
                ('hash', models.CharField(max_length=64)),
                ('scope', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('made_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hash',), name='one_token_per_hash')],
            },
        ),
    ]
