"""Before and after the lessons, as the staff of a cohort see it: counts of who answered the same item twice."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cohorts.before_and_after import Answered, ComparedSection, compare, sections_compared
from cohorts.models import Role
from quizzes.models import Item
from tests import make

DAY = timedelta(days=1)
AFTER = make.NOW + 7 * DAY


# What is counted


@st.composite
def answers(draw):
    """Some of: learner, item, right before, on which day handed in, right after, on which day begun or never."""
    keys = draw(st.sets(st.tuples(st.integers(1, 8), st.integers(1, 3)), max_size=24))
    days = st.integers(0, 3).map(lambda days: make.NOW + days * DAY)
    flag = st.booleans()
    return [
        Answered(learner, item, draw(flag), draw(days), draw(flag), draw(st.none() | days)) for learner, item in keys
    ]


@given(rows=answers())
def test_counts_are_those_of_plain_lists(rows):
    compared = compare(rows)
    assert compared.keys() == {row.item for row in rows}
    for item, counts in compared.items():
        pairs = [row for row in rows if row.item == item and row.begun and row.handed_in < row.begun]
        told = (counts.both, counts.later, counts.earlier, counts.neither)
        ways = [(True, True), (False, True), (True, False), (False, False)]
        assert told == tuple(sum((row.was_right, row.is_right) == way for row in pairs) for way in ways)
        assert counts.is_silent == (len({row.learner for row in pairs}) < 5)


@given(rows=answers())
def test_a_section_sums_up_only_what_it_shows(rows):
    section, shown = ComparedSection(None), Counter()
    for item, counts in compare(rows).items():
        section.take(Item(pk=item), counts)
        if not counts.is_silent:
            shown += Counter((row.was_right, row.is_right) for row in rows if row.item == item and row.is_pair)
    assert section.whole.answers == shown
    assert len(section.items) + section.silent == len({row.item for row in rows})


# Whose answers these are

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    """A section of two items, both asked by its quiz."""
    row = make.section(draw=2)
    for slug in ("first", "second"):
        make.item(row, slug=slug)
    return row


@pytest.fixture
def learners(db):
    return [make.user(f"Learner number {number}") for number in range(5)]


@pytest.fixture
def cohort(bakary, learners, section):
    row = make.cohort(bakary, learners)
    make.assignment(row, section.module, [section])
    return row


@pytest.fixture
def before(bakary, cohort, section):
    """The quiz of Bakary's that asks both items before the lessons, as it is set."""
    quiz = make.own_quiz(bakary, section.bank.items.all(), title="Before the lessons")
    return make.set_quiz(cohort, quiz)


def sit(learner, at, row=None, section=None, **wrong):
    """Hand in the quiz that is set, or that of the section: all right but for the items named."""
    attempt = make.own_sitting(learner, row.quiz, at=at) if row else make.quiz(learner, section, at=at)
    rows = attempt.responses.select_related("item", "shown_version")
    ways = {False: make.right_answer, True: make.wrong_answer}
    attempt.save_answers({one.position: ways[one.item.slug in wrong](one) for one in rows}, "en", at)
    attempt.submit(at)
    return attempt


def told(before, after=None):
    """Of each item that is told, by its slug: right in both, wrong then right, right then wrong, wrong in both."""
    return {
        item.slug: (counts.both, counts.later, counts.earlier, counts.neither)
        for section in sections_compared(before, after)
        for item, counts in section.items
    }


def address(cohort, query=""):
    return f"/en/cohorts/{cohort.pk}/before-and-after/{query}"


