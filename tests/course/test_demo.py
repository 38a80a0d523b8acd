"""manage.py demo: people to look around with, and a class of theirs, on a laptop only."""

import io
import random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Audit, User
from cohorts.board import board_of
from cohorts.models import Cohort, Enrolment, Role
from course import demo as classes
from course.management.commands.demo import PASSWORD, PEOPLE
from lessons.models import Reading
from quizzes.kinds import KINDS
from quizzes.models import Attempt, ItemVersion, Response
from tests import make

pytestmark = pytest.mark.django_db


def demo():
    written = io.StringIO()
    call_command("demo", stdout=written)
    return written.getvalue()


def test_it_makes_the_cast_and_prints_how_to_sign_in(client):
    said = demo()
    assert sorted(User.objects.values_list("name", flat=True)) == sorted(PEOPLE)
    for name in PEOPLE:
        assert name in said
        assert client.post("/en/accounts/sign-in/", {"username": name, "password": PASSWORD}).status_code == 302
    assert set(User.objects.exclude(may_teach_at=None).values_list("name", flat=True)) == {"bakary", "danso"}
    assert not User.objects.filter(is_staff=True).exists()


def test_awa_has_read_the_first_lesson(idle_class):
    module = make.case_study(sections=2)
    demo()
    reading = Reading.objects.get()
    assert (reading.learner.name, reading.lesson.position, reading.lesson.section.position) == ("awa", 1, 1)
    assert reading.lesson.section.module == module


@pytest.fixture
def idle_class(monkeypatch):
    """A class that has done nothing yet is made in a moment."""
    monkeypatch.setattr(classes, "PLANS", [(59, (0, 0, 0))])


def test_it_leaves_a_person_of_that_name_alone(awa):
    demo()
    awa.refresh_from_db()
    assert awa.check_password(make.PASSWORD)
    assert not awa.readings.exists()
    assert User.objects.count() == len(PEOPLE)


def test_on_a_real_machine_it_refuses(settings):
    settings.REAL_MACHINE = True
    with pytest.raises(CommandError, match="real machine"):
        demo()
    assert not User.objects.exists()


# The class


def everything():
    tables = [User, Reading, Cohort, Enrolment, Attempt, Response, Audit]
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_class_of_sixty_is_five_weeks_in_and_again_nothing_is_made_twice():
    module = make.case_study(sections=4)
    assert "a class of sixty" in demo()
    now, cohort = timezone.now(), Cohort.objects.get()
    staff = dict(cohort.enrolments.exclude(role=Role.LEARNER).values_list("user__name", "role"))
    assert staff == {"bakary": Role.INSTRUCTOR, "danso": Role.LEAD}
    board = board_of(cohort, module, list(cohort.assignments.all()), now)
    counts = {shown: board.counts[shown] for shown in ("all", "not_joined", "not_started", "stuck", "passed")}
    assert counts == {"all": 62, "not_joined": 2, "not_started": 10, "stuck": 5, "passed": 4}
    assert board.counts["late"] > 20
    assert cohort.enrolments.untaken().count() == 2
    assert cohort.enrolments.filter(user__is_guest=True).count() == 3
    assert cohort.enrolments.filter(user__isnull=False, role=Role.LEARNER, roster_name="").count() == 5
    dues = sorted(cohort.assignments.values_list("due_at", flat=True))
    assert dues[0] < now < dues[1]
    days = {attempt.submitted_at.date() for attempt in Attempt.objects.all()}
    assert (max(days) - min(days)).days > 14
    assert not Attempt.objects.filter(submitted_at=None).exists()
    assert not Attempt.objects.filter(submitted_at__gt=now).exists()
    assert not Reading.objects.filter(read_at__gt=now).exists()
    before = everything()
    assert "a class of sixty" in demo()
    assert everything() == before


def test_the_same_day_gives_the_same_class(idle_class):
    module = make.case_study(sections=2)
    shown = []
    for name in ("One", "Two"):
        User.objects.exclude(name="Awa").delete()
        Audit.objects.all().delete()
        cohort = classes.fill(module, make.user(f"{name} a"), make.user(f"{name} b"), None, make.NOW)
        rows = cohort.enrolments.learners().order_by("joined_at", "roster_name")
        shown.append(list(rows.values_list("user__name", "roster_name", "joined_at")))
    assert shown[0] == shown[1]
    assert len(shown[0]) == 61


def test_a_name_that_somebody_has_is_left_to_them(idle_class):
    make.case_study()
    somebody = make.user("adama b.")
    demo()
    assert not somebody.enrolments.exists()
    assert Cohort.objects.get().enrolments.learners().count() == 61


def test_without_a_demo_instructor_there_is_no_class(bakary):
    make.case_study()
    assert "class" not in demo()
    assert not Cohort.objects.exists()


def test_nobody_of_the_class_can_sign_in(idle_class):
    make.case_study()
    demo()
    others = User.objects.exclude(name__in=PEOPLE)
    assert others.count() == 59
    assert not any(user.has_usable_password() for user in others)


def test_an_answer_of_each_kind_is_right_or_misses(loaded):
    """By the real bank; what is typed is left without an answer."""
    chance, met = random.Random(1), set()  # noqa: S311
    for version in ItemVersion.objects.all():
        rules, document = version.rules, version.document
        assert rules.mark(document, classes.right(version)) == 1
        given = classes.wrong(version, chance)
        assert given is None or (rules.accepts(document, given) and rules.mark(document, given) < 1)
        met.add((version.kind, given is None))
    assert met == {(kind, kind in ("number", "short")) for kind in KINDS}
