"""An address for mail, how often mail may go there, and what becomes of mail that waits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_warnings_and_ways_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='outbox',
            name='about',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='outbox',
            name='given_up_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='outbox',
            name='kind',
            field=models.CharField(choices=[('link', 'Link'), ('digest', 'Digest')], db_default='digest', default='digest', max_length=8),
        ),
        migrations.AddField(
            model_name='outbox',
            name='next_try_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='email_set_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='mail_rhythm',
            field=models.CharField(choices=[('daily', 'At once, one mail a day at most'), ('weekly', 'One mail a week at most'), ('never', 'None for now')], db_default='never', default='never', max_length=8),
        ),
    ]