def words(client, cohort, query=""):
    main = client.get(address(cohort, query)).text.split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_each_item_is_told_by_four_counts_and_its_section_by_their_sum(as_bakary, cohort, learners, section, before):
    for number, learner in enumerate(learners):
        sit(learner, make.NOW, before, **({"first": 1} if number < 3 else {}))
        sit(learner, AFTER, section=section, **({"first": 1, "second": 1} if number < 1 else {}))
    assert told(before) == {"first": (2, 2, 0, 1), "second": (4, 0, 1, 0)}
    shown = words(as_bakary, cohort)
    assert f"{section.position}. {section.title} Answers of 5 learners to the questions below" in shown
    assert "Right in both 6 Wrong, then right 2 Right, then wrong 1 Wrong in both 1" in shown
    stem = section.bank.items.get(slug="first").version.stem
    assert f"{stem} right in both: 2 · wrong, then right: 2 · right, then wrong: 0 · wrong in both: 1" in shown
    assert "%" not in shown
    assert "no proof that the lessons made the difference" in shown


def test_of_fewer_than_five_learners_nothing_is_told(as_bakary, cohort, learners, section, before):
    for learner in learners:
        sit(learner, make.NOW, before)
    for learner in learners[:4]:
        sit(learner, AFTER, section=section)
    assert told(before) == {}
    assert "fewer than five learners have answered the same question in both" in words(as_bakary, cohort)


def test_an_item_of_few_is_left_out_of_the_sum(as_bakary, cohort, learners, section, before):
    third = make.item(section, slug="third")
    before.quiz.items.add(third)
    for learner in learners:
        sit(learner, make.NOW, before)
        sit(learner, AFTER, section=section)  # two of three
    silent = {"first", "second", "third"} - told(before).keys()
    assert silent
    [row] = sections_compared(before, None)
    assert row.silent == len(silent)
    assert row.whole.answers.total() == 5 * len(row.items)
    assert ("left out: fewer than five learners" in words(as_bakary, cohort)) == bool(row.items)


def test_first_answers_count(learners, section, before):
    for learner in learners:
        sit(learner, make.NOW, before, first=1)
        sit(learner, make.NOW + DAY, before)
        sit(learner, AFTER, section=section, second=1)
        sit(learner, AFTER + DAY, section=section)
    assert told(before) == {"first": (0, 5, 0, 0), "second": (0, 0, 5, 0)}


def test_what_was_answered_or_begun_before_is_not_after(learners, section, before):
    for learner in learners:
        sit(learner, make.NOW, section=section)
        open_since = make.quiz(learner, section, at=make.NOW + DAY)
        sit(learner, make.NOW + 2 * DAY, before)
        make.hand_in(open_since, 2, AFTER)
        sit(learner, AFTER + DAY, section=section)
    assert told(before) == {}


def test_an_attempt_that_was_open_meanwhile_is_not_after(learners, section, before):
    for learner in learners:
        open_since = make.quiz(learner, section, at=make.NOW)
        sit(learner, make.NOW + DAY, before)
        make.hand_in(open_since, 2, AFTER)
    assert told(before) == {}


def test_exams_are_left_out(cohort, learners, section, before):
    cohort.assignments.update(exam="open")
    for learner in learners:
        sit(learner, make.NOW, before)
        make.exam(learner, section.module, right=2, at=AFTER)
    assert told(before) == {}


def test_who_left_and_who_is_staff_now_is_not_counted(cohort, learners, section, before):
    sixth, seventh = make.user("Sixth"), make.user("Seventh")
    for learner in (sixth, seventh):
        cohort.join(learner, make.NOW)
    for learner in (*learners, sixth, seventh):
        sit(learner, make.NOW, before)
        sit(learner, AFTER, section=section)
    cohort.enrolments.get(user=sixth).leave(AFTER + DAY)
    cohort.enrolments.filter(user=seventh).update(role=Role.INSTRUCTOR)
    assert told(before) == {"first": (5, 0, 0, 0), "second": (5, 0, 0, 0)}


def test_a_withdrawn_item_is_not_told(learners, section, before):
    for learner in learners:
        sit(learner, make.NOW, before)
        sit(learner, AFTER, section=section)
    section.bank.items.filter(slug="first").update(withdrawn_at=AFTER)
    assert told(before).keys() == {"second"}


def test_trials_count_nowhere(bakary, cohort, learners, section, before):
    for learner in learners:
        make.own_sitting(learner, before.quiz, right=2, at=make.NOW, is_trial=True)
        sit(learner, AFTER, section=section)
    assert sections_compared(before, None) == []


