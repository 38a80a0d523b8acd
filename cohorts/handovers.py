"""A taken place goes to another phone by a new code, and all that went over is undone (decision 0048).

What goes along is what the cohort's staff see anyway: a slip that they made again opens nothing more. May import the
apps on its left.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core import serializers
from django.db.models import Q, QuerySet

from accounts.locking import atomic_once_more
from accounts.models import Anyone, Audit, User
from cohorts import codes
from cohorts.exams import brought
from cohorts.intervals import Interval, holds, union, without
from cohorts.models import (
    Assignment,
    AttemptTerms,
    Cohort,
    Comment,
    Enrolment,
    Extension,
    HandMark,
    Handover,
    Membership,
    Offer,
    QuizAssignment,
    Role,
)
from cohorts.places import lock_cohort, may_claim, merge_into
from lessons.models import Reading, Section
from quizzes.first_attempts import mark_firsts
from quizzes.models import Attempt, Recall, Response, Use
from quizzes.replay import replay

# To the other phone


def offered(code: str, user: Anyone, at: datetime) -> Handover | None:
    """Return the waiting Handover that this code, however it was typed, opens to `user`, with its rows. One query.

    Not to whoever has the place, nor to the cohort's own staff, who made the code.
    """
    rows = Handover.objects.waiting(at).filter(source__personal_code=codes.plain(code))
    if user.is_authenticated:
        rows = rows.exclude(source__user=user)
    return rows.exclude(cohort__in=Cohort.objects.taught_by(user)).select_related("cohort", "source__user").first()


@atomic_once_more
def take(code: str, user: User, at: datetime) -> Handover | None:
    """Give the place of a new code, with this cohort's work, to `user`; None, and nothing changed, where it is spent.

    Whoever had the place is out of the cohort from then on, keeps all else, and is warned. Of two who enter it at once
    one gets it. Queries grow neither with what was done nor with the cohort.
    """
    if (row := offered(code, user, at)) is None or row.source is None:
        return None
    cohort, holder = lock_cohort(row.cohort), row.source.user_id
    User.objects.hold(holder, user.pk)
    rows = cohort.enrolments.filter(Q(pk=row.source_id) | Q(user=user)).select_for_update(of=("self",), no_key=True)
    held = {one.user_id: one for one in rows.order_by("pk").select_related("user")}
    row, enrolment, source = offered(code, user, at), held.get(user.pk), held.get(holder)
    if row is None or source is None or source.user is None or (enrolment is not None and not may_claim(enrolment)):
        return None
    _hand_over(row, source.user, source, enrolment, user, at)
    return row


def _hand_over(
    row: Handover, holder: User, source: Enrolment, enrolment: Enrolment | None, user: User, at: datetime
) -> None:
    """Do it; cohort, people and rows are held. `enrolment` is what `user` has in the cohort already, or None."""
    cohort = source.cohort
    work = work_in(cohort, holder, user)
    was_in = enrolment is not None and enrolment.left_at is None
    before = enrolment.intervals() if enrolment else []
    stays = [[begin.isoformat(), end and end.isoformat()] for begin, end in before]
    private = [moment for moment in _handed_in(user) if not holds(before, moment)]
    Audit.record(user, "handover", f"enrolment {source.pk}: by a new code", at)
    source.end(at)
    target = cohort.join(user, at)
    with row.noting(source, target, at) as document:
        merge_into(target, source, at)
        target.said_name = target.said_name or source.said_name
        target.save(update_fields=["said_name"])
        document |= {"was_in": was_in, "intervals": stays}
        document |= {"attempts": work, "counting": _counted_by(work)}
        document |= {"readings": _copy_readings(cohort, holder, user)}
    target.keep(union([*target.intervals(), *without(source.intervals(), private)]))
    Attempt.objects.filter(pk__in=work).update(learner=user)
    brought(user, list(Attempt.objects.filter(pk__in=work, use=Use.EXAM)), at)
    _copy_recalls(cohort, holder, user, work)
    mark_firsts(Response.objects.filter(attempt__learner__in=[holder, user]))


def work_in(cohort: Cohort, holder: User, user: User) -> list[int]:
    """Return the ids of the attempts of `holder` that go to `user` with the place. At most 11 queries.

    They are those that count in the cohort, quizzes and exams that are still open there, and repeats of these. What
    counts in another cohort as well stays: its staff made no code. So does what is open where `user` has one open too.
    """
    rows = Attempt.objects.of(holder).filter(is_trial=False)
    set_quizzes = QuizAssignment.objects.filter(cohort=cohort)
    counted = [*_counting(cohort.assignments.all(), holder), *_counting(set_quizzes, holder)]
    exams = rows.filter(use=Use.EXAM, terms__assignment__cohort=cohort)
    stays = Membership.objects.filter(enrolment__cohort=cohort, enrolment__user=holder, until_at=None)
    since = stays.values_list("from_at", flat=True).first()
    of_cohort = Q(bank__section__in=sections_of(cohort)) | Q(quiz__in=set_quizzes.values("quiz"))
    quizzes = rows.open().filter(of_cohort, use=Use.QUIZ)
    quizzes = quizzes.filter(started_at__gte=since) if since else quizzes.none()
    others = Assignment.objects.set_for(holder).exclude(cohort=cohort)
    elsewhere = {*_counting(Assignment.objects.filter(pk__in=others.values("pk")), holder)}
    elsewhere |= {*_counting(QuizAssignment.objects.set_for(holder).exclude(cohort=cohort), holder)}
    elsewhere |= {*AttemptTerms.objects.of(holder).exclude(assignment__cohort=cohort).values_list("attempt", flat=True)}
    going = {*counted, *exams.values_list("pk", flat=True), *quizzes.values_list("pk", flat=True)}
    going -= {*elsewhere, *_twins(rows, user)}
    theirs, repeats = Attempt.objects.filter(learner=holder), going
    while repeats := {*theirs.filter(retry_of__in=repeats).values_list("pk", flat=True)} - going:
        going |= repeats
    return sorted(going)


def _counting(assignments: QuerySet[Any], learner: User) -> Iterable[int]:
    return assignments.attempts().filter(learner=learner).values_list("pk", flat=True)  # type: ignore[attr-defined]


def _counted_by(work: Collection[int]) -> list[int]:
    """Return the ids of the terms by which exams among these attempts count: not all may, where `user` sat some too."""
    return list(AttemptTerms.objects.counting().filter(attempt__in=work).order_by("pk").values_list("pk", flat=True))


def _twins(rows: QuerySet[Attempt], user: User) -> Iterable[int]:
    """Return the ids of those of `rows` that are open where `user` has an open one as well: of each there is one."""
    theirs = Attempt.objects.of(user).open().filter(is_trial=False)
    quizzes, exams = theirs.filter(use=Use.QUIZ), theirs.filter(use=Use.EXAM)
    of_section, of_owner = quizzes.filter(quiz=None).values("bank"), quizzes.exclude(quiz=None).values("quiz")
    same = Q(use=Use.QUIZ, bank__in=of_section) | Q(use=Use.QUIZ, quiz__in=of_owner)
    same |= Q(use=Use.EXAM, module__in=exams.values("module"))
    return rows.filter(same, submitted_at=None, expired_at=None).values_list("pk", flat=True)


def sections_of(cohort: Cohort) -> QuerySet[Section]:
    """Return the sections that are set for a cohort."""
    whole = cohort.assignments.filter(sections=None)
    return Section.objects.filter(Q(assignments__cohort=cohort) | Q(module__in=whole.values("module"))).distinct()


def _handed_in(user: User) -> Collection[datetime]:
    quizzes = Attempt.objects.of(user).filter(use=Use.QUIZ, submitted_at__isnull=False)
    return {moment for moment in quizzes.values_list("submitted_at", flat=True) if moment}


def _copy_readings(cohort: Cohort, holder: User, user: User) -> list[int]:
    """Copy what was read of the cohort's sections, since readings count in every cohort; return the ids of the copies.

    What `user` has read stays as it is.
    """
    rows = Reading.objects.of(holder).filter(lesson__section__in=sections_of(cohort))
    rows = rows.exclude(lesson__in=Reading.objects.of(user).values("lesson"))
    fields = rows.order_by("pk").values("lesson_id", "checksum", "read_at")
    copies = Reading.objects.bulk_create(Reading(learner=user, **row) for row in fields)
    return [copy.pk for copy in copies]


def _copy_recalls(cohort: Cohort, holder: User, user: User, work: Collection[int]) -> None:
    """Copy what the review knows of the items of the cohort's sections, as the board shows states by it.

    And of the course's items that quizzes of its staff asked, among the attempts that go over.
    """
    asked = Response.objects.filter(attempt__in=work, attempt__quiz__isnull=False, item__bank__section__isnull=False)
    of_cohort = Q(item__bank__section__in=sections_of(cohort)) | Q(item__in=asked.values("item"))
    rows = Recall.objects.of(holder).filter(of_cohort)
    copies = list(rows.exclude(item__in=Recall.objects.of(user).values("item")).order_by("pk"))
    for copy in copies:
        copy.pk, copy.learner = None, user
    Recall.objects.bulk_create(copies, batch_size=500)


# Back


@atomic_once_more
def undo(row: Handover, by: User, at: datetime) -> bool:
    """Give back what went over, as far as it is still where it went, and note who did; False where it cannot be.

    What was done since stays with whoever did it. A name that was changed since goes back as it is now.
    """
    lock_cohort(row.cohort)
    rows = Handover.objects.undoable(at).filter(pk=row.pk).select_related("cohort", "source__user", "target__user")
    if (seen := rows.first()) is None:
        return False
    User.objects.hold(*_people(seen))
    keys = [key for key in (seen.source_id, seen.target_id) if key]
    list(Enrolment.objects.filter(pk__in=keys).select_for_update(no_key=True).order_by("pk"))
    held = rows.first()
    if held is None or held.target is None or _people(held) != _people(seen) or _is_somebody_again(held.source):
        return False
    source = _bring_back_what_hangs_on_it(held, held.source, held.target)
    if held.is_by_code and source.user and held.target.user:
        _bring_back_work(held, source, source.user, held.target, held.target.user, at)
    Audit.record(by, "undone", f"enrolment {source.pk} from {held.target.pk}", at)
    held.undone_at = at
    held.save(update_fields=["undone_at"])
    held.warn(at, by)
    return True


def _people(row: Handover) -> list[int]:
    """Return the ids of the people whose rows these are, each once."""
    return sorted({one.user_id for one in (row.source, row.target) if one is not None and one.user_id is not None})


def _is_somebody_again(source: Enrolment | None) -> bool:
    """Return whether the row from which something went has another name since, or is of the staff."""
    return source is not None and bool(source.roster_name or (source.is_staff and source.left_at is None))


def _bring_back_what_hangs_on_it(row: Handover, source: Enrolment | None, target: Enrolment) -> Enrolment:
    """Return the row that has its name again, made anew where it was a place; and its later dates, marks, comments."""
    document, back = row.document, dict(row.document["held"])
    for name, value in document["before"].items():
        if document["after"][name] != value:  # it came from the source
            back[name] = getattr(target, name)
            setattr(target, name, value)
    target.save(update_fields=list(document["before"]))
    if row.is_by_code or Enrolment.objects.filter(personal_code=back["personal_code"]).exists():
        back["personal_code"] = codes.draw()  # the one that was handed out opens nothing any more
    others = row.cohort.enrolments.exclude(pk=source.pk) if source else row.cohort.enrolments.all()
    if back["school_number"] and others.filter(school_number=back["school_number"]).exists():
        back["school_number"] = ""
    source = source or Enrolment(cohort=row.cohort, role=Role.LEARNER)
    for name, value in back.items():
        setattr(source, name, value)
    source.save()
    for model, name in ((Extension, "extensions"), (HandMark, "hand_marks"), (Comment, "comments"), (Offer, "offers")):
        model._default_manager.filter(pk__in=document[name], enrolment=target).update(enrolment=source)
    _make_anew(row, source)
    return source


def _make_anew(row: Handover, source: Enrolment) -> None:
    """Save for a place that is there again the later dates and comments that went with it, where all is still there."""
    assignments = {None, *row.cohort.assignments.values_list("pk", flat=True)}
    quizzes = {None, *row.cohort.quiz_assignments.values_list("pk", flat=True)}
    for lost in serializers.deserialize("json", row.document["lost"]):
        thing = lost.object
        is_there = getattr(thing, "assignment_id", None) in assignments and getattr(thing, "quiz_id", None) in quizzes
        if isinstance(thing, Extension | Comment) and is_there:
            thing.enrolment = source
            thing.made_by = User.objects.filter(pk=thing.made_by_id).first()
            thing.save(force_insert=True)


def _bring_back_work(
    row: Handover, source: Enrolment, holder: User, target: Enrolment, user: User, at: datetime
) -> None:
    """Give back attempts, delete copies, and say when either was in: never what is private (R22)."""
    since, document = row.done_at or at, row.document
    attempts = Attempt.objects.of(user).filter(pk__in=document["attempts"])
    theirs = Q(responses__saved_at__gt=since) | Q(submitted_at__gt=since, expired_at=None)
    kept = {*attempts.filter(theirs).values_list("pk", flat=True), *_twins(attempts, holder)}
    going = {*document["attempts"]} - kept
    Attempt.objects.filter(pk__in=going, learner=user).update(learner=holder)
    AttemptTerms.objects.filter(pk__in=document["counting"], attempt__in=going).update(counts=True)
    Reading.objects.of(user).filter(pk__in=document["readings"]).delete()
    is_in = target.left_at is None
    before: list[Interval] = [
        (datetime.fromisoformat(begin), end and datetime.fromisoformat(end)) for begin, end in document["intervals"]
    ]
    stays = [(max(begin, since), end) for begin, end in target.intervals() if end is None or end > since]
    target.keep(union([*before, *stays]))
    if is_in and not document["was_in"]:
        target.end(at)
    source.role = Role.LEARNER
    source.save(update_fields=["role"])
    source.keep(union([*source.intervals(), (at, None)]))
    mark_firsts(Response.objects.filter(attempt__learner__in=[holder, user]))
    replay([holder, user], at)
