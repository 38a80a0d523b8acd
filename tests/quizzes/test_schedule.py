"""The schedule: FSRS-6 by whole days, equal to a replay of its log, and the order of a day's review."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import assume, example, given
from hypothesis import strategies as st

from quizzes import schedule
from quizzes.schedule import Memory, answered, arranged, capped, days_above, rating, recall, replayed, week

DAY = date(2026, 11, 2)
outcomes = st.sampled_from(["right", "partly", "wrong"])
certainties = st.sampled_from([None, 1, 2, 3])
logs = st.lists(st.tuples(outcomes, certainties, st.integers(0, 200)), min_size=1, max_size=12)
stabilities = st.floats(0.001, 5000)


def dated(log):
    """(outcome, certainty, days since the one before) as a log with days."""
    day, found = DAY, []
    for outcome, certainty, days in log:
        day += timedelta(days=days)
        found.append((outcome, certainty, day))
    return found


def right_on(*days, outcome="right"):
    return replayed([(outcome, None, DAY + timedelta(days=day)) for day in days])


@pytest.mark.parametrize(
    ("outcome", "certainty", "grade"),
    [
        ("right", None, Rating.Good),
        ("right", 3, Rating.Good),
        ("right", 2, Rating.Good),
        ("right", 1, Rating.Hard),
        ("partly", None, Rating.Again),
        ("partly", 3, Rating.Again),
        ("wrong", 1, Rating.Again),
    ],
)
def test_the_rating_of_an_answer(outcome, certainty, grade):
    assert rating(outcome, certainty) == grade


def test_right_whenever_it_is_due_comes_back_after_2_11_46_163_and_497_days():
    memory, day, gaps = None, DAY, []
    for _ in range(5):
        memory = answered(memory, "right", None, day)
        gaps.append((memory.due_on - day).days)
        day = memory.due_on
    assert gaps == [2, 11, 46, 163, 497]
    assert (answered(None, "wrong", None, DAY).due_on - DAY).days == 1


def test_an_answer_of_the_true_day_counts_after_a_clock_that_ran_ahead():
    """The item does not wait for the day of the wrong clock."""
    ahead = answered(None, "right", None, date(2036, 3, 1))
    after = answered(ahead, "wrong", None, DAY)
    assert (after.last_on, after.due_on, after.days_right) == (DAY, DAY + timedelta(days=1), 1)
    assert answered(after, "right", None, DAY) == after


@pytest.mark.parametrize("wrong", [date(1970, 1, 1), date(2000, 1, 1), date(2025, 12, 1)])
def test_no_gap_that_a_wrong_clock_made_masters_an_item(wrong):
    log = [("right", None, wrong), ("right", None, wrong + timedelta(days=1)), ("right", None, DAY)]
    memory = replayed(log)
    assert (memory.last_on, memory.gap, memory.mastered_on) == (DAY, 0, None)


def test_what_was_mastered_on_a_day_to_come_is_mastered_on_the_true_day():
    ahead = date(2036, 3, 1)
    memory = answered(right_on(0, 2), "right", None, ahead)
    assert memory.mastered_on == ahead
    assert answered(memory, "right", None, DAY + timedelta(days=3)).mastered_on == DAY + timedelta(days=3)


def test_a_day_ahead_is_a_learner_who_moved_to_another_zone():
    """Across the date line a day comes twice: its first answer alone counts."""
    memory = answered(None, "right", None, DAY + timedelta(days=1))
    assert answered(memory, "wrong", None, DAY) == memory
    assert answered(memory, "wrong", None, DAY - timedelta(days=1)) != memory


@given(log=logs, days=st.integers(-20_000, 4_000), outcome=outcomes)
@example(log=[("right", None, 0), ("right", None, 3), ("right", None, 19)], days=2949, outcome="wrong")
@example(log=[("right", None, 0), ("right", None, 3), ("right", None, 19)], days=2949, outcome="right")
def test_whatever_a_wrong_clock_said_the_next_true_answer_counts(log, days, outcome):
    """And the item comes back within twice the days since it was first met, however far away the wrong day was.

    Where no clock is found to have been wrong, that holds of an answer that is not right.
    """
    wrong, today = DAY + timedelta(days=days), dated(log)[-1][2] + timedelta(days=2)
    assume(wrong not in (today, today + timedelta(days=1)))
    memory = answered(replayed(dated(log)), "right", None, wrong)
    after = answered(memory, outcome, None, today)
    assert after.last_on == today
    assert today < after.due_on
    if memory.is_misdated(today) or outcome != "right":
        assert after.due_on <= today + 2 * (today - min(DAY, max(wrong, schedule.EARLIEST)))


@given(log=logs)
def test_states_are_those_of_fsrs_itself(log):
    """Each day's first answer, at noon, through the library's own cards."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, last = Card(card_id=1), None
    for outcome, certainty, day in dated(log):
        if day != last:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            card, _ = scheduler.review_card(card, rating(outcome, certainty), noon)
            last = day
    memory = replayed(dated(log))
    assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
    after = datetime(last.year, last.month, last.day, 12, tzinfo=UTC) + timedelta(days=9)
    assert recall(memory.stability, 9) == pytest.approx(scheduler.get_card_retrievability(card, after), abs=1e-12)


