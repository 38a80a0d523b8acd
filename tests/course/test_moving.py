"""Signing in as a guest brings the guest's work along (architecture 6)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError

from accounts.models import User
from cohorts.models import Cohort
from course import moving
from quizzes.models import Attempt, Recall, Report, Response, Use
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def section():
    return make.case_study(lessons=3, items=6).sections.get()


def move(guest, user):
    return moving.move(guest, user, NOW)


def sign_in(client, **more):
    return client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD, **more}, follow=True)


def answer(client, **button):
    """What follows the answer to the question whose work it is."""
    return client.post("/en/visit/whose/", button, follow=True)


def firsts(user):
    """[(use, item, whether first)] of one learner's quizzes and exams, in the order of marking."""
    rows = Response.objects.filter(attempt__learner=user, is_first__isnull=False).order_by("marked_at", "position")
    return [(row.item_id, row.is_first) for row in rows]


# Readings


def test_readings_come_over_and_of_two_the_earlier_stays(awa, guest, section):
    one, two, three = section.lessons.order_by("position")
    make.reading(awa, one, NOW - HOUR), make.reading(guest, one, NOW)
    make.reading(awa, two, NOW), make.reading(guest, two, NOW - HOUR)
    make.reading(guest, three, NOW)
    assert move(guest, awa).readings == 1
    assert dict(awa.readings.values_list("lesson", "read_at")) == {
        one.pk: NOW - HOUR,
        two.pk: NOW - HOUR,
        three.pk: NOW,
    }
    assert not User.objects.filter(pk=guest.pk).exists()


def test_two_readings_of_the_same_moment_leave_one(awa, guest, section):
    lesson = section.lessons.first()
    make.reading(awa, lesson), make.reading(guest, lesson)
    assert move(guest, awa).readings == 0
    assert awa.readings.count() == 1


# Attempts


def test_attempts_come_over_and_open_ones_are_handed_in(awa, guest, section):
    done, still = make.quiz(guest, section, right=6, at=NOW - HOUR), make.quiz(guest, section)
    first = still.responses.get(position=1)
    still.save_answers({1: make.right_answer(first)}, "en", NOW)
    moved = move(guest, awa)
    assert (moved.attempts, moved.handed_in) == (2, 1)
    assert set(Attempt.objects.of(awa)) == {done, still}
    still.refresh_from_db()
    assert still.submitted_at == NOW
    assert 0 < still.score < 1


def test_an_open_quiz_of_each_in_one_bank_does_not_clash(awa, guest, section):
    own, others = make.quiz(awa, section), make.quiz(guest, section)
    move(guest, awa)
    own.refresh_from_db(), others.refresh_from_db()
    assert (own.is_open, others.is_open) == (True, False)
    assert own.learner == others.learner == awa


def test_an_open_exam_review_and_retry_of_each_do_not_clash(awa, guest, section):
    for learner in (awa, guest):
        quiz = make.quiz(learner, section, right=0)
        fields = {"learner": learner, "seed": 0, "started_at": NOW}
        Attempt.objects.create(use=Use.EXAM, module=section.module, **fields)
        Attempt.objects.create(use=Use.REVIEW, **fields)
        Attempt.objects.create(use=Use.REVIEW, retry_of=quiz, **fields)
    assert move(guest, awa).handed_in == 3
    assert Attempt.objects.of(awa).open().count() == 3
    assert Attempt.objects.of(awa).count() == 8


def test_a_check_that_was_sent_under_both_keeps_its_id_once(awa, guest, section):
    same, other = uuid4(), uuid4()
    for learner, key in [(awa, same), (guest, same), (guest, other)]:
        Attempt.objects.create(
            learner=learner,
            use=Use.CHECK,
            seed=0,
            started_at=NOW,
            submitted_at=NOW,
            client_id=key,
            module=section.module,
        )
    assert move(guest, awa).attempts == 2
    assert set(Attempt.objects.of(awa).values_list("client_id", flat=True)) == {same, other, None}


