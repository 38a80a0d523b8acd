"""A review: one item a page, marked as it is given, told at once, and closed with the last one."""

from collections import Counter
from datetime import timedelta

import pytest

from quizzes.models import Attempt, Item, Use
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(minutes=20)


@pytest.fixture
def section():
    section = make.section()
    for kind in ("single", "classify", "single"):
        make.item(section, kind=kind)
    return section


@pytest.fixture
def items(section):
    return list(section.bank.items.select_related("current_version").order_by("pk"))


@pytest.fixture
def review(awa, items):
    """Awa's open review of the day: three items, the second to classify."""
    return Attempt.start_review(awa, items, make.NOW)


def response(review, position):
    return review.responses.select_related("shown_version", "item").get(position=position)


def fields(review, position, right=True):
    found = response(review, position)
    answer = (make.right_answer if right else make.wrong_answer)(found)
    return {"page": position, **make.fields(found, answer)}


def outcomes(review):
    return [each.outcome for each in review.responses.order_by("position")]


# Starting


def test_a_review_asks_these_items_in_this_order(awa, items):
    review = Attempt.start_review(awa, items[::-1], make.NOW)
    assert list(review.responses.order_by("position").values_list("item", flat=True)) == [
        item.pk for item in items[::-1]
    ]
    assert (review.use, review.module, review.bank, review.retry_of, review.threshold) == (
        Use.REVIEW,
        None,
        None,
        None,
        None,
    )


def test_on_the_same_day_the_open_one_goes_on(awa, celia, items, review):
    assert Attempt.start_review(awa, items[:1], LATER) == review
    assert Attempt.start_review(celia, items, LATER) != review


@pytest.mark.parametrize(
    ("zone", "hours", "resumes"),
    [("UTC", 14, True), ("UTC", 15, False), ("Pacific/Auckland", 1, True), ("Pacific/Auckland", 2, False)],
)
def test_a_new_day_in_the_learners_zone_begins_a_new_one(awa, items, zone, hours, resumes):
    """09:00 UTC is 22:00 in Auckland."""
    awa.time_zone = zone
    awa.save()
    first = make.give(Attempt.start_review(awa, items, make.NOW), False)
    second = Attempt.start_review(awa, items[1:], make.NOW + timedelta(hours=hours))
    assert (second == first) is resumes
    first.refresh_from_db()
    assert first.is_open is resumes
    assert outcomes(first) == ["wrong", None, None]


@pytest.mark.django_db(transaction=True)
def test_16_parallel_starts_open_one_review(in_parallel, awa, items):
    started = in_parallel(lambda _: Attempt.start_review(awa, items, make.NOW).pk)
    assert set(started) == {Attempt.objects.get().pk}


# Giving


def test_each_answer_is_marked_as_it_is_given_and_the_last_closes_it(awa, review):
    for position, (right, outcome) in enumerate([(True, "right"), (False, "wrong"), (None, "wrong")], 1):
        found = response(review, position)
        answer = {True: make.right_answer, False: make.wrong_answer, None: lambda _: None}[right](found)
        at = make.NOW + timedelta(minutes=position)
        given = review.give(position, answer, "fr", at, certainty=2)
        assert (given.outcome, given.marked_at, given.saved_at, given.language, given.certainty) == (
            outcome,
            at,
            at,
            "fr",
            2,
        )
        assert response(review, position).outcome == outcome
        assert review.is_open == (position < 3)
    review.refresh_from_db()
    assert (review.submitted_at, review.score, review.is_late) == (make.NOW + timedelta(minutes=3), None, False)


def test_the_first_answer_counts(review):
    assert review.give(1, "a", "en", make.NOW)
    assert review.give(1, "b", "en", LATER) is None
    assert review.save_answers({1: "b"}, "en", LATER) is False
    assert (response(review, 1).answer, response(review, 1).marked_at) == ("a", make.NOW)


def test_nothing_is_saved_in_a_closed_review_whose_items_are_still_unmarked(review):
    assert review.submit(LATER)
    assert review.save_answers({1: "a"}, "en", LATER) is False
    assert response(review, 1).answer is None


def test_nothing_is_given_to_a_closed_review(awa, items, review):
    Attempt.start_review(awa, items, make.NOW + timedelta(days=1))
    assert review.give(1, "a", "en", LATER) is None
    assert outcomes(review) == [None, None, None]