@given(log=logs)
def test_the_schedule_is_a_replay_of_its_log(log):
    memory = None
    for entry in dated(log):
        memory = answered(memory, *entry)
    assert memory == replayed(dated(log)) == replayed(dated(log))


@given(log=logs)
def test_of_several_answers_on_one_day_the_first_alone_counts(log):
    firsts = {}
    for entry in dated(log):
        firsts.setdefault(entry[2], entry)
    assert replayed(dated(log)) == replayed(firsts.values())
    memory = replayed(dated(log))
    assert answered(memory, "wrong", 3, memory.last_on - timedelta(days=1)) is memory


@given(log=logs, retention=st.sampled_from([0.80, 0.85, 0.90, 0.95]))
def test_ranges(log, retention):
    memory = replayed(dated(log), retention)
    assert memory.stability >= 0.001
    assert 1 <= memory.difficulty <= 10
    assert memory.first_on <= memory.last_on < memory.due_on <= memory.last_on + timedelta(days=36_500)
    assert memory.last_on < memory.fades_on
    assert memory.days_right <= len({day for *_, day in dated(log)})
    assert memory.mastered_on is None or memory.first_on < memory.mastered_on <= memory.last_on


@given(stability=stabilities, days=st.integers(0, 10_000))
def test_recall_falls_from_one_and_never_reaches_nothing(stability, days):
    assert recall(stability, 0) == 1
    assert 0 < recall(stability, days + 1) < recall(stability, days) <= 1
    assert recall(stability + 1, days) >= recall(stability, days)
    assert recall(stability, stability) == pytest.approx(0.9)


@given(stability=stabilities, probability=st.sampled_from([0.8, 0.85, 0.9, 0.95]))
def test_days_above_is_the_last_day_at_or_above(stability, probability):
    days = days_above(stability, probability)
    assert recall(stability, days) >= probability - 1e-9
    assert recall(stability, days + 1) < probability + 1e-9 or days == schedule.LONGEST


@given(log=logs)
def test_an_item_fades_on_the_first_day_below_80(log):
    memory = replayed(dated(log))
    days = (memory.fades_on - memory.last_on).days
    assert recall(memory.stability, days) - 1e-9 < 0.8 <= recall(memory.stability, days - 1) + 1e-9


@given(log=logs, days=st.integers(1, 200))
def test_a_better_answer_never_brings_an_item_back_sooner(log, days):
    memory = replayed(dated(log))
    day = memory.last_on + timedelta(days=days)
    wrong, unsure, right = (answered(memory, *each, day) for each in [("wrong", None), ("right", 1), ("right", None)])
    assert wrong.due_on <= unsure.due_on <= right.due_on
    assert wrong.stability <= unsure.stability <= right.stability


@given(log=logs)
def test_asking_for_more_retention_brings_an_item_back_sooner(log):
    due = [replayed(dated(log), retention).due_on for retention in (0.80, 0.85, 0.90, 0.95)]
    assert due == sorted(due, reverse=True)


