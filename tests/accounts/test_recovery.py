"""Six words that let a person back in: shown once, kept as a hash, telling nothing about who exists."""

import math
import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session

from accounts import words
from accounts.models import User
from tests import make
from tests.accounts.test_sign_up import onward, sign_up
from tests.conftest import browser_of
from tests.crawl import without_token

pytestmark = pytest.mark.django_db
ADDRESS = "/en/accounts/recover/"
NEW = "quatre pirogues sous la pluie"


def recover(client, name="Awa", said="wrong words all of them here", password=NEW, address=ADDRESS):
    return client.post(address, {"name": name, "words": said, "password": password})


def shown(page):
    return re.findall(r"<li>([^<]+)</li>", page.text.split('<ol class="words">')[1].split("</ol>")[0])


@pytest.fixture
def own(awa):
    """Awa's six words, as she wrote them down."""
    return awa.renew_words("fr")


# The words themselves


@pytest.mark.parametrize("language", ["en", "fr"])
def test_six_words_of_a_list_carry_48_bits_and_cannot_be_mistaken(language):
    folded = [words.folded(word) for word in words.LISTS[language]]
    assert math.log2(math.perm(len(set(folded)), 6)) > 49
    assert all(re.fullmatch("[a-z]{3,10}", word) for word in folded)
    assert len({word[:4] for word in folded}) == len(folded)


def test_words_are_drawn_from_the_list_of_the_language_and_differ_each_time():
    for language, others in [("en", "en"), ("fr", "fr"), ("de", "en")]:
        drawn = words.draw(language)
        assert len(drawn) == 6
        assert set(drawn) <= set(words.LISTS[others])
        assert len(set(drawn)) == 6
    assert words.draw("en") != words.draw("en")


@pytest.mark.parametrize(
    "typed",
    [
        "ÉTAGÈRE  zebre\tcinéma",
        "e\u0301tage\u0300re, zèbre, cinema.",
        "1. étagère 2. zèbre 3. cinéma",
        "étagère\nzèbre\r\ncinéma\n",
    ],
)
def test_case_accents_numbers_and_spaces_do_not_matter(typed):
    assert words.folded(typed) == "etagere zebre cinema"


def test_order_and_the_words_themselves_do_matter():
    assert len({words.folded(text) for text in ("a b", "b a", "ab", "a b c", "")}) == 5


# Told once


def test_sign_up_tells_them_once_and_keeps_a_hash(client):
    page = sign_up(client)
    told = shown(page)
    user = User.objects.get()
    assert len(told) == 6
    assert "no-store" in page["Cache-Control"]
    assert user.recovery_words
    assert not any(word in user.recovery_words.split("$") for word in told)
    assert User.objects.by_words("awa", " ".join(told)) == user
    for address in ("/en/", "/en/accounts/settings/", "/en/accounts/words/"):
        assert "words" not in client.get(address).text or 'class="words"' not in client.get(address).text
    assert told[0] not in str([session.get_decoded() for session in Session.objects.all()])


def test_a_guest_who_takes_a_name_gets_them_in_the_language_of_the_page(as_guest):
    told = shown(sign_up(as_guest, address="/fr/accounts/sign-up/"))
    assert set(told) <= set(words.LISTS["fr"])
    assert User.objects.by_words("Awa", " ".join(told))


def test_new_ones_need_the_password_and_end_the_old_ones(as_awa, own):
    assert as_awa.get("/en/accounts/words/").status_code == 200
    refused = as_awa.post("/en/accounts/words/", {"password": "not it"})
    assert refused.status_code == 422
    assert 'href="#id_password"' in refused.text
    assert User.objects.by_words("Awa", " ".join(own))
    page = as_awa.post("/en/accounts/words/", {"password": make.PASSWORD})
    assert onward(page) == "/en/accounts/settings/"
    assert User.objects.by_words("Awa", " ".join(shown(page)))
    assert User.objects.by_words("Awa", " ".join(own)) is None


def test_a_guest_has_no_words_and_is_sent_to_choose_a_name(as_guest, guest):
    assert as_guest.post("/en/accounts/words/", {"password": ""})["Location"] == "/en/accounts/sign-up/"
    guest.refresh_from_db()
    assert guest.recovery_words == ""


# Used


