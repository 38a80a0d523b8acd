"""What was typed comes back to whoever typed it, and to nobody else; nothing is done until it is sent again."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from accounts.unsent import is_ours
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark, Note
from quizzes.models import Report
from tests import make

pytestmark = pytest.mark.django_db
HERE = {"Sec-Fetch-Site": "same-origin"}
NAMES = "\r\n".join(f"Learner {number}" for number in range(60))
# Forms of staff and learners: (address, what was typed). Numbers of rows are filled in from the `parts` fixture.
TYPED = {
    "note": ("/cohorts/{cohort}/notes/{section}/", {"text": "Bring the map.\r\nAnd a pen."}),
    "roster": ("/cohorts/{cohort}/roster/", {"names": NAMES}),
    "extension": (
        "/cohorts/{cohort}/assignments/{set}/learners/{awa}/extension/",
        {"reason": "Ill", "is_excused": "on"},
    ),
    "hand mark": (
        "/cohorts/{cohort}/learners/{awa}/sections/{section}/",
        {"points": "85", "reason": "An essay"},
    ),
    "comment": ("/cohorts/{cohort}/learners/{awa}/comment/", {"text": "Well argued.\r\nGo on."}),
    "assignment": ("/cohorts/{cohort}/assignments/{set}/", {"opens_at": "2026-11-02T09:00", "exam_minutes": "45"}),
    "new assignment": ("/cohorts/{cohort}/assignments/new/", {"opens_at": "2026-11-02T09:00", "exam_minutes": "45"}),
    "cohort": ("/cohorts/{cohort}/edit/", {"name": "Winter", "time_zone": "Africa/Bamako"}),
    "new cohort": ("/cohorts/new/", {"name": "Winter", "time_zone": "Africa/Bamako"}),
    "copy": ("/cohorts/{cohort}/copy/", {"name": "Winter", "time_zone": "UTC", "starts_on": "2026-12-01"}),
    "place": ("/cohorts/{cohort}/places/{place}/", {"roster_name": "Zerbo, M."}),
    "report": ("/modules/{module}/claims/{claim}/report/", {"reason": "The year is wrong."}),
}


@pytest.fixture
def parts(awa, bakary):
    section = make.section()
    lesson, claim = make.lesson(section), make.claim(section)
    cohort = make.cohort(bakary, [awa])
    parts = {"cohort": cohort.pk, "section": section.pk, "set": make.assignment(cohort, section.module).pk}
    parts |= {"awa": cohort.enrolments.get(user=awa).pk, "place": make.place(cohort).pk, "claim": claim.key}
    return parts | {"module": section.module.slug, "lesson": lesson.slug}


@pytest.fixture
def strict(bakary):
    """Bakary's browser on a site that checks its forms' tokens, as it always does outside tests."""
    return signed_in(bakary)


def signed_in(user):
    client = Client(enforce_csrf_checks=True, headers=HERE)
    client.force_login(user)
    return client


def hidden(page, action):
    """{name: value} of the hidden fields of the form that is sent to `action`, or to the page itself."""
    form = next(text for text in page.text.split("<form")[1:] if f'action="{action}"' in text.split(">")[0])
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.split("</form>")[0])
    return {name: unescape(value) for name, value in fields}


def of_the_page(page):
    """{name: value} of the hidden fields of the page's form to type in."""
    form = next(text for text in page.text.split("<form")[1:] if 'id="typed"' in text.split(">")[0])
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.split("</form>")[0]))


def typed(client, parts, name):
    """(address, what the browser sends) of a form that was opened and filled in."""
    path, fields = TYPED[name]
    address = f"/en{path.format(**parts)}"
    page = client.get(address)
    assert page.status_code == 200
    return address, of_the_page(page) | fields


def everything():
    tables = (Note, Report, Enrolment, Cohort, Assignment, Extension, HandMark)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def holds(kept, name):
    return {key: kept[key] for key in TYPED[name][1]} == TYPED[name][1]


@pytest.mark.parametrize("name", TYPED)
def test_after_the_end_of_a_session_it_waits_and_is_taken_after_signing_in(strict, bakary, parts, name):
    address, fields = typed(strict, parts, name)
    before = everything()
    del strict.cookies[settings.SESSION_COOKIE_NAME]
    page = strict.post(address, fields)
    assert page.status_code == 401
    kept = hidden(page, address)
    assert holds(kept, name)
    assert everything() == before
    strict.force_login(bakary)
    strict.cookies.pop(settings.CSRF_COOKIE_NAME)
    strict.get(address)  # signing in changes the token
    again = strict.post(address, kept)
    assert again.status_code == 403
    kept = hidden(again, address)
    assert holds(kept, name)
    assert everything() == before
    assert strict.post(address, kept).status_code in ((200,) if name == "roster" else (302, 422))


@pytest.mark.parametrize("name", TYPED)
def test_with_all_cookies_gone_it_waits_too(strict, bakary, parts, name):
    address, fields = typed(strict, parts, name)
    strict.cookies.clear()
    page = strict.post(address, fields)
    assert page.status_code == 403
    assert "/en/accounts/sign-in/" in page.text
    assert holds(hidden(page, address), name)


@pytest.mark.parametrize("name", TYPED)
def test_to_somebody_else_who_signed_in_nothing_is_given_back_and_nothing_is_done(strict, danso, parts, name):
    address, fields = typed(strict, parts, name)
    make.staff(Cohort.objects.get(pk=parts["cohort"]), danso)
    before = everything()
    for sent in (fields, {**fields, "csrfmiddlewaretoken": "x" * 64}):
        strict.force_login(danso)
        page = strict.post(address, sent)
        assert page.status_code == 403
        assert not any(value in page.text for value in TYPED[name][1].values() if len(value) > 3)
        fresh = of_the_page(strict.get(address))["csrfmiddlewaretoken"]
        page = strict.post(address, {**sent, "csrfmiddlewaretoken": fresh})
        assert page.status_code == 403
        assert not any(value in page.text for value in TYPED[name][1].values() if len(value) > 3)
    assert everything() == before


