"""A second key for names, under which two that look alike are one; who has such a name already keeps it, without a key."""

from django.db import migrations, models

from accounts.names import look

ROWS = 1000


def fill(apps, schema_editor):
    """Give the key to the first who has a name of that look, in the order in which the accounts were made."""
    users = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    taken, changed = {""}, []
    for user in users.filter(is_guest=False).order_by("pk").only("pk", "name").iterator(ROWS):
        key = look(user.name)
        if key not in taken and len(key) <= 200:
            taken.add(key)
            user.look_key = key
            changed.append(user)
    users.bulk_update(changed, ["look_key"], batch_size=ROWS)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sessions_and_security_events")]

    operations = [
        migrations.AddField(
            "user", "look_key", models.CharField(editable=False, max_length=200, null=True, unique=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
