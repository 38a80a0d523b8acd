"""The page of the exam: what it asks, how it is held for this learner, the best result, and the way in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cohorts.exams import terms_of
from cohorts.models import ExamRule
from cohorts.terms import Terms
from course import exams
from quizzes.models import Attempt, Use
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def module():
    return make.case_study(sections=2, items=4)


@pytest.fixture
def address(module):
    return f"{module.get_absolute_url()}exam/"


@pytest.fixture
def cohort(awa, bakary):
    return make.cohort(bakary, [awa])


def asks(cohort, module, **fields):
    return make.assignment(cohort, module, **{"exam": ExamRule.REQUIRED, "opens_at": make.NOW} | fields)


def grant(assignment, learner, **fields):
    enrolment = assignment.cohort.enrolments.get(user=learner)
    return assignment.extensions.create(enrolment=enrolment, reason="Ill", **fields)


def terms(learner, module, at=make.NOW):
    return terms_of(learner, module, at)


# How it is held


def test_nobody_limits_a_lone_learner(awa, module):
    assert terms(awa, module) == Terms()


def test_minutes_run_from_the_start_and_are_not_the_learners_to_stretch(awa, module, cohort):
    asks(cohort, module, exam_minutes=60, exam_attempts=2)
    assert terms(awa, module) == Terms(make.NOW + HOUR, timedelta(), 2, 2)


def test_a_due_date_ends_it_and_ten_minutes_may_be_added(awa, module, cohort):
    asks(cohort, module, due_at=make.NOW + DAY)
    assert terms(awa, module) == Terms(make.NOW + DAY, None)


def test_of_minutes_and_due_date_the_earlier_ends_it(awa, module, cohort):
    asks(cohort, module, due_at=make.NOW + DAY, exam_minutes=60)
    assert terms(awa, module, make.NOW).due_at == make.NOW + HOUR
    assert terms(awa, module, make.NOW + DAY - HOUR / 2).due_at == make.NOW + DAY


def test_an_extension_gives_a_later_date_more_time_and_more_attempts(awa, celia, module, cohort):
    cohort.join(celia, make.NOW)
    row = asks(cohort, module, due_at=make.NOW + DAY, exam_attempts=1)
    more = timedelta(minutes=30)
    grant(row, awa, due_at=make.NOW + 3 * DAY, extra_time=more, exam_attempts=2)
    assert terms(awa, module) == Terms(make.NOW + 3 * DAY, more, 3, 3)
    assert terms(celia, module) == Terms(make.NOW + DAY, None, 1, 1)


def test_an_earlier_date_in_an_extension_takes_nothing_away(awa, module, cohort):
    grant(asks(cohort, module, due_at=make.NOW + DAY), awa, due_at=make.NOW + HOUR)
    assert terms(awa, module).due_at == make.NOW + DAY


def test_whoever_is_excused_has_no_date(awa, module, cohort):
    grant(asks(cohort, module, due_at=make.NOW + DAY), awa, is_excused=True)
    assert terms(awa, module) == Terms()


def test_of_several_the_latest_end_and_the_longest_extra_time_hold(awa, bakary, module, cohort):
    first = asks(cohort, module, due_at=make.NOW + DAY, exam_attempts=1)
    other = asks(make.cohort(bakary, [awa]), module, due_at=make.NOW + 2 * DAY, exam_attempts=4)
    grant(first, awa, extra_time=timedelta(minutes=20))
    grant(other, awa, extra_time=timedelta(minutes=5))
    assert terms(awa, module) == Terms(make.NOW + 2 * DAY, timedelta(minutes=20), 4, 4)


def test_where_one_has_no_limit_there_is_none(awa, bakary, module, cohort):
    asks(cohort, module, due_at=make.NOW + DAY, exam_minutes=30, exam_attempts=1)
    asks(make.cohort(bakary, [awa]), module, exam=ExamRule.OPEN)
    found = terms(awa, module)
    assert (found.due_at, found.attempts, found.attempts_left, found.may_start) == (None, None, None, True)


def test_one_that_allows_is_enough_and_sets_the_date(awa, bakary, module, cohort):
    asks(cohort, module, due_at=make.NOW + 9 * DAY, exam_attempts=1)
    make.exam(awa, module, right=0)
    assert not terms(awa, module).may_start
    later = make.NOW + HOUR
    asks(make.cohort(bakary, [awa], at=later), module, due_at=make.NOW + 2 * DAY, exam_attempts=1, opens_at=later)
    assert terms(awa, module, later) == Terms(make.NOW + 2 * DAY, None, 1, 1)


def test_past_its_due_date_it_has_no_end_and_its_number_of_attempts_holds_on(awa, module, cohort):
    asks(cohort, module, due_at=make.NOW + DAY, exam_attempts=1)
    assert terms(awa, module, make.NOW + 2 * DAY) == Terms(None, None, 1, 1)
    make.exam(awa, module, right=0)
    assert not terms(awa, module, make.NOW + 2 * DAY).may_start


@pytest.mark.parametrize(
    "fields", [{"exam": ExamRule.NOT_ASKED}, {"opens_at": make.NOW + HOUR}], ids=["not asked", "not open yet"]
)
def test_what_asks_for_no_exam_or_has_not_opened_limits_nothing(awa, module, cohort, fields):
    asks(cohort, module, exam_attempts=1, exam_minutes=5, **fields)
    assert terms(awa, module) == Terms()


def test_of_another_module_of_those_who_left_and_of_staff_nothing_holds(awa, bakary, celia, module, cohort):
    asks(cohort, make.module(), exam_attempts=1)
    assert terms(awa, module) == Terms()
    asks(cohort, module, exam_attempts=1)
    for user in (bakary, celia):
        assert terms(user, module) == Terms()
    cohort.enrolments.get(user=awa).leave(make.NOW)
    assert terms(awa, module) == Terms()


def test_an_archived_cohort_limits_nothing(awa, module, cohort):
    asks(cohort, module, exam_attempts=1, exam_minutes=5)
    assert terms(awa, module) != Terms()
    cohort.archive(make.NOW)
    assert terms(awa, module) == Terms()


def test_a_date_that_has_passed_does_not_lift_the_one_to_come(awa, bakary, module, cohort):
    asks(cohort, module, due_at=make.NOW + HOUR)
    asks(make.cohort(bakary, [awa]), module, due_at=make.NOW + 3 * DAY)
    assert terms(awa, module, make.NOW + DAY).due_at == make.NOW + 3 * DAY


def test_a_date_of_this_very_moment_has_passed(awa, bakary, module, cohort):
    asks(cohort, module, due_at=make.NOW + HOUR)
    assert terms(awa, module, make.NOW + HOUR).due_at is None
    asks(make.cohort(bakary, [awa]), module, due_at=make.NOW + DAY)
    assert terms(awa, module, make.NOW + HOUR).due_at == make.NOW + DAY


def test_past_its_due_date_its_minutes_hold_on(awa, module, cohort):
    asks(cohort, module, due_at=make.NOW + HOUR, exam_minutes=30)
    assert terms(awa, module, make.NOW + DAY).due_at == make.NOW + DAY + HOUR / 2


def test_what_allows_no_more_gives_no_extra_time(awa, bakary, module, cohort):
    spent = asks(cohort, module, due_at=make.NOW + DAY, exam_attempts=1)
    grant(spent, awa, extra_time=timedelta(minutes=20))
    make.exam(awa, module, right=0)
    asks(make.cohort(bakary, [awa]), module, due_at=make.NOW + DAY)
    assert terms(awa, module).extra_time is None


def test_where_one_has_minutes_the_learner_stretches_nothing(awa, bakary, module, cohort):
    asks(cohort, module, exam_minutes=30)
    asks(make.cohort(bakary, [awa]), module, due_at=make.NOW + DAY)
    assert terms(awa, module).extra_time == timedelta()


def test_where_attempts_were_cut_afterwards_none_is_left(awa, module, cohort):
    row = asks(cohort, module, exam_attempts=3)
    for hours in (0, 1):
        make.exam(awa, module, right=0, at=make.NOW + hours * HOUR)
    type(row).objects.update(exam_attempts=1)
    assert terms(awa, module, make.NOW + DAY).attempts_left == 0


@pytest.mark.parametrize(("opens", "joined"), [(0, 2), (2, 0)], ids=["before joining", "before the opening"])
def test_an_attempt_counts_from_the_later_of_opening_and_joining(awa, bakary, module, opens, joined):
    cohort = make.cohort(bakary, [awa], at=make.NOW + joined * DAY)
    asks(cohort, module, exam_attempts=2, opens_at=make.NOW + opens * DAY)
    make.exam(awa, module, right=0, at=make.NOW + DAY)
    assert terms(awa, module, make.NOW + 3 * DAY).attempts_left == 2
    make.exam(awa, module, right=0, at=make.NOW + 2 * DAY)
    assert terms(awa, module, make.NOW + 3 * DAY).attempts_left == 1


def test_the_day_of_joining_is_ones_own_and_that_of_the_cohort_that_asks(awa, module, cohort, danso):
    """Awa was in Bakary's cohort before she joined Danso's, and Danso was in his before her."""
    other = make.cohort(danso)
    other.join(awa, make.NOW + 2 * DAY)
    asks(other, module, exam_attempts=1)
    make.exam(awa, module, right=0, at=make.NOW + DAY)
    assert terms(awa, module, make.NOW + 3 * DAY).attempts_left == 1


def test_attempts_before_joining_or_opening_are_not_counted_and_trials_never(awa, module, cohort):
    make.exam(awa, module, right=0, at=make.NOW - DAY)
    asks(cohort, module, exam_attempts=1)
    assert terms(awa, module).attempts_left == 1
    make.exam(awa, module, right=0)
    assert terms(awa, module).attempts_left == 0
    Attempt.objects.filter(started_at=make.NOW).update(is_trial=True)
    assert terms(awa, module).attempts_left == 1


def test_the_one_that_is_open_goes_on_where_no_other_may_start(awa, module, cohort):
    asks(cohort, module, exam_attempts=1)
    attempt = make.exam(awa, module)
    assert exams.start(awa, module, make.NOW + HOUR) == attempt


def test_anothers_open_exam_is_not_ones_own(awa, celia, module):
    attempt = make.exam(celia, module)
    assert exams.start(awa, module, make.NOW) != attempt


def test_a_trial_is_held_to_nothing(awa, module, cohort):
    asks(cohort, module, exam_attempts=1, exam_minutes=5)
    make.exam(awa, module, right=0)
    attempt = exams.start(awa, module, make.NOW + HOUR, is_trial=True)
    assert (attempt.is_trial, attempt.due_at) == (True, None)


# The page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_says_what_it_asks_and_starts_it(as_awa, module, address, language):
    there = address.replace("/en/", f"/{language}/")
    page = as_awa.get(there).text
    told = {
        "en": (
            "6 items over the whole module; 80 of 100 passes",
            "2 sections",
            "no time limit",
            "as often as you like",
        ),
        "fr": ("6 questions sur l’ensemble du module", "2 sections", "pas de limite de temps", "aussi souvent que"),
    }
    for words in told[language]:
        assert words in page
    assert page.split("<title>")[1].startswith(
        {"en": "Exam · A case study<", "fr": "Examen · A case study (fr)<"}[language]
    )
    answer = as_awa.post(there)
    assert answer["Location"] == f"/{language}/attempts/{Attempt.objects.get().pk}/"
    assert Attempt.objects.get().use == Use.EXAM


def test_an_open_one_goes_on(as_awa, awa, module, address):
    attempt = make.exam(awa, module)
    assert "Go on with the exam" in as_awa.get(address).text
    assert as_awa.post(address)["Location"] == attempt.get_absolute_url()
    assert Attempt.objects.count() == 1


def test_the_terms_are_told_and_go_with_the_attempt(as_awa, awa, module, address, cohort):
    now = timezone.now()
    row = asks(cohort, module, exam_minutes=60, exam_attempts=2, opens_at=now - DAY)
    grant(row, awa, extra_time=timedelta(minutes=15))
    page = as_awa.get(address).text
    assert "That is 75 minutes" in page
    assert "You have 2 of 2 attempts left" in page
    as_awa.post(address)
    attempt = Attempt.objects.get()
    assert attempt.closes_at - attempt.started_at == timedelta(minutes=75)
    page = as_awa.get(address).text
    assert "Yours is open until" in page
    assert "You have 1 of 2 attempts left" in page


def test_a_date_some_days_off_is_not_told_in_minutes(as_awa, module, address, cohort):
    asks(cohort, module, due_at=timezone.now() + 3 * DAY)
    page = as_awa.get(address).text
    assert "If you start now, it is open until" in page
    assert "That is" not in page


def test_used_attempts_are_told_and_no_other_starts(as_awa, awa, module, address, cohort):
    asks(cohort, module, exam_attempts=1)
    make.exam(awa, module, right=1)
    page = as_awa.get(address).text
    assert "You have used your attempts" in page
    assert f'action="{address}"' not in page
    assert "<button" not in page.split("<main")[1].split("</main>")[0]
    page = as_awa.post(address, follow=True)
    assert page.redirect_chain == [(address, 302)]
    assert "You have used the attempts" in page.text
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(("rights", "best", "passed"), [([2, 1], 33, False), ([1, 6, 3], 100, True)])
def test_the_best_result_so_far_stands_there(as_awa, awa, module, address, rights, best, passed):
    taken = [make.exam(awa, module, right=right, at=make.NOW + n * HOUR) for n, right in enumerate(rights)]
    page = as_awa.get(address).text
    assert f"Best so far: {best} of 100" in page
    assert ("You have passed" in page) is passed
    assert f'href="{max(taken, key=lambda each: each.score).get_absolute_url()}"' in page
    assert f'href="{taken[-1].get_absolute_url()}"' in page
    assert "Start another exam" in page


def test_what_others_did_is_not_told(as_celia, awa, module, address):
    make.exam(awa, module, right=6)
    assert "Best so far" not in as_celia.get(address).text


def test_a_visitor_reads_it_and_is_a_guest_by_starting(client, module, address):
    assert "Start the exam" in client.get(address).text
    assert not User.objects.exists()
    client.post(address)
    assert User.objects.get().is_guest
    assert Attempt.objects.get().learner.is_guest


def test_without_items_it_says_so_and_starts_nothing(client, address, module):
    for section in module.sections.all():
        section.document["optional"] = True
        section.save()
    assert "There are no items for an exam" in client.get(address).text
    assert client.post(address)["Location"] == address
    assert not User.objects.exists()


def test_a_withdrawn_module_has_none(as_awa, module, address):
    module.withdrawn_at = make.NOW
    module.save()
    assert as_awa.get(address).status_code == as_awa.post(address).status_code == 404


def test_it_costs_no_more_queries_with_more_of_everything(
    as_awa, awa, bakary, module, address, django_assert_max_num_queries
):
    for number in range(4):
        row = asks(make.cohort(bakary, [awa]), module, exam_attempts=9, exam_minutes=60)
        grant(row, awa, exam_attempts=number)
        make.exam(awa, module, right=number)
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        as_awa.get(address)


@pytest.mark.django_db(transaction=True)
def test_of_16_starts_at_once_none_gets_past_the_limit(in_parallel, awa, module, cohort):
    """Each browser hands in at once what it has started: with one attempt allowed there is one."""
    asks(cohort, module, exam_attempts=1)

    def act(number):
        sitting = exams.start(User.objects.get(pk=awa.pk), type(module).objects.get(pk=module.pk), make.NOW + HOUR)
        return sitting and sitting.submit(make.NOW + HOUR)

    outcomes = in_parallel(act)
    assert outcomes.count(True) == 1
    assert Attempt.objects.filter(use=Use.EXAM).count() == 1


# The way there


def test_once_all_that_it_asks_about_is_passed_the_exam_is_what_comes_next(as_awa, awa, module, address):
    first, second = module.sections.order_by("position")
    assert f'href="{address}"' in as_awa.get(module.get_absolute_url()).text
    make.quiz(awa, first, right=4)
    assert "Take the exam" not in as_awa.get(module.get_absolute_url()).text
    second.document["optional"] = True
    second.save()
    for lesson in first.lessons.all():
        make.reading(awa, lesson)
    for lesson in second.lessons.all():
        make.reading(awa, lesson)
    awa.recalls.update(due_on=timezone.localdate() + timedelta(days=3))
    for page in (module.get_absolute_url(), "/en/"):
        assert f'class="btn btn-primary" href="{address}"' in as_awa.get(page).text
    exam = make.exam(awa, module)
    for page in (module.get_absolute_url(), "/en/"):
        assert f'class="btn btn-primary" href="{exam.get_absolute_url()}"' in as_awa.get(page).text
    make.hand_in(exam, right=0)
    awa.recalls.update(due_on=timezone.localdate() + timedelta(days=3))
    assert f'class="btn btn-primary" href="{address}"' in as_awa.get(module.get_absolute_url()).text
    make.exam(awa, module, right=3)
    assert "Take the exam" not in as_awa.get(module.get_absolute_url()).text


def test_a_repeat_that_was_left_is_not_pressed_on_anybody(as_awa, awa, module):
    section = module.sections.first()
    make.quiz(awa, section, right=0).retry(make.NOW)
    awa.recalls.update(due_on=timezone.localdate() + timedelta(days=3))
    page = browser_of(awa).get(module.get_absolute_url()).text
    assert "Read the lesson" in page
    assert "Go on with" not in page
    assert "Start the quiz" not in as_awa.get(section.get_absolute_url()).text
