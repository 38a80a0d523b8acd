"""When commands that must run by themselves last came to their end."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LastRun',
            fields=[
                ('command', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('ended_at', models.DateTimeField()),
            ],
        ),
    ]
