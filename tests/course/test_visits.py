"""A guest's visit: ended, with what is lost said before, and come back to by words or by a personal code."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Audit, RateLimitBucket, User
from cohorts.models import Role
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
END, WORDS, BACK, WHOSE = (f"/en/visit/{part}/" for part in ("end", "words", "back", "whose"))


@pytest.fixture
def section():
    return make.case_study(lessons=3, items=4).sections.get()


@pytest.fixture
def work(guest, section):
    """A lesson read and an open quiz of the guest."""
    make.reading(guest, section.lessons.first())
    return make.quiz(guest, section)


@pytest.fixture
def cohort(bakary):
    return make.cohort(bakary, name="Monday group")


def words_of(client):
    """The six words that the page shows to the guest of this browser."""
    return re.findall(r"<li>(\w+)</li>", client.post(WORDS).text.split('class="words"')[1].split("</ol>")[0])


def who(client):
    return client.get("/en/").wsgi_request.user


# Ending it


def test_a_guest_is_told_what_is_lost_and_ends_the_visit(as_guest, guest, work):
    assert f'href="{END}"' in as_guest.get("/en/").text
    page = as_guest.get(END).text
    for said in (
        "1 lesson read",
        "1 quiz or check",
        "not you either",
        "/en/accounts/sign-up/",
        WORDS,
        "/my-data/erase/",
    ):
        assert said in page
    ended = as_guest.post(END)
    assert ended["Location"] == "/en/visit/ended/"
    assert ended["Clear-Site-Data"] == '"cache", "storage"'
    assert not who(as_guest).is_authenticated
    assert not Session.objects.exists()
    assert User.objects.filter(pk=guest.pk).exists()
    work.refresh_from_db()
    assert (work.learner, work.is_open) == (guest, True)


def test_looking_at_it_ends_nothing(as_guest, guest):
    as_guest.get(END)
    assert who(as_guest) == guest


def test_a_guest_with_words_or_a_code_is_told_of_them(as_guest, guest, work, cohort):
    place = make.place(cohort, "Zerbo, M.")
    as_guest.post("/en/join/cohort/", {"code": place.grouped_code})
    page = as_guest.get(END).text
    assert "The personal code on your slip brings you back" in page
    assert "The staff of your cohort go on seeing" in page
    words_of(as_guest)
    page = as_guest.get(END).text
    assert "six words that you took bring you back" in page
    assert "not you either" not in page


def test_who_did_nothing_loses_nothing(as_guest):
    page = as_guest.get(END).text
    assert "not you either" not in page
    assert "180 days" not in page


def test_whoever_has_a_name_signs_out_instead(as_awa, client):
    assert as_awa.post(END)["Location"] == "/en/"
    assert who(as_awa).is_authenticated
    assert "sign-in" in client.get(END)["Location"]


# Words


def test_words_bring_a_guest_back_in_any_browser_as_often_as_needed(as_guest, guest, work):
    words = words_of(as_guest)
    assert len(set(words)) == 6
    guest.refresh_from_db()
    assert not any(word in guest.recovery_words for word in words)
    as_guest.post(END)
    for typed in (" ".join(words), ", ".join(words).upper()):
        browser = Client()
        page = browser.post(BACK, {"words": typed, "next": work.get_absolute_url()})
        assert page["Location"] == work.get_absolute_url()
        assert who(browser) == guest
        assert browser.get(work.get_absolute_url()).status_code == 200


def test_words_are_shown_once_and_the_old_ones_end(as_guest, guest, work):
    first, second = words_of(as_guest), words_of(as_guest)
    assert first != second
    assert Client().post(BACK, {"words": " ".join(first)}).status_code == 422
    assert Client().post(BACK, {"words": " ".join(second)}).status_code == 302
    for address in ("/en/accounts/settings/", END):
        assert second[0] not in as_guest.get(address).text


@pytest.mark.parametrize("typed", ["", "one two three four five six", "0", "-", "CDFG-HJKM-NPQR", "x" * 200])
def test_other_words_bring_nobody_back(client, guest, typed):
    page = client.post(BACK, {"words": typed})
    assert page.status_code == 422
    assert not who(client).is_authenticated


def test_words_of_an_account_or_of_a_guest_who_took_a_name_sign_nobody_in(as_guest, guest, awa):
    for words in (awa.renew_words("en"), words_of(as_guest)):
        guest.refresh_from_db()
        if guest.recovery_words:
            guest.become_named("Fatou", make.PASSWORD)
        assert Client().post(BACK, {"words": " ".join(words)}).status_code == 422
    assert User.objects.get(pk=guest.pk).recovery_words == ""


def test_whoever_has_a_name_asks_for_words_with_the_password(as_awa, awa):
    assert as_awa.post(WORDS)["Location"] == "/en/accounts/words/"
    awa.refresh_from_db()
    assert awa.recovery_words == ""


def test_guessing_is_limited_and_a_right_guess_is_given_back(client, as_guest):
    words = " ".join(words_of(as_guest))
    assert [client.post(BACK, {"words": "no such words"}).status_code for _ in range(11)] == [422] * 10 + [429]
    RateLimitBucket.objects.all().delete()
    assert Client().post(BACK, {"words": words}).status_code == 302
    assert not RateLimitBucket.objects.exists()


def test_on_the_way_back_one_says_whether_the_phone_is_shared(as_guest):
    words = " ".join(words_of(as_guest))
    browser = Client()
    browser.post(BACK, {"words": words, "shared": "on"})
    assert browser.cookies["sessionid"]["max-age"] == ""
    assert browser.cookies["shared"].value == "1"


# A personal code


@pytest.fixture
def place(cohort):
    return make.place(cohort, "Zerbo, M.")


@pytest.fixture
def fatou(place):
    """A guest who joined by the code of her place, and whose browser has forgotten her."""
    browser = Client()
    browser.post("/en/join/cohort/", {"code": place.grouped_code})
    return who(browser)


def test_a_personal_code_brings_the_guest_back_who_took_its_place(client, cohort, place, fatou):
    link = f"/en/join/{place.grouped_code}/"
    page = client.get(link, follow=True)
    assert page.redirect_chain == [(BACK, 302)]
    assert f'value="{place.grouped_code}"' in page.text
    assert not who(client).is_authenticated
    assert client.post("/en/join/", {"code": place.personal_code.lower()})["Location"] == BACK
    client.post(BACK, {"words": f" {place.personal_code.lower()} "})
    assert who(client) == fatou
    assert cohort.enrolments.learners().count() == 1
    note = Audit.objects.get(what="way back")
    assert note.who == fatou


def test_not_once_she_has_taken_words_or_a_name_or_has_left(client, cohort, place, fatou):
    code = {"words": place.grouped_code}
    fatou.renew_words("en")
    assert client.post(BACK, code).status_code == 422
    assert "This slip has been used" in client.get(f"/en/join/{place.grouped_code}/", follow=True).text
    fatou.become_named("Fatou", make.PASSWORD)
    assert client.post(BACK, code).status_code == 422
    User.objects.filter(pk=fatou.pk).update(is_guest=True, recovery_words="")
    cohort.enrolments.get(user=fatou).leave(timezone.now())
    assert client.post(BACK, code).status_code == 422
    assert not who(client).is_authenticated


def test_never_for_staff_of_the_cohort_nor_into_staff(client, as_bakary, bakary, as_danso, cohort, place, fatou):
    make.staff(cohort, make.user("Lead"), Role.LEAD)
    assert as_bakary.post(BACK, {"words": place.grouped_code}).status_code == 422
    cohort.enrolments.filter(user=fatou).update(role=Role.LEAD)
    assert client.post(BACK, {"words": place.grouped_code}).status_code == 422


def test_the_code_of_a_cohort_or_of_a_free_place_brings_nobody_back(client, cohort, place):
    for code in (cohort.grouped_code, place.grouped_code):
        assert client.post(BACK, {"words": code}).status_code == 422


# Coming back where somebody else is


def test_on_top_of_another_guest_one_is_asked_whose_that_work_is(as_guest, guest, work, client, section):
    words = " ".join(words_of(as_guest))
    lesson = section.lessons.last()
    client.post(f"{lesson.get_absolute_url()}read/")
    new = who(client)
    page = client.post(BACK, {"words": words, "next": "/en/progress/"})
    assert page["Location"] == f"{WHOSE}?next=%2Fen%2Fprogress%2F"
    assert who(client) == guest
    client.post(WHOSE, {"mine": 1})
    assert guest.readings.count() == 2
    assert not User.objects.filter(pk=new.pk).exists()


def test_under_a_name_the_guests_work_is_taken_along_or_left(as_guest, guest, work, as_awa, awa):
    words = " ".join(words_of(as_guest))
    assert as_awa.post(BACK, {"words": words})["Location"].startswith(WHOSE)
    assert who(as_awa) == awa
    as_awa.post(WHOSE, {"leave": 1})
    assert guest.readings.count() == 1
    as_awa.post(BACK, {"words": words})
    as_awa.post(WHOSE, {"mine": 1})
    assert awa.readings.count() == 1


def test_coming_back_to_oneself_changes_nothing(as_guest, guest, work):
    words = " ".join(words_of(as_guest))
    assert as_guest.post(BACK, {"words": words})["Location"] == "/en/"
    assert who(as_guest) == guest


# A session that is gone in the middle of a quiz


def test_the_answers_wait_and_every_way_back_is_offered(as_guest, guest, work):
    words = " ".join(words_of(as_guest))
    response = work.responses.order_by("position").first()
    answers = {"page": "1", **{k: str(v) for k, v in make.fields(response, make.right_answer(response)).items()}}
    browser = Client()
    page = browser.post(work.get_absolute_url(), answers, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 401
    assert "not lost" not in page.text
    assert f'href="{BACK}"' in page.text
    assert 'href="/en/accounts/sign-in/"' in page.text
    assert "what waits here cannot be saved" in page.text
    kept = dict(re.findall(r'type="hidden" name="(\w[\w-]*)" value="([^"]*)"', page.text))
    kept.pop("csrfmiddlewaretoken", None)
    assert kept == answers | {"go": "1"}
    browser.post(BACK, {"words": words})
    assert browser.post(work.get_absolute_url(), kept).status_code == 302
    response.refresh_from_db()
    assert response.answer == make.right_answer(response)


def test_a_visitor_at_a_quiz_is_led_to_signing_in_and_from_there_back_to_the_visit(client, work):
    page = client.get(work.get_absolute_url(), follow=True)
    assert f'href="{BACK}?next={work.get_absolute_url()}"' in page.text


# Erasing


def test_erasing_leaves_no_cookie_that_says_who_was_here(as_guest):
    as_guest.post("/en/accounts/settings/", {"language": "en", "time_zone": "UTC", "shared": "on"})
    as_guest.cookies["csrftoken"] = "a" * 32
    as_guest.cookies["open_sources"] = "1"
    gone = as_guest.post("/en/my-data/erase/", {"sure": "on"})
    assert gone["Clear-Site-Data"] == '"cache", "storage"'
    deleted = {name for name, cookie in gone.cookies.items() if cookie["max-age"] == 0}
    assert deleted == {"sessionid", "csrftoken", "open_sources", "messages"}
    assert as_guest.cookies["shared"].value == "1"


def test_signing_out_empties_what_the_browser_kept(as_awa):
    assert as_awa.post("/en/accounts/sign-out/")["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("address", ["/en/", END, "/en/my-data/erase/", "/en/accounts/settings/"])
def test_what_ends_a_session_asks_about_answers_that_wait(guest, awa, address):
    for person in (guest, awa):
        page = browser_of(person).get(address, follow=True).text
        if "sign-out/" in page or '<form class="part" method="post"' in page:
            assert 'data-unsent="' in page
