"""The page of an open quiz, without a script: ten items a page, saved whatever the button says, and never lost."""

import re

import pytest
from django.test import Client

from quizzes.models import Attempt
from tests import make
from tests.conftest import browser_of
from tests.crawl import without_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz(awa):
    """Awa's open quiz of 24 items, eight of them to classify."""
    section = make.section(draw=24)
    for number in range(24):
        make.item(section, kind="classify" if number % 3 == 2 else "single")
    return make.quiz(awa, section)


def responses(quiz):
    return list(quiz.responses.order_by("position"))


def answered(quiz):
    return list(quiz.responses.exclude(answer=None).order_by("position").values_list("position", flat=True))


def page_of(quiz, number, right=True):
    """What a browser posts when every item of that page is answered."""
    fields = {"page": number}
    for response in responses(quiz)[10 * number - 10 : 10 * number]:
        fields |= make.fields(response, (make.right_answer if right else make.wrong_answer)(response))
    return fields


def items_on(page):
    return [int(number) for number in re.findall(r'<fieldset class="item" id="i(\d+)"', page.text)]


def test_ten_items_a_page_then_the_page_for_handing_in(as_awa, quiz):
    own = quiz.get_absolute_url()
    shown = [items_on(as_awa.get(own, {"page": number})) for number in (1, 2, 3, 4)]
    assert shown == [[*range(1, 11)], [*range(11, 21)], [21, 22, 23, 24], []]
    assert 'name="submit"' in as_awa.get(own, {"page": 4}).text
    assert 'name="submit"' not in as_awa.get(own).text


def test_the_only_page_needs_no_list_of_pages(as_awa, awa, quiz):
    section = make.section(draw=10)
    for _ in range(10):
        make.item(section)
    own = make.quiz(awa, section).get_absolute_url()
    lists = [page.text.count('aria-label="Pages"') for page in (as_awa.get(own), as_awa.get(own, {"page": 2}))]
    assert lists == [0, 1]
    assert as_awa.get(quiz.get_absolute_url()).text.count('aria-label="Pages"') == 1


@pytest.mark.parametrize(
    ("asked", "items"), [("0", 10), ("-3", 10), ("x", 10), ("²", 10), ("99", 0), ("9" * 40, 10), ("", 10)]
)
def test_a_page_that_makes_no_sense_is_the_first_or_the_last(as_awa, quiz, asked, items):
    assert len(items_on(as_awa.get(quiz.get_absolute_url(), {"page": asked}))) == items


def test_save_and_go_on_keeps_each_page_and_leads_to_the_next(as_awa, quiz):
    own = quiz.get_absolute_url()
    assert "Nothing is saved yet" in as_awa.get(own).text
    for number, saved in [(1, 10), (2, 20), (3, 24)]:
        response = as_awa.post(own, {**page_of(quiz, number), "next": 1})
        assert response["Location"] == f"{own}?page={number + 1}"
        assert len(answered(quiz)) == saved
    page = as_awa.get(own)
    assert "Last saved at" in page.text
    assert page.text.count(" checked>") == sum(len(make.fields(each, each.answer)) for each in responses(quiz)[:10])


def test_every_button_saves_first(as_awa, quiz):
    own = quiz.get_absolute_url()
    ways = {
        "go": (3, f"{own}?page=3"),
        "later": (1, quiz.bank.section.get_absolute_url()),
        "language": ("fr", f"{own}?page=1".replace("/en/", "/fr/")),
        "submit": (1, own),
    }
    for button, (value, way) in ways.items():
        first = responses(quiz)[0]
        first.answer = None
        first.save()
        response = as_awa.post(own, {**page_of(quiz, 1), button: value})
        assert response["Location"] == way
        assert 1 in answered(quiz)
    assert not Attempt.objects.get().is_open


def test_the_language_is_switched_by_a_button_that_saves_and_is_noted(as_awa, quiz):
    own = quiz.get_absolute_url().replace("/en/", "/fr/")
    page = as_awa.get(own)
    assert re.search(r'<button[^>]* form="attempt"[^>]* name="language" value="en"', page.text)
    assert f'href="{quiz.get_absolute_url()}' not in page.text.split("<main")[0]
    as_awa.post(own, {**page_of(quiz, 1), "language": "en"})
    assert set(quiz.responses.exclude(answer=None).values_list("language", flat=True)) == {"fr"}


