"""All that is kept about one person, as tables that leave the site (quality R13). Reads the tables of every app."""

import base64
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Audit, Outbox, User
from cohorts.models import (
    AttemptTerms,
    Certificate,
    Comment,
    Enrolment,
    Extension,
    HandMark,
    Handover,
    Membership,
    Offer,
)
from cohorts.spreadsheets import delimiter_of, rows_to_csv
from course.headings import COLUMNS, TABLES
from lessons.content.languages import rules
from lessons.models import Module, Reading
from quizzes.keys import held_back
from quizzes.models import Attempt, Bank, Item, Picture, Quiz, QuizRule, Recall, Remark, Report, Response, Upload
from quizzes.wording import in_words

# Foreign keys to a person that lead to nothing of theirs, each with its reason. Every other one is covered by a Table.
NOT_ONES_OWN = {
    "quizzes.Remark.made_by": "an editor's act on others' answers; the audit names the editor",
    "cohorts.Comment.made_by": "an act for somebody else, and exported to that person",
    "cohorts.Extension.made_by": "an act for somebody else, and exported to that person",
    "cohorts.HandMark.made_by": "an act for somebody else, and exported to that person",
    "cohorts.Offer.made_by": "an act for somebody else, and exported to that person",
    "cohorts.Handover.made_by": "an act for somebody else, and exported to that person",
    "cohorts.StaffInvitation.made_by": "an act for a cohort, of which the audit keeps a line",
    "accounts.WayIn.user": "a hash, which says nothing to anybody; that there is one stands among what happened",
    "accounts.WayIn.made_by": "an editor's act for somebody else, of which the audit keeps a line",
    "accounts.BackupCode.user": "hashes, which say nothing to anybody; whether they are asked stands in the account",
    "otp_totp.TOTPDevice.user": "the secret of the second step never leaves; since when it is on stands in the account",
    "admin.LogEntry.user": "never written: what editors do stands in the audit, which keeps no names of others",
}


