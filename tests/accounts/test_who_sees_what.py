"""The page that says what is stored and who sees it, and the way to leave quickly."""

import re

import pytest
from django.conf import settings as site

from course import errors
from tests.test_settings import python

ADDRESS = "/en/who-sees-what/"
pytestmark = pytest.mark.django_db


def test_it_is_open_to_everybody_and_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(ADDRESS)
    assert page.status_code == 200
    assert "180 days" in page.text


@pytest.mark.parametrize(
    "words",
    [
        {"en": "could make the codes", "fr": "pourrait calculer les codes"},  # of a second step
        {"en": "has not confirmed yet", "fr": "n’a pas encore confirmées"},  # answers, kept in the browser
        {
            "en": "the staff of the cohort that it is for, see it",
            "fr": "l’encadrement du groupe pour lequel elle est faite",
        },  # a certificate
    ],
)
def test_it_says_what_is_easily_forgotten(client, words):
    for language, part in words.items():
        assert part in client.get(f"/{language}/who-sees-what/").text


def test_it_is_linked_before_sign_up_from_the_foot_and_from_the_account(client, as_awa):
    assert ADDRESS in client.get("/en/accounts/sign-up/").text.split("<main")[1].split("<form")[0]
    assert ADDRESS in client.get("/en/").text.split('<footer class="foot"')[1]
    assert ADDRESS in as_awa.get("/en/accounts/settings/").text.split("<main")[1]


def test_it_names_who_runs_the_site(client, settings):
    settings.OPERATOR = {
        "name": {"": "School <of> Méthode"},
        "contact": {"en": "write to help@example.org", "fr": "écrire à help@example.org"},
        "privacy": {"": "https://example.org/privacy"},
    }
    page = client.get(ADDRESS).text
    assert "School &lt;of&gt; Méthode" in page
    assert 'href="mailto:help@example.org"' in page
    assert 'href="https://example.org/privacy"' in page
    assert "names no organisation" not in page


def test_without_a_name_it_says_whom_to_ask(client):
    assert "names no organisation" in client.get(ADDRESS).text


@pytest.mark.parametrize("address", ["/en/", "/fr/accounts/sign-in/", "/fr/who-sees-what/", "/en/no-such-page/"])
def test_every_page_has_a_way_to_leave_that_tells_nothing(client, settings, address):
    settings.LEAVE_URL = "https://weather.example/?a=1&b=2"
    [link] = re.findall(r"<a [^>]*weather[^>]*>", client.get(address).text)
    assert 'href="https://weather.example/?a=1&amp;b=2"' in link
    assert 'rel="noreferrer"' in link


def test_error_pages_too(rf):
    for page in (errors.forbidden, errors.too_many, errors.server_error):
        assert f'href="{site.LEAVE_URL}" rel="noreferrer"' in page(rf.get("/fr/some/where/")).text


def test_leaving_is_a_plain_link_and_forms_still_go_to_this_site_alone(client):
    assert "form-action 'self'" in client.get("/en/")["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "www.example.org", "data:text/html,x"])
def test_a_way_out_that_is_no_address_refuses_to_start(tmp_path, address):
    ran = python(tmp_path, "manage.py", "check", LEAVE_URL=address)
    assert ran.returncode != 0
    assert "LEAVE_URL" in ran.stderr
