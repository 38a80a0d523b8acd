"""A visitor becomes a guest by the first act worth keeping, and by nothing else."""

import pytest
from django.test import Client

from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    section = make.section(draw=2)
    check = make.item(section, uses=["check"], slug="try-it")
    for _ in range(3):
        make.item(section)
    return make.lesson(section, checks=[check.slug])


def test_reading_about_makes_nobody(client, lesson):
    for address in ("/en/", lesson.section.module.get_absolute_url(), lesson.get_absolute_url()):
        assert client.get(address).status_code == 200
    assert User.objects.count() == 0
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    "act",
    [
        ("read/", {}),
        ("checks/try-it/", {"try-it": 0}),
        ("../quiz/", {}),
    ],
    ids=["read", "check", "quiz"],
)
def test_the_first_act_makes_one_guest_in_the_language_of_the_page(client, lesson, act):
    address, posted = act
    address = (lesson.get_absolute_url() + address).replace(f"{lesson.slug}/../", "").replace("/en/", "/fr/")
    for _ in range(2):
        assert client.post(address, posted).status_code == 302
        guest = User.objects.get()
    assert (guest.is_guest, guest.language) == (True, "fr")
    assert client.get("/en/").wsgi_request.user == guest
    assert guest.readings.count() + guest.attempts.count() >= 1


@pytest.mark.parametrize("posted", [{}, {"try-it": ""}, {"try-it": 99}, {"try-it": "a"}, {"try-it": "²"}])
def test_an_answer_that_is_none_makes_nobody(client, lesson, posted):
    response = client.post(f"{lesson.get_absolute_url()}checks/try-it/", posted)
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert User.objects.count() == 0


def test_each_browser_has_its_own_guest(lesson):
    for browser in (Client(), Client()):
        browser.post(f"{lesson.get_absolute_url()}read/")
    assert User.objects.filter(is_guest=True, readings__isnull=False).count() == 2
