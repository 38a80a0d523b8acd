"""The exam over a module: some items of each section, least met first; one at a time, told at its end."""

from collections import Counter

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quizzes.models import Attempt
from quizzes.models.draws import generator, least_met
from tests import make
from tests.conftest import browser_of
from tests.crawl import without_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    """Three sections of six items each."""
    return make.case_study(sections=3, items=6)


def sections_of(attempt):
    return Counter(attempt.responses.values_list("item__bank__section__position", flat=True))


def items_of(attempt):
    return set(attempt.responses.values_list("item", flat=True))


# The draw


def test_an_exam_asks_three_items_of_each_section_in_mixed_order(awa, module):
    attempt = make.exam(awa, module)
    assert sections_of(attempt) == {1: 3, 2: 3, 3: 3}
    assert (attempt.module, attempt.bank, attempt.threshold, attempt.due_at) == (module, None, module.threshold, None)
    orders = {tuple(attempt.responses.order_by("position").values_list("item__bank__section__position", flat=True))}
    for name in ("Ba", "Cissé", "Diallo"):
        other = make.exam(make.user(name), module)
        orders.add(tuple(other.responses.order_by("position").values_list("item__bank__section__position", flat=True)))
    assert len(orders) > 1
    assert (1, 1, 1, 2, 2, 2, 3, 3, 3) not in orders or len(orders) > 2


def test_the_module_says_how_many_of_each_section(awa, module):
    module.document["exam"]["per_section"] = 5
    module.save()
    assert sections_of(make.exam(awa, module)) == {1: 5, 2: 5, 3: 5}


def test_an_optional_or_withdrawn_section_is_not_asked(awa, module):
    first, second, _ = module.sections.order_by("position")
    first.document["optional"] = True
    first.save()
    second.withdrawn_at = make.NOW
    second.save()
    assert sections_of(make.exam(awa, module)) == {3: 3}


def test_only_live_items_for_exams_are_drawn_and_a_small_section_gives_what_it_has(awa, module):
    bank = module.sections.get(position=1).bank
    keep, *others = bank.items.order_by("slug")
    for item in others[:4]:
        item.uses = ["quiz", "review"]
        item.save()
    others[4].withdrawn_at = make.NOW
    others[4].save()
    attempt = make.exam(awa, module)
    assert sections_of(attempt) == {1: 1, 2: 3, 3: 3}
    assert keep.pk in items_of(attempt)


def test_what_was_met_least_in_quizzes_and_exams_comes_first(awa, celia, module):
    """Of six items a quiz met three, so the exam asks the others; elsewhere it asks each once before any again."""
    section = module.sections.get(position=1)
    section.document["quiz"]["draw"] = 3
    section.save()
    met = items_of(make.quiz(awa, section, right=0))
    first = items_of(make.exam(awa, module, right=0))
    assert not met & first
    make.quiz(celia, section, right=0)
    make.exam(celia, module, right=0)
    second = items_of(make.exam(awa, module, right=0))
    here = set(section.bank.items.values_list("pk", flat=True))
    assert not (second & first) - here


@given(times=st.lists(st.integers(0, 4), max_size=12), size=st.integers(0, 15), seed=st.integers(0, 2**32))
def test_least_met_leaves_out_none_that_was_met_less(times, size, seed):
    met = dict(enumerate(times))
    drawn = least_met(met, met, size, generator(seed))
    assert len(drawn) == len(set(drawn)) == min(size, len(times))
    left = set(met) - set(drawn)
    assert not left or max((met[key] for key in drawn), default=0) <= min(met[key] for key in left)
    assert drawn == least_met(met, met, size, generator(seed))


# Starting, and going on


def test_starting_again_resumes_the_open_exam(awa, celia, module):
    attempt = make.exam(awa, module)
    assert make.exam(awa, module) == attempt
    assert make.exam(celia, module) != attempt
    make.hand_in(attempt, right=9)
    assert make.exam(awa, module) != attempt


def test_a_quiz_beside_an_exam_stays_open(awa, module):
    attempt = make.exam(awa, module)
    quiz = make.quiz(awa, module.sections.first(), right=0)
    assert quiz != attempt
    assert Attempt.objects.get(pk=attempt.pk).is_open


@pytest.mark.django_db(transaction=True)
def test_16_parallel_starts_open_one_exam(in_parallel, awa, module):
    started = in_parallel(lambda _: make.exam(awa, type(module).objects.get(pk=module.pk)).pk)
    attempt = Attempt.objects.get()
    assert set(started) == {attempt.pk}
    assert attempt.responses.count() == 9


def test_another_device_shows_what_was_saved_on_the_first(as_awa, awa, module):
    attempt = make.exam(awa, module)
    own, other = attempt.get_absolute_url(), browser_of(awa)
    responses = list(attempt.responses.order_by("position"))
    for response in (responses[0], responses[6]):
        as_awa.post(own, {"page": response.page, **make.fields(response, make.right_answer(response)), "next": 1})
    assert other.post(f"{module.get_absolute_url()}exam/")["Location"] == own
    page = other.get(own).text
    answers = [make.fields(response, make.right_answer(response)) for response in (responses[0], responses[6])]
    assert page.count(" checked>") == sum(map(len, answers))
    assert "Last saved at" in page


