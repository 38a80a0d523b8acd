"""Joining by code or link: told first what staff will see, open to visitors and guests, limited."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import RateLimitBucket, User
from cohorts import codes
from cohorts.models import Cohort, Enrolment, Role
from tests import make

pytestmark = pytest.mark.django_db
WRONG = "3333-4444-6666"
MARIAM = {"said_name": "Mariam Zerbo"}  # what a guest is asked for


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def cohort(bakary):
    return make.cohort(bakary)


@pytest.fixture
def link(cohort):
    return f"/en/join/{cohort.grouped_code}/"


def learners(cohort):
    return [enrolment.user for enrolment in cohort.enrolments.current().learners()]


def test_home_leads_to_the_field_and_a_right_code_to_the_page_that_tells(client, cohort, link):
    make.case_study()
    assert 'href="/en/join/"' in client.get("/en/").text
    page = client.post("/en/join/", {"code": cohort.join_code.lower()})
    assert page["Location"] == "/en/join/cohort/"
    assert not User.objects.filter(is_guest=True).exists()
    text = client.get(link, follow=True).text
    assert cohort.name in text
    assert "What its staff will see" in text
    assert "do not see your password" in text


def test_looking_at_the_page_joins_nothing(as_awa, cohort, link):
    as_awa.get(link, follow=True)
    assert learners(cohort) == []


def test_awa_joins_as_a_learner_whatever_else_is_sent(as_awa, awa, cohort, link):
    page = as_awa.post(link, {"role": "instructor"})
    assert page["Location"] == cohort.get_absolute_url()
    assert as_awa.get(page["Location"]).status_code == 200
    place = cohort.enrolments.get(user=awa)
    assert (place.role, place.joined_at) == (Role.LEARNER, timezone.now())


def test_a_visitor_is_a_guest_by_joining(client, cohort, link):
    client.post(link, MARIAM)
    assert [user.is_guest for user in learners(cohort)] == [True]
    assert client.get(cohort.get_absolute_url()).status_code == 200


def test_a_guest_stays_the_same_guest(as_guest, guest, cohort, link):
    as_guest.post(link, MARIAM)
    assert learners(cohort) == [guest]


def test_a_guest_who_signs_in_brings_the_place_along(as_guest, awa, cohort, link):
    as_guest.post(link, MARIAM)
    as_guest.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    as_guest.post("/en/visit/whose/", {"mine": 1})
    assert learners(cohort) == [awa]


def test_joining_twice_is_joining_once(as_awa, awa, cohort, link):
    for _ in range(2):
        assert as_awa.post(link).status_code == 302
    assert learners(cohort) == [awa]
    page = as_awa.get(link, follow=True).text
    assert "You are in this cohort" in page
    assert 'action="/en/join/cohort/"' not in page


def test_an_instructor_who_follows_the_link_stays_one(as_bakary, bakary, cohort, link):
    as_bakary.post(link)
    assert cohort.enrolments.get().role == Role.INSTRUCTOR


def test_whoever_is_in_joins_again_without_losing_a_role(bakary, cohort):
    assert cohort.join(bakary, make.NOW + timedelta(days=1)).role == Role.INSTRUCTOR


def test_who_left_comes_back_as_a_learner_and_is_told_what_counts(as_awa, awa, cohort, link):
    make.staff(cohort, awa).leave(timezone.now())
    assert "You were in this cohort before" in as_awa.get(link, follow=True).text
    as_awa.post(link)
    place = cohort.enrolments.get(user=awa)
    assert (place.role, place.left_at, place.joined_at) == (Role.LEARNER, None, make.NOW)


@pytest.mark.parametrize("change", ["renewed", "closed", "archived"])
def test_a_code_that_is_spent_is_like_one_that_never_was(client, cohort, link, change):
    if change == "renewed":
        cohort.renew_code(make.NOW)
    elif change == "closed":
        cohort.close_joining()
    else:
        cohort.archived_at = make.NOW
        cohort.save()
    spent, never = client.get(link, follow=True), client.get(f"/en/join/{WRONG}/")
    assert (spent.status_code, never.status_code) == (404, 404)
    assert spent.text.replace(link, f"/en/join/{WRONG}/") == never.text
    assert client.post(link).status_code == 404
    assert not Enrolment.objects.learners().exists()
    assert not User.objects.filter(is_guest=True).exists()


@pytest.mark.parametrize("code", ["", "---", WRONG, "x" * 41])
def test_a_wrong_code_is_refused_beside_its_field(client, cohort, code):
    page = client.post("/en/join/", {"code": code})
    assert page.status_code == 422
    assert '<a href="#id_code">' in page.text


PASTED = [
    "https://site.example/en/join/{0}/",
    "Code: {0}",
    "Le code est « {0} ».",
    "“{0}”.",
    "TGV 4: {0}",
    "\u2068{0}\u2069\u200f",
    "site.example/fr/join/{0}/?from=chat",
    "Join us!\n{0}\nBakary",
    "https://elsewhere.example/url?q=https%3A%2F%2Fsite.example%2Fen%2Fjoin%2F{0}%2F&sa=D",
    "&laquo;&nbsp;{0}&nbsp;&raquo;",
]
WRITTEN = ["as it is", "full width", "spaces", "dashes", "together", "small", "spaces of an address", "entities"]


def written(code, how):
    if how == "spaces of an address":
        return code.replace("-", "%20")
    if how == "entities":
        return code.replace("-", "&#8209;")
    if how == "full width":
        return "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    if how == "small":
        return code.lower()
    return code.replace("-", {"spaces": " ", "dashes": "–", "together": ""}.get(how, "-"))


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("pasted", PASTED)
def test_the_code_is_read_out_of_what_is_pasted(pasted, how):
    assert codes.plain(pasted.format(written("Y3TG-TKVH-YX3W", how))) == "Y3TGTKVHYX3W"


@given(st.text(max_size=60), st.sampled_from(PASTED))
def test_whatever_is_pasted_is_read_as_some_short_code(text, pasted):
    code = codes.plain(pasted.format(text))
    assert len(code) <= 40
    assert codes.plain(code) == code


def test_a_code_is_cut_before_it_is_read():
    assert codes.plain("x" * 3_000_000) == "X" * 40


@pytest.mark.parametrize("pasted", PASTED)
def test_awa_pastes_what_she_was_sent(client, cohort, pasted):
    page = client.post("/en/join/", {"code": pasted.format(cohort.grouped_code)}, follow=True)
    assert page.redirect_chain[-1][0] == "/en/join/cohort/"
    assert cohort.name in page.text


def test_a_personal_code_is_read_out_of_its_link_too(client, cohort):
    place = make.place(cohort)
    page = client.post("/en/join/", {"code": f"https://site.example/en/join/{place.grouped_code}/"}, follow=True)
    assert cohort.name in page.text


@pytest.mark.parametrize("end", ["{0} ", "{1}", "{2}", "{0}/.", "{0}.", "“{0}”", "{0}/%20", "Code:%20{0}/"])
def test_an_address_that_holds_a_code_leads_to_it(client, cohort, end):
    code = cohort.grouped_code
    address = "/en/join/" + end.format(code, code.replace("-", " "), code.replace("-", "–"))
    page = client.get(address, follow=True)
    assert page.redirect_chain[-1][0] == "/en/join/cohort/"
    assert cohort.name in page.text


@pytest.mark.parametrize("end", ["abc", "abc/", "Y3TG-TKVH/", "no code here/.", "…/", "x" * 300])
def test_an_address_without_a_code_leads_to_the_form_filled_in(client, end):
    page = client.get(f"/en/join/{end}", follow=True)
    assert (page.status_code, page.redirect_chain[-1][0].split("?")[0]) == (200, "/en/join/")
    assert f'value="{end.rstrip("/")[:40]}' in page.text
    assert client.post(f"/en/join/{end}").status_code in (404, 405)


def test_a_line_break_in_an_address_leads_to_the_form_too(client, cohort):
    assert client.get("/en/join/no%0Acode/", follow=True).redirect_chain[-1][0] == "/en/join/?code=no%0Acode%2F"
    code = cohort.grouped_code.replace("-", "%0A")
    assert client.get(f"/en/join/{code}", follow=True).redirect_chain[-1][0] == "/en/join/cohort/"


def test_the_eleventh_wrong_code_of_a_person_must_wait_and_a_right_one_too(as_awa, cohort, link):
    pages = [as_awa.post("/en/join/", {"code": WRONG}).status_code for _ in range(5)]
    pages += [as_awa.post(f"/en/join/{WRONG}/").status_code for _ in range(6)]
    assert pages == [422] * 5 + [404] * 5 + [429]
    assert as_awa.post(link).status_code == 429
    RateLimitBucket.objects.update(at=timezone.now() - timedelta(minutes=7))
    assert as_awa.post(link).status_code == 302


def test_wrong_codes_of_others_stop_no_visitor_until_the_network_is_spent(client, cohort, link):
    for number in range(12):
        assert Client().post("/en/join/", {"code": f"{WRONG}{number}"}).status_code == 422
    assert client.post(link, MARIAM).status_code == 302
    for _ in range(300):
        RateLimitBucket.objects.take("network join", "127.0.0.1", 300, 300, timezone.now())
    assert Client().post(link).status_code == 429


def test_a_class_that_joins_leaves_no_trace_of_tries(cohort, link, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _ in range(12):
        assert Client().post(link, MARIAM).status_code == 302
    assert RateLimitBucket.objects.get().tokens == 300 - 12  # of the guests whom this network made


# The code stays in no address


def test_a_link_leads_at_once_to_an_address_without_the_code(client, cohort, link):
    page = client.get(link)
    assert (page.status_code, page["Location"]) == (302, "/en/join/cohort/")
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert "no-store" in page["Cache-Control"]
    cookie = page.cookies["join"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3600)
    shown = client.get(page["Location"])
    assert cohort.name in shown.text
    addresses = re.findall(r'(?:href|action)="([^"]*)"', shown.text)
    assert not [address for address in addresses if cohort.grouped_code in address or cohort.join_code in address]


def test_once_joined_the_browser_forgets_the_code(client, cohort, link):
    client.get(link)
    client.post("/en/join/cohort/", {"code": cohort.grouped_code, **MARIAM})
    assert client.cookies["join"].value == ""
    assert learners(cohort)[0].is_guest


def test_without_a_code_the_page_asks_for_one(client, cohort):
    assert client.get("/en/join/cohort/")["Location"] == "/en/join/"
    client.cookies["join"] = WRONG
    assert client.get("/en/join/cohort/")["Location"] == "/en/join/"
    for sent in ({}, {"code": ""}, {"code": WRONG}, {"code": "x" * 5000}):
        assert client.post("/en/join/cohort/", sent).status_code == 404


def test_another_language_takes_along_the_code_that_is_being_typed(client, cohort):
    page = client.get("/en/join/").text
    [switch] = [tag for tag in page.split("<button")[1:] if 'lang="fr"' in tag]
    assert 'form="typed"' in switch
    page = client.post("/fr/join/", {"code": "CWHN-VC6", "show": "1"})
    assert (page.status_code, 'value="CWHN-VC6"' in page.text) == (200, True)


@pytest.mark.parametrize(
    "act",
    [Cohort.close_joining, lambda cohort: cohort.renew_code(make.NOW), lambda cohort: cohort.archive(make.NOW)],
)
def test_a_code_that_is_closed_while_somebody_joins_opens_nothing(as_celia, celia, cohort, monkeypatch, act):
    """Bakary closes it after Celia's request has come, and before its turn."""
    code, hold = cohort.grouped_code, Cohort.objects.hold

    def closed_before(*keys):
        monkeypatch.setattr(Cohort.objects, "hold", hold)
        act(Cohort.objects.get(pk=cohort.pk))
        return hold(*keys)

    monkeypatch.setattr(Cohort.objects, "hold", closed_before)
    assert "opens no cohort" in as_celia.post(f"/en/join/{code}/", follow=True).text
    assert not cohort.enrolments.of(celia).exists()
