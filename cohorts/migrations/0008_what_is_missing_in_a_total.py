"""Whether what is due and not handed in counts as 0 in a cohort's totals."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0007_a_cohort_ends'),
    ]

    operations = [
        migrations.AddField(
            model_name='cohort',
            name='missing_is_zero',
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
