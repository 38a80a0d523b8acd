"""Certificates: what is asked, their issue and what it copies, the public page, revoking, withdrawing, and paper."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Audit, User
from cohorts import certificates, pages, places
from cohorts.models import Assignment, Certificate
from course.erasing import erase
from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def module():
    row = make.case_study(sections=2)
    row.fingerprint = "f" * 64
    row.save()
    return row


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], name="Monday group")


@pytest.fixture
def assignment(cohort, module):
    return make.assignment(cohort, module)


@pytest.fixture
def passed(awa, sections):
    """Awa passes the first section at NOW + 1 h, the second an hour later."""
    return [make.quiz(awa, section, right=5, at=make.NOW + n * HOUR) for n, section in enumerate(sections, 1)]


def case(assignment, learner):
    row = Assignment.objects.select_related("module").get(pk=assignment.pk)
    return certificates.eligibility_of(row.cohort.enrolments.select_related("user").get(user=learner), row)


def ask(client, assignment, name="A. Coulibaly"):
    return client.post(f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificate/", {"name": name})


def ask_alone(client, module, name="A. Coulibaly"):
    return client.post(f"/en/certificates/new/{module.slug}/", {"name": name})


def public(client, certificate, ending=""):
    return client.get(f"/en/certificates/{certificate.public_id}/{ending}")


# What is asked


def test_awa_asks_for_it_and_what_was_certified_is_copied(as_awa, awa, assignment, passed, module):
    page = as_awa.get(f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificate/")
    assert "Passed the quizzes of 2 sections, each with 80 of 100 points or more." in page.text
    assert 'value="Awa"' in page.text
    response = ask(as_awa, assignment)
    row = Certificate.objects.get()
    assert response["Location"] == f"/en/certificates/{row.public_id}/"
    assert (row.user, row.module, row.assignment, row.attempt) == (awa, module, assignment, None)
    assert (row.name_shown, row.as_of, row.checksum) == ("A. Coulibaly", date(2026, 10, 20), "f" * 64)
    assert re.fullmatch(r"[0-9a-f]{32}", row.public_id)
    assert row.document["title"] == module.document["neutral_title"]
    assert row.document["done_on"] == "2026-11-02"
    assert row.document["rule"]["en"].startswith("Passed the quizzes of 2 sections")
    assert row.document["rule"]["fr"].startswith("A réussi les quiz de 2 sections")


def test_what_is_missing_is_listed_and_nothing_is_issued(as_awa, assignment, awa, sections):
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    make.quiz(awa, sections[1], right=0, at=make.NOW + HOUR)
    page = as_awa.get(f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificate/")
    assert f"2. {sections[1].title} – 0 of 100 so far" in plain(page.text)
    assert ask(as_awa, assignment).status_code == 200
    assert ask_alone(as_awa, sections[0].module).status_code == 200
    assert not Certificate.objects.exists()


def test_only_what_is_set_is_asked_and_only_what_counts_is_looked_at(awa, assignment, sections):
    assignment.sections.set(sections[:1])
    make.quiz(awa, sections[0], right=5, at=make.NOW - HOUR)
    assert not case(assignment, awa).is_met(make.NOW)
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    assert case(assignment, awa).is_met(make.NOW + HOUR)


def test_optional_sections_are_not_asked(awa, assignment, sections, module):
    sections[1].document["optional"] = True
    sections[1].save()
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    for eligibility in (case(assignment, awa), certificates.eligibility_alone(awa, module)):
        assert (eligibility.is_met(make.NOW), eligibility.sections) == (True, sections[:1])


def test_where_nothing_is_asked_nothing_is_certified(as_awa, awa, assignment, sections):
    for section in sections:
        section.document["optional"] = True
        section.save()
    assert not case(assignment, awa).is_met(make.NOW)
    assert ask(as_awa, assignment).status_code == 200
    assert not Certificate.objects.exists()


def test_a_required_exam_is_asked_and_the_attempt_that_passed_it_is_kept(as_awa, awa, assignment, passed):
    Assignment.objects.update(exam="required")
    assert case(assignment, awa).missing(make.NOW + DAY)[0].section is None
    make.exam_result(awa, assignment.module, "0.5", at=make.NOW + 3 * HOUR)
    exam = make.exam_result(awa, assignment.module, "0.8", at=make.NOW + 4 * HOUR)
    make.exam_result(awa, assignment.module, "0.9", at=make.NOW + 5 * HOUR)
    ask(as_awa, assignment)
    row = Certificate.objects.get()
    assert row.attempt == exam
    assert "Passed the exam over all sections, with 80 of 100 points or more." in row.document["rule"]["en"]


def test_a_mark_set_by_hand_counts_and_the_rule_says_so(as_awa, awa, assignment, sections):
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    make.hand_mark(assignment, awa, sections[1], "0.8")
    ask(as_awa, assignment)
    assert "For 1 of them the staff set the mark by hand." in Certificate.objects.get().document["rule"]["en"]


def test_thresholds_that_differ_are_both_told(awa, assignment, sections):
    sections[1].document["quiz"]["threshold"] = 0.6
    sections[1].save()
    assert "with 60 – 80 of 100 points or more" in case(assignment, awa).rule()


def test_whoever_learns_alone_passes_the_whole_module(as_celia, celia, module, sections):
    for section in sections:
        make.quiz(celia, section, right=5)
        make.quiz(celia, section, right=0, at=make.NOW + HOUR)
    assert ask_alone(as_celia, module, "Nobody in particular").status_code == 302
    row = Certificate.objects.get()
    assert (row.user, row.assignment, row.expires_at) == (celia, None, None)


def test_a_guest_chooses_a_name_first(as_guest, guest, module, sections):
    for section in sections:
        make.quiz(guest, section, right=5)
    assert ask_alone(as_guest, module)["Location"].startswith("/en/accounts/sign-up/?next=")
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("browser", ["as_celia", "as_bakary", "as_danso"])
def test_only_whoever_learns_in_the_cohort_asks(request, browser, assignment, passed):
    assert ask(request.getfixturevalue(browser), assignment).status_code == 404


def test_a_name_is_needed(as_awa, assignment, passed):
    assert ask(as_awa, assignment, "").status_code == 422
    assert ask(as_awa, assignment, "x" * 121).status_code == 422
    assert not Certificate.objects.exists()


# How long it holds


def test_it_holds_for_the_months_after_the_last_was_passed(as_awa, assignment, passed):
    now = timezone.now()
    type(passed[1]).objects.filter(pk=passed[1].pk).update(submitted_at=now - DAY)
    Assignment.objects.update(months_valid=12, opens_at=now - 400 * DAY)
    ask(as_awa, assignment)
    row = Certificate.objects.get()
    assert row.expires_at == certificates.months_later(now - DAY, 12)
    assert certificates.state(row, row.expires_at - DAY) == "valid"
    assert certificates.state(row, row.expires_at) == "expired"


def test_asking_again_makes_nothing_valid_for_longer_and_what_ran_out_is_not_issued(awa, assignment, passed):
    Assignment.objects.update(months_valid=1)
    eligibility = case(assignment, awa)
    assert eligibility.expires_at == datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
    assert eligibility.is_met(eligibility.expires_at - HOUR)
    assert not eligibility.is_met(eligibility.expires_at)
    with pytest.raises(ValueError, match="not met"):
        eligibility.issue("Awa", eligibility.expires_at)


def test_twelve_presses_make_one_certificate_and_its_address_holds(as_awa, client, awa, assignment, passed):
    addresses = {ask(as_awa, assignment)["Location"] for _ in range(12)}
    assert len(addresses) == Certificate.objects.count() == 1
    assert "Valid" in public(client, Certificate.objects.get()).text
    ask(as_awa, assignment, "Another name")
    assert Certificate.objects.current().get().name_shown == "Another name"


def test_what_ran_out_is_passed_again_and_certified_anew(as_awa, awa, assignment, passed, sections):
    now = timezone.now()
    Assignment.objects.update(months_valid=12, opens_at=now - 500 * DAY)
    make.joined(awa, now - 500 * DAY)
    for quiz in passed:
        type(quiz).objects.filter(pk=quiz.pk).update(submitted_at=now - 380 * DAY)
    address = f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificate/"
    page = plain(as_awa.get(address).text)
    assert "Pass this again to renew it:" in page
    assert f"1. {sections[0].title}" in page
    ask(as_awa, assignment)
    assert not Certificate.objects.exists()
    for section in sections:
        make.quiz(awa, section, right=5, at=now - 2 * DAY)
    ask(as_awa, assignment)
    assert Certificate.objects.get().expires_at == certificates.months_later(now - 2 * DAY, 12)


def test_staff_see_the_roster_name_beside_the_one_on_a_certificate(as_awa, as_bakary, assignment, passed):
    """Whoever calls herself a minister is told apart by those who teach her."""
    assignment.cohort.enrolments.filter(role="learner").update(roster_name="Coulibaly, S.")
    ask(as_awa, assignment, "Somebody Else, Minister")
    page = as_bakary.get(f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificates/")
    assert "Coulibaly, S. on the certificate: Somebody Else, Minister · differs from your list ·" in plain(page.text)


@pytest.mark.parametrize("act", ["leaves", "is taken out"])
def test_staff_still_see_the_roster_name_when_its_holder_is_gone(
    as_awa, as_bakary, awa, bakary, assignment, passed, act
):
    """They may still revoke the certificate, and are to know whose it is."""
    place = assignment.cohort.enrolments.get(user=awa)
    type(place).objects.filter(pk=place.pk).update(roster_name="Coulibaly, S.")
    ask(as_awa, assignment, "Somebody Else, Minister")
    place.refresh_from_db()
    assert place.leave(timezone.now()) if act == "leaves" else places.remove(place, bakary, timezone.now())
    page = as_bakary.get(f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificates/").text
    words = (
        "Coulibaly, S. on the certificate: Somebody Else, Minister · differs from your list · no longer in the cohort"
    )
    assert words in plain(page)
    assert "Reason; its holder reads it" in page


@pytest.mark.parametrize("shown", [None, make.NOW])
def test_its_page_says_that_nobody_has_compared_the_name_with_papers(client, awa, module, shown):
    page = plain(public(client, make.certificate(awa, module, name_public_at=shown)).text)
    assert ("and nobody has compared it with papers" in page) == (shown is not None)
    assert ("Nobody has compared the name on the certificate with papers" in page) == (shown is None)


def test_asking_again_replaces_what_stood(as_awa, client, awa, assignment, passed, module):
    ask(as_awa, assignment)
    ask_alone(as_awa, module, "Alone")
    ask(as_awa, assignment, "Another name")
    first, alone, second = Certificate.objects.order_by("pk")
    now = timezone.now()
    assert [certificates.state(row, now) for row in (first, alone, second)] == ["replaced", "valid", "valid"]
    page = public(client, first).text
    assert "Replaced by a newer one" in page
    assert "A. Coulibaly" not in page


def test_sixteen_requests_at_once_leave_one_that_holds(in_parallel, awa, assignment, passed):
    at = timezone.now()
    in_parallel(lambda number: case(assignment, User.objects.get(pk=awa.pk)).issue(f"Name {number}", at).pk)
    assert Certificate.objects.count() == 16
    assert Certificate.objects.current().count() == 1


def test_what_was_issued_stays_when_marks_fall(client, as_awa, awa, assignment, passed):
    ask(as_awa, assignment)
    type(passed[0]).objects.update(score=Decimal("0.1"))
    assert "Valid" in plain(public(client, Certificate.objects.get()).text)


def says(client, certificate, name, language="en"):
    """What its page answers to that name: yes, no, or nothing."""
    page = client.post(f"/{language}/certificates/{certificate.public_id}/", {"name": name})
    answers = {"Yes: this is": "yes", "No: another": "no", "Oui": "yes", "Non": "no"}
    status = page.text.partition('role="status">')[2].partition("</p>")[0]
    return next((word for start, word in answers.items() if start in status), page.status_code)


# What it says


def test_issuer_and_time_are_copied_and_shown_to_everybody(as_awa, client, awa, assignment, passed, sections, settings):
    """Of two sections Awa read three of four lessons of six minutes, and passed quizzes of five questions each."""
    settings.OPERATOR = {"name": {"en": "Institute of Reading", "fr": "Institut de lecture"}}
    for lesson in list(sections[0].lessons.all()) + list(sections[1].lessons.all())[:1]:
        make.reading(awa, lesson)
    ask(as_awa, assignment)
    row = Certificate.objects.get()
    minutes = [lesson.document["minutes"]["en"] for lesson in sections[0].lessons.all()]
    questions = sum(section.quiz_size for section in sections)
    expected = {"lessons": 3, "questions": questions, "minutes": 3 * minutes[0] + questions}
    assert row.document["workload"] == expected
    settings.OPERATOR = {"name": {"": "Somebody else"}}
    page = plain(public(client, row).text)
    assert "Issued by Institute of Reading" in page
    assert f"About {expected['minutes']} minutes of reading and questions." in page
    assert "These sections state 2 learning outcomes." in page
    assert "Issued by" in plain(public(as_awa, row, "print/").text)


@pytest.mark.parametrize(("minutes", "hours"), [(89, 0), (90, 2), (149, 2), (391, 7)])
def test_hours_are_whole_ones_from_an_hour_and_a_half(minutes, hours):
    assert Certificate(document={"workload": {"minutes": minutes}}).hours == hours


def test_a_section_whose_mark_was_set_by_hand_adds_no_questions(awa, assignment, sections):
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    make.hand_mark(assignment, awa, sections[1], "0.8")
    document = case(assignment, awa).document(make.NOW)
    assert document["workload"]["questions"] == sections[0].quiz_size


def test_without_an_operator_no_name_is_made_up(as_awa, client, assignment, passed, settings):
    settings.OPERATOR = {}
    ask(as_awa, assignment)
    assert "a site whose operator has given no name" in plain(public(client, Certificate.objects.get()).text)


def test_one_from_before_shows_what_it_said(client, as_awa, awa, module):
    row = make.certificate(awa, module)
    for page in (public(client, row), public(as_awa, row, "print/"), public(as_awa, row, "print/?subject=1")):
        assert page.status_code == 200
        for word in ("Issued by", "reading and questions", "learning outcome"):
            assert word not in page.text


def test_the_subject_stands_on_a_print_of_the_holders_alone(as_awa, as_bakary, client, assignment, passed, module):
    ask(as_awa, assignment)
    row = Certificate.objects.get()
    outcome = row.document["subject"]["outcomes"][0]["en"]
    bulk = as_bakary.get(
        f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/certificates/print/?subject=1"
    )
    for page in (public(client, row), public(as_awa, row, "print/"), bulk):
        assert outcome not in page.text
        assert module.title not in page.text
    page = public(as_awa, row, "print/?subject=1").text
    assert outcome in page
    assert module.title in page


# Before it runs out


def test_its_holder_is_told_six_weeks_before(as_awa, awa, module, assignment):
    now = timezone.now()
    make.certificate(awa, module, assignment, expires_at=now + 43 * DAY)
    make.reading(awa, module.sections.first().lessons.first())
    pages = ("/en/", "/en/certificates/", f"/en/cohorts/{assignment.cohort_id}/")
    assert not [path for path in pages if "runs out on" in as_awa.get(path).text]
    Certificate.objects.update(expires_at=now + 41 * DAY)
    assert [path for path in pages if "runs out on" in as_awa.get(path).text] == [*pages]
    Certificate.objects.update(expires_at=now - DAY)
    assert not [path for path in pages if "runs out on" in as_awa.get(path).text]


# Withdrawn and revoked


def test_its_holder_withdraws_it(as_awa, client, awa, module):
    row = make.certificate(awa, module, name_shown="A. Coulibaly")
    assert as_awa.post(f"/en/certificates/{row.public_id}/withdraw/")["Location"] == "/en/certificates/"
    assert "withdrawn" not in public(client, row).text
    assert says(client, row, "A. Coulibaly") == 200
    assert Audit.objects.get().on_what == f"certificate {row.pk} revoked: withdrawn by its holder"
    assert as_awa.post(f"/en/certificates/{row.public_id}/withdraw/").status_code == 404


def revoke(client, cohort, certificate, reason="Somebody else sat it"):
    return client.post(f"/en/cohorts/{cohort.pk}/certificates/{certificate.pk}/revoke/", {"reason": reason})


def test_staff_revoke_it_with_a_reason_that_its_holder_reads(
    as_bakary, as_awa, client, bakary, awa, cohort, assignment, module
):
    row = make.certificate(awa, module, assignment)
    assert revoke(as_bakary, cohort, row).status_code == 302
    row.refresh_from_db()
    assert row.revoked_at
    noted = Audit.objects.get()
    assert (noted.who, noted.what) == (bakary, "certificate")
    assert "Somebody else sat it" in public(as_awa, row).text
    assert "Somebody else sat it" in as_awa.get("/en/certificates/").text
    assert "Somebody else sat it" not in public(client, row).text
    assert revoke(as_bakary, cohort, row).status_code == 404


@pytest.mark.parametrize("reason", ["", "x" * 81])
def test_without_a_reason_nothing_is_revoked(as_bakary, awa, cohort, assignment, module, reason):
    row = make.certificate(awa, module, assignment)
    page = revoke(as_bakary, cohort, row, reason)
    assert page.status_code == 422
    assert f'href="#{row.pk}-reason"' in page.text
    assert Certificate.objects.current().exists()


def test_staff_reach_only_what_was_issued_for_their_cohort(as_bakary, as_danso, bakary, danso, awa, cohort, module):
    other = make.cohort(danso, [awa])
    theirs = make.certificate(awa, module, make.assignment(other, module))
    alone = make.certificate(awa, module)
    for row in (theirs, alone):
        assert revoke(as_bakary, cohort, row).status_code == 404
        assert revoke(as_bakary, other, row).status_code == 404
    assert Certificate.objects.current().count() == 2


def test_all_of_an_assignment_are_printed_in_one_go(as_bakary, awa, celia, danso, cohort, assignment, module):
    make.certificate(awa, module, assignment, name_shown="A. Coulibaly")
    make.certificate(celia, module, assignment, name_shown="C. Zerbo", revoked_at=make.NOW)
    make.certificate(danso, module, assignment, name_shown="D. Old", expires_at=make.NOW)
    make.certificate(awa, module, name_shown="Alone")
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/assignments/{assignment.pk}/certificates/print/").text
    printed = [name for name in ("A. Coulibaly", "C. Zerbo", "D. Old", "Alone") if name in page]
    assert printed == ["A. Coulibaly"]


def test_the_list_of_the_staff_costs_the_same_however_many(
    as_bakary, awa, cohort, assignment, module, django_assert_max_num_queries
):
    for number in range(30):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, make.NOW)
        make.certificate(learner, module, assignment)
    as_bakary.get("/en/")
    with django_assert_max_num_queries(12):
        page = as_bakary.get(f"/en/cohorts/{cohort.pk}/assignments/{assignment.pk}/certificates/")
    assert page.text.count("Revoke<") >= 30


# What else touches it


def test_an_assignment_with_certificates_stays(as_bakary, awa, cohort, assignment, module):
    row = make.certificate(awa, module, assignment)
    page = as_bakary.post(f"/en/cohorts/{cohort.pk}/assignments/{assignment.pk}/delete/", follow=True)
    assert "Certificates were issued for it" in page.text
    row.refresh_from_db()
    assert row.assignment == assignment


def test_erasing_a_person_ends_the_page(client, awa, module):
    row = make.certificate(awa, module)
    erase(User.objects.filter(pk=awa.pk))
    assert public(client, row).status_code == 404


def test_the_own_list_costs_at_most_8_queries(as_awa, awa, assignment, module, django_assert_max_num_queries):
    for _ in range(5):
        make.certificate(awa, module, assignment, replaced_at=make.NOW)
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        page = as_awa.get("/en/certificates/")
    assert "What Monday group has set" in page.text
    assert page.text.count("Replaced by a newer one") == 5


# What it rests on


def test_it_rests_on_its_holders_own_work_until_its_issue(awa, celia, module, sections):
    """The first is handed in at the very moment of the issue."""
    attempts = [make.quiz(learner, sections[0], right=5) for learner in (awa, celia)]
    attempts.append(make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR))
    make.certificate(awa, module)
    assert [Certificate.objects.resting_on([attempt.pk]).exists() for attempt in attempts] == [True, False, False]


def test_it_has_a_note_once_answers_are_marked_again_after_its_issue(awa, module, sections):
    response = make.quiz(awa, sections[0], right=5, at=make.NOW - HOUR).responses.first()
    row = make.certificate(awa, module)
    noted = [row.was_remarked]
    for at in (make.NOW, make.NOW + HOUR):
        response.remarks.create(made_at=at)
        noted.append(row.was_remarked)
    assert noted == [False, False, True]


def test_a_visitor_has_none(awa, module):
    make.certificate(awa, module)
    assert not Certificate.objects.of(AnonymousUser()).exists()


def test_for_what_is_deleted_meanwhile_nothing_is_issued(as_awa, assignment, passed, monkeypatch):
    """Bakary deletes it after Awa's request has come, and before its turn."""
    lock = places.lock_cohort

    def deleted(held):
        assignment.delete()
        return lock(held)

    monkeypatch.setattr(pages, "lock_cohort", deleted)
    assert ask(as_awa, assignment).status_code == 404
    assert not Certificate.objects.exists()
