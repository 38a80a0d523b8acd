"""Marking again: the current key on the old answer, kept, repeatable, and no pass is taken away (quality S3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes import remarking
from quizzes.models import Attempt, Remark, Response, Use
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=3)


@pytest.fixture
def section():
    """A quiz draws all five items; the key of each is the option `a`."""
    section = make.section(draw=5)
    for _ in range(5):
        make.item(section)
    return section


def run(by=None, at=LATER):
    """Mark everything again that is outdated; the changes."""
    return [change for ids in remarking.batches() for change in remarking.remark(ids, by, at)]


def correct(item, key="b"):
    """A new version of the item with another key."""
    return make.version(item, key=key)


def sit(learner, section, *given, at=make.NOW):
    """A quiz handed in with these options, in order of position."""
    attempt = make.quiz(learner, section, at=at)
    attempt.save_answers(dict(enumerate(given, 1)), "en", at)
    attempt.submit(at)
    return attempt


def scores(attempt):
    return list(attempt.responses.order_by("position").values_list("score", flat=True))


def test_the_current_key_marks_the_old_answer_and_both_scores_are_kept(awa, bakary, section):
    attempt = sit(awa, section, "a", "b", "a", "b", "c")
    response = attempt.responses.get(position=2)
    former, new = response.marked_version, correct(response.item)
    run(bakary)
    response.refresh_from_db()
    attempt.refresh_from_db()
    assert (response.score, response.marked_version, response.marked_at) == (1, new, make.NOW)
    assert attempt.score == Decimal("0.6")
    remark = Remark.objects.get()
    assert (remark.response, remark.former_version, remark.version) == (response, former, new)
    assert (remark.score_before, remark.score_after) == (0, 1)
    assert (remark.attempt_before, remark.attempt_after) == (Decimal("0.4"), Decimal("0.6"))
    assert (remark.made_by, remark.made_at, remark.seen_at) == (bakary, LATER, None)


def test_scores_may_fall(awa, section):
    attempt = sit(awa, section, "a", "a", "b", "b", "b")
    correct(attempt.responses.get(position=1).item)
    run()
    attempt.refresh_from_db()
    assert (scores(attempt)[0], attempt.score) == (0, Decimal("0.2"))


def test_what_was_passed_stays_passed_and_falls_no_further_than_what_passes(awa, section):
    attempt = sit(awa, section, "a", "a", "a", "a", "a")
    for position in (1, 2, 3):
        correct(attempt.responses.get(position=position).item)
    run()
    attempt.refresh_from_db()
    assert scores(attempt) == [0, 0, 0, 1, 1]
    assert attempt.has_passed
    assert attempt.score == attempt.threshold == Decimal("0.8")
    assert {(each.attempt_before, each.attempt_after) for each in Remark.objects.all()} == {(1, Decimal("0.8"))}


def test_what_was_not_passed_may_pass_by_it(awa, section):
    attempt = sit(awa, section, "a", "a", "a", "b", "c")
    correct(attempt.responses.get(position=4).item)
    run()
    attempt.refresh_from_db()
    assert attempt.has_passed


def test_a_withdrawn_item_counts_for_nobody_and_the_rest_make_the_mean(awa, celia, section):
    one, other = sit(awa, section, "a", "a", "a", "b", "b"), sit(celia, section, "b", "b", "b", "b", "b")
    gone = one.responses.get(position=4).item
    gone.withdrawn_at = LATER
    gone.save()
    run()
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.score, other.score) == (Decimal("0.75"), 0)
    assert list(Response.objects.filter(item=gone).values_list("score", "marked_version")) == [(None, None)] * 2
    assert list(Remark.objects.values_list("version", "score_after")) == [(None, None)] * 2


def test_an_answer_that_the_new_version_cannot_read_counts_for_nobody(awa, section):
    attempt = sit(awa, section, "a", "a", "a", "d", "b")
    response = attempt.responses.get(position=4)
    document = response.item.current_version.document
    make.version(response.item, options=[option for option in document["options"] if option["id"] != "d"])
    run()
    attempt.refresh_from_db()
    assert (scores(attempt)[3], attempt.score) == (None, Decimal("0.75"))


def test_where_nothing_counts_any_more_the_score_stays(awa, section):
    attempt = sit(awa, section, "a", "a", "a", "b", "b")
    section.bank.items.update(withdrawn_at=LATER)
    run()
    attempt.refresh_from_db()
    assert (scores(attempt), attempt.score) == ([None] * 5, Decimal("0.6"))


def test_the_mean_is_exact(awa):
    """A third and two thirds are a half, though both are rounded down where they are kept."""
    section = make.section(draw=3)
    for _ in range(3):
        make.item(section, kind="classify", options=3)
    attempt = make.quiz(awa, section)
    right = dict.fromkeys("abc", make.LABELS_OF_AN_ITEM[0])
    wrong = dict.fromkeys("abc", make.LABELS_OF_AN_ITEM[1])
    given = [wrong | {"a": right["a"]}, right | {"a": wrong["a"]}, right]
    attempt.save_answers(dict(enumerate(given, 1)), "en", make.NOW)
    attempt.submit(make.NOW)
    gone = attempt.responses.get(position=3).item
    gone.withdrawn_at = LATER
    gone.save()
    run()
    attempt.refresh_from_db()
    assert scores(attempt)[:2] == [Decimal("0.3333"), Decimal("0.6666")]
    assert attempt.score == Decimal("0.5")


def test_a_gap_stays_wrong_and_is_told_the_other_right_answer(awa, section):
    attempt = sit(awa, section, "a", "a", "a", "a")
    correct(attempt.responses.get(position=5).item)
    run()
    remark = Remark.objects.get()
    assert (remark.score_before, remark.score_after) == (0, 0)


def test_another_wording_marks_quietly_and_nobody_is_told(awa, section):
    attempt = sit(awa, section, "a", "a", "a", "a", "b")
    response = attempt.responses.get(position=1)
    new = make.version(response.item, stem=make.text("Better said?"))
    [change] = run()
    response.refresh_from_db()
    assert (change.is_told, response.marked_version, response.score) == (False, new, 1)
    assert not Remark.objects.exists()


def test_checks_are_marked_again_and_trials_and_open_quizzes_are_not(awa, celia, section):
    item = make.item(section, uses=["check"])
    check = Attempt.answer_check(awa, item, "b", list("abcd"), make.NOW)
    trial, opened = sit(awa, section, "a", "a", "a", "a", "a"), make.quiz(celia, section)
    Attempt.objects.filter(pk=trial.pk).update(is_trial=True)
    for each in section.bank.items.all():
        correct(each)
    assert {change.response.attempt for change in run()} == {check}
    check.refresh_from_db()
    assert check.score == 1
    assert set(opened.responses.values_list("marked_at", "score")) == {(None, None)}


def test_the_work_of_people_who_were_erased_is_marked_again_too(awa, section):
    attempt = sit(awa, section, "b", "b", "b", "b", "b")
    awa.delete()
    correct(attempt.responses.get(position=1).item)
    [change] = run()
    assert (change.learner, scores(attempt)[0]) == (None, 1)


def test_when_a_response_counts_no_more_the_next_is_the_learners_first(awa):
    section = make.section(draw=1)
    item = make.item(section)
    sit(awa, section, "d"), sit(awa, section, "a", at=LATER)
    assert list(Response.objects.order_by("marked_at").values_list("is_first", flat=True)) == [True, False]
    make.version(item, options=item.current_version.document["options"][:3])
    run()
    assert list(Response.objects.order_by("marked_at").values_list("score", "is_first")) == [(None, True), (1, True)]


def test_what_comes_back_counts_again(awa, section):
    attempt = sit(awa, section, "a", "a", "a", "b", "b")
    before = scores(attempt)
    section.bank.items.update(withdrawn_at=LATER)
    run()
    section.bank.items.update(withdrawn_at=None)
    run()
    assert scores(attempt) == before


def test_a_run_that_changes_nothing_writes_nothing(awa, section):
    sit(awa, section, "a", "a", "a", "d", "b")
    item = section.bank.items.first()
    make.version(item, options=item.current_version.document["options"][:3])
    correct(section.bank.items.last())
    run()
    with CaptureQueriesContext(connection) as queries:
        assert run() == []
    assert [each["sql"] for each in queries if each["sql"].lstrip().startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_looking_writes_nothing_and_finds_what_a_run_changes(awa, section):
    attempt = sit(awa, section, "a", "b", "a", "b", "c")
    correct(attempt.responses.get(position=2).item)
    [seen] = [change for ids in remarking.batches() for change in remarking.changes_of(ids)]
    assert (seen.before, seen.after, scores(attempt)[1]) == (0, 1, 0)
    assert not Remark.objects.exists()
    assert [change.response for change in run()] == [seen.response]


def test_batches_end_and_miss_nobody(awa, celia, danso, section, monkeypatch):
    monkeypatch.setattr(remarking, "BATCH", 2)
    attempts = [sit(who, section, *"bbbbb") for who in (awa, celia, danso, awa, celia)]
    correct(section.bank.items.first())
    assert [len(ids) for ids in remarking.batches()] == [2, 2, 1]
    assert {change.response.attempt_id for change in run()} == {attempt.pk for attempt in attempts}


def test_a_batch_costs_the_same_with_more_items_and_attempts(awa, django_assert_max_num_queries):
    small, large = make.section(draw=2), make.section(draw=12)
    for section, count in ((small, 2), (large, 12)):
        for _ in range(count):
            make.item(section)
        for day in range(3):
            make.quiz(awa, section, right=1, at=make.NOW + timedelta(days=day))
        for item in section.bank.items.all():
            correct(item, "c")
        [ids] = remarking.batches()
        with django_assert_max_num_queries(14):
            assert remarking.remark(ids, None, LATER)


def test_of_two_runs_at_once_one_marks(transactional_db, in_parallel):
    awa, section = make.user("Awa"), make.section(draw=5)
    for _ in range(5):
        make.item(section)
    sit(awa, section, "a", "b", "b", "b", "b")
    correct(section.bank.items.first())
    [ids] = remarking.batches()
    counts = in_parallel(lambda number: len(remarking.remark(ids, None, LATER)), 8)
    assert sorted(counts) == [0] * 7 + [1]
    assert Remark.objects.count() == 1


# What holds of any history


answers = st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=5, max_size=5)
corrections = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["key", "drop", "withdraw", "return"]), st.sampled_from("abc")),
    min_size=1,
    max_size=6,
)


def happen(item, what, key):
    """One correction of the item."""
    if what == "key":
        correct(item, key)
    elif what == "drop":
        make.version(item, options=item.current_version.document["options"][:3])
    else:
        item.withdrawn_at = LATER if what == "withdraw" else None
        item.save()


@given(st.lists(answers, min_size=1, max_size=2), corrections)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_twice_is_once_what_was_passed_stays_and_marks_are_those_of_today(db, sittings, steps):
    with transaction.atomic():
        section, learner = make.section(draw=5), make.user("Awa")
        items = [make.item(section) for _ in range(5)]
        attempts = [sit(learner, section, *given) for given in sittings]
        passed = [attempt.pk for attempt in attempts if attempt.has_passed]
        for place, what, key in steps:
            items[place].refresh_from_db()
            happen(items[place], what, key)
            run()
        state = list(Response.objects.order_by("pk").values("score", "marked_version")), Remark.objects.count()
        assert run() == []
        assert (
            list(Response.objects.order_by("pk").values("score", "marked_version")),
            Remark.objects.count(),
        ) == state
        for attempt in Attempt.objects.filter(use=Use.QUIZ):
            assert attempt.has_passed or attempt.pk not in passed
            for response in attempt.responses.select_related("item__current_version", "shown_version"):
                kept = response.score
                response.mark(LATER)
                assert response.score == kept
        transaction.set_rollback(True)