def test_a_language_that_is_none_is_no_way_out(as_awa, quiz):
    response = as_awa.post(quiz.get_absolute_url(), {**page_of(quiz, 1), "language": "//evil.example"})
    assert response["Location"] == f"{quiz.get_absolute_url()}?page=2"


def test_a_saved_answer_stays_when_its_page_is_sent_without_it(as_awa, quiz):
    as_awa.post(quiz.get_absolute_url(), page_of(quiz, 1))
    as_awa.post(quiz.get_absolute_url(), {"page": 1, "next": 1})
    assert answered(quiz) == [*range(1, 11)]


def test_a_page_from_before_an_upgrade_is_saved_whatever_was_on_a_page_then(as_awa, quiz):
    """Five items were on a page: its second one has what is on the first one now."""
    own = quiz.get_absolute_url()
    sent = {"page": 2}
    for response in responses(quiz)[5:10]:
        sent |= make.fields(response, make.right_answer(response))
    assert as_awa.post(own, {**sent, "next": 1})["Location"] == f"{own}?page=3"
    assert answered(quiz) == [6, 7, 8, 9, 10]


def test_what_cannot_be_read_is_shown_where_it_is_asked_whatever_page_says_so(as_awa, quiz):
    bad = next(each for each in responses(quiz)[:10] if each.shown_version.kind == "single")
    page = as_awa.post(quiz.get_absolute_url(), {"page": 3, bad.name: "99"})
    assert (page.status_code, items_on(page)) == (422, [*range(1, 11)])


@pytest.mark.parametrize("name", ["q0", "q99", "q99-was", "q10000", "q", "q-1", "qx", "q1x", "Q1", "q٣", "quiz", "q 1"])
def test_a_field_of_no_item_of_the_quiz_saves_nothing(as_awa, quiz, name):
    own = quiz.get_absolute_url()
    assert as_awa.post(own, {"page": 1, name: "1", "next": 1})["Location"] == f"{own}?page=2"
    assert answered(quiz) == []


def test_somebody_elses_item_is_not_answered_by_its_position(as_awa, as_celia, celia, quiz):
    theirs = make.quiz(celia, quiz.bank.section)
    assert as_awa.post(theirs.get_absolute_url(), page_of(theirs, 1)).status_code == 404
    assert answered(theirs) == []


