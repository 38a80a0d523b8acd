"""Who sends a request: whom the session brings along, where Django would have found the same person."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import SignIn, User
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/en/display/"


@pytest.fixture
def here(awa):
    """Awa's browser, with its row of SignIn."""
    client = browser_of(awa)
    client.get("/en/")
    return client


def who(client):
    return client.get(PAGE).wsgi_request.user


def test_the_session_brings_its_person_along(here, awa, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert who(here) == awa


def test_a_session_without_its_row_is_its_persons_all_the_same(here, awa):
    """As the release before makes it."""
    SignIn.objects.all().delete()
    assert who(here) == awa


def test_the_session_says_whose_it_is_and_not_the_row_beside_it(here, awa, celia):
    """Though both had the same password hash."""
    User.objects.filter(pk=celia.pk).update(password=awa.password)
    SignIn.objects.update(user=celia)
    assert who(here) == awa


@pytest.mark.parametrize(
    "change",
    [
        lambda awa, client: User.objects.filter(pk=awa.pk).update(is_active=False),
        lambda awa, client: User.objects.filter(pk=awa.pk).update(password="of another browser"),
        lambda awa, client: User.objects.filter(pk=awa.pk).delete(),
        lambda awa, client: alter(client, _auth_user_backend="accounts.nothing"),
        lambda awa, client: alter(client, _auth_user_hash=""),
        lambda awa, client: client.cookies.load({settings.SESSION_COOKIE_NAME: "k" * 32}),
    ],
    ids=["not active", "new password", "erased", "another backend", "no hash", "another key"],
)
def test_nobody_is_signed_in_whom_django_would_not_let_in(here, awa, change):
    change(awa, here)
    assert not who(here).is_authenticated


def alter(client, **values):
    session = client.session
    session.update(values)
    session.save()


def test_a_visitor_is_nobody_and_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not who(Client()).is_authenticated


def test_whoever_signs_in_is_that_person_from_the_next_page_on(here, celia):
    """Awa's browser, over which Celia signs in."""
    here.post("/en/accounts/sign-in/", {"username": "Celia", "password": make.PASSWORD})
    assert who(here) == celia
    here.post("/en/accounts/sign-out/")
    assert not who(here).is_authenticated
