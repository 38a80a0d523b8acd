"""When something fails: pages without the database, answers that come back, and logs that tell nobody's business."""

import io
import json
import logging
import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import path

from accounts.models import User
from course import errors
from course.logs import PlainJson, ServerJson
from quizzes.models import Attempt
from tests import make

HERE = {"Sec-Fetch-Site": "same-origin"}  # what a browser says of a form on a page of the site itself
PAGES = {
    400: errors.bad_request,
    403: errors.forbidden,
    404: errors.not_found,
    413: errors.too_large,
    429: errors.too_many,
    500: errors.server_error,
    503: errors.server_error,
}
FAILURES = {
    "away": OperationalError("could not connect to 203.0.113.9 as Mariam-the-secret"),
    "cut": InterfaceError("connection already closed"),
    "broken": ValueError("Mariam-the-secret"),
    "unreadable": BadRequest("no"),
    "forbidden": PermissionDenied("no"),
    "absent": Http404("no"),
}


@login_not_required
def fail(request, how):
    raise FAILURES[how]


# The URL table of the tests below: views that fail, with the site's own handlers.
urlpatterns = [path("<str:language>/fail/<str:how>/", lambda request, language, how: fail(request, how))]
urlpatterns[0].callback.login_required = False
handler400, handler403, handler404, handler500 = (PAGES[status] for status in (400, 403, 404, 500))


@pytest.fixture
def failing(settings):
    """A browser on a site whose views fail."""
    settings.ROOT_URLCONF = "tests.test_errors"
    return Client(raise_request_exception=False)


def error_page(status, language):
    request = RequestFactory().get(f"/{language}/some/where/")
    if status != 503:
        return PAGES[status](request)
    try:
        raise OperationalError
    except OperationalError:
        return PAGES[status](request)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("status", PAGES)
def test_an_error_page_needs_no_database_and_says_what_to_do(status, language):
    """No mark django_db here: a query would fail the test."""
    page = error_page(status, language)
    assert page.status_code == status
    assert f'<html lang="{language}">' in page.text
    assert re.search(r"<h1>[^<]{8,}</h1>", page.text)
    assert re.search(r"<p>[^<]{30,}</p>", page.text)
    assert f'href="/{language}/"' in page.text
    assert page["Cache-Control"] == "no-store"
    assert ("Retry-After" in page) == (status in (429, 503))


@pytest.mark.parametrize(
    ("asked", "language"), [("fr", "fr"), ("bm,fr-ML;q=0.8", "fr"), ("en-GB,fr;q=0.5", "en"), ("bm", "en"), ("", "en")]
)
def test_outside_every_language_a_page_that_is_missing_speaks_that_of_the_browser(client, asked, language):
    page = client.get("/nope/", headers={"accept-language": asked})
    assert page.status_code == 404
    assert f'<html lang="{language}">' in page.text


def test_a_browser_that_asks_for_no_language_of_the_site_gets_its_first(client, settings):
    settings.LANGUAGE_CODE = "fr"
    assert '<html lang="fr">' in client.get("/nope/", headers={"accept-language": "bm"}).text


def test_the_language_of_the_address_goes_before_that_of_the_browser(client):
    assert '<html lang="en">' in client.get("/en/nope/", headers={"accept-language": "fr"}).text


def test_every_error_page_has_its_own_words_in_each_language():
    headings = {
        re.search(r"<h1>(.*)</h1>", error_page(status, language).text)[1]
        for status in PAGES
        for language in ("en", "fr")
    }
    assert len(headings) == 2 * len(PAGES)


@pytest.mark.parametrize(
    ("how", "status"),
    [("away", 503), ("cut", 503), ("broken", 500), ("unreadable", 400), ("forbidden", 403), ("absent", 404)],
)
def test_what_fails_in_a_view_decides_the_status(failing, how, status):
    page = failing.get(f"/fr/fail/{how}/")
    assert page.status_code == status
    assert '<html lang="fr">' in page.text
    assert "Mariam" not in page.text


def away(execute, sql, params, many, context):
    raise OperationalError("the database system is shutting down")