def test_two_devices_keep_each_others_answers(as_awa, awa, module):
    attempt = make.exam(awa, module)
    own, other = attempt.get_absolute_url(), browser_of(awa)
    first, second = attempt.responses.order_by("position")[:2]
    for browser, response in ((as_awa, first), (other, second)):
        fields = {"page": 1, **make.fields(response, make.right_answer(response))}
        assert browser.post(own, fields, headers={"X-Autosave": "1"}).status_code == 200
    assert list(attempt.responses.exclude(answer=None).order_by("position")) == [first, second]


# Its pages


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_open_page_works_without_a_section(as_awa, awa, module, language):
    own = make.exam(awa, module).get_absolute_url().replace("/en/", f"/{language}/")
    pages = [as_awa.get(own, {"page": number}) for number in (1, 2)]
    assert [page.text.count('<fieldset class="item"') for page in pages] == [9, 0]
    for page in pages:
        title = page.text.split("<title>")[1].split("</title>")[0]
        assert title == {"en": "Exam · A case study", "fr": "Examen · A case study (fr)"}[language]
        assert f'href="/{language}/modules/{module.slug}/exam/"' in page.text
        assert "no-store" in page["Cache-Control"]
    assert {"en": "There is no time limit.", "fr": "Il n’y a pas de limite de temps."}[language] in pages[0].text
    assert 'name="submit"' in pages[1].text


def test_a_break_leads_back_to_the_module(as_awa, awa, module):
    own = make.exam(awa, module).get_absolute_url()
    assert as_awa.post(own, {"page": 1, "later": 1})["Location"] == module.get_absolute_url()


def test_no_exam_asks_for_certainty(as_awa, awa, module):
    for section in module.sections.all():
        section.document["quiz"]["certainty"] = True
        section.save()
    assert "certain" not in as_awa.get(make.exam(awa, module).get_absolute_url()).text


@pytest.mark.parametrize(("right", "heading"), [(9, "Exam passed: 9 of 9"), (3, "Exam not passed yet: 3 of 9")])
def test_the_result_tells_what_was_missed_and_leads_on(as_awa, awa, module, right, heading):
    attempt = make.exam(awa, module, right=right)
    page = as_awa.get(attempt.get_absolute_url()).text
    assert f"<h1>{heading}" in page
    assert "Result of the exam · A case study" in page
    assert page.count('<section class="item"') == 9
    assert (f"{attempt.get_absolute_url()}retry/" in page) == (right < 9)
    assert ("The exam stays passed" in page) == (right == 9)
    assert f'href="{module.get_absolute_url()}exam/"' in page
    assert "/quiz/" not in page.split("<main")[1]


def test_pages_of_a_long_exam_cost_no_more_queries(as_awa, awa, django_assert_max_num_queries):
    module = make.case_study(sections=6, items=9)
    module.document["exam"]["per_section"] = 9
    module.save()
    attempt = make.exam(awa, module)
    assert attempt.responses.count() == 54
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        as_awa.get(attempt.get_absolute_url(), {"page": 3})
    make.hand_in(attempt, right=10)
    with django_assert_max_num_queries(8):
        as_awa.get(attempt.get_absolute_url())


def test_starting_costs_no_more_queries_with_more_sections(awa, django_assert_max_num_queries):
    for sections in (1, 6):
        module = make.case_study(sections=sections)
        with django_assert_max_num_queries(12):  # 10, and the two that mark a transaction
            make.exam(awa, module)


def test_a_strangers_exam_is_absent(as_celia, awa, module):
    own = make.exam(awa, module).get_absolute_url()
    assert as_celia.get(own).status_code == as_celia.post(own, {"page": 1, "submit": 1}).status_code == 404
    assert Attempt.objects.get().is_open


# Many at once (quality R4)


@pytest.mark.django_db(transaction=True)
def test_16_browsers_hand_in_at_once_and_see_one_result(in_parallel, awa, module):
    attempt = make.exam(awa, module)
    answers = {each.position: make.right_answer(each) for each in attempt.responses.order_by("position")[:4]}
    attempt.save_answers(answers, "en", make.NOW)
    own, first = attempt.get_absolute_url(), browser_of(awa)
    first.get(own)

    def hand_in(number):
        browser = Client()
        browser.cookies = first.cookies
        answer = browser.post(own, {"page": 9, "submit": 1})
        page = without_token(browser.get(own)).split('<section class="box now"')[1]
        return answer.status_code, answer["Location"], page

    answers = in_parallel(hand_in)
    assert Counter((status, place) for status, place, _ in answers) == {(302, own): 16}
    assert len({page for *_, page in answers}) == 1
    attempt.refresh_from_db()
    assert attempt.responses.values("marked_at").distinct().count() == 1
    assert attempt.score is not None
