"""The result of a quiz: what was right, what was wrong and why, and where to read it again."""

import re

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    section = make.section(draw=6)
    make.lesson(section)
    for number in range(6):
        make.item(section, kind="classify" if number == 5 else "single")
    return section


def parts(page):
    """{position: its part of the page}."""
    main = page.text.split("<main")[1]
    return {int(part.split('"')[0]): part for part in main.split('<section class="item" id="i')[1:]}


def result(client, attempt, language="en"):
    page = client.get(attempt.get_absolute_url().replace("/en/", f"/{language}/"))
    assert page.status_code == 200
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_wrong_item_shows_answer_right_answer_feedback_reason_and_passage(as_awa, awa, section, language):
    attempt = make.quiz(awa, section, right=0)
    shown = parts(result(as_awa, attempt, language))
    assert sorted(shown) == [1, 2, 3, 4, 5, 6]
    for response in attempt.responses.select_related("item", "shown_version"):
        part, item = shown[response.position], response.item
        assert item.document["explanation"][language] in part
        page, _, step = item.get_passage_url().replace("/en/", f"/{language}/").partition("#")
        assert f"{page}?back={attempt.pk}-{response.position}&amp;step={step}#{step}" in part
        assert response.shown_version.document["stem"][language] in part
        if response.shown_version.kind == "single":
            texts = {option["id"]: option["text"][language] for option in response.shown_version.document["options"]}
            assert texts[response.answer] in part
            assert texts["a"] in part
            assert item.document["feedback"][response.answer][language] in part
            other = next(each for each in "bcd" if each != response.answer)
            assert item.document["feedback"][other][language] not in part


def test_each_statement_of_a_classification_is_told(as_awa, awa, section):
    attempt = make.quiz(awa, section)
    response = attempt.responses.get(shown_version__kind="classify")
    attempt.save_answers({response.position: {"a": "fact", "b": "allegation"}}, "en", make.NOW)
    attempt.submit(make.NOW)
    part = parts(result(as_awa, attempt))[response.position]
    feedback = response.item.document["feedback"]
    told = [each for each in "abcd" if feedback[each]["en"] in part]
    assert "1 of 4 right" in part
    assert told == ["b", "c", "d"]


def test_a_failed_quiz_leads_to_each_passage_once_then_to_another_draw(as_awa, awa, section):
    page = result(as_awa, make.quiz(awa, section, right=2))
    lesson = section.lessons.get()
    box = page.text.split('aria-labelledby="next"')[1].split("</section>")[0]
    first = page.context["missed"][0]
    way = f"{lesson.get_absolute_url()}?back={first.attempt_id}-{first.position}-next&amp;step=why#why"
    assert box.count(f'href="{way}"') == 2
    assert box.count("<li>") == 1
    assert "Why it matters" in box
    assert f'action="{section.get_absolute_url()}quiz/"' in page.text


def test_a_passed_quiz_leads_on(as_awa, awa, section):
    page = result(as_awa, make.quiz(awa, section, right=5))
    box = page.text.split('aria-labelledby="next"')[1].split("</section>")[0]
    assert f'href="{section.module.get_absolute_url()}go-on/"' in box
    assert "#why" not in box
    assert page.context["attempt"].has_passed


def test_points_are_rounded_down_as_they_count(as_awa, awa, section):
    page = result(as_awa, make.quiz(awa, section, right=4))
    assert "66 of 100 points; 80 passes" in page.text
    assert page.context["right"] == 4


def test_what_was_not_answered_is_said_to_have_no_answer(as_awa, awa, section):
    attempt = make.quiz(awa, section)
    attempt.submit(make.NOW)
    assert all("No answer" in part for part in parts(result(as_awa, attempt)).values())


