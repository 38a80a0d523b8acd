"""When each person was in a cohort, and under which assignments each exam began; what was there keeps its marks."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

BATCH = 500


def remember(apps, schema_editor):
    """Give each enrolment one interval, from joining to leaving, and each exam the terms that today's rule gives it."""
    using = schema_editor.connection.alias
    Enrolment = apps.get_model("cohorts", "Enrolment").objects.using(using)
    Membership = apps.get_model("cohorts", "Membership")
    rows = (
        Membership(enrolment_id=pk, from_at=joined_at, until_at=left_at and max(left_at, joined_at))
        for pk, joined_at, left_at in Enrolment.exclude(joined_at=None)
        .order_by("pk")
        .values_list("pk", "joined_at", "left_at")
    )
    Membership.objects.using(using).bulk_create(rows, batch_size=BATCH)
    AttemptTerms = apps.get_model("cohorts", "AttemptTerms")
    AttemptTerms.objects.using(using).bulk_create(
        (AttemptTerms(attempt_id=attempt, assignment_id=assignment) for attempt, assignment in pairs(apps, using)),
        batch_size=BATCH,
    )


def pairs(apps, using):
    """Return {(exam, assignment)}: handed in by somebody who learned there, after joining and opening; or begun so."""
    Assignment = apps.get_model("cohorts", "Assignment").objects.using(using)
    asking = Assignment.exclude(exam="not_asked").filter(cohort__enrolments__role="learner")
    exams = asking.filter(
        cohort__enrolments__user__attempts__use="exam",
        cohort__enrolments__user__attempts__is_trial=False,
        cohort__enrolments__user__attempts__module=F("module"),
    ).values_list(
        *("cohort__enrolments__user__attempts", "pk", "opens_at"),
        *("cohort__enrolments__joined_at", "cohort__enrolments__left_at"),
        *("cohort__enrolments__user__attempts__started_at", "cohort__enrolments__user__attempts__submitted_at"),
        "cohort__enrolments__user__attempts__expired_at",
    )
    counting = set()
    for attempt, assignment, opens_at, joined_at, left_at, started_at, submitted_at, expired_at in exams:
        is_open = submitted_at is None and expired_at is None
        moment = started_at if is_open else submitted_at
        if moment and joined_at and max(opens_at, joined_at) <= moment and (left_at is None or moment < left_at):
            counting.add((attempt, assignment))
    return counting


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0001_tables"), ("quizzes", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="cohorts.enrolment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("until_at", None)),
                        fields=("enrolment",),
                        name="one_open_membership_per_enrolment",
                    ),
                    models.CheckConstraint(
                        condition=Q(("until_at", None), ("until_at__gte", F("from_at")), _connector="OR"),
                        name="a_membership_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttemptTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counts", models.BooleanField(default=True)),
                ("given_up", models.PositiveSmallIntegerField(default=0)),
                ("more_at", models.DateTimeField(null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="cohorts.assignment"
                    ),
                ),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="quizzes.attempt"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attempt", "assignment"), name="one_terms_per_attempt_and_assignment"
                    )
                ],
            },
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