@pytest.mark.django_db
def test_with_the_database_away_every_page_says_so(client):
    with connection.execute_wrapper(away):
        client.raise_request_exception = False
        page = client.get("/en/")
    assert page.status_code == 503
    assert page["Retry-After"] == "30"


@pytest.fixture
def open_quiz(awa):
    return make.quiz(awa, make.case_study(items=3).sections.get())


def test_with_the_database_away_an_answer_comes_back_to_be_sent_again(as_awa, open_quiz):
    as_awa.raise_request_exception = False
    with connection.execute_wrapper(away):
        page = as_awa.post(open_quiz.get_absolute_url(), {"page": 1, "q1": 2, "next": 1}, headers=HERE)
    assert page.status_code == 503
    assert returned(page) == {"page": "1", "q1": "2", "go": "1"}


def away_for_sessions(execute, sql, params, many, context):
    if sql.startswith("UPDATE") and "django_session" in sql:
        raise OperationalError("terminating connection due to administrator command")
    return execute(sql, params, many, context)


def test_a_session_that_cannot_be_kept_because_the_database_went_away_is_503(as_awa, awa, open_quiz):
    """Django takes it for a session that somebody ended meanwhile, and would answer 400: do not try again."""
    User.objects.filter(pk=awa.pk).update(last_seen_on=None)  # so that the session is renewed
    as_awa.raise_request_exception = False
    with connection.execute_wrapper(away_for_sessions):
        page = as_awa.post(open_quiz.get_absolute_url(), {"page": 1, "q1": 2, "next": 1}, headers=HERE)
    assert page.status_code == 503
    assert page["Retry-After"] == "30"
    assert returned(page) == {"page": "1", "q1": "2", "go": "1"}


def test_a_session_that_somebody_ended_meanwhile_stays_400(as_awa, awa, open_quiz):
    User.objects.filter(pk=awa.pk).update(last_seen_on=None)
    as_awa.raise_request_exception = False
    with connection.execute_wrapper(ended):
        page = as_awa.get(open_quiz.get_absolute_url())
    assert page.status_code == 400


def ended(execute, sql, params, many, context):
    """Another browser signs out just before this one's session is renewed."""
    if sql.startswith("UPDATE") and "django_session" in sql:
        Session.objects.all().delete()
    return execute(sql, params, many, context)


def returned(page):
    """The fields that a page holds to be sent again, but for the token."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


@pytest.fixture
def strict(awa):
    """Awa's browser on a site that checks its forms' tokens, as it always does outside tests."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(awa)
    return client


def test_an_answer_from_a_stale_form_comes_back_and_can_be_sent_again(strict, open_quiz):
    response = open_quiz.responses.filter(shown_version__kind="single").first()
    answer = make.fields(response, make.right_answer(response))
    page = strict.post(
        open_quiz.get_absolute_url(), {"page": 1, "csrfmiddlewaretoken": "x" * 64, **answer}, headers=HERE
    )
    assert page.status_code == 403
    assert f'action="{open_quiz.get_absolute_url()}"' in page.text
    assert returned(page) == {"page": "1", "go": "1", **{name: str(value) for name, value in answer.items()}}
    again = strict.post(open_quiz.get_absolute_url(), {**returned(page), "csrfmiddlewaretoken": token(page)})
    assert again.status_code == 302
    response.refresh_from_db()
    assert response.answer == make.right_answer(response)


def test_what_comes_back_is_text_and_never_markup(strict, open_quiz):
    page = strict.post(open_quiz.get_absolute_url(), {'"><script>': '"><script>alert(1)</script>'}, headers=HERE)
    assert page.status_code == 403
    assert "<script" not in page.text


@pytest.mark.parametrize(
    "address", ["accounts/sign-in/", "accounts/sign-up/", "accounts/password/", "accounts/sign-out/"]
)
def test_no_other_stale_form_comes_back(strict, address):
    """A form that changes an account is never to be sent again on somebody else's word."""
    page = strict.post(f"/en/{address}", {"name": "Mariam", "password": "hunter22-and-more"})
    assert page.status_code == 403
    assert "<form" not in page.text
    assert "Mariam" not in page.text
    assert "hunter22" not in page.text


# Logs


