"""What wrong answers have in common, and judging both ways: hits and false alarms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content import HABITS
from quizzes.habits import FAILS, HOLDS, SILENT_BELOW, Judgement, judgement, judges, misses
from quizzes.models import Attempt, Use
from quizzes.practice import practice_of
from tests import make
from tests.conftest import browser_of

TAGGED = {"b": "day", "c": "verb", "d": "day"}
LABELS = [{"id": HOLDS, "text": {}}, {"id": FAILS, "text": {}}]


def version(**key):
    return {"labels": LABELS, "key": key}


def test_the_most_missed_habit_comes_first():
    found = misses([("b", TAGGED), ("c", TAGGED), ("d", TAGGED), ("b", TAGGED), ("c", TAGGED)])
    assert [(miss.habit, miss.count, miss.total) for miss in found] == [("day", 3, 5), ("verb", 2, 5)]


def test_several_wrong_options_of_one_answer_count_each():
    assert [miss.count for miss in misses([(["b", "d", "c"], TAGGED), (["b", "c"], TAGGED)])] == [3, 2]


def test_what_tells_no_habit_is_left_out():
    assert misses([("a", TAGGED)] * 10 + [(None, TAGGED)]) == []


def test_a_few_misses_say_nothing():
    assert misses([("b", TAGGED)] * (SILENT_BELOW - 1)) == []


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.dictionaries(st.sampled_from("abcd"), st.sampled_from(HABITS)))))
def test_misses_add_up(rows):
    found = misses(rows)
    assert sum(miss.count for miss in found) in (0, sum(option in habits for option, habits in rows))
    assert [miss.count for miss in found] == sorted((miss.count for miss in found), reverse=True)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"a": HOLDS, "b": HOLDS, "c": FAILS}, Judgement(2, 2, 0, 1)),
        ({"a": FAILS, "b": HOLDS, "c": HOLDS}, Judgement(1, 2, 1, 1)),
        ({"a": HOLDS}, Judgement(1, 2, 0, 1)),
        (None, Judgement(0, 2, 0, 1)),
    ],
)
def test_hits_and_false_alarms_are_counted_apart(answer, told):
    assert judgement([(version(a=HOLDS, b=HOLDS, c=FAILS), answer)]) == told


@pytest.mark.parametrize(
    "other",
    [
        {"labels": [{"id": "fact"}, {"id": "opinion"}], "key": {"a": "fact"}},
        {"options": [], "key": "a"},
        {"labels": [*LABELS, {"id": "unclear"}], "key": {"a": HOLDS}},
    ],
)
def test_other_items_judge_nothing(other):
    assert not judges(other)
    assert judgement([(other, {"a": HOLDS})]).is_empty


@given(st.dictionaries(st.text(min_size=1), st.tuples(*[st.sampled_from([HOLDS, FAILS])] * 2)))
def test_who_lets_everything_through_has_every_hit_and_every_false_alarm(rows):
    key = {statement: right for statement, (right, _) in rows.items()}
    judged = judgement([(version(**key), dict.fromkeys(key, HOLDS))])
    assert (judged.hits, judged.false_alarms) == (judged.holding, judged.failing)
    assert judged.holding + judged.failing == len(key)


def tagged(section):
    """An item of which every wrong option misses the day."""
    item = make.item(section, uses=("check", "review"))
    wrong = [
        option["id"] for option in item.version.document["options"] if option["id"] != item.version.document["key"]
    ]
    item.document = item.document | {"habits": dict.fromkeys(wrong, "day")}
    item.save()
    return item


def try_it(learner, item, right=False):
    """Answer a check of that item."""
    order = [option["id"] for option in item.version.document["options"]]
    key = item.version.document["key"]
    answer = key if right else next(option for option in order if option != key)
    Attempt.answer_check(learner, item, answer, order, make.NOW)


@pytest.mark.django_db
def test_a_learners_progress_says_what_they_miss(awa, celia):
    section = make.section()
    for _ in range(SILENT_BELOW):
        try_it(awa, tagged(section))
    try_it(awa, tagged(section), right=True)
    assert [(miss.habit, miss.count) for miss in practice_of(awa).misses] == [("day", SILENT_BELOW)]
    assert practice_of(celia).misses == []
    page = browser_of(awa).get("/en/progress/").text
    assert "What you most often miss" in page
    assert "the day: when it was said" in page
    assert "What you most often miss" not in browser_of(celia).get("/en/progress/").text


@pytest.mark.django_db
def test_an_exam_tells_nothing_of_habits_whose_keys_it_may_hold_back(awa):
    section = make.section()
    for _ in range(SILENT_BELOW):
        make.answered(awa, tagged(section), right=False)
    assert set(Attempt.objects.values_list("use", flat=True)) == {Use.EXAM}
    assert practice_of(awa).misses == []


def printable(section, uses=("quiz", "exam", "review")):
    """An item that asks of six statements whether they may be printed; three may."""
    item = make.item(section, kind="classify", uses=uses)
    document = item.version.document
    statements = [{"id": f"s{number}", "text": make.both(f"Line {number}")} for number in range(10)]
    key = {f"s{number}": HOLDS if number < 5 else FAILS for number in range(10)}
    labels = [{"id": HOLDS, "text": make.both("May be printed")}, {"id": FAILS, "text": make.both("May not")}]
    make.version(item, document=document | {"statements": statements, "key": key, "labels": labels})
    return item


@pytest.mark.django_db
def test_progress_and_result_tell_hits_and_false_alarms(awa):
    section = make.section(draw=1)
    printable(section)
    sitting = make.quiz(awa, section, right=1)
    assert practice_of(awa).judged == Judgement(5, 5, 0, 5)
    words = "Of 5 statements that may be printed you let 5 through. Of 5 that may not, you let 0 through."
    client = browser_of(awa)
    for address in ("/en/progress/", sitting.get_absolute_url()):
        assert words in " ".join(client.get(address).text.split())


@pytest.mark.django_db
def test_only_the_latest_answers_tell_of_habits(awa, monkeypatch):
    section = make.section()
    for _ in range(SILENT_BELOW + 2):
        try_it(awa, tagged(section))
    monkeypatch.setattr("quizzes.practice.MOST", SILENT_BELOW + 1)
    assert [miss.count for miss in practice_of(awa).misses] == [SILENT_BELOW + 1]


@pytest.mark.django_db
def test_what_practice_tells_costs_one_query(awa, django_assert_num_queries):
    section = make.section()
    for _ in range(6):
        try_it(awa, tagged(section))
    with django_assert_num_queries(1):
        practice_of(awa)
