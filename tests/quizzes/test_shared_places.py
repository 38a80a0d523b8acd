"""Two entries of an order with one number: told wherever it is answered, and not marked where that is done at once."""

import pytest

from quizzes.models import Response
from tests import make

pytestmark = pytest.mark.django_db
TOLD = "Two entries have the same number"


@pytest.fixture
def section():
    return make.section(draw=1)


def tied(name, count):
    """What a browser posts where every entry got the first number."""
    return {f"{name}-{index}": 0 for index in range(count)}


def test_a_review_asks_again_and_keeps_what_was_chosen(as_awa, awa, section):
    make.item(section, kind="order")
    quiz = make.quiz(awa, section, right=0)
    review = quiz.retry(make.NOW)
    response = review.responses.select_related("shown_version").get()
    count = len(response.option_order)
    again = as_awa.post(f"/en/attempts/{review.pk}/answers/?page=1", {**tied("q1", count), "page": 1, "give": 1})
    assert again.status_code == 422
    assert TOLD in again.text
    assert again.text.count('<option value="0" selected>') == count
    response.refresh_from_db()
    assert response.marked_at is None
    fields = make.fields(response, make.right_answer(response))
    assert as_awa.post(f"/en/attempts/{review.pk}/answers/?page=1", {**fields, "page": 1, "give": 1}).status_code == 302
    response.refresh_from_db()
    assert response.outcome == "right"


def test_a_lesson_asks_again_and_keeps_nothing(client, section):
    item = make.item(section, kind="order", uses=["check"], slug="in-order")
    lesson = make.lesson(section, checks=["in-order"])
    count = len(item.version.rules.pieces(item.version.document))
    page = client.post(f"{lesson.get_absolute_url()}checks/in-order/", tied("in-order", count))
    assert page.status_code == 422
    assert TOLD in page.text
    assert page.text.count('<option value="0" selected>') == count
    assert not Response.objects.exists()


def test_a_quiz_saves_it_and_says_so_before_handing_in(as_awa, awa, section):
    make.item(section, kind="order")
    attempt = make.quiz(awa, section)
    count = len(attempt.responses.get().option_order)
    as_awa.post(f"/en/attempts/{attempt.pk}/answers/?page=1", {**tied("q1", count), "page": 1, "next": 1})
    end = as_awa.get(f"{attempt.get_absolute_url()}?page=2").text
    assert "two entries have the same number" in end
    assert "parts are open" not in end


@pytest.mark.parametrize(
    ("kind", "answer", "shares"),
    [
        ("order", {"a": 1, "b": 1}, True),
        ("order", {"a": 1, "b": 2}, False),
        ("order", {"a": 2}, False),
        ("order", None, False),
        ("match", {"a": "x", "b": "x"}, False),
        ("classify", {"a": "x", "b": "x"}, False),
    ],
)
def test_only_an_order_has_places_that_two_cannot_share(section, kind, answer, shares):
    assert make.item(section, kind=kind).version.shares_a_place(answer) is shares
