"""An own item may show pictures, kept in the database under its access."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0006_reason_of_a_remark")]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checksum", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=20)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("data", models.BinaryField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="quizzes.item"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["item", "checksum"], name="one_picture_per_item_and_checksum"),
                    models.CheckConstraint(
                        condition=models.Q(media_type__in=["image/jpeg", "image/png", "image/webp"]),
                        name="a_picture_is_a_jpeg_a_png_or_a_webp_file",
                    ),
                ],
            },
        ),
    ]