def test_handing_in_marks_nothing_that_was_not_given(review):
    """As when a guest with an open review signs in: what was only saved stays for another day."""
    make.give(review, True)
    review.save_answers({3: "b"}, "en", make.NOW)
    assert review.submit(LATER)
    assert outcomes(review) == ["right", None, None]
    assert (review.score, review.is_open) == (None, False)


def test_what_follows_from_marking_is_told_before_it_is_written(monkeypatch, awa, section, items):
    """Where the schedule of reviews hears of what was marked: with the score, in the same transaction."""
    heard = []
    monkeypatch.setattr(
        Attempt,
        "after_marking",
        lambda self, responses, at: heard.append((self.use, len(responses), {each.score for each in responses}, at)),
    )
    make.quiz(awa, section, right=3)
    Attempt.answer_check(awa, items[0], "b", list("abcd"), LATER)
    make.give(Attempt.start_review(awa, items, make.NOW), True)
    assert heard == [(Use.QUIZ, 3, {1}, make.NOW), (Use.CHECK, 1, {0}, LATER), (Use.REVIEW, 1, {1}, make.NOW)]


@pytest.mark.django_db(transaction=True)
def test_of_16_answers_at_once_one_is_marked(in_parallel, review):
    given = in_parallel(lambda number: Attempt.objects.get(pk=review.pk).give(1, "abcd"[number % 4], "en", LATER))
    [kept] = [each for each in given if each]
    assert response(review, 1).answer == kept.answer
    assert Counter(bool(each) for each in given) == {False: 15, True: 1}


# Pages


def test_one_item_then_its_outcome_then_the_next(as_awa, review):
    own = review.get_absolute_url()
    page = as_awa.get(own).text
    assert page.count("<fieldset") == 1
    assert 'id="i1"' in page
    assert "Item 1 of 3" in page
    answer = as_awa.post(own, {**fields(review, 1, right=False), "give": 1})
    assert answer["Location"] == f"{own}?page=1"
    page = as_awa.get(answer["Location"]).text
    item = response(review, 1).item
    for text in (
        item.document["explanation"]["en"],
        item.get_passage_url().split("#")[0],
        "Next item",
        'role="status"',
    ):
        assert text in page
    assert "<fieldset" not in page
    assert f'class="btn btn-primary" href="{own}"' in page
    assert 'id="i2"' in as_awa.get(own).text


def test_to_the_end_without_a_script(as_awa, review):
    own = review.get_absolute_url()
    for position, right in [(1, True), (2, True), (3, False)]:
        page = as_awa.post(own, {**fields(review, position, right), "give": 1}, follow=True).text
    assert "See how it went" in page
    page = as_awa.get(own).text
    assert "<h1>2 of 3 items right this time</h1>" in page
    assert page.count('<section class="item"') == 3
    assert not Attempt.objects.get().is_open
    assert "Right" in as_awa.get(own, {"page": 1}).text


def test_i_do_not_know_is_an_answer(as_awa, review):
    own = review.get_absolute_url()
    page = as_awa.post(own, {"page": 1, "unknown": 1}, follow=True).text
    assert "No answer" in page
    assert response(review, 1).item.document["explanation"]["en"] in page
    assert (response(review, 1).answer, outcomes(review)) == (None, ["wrong", None, None])


@pytest.mark.parametrize("posted", [{}, {"q1": ""}, {"q1": 4}, {"q1": "a"}, {"q1": "٣"}, {"q2-0": 1}])
def test_an_answer_that_is_none_is_asked_for_again(as_awa, review, posted):
    page = as_awa.post(review.get_absolute_url(), {"page": 1, "give": 1, **posted})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert 'id="i1"' in page.text
    assert outcomes(review) == [None, None, None]


def test_a_number_that_cannot_be_read_stays_to_be_put_right(as_awa, awa, items):
    rest = {"value": "12", "tolerance": "0", "unit": {}, "mistakes": []}
    stem = items[0].current_version.document["stem"]
    make.version(items[0], kind="number", document={"stem": stem, "shuffle": False, **rest})
    review = Attempt.start_review(awa, [Item.objects.get(pk=items[0].pk)], make.NOW)
    page = as_awa.post(review.get_absolute_url(), {"page": 1, "q1": "twelve", "give": 1})
    assert page.status_code == 422
    assert 'value="twelve"' in page.text
    assert "cannot be read as a number" in page.text


