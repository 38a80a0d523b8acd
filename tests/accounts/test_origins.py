"""The cookie of tokens: sent to whoever lacks it, once."""

import pytest
from django.conf import settings
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
SIGN_IN = "/en/accounts/sign-in/"
SIGN_UP = "/en/accounts/sign-up/"


@pytest.fixture
def strict():
    """A browser whose forms are checked for their token."""
    return Client(enforce_csrf_checks=True)


def token(page):
    return page.context["csrf_token"]


def test_the_cookie_comes_with_the_first_form_alone(strict):
    assert settings.CSRF_COOKIE_NAME in strict.get(SIGN_UP).cookies
    assert settings.CSRF_COOKIE_NAME not in strict.get(SIGN_UP).cookies


def test_a_form_without_a_new_cookie_can_be_sent(strict, awa):
    strict.get(SIGN_UP)
    fields = {"username": "Awa", "password": make.PASSWORD, "csrfmiddlewaretoken": str(token(strict.get(SIGN_UP)))}
    assert strict.post(SIGN_IN, fields).status_code == 302


def test_whoever_signs_in_gets_another_cookie(strict, awa):
    first = strict.get(SIGN_IN)
    fields = {"username": "Awa", "password": make.PASSWORD, "csrfmiddlewaretoken": str(token(first))}
    entered = strict.post(SIGN_IN, fields)
    assert entered.cookies[settings.CSRF_COOKIE_NAME].value != first.cookies[settings.CSRF_COOKIE_NAME].value


def test_a_cookie_that_is_none_of_ours_is_replaced(strict):
    strict.cookies[settings.CSRF_COOKIE_NAME] = "short"
    assert settings.CSRF_COOKIE_NAME in strict.get(SIGN_UP).cookies
