"""States and the next lesson, computed from facts alone: no database."""

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import progress
from quizzes.progress import (
    FADING,
    MASTERED,
    NONE,
    PASSED,
    READ,
    READING,
    Outline,
    next_lesson,
    section_progress,
    still_known,
    untouched,
)

Reading = namedtuple("Reading", "learner_id section_id lesson_id read_at")
Quiz = namedtuple("Quiz", "learner_id section_id score threshold submitted_at")
Known = namedtuple("Known", "learner_id section_id stability first_on last_on mastered_on due_on zone")
DAY = date(2026, 11, 2)
AWA, CELIA = 1, 2
SECTIONS = [Outline(10, (101, 102)), Outline(20, (201,)), Outline(30, ())]
RANK = [NONE, READING, READ, PASSED]


def read(*lessons, learner=AWA, at=datetime(2026, 11, 1, tzinfo=UTC)):
    return [Reading(learner, lesson // 100 * 10, lesson, at) for lesson in lessons]


def scored(*scores, section=10, learner=AWA, threshold="0.8"):
    at = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    return [Quiz(learner, section, Decimal(score), Decimal(threshold), at) for score in scores]


def known(*items, section=10, learner=AWA, zone=UTC):
    """Rows of (day first met, whether mastered, stability), each last answered on DAY; days count from DAY."""
    rows = []
    for first, mastered, stability in items:
        first_on = DAY + timedelta(days=first)
        rows.append(Known(learner, section, stability, first_on, DAY, DAY if mastered else None, DAY, zone))
    return rows


def of_awa(readings=(), quizzes=(), section=10, recalls=(), today=DAY):
    return section_progress(SECTIONS, readings, quizzes, recalls, today)[AWA][section]


@pytest.mark.parametrize(
    ("readings", "quizzes", "state"),
    [
        (read(201), [], NONE),
        (read(101), [], READING),
        (read(102), [], READING),
        ([], scored("0"), READING),
        ([], scored("0.7999"), READING),
        (read(101, 102), [], READ),
        (read(102, 101), scored("0.5"), READ),
        ([], scored("0.8"), PASSED),
        (read(101), scored("1"), PASSED),
        (read(101, 102), scored("0.9", "0.1"), PASSED),
        ([], scored("0.6", threshold="0.6"), PASSED),
    ],
)
def test_the_states_of_a_section(readings, quizzes, state):
    assert of_awa(readings, quizzes).state == state


BEFORE, AFTER = (datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("readings", "added", "state"),
    [
        (read(101), [(102, AFTER)], READ),  # a lab came when the section was read
        (read(101), [(102, BEFORE)], READING),
        (read(102), [(102, AFTER)], READING),  # what is missing was always there
        ([], [(101, AFTER), (102, AFTER)], NONE),
        (read(101, 102), [(102, BEFORE)], READ),
    ],
)
def test_who_had_read_a_section_before_a_lesson_was_added_has_read_it(readings, added, state):
    outline = Outline(10, (101, 102), added=tuple(added))
    standings = section_progress([outline], readings, []).get(AWA) or untouched([outline])
    assert standings[10].state == state


def test_a_lesson_that_was_there_before_the_last_was_read_is_asked_for():
    outline = Outline(10, (101, 102, 103), added=((103, datetime(2026, 11, 1, 12, tzinfo=UTC)),))
    readings = [*read(101), *read(102, at=AFTER)]
    assert section_progress([outline], readings, [])[AWA][10].state == READING


def test_reading_alone_never_passes():
    assert of_awa(read(101, 102, 201)).state == READ


def test_a_section_without_lessons_is_not_read_by_itself():
    assert of_awa(read(101), section=30).state == NONE


def test_a_lesson_that_was_withdrawn_does_not_count_as_one_of_the_lessons():
    standing = of_awa([*read(101), *read(199)])
    assert (standing.state, standing.read_count, standing.lesson_count) == (READING, 1, 2)


def test_best_latest_and_first_passed_are_each_kept():
    quizzes = scored("0.5", "0.8", "0.9", "0.9", "0.2")
    standing = of_awa([], quizzes)
    assert (standing.best, standing.latest, standing.passed) == (quizzes[2], quizzes[4], quizzes[1])


def test_nobody_stands_on_anothers_work():
    found = section_progress(SECTIONS, read(101, learner=CELIA), scored("1", section=20))
    assert {learner: [found[learner][key].state for key in (10, 20, 30)] for learner in found} == {
        AWA: [NONE, PASSED, NONE],
        CELIA: [READING, NONE, NONE],
    }


def test_facts_of_a_withdrawn_section_are_no_ones():
    found = section_progress(SECTIONS, read(990), scored("1", section=98))
    assert [standing.state for standing in found[AWA].values()] == [NONE, NONE, NONE]


def test_who_left_no_fact_is_nowhere():
    assert section_progress(SECTIONS, [], []) == {}
    assert [standing.state for standing in untouched(SECTIONS).values()] == [NONE, NONE, NONE]


facts = st.lists(
    st.one_of(
        st.sampled_from(read(101, 102, 201)),
        st.sampled_from([*scored("0", "0.5", "0.79", "0.8", "1"), *scored("0.3", "0.9", section=20, threshold="0.9")]),
    ),
    max_size=12,
)


@given(facts=facts)
def test_whatever_a_learner_does_a_state_only_rises(facts):
    """So passed is never taken away."""
    last = dict.fromkeys((10, 20, 30), NONE)
    for count in range(1, len(facts) + 1):
        done = facts[:count]
        readings = [fact for fact in done if isinstance(fact, Reading)]
        quizzes = [fact for fact in done if isinstance(fact, Quiz)]
        now = {key: standing.state for key, standing in section_progress(SECTIONS, readings, quizzes)[AWA].items()}
        assert all(RANK.index(now[key]) >= RANK.index(last[key]) for key in now)
        last = now


@given(facts=facts)
def test_a_section_is_passed_just_where_one_quiz_reached_its_own_threshold(facts):
    quizzes = [fact for fact in facts if isinstance(fact, Quiz)]
    found = section_progress(SECTIONS, read(101), quizzes)[AWA]
    for key in (10, 20, 30):
        reached = any(quiz.section_id == key and quiz.score >= quiz.threshold for quiz in quizzes)
        assert (found[key].state == PASSED) == reached


@pytest.mark.parametrize(
    ("done", "following"),
    [
        ([], 101),
        ([101], 102),
        ([101, 102], 201),
        ([102], 201),
        ([201], 101),
        ([201, 101], 102),
        ([101, 201], 102),
        ([101, 102, 201], None),
        ([101, 199], 102),
    ],
)
def test_the_next_lesson_comes_after_the_last_one_read(done, following):
    assert next_lesson(SECTIONS, read(*done)) == following


@pytest.mark.parametrize(
    ("done", "following"),
    [
        ([], 101),
        ([101, 102], 201),
        ([101, 102, 201], 202),
        ([101, 102, 301], None),
        ([101, 301], 102),
        ([101, 102, 201, 301], None),
    ],
)
def test_an_optional_section_is_offered_on_the_way_and_never_again(done, following):
    outlines = [Outline(10, (101, 102)), Outline(20, (201, 202), is_optional=True), Outline(30, (301,))]
    assert next_lesson(outlines, read(*done)) == following


def test_no_lessons_no_next_one():
    assert next_lesson([], []) is None
    assert next_lesson([Outline(30, ())], read(101)) is None


@given(order=st.permutations([101, 102, 201]), count=st.integers(0, 3))
def test_going_where_the_next_step_leads_reads_everything_once(order, count):
    done = list(order[:count])
    for _ in range(3 - count):
        following = next_lesson(SECTIONS, read(*done))
        assert following not in done
        done.append(following)
    assert next_lesson(SECTIONS, read(*done)) is None
    assert progress.section_progress(SECTIONS, read(*done), [])[AWA][10].state == READ


# Mastered and fading


@pytest.mark.parametrize(
    ("items", "days", "state"),
    [
        ([], 0, PASSED),
        ([(0, True, 50)], 0, MASTERED),
        ([(-9, True, 50), (0, False, 50)], 0, PASSED),
        ([(-9, True, 50), (1, False, 50)], 0, MASTERED),
        ([(1, True, 50)], 0, PASSED),
        ([(0, True, 10)], 33, MASTERED),
        ([(0, True, 10)], 34, FADING),
        ([(0, True, 10), (0, True, 10)], 34, FADING),
        ([(0, True, 10), (0, True, 400)], 34, MASTERED),
        ([(0, True, 10), (1, True, 400)], 34, FADING),
        ([(0, False, 10)], 400, PASSED),
    ],
)
def test_mastered_asks_for_what_was_met_by_the_pass_and_fades_by_its_mean(items, days, state):
    standing = of_awa([], scored("0.8"), recalls=known(*items), today=DAY + timedelta(days=days))
    assert standing.state == state
    assert standing.is_passed


def test_the_day_of_the_pass_is_that_of_the_learners_zone():
    """Passed at 23:30 UTC: in Bamako still on that day, in Paris on the next."""
    met_next_day = (1, True, 50)
    for key, state in [("Africa/Bamako", PASSED), ("Europe/Paris", MASTERED)]:
        assert of_awa([], scored("1"), recalls=known(met_next_day, zone=ZoneInfo(key))).state == state


@pytest.mark.parametrize("quizzes", [[], scored("0.79")])
def test_whatever_is_remembered_nothing_is_mastered_before_a_pass(quizzes):
    standing = of_awa(read(101, 102), quizzes, recalls=known((0, True, 50)))
    assert (standing.state, standing.is_passed) == (READ, False)


def test_what_is_known_of_another_section_or_learner_changes_nothing():
    recalls = known((0, True, 50), section=20) + known((0, True, 50), learner=CELIA) + known((0, True, 5), section=99)
    assert of_awa([], scored("1"), recalls=recalls).state == PASSED


def test_what_is_due_is_counted_by_the_day():
    standing = of_awa([], scored("1"), recalls=known((0, True, 50), (0, False, 3)))
    assert standing.due_count == 2
    assert of_awa([], scored("1"), recalls=known((0, True, 9)), today=DAY - timedelta(days=1)).due_count == 0


@given(
    items=st.lists(st.tuples(st.integers(-9, 9), st.booleans(), st.floats(0.1, 900)), max_size=6),
    more=st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.floats(0.1, 900)), max_size=4),
    days=st.integers(0, 900),
)
def test_items_met_after_the_pass_change_no_state(items, more, days):
    today = DAY + timedelta(days=days)
    before = of_awa([], scored("0.8"), recalls=known(*items), today=today).state
    assert of_awa([], scored("0.8"), recalls=known(*items, *more), today=today).state == before
    assert before in (PASSED, MASTERED, FADING)


@given(stabilities=st.lists(st.floats(0.1, 900), max_size=6), days=st.integers(0, 900))
def test_still_known_is_between_nothing_and_all_and_falls(stabilities, days):
    rows = known(*((0, True, each) for each in stabilities))
    today = DAY + timedelta(days=days)
    assert 0 <= still_known(rows, today + timedelta(days=1)) <= still_known(rows, today) <= len(rows)


def test_before_a_pass_no_item_was_met_by_it():
    assert section_progress(SECTIONS, read(101), scored("0.5"))[AWA][10].met == []


def test_what_is_known_of_items_is_not_judged_without_a_day():
    row = progress.SectionProgress(SECTIONS[0], recalls=[namedtuple("Recall", "due_on")(date(2026, 10, 1))])
    with pytest.raises(ValueError, match="as on a day"):
        row.due_count  # noqa: B018 - reading it is the test