def test_before_handing_in_what_is_without_an_answer_is_listed(as_awa, quiz):
    own = quiz.get_absolute_url()
    labels = next(each for each in responses(quiz) if each.shown_version.kind == "classify")
    one = dict([next(iter(make.right_answer(labels).items()))])
    complete = {each.position: make.right_answer(each) for each in responses(quiz)[:19]}
    quiz.save_answers(complete | {labels.position: one}, "en", make.NOW)
    page = as_awa.get(own, {"page": 4})
    left = {20, 21, 22, 23, 24} | {labels.position}
    listed = [(int(at), int(item)) for at, item in re.findall(r'href="\?page=(\d)#i(\d+)"', page.text)]
    assert listed == [((item - 1) // 10 + 1, item) for item in sorted(left)]
    assert re.search(rf"#i{labels.position}\">[^<]*</a> – 3 ", page.text)
    quiz.save_answers({each.position: make.right_answer(each) for each in responses(quiz)}, "en", make.NOW)
    assert 'href="?page=' not in as_awa.get(own, {"page": 4}).text.split("<main")[1]


@pytest.mark.parametrize("value", ["4", "99", "-1", "a", "1.0", "٣", " "])
def test_a_value_that_was_not_on_offer_is_told_and_the_others_are_saved(as_awa, quiz, value):
    own, fields = quiz.get_absolute_url(), page_of(quiz, 1)
    bad = next(each for each in responses(quiz)[:10] if each.shown_version.kind == "single")
    page = as_awa.post(own, {**fields, bad.name: value, "submit": 1})
    assert page.status_code == 422
    alert = page.text.split('role="alert"')[1].split("</div>")[0]
    assert f'href="#i{bad.position}"' in alert
    assert answered(quiz) == [position for position in range(1, 11) if position != bad.position]
    assert Attempt.objects.get().is_open
    assert items_on(page) == [*range(1, 11)]


def test_a_refused_page_shows_what_was_saved_of_it(as_awa, quiz):
    own, fields = quiz.get_absolute_url(), page_of(quiz, 1)
    bad = next(each for each in responses(quiz)[:10] if each.shown_version.kind == "single")
    page = as_awa.post(own, {**fields, bad.name: "99"})
    rest = sum(len(make.fields(each, each.answer)) for each in responses(quiz)[:10] if each.answer)
    assert page.text.count(" checked>") == rest > 3


def test_a_stale_form_after_handing_in_changes_nothing_and_says_so(as_awa, quiz):
    own = quiz.get_absolute_url()
    quiz.submit(make.NOW)
    before = list(quiz.responses.order_by("position").values())
    response = as_awa.post(own, {**page_of(quiz, 1), "next": 1}, follow=True)
    assert response.redirect_chain == [(own, 302)]
    assert 'role="status"' in response.text
    assert "was not counted" in response.text
    assert list(quiz.responses.order_by("position").values()) == before


def test_a_refused_stale_form_leads_to_the_result_too(as_awa, quiz):
    quiz.submit(make.NOW)
    off = {name: 99 for name in page_of(quiz, 1) if name != "page"}
    page = as_awa.post(quiz.get_absolute_url(), {"page": 1, **off}, follow=True)
    assert page.status_code == 200
    assert 'form="attempt"' not in page.text
    assert "points" in page.context


def test_handing_in_twice_shows_the_same_result(as_awa, quiz):
    own = quiz.get_absolute_url()
    first = as_awa.post(own, {"page": 4, "submit": 1}, follow=True)
    again = as_awa.post(own, {"page": 4, "submit": 1}, follow=True)
    assert [first.status_code, again.status_code] == [200, 200]
    assert again.context["attempt"].score == first.context["attempt"].score
    assert "handed in already" in again.text
    assert "handed in already" not in first.text


def test_a_lost_session_gives_the_answers_back_and_signing_in_sends_them(quiz, awa):
    own, fields = quiz.get_absolute_url(), page_of(quiz, 1)
    page = Client().post(own, {**fields, "next": 1}, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 401
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text.split("<main")[1]))
    kept.pop("csrfmiddlewaretoken", None)
    assert kept == {name: str(value) for name, value in {**fields, "go": 1}.items()}
    assert f'action="{own}"' in page.text
    assert answered(quiz) == []
    assert browser_of(awa).post(own, kept)["Location"] == f"{own}?page=1"
    assert answered(quiz) == [*range(1, 11)]


def test_a_lost_session_says_the_same_of_any_attempt(quiz):
    there, absent = (Client().post(f"/en/attempts/{pk}/", {"q1": 1}) for pk in (quiz.pk, quiz.pk + 99))
    assert without_token(there) == without_token(absent).replace(f"/{quiz.pk + 99}/", f"/{quiz.pk}/")


def test_a_visitor_who_looks_is_sent_to_sign_in_and_back(client, quiz):
    own = quiz.get_absolute_url()
    for address in (own, f"/en/attempts/{quiz.pk + 99}/"):
        assert client.get(address)["Location"] == f"/en/accounts/sign-in/?next={address}"


@pytest.mark.parametrize("handed_in", [False, True])
def test_a_strangers_attempt_answers_like_an_absent_one(as_celia, as_bakary, guest, quiz, handed_in):
    """Not even who teaches sees it here; the staff's view stands under the cohort."""
    if handed_in:
        quiz.submit(make.NOW)
    absent_pk = quiz.pk + 99
    for browser in (as_celia, as_bakary, browser_of(guest)):
        browser.get("/en/")
        for send in (
            browser.get,
            lambda address, browser=browser: browser.post(address, {**page_of(quiz, 1), "submit": 1}),
        ):
            there, absent = send(quiz.get_absolute_url()), send(f"/en/attempts/{absent_pk}/")
            assert (there.status_code, absent.status_code) == (404, 404)
            assert there.content == absent.content
            assert dict(there.items()).keys() == dict(absent.items()).keys()
    assert answered(quiz) == []
    assert Attempt.objects.get().is_open != handed_in


def test_an_open_page_is_never_kept_by_the_browser(as_awa, quiz):
    assert "no-store" in as_awa.get(quiz.get_absolute_url())["Cache-Control"]


def test_starting_goes_on_where_a_quiz_is_open(as_awa, quiz):
    section = quiz.bank.section
    assert as_awa.post(f"{section.get_absolute_url()}quiz/")["Location"] == quiz.get_absolute_url()
    assert as_awa.get(f"{section.get_absolute_url()}quiz/")["Location"] == section.get_absolute_url()
    assert Attempt.objects.count() == 1
