"""What a class knows, as its staff see it: counts of what counts, and nothing of fewer than five learners."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.knowledge import Level, knowledge_of, spans_of
from quizzes.habits import FAILS, HOLDS, Judgement
from tests import make

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SURE, UNSURE = 3, 1


@pytest.fixture
def section():
    """A section of one single item, and of one that asks what may be printed."""
    row = make.section(draw=2, certainty=True)
    make.lesson(row)
    make.item(row)
    judging = make.item(row, kind="classify")
    statements = judging.version.document["statements"]
    labels = [{"id": label, "text": {"en": label, "fr": label}} for label in (HOLDS, FAILS)]
    key = {piece["id"]: HOLDS if number == 0 else FAILS for number, piece in enumerate(statements)}
    make.version(judging, labels=labels, key=key)
    return row


@pytest.fixture
def cohort(bakary, awa, section):
    row = make.cohort(bakary, [awa, *(make.user(f"Learner {number}") for number in range(4))])
    make.assignment(row, section.module, [section])
    return row


def learners(cohort):
    return [row.user for row in cohort.enrolments.current().learners().order_by("pk")]


def answer(learner, section, sure=SURE, right=True, lets_through=True, at=make.NOW + HOUR):
    """A quiz of both items: the single one right or wrong, at that level; each statement let through, or none."""
    attempt = make.quiz(learner, section, at=at)
    answers, levels = {}, {}
    for response in attempt.responses.select_related("shown_version"):
        if response.shown_version.kind == "single":
            answers[response.position] = (make.right_answer if right else make.wrong_answer)(response)
            levels[response.position] = sure
        else:
            pieces = response.shown_version.rules.pieces(response.shown_version.document)
            answers[response.position] = dict.fromkeys(pieces, HOLDS if lets_through else FAILS)
    attempt.save_answers(answers, "en", at)
    for position, level in levels.items():
        attempt.responses.filter(position=position).update(certainty=level)
    attempt.submit(at)


def known(cohort):
    return knowledge_of(cohort.assignments.all())


def address(cohort):
    return f"/en/cohorts/{cohort.pk}/knowledge/"


def words(client, cohort):
    main = client.get(address(cohort)).text.split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_certainty_is_counted_beside_what_was_right(cohort, section):
    for number, learner in enumerate(learners(cohort)):
        answer(learner, section, right=number > 1)
    assert known(cohort).levels == [Level(1), Level(2), Level(3, right=3, count=5, people=5)]


def test_statements_are_told_by_what_was_let_through(cohort, section):
    failing = len(section.bank.items.get(current_version__kind="classify").version.document["statements"]) - 1
    for number, learner in enumerate(learners(cohort)):
        answer(learner, section, lets_through=number < 2)
    assert known(cohort).judged == Judgement(hits=2, holding=5, false_alarms=2 * failing, failing=5 * failing)
    assert known(cohort).judges == 5


def test_of_fewer_than_five_learners_nothing_is_told(cohort, section, as_bakary):
    four = learners(cohort)[:4]
    for learner in four:
        answer(learner, section)
    told = words(as_bakary, cohort)
    assert "fewer than five learners have said how sure they are" in told
    assert "fewer than five learners have judged statements" in told
    assert not known(cohort).has_levels
    assert not known(cohort).has_judged


def test_a_level_that_few_gave_is_silent_beside_one_that_many_gave(cohort, section, as_bakary):
    for learner in learners(cohort):
        answer(learner, section)
    sixth = make.user("Sixth")
    cohort.join(sixth, make.NOW)
    answer(sixth, section, sure=UNSURE)
    told = words(as_bakary, cohort)
    assert "Unsure fewer than five learners" in told
    assert "Sure 5 5 5" in told


def test_only_the_first_answer_of_each_counts(cohort, section):
    for learner in learners(cohort):
        answer(learner, section, right=False)
    answer(learners(cohort)[0], section, right=True, at=make.NOW + 2 * HOUR)
    assert known(cohort).levels[2] == Level(3, right=0, count=5, people=5)


def test_what_does_not_count_for_the_cohort_is_not_there(cohort, section, awa):
    other = make.section(section.module, certainty=True, draw=1)
    make.lesson(other)
    make.item(other)
    for learner in learners(cohort):
        answer(learner, other)
        answer(learner, section, at=make.NOW - HOUR)  # before it was set
    assert known(cohort).levels == [Level(1), Level(2), Level(3)]


def test_whoever_left_is_no_longer_counted(cohort, section, awa):
    for learner in learners(cohort):
        answer(learner, section)
    cohort.enrolments.get(user=awa).leave(make.NOW + 2 * HOUR)
    assert known(cohort).levels[2] == Level(3, right=4, count=4, people=4)
    assert not known(cohort).has_levels


# How long a quiz was open


def sit(learner, section, took, at=make.NOW, begin=make.quiz):
    """A quiz begun then and handed in so much later."""
    make.hand_in(begin(learner, section, at=at), 1, at + took)


def spans(cohort):
    return [span.people for span in spans_of(cohort.assignments.all(), cohort.quiz_assignments.all())]


def test_time_is_told_in_a_few_words(cohort, section, as_bakary):
    for learner in learners(cohort):
        sit(learner, section, 14 * MINUTE)
    assert spans(cohort) == [5, 0, 0, 0]
    told = words(as_bakary, cohort)
    assert "minutes 5 within an hour fewer than five learners within a day fewer than five learners" in told
    assert "Breaks are included" in told


def test_each_word_has_its_bounds(cohort, section):
    times = [15 * MINUTE, HOUR - MINUTE, HOUR, DAY - MINUTE, DAY]
    for learner, took in zip(learners(cohort), times, strict=True):
        sit(learner, section, took)
    assert spans(cohort) == [0, 2, 2, 1]


def test_of_few_learners_no_word_is_told(cohort, section, as_bakary):
    for learner in learners(cohort)[:4]:
        sit(learner, section, HOUR)
    told = words(as_bakary, cohort)
    assert "fewer than five learners have handed in a quiz" in told
    assert "within a day" not in told


def test_the_first_attempt_of_each_quiz_counts_and_quizzes_of_staff_too(cohort, section, awa, bakary):
    sit(awa, section, MINUTE)
    sit(awa, section, HOUR, at=make.NOW + DAY)
    assert spans(cohort) == [1, 0, 0, 0]
    for _ in range(2):
        quiz = make.own_quiz(bakary, section.bank.items.all())
        make.set_quiz(cohort, quiz)
        sit(awa, quiz, 2 * DAY, begin=make.own_sitting)
    assert spans(cohort) == [1, 0, 0, 1]  # of one person two quizzes took days


def test_who_left_is_in_no_word(cohort, section, awa):
    sit(awa, section, MINUTE)
    cohort.enrolments.get(user=awa).leave(make.NOW + HOUR)
    assert spans(cohort) == [0, 0, 0, 0]


def queries(client, cohort):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(cohort)).status_code == 200
    return len(asked)


def test_the_page_costs_the_same_for_many(cohort, section, as_bakary):
    answer(learners(cohort)[0], section)
    as_bakary.get(address(cohort))  # which notes the visit
    few = queries(as_bakary, cohort)
    for number in range(8):
        one = make.user(f"Another {number}")
        cohort.join(one, make.NOW)
        answer(one, section, sure=UNSURE, right=bool(number % 2), lets_through=bool(number % 3))
    assert queries(as_bakary, cohort) == few <= 9


def test_the_cohorts_page_leads_there(cohort, as_bakary, as_awa):
    assert address(cohort) in as_bakary.get(cohort.get_absolute_url()).text
    assert address(cohort) not in as_awa.get(cohort.get_absolute_url()).text