@dataclass(frozen=True)
class File:
    """A value that is a file: in JSON as base64, in a zip a file of that name, which its cell names."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Table:
    """One table of the export: `covers` are the foreign keys to a person by which its rows are one's own."""

    name: str
    covers: list[str]
    columns: list[str]
    rows: Sequence[tuple[object, ...]]

    def as_objects(self) -> list[dict[str, object]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def _table(name: str, covers: list[str], rows: QuerySet[Model], columns: str) -> Table:
    """Return the Table of `rows`: `columns` name their fields, as "column=lookup" where the lookup is another word."""
    pairs = [column.split("=") for column in columns.split()]
    return Table(name, covers, [pair[0] for pair in pairs], list(rows.values_list(*[pair[-1] for pair in pairs])))


def tables_of(user: User) -> list[Table]:
    """Return every Table of one person, with rows or without. At most 32 queries, whatever there is.

    Of an exam whose keys are held back no mark of an item is told, nor what it taught the review.
    """
    held = list(held_back(user, timezone.now()))
    of_account = [*_account(user), *_made(user), _reports(user), *_work(user, held)]
    return [*of_account, *_places(user), *_results(user), *_signing_in(user), _audit(user)]


def _account(user: User) -> list[Table]:
    return [
        _table(
            "account", [], User.objects.filter(pk=user.pk),
            "name is_guest is_staff may_teach_at email email_set_at email_confirmed_at mail_rhythm second_step_at "
            "language time_zone last_seen_on changed_at warned_at",
        ),
        _table(
            "mail", ["accounts.Outbox.user"], Outbox.objects.filter(user=user).order_by("pk"),
            "subject body made_at sent_at given_up_at",
        ),
    ]  # fmt: skip


def _made(user: User) -> list[Table]:
    return [
        _table(
            "banks", ["quizzes.Bank.owner"], Bank.objects.filter(owner=user).order_by("pk"),
            "module=module__slug title languages",
        ),
        _table(
            "items", ["quizzes.Item.author"],
            _items(user).order_by("bank", "pk"),
            "bank=bank__title item=slug kind=current_version__kind written=source missing=draft withdrawn_at",
        ),
        _pictures(user),
        _table(
            "uploads", ["quizzes.Upload.owner"], Upload.objects.filter(owner=user).order_by("pk"),
            "bank=bank__title name language made_at taken_at",
        ),
        _table(
            "quizzes", ["quizzes.Quiz.owner"], Quiz.objects.filter(owner=user).order_by("pk"),
            "title threshold attempts_allowed asks_certainty",
        ),
        _table(
            "quiz_items", [], Quiz.objects.filter(owner=user, items__isnull=False).order_by("pk", "items"),
            "quiz=title bank=items__bank__title section=items__bank__section__slug item=items__slug",
        ),
        _table(
            "quiz_rules", [], QuizRule.objects.filter(quiz__owner=user).order_by("quiz", "pk"),
            "quiz=quiz__title bank=bank__title section=bank__section__slug level objective size",
        ),
        _table(
            "modules", ["lessons.Module.owner"], Module.objects.filter(owner=user).order_by("pk"),
            "module=slug visibility as_of withdrawn_at",
        ),
    ]  # fmt: skip


def _items(user: User) -> QuerySet[Item]:
    """Return the questions of one's own banks, and those that one wrote in banks that one may see. No query."""
    return Item.objects.filter(Q(bank__owner=user) | Q(author=user, bank__in=Bank.objects.seen_by(user)))


def _pictures(user: User) -> Table:
    rows = Picture.objects.filter(item__in=_items(user)).select_related("item__bank").order_by("item", "pk")
    values = [
        (row.item.bank.title, row.item.slug, File(f"{row.checksum}.{row.media_type.split('/')[1]}", bytes(row.data)))
        for row in rows
    ]
    return Table("pictures", [], ["bank", "item", "picture"], values)


def _reports(user: User) -> Table:
    """Return what this person reported; what a report is about is told by its model, not by one column."""
    names = ["about", "reason", "answer", "made_at", "closed_at"]
    reports = Report.objects.of(user).with_things().order_by("pk")
    rows = [tuple(getattr(report, name) for name in names) for report in reports]
    return Table("reports", ["quizzes.Report.reporter"], names, rows)


def _work(user: User, held: list[int]) -> list[Table]:
    remarks = Remark.objects.filter(response__attempt__learner=user).exclude(response__attempt__in=held).order_by("pk")
    return [
        _table(
            "readings", ["lessons.Reading.learner"], Reading.objects.of(user).order_by("pk"),
            "module=lesson__section__module__slug section=lesson__section__slug lesson=lesson__slug "
            "read_at checksum",
        ),
        _table(
            "attempts", ["quizzes.Attempt.learner"], Attempt.objects.of(user).order_by("pk"),
            "attempt=pk use module=module__slug section=bank__section__slug quiz=quiz__title retry_of threshold "
            "started_at due_at extra_time submitted_at expired_at is_late score is_trial client_id",
        ),
        _responses(user, held),
        _table(
            "remarks", [], remarks,
            "attempt=response__attempt position=response__position score_before score_after "
            "attempt_before attempt_after made_at seen_at",
        ),
        _recalls(user, held),
    ]  # fmt: skip


def _responses(user: User, held: list[int]) -> Table:
    """Return answers in words: an authored id says nothing to its reader, and before marking it might say too much."""
    columns = ["attempt", "position", "item", "answer", "language", "certainty", "saved_at", "marked_at", "score"]
    columns += ["is_first", "predicted_recall"]
    rows = []
    responses = Response.objects.filter(attempt__learner=user).order_by("attempt", "position")
    for response in responses.prefetch_related("shown_version"):
        answer = "; ".join(in_words(response.shown_version, response.answer, response.option_order))
        in_text = (response.attempt_id, response.position, response.shown_version.stem, answer)
        if response.attempt_id in held:
            response.score = None
        rows.append((*in_text, *(getattr(response, name) for name in columns[4:])))
    return Table("responses", [], columns, rows)


def _recalls(user: User, held: list[int]) -> Table:
    names = ["stability", "difficulty", "days_right", "gap", "first_on", "last_on", "due_on", "fades_on", "mastered_on"]
    asked = Response.objects.filter(attempt__in=held).values("item")
    recalls = Recall.objects.filter(learner=user).exclude(item__in=asked).order_by("pk")
    rows = []
    for recall in recalls.select_related("item__current_version"):
        version = recall.item.current_version
        rows.append((version.stem if version else "", *(getattr(recall, name) for name in names)))
    return Table("recalls", ["quizzes.Recall.learner"], ["item", *names], rows)


def _places(user: User) -> list[Table]:
    return [
        _table(
            "enrolments", ["cohorts.Enrolment.user"], Enrolment.objects.of(user).order_by("pk"),
            "cohort=cohort__name role roster_name family_name given_name said_name school_number group=group__name "
            "joined_at left_at removed_at removal_seen_at",
        ),
        _table(
            "memberships", [], Membership.objects.filter(enrolment__user=user).order_by("pk"),
            "cohort=enrolment__cohort__name from_at until_at",
        ),
        _table(
            "handovers", [], Handover.objects.of(user).order_by("pk"),
            "cohort=cohort__name made_at done_at undone_at",
        ),
    ]  # fmt: skip


def _results(user: User) -> list[Table]:
    """Return what counts in cohorts, what staff have said of it, and the certificates that came of it."""
    return [
        _table(
            "terms", [], AttemptTerms.objects.of(user).order_by("pk"),
            "attempt cohort=assignment__cohort__name module=assignment__module__slug counts given_up "
            "extra_time more_at",
        ),
        _table(
            "extensions", [], Extension.objects.filter(enrolment__user=user).order_by("pk"),
            "cohort=enrolment__cohort__name module=assignment__module__slug due_at extra_time "
            "exam_attempts is_excused reason",
        ),
        _table(
            "hand_marks", [], HandMark.objects.filter(enrolment__user=user).order_by("pk"),
            "cohort=enrolment__cohort__name module=assignment__module__slug section=section__slug "
            "quiz=quiz__quiz__title score reason made_at taken_back_at",
        ),
        _table(
            "comments", [], Comment.objects.filter(enrolment__user=user).order_by("pk"),
            "cohort=enrolment__cohort__name section=section__slug quiz=quiz__quiz__title text made_at",
        ),
        _table(
            "offers", [], Offer.objects.filter(enrolment__user=user).order_by("pk"),
            "cohort=enrolment__cohort__name module=assignment__module__slug name_shown=name wish made_at kept_at "
            "answered_at",
        ),
        _table(
            "certificates", ["cohorts.Certificate.user"], Certificate.objects.filter(user=user).order_by("pk"),
            "module=module__slug cohort=assignment__cohort__name attempt name_shown name_public_at "
            "certified=document public_id as_of issued_at expires_at revoked_at replaced_at",
        ),
    ]  # fmt: skip


def _signing_in(user: User) -> list[Table]:
    return [
        _table(
            "sign_ins", ["accounts.SignIn.user"], user.sign_ins.order_by("pk"),
            "begun_on last_seen_on is_shared",
        ),
        _table(
            "security_events", ["accounts.SecurityEvent.user"], user.security_events.order_by("pk"),
            "what happened_on",
        ),
        _table(
            "tokens", ["accounts.Token.user"], user.tokens.order_by("pk"),
            "opens=what scope made_at ends_at",
        ),
        _table(
            "former_names", ["accounts.FormerName.user"], user.former_names.order_by("pk"),
            "name=name_key kept_until=until",
        ),
    ]  # fmt: skip


def _audit(user: User) -> Table:
    """Return what this person did, and what was done to them or to a place of theirs. 2 queries."""
    named = Q(who=user) | Q(on_what__startswith=f"user {user.pk}:")
    for pk in Enrolment.objects.of(user).values_list("pk", flat=True):
        named |= Q(on_what__startswith=f"enrolment {pk}:")
    lines = Audit.objects.filter(named).order_by("pk")
    return _table("audit", ["accounts.Audit.who"], lines, "what on_what made_at")


# How it leaves


class _Encoder(DjangoJSONEncoder):
    def default(self, o: object) -> object:
        if isinstance(o, File):
            return {"name": o.name, "base64": base64.b64encode(o.data).decode()}
        return super().default(o)


def as_json(tables: Sequence[Table]) -> bytes:
    """Return {table: [{column: value}]} as bytes."""
    objects = {table.name: table.as_objects() for table in tables}
    return json.dumps(objects, cls=_Encoder, ensure_ascii=False, indent=1).encode()


def as_zip(tables: Sequence[Table], language: str) -> bytes:
    """Return a zip of one CSV for each table, and its files, as bytes.

    Names, headings and values are in words of the active language.
    """
    mark, delimiter = rules(language).decimal_mark, delimiter_of(language)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for table in tables:
            heads = [COLUMNS[column] for column in table.columns]
            rows = [[_for_a_cell(value, mark) for value in row] for row in table.rows]
            file.writestr(f"{TABLES[table.name]}.csv", rows_to_csv([heads, *rows], delimiter))
            for picture in {value for row in table.rows for value in row if isinstance(value, File)}:
                file.writestr(picture.name, picture.data)
    return archive.getvalue()


def _for_a_cell(value: object, decimal_mark: str) -> object:
    """Return the value as a person reads it and a spreadsheet takes it: moments in the time zone of the person."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, File):
        return value.name
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    return str(value).replace(".", decimal_mark) if isinstance(value, float | Decimal) else value
