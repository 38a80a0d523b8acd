"""An exam that a cohort requires is due as its sections are, until one that counts there is passed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Outbox
from cohorts.models import ExamRule, Extension
from course.calendars import entries_of
from course.digests import make_digests
from tests import make
from tests.cohorts.test_dues import (  # noqa: F401 - fixtures
    DAY,
    cohort,
    lines,
    module,
    now,
    sections,
    sentences,
    set_work,
)

# ruff: noqa: F811

pytestmark = pytest.mark.django_db
REQUIRED = {"exam": ExamRule.REQUIRED}


@pytest.fixture
def passed(awa, sections, now):
    """Awa has passed every section."""
    for section in sections:
        quiz = make.quiz(awa, section, at=now - 50 * DAY)
        make.hand_in(quiz, quiz.responses.count(), now - 50 * DAY)


def sat(awa, module, at, right=True):
    """An exam of hers, begun under what her cohorts ask."""
    exam = make.exam(awa, module, at=at)
    make.hand_in(exam, exam.responses.count() if right else 0, at)
    return exam


@pytest.mark.parametrize("address", ["/en/", "/en/progress/"])
def test_a_late_exam_is_named_with_the_way_to_it(as_awa, module, passed, set_work, now, address):
    set_work([], now - DAY, **REQUIRED)
    [(sentence, way)], _more = lines(as_awa, address)
    assert sentence.startswith("The exam has been late since")
    assert way == f"/en/modules/{module.slug}/exam/"


def test_an_exam_comes_after_the_sections_of_its_day_and_before_what_is_due_later(as_awa, sections, set_work, now):
    set_work(sections[:1], now + 2 * DAY, **REQUIRED)
    set_work(sections[1:2], now + 3 * DAY)
    subjects = [sentence.split(" is due")[0] for sentence in sentences(as_awa)]
    assert subjects == ["Section 1", "The exam", "Section 2"]


@pytest.mark.parametrize("fields", [{"exam": ExamRule.OPEN}, {"exam": ExamRule.NOT_ASKED}, {"is_required": False}])
def test_an_exam_that_is_offered_or_not_asked_is_never_due(as_awa, passed, set_work, now, fields):
    set_work([], now - DAY, **REQUIRED | fields)
    assert sentences(as_awa) == []


def test_an_exam_that_was_passed_is_due_no_more_and_one_that_failed_is(as_awa, awa, module, passed, set_work, now):
    set_work([], now + DAY, **REQUIRED)
    sat(awa, module, now - 3 * DAY, right=False)
    assert len(sentences(as_awa)) == 1
    sat(awa, module, now - 2 * DAY)
    assert sentences(as_awa) == []


def test_an_exam_that_was_passed_before_the_cohort_asked_does_not_count(as_awa, awa, module, passed, set_work, now):
    sat(awa, module, now - 70 * DAY)
    set_work([], now + DAY, **REQUIRED)
    assert len(sentences(as_awa)) == 1


def test_whoever_is_excused_or_has_a_later_date_is_asked_accordingly(as_awa, awa, cohort, passed, set_work, now):
    place = cohort.enrolments.get(user=awa)
    work = set_work([], now - DAY, **REQUIRED)
    later = Extension.objects.create(enrolment=place, assignment=work, due_at=now + 30 * DAY, reason="ill")
    assert sentences(as_awa)[0].startswith("The exam is due on")
    later.is_excused = True
    later.save()
    assert sentences(as_awa) == []


def test_an_exam_that_runs_out_asks_to_be_passed_again(as_awa, awa, module, sections, passed, set_work, now):
    set_work(sections[:1], None, months_valid=1, **REQUIRED)
    sat(awa, module, now - 40 * DAY)
    assert any(sentence.startswith("The exam ran out on") for sentence in sentences(as_awa, "/en/progress/"))


def test_the_cohorts_page_says_that_the_exam_is_missing(as_awa, awa, cohort, module, sections, passed, set_work, now):
    work = set_work(sections[:1], now + DAY, **REQUIRED)
    page = as_awa.get(cohort.get_absolute_url()).text
    assert "The exam is not passed yet." in page
    assert f'btn-primary" href="/en/modules/{module.slug}/exam/"' in page
    assert "What the certificate asks for" in page
    work.due_at = now - DAY
    work.save()
    assert "Late: the exam is not passed." in as_awa.get(cohort.get_absolute_url()).text
    sat(awa, module, now - 2 * DAY)
    assert "exam is not passed" not in as_awa.get(cohort.get_absolute_url()).text


def test_calendar_and_mail_tell_of_it_without_naming_the_course(awa, module, passed, set_work, now):
    set_work([], now + DAY, months_valid=12, **REQUIRED)
    [entry] = [entry for entry in entries_of(awa, now) if entry.title == "The exam is due"]
    assert (entry.key, entry.when) == (f"due exam {module.pk}", now + DAY)
    make.reads_mail(awa, at=now - 9 * DAY)
    make_digests(now.replace(hour=12))
    assert "The exam is due on" in Outbox.objects.get().body
    sat(awa, module, now - timedelta(hours=1))
    assert [entry.title for entry in entries_of(awa, now) if "exam" in entry.title] == ["The exam: the pass runs out"]


def test_a_page_costs_no_more_with_an_exam(as_awa, passed, set_work, now, django_assert_num_queries):
    work = set_work([], now + DAY)
    as_awa.get("/en/")
    with CaptureQueriesContext(connection) as before:
        as_awa.get("/en/")
    work.exam = ExamRule.REQUIRED
    work.save()
    with django_assert_num_queries(len(before)):
        as_awa.get("/en/")