@pytest.fixture
def log():
    """What the site's own handler writes, as text."""
    [handler] = [each for each in logging.getLogger("django").handlers if isinstance(each.formatter, PlainJson)]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def lines(log):
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_failing_request_is_logged_without_name_answer_token_or_address(failing, log):
    failing.cookies["csrftoken"] = "csrf-secret"
    failing.cookies["sessionid"] = "session-secret"
    failing.post(
        "/en/fail/broken/?code=token-secret",
        {"q1": "answer-secret", "name": "Mariam-the-secret"},
        REMOTE_ADDR="203.0.113.7",
        HTTP_X_FORWARDED_FOR="198.51.100.4",
        HTTP_USER_AGENT="browser-secret",
    )
    [line] = lines(log)
    assert line["levelname"] == "ERROR"
    assert line["failed"] == "ValueError"
    assert "test_errors.py:" in line["at"]
    assert set(line) == {"asctime", "levelname", "name", "message", "failed", "at"}
    for secret in ("secret", "Mariam", "203.0.113", "198.51.100"):
        assert secret not in log.getvalue()


def test_a_failure_of_the_database_is_logged_without_what_it_said(failing, log):
    failing.get("/en/fail/away/", REMOTE_ADDR="203.0.113.7")
    [line] = lines(log)
    assert line["failed"] == "OperationalError"
    assert "Mariam" not in log.getvalue()
    assert "203.0.113" not in log.getvalue()


def test_a_refused_form_and_a_missing_page_are_logged_without_what_was_sent(strict, open_quiz, log):
    strict.post(open_quiz.get_absolute_url(), {"q1": "answer-secret"}, REMOTE_ADDR="203.0.113.7")
    strict.get("/en/attempts/999999/?who=Mariam", REMOTE_ADDR="203.0.113.7")
    assert len(lines(log)) == 2
    for secret in ("secret", "Mariam", "203.0.113", "Awa"):
        assert secret not in log.getvalue()
    assert Attempt.objects.get().is_open


def test_a_log_line_names_the_pattern_of_an_address_and_not_what_stands_in_it(client, db, caplog):
    """A path may hold a code that lets somebody in."""
    with caplog.at_level("WARNING", logger="django.request"):
        client.get("/en/modules/mali/claims/SECRET-CODE/")
    line = json.loads(PlainJson("%(asctime)s %(levelname)s %(name)s %(message)s").format(caplog.records[-1]))
    assert "SECRET" not in str(line)
    assert line["message"].startswith("404 ")
    assert "claims" in line["message"]


@pytest.mark.parametrize(
    ("message", "arguments", "written"),
    [
        ("Invalid request from ip=203.0.113.7: Invalid Request Line 'GET /en/join/SECRET'", (), "Invalid request"),
        ("Error handling request %s", ("/en/join/SECRET-CODE/",), "Error handling request …"),
        ("Error handling request %s %s", ("GET", "/en/join/SECRET-CODE/"), "Error handling request … …"),
        ("Worker (pid:%s) exited with code %s.", (17, 3), "Worker (pid:17) exited with code 3."),
        ("WORKER TIMEOUT (pid:%s)", (17,), "WORKER TIMEOUT (pid:17)"),
        ("Worker exiting", (), "Worker exiting"),
    ],
)
def test_a_line_of_the_server_holds_nothing_of_the_request(message, arguments, written):
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "base.py", 1, message, arguments, None)
    line = json.loads(ServerJson("%(asctime)s %(levelname)s %(name)s %(message)s").format(record))
    assert line["message"] == written
    assert "SECRET" not in str(line)
    assert "203.0.113" not in str(line)


@pytest.mark.parametrize(("language", "heading"), [("en", "Nothing can be sent"), ("fr", "On ne peut rien envoyer")])
@pytest.mark.parametrize("address", ["", "who-sees-what/", "visit/ended/", "my-data/"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "PROPFIND"])
def test_what_cannot_be_sent_to_a_page_is_told_in_its_language(as_awa, language, heading, address, method):
    page = as_awa.generic(method, f"/{language}/{address}", b"name=Awa", "application/x-www-form-urlencoded")
    assert page.status_code == 405
    assert "GET" in page["Allow"]
    assert f'<html lang="{language}">' in page.text
    assert heading in page.text
    assert page["Cache-Control"] == "no-store"
