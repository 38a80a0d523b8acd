"""Certificates that staff offer, and since when the page of one shows its name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0009_notes_to_all'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='name_public_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('wish', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('made_at', models.DateTimeField()),
                ('kept_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='cohorts.assignment')),
                ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cohorts.certificate')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='cohorts.enrolment')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('enrolment', 'assignment'), name='one_open_offer_per_enrolment_and_assignment'), models.CheckConstraint(condition=models.Q(('certificate', None), ('answered_at__isnull', False), _connector='OR'), name='what_came_of_an_offer_answered_it')],
            },
        ),
    ]
