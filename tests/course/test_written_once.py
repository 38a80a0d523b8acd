"""What a learner's pages ask is written once for a connection, and returns what Django returns."""

from datetime import timedelta

import pytest

from cohorts.models import Extension, Offer
from cohorts.notices import ON_HOME
from cohorts.set_sections import SET, SET_IN
from course.module_progress import FACTS, ON_THE_WAY, READ
from course.reviews import KNOWN
from tests import make
from tests.accounts.told import plain, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = make.NOW + 2 * DAY
ASKED = 7


@pytest.fixture
def module(bakary, awa, celia):
    """Awa read, handed in, began a quiz, holds a certificate, is offered one, and has work until a day of her own.

    Celia did some of it, in the same cohort.
    """
    module = make.case_study(sections=2)
    cohort = make.cohort(bakary, [awa, celia])
    work = make.assignment(cohort, module, due_at=make.NOW + 9 * DAY)
    sections = list(module.sections.all())
    lesson = make.lesson(sections[0])
    for learner in (awa, celia):
        make.reading(learner, lesson, make.NOW + DAY)
        make.quiz(learner, sections[0], right=1, at=make.NOW + DAY)
    make.quiz(awa, sections[1], at=NOW)
    make.certificate(awa, module, expires_at=NOW + 9 * DAY)
    place = cohort.enrolments.get(user=awa)
    Extension.objects.create(assignment=work, enrolment=place, due_at=make.NOW + 12 * DAY)
    Offer.objects.create(assignment=work, enrolment=place, name="Awa", made_at=NOW)
    bank = make.bank(bakary)
    make.own_item(bank)
    make.set_quiz(cohort, make.own_quiz(bakary, bank.items.all()), due_at=NOW + DAY)
    return module


def asked(module):
    """Each query with what it is asked with beside a person; lists of modules as rows, and by their ids."""
    return [
        (KNOWN, {"at": NOW}),
        (ON_HOME, {"at": NOW, "soon": NOW + 30 * DAY}),
        (ON_THE_WAY, {"module": module.pk, "at": NOW, "is_trial": False}),
        (READ, {"modules": [module.pk]}),
        (FACTS, {"modules": [module.pk]}),
        (SET, {}),
        (SET_IN, {"module": module.pk}),
    ]


def in_order(rows):
    return sorted(map(told, rows), key=repr)


@pytest.mark.parametrize("number", range(ASKED))
def test_each_query_of_a_learners_page_returns_what_django_returns(module, awa, celia, bakary, number):
    query, values = asked(module)[number]
    for user in (awa, celia, bakary, awa):
        assert in_order(query(user=user.pk, **values)) == in_order(plain(query, user=user.pk, **values))
    assert query(user=awa.pk, **values)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_moment_is_asked_for_as_it_was_stored(module, awa, number):
    """Whether something is due, runs out or holds depends on it to the microsecond."""
    query, values = asked(module)[number]
    due, ending = make.NOW + 9 * DAY, NOW + 9 * DAY
    for at in (NOW, due, ending, *(moment + timedelta(microseconds=1) for moment in (due, ending)), NOW + 99 * DAY):
        late = values | {"at": at}
        assert in_order(query(user=awa.pk, **late)) == in_order(plain(query, user=awa.pk, **late))


def test_nobody_else_is_asked_for(module, celia):
    assert [row.learner_id for row in READ(user=celia.pk, modules=[module.pk])] == [celia.pk]
    assert SET(user=0) == READ(user=celia.pk, modules=[]) == []
