"""What is due of many learners is what is due of each of them, in three queries."""

from datetime import timedelta

import pytest

from cohorts.dues import dues_by_learner, dues_of
from cohorts.models import Assignment, Extension
from lessons.models import Module
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = make.NOW


@pytest.fixture
def people(awa, celia, bakary, danso):
    """Two learners in cohorts that set other things, one of them in both; and Danso, who learns in none."""
    module, other = make.case_study(sections=3, lessons=1, items=3), make.case_study(lessons=1, items=3)
    first, second = module.sections.order_by("position")[:2]
    both, hers = make.cohort(bakary, [awa, celia]), make.cohort(bakary, [awa])
    row = make.assignment(both, module, [first, second], opens_at=NOW - 9 * DAY, due_at=NOW + DAY)
    make.assignment(hers, module, opens_at=NOW - 9 * DAY, due_at=NOW - DAY, months_valid=6)
    make.assignment(hers, other, opens_at=NOW - 9 * DAY)
    make.any_hand_mark(both.enrolments.get(user=celia), row)
    later = {"assignment": row, "due_at": NOW + 3 * DAY}
    Extension.objects.create(enrolment=both.enrolments.get(user=awa), **later)
    make.quiz(awa, second, right=3, at=NOW - 2 * DAY)
    make.quiz(awa, second, right=3, at=NOW - DAY)
    make.quiz(celia, second, right=0, at=NOW - DAY)
    return awa, celia, danso


def in_order(dues):
    return sorted(dues, key=lambda due: (due.section.pk, due.row.cohort_name, due.row.own_due_at or NOW, due.row.leads))


def test_each_has_what_the_page_of_one_says(people, django_assert_num_queries):
    with django_assert_num_queries(3):
        many = dues_by_learner([person.pk for person in people], NOW)
    alone = {person.pk: dues_of(person, Assignment.objects.all(), Module.objects.all(), NOW) for person in people}
    assert {key: in_order(dues) for key, dues in many.items()} == {
        key: in_order(dues) for key, dues in alone.items() if dues
    }
    awa, celia, danso = people
    assert (len(many[awa.pk]), len(many[celia.pk]), danso.pk in many) == (6, 2, False)
    assert any(due.is_done for due in many[awa.pk])


def test_nobody_is_asked_for_in_vain(people, bakary):
    assert set(dues_by_learner([bakary.pk], NOW)) == set()
    assert dues_by_learner([], NOW) == {}
