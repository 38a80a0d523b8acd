"""A cohort that counts in points of 20 reads them so on every page that shows its marks."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cohorts.models import Assignment, Cohort
from tests import make
from tests.cohorts.test_board import cells, plain, shown

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def work(bakary, awa):
    """Awa has 60 of 100 in section 1, which is 12 of 20, and 77.5 in the exam."""
    module = make.case_study(sections=2)
    row = make.assignment(make.cohort(bakary, [awa], points=20), module, exam="required")
    make.quiz(awa, module.sections.get(position=1), right=3, at=make.NOW + HOUR)
    make.exam_result(awa, module, "0.775", at=make.NOW + 2 * HOUR)
    return row


def read(client, work, path="", language="en"):
    return plain(client.get(f"/{language}/cohorts/{work.cohort_id}/{path}").text)


def test_the_board_and_what_it_says_of_its_numbers(as_bakary, work):
    assert [words for _state, words in cells(as_bakary, work.cohort)] == ["Reading 12 /20", "Not started –"]
    page = plain(shown(as_bakary, work.cohort).text)
    assert "The mark in points of 20, or lessons read." in page
    assert "Numbers are marks in points of 20, or lessons read." in page
    Cohort.objects.update(points=100)
    assert cells(as_bakary, work.cohort)[0][1] == "Reading 60 /100"


def test_a_board_in_french_has_french_decimals(as_bakary, awa, work):
    make.hand_mark(work, awa, work.module.sections.get(position=1), "0.775")
    page = as_bakary.get(f"/fr/cohorts/{work.cohort_id}/board/").text
    assert '15,5<span class="visually-hidden">/20</span>' in page


def test_a_learners_page_the_page_of_a_mark_and_a_result_for_staff(as_bakary, awa, work):
    place, section = work.cohort.enrolments.get(user=awa), work.module.sections.get(position=1)
    learner = read(as_bakary, work, f"learners/{place.pk}/")
    assert "– 12 of 20, not passed" in learner
    assert "– 15.5 of 20, not passed" in learner
    assert " of 100" not in learner
    mark = read(as_bakary, work, f"learners/{place.pk}/sections/{section.pk}/")
    assert "– 12 of 20, not passed" in mark
    assert " of 100" not in mark
    attempt = awa.attempts.get(bank__section=section)
    result = read(as_bakary, work, f"attempts/{attempt.pk}/")
    assert "60 of 100 points; 80 passes." in result
    assert "In this cohort that is 12 of 20." in result
    Cohort.objects.update(points=100)
    assert "In this cohort that is" not in read(as_bakary, work, f"attempts/{attempt.pk}/")


def test_what_is_missing_for_a_certificate_for_staff_and_for_the_learner(as_bakary, as_awa, work):
    assert "section 1 (12 of 20 so far)" in read(as_bakary, work, f"assignments/{work.pk}/certificates/")
    assert "– 12 of 20 so far" in read(as_awa, work, f"assignments/{work.pk}/certificate/")
    alone = plain(as_awa.get(f"/en/certificates/new/{work.module.slug}/").text)
    assert "– 60 of 100 so far" in alone


def test_the_page_of_the_day_says_what_passes_in_the_same_points(as_bakary, awa, work):
    section = work.module.sections.get(position=1)
    Assignment.objects.update(exam="not_asked")
    for hours in (3, 4):
        make.quiz(awa, section, right=2, at=make.NOW + hours * HOUR)
    passes = section.threshold * 20
    assert passes == Decimal(16)
    assert "section 1, three quizzes or more below 16" in plain(as_bakary.get("/en/cohorts/").text)
