"""What a learner's pages tell, in one query: certificates offered or running out, and quizzes that staff set."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.compiled import ID, Compiled
from accounts.models import Anyone
from accounts.zones import zone
from cohorts.choices import STAFF
from cohorts.class_notes import places_of
from cohorts.marks import RUNS_OUT_SOON
from cohorts.models import Certificate, Cohort, HandMark, Offer, QuizAssignment
from quizzes.models import Attempt, Use

OFFERED, SOON, PLACE = "offered", "soon", "place"
# How a quiz stands for its learner.
DONE, MARKED, USED, LATER, CLOSED, OPEN = QUIZ = ("handed in", "marked", "used up", "later", "closed", "open")
NO_MOMENT = Value(None, DateTimeField())
NO_MARKS = Value(False, BooleanField())


class Notice(NamedTuple):
    """An offer that is open, or a certificate that holds for six weeks more at most, until `ends_at`.

    `name` is the one on it, `cohort_name` an empty string of one without a cohort. Nothing but a quiz is for marks.
    """

    kind: str
    pk: int
    name: str
    public_id: str
    cohort_name: str
    ends_at: datetime | None
    is_for_marks: bool

    @property
    def address(self) -> str:
        if self.kind == SOON:
            return reverse("cohorts:certificate", args=[self.public_id])
        return reverse("cohorts:offer", args=[self.pk])


class HomePlace(NamedTuple):
    """A place in a cohort that is not archived, with what its staff last told all who learn there."""

    role: str
    cohort_name: str
    note_text: str | None
    note_at: datetime | None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF


class SetQuiz(NamedTuple):
    """A quiz that is set for a learner: `state` is one of QUIZ, `at` when it opens, else when it is due, if ever."""

    state: str
    quiz_id: int
    title: str
    time_zone: str
    cohort_name: str
    at: datetime | None
    is_for_marks: bool

    @property
    def address(self) -> str:
        return reverse("cohorts:quiz", args=[self.quiz_id])

    @property
    def is_asked(self) -> bool:
        """Whether it can be handed in, was not, and somebody waits for it: it has a date, or is for marks."""
        return self.state == OPEN and (self.at is not None or self.is_for_marks)

    @property
    def zone(self) -> tzinfo:
        return zone(self.time_zone)


def notices_of(user: Anyone, at: datetime, cohort: Cohort | None = None) -> tuple[list[Notice], list[SetQuiz]]:
    """Return what `user` is told, of one cohort or of all: offers, then what runs out first; and quizzes. One query.

    An offer that waits for its staff to answer a name is none.
    """
    if not user.is_authenticated:
        return [], []
    return _told([Notice(*row) for row in _notices(user, at, at + RUNS_OUT_SOON, cohort)], at)


def on_home(user: Anyone, at: datetime) -> tuple[list[HomePlace], list[Notice], list[SetQuiz]]:
    """Return what one's first page tells of cohorts: one's places, notices, quizzes. One query, none of a visitor."""
    if not user.is_authenticated:
        return [], [], []
    rows = [Notice(*row) for row in ON_HOME(user=user.pk, at=at, soon=at + RUNS_OUT_SOON)]
    here = sorted((row for row in rows if row.kind == PLACE), key=lambda row: row.pk)
    return [HomePlace(row.public_id, row.cohort_name, row.name, row.ends_at) for row in here], *_told(rows, at)


def _on_home(user: Anyone, at: datetime, soon: datetime) -> QuerySet[Any, Any]:
    """Return the fields of a Notice for each thing to tell, and for each place."""
    columns = (_text(PLACE), "pk", "note_text", "role", "cohort__name", "note_at", NO_MARKS)
    places = places_of(user).filter(cohort__archived_at=None).values_list(*columns)
    return _notices(user, at, soon).union(places, all=True)


ON_HOME = Compiled(_on_home, user=ID, at=DateTimeField(), soon=DateTimeField())


def _notices(user: Anyone, at: datetime, soon: datetime, cohort: Cohort | None = None) -> QuerySet[Any, Any]:
    """Return the fields of a Notice for each thing to tell; `soon` is by when a certificate runs out that is told."""
    offers = Offer.objects.of(user).filter(wish="")
    ending = Certificate.objects.of(user).running_out(at, soon)
    if cohort:
        offers, ending = offers.filter(assignment__cohort=cohort), ending.filter(assignment__cohort=cohort)
    of_cohort = F("assignment__cohort__name")
    offered = offers.values_list(_text(OFFERED), "pk", "name", _text(""), of_cohort, NO_MOMENT, NO_MARKS)
    cohort_name = Coalesce(of_cohort, _text(""))
    running_out = ending.values_list(_text(SOON), "pk", "name_shown", "public_id", cohort_name, "expires_at", NO_MARKS)
    return offered.union(running_out, _quizzes(user, at, cohort), all=True)


def _quizzes(user: Anyone, at: datetime, cohort: Cohort | None) -> QuerySet[Any, Any]:
    """Return the fields of a SetQuiz for each that is set."""
    rows = _set_for(user, at)
    if cohort:
        rows = rows.filter(cohort=cohort)
    moment = Case(When(opens_at__gt=at, then=F("opens_at")), default=F("due_at"), output_field=DateTimeField())
    names = ("quiz", "quiz__title", "cohort__time_zone", "cohort__name")
    return rows.values_list("state", *names, moment, "is_for_marks")


def quiz_dates(user: Anyone, at: datetime) -> QuerySet[Any, tuple[int, datetime]]:
    """Return (id, date) of what is set with a date and can be handed in, now or later, and was not. No query."""
    rows = _set_for(user, at).filter(state__in=(LATER, OPEN), due_at__isnull=False)
    return rows.order_by("due_at", "pk").values_list("pk", "due_at")


def _set_for(user: Any, at: datetime) -> QuerySet[Any, Any]:
    """Return the quizzes that are set for `user`, each with its `state`, one of QUIZ. No query."""
    done = QuizAssignment.objects.attempts().filter(learner=user, assignment_id=OuterRef("pk"))
    by_hand = HandMark.objects.standing().filter(quiz=OuterRef("pk"), enrolment__user=user, enrolment__left_at=None)
    begun = Attempt.objects.of(user).filter(quiz=OuterRef("quiz"), use=Use.QUIZ, is_trial=False)
    number = Subquery(begun.order_by().values("quiz").annotate(number=Count("pk")).values("number"))
    state = Case(
        When(Exists(done), then=_text(DONE)),
        When(Exists(by_hand), then=_text(MARKED)),
        When(~Exists(begun.open()), quiz__attempts_allowed__lte=number, then=_text(USED)),
        When(opens_at__gt=at, then=_text(LATER)),
        When(closes_at__lt=at, then=_text(CLOSED)),
        default=_text(OPEN),
        output_field=CharField(),
    )
    return QuizAssignment.objects.set_for(user).annotate(state=state)


def _told(rows: Iterable[Notice], at: datetime) -> tuple[list[Notice], list[SetQuiz]]:
    """Return of these rows the notices, offers before what runs out, and the quizzes by their dates. No query."""
    known = list(rows)
    notices = [row for row in known if row.kind in (OFFERED, SOON)]
    notices.sort(key=lambda row: (row.kind == SOON, row.ends_at or at, row.pk))
    quizzes = [SetQuiz(*row) for row in known if row.kind in QUIZ]
    return notices, sorted(quizzes, key=lambda row: (row.at is None, row.at or at, row.quiz_id))


def _text(text: str) -> Value:
    return Value(text, CharField())