@pytest.mark.parametrize("page", ["0", "9", "x", "²", ""])
def test_a_page_that_makes_no_sense_is_the_next_item(as_awa, review, page):
    make.give(review, True)
    assert 'id="i2"' in as_awa.get(review.get_absolute_url(), {"page": page}).text
    answer = as_awa.post(review.get_absolute_url(), {"page": page, "q1": 1})
    assert answer["Location"] == review.get_absolute_url()


def test_sent_twice_the_first_answer_counts_and_that_is_said(as_awa, review):
    own = review.get_absolute_url()
    as_awa.post(own, {**fields(review, 1, right=False), "give": 1})
    page = as_awa.post(own, {**fields(review, 1, right=True), "give": 1}, follow=True).text
    assert "the first answer counts" in page
    assert outcomes(review)[0] == "wrong"
    saved = as_awa.post(own, fields(review, 1), headers={"X-Autosave": "1"})
    assert (saved.status_code, "first answer counts" in saved.json()["told"]) == (409, True)


def test_a_review_that_a_new_day_has_closed_takes_no_answer_and_says_so(as_awa, awa, items, review):
    own, posted = review.get_absolute_url(), {**fields(review, 1), "give": 1}
    Attempt.start_review(awa, items, make.NOW + timedelta(days=1))
    page = as_awa.post(own, posted, follow=True).text
    assert "This review has ended" in page
    assert outcomes(review) == [None, None, None]


def test_the_script_saves_without_marking_and_another_device_shows_it(as_awa, awa, review):
    own = review.get_absolute_url()
    saved = as_awa.post(own, fields(review, 1), headers={"X-Autosave": "1"})
    assert "Last saved at" in saved.json()["saved"]
    assert as_awa.post(own, {"page": 1, "q1": 99}, headers={"X-Autosave": "1"}).status_code == 422
    assert outcomes(review) == [None, None, None]
    assert browser_of(awa).get(own).text.count(" checked>") == 1


@pytest.mark.parametrize(
    ("button", "way"),
    [
        ({"later": 1}, "/en/review/"),
        ({"language": "fr"}, "/fr/attempts/{pk}/?page=1"),
        ({"go": 1}, "/en/attempts/{pk}/?page=1"),
    ],
)
def test_other_buttons_save_and_mark_nothing(as_awa, review, button, way):
    answer = as_awa.post(review.get_absolute_url(), {**fields(review, 1), **button})
    assert answer["Location"] == way.format(pk=review.pk)
    assert response(review, 1).answer == "a"
    assert outcomes(review) == [None, None, None]


def test_a_break_in_a_repeat_leads_to_the_result_that_offers_it(as_awa, awa, section):
    attempt = make.quiz(awa, section, right=1)
    retry = attempt.retry(make.NOW)
    answer = as_awa.post(retry.get_absolute_url(), {"page": 1, "later": 1})
    assert answer["Location"] == attempt.get_absolute_url()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_titles_are_neutral_without_section_and_module(as_awa, review, language):
    own = review.get_absolute_url().replace("/en/", f"/{language}/")
    make.give(review, True)
    for address in (own, f"{own}?page=1"):
        page = as_awa.get(address)
        title = page.text.split("<title>")[1].split("</title>")[0]
        assert title == {"en": "Review of the day", "fr": "Révision du jour"}[language]
        assert "no-store" in page["Cache-Control"]


def test_no_page_costs_more_queries_with_more_items(as_awa, awa, django_assert_max_num_queries):
    section = make.section()
    claim = make.claim(section)
    for number in range(20):
        make.item(section, kind="classify" if number % 2 else "single").claims.add(claim)
    items = list(section.bank.items.select_related("current_version"))
    review = make.give(Attempt.start_review(awa, items, make.NOW), True)
    own = review.get_absolute_url()
    as_awa.get("/en/")
    for address in (own, f"{own}?page=1"):
        with django_assert_max_num_queries(8):
            as_awa.get(address)
    make.give(review, *[False] * 19)
    with django_assert_max_num_queries(8):
        as_awa.get(own)


def test_giving_costs_no_more_queries_with_more_items(awa, items, review, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):  # 8, and the two that mark a transaction
        review.give(1, "a", "en", make.NOW)


@pytest.mark.parametrize("handed_in", [False, True])
def test_a_strangers_review_is_absent(as_celia, review, handed_in):
    if handed_in:
        make.give(review, True, True, True)
    own = review.get_absolute_url()
    assert as_celia.get(own).status_code == as_celia.post(own, fields(review, 1)).status_code == 404
    assert outcomes(review) == (["right"] * 3 if handed_in else [None] * 3)