def test_words_and_a_new_password_open_the_account_again(client, awa, own):
    elsewhere = browser_of(awa)
    assert client.get(ADDRESS).status_code == 200
    page = recover(client, "aWA", ", ".join(own).upper())
    assert page.status_code == 200
    assert onward(page) == "/en/accounts/sign-in/"
    assert "no-store" in page["Cache-Control"]
    awa.refresh_from_db()
    assert awa.check_password(NEW)
    assert not elsewhere.get("/en/").wsgi_request.user.is_authenticated
    assert not client.get("/en/").wsgi_request.user.is_authenticated
    assert client.post("/en/accounts/sign-in/", {"username": "Awa", "password": NEW}).status_code == 302


def test_used_words_are_spent_and_the_new_ones_work(client, own):
    told = shown(recover(client, said=" ".join(own)))
    assert recover(client, said=" ".join(own), password=make.PASSWORD).status_code == 422
    assert recover(client, said=" ".join(told), password=make.PASSWORD).status_code == 200


@pytest.mark.parametrize("password", ["short", "password123", "x" * 257, ""])
def test_a_poor_password_is_refused_before_the_words_are_looked_at(client, own, password):
    right, wrong = (recover(client, said=said, password=password) for said in (" ".join(own), "no such words"))
    assert right.status_code == wrong.status_code == 422
    assert 'href="#id_password"' in right.text
    assert User.objects.by_words("Awa", " ".join(own))


@pytest.mark.parametrize(
    "password", ["eight ch", "p" * 12 + " and a pass phrase of more than sixty-four characters, spaces too "]
)
def test_passwords_of_8_to_64_characters_and_more_are_taken_as_typed(client, own, password):
    assert recover(client, said=" ".join(own), password=password).status_code == 200
    assert User.objects.get().check_password(password)


# Telling nothing


@pytest.fixture
def hashes(monkeypatch):
    """Every hash that is computed, by its salt."""
    done, plain = [], MD5PasswordHasher.encode

    def encode(self, password, salt):
        done.append(salt)
        return plain(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return done


def strangers():
    """People whose words nobody can say: one without any, a guest, one who was closed out."""
    make.user("Wordless")
    User.objects.create_user("Passer-by", is_guest=True).renew_words("en")
    make.user("Closed", is_active=False).renew_words("en")
    return ["Wordless", "Passer-by", "Closed"]


def test_recovery_answers_alike_whoever_exists(client, own, hashes):
    pages, costs = set(), set()
    for name in ["Awa", "Nobody", *strangers()]:
        hashes.clear()
        page = recover(client, name)
        assert page.status_code == 422
        pages.add(without_token(page).replace(f'value="{name}"', ""))
        costs.add(len(hashes))
    assert len(pages) == 1
    assert costs == {1}


def test_signing_in_answers_alike_whoever_exists(client, awa, hashes):
    pages, costs = set(), set()
    for name in ["Awa", "Nobody", *strangers()]:
        hashes.clear()
        page = client.post("/en/accounts/sign-in/", {"username": name, "password": "not the password"})
        assert page.status_code == 422
        pages.add(without_token(page).replace(f'value="{name}"', ""))
        costs.add(len(hashes))
    assert len(pages) == 1
    assert costs == {1}


def test_no_words_open_an_account_that_has_none(client, awa):
    for said in (" ", "123", "."):
        assert recover(client, said=said).status_code == 422
    assert User.objects.by_words("Awa", "") is None
    awa.refresh_from_db()
    assert awa.check_password(make.PASSWORD)


def test_words_open_no_account_but_ones_own(client, own, celia):
    assert recover(client, "Celia", " ".join(own)).status_code == 422
    assert User.objects.by_words("Celia", " ".join(own)) is None


@pytest.mark.parametrize("fields", [{"is_guest": True}, {"is_active": False}])
def test_words_open_neither_a_guests_work_nor_an_account_that_is_closed(awa, own, fields):
    assert User.objects.by_words("Awa", " ".join(own)) == awa
    User.objects.update(**fields)
    assert User.objects.by_words("Awa", " ".join(own)) is None


def test_extra_fields_change_nothing(client, own):
    client.post(
        ADDRESS, {"name": "Awa", "words": " ".join(own), "password": NEW, "is_staff": 1, "user": 7, "email": "a@b.org"}
    )
    user = User.objects.get()
    assert (user.is_staff, user.email, user.is_guest) == (False, "", False)