def test_another_quiz_may_be_the_one_after(as_bakary, bakary, cohort, learners, section, before):
    mine = make.own_item(make.bank(bakary), stem="Of my own?")
    before.quiz.items.add(mine)
    quiz = make.own_quiz(bakary, before.quiz.items.all(), title="After the lessons")
    after = make.set_quiz(cohort, quiz, opens_at=AFTER)
    for learner in learners:
        sit(learner, make.NOW, before)
        sit(learner, AFTER, after, first=1)
    assert told(before) == {}
    assert told(before, after) == {"first": (0, 0, 5, 0), "second": (5, 0, 0, 0), mine.slug: (5, 0, 0, 0)}
    shown = words(as_bakary, cohort, f"?after={after.pk}")
    assert "Questions of banks of staff" in shown
    assert "Of my own? right in both: 5" in shown


# What may be chosen


def chosen(client, cohort, query=""):
    """The title that is chosen as before, and what as after."""
    context = client.get(address(cohort, query)).context
    return context["before"], context["after"]


def test_the_first_to_open_is_before_unless_another_is_chosen(as_bakary, bakary, cohort, before):
    later = make.set_quiz(cohort, make.own_quiz(bakary), opens_at=AFTER)
    first = make.set_quiz(cohort, make.own_quiz(bakary), opens_at=make.NOW - DAY)
    assert chosen(as_bakary, cohort) == (first, None)
    assert chosen(as_bakary, cohort, f"?before={before.pk}&after={later.pk}") == (before, later)


def test_what_is_no_quiz_of_the_cohort_is_not_chosen(as_bakary, bakary, cohort, before):
    elsewhere = make.set_quiz(make.cohort(bakary), make.own_quiz(bakary))
    for query in (f"?before={elsewhere.pk}&after={elsewhere.pk}", "?before=x&after=x", f"?after={before.pk}"):
        assert chosen(as_bakary, cohort, query) == (before, None)


def test_without_a_quiz_the_page_says_how_to_set_one(as_bakary, cohort):
    shown = as_bakary.get(address(cohort)).text
    assert "No quiz is set here" in shown
    assert "Tell your learners why" in shown
    assert 'href="/en/quizzes/new/"' in shown
    assert f'href="/en/cohorts/{cohort.pk}/quizzes/new/"' in shown


def test_whoever_may_not_see_keys_makes_no_quiz(as_bakary, bakary, cohort, settings):
    settings.OPEN_TEACHING = False
    bakary.may_teach_at = None
    bakary.save()
    assert 'href="/en/quizzes/new/"' not in as_bakary.get(address(cohort)).text


def test_the_ways_there(as_bakary, as_awa, cohort, before):
    assert address(cohort) in as_bakary.get(f"/en/cohorts/{cohort.pk}/knowledge/").text
    assert "Tell your learners why" in as_bakary.get("/en/quizzes/new/").text
    assert "Tell your learners why" not in as_bakary.get(f"/en/quizzes/{before.quiz_id}/edit/").text
    assert as_awa.get(address(cohort)).status_code == 404


def queries(client, cohort):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(cohort)).status_code == 200
    return len(asked)


def test_the_page_costs_the_same_for_many(as_bakary, bakary, cohort, learners, section, before):
    sit(learners[0], make.NOW, before)
    sit(learners[0], AFTER, section=section)
    as_bakary.get(address(cohort))  # which notes the visit
    few = queries(as_bakary, cohort)
    more = make.section(section.module, draw=1)
    make.lesson(more)
    before.quiz.items.add(make.item(more), make.own_item(make.bank(bakary)))
    make.set_quiz(cohort, make.own_quiz(bakary), opens_at=AFTER)
    for number in range(8):
        one = make.user(f"Another {number}")
        cohort.join(one, make.NOW)
        sit(one, make.NOW, before)
        sit(one, AFTER, section=section)
    assert queries(as_bakary, cohort) == few <= 9
