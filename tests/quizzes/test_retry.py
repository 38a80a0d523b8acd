"""What was missed is repeated right after the result, one item at a time, until each was right once (quality L3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.models import Attempt, Use
from quizzes.models.draws import mix
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    section = make.section(draw=8)
    for number in range(8):
        make.item(section, kind="classify" if number % 3 == 2 else "single")
    return section


def items(attempt, **wanted):
    return set(attempt.responses.filter(**wanted).values_list("item", flat=True))


def missed(attempt):
    return items(attempt, score__lt=1)


@given(wrong=st.integers(0, 12), right=st.integers(0, 12), seed=st.integers(0, 2**32))
def test_three_missed_or_more_are_mixed_with_one_other_for_every_two(wrong, right, seed):
    missed, others = list(range(wrong)), list(range(100, 100 + right))
    drawn = mix(missed, others, seed)
    assert set(missed) <= set(drawn) <= {*missed, *others}
    assert len(drawn) == len(set(drawn)) == wrong + (min(right, (wrong + 1) // 2) if wrong >= 3 else 0)
    assert drawn == mix(missed, others, seed)


@pytest.mark.parametrize(("right", "asked"), [(7, 1), (6, 2), (5, 5), (4, 6), (0, 8)])
def test_a_retry_asks_all_that_was_missed(awa, section, right, asked):
    attempt = make.quiz(awa, section, right=right)
    retry = attempt.retry(make.NOW)
    assert missed(attempt) <= items(retry)
    assert retry.responses.count() == asked
    assert (retry.use, retry.retry_of, retry.bank, retry.module) == (
        Use.REVIEW,
        attempt,
        attempt.bank,
        attempt.module,
    )
    assert (retry.threshold, retry.due_at, retry.is_open) == (None, None, True)


def test_with_nothing_missed_there_is_no_retry(awa, section):
    assert make.quiz(awa, section, right=8).retry(make.NOW) is None
    assert make.quiz(awa, section).retry(make.NOW) is None


def test_starting_again_resumes_the_open_retry(awa, section):
    attempt = make.quiz(awa, section, right=6)
    retry = attempt.retry(make.NOW)
    make.give(retry, True)
    assert attempt.retry(make.NOW) == retry
    make.give(retry, False)
    assert attempt.retry(make.NOW) != retry


def test_what_is_withdrawn_or_counts_for_nobody_is_not_repeated(awa, section):
    attempt = make.quiz(awa, section, right=5)
    gone, void = attempt.responses.filter(score__lt=1)[:2]
    gone.item.withdrawn_at = make.NOW
    gone.item.save()
    void.score = None
    void.save()
    assert items(attempt.retry(make.NOW)) == missed(attempt) - {gone.item_id}


def test_it_asks_by_the_version_of_today(awa, section):
    attempt = make.quiz(awa, section, right=7)
    item = attempt.responses.get(score__lt=1).item
    version = make.version(item, stem=make.text("A better stem?"))
    assert attempt.retry(make.NOW).responses.get().shown_version == version


def test_until_each_was_right_once_the_loop_goes_on(awa, section):
    attempt = make.quiz(awa, section, right=6)
    first = make.give(attempt.retry(make.NOW), True, False)
    assert (first.is_open, first.score) == (False, None)
    second = first.retry(make.NOW)
    assert items(second) == missed(first)
    assert second.retry_of == first
    make.give(second, True)
    assert second.retry(make.NOW) is None


def test_it_counts_nowhere(as_awa, awa, section):
    attempt = make.quiz(awa, section, right=0)
    before = list(attempt.responses.order_by("position").values())
    rows = list(Attempt.objects.counted([section.module]))
    retry = make.give(attempt.retry(make.NOW), *[True] * 8)
    assert retry.score is None
    assert list(Attempt.objects.counted([section.module])) == rows
    assert list(attempt.responses.order_by("position").values()) == before
    assert set(retry.responses.values_list("is_first", flat=True)) == {None}
    assert "Not passed yet" in as_awa.get(attempt.get_absolute_url()).text


def test_a_repeat_does_not_change_what_is_met_least_in_quizzes(awa):
    section = make.section(draw=1)
    one, other = make.item(section), make.item(section)
    attempt = make.quiz(awa, section, right=0)
    make.give(attempt.retry(make.NOW), False)
    drawn = items(make.quiz(awa, section))
    assert drawn == {one.pk, other.pk} - items(attempt)


@pytest.mark.django_db(transaction=True)
def test_16_parallel_starts_open_one_retry(in_parallel, awa, section):
    attempt = make.quiz(awa, section, right=2)
    started = in_parallel(lambda _: Attempt.objects.get(pk=attempt.pk).retry(make.NOW).pk)
    retry = Attempt.objects.get(use=Use.REVIEW)
    assert set(started) == {retry.pk}
    assert missed(attempt) <= items(retry)


# Pages


def test_the_result_offers_it_and_the_button_leads_there(as_awa, awa, section):
    attempt = make.quiz(awa, section, right=5)
    own = attempt.get_absolute_url()
    page = as_awa.get(own).text
    assert f'action="{own}retry/"' in page
    assert "Repeat the 3 missed items now" in page
    answer = as_awa.post(f"{own}retry/")
    retry = Attempt.objects.get(use=Use.REVIEW)
    assert answer["Location"] == retry.get_absolute_url()
    assert as_awa.post(f"{own}retry/")["Location"] == retry.get_absolute_url()
    assert "Repeat" not in as_awa.get(make.quiz(awa, section, right=8).get_absolute_url()).text


def test_an_exams_misses_are_repeated_too(as_awa, awa):
    module = make.case_study(sections=2, items=4)
    exam = make.exam(awa, module, right=2)
    page = as_awa.post(f"{exam.get_absolute_url()}retry/", follow=True).text
    retry = Attempt.objects.get(use=Use.REVIEW)
    assert retry.bank is None
    assert "Once more, until each is right" in page
    assert f'href="{module.get_absolute_url()}"' in page
    page = as_awa.get(make.give(retry, *[True] * 8).get_absolute_url()).text
    assert "All right this time" in page
    assert f'class="btn btn-primary" href="{module.get_absolute_url()}go-on/"' in page


def test_the_end_says_what_is_right_and_offers_the_rest(as_awa, awa, section):
    retry = make.quiz(awa, section, right=6).retry(make.NOW)
    own = make.give(retry, True, False).get_absolute_url()
    page = as_awa.get(own).text
    assert "<h1>1 of 2 items right this time</h1>" in page
    assert "Repeat the item that is still missed" in page
    again = as_awa.post(f"{own}retry/")
    last = Attempt.objects.get(retry_of=retry)
    assert again["Location"] == last.get_absolute_url()
    page = as_awa.get(make.give(last, True).get_absolute_url()).text
    assert "<h1>All right this time</h1>" in page
    assert "retry/" not in page
    assert f'href="{section.get_absolute_url()}"' in page


@pytest.mark.parametrize("right", [8, None])
def test_with_nothing_to_repeat_the_button_of_an_old_page_leads_back_in_words(as_awa, awa, section, right):
    own = make.quiz(awa, section, right=right).get_absolute_url()
    page = as_awa.post(f"{own}retry/", follow=True)
    assert page.redirect_chain == [(own, 302)]
    assert "There is nothing to repeat here" in page.text
    assert not Attempt.objects.filter(use=Use.REVIEW).exists()


def test_nobody_repeats_a_strangers_attempt(as_celia, as_awa, awa, section):
    own = make.quiz(awa, section, right=0).get_absolute_url()
    assert as_celia.post(f"{own}retry/").status_code == 404
    assert as_awa.get(f"{own}retry/")["Location"] == own
    check = Attempt.answer_check(awa, section.bank.items.first(), "b", list("abcd"), make.NOW)
    for address in (check.get_absolute_url(), f"{check.get_absolute_url()}retry/"):
        assert as_awa.post(address).status_code == 404
    assert Attempt.objects.filter(use=Use.REVIEW).count() == 0
