from django.core.management.base import CommandError
from django.db import OperationalError, migrations, models
from django.db.models import PROTECT, Q

POSTGRESQL = (
    # Of a list of words and not by `to_tsvector`: its parser would take 2012-03-22 and 3.5 apart.
    "ALTER TABLE lessons_passage ADD COLUMN index tsvector GENERATED ALWAYS AS (array_to_tsvector(array_remove("
    r"regexp_split_to_array(heading || ' ' || words || ' ' || also, '\s+'), ''))) STORED",
    "CREATE INDEX lessons_passage_index ON lessons_passage USING gin (index)",
)
# A table beside that holds no text of its own. Signs beyond ASCII are letters to it, so a word ends at a space alone.
SQLITE = (
    "CREATE VIRTUAL TABLE lessons_passage_index USING fts5(heading, words, also, content='lessons_passage', "
    "content_rowid='id', detail='none', tokenize=\"ascii tokenchars '.-'\")"
)


def make_index(apps, schema_editor):
    """Make each database's own index. On SQLite it is filled by the load and by `restore` (decision 0032)."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
        return
    try:
        schema_editor.execute(SQLITE)
    except OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise CommandError(
            "This build of SQLite has no full text search (FTS5), by which the course searches: "
            "take a Python whose SQLite has it, as every Debian's and python.org's, or PostgreSQL."
        ) from error


def drop_index(apps, schema_editor):
    """Drop the table beside; PostgreSQL's index goes with the table itself."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE lessons_passage_index")


class Migration(migrations.Migration):

    dependencies = [
        ("lessons", "0004_documents_split"),
    ]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("module", models.ForeignKey(on_delete=PROTECT, related_name="passages", to="lessons.module")),
                ("lesson", models.ForeignKey(null=True, on_delete=PROTECT, related_name="passages", to="lessons.lesson")),
                ("claim", models.ForeignKey(null=True, on_delete=PROTECT, related_name="passages", to="lessons.claim")),
                ("language", models.CharField(max_length=8)),
                ("anchor", models.CharField(blank=True, max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("heading", models.TextField()),
                ("words", models.TextField()),
                ("also", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(lesson=None) | Q(claim=None), name="a_passage_is_of_one_thing"),
                    models.UniqueConstraint(
                        fields=["lesson", "anchor", "language"], name="one_passage_per_lesson_anchor_and_language"
                    ),
                    models.UniqueConstraint(fields=["claim", "language"], name="one_passage_per_claim_and_language"),
                    models.UniqueConstraint(
                        fields=["module", "anchor", "language"],
                        condition=Q(lesson=None, claim=None),
                        name="one_passage_per_entry_and_language",
                    ),
                ]
            },
        ),
        migrations.RunPython(make_index, drop_index),
        # The former release writes `words` and reads it beside this one; the release after this one drops the columns.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(name, "words") for name in ("claim", "lesson", "term")]
        ),
    ]
