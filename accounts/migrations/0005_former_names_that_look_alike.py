"""The look of names that were given up, so that nobody takes one like them either; those there are have it too."""

from django.db import migrations, models

from accounts.names import look

ROWS = 1000


def fill(apps, schema_editor):
    """Give each the look of its key, which is the name in small letters: it is all that was kept."""
    rows, changed = apps.get_model("accounts", "FormerName").objects.using(schema_editor.connection.alias), []
    for row in rows.order_by("pk").only("pk", "name_key").iterator(ROWS):
        key = look(row.name_key)
        if 0 < len(key) <= 200:
            row.look_key = key
            changed.append(row)
    rows.bulk_update(changed, ["look_key"], batch_size=ROWS)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_backup_codes")]

    operations = [
        migrations.AddField("formername", "look_key", models.CharField(max_length=200, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
