"""An address for a machine: shown once, kept as a hash, ended by its owner, by a new password and by time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import SecurityEvent, Token
from accounts.models.tokens import MOST, hash_of
from course.management.commands.tidy import tidied
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
NOW = make.NOW


def opens(text, at=NOW):
    return Token.objects.opened_by(text, "feed", at).exists()


def test_its_text_opens_it_for_a_year_and_is_not_kept(awa):
    text = Token.make_feed(awa, NOW)
    assert len(text) == 43
    assert opens(text)
    assert opens(text, NOW + timedelta(days=364))
    assert not opens(text, NOW + timedelta(days=365))
    assert not opens(f"{text}x")
    assert not Token.objects.opened_by(text, "api", NOW).exists()
    row = Token.objects.values().get()
    assert text not in str(row)
    assert row["hash"] == hash_of(text)


def test_one_press_makes_one_and_another_press_or_person_another(awa, celia):
    first = Token.make_feed(awa, NOW, "a press")
    assert Token.make_feed(awa, NOW, "a press") == first
    assert Token.objects.count() == 1
    assert Token.make_feed(awa, NOW, "another press") != first
    assert Token.make_feed(awa, NOW) != Token.make_feed(celia, NOW)


def test_nobody_has_more_than_five_and_an_ended_one_makes_room(awa, celia):
    for _ in range(MOST):
        assert Token.make_feed(awa, NOW)
    assert Token.make_feed(awa, NOW) is None
    assert Token.make_feed(celia, NOW)
    assert Token.make_feed(awa, NOW + timedelta(days=365))


def test_two_of_one_hash_cannot_be(awa, celia):
    make.feed(awa, "same")
    with pytest.raises(IntegrityError):
        make.feed(celia, "same")


def test_of_whoever_was_shut_out_it_opens_nothing(awa):
    text = Token.make_feed(awa, NOW)
    awa.is_active = False
    awa.save()
    assert not opens(text)


def password(client, user):
    new = "four rivers under the bridge"
    fields = {"old_password": make.PASSWORD, "new_password1": new, "new_password2": new}
    return client.post("/en/accounts/password/", fields)


def everywhere(client, user):
    return client.post("/en/accounts/sessions/end/")


def words(client, user):
    fields = {"name": user.name, "words": " ".join(user.renew_words("en")), "password": "four rivers under the bridge"}
    return client.post("/en/accounts/recover/", fields)


@pytest.mark.parametrize("way", [password, everywhere, words])
def test_a_new_password_and_signing_out_everywhere_end_it_for_that_person_alone(as_awa, awa, celia, way):
    make.feed(awa, "hers")
    make.feed(celia, "another's")
    assert way(as_awa, awa).status_code in (200, 302)
    assert [token.user for token in Token.objects.all()] == [celia]


def test_signing_one_browser_out_ends_none(as_awa, awa):
    make.feed(awa, "hers")
    browser_of(awa).get("/en/")
    other = awa.sign_ins.order_by("pk").last()
    as_awa.post("/en/accounts/sessions/end/", {"session": other.pk})
    assert Token.objects.exists()


def test_an_editor_who_signs_somebody_out_everywhere_ends_it(awa, celia):
    make.feed(awa, "hers")
    make.feed(celia, "another's")
    browser_of(awa).get("/en/")
    desk = browser_of(make.user("Ely", is_staff=True))
    desk.post("/en/admin/accounts/user/", {"action": "end_sessions", "_selected_action": [awa.pk]})
    assert [token.user for token in Token.objects.all()] == [celia]


def test_it_goes_with_its_person_and_once_it_has_ended_with_a_tidying(awa, celia):
    make.feed(awa, "hers")
    make.feed(celia, "another's")
    awa.delete()
    assert [token.user for token in Token.objects.all()] == [celia]
    tidied(timezone.now() + timedelta(days=364))
    assert Token.objects.exists()
    tidied(timezone.now() + timedelta(days=366))
    assert not Token.objects.exists()


def test_that_one_was_made_is_told_among_what_happened(as_awa, awa):
    as_awa.post("/en/calendar/", {"press": "a"})
    assert SecurityEvent.objects.get(user=awa).what == "calendar"
    assert "An address for a calendar was made" in as_awa.get("/en/accounts/sessions/").text