def test_first_is_said_anew_over_everything_in_the_order_of_marking(awa, guest, section):
    """Both met all six items: whoever was earlier holds the firsts; what was marked in between is compared by time."""
    make.quiz(awa, section, right=5, at=NOW - 2 * HOUR)
    make.quiz(guest, section, right=5, at=NOW - 3 * HOUR)
    make.quiz(awa, section, right=5, at=NOW - HOUR)
    move(guest, awa)
    seen, expected = set(), []
    for item, _ in firsts(awa):
        expected.append((item, item not in seen))
        seen.add(item)
    assert firsts(awa) == expected
    assert sum(is_first for _, is_first in expected) == len(seen)
    assert len(expected) == 15


def test_an_item_that_counted_for_nobody_leaves_the_first_to_the_next(awa, guest):
    section = make.case_study(items=5).sections.get()
    quiz = make.quiz(guest, section, at=NOW - HOUR)
    item = quiz.responses.first().item
    item.withdrawn_at = NOW
    item.save()
    quiz.submit(NOW - HOUR)
    item.withdrawn_at = None
    item.save()
    make.quiz(awa, section, right=5)
    move(guest, awa)
    both = Response.objects.filter(attempt__learner=awa, item=item).order_by("marked_at")
    assert [(response.score is None, response.is_first) for response in both] == [(True, True), (False, True)]


def test_trials_and_checks_take_no_part_in_it(awa, guest, section):
    trial = make.quiz(guest, section, right=5, at=NOW - HOUR)
    Attempt.objects.filter(pk=trial.pk).update(is_trial=True)
    make.quiz(awa, section, right=5)
    move(guest, awa)
    counted = Response.objects.filter(attempt__learner=awa, attempt__is_trial=False)
    assert set(counted.values_list("is_first", flat=True)) == {True}


# The rest, and all of it at once


def test_reports_and_enrolments_come_over(awa, guest, section):
    lesson = section.lessons.first()
    Report.objects.create(reporter=guest, lesson=lesson, reason="A date looks wrong", made_at=NOW)
    shared, own = Cohort.objects.create(name="Both"), Cohort.objects.create(name="Guest's")
    for cohort, user in [(shared, awa), (shared, guest), (own, guest)]:
        cohort.join(user, NOW)
    move(guest, awa)
    assert Report.objects.get().reporter == awa
    assert set(awa.enrolments.values_list("cohort", flat=True)) == {shared.pk, own.pk}


def test_what_staff_set_for_the_guest_holds_for_the_account_in_the_same_cohort(awa, bakary, guest, section):
    cohort = make.cohort(bakary, [awa, guest])
    one, two = make.assignment(cohort, section.module), make.assignment(cohort, section.module)
    own, theirs = (cohort.enrolments.get(user=user) for user in (awa, guest))
    make.hand_mark(one, guest, section, "0.9", bakary)
    one.extend(own, bakary, NOW, is_excused=True, reason="The account's")
    for row in (one, two):
        row.extend(theirs, bakary, NOW, is_excused=True, reason="The guest's")
    move(guest, awa)
    assert own.hand_marks.count() == 1
    assert dict(own.extensions.values_list("assignment", "reason")) == {one.pk: "The account's", two.pk: "The guest's"}


def test_recalls_are_computed_anew_from_the_work_of_both(awa, guest, section):
    """A day apart, in the order of marking: what the guest got right second counts as the second day."""
    item = section.bank.items.first()
    make.answered(awa, item, right=True, at=NOW - 24 * HOUR)
    make.answered(guest, item, right=True, at=NOW)
    move(guest, awa)
    recall = Recall.objects.get()
    assert (recall.learner, recall.days_right, recall.gap) == (awa, 2, 1)
    assert (recall.first_on, recall.last_on) == ((NOW - 24 * HOUR).date(), NOW.date())


