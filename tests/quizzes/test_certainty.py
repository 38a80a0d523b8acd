"""Certainty: asked where a section's quiz says so, saved with the answer, and beside the score, never in it."""

import re
from html import unescape

import pytest

from quizzes.certainty import points, read, surenesses
from quizzes.models import Attempt, Response, Use
from quizzes.practice import practice_of
from tests import make
from tests.forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    section = make.section(draw=3, certainty=True)
    for _ in range(3):
        make.item(section)
    return section


@pytest.fixture
def quiz(awa, section):
    return make.quiz(awa, section)


def plain(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def levels(quiz):
    return list(quiz.responses.order_by("position").values_list("certainty", flat=True))


def answers(quiz, right=3):
    """The page's fields with so many right answers."""
    found = {"page": 1}
    for response in quiz.responses.order_by("position"):
        answer = make.right_answer if response.position <= right else make.wrong_answer
        found |= make.fields(response, answer(response))
    return found


@pytest.mark.parametrize(
    ("outcome", "level", "expected"),
    [
        ("right", 1, 1),
        ("right", 2, 2),
        ("right", 3, 3),
        ("wrong", 1, 0),
        ("wrong", 2, -2),
        ("wrong", 3, -6),
        ("partly", 3, -6),
        ("right", None, None),
        ("void", 3, None),
        (None, 3, None),
    ],
)
def test_points(outcome, level, expected):
    assert points(outcome, level) == expected


@pytest.mark.parametrize(("sent", "level"), [("1", 1), ("3", 3), ("0", None), ("4", None), ("x", None), ("²", None)])
def test_only_three_levels_are_read(sent, level):
    assert read({"q1-sure": sent}, "q1") == level
    assert read({}, "q1") is None


# The page


def test_it_is_asked_beside_each_answer_with_its_points_told_before(as_awa, quiz):
    page = as_awa.get(quiz.get_absolute_url()).text
    for number in (1, 2, 3):
        assert page.count(f'name="q{number}-sure"') == 3
    assert "right 3, wrong −6" in plain(page)
    assert "shown beside the score and never in it" in page


def test_it_is_not_asked_where_the_section_does_not(as_awa, awa):
    section = make.section(draw=1)
    make.item(section)
    quiz = make.quiz(awa, section)
    own = quiz.get_absolute_url()
    assert "-sure" not in as_awa.get(own).text
    as_awa.post(own, answers(quiz) | {"q1-sure": 3})
    assert levels(quiz) == [None]


def test_never_in_an_exam(section, awa):
    exam = Attempt.objects.create(learner=awa, use=Use.EXAM, seed=1, started_at=make.NOW, bank=section.bank)
    assert exam.asks_certainty is False
    assert Attempt(use=Use.QUIZ, bank=section.bank).asks_certainty is True
    assert not Attempt(use=Use.REVIEW).asks_certainty


# Saving


def test_it_is_saved_with_the_answer_and_shown_again(as_awa, quiz):
    own = quiz.get_absolute_url()
    as_awa.post(own, answers(quiz) | {"q1-sure": 3, "q2-sure": 1})
    assert levels(quiz) == [3, 1, None]
    page = as_awa.get(own).text
    assert re.findall(r'name="(q\d-sure)" value="(\d)" checked', page) == [("q1-sure", "3"), ("q2-sure", "1")]


def test_the_script_saves_it_with_its_item_alone(as_awa, quiz):
    own = quiz.get_absolute_url()
    as_awa.post(own, answers(quiz) | {"q1-sure": 3, "q2-sure": 1})
    _, fields = form_of(as_awa.get(own))
    sent = {"page": 1, "q2": answers(quiz)["q2"], "q2-sure": 2, "q2-was": fields["q2-was"]}
    assert as_awa.post(own, sent, headers={"X-Autosave": "1"}).status_code == 200
    assert levels(quiz) == [3, 2, None]
    assert quiz.responses.exclude(answer=None).count() == 3


def test_a_level_that_there_is_not_is_none(as_awa, quiz):
    as_awa.post(quiz.get_absolute_url(), answers(quiz) | {"q1-sure": 7, "q2-sure": "sure"})
    assert levels(quiz) == [None, None, None]


def test_after_handing_in_it_stays_what_it_was(as_awa, quiz):
    own = quiz.get_absolute_url()
    as_awa.post(own, answers(quiz) | {"q1-sure": 1, "submit": 1})
    as_awa.post(own, answers(quiz) | {"q1-sure": 3})
    assert levels(quiz) == [1, None, None]


# The result


def test_points_stand_beside_the_score_and_never_in_it(as_awa, awa, quiz):
    sure = {"q1-sure": 3, "q2-sure": 2, "q3-sure": 3}
    page = as_awa.post(quiz.get_absolute_url(), answers(quiz, right=2) | sure | {"submit": 1}, follow=True)
    text = plain(page.text)
    assert "Certainty: −1 points, of at most 9, for the 3 answers" in text
    assert "You said: Sure · certainty points: −6" in text
    assert "66 of 100 points" in text
    quiz.refresh_from_db()
    assert str(quiz.score) == "0.6666"


def test_without_certainty_the_result_says_nothing_of_it(as_awa, quiz):
    page = as_awa.post(quiz.get_absolute_url(), answers(quiz) | {"submit": 1}, follow=True)
    assert "Certainty" not in page.text
    assert "You said" not in page.text


def test_a_confident_error_comes_back_within_three_days(as_awa, awa, quiz):
    as_awa.post(quiz.get_absolute_url(), answers(quiz, right=0) | {"q1-sure": 3, "submit": 1})
    recall = awa.recalls.get(item=quiz.responses.get(position=1).item)
    assert (recall.due_on - recall.last_on).days <= 3


# Calibration


def test_how_often_right_by_level_silent_below_ten():
    low, middle, high = surenesses([(3, 9, 10), (1, 4, 9)])
    assert (high.right, high.count, high.share, high.is_silent) == (9, 10, 0.9, False)
    assert (low.is_silent, middle.is_silent, middle.count, middle.share) == (True, True, 0, 0)


def test_only_ones_own_marked_answers_count(awa, celia, section):
    items = list(section.bank.items.all())
    for number, certainty in enumerate([3, 3, 1, None]):
        make.answered(awa, items[0], right=number == 0, certainty=certainty)
    make.answered(celia, items[0], certainty=3)
    trial = make.answered(awa, items[1], certainty=2)
    Attempt.objects.filter(pk=trial.attempt_id).update(is_trial=True)
    assert [(each.right, each.count) for each in practice_of(awa).levels] == [(0, 1), (0, 0), (1, 2)]
    assert Response.objects.filter(certainty=3).count() == 3


def test_the_picture_and_its_table_say_the_same(as_awa, awa, section):
    item = section.bank.items.first()
    for number in range(12):
        make.answered(awa, item, right=number < 9, certainty=3)
    for _ in range(3):
        make.answered(awa, item, certainty=1)
    page = as_awa.get("/en/progress/").text
    figure = page.split('aria-labelledby="sure"')[1]
    assert "Unsure: 3 answers, too few to tell; Fairly sure: 0 answers, too few to tell; Sure: 9 of 12 right" in plain(
        figure.split("<title")[1].split("</title>")[0]
    )
    assert re.findall(r'text-anchor="middle">([–\d]+)</text>', figure) == ["–", "–", "75"]
    assert "Sure 9 of 12 right" in plain(figure.split("<table")[1])


def test_before_any_certainty_it_says_where_it_is_asked(as_awa, section):
    page = as_awa.get("/en/progress/").text
    assert "Some quizzes ask how sure you are of an answer" in page
    assert 'aria-labelledby="sure"' not in page
