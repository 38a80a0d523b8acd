"""R3: no change by GET; a token on every POST; extra fields change nothing."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from accounts.mail import CONFIRM, token_of
from accounts.models import User
from quizzes.models import Attempt, Response
from tests import make
from tests.crawl import addresses

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b", re.I)
# Who was here today, in which browser, and the session of 180 days: all that looking may write.
ALLOWED = re.compile(
    r'(INSERT INTO|UPDATE|DELETE FROM) "django_session"|UPDATE "accounts_user" SET "last_seen_on" = \S+ WHERE'
    r'|(INSERT INTO|UPDATE) "accounts_signin"'
)
# Posted to by mail programs, which have no page (RFC 8058): the signed address is the right. Here it is another’s.
SIGNED = {"accounts:mail_stop"}
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
ACTION = re.compile(r'action="([^"#?]+)')
EXTRA = {
    "score": "1",
    "role": "instructor",
    "is_staff": "1",
    "is_guest": "",
    "may_teach_at": "2026-01-01",
    "cohort": "1",
    "learner": "1",
    "threshold": "0",
    "submitted_at": "2026-01-01",
    "marked_at": "2026-01-01",
    "is_trial": "1",
    "due_at": "2036-01-01",
    "extra_time": "999999",
    "client_id": "1",
}


@pytest.fixture
def given(awa, bakary, settings):
    """A value for each part of an address."""
    section = make.section(draw=3)
    make.item(section, uses=["check"], slug="try-it")
    for _ in range(3):
        make.item(section)
    lesson = make.lesson(section, checks=["try-it"])
    claim = make.claim(section)
    parts = {"module": section.module.slug, "section": section.slug, "lesson": lesson.slug, "item": "try-it"}
    cohort = make.cohort(bakary, [awa])
    parts |= {"pasted": "no-code/."}
    parts |= {"cohort_id": cohort.pk, "code": cohort.grouped_code, "enrolment": cohort.enrolments.get(user=awa).pk}
    merged = cohort.enrolments.get(user=awa).handovers_to.create(
        cohort=cohort, is_by_code=False, made_at=make.NOW, done_at=make.NOW, undone_at=make.NOW
    )
    invitation = cohort.invitations.create(role="lead", code_hash="0", made_at=make.NOW)
    group = cohort.groups.create(name="Monday")
    parts |= {"handover": merged.pk, "invitation": invitation.pk, "group": group.pk}
    assignment = make.assignment(cohort, section.module, exam="open")
    exam = make.exam_result(awa, section.module, "0.5")
    parts |= {"assignment": assignment.pk, "section_id": section.pk, "attempt": exam.pk}
    certificate = make.certificate(awa, section.module, assignment)
    parts |= {"offer": make.offer(assignment, awa).pk}
    parts |= {"certificate": certificate.pk, "public_id": certificate.public_id}
    make.feed(awa, "f" * 43)
    parts |= {"secret": "f" * 43}
    settings.SENDS_MAIL = True
    reader = make.reads_mail(make.user("Moussa"), email_confirmed_at=None, at=timezone.now())
    parts |= {"token": token_of(reader, CONFIRM)}
    parts |= {
        "bank": (bank := make.bank(bakary)).pk,
        "number": make.own_item(bank).pk,
        "kind": "single",
        "file": "e" * 64,
    }
    parts |= {"upload": make.upload(bank).pk}
    quiz = make.own_quiz(bakary, [bank.items.get()])
    parts |= {"quiz": quiz.pk, "set_quiz": make.set_quiz(cohort, quiz).pk, "version": "a"}
    make.corrections(section.module)
    parts |= {"source": make.article(section.module).slug}
    return parts | {"key": claim.key, "pk": make.quiz(awa, section).pk}


@pytest.fixture
def everywhere(given):
    found = addresses(given)
    assert len(found) >= 12
    return found


def written(queries):
    return [each["sql"] for each in queries if WRITES.match(each["sql"]) and not ALLOWED.match(each["sql"])]


@pytest.mark.parametrize("browser", ["client", "as_awa", "as_celia", "as_guest", "as_bakary"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(request, everywhere, browser, method):
    client = request.getfixturevalue(browser)
    changed = {}
    for name, address in everywhere.items():
        with CaptureQueriesContext(connection) as queries:
            response = getattr(client, method)(address, {"q1": 0, "submit": 1, "name": "Mariam"})
        assert response.status_code in (200, 302, 307, 403, 404, 405), (name, response.status_code)
        changed[name] = written(queries)
    assert {name: found for name, found in changed.items() if found} == {}


def test_a_change_would_be_seen(as_awa, awa, everywhere):
    """The control, by the one act that every lesson offers."""
    as_awa.get("/en/")
    with CaptureQueriesContext(connection) as queries:
        as_awa.post(everywhere["lessons:read"])
    assert any("lessons_reading" in sql for sql in written(queries))


def test_acts_are_never_done_by_looking(as_awa, everywhere):
    acts = ("lessons:read", "quiz", "quizzes:retry", "accounts:sign_out", "accounts:leave", "accounts:go_on")
    before = [everywhere[name] for name in ("lessons:lesson", "section", "quizzes:attempt", "home", "home", "home")]
    led = [as_awa.get(everywhere[name])["Location"].split("#")[0] for name in acts]
    assert led == before


@pytest.mark.parametrize("learner", ["nobody", "awa", "guest"])
def test_every_post_without_a_token_is_refused(request, everywhere, learner):
    client = Client(enforce_csrf_checks=True)
    if learner != "nobody":
        client.force_login(request.getfixturevalue(learner))
        client.get("/en/")
    for name, address in everywhere.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.post(address, {"q1": 0, "name": "Mariam", "password": make.PASSWORD, "submit": 1})
        assert response.status_code == (404 if name in SIGNED else 403), name
        assert written(queries) == [], name
        assert "sessionid" not in response.cookies


@pytest.mark.parametrize("browser", ["client", "as_awa", "as_bakary"])
def test_a_form_that_is_sent_carries_its_token_once_and_one_that_is_fetched_none(request, everywhere, browser):
    """What is fetched stands in the address, and so in histories."""
    client, fetched = request.getfixturevalue(browser), 0
    for name, address in everywhere.items():
        page = client.get(address)
        if page.streaming or not page["Content-Type"].startswith("text/html"):
            continue
        for attributes, inside in FORM.findall(page.text):
            is_sent, action = 'method="post"' in attributes, ACTION.search(attributes)
            is_by_origin = getattr(
                resolve(action[1] if action else address).func, "csrf_exempt", False
            )  # decision 0026
            tokens = 1 if is_sent and not is_by_origin else 0
            assert inside.count('name="csrfmiddlewaretoken"') == tokens, (name, attributes)
            fetched += not is_sent
    assert fetched


def person(user):
    row = User.objects.filter(pk=user.pk).values().get()
    return {name: value for name, value in row.items() if name not in ("last_seen_on", "name", "name_key", "password")}


def test_extra_fields_change_nobodys_rights_and_no_score(as_awa, awa, everywhere):
    before = person(awa)
    for name, address in everywhere.items():
        if name != "accounts:sign_out":
            assert as_awa.post(address, EXTRA).status_code < 500
    assert person(awa) == before
    for attempt in Attempt.objects.filter(use__in=["quiz", "exam"], submitted_at=None):
        assert (attempt.learner, attempt.is_open, attempt.score, attempt.is_trial) == (awa, True, None, False)
        assert (attempt.due_at, attempt.extra_time, float(attempt.threshold)) == (None, None, 0.8)
    assert not Response.objects.exclude(marked_at=None, score=None, answer=None).exists()


def test_extra_fields_in_a_quiz_are_not_read(as_awa, awa, everywhere):
    attempt = Attempt.objects.get(use="quiz")
    own = everywhere["quizzes:attempt"]
    fields = {"page": 1, "submit": 1}
    for response in attempt.responses.all():
        fields |= make.fields(response, make.wrong_answer(response))
    as_awa.post(own, fields | EXTRA | {"q1-score": 1, "responses": "1"})
    attempt.refresh_from_db()
    assert (attempt.learner, attempt.score, attempt.is_trial, float(attempt.threshold)) == (awa, 0, False, 0.8)


def test_extra_fields_make_no_guest_a_teacher(client, everywhere):
    for name in ("lessons:read", "quizzes:check", "quiz", "exam"):
        client.post(everywhere[name], EXTRA | {"try-it": 0})
    guest = client.get("/en/").wsgi_request.user
    assert (guest.is_guest, guest.is_staff, guest.may_teach_at) == (True, False, None)


def test_looking_at_what_ran_out_of_time_and_at_a_review_changes_nothing(as_awa, awa, everywhere):
    """Time ends by the clock: the page only shows it, and a button or the sweep hands in."""
    module = Attempt.objects.get(use="quiz").module
    over = make.exam(awa, module, due_at=make.NOW)
    review = make.quiz(awa, module.sections.first(), right=0).retry(make.NOW)
    make.give(review, False)
    as_awa.get("/en/")
    for address in (over, review):
        own = address.get_absolute_url()
        with CaptureQueriesContext(connection) as queries:
            assert [as_awa.get(own + query).status_code for query in ("", "?page=1", "?page=2&unknown=1")] == [200] * 3
        assert written(queries) == []