@pytest.mark.parametrize("retention", [0, 0.79, 0.96, 1])
def test_a_retention_out_of_range_is_refused(retention):
    with pytest.raises(ValueError, match=r"0\.8 to 0\.95"):
        answered(None, "right", None, DAY, retention)


@given(log=logs, days=st.integers(1, 400))
def test_a_confident_error_comes_back_within_three_days(log, days):
    memory = replayed(dated(log))
    day = memory.last_on + timedelta(days=days)
    for outcome in ("wrong", "partly"):
        assert (answered(memory, outcome, 3, day).due_on - day).days <= 3
    assert answered(memory, "right", 3, day) == answered(memory, "right", None, day)


def test_an_error_of_which_one_was_not_sure_may_come_back_later():
    known = right_on(0, 2, 13, 59, 222)
    day = known.due_on
    assert (answered(known, "wrong", 2, day).due_on - day).days > 3
    assert (answered(known, "wrong", 3, day).due_on - day).days == 3


def test_a_card_with_an_id_does_not_sleep(monkeypatch):
    """Card() without one sleeps a millisecond each."""
    slept = []
    monkeypatch.setattr("fsrs.card.time.sleep", slept.append)
    answered(right_on(0), "right", None, DAY + timedelta(days=2))
    assert slept == []
    Card()
    assert slept == [0.001]


# Three days right


@pytest.mark.parametrize(
    ("days", "mastered"),
    [
        ((0,), None),
        ((0, 7), None),
        ((0, 2, 8), None),
        ((0, 2, 9), 9),
        ((0, 0, 7), None),
        ((0, 1, 2, 9), 9),
        ((0, 7, 8), None),
        ((0, 7, 8, 20), 20),
    ],
)
def test_mastered_is_right_on_three_days_with_a_last_gap_of_seven(days, mastered):
    found = right_on(*days).mastered_on
    assert found == (None if mastered is None else DAY + timedelta(days=mastered))


def test_a_gap_runs_from_the_answer_before_whatever_it_was():
    log = [("right", None, 0), ("right", None, 2), ("wrong", None, 7), ("right", None, 2)]
    memory = replayed(dated(log))
    assert (memory.days_right, memory.gap, memory.mastered_on) == (3, 2, None)


def test_a_wrong_answer_leaves_the_last_gap_as_it_was():
    assert right_on(0, outcome="wrong").gap == 0
    memory = right_on(0, 2)
    assert answered(memory, "wrong", None, memory.due_on).gap == memory.gap == 2


def test_mastered_stays_the_first_day_whatever_comes_after():
    memory = right_on(0, 2, 13)
    assert answered(memory, "right", None, memory.due_on).mastered_on == DAY + timedelta(days=13)
    later = answered(memory, "wrong", 3, memory.due_on)
    assert later.mastered_on == memory.mastered_on == DAY + timedelta(days=13)
    assert right_on(0).still_mastered(DAY).mastered_on == DAY
    assert memory.still_mastered(DAY).mastered_on == DAY
    assert memory.still_mastered(None) == memory


# A cohort's date


@given(log=logs, ahead=st.integers(-5, 400))
def test_a_latest_day_brings_an_item_back_by_then_unless_it_is_past(log, ahead):
    memory = replayed(dated(log))
    latest = memory.last_on + timedelta(days=ahead)
    found = capped(memory.due_on, memory.last_on, latest)
    assert found <= memory.due_on
    assert found == (min(memory.due_on, latest) if ahead > 0 else memory.due_on)
    assert capped(memory.due_on, memory.last_on, None) == memory.due_on


def test_a_latest_day_before_the_due_day_is_the_due_day():
    memory = right_on(0, 2)
    latest = memory.due_on - timedelta(days=1)
    assert capped(memory.due_on, memory.last_on, latest) == latest


@pytest.mark.parametrize("key", ["Africa/Bamako", "Pacific/Kiritimati", "America/New_York"])
def test_the_day_is_whole_in_every_zone(key):
    """Late in the evening and early next morning are two days, even over a change of clocks."""
    zone = ZoneInfo(key)
    evening, morning = datetime(2026, 10, 31, 23, 50, tzinfo=zone), datetime(2026, 11, 1, 0, 10, tzinfo=zone)
    days = [moment.astimezone(UTC).astimezone(zone).date() for moment in (evening, morning)]
    assert right_on_dates(days).days_right == 2
    same = [moment.astimezone(UTC).astimezone(zone).date() for moment in (morning, morning + timedelta(hours=23))]
    assert right_on_dates(same).days_right == 1


