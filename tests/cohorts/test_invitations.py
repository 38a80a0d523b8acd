"""A colleague comes onto the staff by a link of its own: once, within a week, under a name."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit, User
from cohorts.models import Cohort, Role, StaffInvitation
from tests import make
from tests.conftest import browser_of
from tests.forms import form_of

pytestmark = pytest.mark.django_db
INVITED = "/en/cohorts/invited/"


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], name="Monday group")


@pytest.fixture
def at(cohort):
    return f"/en/cohorts/{cohort.pk}/invitations/"


def link_of(page):
    return re.search(r"http://testserver(/en/cohorts/invited/\w+/)", page.text)[1]


@pytest.fixture
def link(as_bakary, at):
    return link_of(as_bakary.post(at, {"role": "instructor"}))


def test_a_colleague_opens_the_link_and_presses_one_button(as_celia, celia, bakary, cohort, link):
    page = as_celia.get(link, follow=True)
    assert page.request["PATH_INFO"] == INVITED
    text = unescape(page.text)
    assert "Onto the staff of “Monday group”" in text
    assert "Bakary invites you. Your role: Instructor." in text
    assert text.count("btn-primary") == 1
    page = as_celia.post(INVITED, follow=True)
    assert page.request["PATH_INFO"] == cohort.get_absolute_url()
    assert Cohort.objects.taught_by(celia).get() == cohort
    assert [line.what for line in Audit.objects.order_by("pk")] == ["invitation", "role"]
    assert Audit.objects.first().who == bakary


def test_it_does_not_pass_through_the_learners_page(as_celia, link):
    text = as_celia.get(link, follow=True).text
    assert "/join/" not in text.split("<main")[1].split("</main")[0]
    assert "its staff will see" not in text


@pytest.mark.parametrize("way", ["sign-in", "sign-up"])
def test_a_visitor_signs_in_or_chooses_a_name_and_comes_back(client, celia, cohort, link, way):
    page = client.get(link, follow=True)
    onward = re.search(rf'href="(/en/accounts/{way}/\?next=[^"]+)"', page.text)[1]
    fields = {"username": "Celia"} if way == "sign-in" else {"name": "Efua"}
    action, hidden = form_of(client.get(onward), None)
    page = client.post(action or onward, hidden | fields | {"password": make.PASSWORD}, follow=True)
    if way == "sign-up":  # the six words are shown first
        page = client.get(re.search(r'class="btn btn-primary" href="([^"]+)"', page.text)[1])
    assert page.request["PATH_INFO"] == INVITED
    client.post(INVITED)
    assert Cohort.objects.taught_by(User.objects.get(name=next(iter(fields.values())))).get() == cohort


def test_a_guest_is_asked_for_a_name_and_cannot_press(as_guest, guest, cohort, link):
    page = as_guest.get(link, follow=True)
    assert "Staff have a name and a password" in page.text
    as_guest.post(INVITED)
    assert not Cohort.objects.of(guest).exists()
    assert StaffInvitation.objects.get().used_at is None


def test_a_learner_of_the_cohort_becomes_one_of_the_staff(as_awa, awa, cohort, link):
    assert "You learn in this cohort now" in as_awa.get(link, follow=True).text
    as_awa.post(INVITED)
    assert cohort.enrolments.get(user=awa).role == Role.INSTRUCTOR


def test_whoever_left_comes_back_as_staff(as_awa, awa, cohort, link):
    cohort.enrolments.get(user=awa).leave(make.NOW)
    as_awa.get(link)
    as_awa.post(INVITED)
    assert Cohort.objects.taught_by(awa).get() == cohort


def test_whoever_is_on_the_staff_uses_nothing_up(as_bakary, bakary, cohort, link):
    assert "on the staff of this cohort already" in as_bakary.get(link, follow=True).text
    as_bakary.post(INVITED)
    assert StaffInvitation.objects.get().used_at is None
    assert cohort.enrolments.get(user=bakary).role == Role.INSTRUCTOR


@pytest.mark.parametrize("case", ["used", "taken back", "old", "archived", "never"])
def test_a_link_that_opens_nothing_any_more_says_so(as_celia, as_bakary, danso, cohort, at, link, case):
    row = StaffInvitation.objects.get()
    if case == "used":
        assert row.accept(danso, timezone.now())
    if case == "taken back":
        as_bakary.post(f"{at}{row.pk}/revoke/")
    if case == "old":
        StaffInvitation.objects.update(made_at=timezone.now() - timedelta(days=7))
    if case == "archived":
        cohort.archive(timezone.now())
    page = as_celia.get(f"{INVITED}{'0' * 32}/" if case == "never" else link, follow=True)
    assert page.status_code == 404
    assert "Ask whoever gave it to you for a new link" in page.text
    assert "Monday group" not in page.text
    assert as_celia.post(INVITED).status_code == 404
    assert not Cohort.objects.of(User.objects.get(name="Celia")).exists()


def test_the_link_is_shown_once_and_only_its_hash_is_kept(as_bakary, at, link):
    code = link.split("/")[-2]
    assert code not in str(StaffInvitation.objects.values_list())
    assert code not in as_bakary.get(at).text
    assert "made by Bakary" in as_bakary.get(at).text


def test_a_second_press_makes_no_second_link(as_bakary, at):
    _, fields = form_of(as_bakary.get(at), None)
    assert "http://testserver" in as_bakary.post(at, fields).text
    assert as_bakary.post(at, fields)["Location"] == at
    assert StaffInvitation.objects.count() == 1


@pytest.mark.parametrize("role", ["learner", "", "editor"])
def test_nobody_is_invited_as_something_else(as_bakary, at, role):
    assert as_bakary.post(at, {"role": role}).status_code == 422
    assert not StaffInvitation.objects.exists()


def test_a_cohort_in_the_archive_invites_nobody(as_bakary, cohort, at):
    cohort.archive(make.NOW)
    assert "Make the link" not in as_bakary.get(at).text
    as_bakary.post(at, {"role": "lead"})
    assert not StaffInvitation.objects.exists()


def test_taken_back_twice_is_noted_once(as_bakary, at, link):
    row = StaffInvitation.objects.get()
    texts = [as_bakary.post(f"{at}{row.pk}/revoke/", follow=True).text for _ in range(2)]
    assert "the link opens nothing any more" in texts[0]
    assert "opened nothing any more" in texts[1]
    assert Audit.objects.filter(on_what__endswith="taken back").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_comes_in(bakary, in_parallel):
    cohort = make.cohort(bakary)
    StaffInvitation.make(cohort, Role.LEAD, bakary, timezone.now(), None)
    row, people = StaffInvitation.objects.get(), [make.user(f"P{number}") for number in range(6)]
    came = in_parallel(lambda number: row.accept(people[number], timezone.now()) is not None, 6)
    assert sum(came) == 1
    assert cohort.enrolments.filter(role=Role.LEAD).get().user == people[came.index(True)]


def test_pages_cost_the_same_with_more_links(as_bakary, bakary, as_celia, cohort, at, link):
    counts = []
    as_bakary.get(at), as_celia.get(link)
    with CaptureQueriesContext(connection) as invited:
        assert as_celia.get(INVITED).status_code == 200
    assert 0 < len(invited) <= 8
    for _ in range(2):
        with CaptureQueriesContext(connection) as listed:
            assert as_bakary.get(at).status_code == 200
        counts.append(len(listed))
        for _ in range(6):
            StaffInvitation.make(cohort, Role.LEAD, bakary, timezone.now(), None)
    assert 0 < counts[0] == counts[1] <= 8


def test_pages_of_the_staff_lead_there(as_bakary, as_awa, cohort, at):
    for path in ("", "members/"):
        assert f'href="{at}"' in as_bakary.get(f"{cohort.get_absolute_url()}{path}").text
    assert f'href="{at}"' not in as_awa.get(cohort.get_absolute_url()).text
    assert Client().get(at).status_code == 302
    assert browser_of(make.user("Danso")).get(at).status_code == 404
