"""Certificates that are offered: to whom, under which name, the answer of each, and what staff answer to a name."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.locking import PersonGone
from accounts.models import Audit, User
from cohorts import offers, places
from cohorts.models import Assignment, Certificate, Enrolment, Offer
from cohorts.notices import notices_of
from course.erasing import erase
from tests import make
from tests.cohorts.test_board import plain
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATER = make.NOW + 5 * HOUR


@pytest.fixture
def section():
    return make.case_study().sections.get()


@pytest.fixture
def cohort(bakary, awa, celia):
    """Awa and Celia learn in it; the roster names Awa."""
    row = make.cohort(bakary, [awa, celia], name="Monday group")
    row.enrolments.filter(user=awa).update(roster_name="Coulibaly, Awa")
    return row


@pytest.fixture
def assignment(cohort, section):
    return make.assignment(cohort, section.module)


@pytest.fixture
def passed(assignment, awa, section):
    return make.quiz(awa, section, right=5, at=make.NOW + HOUR)


def place(assignment, learner):
    return assignment.cohort.enrolments.get(user=learner)


def page_at(assignment):
    return f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificates/"


def shown(client, assignment):
    return client.get(page_at(assignment))


def send(client, assignment, *people, **names):
    """Press the button as the page has it, with these enrolments ticked and other names typed."""
    page = shown(client, assignment).text
    fields = dict(re.findall(r'name="(name-\d+)"\s+value="([^"]*)"', page))
    return client.post(page_at(assignment), fields | names | {"offer": [row.pk for row in people]}, follow=True)


def answer(client, offer, **fields):
    return client.post(f"/en/certificates/offers/{offer.pk}/", {"name": offer.name} | fields)


def settle(client, offer, **fields):
    address = f"/en/cohorts/{offer.assignment.cohort_id}/assignments/{offer.assignment_id}/offers/{offer.pk}/"
    return client.post(address, fields, follow=True)


def ticked(page):
    return [tag for tag in re.findall(r'<input type="checkbox" name="offer"[^>]*>', page.text) if "checked" in tag]


# The name


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (
            {"family_name": "N'Diaye", "given_name": "Fatoumata", "roster_name": "N'Diaye Fatoumata"},
            "Fatoumata N'Diaye",
        ),
        ({"roster_name": "N'Diaye, Fatoumata"}, "Fatoumata N'Diaye"),
        ({"roster_name": "Fatoumata N'Diaye"}, "Fatoumata N'Diaye"),
        ({"family_name": "N'Diaye", "roster_name": "N'Diaye"}, "N'Diaye"),
        ({"roster_name": "N'Diaye,"}, "N'Diaye,"),
        ({"roster_name": "A, B, C"}, "A, B, C"),
        ({}, ""),
    ],
)
def test_a_name_of_the_roster_is_written_given_name_first(fields, name):
    assert offers.written_name(Enrolment(**fields)) == name


def test_whom_no_roster_names_is_proposed_as_said_or_by_their_own_name(awa, guest):
    assert offers.proposed_name(Enrolment(user=awa, said_name="Awa Traoré")) == "Awa Traoré"
    assert offers.proposed_name(Enrolment(user=awa)) == "Awa"
    assert offers.proposed_name(Enrolment(user=guest)) == ""


# Offering


def test_bakary_offers_it_to_whoever_meets_the_rule(as_bakary, bakary, awa, assignment, passed):
    page = shown(as_bakary, assignment)
    assert "1 person has passed all that is asked, and may be offered one" in plain(page.text)
    assert len(ticked(page)) == 1
    assert "Not yet Celia · Still missing: section 1" in plain(page.text)
    told = send(as_bakary, assignment, place(assignment, awa))
    assert "1 certificate is offered." in plain(told.text)
    offer = Offer.objects.get()
    assert (offer.enrolment.user, offer.name, offer.made_by) == (awa, "Awa Coulibaly", bakary)
    assert not Certificate.objects.exists()
    line = Audit.objects.get()
    assert (line.who, line.on_what) == (
        bakary,
        f"enrolment {offer.enrolment_id}: offered for assignment {assignment.pk}",
    )


def test_twelve_presses_offer_it_once(as_bakary, awa, assignment, passed):
    fields = {"offer": place(assignment, awa).pk, f"name-{place(assignment, awa).pk}": "Awa Coulibaly"}
    for _ in range(12):
        as_bakary.post(page_at(assignment), fields)
    assert Offer.objects.count() == Audit.objects.count() == 1


def test_at_once_it_is_offered_once(in_parallel, bakary, awa, assignment, passed):
    names = {place(assignment, awa).pk: "Awa Coulibaly"}
    in_parallel(lambda number: offers.make(Assignment.objects.get(pk=assignment.pk), names, bakary, LATER), count=8)
    assert Offer.objects.count() == 1


def test_who_does_not_meet_the_rule_is_offered_none(as_bakary, celia, assignment, passed):
    page = send(as_bakary, assignment, place(assignment, celia))
    assert "1 was left out" in page.text
    assert not Offer.objects.exists()


def test_a_name_that_changed_meanwhile_is_not_offered(as_bakary, awa, assignment, passed):
    row = place(assignment, awa)
    fields = {"offer": row.pk, f"name-{row.pk}": "Awa Coulibaly"}
    Enrolment.objects.filter(pk=row.pk).update(roster_name="Keïta, Mariam")
    page = as_bakary.post(page_at(assignment), fields, follow=True)
    assert "1 was left out" in page.text
    assert not Offer.objects.exists()


def test_whom_no_roster_names_is_offered_it_under_a_name_that_is_typed(as_bakary, celia, assignment, section):
    make.quiz(celia, section, right=5, at=make.NOW + HOUR)
    row = place(assignment, celia)
    assert f'name="name-{row.pk}" value="Celia"' in " ".join(shown(as_bakary, assignment).text.split())
    page = send(as_bakary, assignment, row, **{f"name-{row.pk}": "  Celia   Zerbo "})
    assert page.status_code == 200
    assert Offer.objects.get().name == "Celia Zerbo"


@pytest.mark.parametrize("name", ["", " ", "\u202e", "x" * 121])
def test_without_a_name_that_can_be_read_it_is_not_offered(as_bakary, celia, assignment, section, name):
    make.quiz(celia, section, right=5, at=make.NOW + HOUR)
    row = place(assignment, celia)
    page = send(as_bakary, assignment, row, **{f"name-{row.pk}": name})
    assert page.status_code == 422
    assert f'href="#id_name-{row.pk}"' in page.text
    assert not Offer.objects.exists()


def test_with_nobody_ticked_one_sentence_says_what_to_do(as_bakary, assignment, passed):
    page = send(as_bakary, assignment)
    assert page.status_code == 422
    assert "Tick at least one person." in page.text


@pytest.mark.parametrize("sent", ["no number", "9" * 30, "-1", "1;2"])
def test_what_is_no_enrolment_offers_nothing(as_bakary, assignment, passed, sent):
    page = as_bakary.post(page_at(assignment), {"offer": sent}, follow=True)
    assert "1 was left out" in page.text
    assert not Offer.objects.exists()


def test_whoever_holds_one_is_not_offered_another_until_it_runs_out(as_bakary, awa, assignment, section):
    now = timezone.now()
    Assignment.objects.update(months_valid=12, opens_at=now - 500 * DAY)
    make.joined(awa, now - 500 * DAY)
    make.quiz(awa, section, right=5, at=now - 5 * DAY)
    row = make.certificate(awa, section.module, assignment, expires_at=now + 100 * DAY)
    assert not ticked(shown(as_bakary, assignment))
    Certificate.objects.filter(pk=row.pk).update(expires_at=now + 30 * DAY)
    page = shown(as_bakary, assignment)
    assert len(ticked(page)) == 1
    assert "renews the one until" in plain(page.text)


def test_who_was_revoked_or_said_not_now_is_shown_without_a_tick(as_bakary, awa, celia, assignment, passed, section):
    make.quiz(celia, section, right=5, at=make.NOW + HOUR)
    make.certificate(awa, section.module, assignment, revoked_at=make.NOW)
    make.offer(assignment, celia, answered_at=make.NOW)
    page = shown(as_bakary, assignment)
    assert "2 people have passed all that is asked, and may be offered one" in plain(page.text)
    assert ticked(page) == []
    for words in ("one was revoked on 2 November 2026", "put aside by the learner on 2 November 2026"):
        assert words in plain(page.text)


def test_it_costs_the_same_for_5_and_for_60(as_bakary, awa, bakary, assignment, section, django_assert_max_num_queries):
    for number in range(60):
        learner = make.user(f"Learner {number}")
        assignment.cohort.join(learner, make.NOW)
        if number % 3:
            make.quiz(learner, section, right=5, at=make.NOW + HOUR)
        if number % 3 == 1:
            make.offer(assignment, learner)
        if number in (4, 58):
            assignment.cohort.enrolments.get(user=learner).leave(LATER)
            make.certificate(learner, section.module, assignment)
        if number in (4, 59):
            as_bakary.get("/en/")
            with django_assert_max_num_queries(12):
                shown(as_bakary, assignment)
            names = {row.pk: "Somebody" for row in assignment.cohort.enrolments.all()}
            with django_assert_max_num_queries(15):
                offers.make(assignment, names, bakary, LATER, [assignment])


# The holder's answer


@pytest.fixture
def offer(assignment, awa, passed):
    return make.offer(assignment, awa)


def test_awa_reads_it_where_she_is_and_accepts(as_awa, client, awa, assignment, offer):
    make.reading(awa, assignment.module.sections.first().lessons.first())
    words = "Monday group offers you a certificate under the name Awa Coulibaly."
    for path in ("/en/", f"/en/cohorts/{assignment.cohort_id}/"):
        assert words in plain(as_awa.get(path).text)
    assert "Monday group offers you a certificate" in plain(as_awa.get("/en/certificates/").text)
    response = answer(as_awa, offer, answer="accept")
    row = Certificate.objects.get()
    assert response["Location"] == f"/en/certificates/{row.public_id}/"
    assert (row.user, row.assignment, row.name_shown, row.name_public_at) == (awa, assignment, "Awa Coulibaly", None)
    offer.refresh_from_db()
    assert offer.certificate == row
    assert notices_of(awa, timezone.now()) == ([], [])
    assert answer(as_awa, offer, answer="accept").status_code == 404


def test_awa_lets_its_page_show_her_name(as_awa, client, offer):
    answer(as_awa, offer, answer="accept", shows_name="on")
    assert "Awa Coulibaly" in client.get(f"/en/certificates/{Certificate.objects.get().public_id}/").text


def test_a_name_other_than_the_one_that_was_read_is_not_accepted(as_awa, offer):
    """Staff have changed it since she opened the page."""
    Offer.objects.update(name="Awa Keïta")
    page = answer(as_awa, offer, answer="accept").headers["Location"]
    assert page == "/en/certificates/"
    assert not Certificate.objects.exists()
    assert Offer.objects.open().exists()


def test_what_is_not_met_any_more_is_not_issued(as_awa, offer, passed, section):
    type(passed).objects.update(score="0.1")
    page = as_awa.get(f"/en/certificates/offers/{offer.pk}/")
    assert f"1. {section.title}" in plain(page.text)
    assert 'value="accept"' not in page.text
    answer(as_awa, offer, answer="accept")
    assert not Certificate.objects.exists()
    assert Offer.objects.open().exists()


def test_not_now_leaves_nothing_behind_but_that_it_was_said(as_awa, awa, offer):
    assert answer(as_awa, offer, answer="later")["Location"] == "/en/certificates/"
    assert not Certificate.objects.exists()
    assert not Offer.objects.of(awa).exists()


def test_whoever_asks_for_one_themselves_answers_the_offer(as_awa, assignment, offer):
    as_awa.post(f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificate/", {"name": "A. C."})
    offer.refresh_from_db()
    assert offer.certificate == Certificate.objects.get()
    assert offer.certificate.name_shown == "A. C."


def test_a_guest_chooses_a_name_first(as_guest, guest, bakary, section):
    assignment = make.assignment(make.cohort(bakary, [guest]), section.module)
    make.quiz(guest, section, right=5, at=make.NOW + HOUR)
    offer = make.offer(assignment, guest)
    page = as_guest.get(f"/en/certificates/offers/{offer.pk}/")
    assert f"/en/accounts/sign-up/?next=/en/certificates/offers/{offer.pk}/" in page.text
    assert answer(as_guest, offer, answer="accept").status_code == 200
    assert not Certificate.objects.exists()


def test_only_whoever_is_offered_it_answers(as_celia, as_bakary, client, offer):
    for browser in (as_celia, as_bakary):
        for kind in ("accept", "later", "otherwise"):
            assert answer(browser, offer, answer=kind, wish="Celia").status_code == 404
    assert answer(client, offer, answer="accept").status_code == 302
    offer.refresh_from_db()
    assert (offer.answered_at, offer.wish) == (None, "")


def test_whoever_left_finds_no_offer(as_awa, awa, assignment, offer):
    place(assignment, awa).leave(LATER)
    assert as_awa.get(f"/en/certificates/offers/{offer.pk}/").status_code == 404


def test_its_page_and_the_own_list_cost_at_most_8_queries(as_awa, awa, offer, section, django_assert_max_num_queries):
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        as_awa.get(f"/en/certificates/offers/{offer.pk}/")
    for number in range(5):
        other = make.cohort(make.user(f"Teacher {number}"), [awa])
        make.offer(make.assignment(other, section.module), awa)
    with django_assert_max_num_queries(8):
        assert as_awa.get("/en/certificates/").text.count("offers you a certificate") == 6
    with django_assert_max_num_queries(1):
        assert len(notices_of(awa, timezone.now())[0]) == 6


# Another name


def test_awa_asks_for_another_name_and_bakary_offers_it_so(as_awa, as_bakary, awa, assignment, offer):
    assert answer(as_awa, offer, answer="otherwise", wish=" Awa  Coulibaly-Keïta ")["Location"] == "/en/certificates/"
    assert "You asked for the name Awa Coulibaly-Keïta." in plain(as_awa.get("/en/certificates/").text)
    assert 'value="accept"' not in as_awa.get(f"/en/certificates/offers/{offer.pk}/").text
    answer(as_awa, offer, answer="accept")
    assert not Certificate.objects.exists()
    assert notices_of(awa, timezone.now()) == ([], [])
    assert "1 learner would have another name" in plain(as_bakary.get(f"/en/cohorts/{assignment.cohort_id}/").text)
    page = plain(shown(as_bakary, assignment).text)
    assert "offered as: Awa Coulibaly · would be written: Awa Coulibaly-Keïta" in page
    settle(as_bakary, offer, answer="take", wish="Awa Coulibaly-Keïta")
    offer.refresh_from_db()
    assert (offer.name, offer.wish) == ("Awa Coulibaly-Keïta", "")
    assert "differs from your list" in plain(shown(as_bakary, assignment).text)
    answer(as_awa, offer, answer="accept")
    assert Certificate.objects.get().name_shown == "Awa Coulibaly-Keïta"


def test_bakary_keeps_the_name_and_awa_is_told(as_awa, as_bakary, bakary, offer):
    Offer.objects.update(wish="Her Excellency")
    settle(as_bakary, offer, answer="keep", wish="Her Excellency")
    offer.refresh_from_db()
    assert (offer.name, offer.wish) == ("Awa Coulibaly", "")
    assert "the staff kept the name Awa Coulibaly" in plain(as_awa.get(f"/en/certificates/offers/{offer.pk}/").text)
    line = Audit.objects.get()
    assert (line.who, line.on_what) == (bakary, f"enrolment {offer.enrolment_id}: name of an offer kept")


@pytest.mark.parametrize("kind", ["take", "keep"])
def test_a_wish_that_bakary_has_not_read_is_not_answered(as_bakary, offer, kind):
    Offer.objects.update(wish="Awa C.")
    page = settle(as_bakary, offer, answer=kind, wish="Awa Coulibaly-Keïta")
    assert "This has changed since you opened the page." in page.text
    offer.refresh_from_db()
    assert (offer.name, offer.wish) == ("Awa Coulibaly", "Awa C.")


@pytest.mark.parametrize("wish", ["", "Awa Coulibaly", "\u202e", "x" * 121])
def test_a_wish_needs_another_name(as_awa, offer, wish):
    response = answer(as_awa, offer, answer="otherwise", wish=wish)
    assert response.status_code == 422
    assert '<details class="part" open>' in response.text
    offer.refresh_from_db()
    assert offer.wish == ""


def test_bakary_takes_an_offer_back(as_awa, as_bakary, as_danso, offer):
    assert settle(as_danso, offer, answer="remove").status_code == 404
    settle(as_bakary, offer, answer="remove")
    assert not Offer.objects.exists()
    assert answer(as_awa, offer, answer="accept").status_code == 404
    assert Audit.objects.get().on_what == f"enrolment {offer.enrolment_id}: offer taken back"


# What else touches it


def test_an_offer_goes_along_when_two_rows_become_one(assignment, awa, bakary, offer):
    """A guest whom staff know to be Awa; of two open offers hers stays."""
    guest = make.guest()
    place_of_guest = assignment.cohort.join(guest, make.NOW)
    other = make.assignment(assignment.cohort, assignment.module)
    for row in (assignment, other):
        make.offer(row, guest, name="Guest")
    place_of_guest.leave(LATER)
    places.merge(assignment.cohort, [place(assignment, awa).pk, place_of_guest.pk], bakary, LATER)
    names = dict(Offer.objects.filter(enrolment__user=awa).values_list("assignment", "name"))
    assert names == {assignment.pk: "Awa Coulibaly", other.pk: "Guest"}


def test_erasing_takes_the_offer_and_its_answer_comes_too_late(awa, offer):
    row = Offer.objects.with_all().get()
    erase(User.objects.filter(pk=awa.pk))
    assert not Offer.objects.exists()
    for verb in (lambda: offers.accept(row, row.name, False, LATER), lambda: offers.decline(row, LATER)):
        with pytest.raises(PersonGone):
            verb()


def test_answers_lock_in_the_one_order(awa, bakary, offer):
    """SQLite locks the whole file, and there is no order to see."""
    verbs = [
        lambda row: offers.wish(row, "Awa C."),
        lambda row: offers.settle(row, "Awa C.", True, bakary, LATER),
        lambda row: offers.accept(row, "Awa C.", False, LATER),
    ]
    for verb in verbs:
        with CaptureQueriesContext(connection) as queries:
            assert verb(Offer.objects.with_all().get())
        held = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
        tables = [re.search(r'FROM "(\w+)"', sql)[1] for sql in held]
        expected = ["cohorts_cohort", "accounts_user"] if connection.vendor == "postgresql" else []
        assert list(dict.fromkeys(tables)) == expected


def test_a_colleague_answers_by_their_own_browser(danso, awa, offer, cohort):
    make.staff(cohort, danso)
    Offer.objects.update(wish="Awa C.")
    settle(browser_of(danso), offer, answer="take", wish="Awa C.")
    assert Audit.objects.get().who == danso


def test_to_a_visitor_nothing_is_offered(offer):
    assert not Offer.objects.of(AnonymousUser()).exists()
