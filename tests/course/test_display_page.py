"""Choosing light or dark and the size of text: the page, its cookie, and every page that follows."""

import re

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "/en/display/"
HERE = {"Sec-Fetch-Site": "same-origin"}


def choose(client, theme="dark", size="large", **fields):
    return client.post(ADDRESS, {"theme": theme, "size": size, **fields})


def look(page):
    """(theme, size, color-scheme) of a page, None where it says none."""
    [html] = re.findall(r"<html[^>]*>", page.text)
    [scheme] = re.findall(r'<meta name="color-scheme" content="([^"]*)">', page.text)
    found = [re.search(f'{name}="([^"]*)"', html) for name in ("data-bs-theme", "data-size")]
    return *(match and match[1] for match in found), scheme


@pytest.fixture
def module():
    lesson = make.lesson(make.section(make.module("mali", fingerprint="as it was loaded"), slug="roots"), slug="first")
    return lesson.section.module


PAGES = ["", "modules/mali/", "modules/mali/roots/first/", "modules/mali/glossary/", "display/", "no-such-page/"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_choice_shows_on_every_page_and_without_one_nothing_does(client, module, language):
    addresses = [f"/{language}/{path}" for path in PAGES]
    assert {look(client.get(address)) for address in addresses} == {(None, None, "light dark")}
    choose(client)
    assert {look(client.get(address)) for address in addresses} == {("dark", "large", "dark")}
    choose(client, "light", "normal")
    assert {look(client.get(address)) for address in addresses} == {("light", None, "light")}
    choose(client, "system", "larger")
    assert {look(client.get(address)) for address in addresses} == {(None, "larger", "light dark")}
    choose(client, "system", "normal")
    assert client.cookies["display"].value == ""
    assert {look(client.get(address)) for address in addresses} == {(None, None, "light dark")}


def test_the_page_shows_what_is_chosen(client):
    def checked():
        return re.findall(r'value="(\w+)"\s+checked', client.get(ADDRESS).text)

    assert checked() == ["system", "normal"]
    choose(client, "light", "larger")
    assert checked() == ["light", "larger"]


def test_the_cookie_lasts_a_year_and_holds_the_choice_alone(client):
    cookie = choose(client).cookies["display"]
    assert cookie.value == "dark.large"
    assert (cookie["max-age"], cookie["path"], cookie["samesite"]) == (365 * 24 * 3600, "/", "Lax")
    assert cookie["httponly"]
    assert choose(client, "dark", "normal").cookies["display"].value == "dark.normal"


@pytest.mark.parametrize("odd", ["dark", "dark.huge", "DARK.large", "dark.large; x", '"><script>', "é", "x" * 4000])
def test_an_odd_cookie_is_as_none(client, module, odd):
    client.cookies["display"] = odd
    for path in PAGES:
        assert look(client.get(f"/en/{path}")) == (None, None, "light dark")


@pytest.mark.parametrize("fields", [{}, {"theme": "sepia"}, {"theme": "", "size": "9"}, {"theme": "DARK"}])
def test_words_that_are_none_of_ours_choose_nothing(client, fields):
    choose(client)
    assert client.post(ADDRESS, fields).status_code == 302
    assert client.cookies["display"].value == ""


def test_one_comes_back_to_the_page_from_which_one_came(client, module):
    page = "/en/modules/mali/claims/?section=roots&label=fact"
    [link] = re.findall(r'<a href="(/en/display/[^"]*)"', client.get(page).text)
    assert f'name="next" value="{page.replace("&", "&amp;")}"' in client.get(link).text
    assert choose(client, next=page)["Location"] == page


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "x" * 2000, ""])
def test_one_is_led_nowhere_else(client, address):
    assert choose(client, next=address)["Location"] == "/en/"
    assert 'name="next" value="/en/"' in client.get(ADDRESS, {"next": address}).text


def test_a_page_that_is_the_same_for_everybody_keeps_its_readers_apart(module, django_assert_max_num_queries):
    address = "/en/modules/mali/roots/first/"
    dark, plain = Client(), Client()
    choose(dark)
    pages = [client.get(address) for client in (plain, dark, plain, dark)]
    assert [look(page)[0] for page in pages] == [None, "dark", None, "dark"]
    assert pages[0]["ETag"] != pages[1]["ETag"]
    assert [page["ETag"] for page in pages[:2]] == [page["ETag"] for page in pages[2:]]
    assert dark.get(address, headers={"If-None-Match": pages[1]["ETag"]}).status_code == 304
    assert dark.get(address, headers={"If-None-Match": pages[0]["ETag"]}).status_code == 200
    with django_assert_max_num_queries(1):
        assert look(dark.get(address))[1] == "large"


def test_it_asks_for_no_token_and_sets_no_cookie_before_one_has_chosen(as_awa, django_assert_num_queries):
    visitor = Client(enforce_csrf_checks=True)
    with django_assert_num_queries(0):
        page = visitor.get(ADDRESS)
    assert "csrfmiddlewaretoken" not in page.text
    assert not page.cookies
    assert "Awa" not in as_awa.get(ADDRESS).text
    with django_assert_num_queries(0):
        assert visitor.post(ADDRESS, {"theme": "dark"}, headers=HERE).status_code == 302


def test_another_site_chooses_nothing(settings):
    client = Client(enforce_csrf_checks=True)
    assert client.post(ADDRESS, {"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert "display" not in client.cookies


def test_it_outlives_signing_out_and_goes_with_the_account(as_awa):
    choose(as_awa)
    as_awa.post("/en/accounts/sign-out/")
    assert as_awa.cookies["display"].value == "dark.large"
    as_awa.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    as_awa.post("/en/my-data/erase/", {"password": make.PASSWORD})
    assert as_awa.cookies["display"].value == ""


def test_it_is_open_after_leaving_quickly(as_awa):
    as_awa.post("/en/accounts/leave/")
    assert as_awa.get(ADDRESS).status_code == 200
    assert choose(as_awa).status_code == 302
    assert look(as_awa.get("/en/progress/")) == ("dark", "large", "dark")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Light or dark, size of text"), ("fr", "Clair ou sombre, taille")]
)
def test_every_page_leads_there_from_its_foot(client, as_awa, module, language, words):
    for browser in (client, as_awa):
        for path in ("", "modules/mali/", "modules/mali/roots/first/", "who-sees-what/"):
            foot = browser.get(f"/{language}/{path}").text.split('<footer class="foot"')[1]
            assert f'href="/{language}/display/?next=/{language}/{path}"' in foot
            assert words in foot
    assert "/display/" not in client.get(ADDRESS).text.split('<footer class="foot"')[1]
    assert "“display”" in client.get("/en/who-sees-what/").text


@pytest.mark.parametrize("onward", ["a", "home", "a.b", "httpx", "javascript:alert(1)", "//elsewhere.org/", "a\0b"])
def test_it_goes_on_to_no_word_and_to_no_other_site(client, db, onward):
    answer = client.post("/en/display/", {"theme": "dark", "next": onward})
    assert (answer.status_code, answer["Location"]) == (302, "/en/")