def test_a_withdrawn_item_is_said_to_count_for_nobody(as_awa, awa, section):
    attempt = make.quiz(awa, section)
    gone = attempt.responses.get(position=1).item
    gone.withdrawn_at = make.NOW
    gone.save()
    attempt.submit(make.NOW)
    page = result(as_awa, attempt)
    assert "counts for nobody" in parts(page)[1]
    assert page.context["counted"] == 5


def test_the_answer_is_set_against_the_version_that_marked_it(as_awa, awa, section):
    attempt = make.quiz(awa, section)
    response = attempt.responses.filter(shown_version__kind="single").first()
    attempt.save_answers({response.position: "b"}, "en", make.NOW)
    make.version(response.item, key="b", stem=make.text("A better stem?"))
    attempt.submit(make.NOW)
    part = parts(result(as_awa, attempt))[response.position]
    assert "A better stem?" in part
    assert "is-right" in part


def test_only_a_guest_is_asked_to_keep_the_work(as_awa, awa, as_guest, guest, section):
    asks = f"/en/accounts/sign-up/?next={make.quiz(guest, section, right=0).get_absolute_url()}"
    assert asks in result(as_guest, guest.attempts.get()).text
    assert "/accounts/sign-up/" not in result(as_awa, make.quiz(awa, section, right=0)).text


def test_a_result_costs_no_more_queries_with_more_items(as_awa, awa, django_assert_max_num_queries):
    section = make.section(draw=30)
    claim = make.claim(section)
    for number in range(30):
        make.item(section, kind="classify" if number % 3 else "single").claims.add(claim)
    attempt = make.quiz(awa, section, right=3)
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        result(as_awa, attempt)


def test_an_open_page_costs_no_more_queries_with_more_items(as_awa, awa, django_assert_max_num_queries):
    section = make.section(draw=30)
    for _ in range(30):
        make.item(section)
    attempt = make.quiz(awa, section)
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        as_awa.get(attempt.get_absolute_url(), {"page": 7})


@pytest.mark.parametrize(("right", "told"), [(7, True), (8, False), (4, False)])
def test_points_that_are_rounded_say_so(as_awa, awa, right, told):
    section = make.section(draw=8)
    for _ in range(8):
        make.item(section)
    page = result(as_awa, make.quiz(awa, section, right=right)).text
    assert ("Points are rounded down." in page) is told


def test_points_stand_beside_what_is_right_in_part_alone(as_awa, awa, section):
    page = result(as_awa, make.quiz(awa, section, right=3))
    assert "0 of 100" not in page.text.split('<section class="item"', 1)[1]


def test_the_passages_of_what_was_missed_are_read_one_after_the_other(as_awa, awa):
    section = make.section(draw=4)
    lessons = [make.lesson(section), make.lesson(section)]
    for number in range(4):
        item = make.item(section)
        item.passage = lessons[number % 2]
        item.save()
    attempt = make.quiz(awa, section, right=0)
    first, second = result(as_awa, attempt).context["passages"]
    assert {passage.address.split("?")[0] for passage in (first, second)} == {row.get_absolute_url() for row in lessons}

    def filled(address):
        return re.findall(r'class="btn btn-primary"(?: href="([^"]+)")?', as_awa.get(address).text.split("<main")[1])

    own = attempt.get_absolute_url()
    assert filled(own) == [first.address.replace("&", "&amp;")]
    assert filled(f"{own}?page={first.position}") == [second.address.replace("&", "&amp;")]
    assert filled(f"{own}?page={second.position}") == [""]
    assert "Take a new quiz" in as_awa.get(f"{own}?page={second.position}").text
    for odd in ("x", "", "-1", "9" * 30):
        assert as_awa.get(own, {"page": odd}).status_code == 200


def test_after_the_last_passage_of_an_exam_its_page_comes(as_awa, awa):
    module = make.case_study(sections=1, items=4)
    exam = make.exam(awa, module, right=0)
    page = as_awa.get(f"{exam.get_absolute_url()}?page=99").text
    assert f'class="btn btn-primary" href="{module.get_absolute_url()}exam/"' in page