def test_whatever_points_at_a_person_was_thought_of():
    """A new table that points at people must say here what becomes of a guest's rows."""
    moved = {"lessons.Reading.learner", "quizzes.Attempt.learner", "quizzes.Report.reporter", "cohorts.Enrolment.user"}
    moved |= {"accounts.Audit.who"}
    recomputed = {"quizzes.Recall.learner"}
    ended = {"accounts.SignIn.user", "accounts.SecurityEvent.user"}
    never_a_guests = {
        "lessons.Module.owner",
        "quizzes.Bank.owner",
        "quizzes.Item.author",
        "quizzes.Quiz.owner",
        "quizzes.Upload.owner",
        "quizzes.Remark.made_by",
        "cohorts.Comment.made_by",
        "cohorts.Extension.made_by",
        "cohorts.HandMark.made_by",
        "cohorts.Offer.made_by",
        "cohorts.Handover.made_by",
        "cohorts.StaffInvitation.made_by",
        "accounts.WayIn.user",
        "accounts.WayIn.made_by",
        "cohorts.Certificate.user",
        "accounts.Outbox.user",
        "accounts.FormerName.user",
        "accounts.Token.user",
        "accounts.BackupCode.user",
        "otp_totp.TOTPDevice.user",
        "admin.LogEntry.user",
    }
    pointing = {
        str(field)
        for model in apps.get_models()
        for field in model._meta.fields
        if field.is_relation and field.related_model is User
    }
    assert pointing == moved | recomputed | ended | never_a_guests


def test_it_happens_once_and_never_to_somebody_with_a_name(awa, celia, guest, section):
    make.reading(guest, section.lessons.first())
    make.reading(celia, section.lessons.first())
    assert move(guest, awa)
    assert move(guest, awa) is None
    assert move(celia, awa) is None
    assert celia.readings.count() == 1


def test_all_or_nothing(awa, guest, section, monkeypatch):
    make.reading(guest, section.lessons.first())
    quiz = make.quiz(guest, section)

    def fail(user):
        raise DatabaseError

    monkeypatch.setattr(moving, "mark_firsts", fail)
    with pytest.raises(DatabaseError):
        move(guest, awa)
    quiz.refresh_from_db()
    assert (quiz.learner, quiz.is_open) == (guest, True)
    assert guest.readings.count() == 1
    assert awa.readings.count() == 0


def test_queries_do_not_grow_with_the_work(awa, section, django_assert_max_num_queries):
    guest = make.guest()
    for lesson in section.lessons.all():
        make.reading(guest, lesson)
    for number in range(4):
        make.quiz(guest, section, right=3, at=NOW - number * HOUR)
    with django_assert_max_num_queries(60):
        move(guest, awa)


@pytest.mark.django_db(transaction=True)
def test_of_eight_that_sign_in_at_once_one_moves_the_work(awa, section, in_parallel):
    guest = make.guest()
    quiz = make.quiz(guest, section, right=3)
    moved = in_parallel(lambda number: move(guest, awa), 8)
    assert sum(each is not None for each in moved) == 1
    quiz.refresh_from_db()
    assert quiz.learner == awa


# At the door


def test_a_guest_signs_in_says_whose_the_work_is_and_is_told_what_came_along(as_guest, guest, awa, section):
    for lesson in section.lessons.all():
        make.reading(guest, lesson)
    make.quiz(guest, section, right=3)
    make.quiz(guest, section)
    asked = sign_in(as_guest).text.split("<main")[1]
    for counted in ("3 lessons read", "2 quizzes and checks", "1 of them not handed in yet"):
        assert counted in asked
    assert awa.readings.count() == 0
    page = answer(as_guest, mine=1)
    assert page.wsgi_request.user == awa
    said = page.text.split("<main")[1]
    assert "3 lessons read" in said
    assert "2 quizzes and checks" in said
    assert "has been handed in" in said
    assert User.objects.count() == 1


def test_who_brings_nothing_new_is_told_so(as_guest, guest, awa, section):
    for learner in (guest, awa):
        make.reading(learner, section.lessons.first())
    sign_in(as_guest)
    assert "was under your name already" in answer(as_guest, mine=1).text