def right_on_dates(days):
    return replayed([("right", None, day) for day in days])


# The day's review

waiting = st.lists(
    st.tuples(st.floats(0.01, 1), st.sets(st.integers(1, 6), max_size=3)), max_size=40
).map(lambda rows: [(share, key, claims) for key, (share, claims) in enumerate(rows)])  # fmt: skip


@given(waiting=waiting, most=st.integers(0, 25))
def test_no_two_of_one_claim_in_a_row_and_no_more_than_asked(waiting, most):
    claims = {key: about for _, key, about in waiting}
    order = arranged(waiting, most)
    assert len(order) == len(set(order)) <= most
    for one, other in zip(order, order[1:], strict=False):
        assert not claims[one] & claims[other]


@given(waiting=waiting)
def test_the_lowest_comes_first_and_what_is_left_out_fits_nowhere(waiting):
    claims = {key: about for _, key, about in waiting}
    order = arranged(waiting)
    assert order[:1] == [key for _, key, _ in sorted(waiting)[:1]]
    if len(order) < 20:
        for key in set(claims) - set(order):
            assert claims[key] & claims[order[-1]]


@given(shares=st.lists(st.floats(0.01, 1), max_size=40))
def test_without_a_common_claim_the_order_is_that_of_recall(shares):
    waiting = [(share, key, {key}) for key, share in enumerate(shares)]
    assert arranged(waiting) == [key for _, key, _ in sorted(waiting)][:20]


def test_two_of_one_claim_are_set_apart_by_what_stands_between():
    assert arranged([(0.1, "a", {1}), (0.2, "b", {1}), (0.3, "c", {2})]) == ["a", "c", "b"]
    assert arranged([(0.1, "c", {2}), (0.2, "a", {1}), (0.3, "b", {1})]) == ["c", "a"]
    assert arranged([(0.1, "a", {1}), (0.2, "b", {1})]) == ["a"]
    first = [(0.1, "a", {1, 4}), (0.2, "b", {2}), (0.3, "c", {3, 4}), (0.4, "d", {3})]
    assert arranged(first) == ["a", "d", "b", "c"]
    assert arranged([(0.1, "a", {1, 2}), (0.2, "b", {2, 3}), (0.3, "c", {2, 4}), (0.4, "d", set())]) == ["a", "d", "b"]
    assert arranged([]) == []


@given(days=st.lists(st.integers(-30, 9), max_size=90), done=st.integers(0, 25))
def test_a_week_moves_what_is_too_much_to_the_next_day_and_loses_nothing(days, done):
    loads = week([DAY + timedelta(days=day) for day in days], DAY, done)
    assert [day for day, _ in loads] == [DAY + timedelta(days=number) for number in range(7)]
    assert all(0 <= load <= 20 for _, load in loads)
    assert loads[0][1] == min(sum(day <= 0 for day in days), max(20 - done, 0))
    due = sum(day <= 6 for day in days)
    if done == 0:
        assert sum(load for _, load in loads) == due or loads[-1][1] == 20
    assert sum(load for _, load in loads) <= due


def test_what_was_asked_today_takes_from_today_alone():
    due = [DAY] * 20 + [DAY + timedelta(days=1)] * 20
    assert [load for _, load in week(due, DAY)] == [20, 20, 0, 0, 0, 0, 0]
    assert [load for _, load in week(due, DAY, done=20)] == [0, 20, 20, 0, 0, 0, 0]


def test_the_longest_interval_is_that_of_fsrs_itself():
    assert Scheduler().maximum_interval == schedule.LONGEST


def test_a_memory_says_what_a_recall_stores():
    assert right_on(0) == Memory(
        stability=2.3065,
        difficulty=pytest.approx(2.118, abs=1e-3),
        first_on=DAY,
        last_on=DAY,
        due_on=DAY + timedelta(days=2),
        fades_on=DAY + timedelta(days=8),
        days_right=1,
    )
