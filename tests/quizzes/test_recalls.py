"""What is known of memory: noted when responses are marked, and the same when the log is replayed."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.locking import PersonGone
from quizzes import schedule
from quizzes.models import Attempt, Recall, Response
from quizzes.replay import replay
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY = timedelta(days=1)
_people = count(1)


@pytest.fixture
def section():
    return make.case_study(items=6).sections.get()


@pytest.fixture
def item(section):
    return section.bank.items.order_by("pk").first()


def stored(learner):
    """{item: Memory} as the table has it."""
    return {recall.item_id: recall.memory for recall in Recall.objects.of(learner)}


# Noting


def test_what_asks_nothing_has_nothing_to_note(awa, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Recall.note(awa, [], NOW) == set()


def test_a_quiz_notes_each_of_its_items(awa, section):
    quiz = make.quiz(awa, section, right=3)
    recalls = {recall.item_id: recall for recall in awa.recalls.all()}
    assert len(recalls) == 5
    for response in quiz.responses.all():
        recall = recalls[response.item_id]
        assert recall.memory == schedule.answered(None, response.outcome, None, NOW.date())
        assert response.predicted_recall is None


def test_a_check_notes_its_item(awa, section):
    check = make.item(section, uses=["check", "review"])
    Attempt.answer_check(awa, check, "a", list("abcd"), NOW)
    assert awa.recalls.get().days_right == 1


def test_the_predicted_recall_stands_on_the_response_from_before_it(awa, item):
    first = make.answered(awa, item)
    memory = awa.recalls.get().memory
    second = make.answered(awa, item, right=False, at=NOW + 5 * DAY)
    assert first.predicted_recall is None
    assert second.predicted_recall == pytest.approx(schedule.recall(memory.stability, 5))
    assert awa.recalls.get().memory == schedule.answered(memory, "wrong", None, NOW.date() + 5 * DAY)


def test_a_second_answer_of_the_day_changes_nothing_and_predicts_nothing(awa, item):
    make.answered(awa, item, right=False)
    before = stored(awa)
    again = make.answered(awa, item, right=True, at=NOW + timedelta(hours=3))
    assert stored(awa) == before
    assert again.predicted_recall is None


def test_certainty_counts(awa, celia, danso, item):
    for learner, certainty in ((awa, 1), (celia, 3), (danso, None)):
        make.answered(learner, item, certainty=certainty)
    due = {recall.learner: recall.due_on for recall in Recall.objects.select_related("learner")}
    assert due[awa] < due[celia] == due[danso]


def test_a_trial_is_never_noted(awa, section):
    quiz = make.quiz(awa, section)
    Attempt.objects.update(is_trial=True)
    quiz.refresh_from_db()
    quiz.submit(NOW)
    assert not Recall.objects.exists()


def test_a_withdrawn_item_is_not_noted_and_an_erased_learner_has_no_recall(awa, section, item):
    quiz = make.quiz(awa, section)
    taken = quiz.responses.get(position=1).item
    taken.withdrawn_at = NOW
    taken.save()
    orphan = make.quiz(make.user("Fatou"), section)
    quiz.submit(NOW)
    assert awa.recalls.count() == 4
    Attempt.objects.filter(pk=orphan.pk).update(learner=None)
    orphan.refresh_from_db()
    with pytest.raises(PersonGone):
        orphan.submit(NOW)
    assert Recall.objects.exclude(learner=awa).count() == 0


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", date(2026, 11, 3)), ("UTC", date(2026, 11, 2)), ("America/New_York", date(2026, 11, 1))],
)
def test_the_day_is_that_of_the_learners_zone(awa, item, zone, day):
    awa.time_zone = zone
    awa.save()
    hour = 12 if zone == "Pacific/Kiritimati" else 3
    make.answered(awa, item, at=NOW.replace(hour=hour))
    assert awa.recalls.get().first_on == day


@pytest.mark.parametrize("items", [5, 30])
def test_handing_in_costs_the_same_with_many_items(awa, items, django_assert_max_num_queries):
    section = make.section(draw=items)
    for _ in range(items):
        make.item(section)
    make.quiz(awa, section, right=2)
    quiz = Attempt.objects.get(pk=make.quiz(awa, section, at=NOW + 3 * DAY).pk)
    with django_assert_max_num_queries(10):
        quiz.submit(NOW + 3 * DAY)


def test_noting_takes_two_queries(awa, section, django_assert_num_queries):
    responses = list(make.quiz(awa, section, right=2).responses.select_related("item"))
    with transaction.atomic(), django_assert_num_queries(2):
        Recall.note(awa, responses, NOW + DAY)


@pytest.mark.django_db(transaction=True)
def test_eight_answers_at_once_leave_one_recall(awa, item, in_parallel):
    version = item.current_version
    in_parallel(lambda number: Attempt.answer_check(awa, item, "a", version.rules.pieces(version.document), NOW), 8)
    assert awa.recalls.get().days_right == 1
    assert Response.objects.count() == 8


# Replaying

answers = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from([None, 1, 2, 3]), st.integers(0, 40)), max_size=7
)


@given(answers=answers, zone=st.sampled_from(["Africa/Bamako", "Pacific/Kiritimati", "America/New_York"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_replay_of_the_log_gives_what_was_noted(section, answers, zone):
    """Hours between answers run over midnights and a change of clocks."""
    learner = make.user(f"Learner {next(_people)}", time_zone=zone)
    items, at = list(section.bank.items.order_by("pk")[:3]), NOW - timedelta(days=3)
    for number, right, certainty, hours in answers:
        at += timedelta(hours=hours * 7)
        make.answered(learner, items[number], right, certainty, at)
    noted = stored(learner)
    Recall.objects.of(learner).update(stability=1, days_right=9)
    replay([learner], NOW + timedelta(days=400))
    assert stored(learner) == noted


def test_a_replay_follows_marks_that_changed_and_takes_no_mastery_away(awa, item):
    first = make.answered(awa, item)
    for days in (2, 13):
        make.answered(awa, item, at=NOW + days * DAY)
    assert awa.recalls.get().mastered_on == NOW.date() + 13 * DAY
    Response.objects.filter(pk=first.pk).update(score=0)
    predicted = list(Response.objects.order_by("pk").values_list("predicted_recall", flat=True))
    replay([awa], NOW + timedelta(days=400))
    recall = awa.recalls.get()
    assert (recall.days_right, recall.mastered_on) == (2, NOW.date() + 13 * DAY)
    assert list(Response.objects.order_by("pk").values_list("predicted_recall", flat=True)) == predicted


def test_a_replay_leaves_out_trials_and_what_counts_for_nobody(awa, item):
    trial, void = make.answered(awa, item), make.answered(awa, item, at=NOW + DAY)
    Attempt.objects.filter(pk=trial.attempt_id).update(is_trial=True)
    Response.objects.filter(pk=void.pk).update(score=None)
    replay([awa], NOW + timedelta(days=400))
    assert not Recall.objects.exists()


def test_a_replay_is_of_one_learner(awa, celia, item):
    make.answered(celia, item)
    before = stored(celia)
    replay([awa], NOW + timedelta(days=400))
    assert stored(celia) == before


def test_a_replay_of_an_item_leaves_the_others(awa, section):
    make.quiz(awa, section, right=2)
    item, other = awa.recalls.order_by("item")[:2]
    Recall.objects.update(stability=99)
    replay([awa], NOW + timedelta(days=400), [item.item_id])
    assert awa.recalls.get(item=item.item_id).stability == item.stability
    assert awa.recalls.get(item=other.item_id).stability == 99


def test_a_replay_costs_the_same_with_many_learners(awa, celia, danso, section):
    for person in (awa, celia, danso):
        make.quiz(person, section, right=2)
    before = [stored(person) for person in (awa, celia, danso)]
    with CaptureQueriesContext(connection) as queries:
        replay([awa, celia, danso], NOW + timedelta(days=400))
    assert len(queries) <= 8
    assert [stored(person) for person in (awa, celia, danso)] == before


def test_a_replay_costs_the_same_with_much_work(awa, section):
    counts = []
    for quizzes in (1, 6):
        for number in range(quizzes):
            make.quiz(awa, section, right=number % 6, at=NOW + number * DAY)
        with CaptureQueriesContext(connection) as queries:
            replay([awa], NOW + timedelta(days=400))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# What may be asked


def test_reviewable_is_what_is_live_and_meant_for_review(awa, section):
    kept = make.item(section, slug="kept", uses=["review"])
    rest = {
        "no-review": make.item(section, uses=["quiz", "exam"]),
        "withdrawn": make.item(section),
        "section-withdrawn": make.item(make.section(section.module)),
        "module-withdrawn": make.item(),
    }
    for item in (kept, *rest.values()):
        make.answered(awa, item)
    rest["withdrawn"].withdrawn_at = NOW
    rest["withdrawn"].save()
    for place in (rest["section-withdrawn"].bank.section, rest["module-withdrawn"].bank.section.module):
        place.withdrawn_at = NOW
        place.save()
    assert [recall.item_id for recall in Recall.objects.of(awa).reviewable()] == [kept.pk]
    assert Recall.objects.of(awa).count() == 5