def test_what_is_not_mine_stays_the_guests(as_guest, guest, awa, section):
    make.reading(guest, section.lessons.first())
    quiz = make.quiz(guest, section)
    sign_in(as_guest, next="/en/progress/")
    page = answer(as_guest, leave=1, next="/en/progress/")
    assert page.redirect_chain[-1][0] == "/en/progress/"
    assert page.wsgi_request.user == awa
    quiz.refresh_from_db()
    assert (quiz.learner, quiz.is_open, guest.readings.count(), awa.readings.count()) == (guest, True, 1, 0)
    assert answer(as_guest, mine=1).wsgi_request.user == awa
    assert guest.readings.count() == 1


def test_until_it_is_answered_every_page_of_ones_own_asks(as_guest, guest, awa, section):
    """A line that was cut off after signing in: the question waits, and the work with it."""
    lesson = section.lessons.first()
    make.reading(guest, lesson)
    sign_in(as_guest)
    for address in ("/en/progress/", "/en/accounts/settings/"):
        assert 'href="/en/visit/whose/"' in as_guest.get(address).text
    assert "visit/whose" not in as_guest.get(lesson.get_absolute_url()).text
    assert "1 lesson read" in as_guest.get("/en/visit/whose/").text
    assert as_guest.post("/en/visit/whose/").status_code == 200
    assert guest.readings.count() == 1
    answer(as_guest, mine=1)
    assert "visit/whose" not in as_guest.get("/en/progress/").text


def test_who_did_nothing_is_not_asked_about(as_guest, guest, awa):
    assert "Whose work" not in sign_in(as_guest).text
    assert not User.objects.filter(pk=guest.pk).exists()


def test_of_a_guest_in_a_cohort_the_page_says_who_will_see_it(as_guest, guest, awa, bakary):
    cohort = make.cohort(bakary, [guest], name="Monday group")
    asked = sign_in(as_guest).text
    assert "Monday group" in asked
    assert "under your name" in asked
    answer(as_guest, leave=1)
    assert [row.user for row in cohort.enrolments.learners()] == [guest]


def test_a_guest_who_was_erased_meanwhile_is_asked_about_no_more(as_guest, guest, awa, section):
    make.reading(guest, section.lessons.first())
    sign_in(as_guest)
    User.objects.filter(pk=guest.pk).delete()
    assert answer(as_guest, mine=1).redirect_chain[-1][0] == "/en/"


def test_nobody_answers_for_anothers_guest(as_celia, celia, guest, section):
    make.reading(guest, section.lessons.first())
    answer(as_celia, mine=1, guest=guest.pk, waiting_guest=guest.pk)
    assert (celia.readings.count(), guest.readings.count()) == (0, 1)


def test_a_wrong_password_moves_nothing(as_guest, guest, awa, section):
    make.reading(guest, section.lessons.first())
    sign_in(as_guest, password="not the password")
    assert as_guest.get("/en/").wsgi_request.user == guest
    assert guest.readings.count() == 1


def test_somebody_who_changes_names_takes_nothing_along(as_celia, celia, awa, section):
    make.reading(celia, section.lessons.first())
    page = sign_in(as_celia)
    assert page.wsgi_request.user == awa
    assert "as a guest" not in page.text
    assert (celia.readings.count(), awa.readings.count()) == (1, 0)


def test_the_page_says_before_that_one_is_asked(as_guest):
    page = as_guest.get("/en/accounts/sign-in/?next=/en/attempts/7/").text
    assert "you are asked whether what was done here is yours" in page


def test_taking_a_name_keeps_the_work_and_says_so_before(as_guest, guest, section):
    make.reading(guest, section.lessons.first())
    page = as_guest.get("/en/accounts/sign-up/").text
    assert "What was done in this visit becomes yours" in page
    assert 'href="/en/visit/end/"' in page.split("<main")[1]
