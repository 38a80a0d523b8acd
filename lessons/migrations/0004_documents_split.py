"""Split each document into what lists show (`outline`, the field `document` from now on) and its long texts.

No column goes: the former release, which may still serve beside this one, reads and writes the whole in `document`.
"""

from django.db import migrations, models

MODULES = ["article", "map", "corrections"]
SPLIT = ["lesson", "module", "section"]


def split(apps, schema_editor):
    """Write the rows of the new tables from the documents."""
    using = schema_editor.connection.alias
    Module, Section, Lesson = (apps.get_model("lessons", name.title()) for name in ("module", "section", "lesson"))
    Annex, LessonText = apps.get_model("lessons", "Annex"), apps.get_model("lessons", "LessonText")
    for row in Module.objects.using(using):
        document = dict(row.document)
        for part in MODULES:
            if document.get(part):
                Annex.objects.using(using).create(module=row, part=part, document=document[part])
        article = document.get("article") or {}
        document["article"] = {"reference": article["reference"]} if article else {}
        row.outline = document | {part: bool(document.get(part)) for part in ("map", "corrections")}
        row.save(update_fields=["outline"])
    for row in Section.objects.using(using):
        if sheet := row.document.get("sheet"):
            Annex.objects.using(using).create(module_id=row.module_id, section=row, part="sheet", document=sheet)
        row.outline = {name: value for name, value in row.document.items() if name != "sheet"}
        row.save(update_fields=["outline"])
    for row in Lesson.objects.using(using).iterator(50):
        document = row.document
        for language, parts in document["parts"].items():
            LessonText.objects.using(using).create(
                lesson=row,
                language=language,
                source=document["source"].get(language, ""),
                parts=parts,
            )
        first = next(iter(document["parts"].values()), [])
        row.outline = {name: document[name] for name in ("title", "headings", "minutes")}
        row.outline["checks"] = [part["check"] for part in first if "check" in part]
        row.save(update_fields=["outline"])


class Migration(migrations.Migration):

    dependencies = [
        ('lessons', '0003_long_texts_apart'),
    ]

    operations = [
        migrations.RunPython(split, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                operation
                for name in SPLIT
                for operation in (
                    migrations.RemoveField(name, 'document'),
                    migrations.RenameField(name, 'outline', 'document'),
                    migrations.AlterField(name, 'document', models.JSONField(db_column='outline', db_default={})),
                )
            ],
        ),
    ]