def test_what_a_visitor_typed_is_taken_from_the_browser_that_signed_in(awa, parts):
    client = Client(enforce_csrf_checks=True, headers=HERE)
    address, fields = typed(client, parts, "report")
    client.force_login(awa)
    client.cookies.pop(settings.CSRF_COOKIE_NAME)
    page = client.post(address, fields)
    assert page.status_code == 403
    assert client.post(address, hidden(page, address)).status_code == 302
    assert Report.objects.get().reporter == awa


def away(execute, sql, params, many, context):
    raise OperationalError("the database system is shutting down")


@pytest.mark.parametrize("name", TYPED)
def test_with_the_database_away_it_comes_back(strict, parts, name):
    address, fields = typed(strict, parts, name)
    strict.raise_request_exception = False
    with connection.execute_wrapper(away):
        page = strict.post(address, fields)
    assert page.status_code == 503
    assert holds(hidden(page, address), name)


def test_a_list_that_was_to_be_confirmed_is_looked_at_once_more(strict, parts):
    address, fields = typed(strict, parts, "roster")
    page = strict.post(address, fields | {"confirm": "1", "csrfmiddlewaretoken": "x" * 64})
    kept = hidden(page, address)
    assert "confirm" not in kept
    assert strict.post(address, kept).status_code == 200
    assert not Enrolment.objects.filter(roster_name="Learner 7").exists()


# Whose page it was


def request_with(**headers):
    return RequestFactory().post("/en/attempts/1/", {"q1": 1}, headers=headers)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://testserver:81"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null", "Referer": "http://testserver/en/"}, False),
        ({"Referer": "http://testserver/en/attempts/1/"}, True),
        ({"Referer": "http://testserver.evil.example/"}, False),
        ({"Referer": "http://evil.example/?http://testserver/"}, False),
        ({"Referer": "http://[broken"}, False),
        ({}, False),
    ],
)
def test_only_what_the_browser_says_comes_from_a_page_of_ours_does(headers, ours):
    assert is_ours(request_with(**headers)) is ours


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {}])
def test_a_forged_post_gives_nothing_back_and_leaves_the_token_alone(awa, headers):
    quiz = make.quiz(awa, make.case_study().sections.get())
    client = Client(enforce_csrf_checks=True)
    client.force_login(awa)
    for user_is_known in (True, False):
        page = client.post(quiz.get_absolute_url(), {"page": 1, "q1": 3, "submit": 1}, headers=headers)
        assert page.status_code == 403
        assert 'name="q1"' not in page.text
        assert settings.CSRF_COOKIE_NAME not in page.cookies
        if user_is_known:
            client.logout()


@pytest.mark.parametrize("action", ["submit", "more", "later", "language", "go", "give", "unknown"])
def test_answers_that_come_back_are_saved_and_shown_and_nothing_else_is_done(awa, action):
    quiz = make.quiz(awa, make.case_study().sections.get())
    client = signed_in(awa)
    page = client.post(quiz.get_absolute_url(), {"page": 1, "q1": 0, action: "1"})
    kept = hidden(page, quiz.get_absolute_url())
    assert {name: kept[name] for name in kept if name != "csrfmiddlewaretoken"} == {"page": "1", "q1": "0", "go": "1"}
    again = client.post(quiz.get_absolute_url(), kept)
    assert again["Location"] == f"{quiz.get_absolute_url()}?page=1"
    quiz.refresh_from_db()
    assert quiz.is_open


def test_a_statement_holds_for_its_address_alone(strict, parts):
    _address, fields = typed(strict, parts, "note")
    elsewhere, _fields = typed(strict, parts, "cohort")
    page = strict.post(elsewhere, fields | {"csrfmiddlewaretoken": "x" * 64})
    assert page.status_code == 403
    assert "<form" not in page.text


@pytest.mark.parametrize("address", ["accounts/settings/", "accounts/password/", "accounts/words/", "my-data/erase/"])
def test_a_form_that_changes_an_account_never_comes_back(strict, parts, address):
    _address, fields = typed(strict, parts, "note")
    page = strict.post(f"/en/{address}", fields | {"name": "Mariam", "csrfmiddlewaretoken": "x" * 64})
    assert page.status_code == 403
    assert "Mariam" not in page.text
    assert 'name="whose"' not in strict.get(f"/en/{address}").text


# Another language


@pytest.mark.parametrize("name", TYPED)
def test_another_language_takes_along_what_was_typed_and_does_nothing(strict, parts, name):
    address, fields = typed(strict, parts, name)
    before = everything()
    page = strict.post(address.replace("/en/", "/fr/"), fields | {"show": "1"})
    assert page.status_code == 200
    assert everything() == before
    assert '<html lang="fr">' in page.text
    assert "is-invalid" not in page.text
    for value in TYPED[name][1].values():
        assert value.replace("\r", "") in unescape(page.text).replace("\r", "")
    assert of_the_page(page).get("basis") == fields.get("basis")
    back = strict.post(address, of_the_page(page) | TYPED[name][1])
    assert back.status_code in ((200,) if name == "roster" else (302, 422))


def test_half_a_form_is_shown_without_complaint(strict, parts):
    address, fields = typed(strict, parts, "report")
    page = strict.post(address.replace("/en/", "/fr/"), fields | {"reason": "", "show": "1"})
    assert page.status_code == 200
    assert "is-invalid" not in page.text
