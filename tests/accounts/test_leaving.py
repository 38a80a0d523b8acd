"""Leaving quickly: whoever presses Back finds nothing of the person who left, until that person is back."""

import pytest
from django.test import Client

from accounts.models import RateLimitBucket
from tests import make

pytestmark = pytest.mark.django_db
LEAVE, GO_ON = "/en/accounts/leave/", "/en/accounts/go-on/"
OWN = ["/en/", "/en/progress/", "/en/accounts/settings/", "/en/my-data/", "/en/visit/end/", "/fr/review/", "/en/join/"]


@pytest.fixture
def left(as_awa):
    """Awa's browser after she left quickly."""
    assert as_awa.post(LEAVE).status_code == 204
    return as_awa


@pytest.mark.parametrize("address", OWN)
def test_every_page_of_ones_own_is_closed_and_names_nobody(left, address):
    page = left.get(address)
    assert page.status_code == 403
    assert "Awa" not in page.text
    assert "no-store" in page["Cache-Control"]
    assert 'name="password"' in page.text


def test_what_is_sent_changes_nothing(left, awa):
    assert (
        left.post("/en/accounts/settings/", {"name": "Thief", "language": "en", "time_zone": "UTC"}).status_code == 403
    )
    assert left.post("/en/my-data/json/").status_code == 403
    awa.refresh_from_db()
    assert awa.name == "Awa"


def test_a_lesson_is_open_as_to_anybody(left, client):
    address = make.lesson().get_absolute_url()
    assert left.get(address).content == client.get(address).content


def test_an_answer_that_is_just_being_saved_is_still_taken(as_awa, awa):
    quiz = make.quiz(awa, make.case_study(items=3).sections.get())
    response = quiz.responses.order_by("position").first()
    as_awa.post(LEAVE)
    fields = {"page": 1, **make.fields(response, make.right_answer(response))}
    assert as_awa.post(quiz.get_absolute_url(), fields, headers={"X-Autosave": "1"}).status_code == 200
    response.refresh_from_db()
    assert response.answer == make.right_answer(response)
    assert as_awa.get(quiz.get_absolute_url(), headers={"X-Autosave": "1"}).status_code == 403


@pytest.mark.parametrize(
    "address", ["my-data/json/", "my-data/erase/", "visit/words/", "accounts/sessions/end/", "join/"]
)
def test_no_other_page_opens_to_what_calls_itself_a_saving(left, address):
    fields = {"password": make.PASSWORD}
    assert left.post(f"/en/{address}", fields, headers={"X-Autosave": "1"}).status_code == 403


def test_the_password_opens_the_page_that_was_asked_for(left):
    assert 'name="next" value="/en/progress/?a=1"' in left.get("/en/progress/?a=1").text
    wrong = left.post(GO_ON, {"password": "not it", "next": "/en/progress/"})
    assert wrong.status_code == 422
    assert left.get("/en/progress/").status_code == 403
    assert left.post(GO_ON, {"password": make.PASSWORD, "next": "/en/progress/"})["Location"] == "/en/progress/"
    assert left.get("/en/progress/").status_code == 200


def test_guessing_it_is_limited(left):
    assert [left.post(GO_ON, {"password": "no"}).status_code for _ in range(11)] == [422] * 10 + [429]
    RateLimitBucket.objects.all().delete()
    assert left.post(GO_ON, {"password": make.PASSWORD, "next": "//evil.example/"})["Location"] == "/en/"


def test_a_guest_who_has_no_password_goes_on_by_a_press(as_guest, guest):
    as_guest.post(LEAVE)
    page = as_guest.get("/en/progress/")
    assert (page.status_code, 'name="password"' in page.text) == (403, False)
    assert as_guest.get(GO_ON).status_code == 302
    as_guest.post(GO_ON, {"next": "/en/progress/"})
    assert as_guest.get("/en/progress/").wsgi_request.user == guest


def test_signing_out_is_open_and_ends_it(left, awa):
    left.post("/en/accounts/sign-out/")
    assert left.get("/en/").status_code == 200
    left.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    assert left.get("/en/progress/").status_code == 200


def test_a_visitor_leaves_nothing_to_close(client):
    assert client.post(LEAVE).status_code == 204
    assert client.get("/en/").status_code == 200
    assert "sessionid" not in client.cookies


def test_another_site_closes_nobodys_pages(awa):
    client = Client(enforce_csrf_checks=True)
    client.force_login(awa)
    assert client.post(LEAVE, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/en/").status_code == 200
    assert client.post(LEAVE, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204
