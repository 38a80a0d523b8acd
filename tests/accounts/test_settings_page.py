"""My settings: name, language, time zone, and what leads on from there."""

import re
import zoneinfo

import pytest
from django.db.models.signals import pre_save
from django.test import Client

from accounts.models import User
from accounts.zones import CITIES, zone, zone_choices
from tests import make

ADDRESS = "/en/accounts/settings/"
GIVEN = {"name": "Awa", "language": "en", "time_zone": "UTC"}


def save(client, **changes):
    return client.post(ADDRESS, GIVEN | changes)


def test_awa_changes_name_language_and_time_zone(as_awa, awa):
    assert as_awa.get(ADDRESS).status_code == 200
    response = save(as_awa, name="Awa D.", password=make.PASSWORD, language="fr", time_zone="Africa/Bamako")
    assert response["Location"] == "/fr/accounts/settings/"
    awa.refresh_from_db()
    assert (awa.name, awa.language, awa.time_zone) == ("Awa D.", "fr", "Africa/Bamako")
    assert User.objects.named("AWA D.").get() == awa
    page = as_awa.get("/fr/")
    assert page.wsgi_request.user == awa
    assert "Awa D." in page.text


def test_the_case_of_ones_own_name_may_change(as_awa, awa):
    assert save(as_awa, name="AWA").status_code == 302
    awa.refresh_from_db()
    assert awa.name == "AWA"


def shown(client):
    """What a page that is opened now says that it shows."""
    return dict(re.findall(r'name="([\w]+-was)" value="([^"]*)"', client.get(ADDRESS).text))


def test_an_older_page_changes_only_what_was_changed_on_it(as_awa, awa):
    old = shown(as_awa)
    assert set(old) == {"name-was", "language-was", "time_zone-was", "shared-was"}
    new = {"name": "Awa D.", "password": make.PASSWORD, "language": "fr", "shared": "on"}
    save(as_awa, **old, **new)
    # A browser fills the password in by itself.
    assert save(as_awa, **old, time_zone="Africa/Bamako", password=make.PASSWORD).status_code == 302
    awa.refresh_from_db()
    assert (awa.name, awa.language, awa.time_zone) == ("Awa D.", "fr", "Africa/Bamako")
    assert shown(as_awa)["shared-was"] == "True"


def test_an_older_page_needs_no_password_for_a_name_that_was_not_changed_on_it(as_awa, awa):
    old = shown(as_awa)
    save(as_awa, name="Awa D.", password=make.PASSWORD)
    assert save(as_awa, **old, language="fr").status_code == 302
    awa.refresh_from_db()
    assert (awa.name, awa.language) == ("Awa D.", "fr")


def test_after_a_refusal_the_page_still_says_what_it_showed_first(as_awa, awa):
    page = save(as_awa, **shown(as_awa), language="fr", time_zone="Mars/Olympus")
    assert (page.status_code, 'name="language-was" value="en"' in page.text) == (422, True)
    save(as_awa, **shown(as_awa), language="fr")
    awa.refresh_from_db()
    assert awa.language == "fr"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "celia", "password": make.PASSWORD},
        {"name": ""},
        {"name": "A\u200bwa"},
        {"language": "de"},
        {"time_zone": "Mars/Olympus"},
    ],
    ids=["taken", "empty", "invisible", "no such language", "no such zone"],
)
def test_what_is_refused_is_said_and_changes_nothing(as_awa, awa, celia, changes):
    page = save(as_awa, **changes)
    assert page.status_code == 422
    assert f'href="#id_{next(iter(changes))}"' in page.text
    awa.refresh_from_db()
    assert (awa.name, awa.language, awa.time_zone) == ("Awa", "en", "UTC")


def test_a_name_taken_in_the_last_moment_is_refused_and_ones_own_stays_on_top(as_awa, awa):
    def rival(instance, **_):
        pre_save.disconnect(rival, sender=User)
        User.objects.bulk_create([User(name="Rival", name_key="rival")])

    pre_save.connect(rival, sender=User, weak=False)
    page = save(as_awa, name="Rival", password=make.PASSWORD)
    assert page.status_code == 422
    assert ">Awa</span></a>" in page.text


def test_a_guest_has_settings_but_no_name(as_guest, guest):
    page = as_guest.get(ADDRESS)
    assert 'name="name"' not in page.text
    assert "/en/accounts/sign-up/" in page.text.split("<main")[1]
    assert "/en/accounts/words/" not in page.text
    assert save(as_guest, name="Sneaky", time_zone="Europe/Paris").status_code == 302
    changed = User.objects.get()
    assert (changed.name, changed.is_guest, changed.time_zone) == (guest.name, True, "Europe/Paris")


def test_a_visitor_signs_in_first(db):
    for page in ("settings", "words", "password"):
        assert Client().get(f"/en/accounts/{page}/")["Location"].startswith("/en/accounts/sign-in/?next=")


def test_extra_fields_give_no_rights(as_awa, awa):
    save(as_awa, is_staff=1, may_teach_at="2026-01-01", is_guest=1, email="a@example.org", recovery_words="x")
    awa.refresh_from_db()
    assert (awa.is_staff, awa.may_teach_at, awa.is_guest, awa.email, awa.recovery_words) == (False, None, False, "", "")


def test_the_page_leads_on_and_is_never_kept(as_awa):
    page = as_awa.get(ADDRESS)
    assert "no-store" in page["Cache-Control"]
    for address in ("accounts/password/", "accounts/words/", "accounts/sign-out/", "who-sees-what/"):
        assert f'"/en/{address}"' in page.text.split("<main")[1]


def test_the_page_costs_three_queries(as_awa, django_assert_max_num_queries):
    as_awa.get("/en/")
    with django_assert_max_num_queries(3):
        as_awa.get(ADDRESS)


# Time zones


def test_the_list_of_zones_begins_with_a_short_one_and_knows_them_all():
    (_, near), *others = zone_choices()
    keys = [key for _, group in [("", near), *others] for key, _ in group]
    assert len(near) < 20
    assert near[0][0] == "Africa/Bamako"
    assert len(keys) == len(set(keys)) > 350
    assert all(zoneinfo.ZoneInfo(key) for key in keys)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Timbuktu", "Cairo", "Lomé"]), ("fr", ["Tombouctou", "Le Caire", "Lomé", "Addis-Abeba", "Mogadiscio"])],
)
def test_awa_finds_her_city_as_her_language_writes_it(as_awa, language, words):
    page = as_awa.get(ADDRESS.replace("/en/", f"/{language}/")).text
    assert [word for word in words if f">{word}</option>" not in page] == []


def test_every_city_with_a_name_of_its_own_is_on_the_list():
    keys = {key for _, group in zone_choices() for key, _ in group}
    assert set(CITIES) <= keys


def test_an_unknown_zone_is_utc():
    assert {zone(key).key for key in ("Mars/Olympus", "", "../etc/passwd")} == {"UTC"}


@pytest.mark.parametrize(("key", "told"), [("UTC", "09:00"), ("Africa/Lagos", "10:00"), ("Mars/Olympus", "09:00")])
def test_saved_at_is_told_in_the_zone_of_the_learner(as_awa, awa, key, told):
    User.objects.update(time_zone=key)
    attempt = make.quiz(awa, make.case_study(items=3).sections.get())
    response = attempt.responses.first()
    attempt.save_answers({response.position: make.right_answer(response)}, "en", make.NOW)
    assert re.search(rf"[Ss]aved at {told}", as_awa.get(attempt.get_absolute_url()).text)
