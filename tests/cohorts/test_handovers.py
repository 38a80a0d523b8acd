"""A lost phone: a code made anew brings this cohort's work to another one, and all that went over is undone."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit, SecurityEvent, User
from cohorts import codes, handovers, places
from cohorts.models import Cohort, Enrolment, Handover
from lessons.models import Reading
from quizzes.models import Attempt, Recall
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
CANARY = "Zerbo-Canary"
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def section():
    return make.case_study(sections=2).sections.order_by("position").first()


@pytest.fixture
def cohort(bakary, section, now):
    cohort = make.cohort(bakary, name="Monday group", at=now - 9 * DAY)
    make.assignment(cohort, section.module, [section], opens_at=now - 9 * DAY, exam="open", exam_attempts=2)
    return cohort


def taken(cohort, user, at):
    """A place on the roster that `user` took then."""
    assert places.claim_place(make.place(cohort, CANARY), user, at)
    return cohort.enrolments.get(user=user)


@pytest.fixture
def place(cohort, awa, now):
    """Awa's, since eight days."""
    return taken(cohort, awa, now - 8 * DAY)


def firsts(attempt):
    return set(attempt.responses.values_list("is_first", flat=True))


def renewed(place, by, at):
    """The code that staff made for it anew."""
    assert places.renew_code(place, by, at)
    return Enrolment.objects.get(pk=place.pk).personal_code


# Back on another phone


def test_the_old_phone_keeps_what_is_its_own_and_is_told(as_awa, awa, bakary, celia, place, cohort, section, now):
    other = section.module.sections.exclude(pk=section.pk).get()
    inside, outside = make.quiz(awa, section, right=4, at=now), make.quiz(awa, other, right=4, at=now)
    before = make.quiz(awa, section, right=4, at=now - 20 * DAY)  # before Awa joined
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert set(Attempt.objects.of(awa)) == {outside, before}
    assert set(Attempt.objects.of(celia)) == {inside}
    assert not Cohort.objects.of(awa).exists()
    page = as_awa.get("/en/own/")
    assert page.wsgi_request.user == awa
    assert 'href="/en/own/warnings/"' in page.text
    text = unescape(as_awa.get("/en/own/warnings/").text)
    assert "your place went to another phone" in text
    assert "It was not me: give me my place back" in text
    assert SecurityEvent.objects.filter(user=awa, what="place-gone").count() == 1
    assert not SecurityEvent.objects.filter(user=celia).exists()


def test_an_account_is_never_signed_in_by_it(client, awa, bakary, place, now):
    code = renewed(place, bakary, now)
    page = client.post("/en/join/place/", {"code": code}, follow=True)
    assert page.wsgi_request.user.is_guest
    assert page.wsgi_request.user != awa
    assert User.objects.get(pk=awa.pk).password == awa.password


def test_a_code_made_anew_signs_nobody_in_as_the_guest_who_has_the_place(client, bakary, guest, cohort, now):
    """The first slip of a guest still leads all the way back; one that staff made anew to the cohort's work alone."""
    place = taken(cohort, guest, now - DAY)
    assert places.guest_place(place.personal_code, client.get("/en/").wsgi_request.user).user == guest
    code = renewed(place, bakary, now)
    assert places.guest_place(code, client.get("/en/").wsgi_request.user) is None
    page = client.post("/en/visit/back/", {"words": codes.grouped(code)})
    assert page["Location"] == "/en/join/place/"
    assert not client.get("/en/").wsgi_request.user.is_authenticated


def test_later_dates_marks_and_comments_and_what_staff_know_them_by_come_along(awa, bakary, celia, cohort, place, now):
    work, group = cohort.assignments.get(), cohort.groups.create(name="A")
    work.extensions.create(enrolment=place, due_at=now + DAY, reason="ill")
    mark = make.any_hand_mark(place, work)
    comment = place.comments.create(text="Well read.", made_at=now)
    Enrolment.objects.filter(pk=place.pk).update(
        school_number="77", group=group, family_name="Zerbo", given_name="M.", said_name="Mi"
    )
    code = renewed(place, bakary, now)
    assert handovers.take(code, celia, now)
    row, former = cohort.enrolments.get(user=celia), cohort.enrolments.get(user=awa)
    known = (row.roster_name, row.family_name, row.school_number, row.group, row.said_name, row.personal_code)
    assert known == (CANARY, "Zerbo", "77", group, "Mi", code)
    assert (former.roster_name, former.school_number, former.personal_code, former.left_at) == ("", "", None, now)
    assert row.extensions.get().reason == "ill"
    for thing in (mark, comment):
        thing.refresh_from_db()
        assert thing.enrolment == row


def test_what_was_read_is_copied_and_what_the_review_knows_too(awa, bakary, celia, cohort, place, section, now):
    other = section.module.sections.exclude(pk=section.pk).get()
    for lesson in (*section.lessons.all(), other.lessons.first()):
        make.reading(awa, lesson, now)
    make.reading(celia, section.lessons.first(), now - DAY)
    make.quiz(awa, section, right=4, at=now)
    Recall.objects.of(awa).update(mastered_on=now.date())
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert Reading.objects.of(awa).count() == 3
    assert Reading.objects.of(celia).count() == 2
    assert Reading.objects.get(learner=celia, lesson=section.lessons.first()).read_at == now - DAY
    assert Recall.objects.of(celia).count() == Recall.objects.of(awa).count() == 5
    assert set(Recall.objects.of(celia).values_list("mastered_on", flat=True)) == {now.date()}


def test_what_is_not_handed_in_goes_on_there_with_its_repeats(awa, bakary, celia, cohort, place, section, now):
    done = make.quiz(awa, section, right=2, at=now - DAY)
    repeat = done.retry(now - DAY)
    again = make.give(repeat, *[False] * 9, at=now - DAY).retry(now)
    quiz, exam = make.quiz(awa, section, at=now), make.exam(awa, section.module, at=now)
    quiz.save_answers({1: make.right_answer(quiz.responses.get(position=1))}, "en", now)
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert set(Attempt.objects.of(celia)) == {done, repeat, again, quiz, exam}
    assert Attempt.start_quiz(celia, section, now) == quiz
    assert Attempt.start_exam(celia, section.module, now) == exam


def test_of_two_that_are_open_each_keeps_their_own(awa, bakary, celia, cohort, place, section, now):
    theirs, own = make.quiz(awa, section, at=now), make.quiz(celia, section, at=now)
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert (Attempt.objects.of(awa).get(), Attempt.objects.of(celia).get()) == (theirs, own)


def test_what_counts_in_another_cohort_too_stays_there(awa, bakary, celia, danso, cohort, place, section, now):
    """The staff of one cohort take nothing from the marks of another."""
    other = make.cohort(danso, [awa], at=now - 3 * DAY)
    make.assignment(other, section.module, [section], opens_at=now - 3 * DAY)
    early, both = make.quiz(awa, section, right=4, at=now - 5 * DAY), make.quiz(awa, section, right=4, at=now - DAY)
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert set(other.assignments.attempts()) == {both}
    assert set(cohort.assignments.attempts()) == {early}
    assert firsts(both) == {True}  # of what Awa has now
    assert handovers.undo(Handover.objects.get(), awa, now)
    assert (firsts(early), False in firsts(both)) == ({True}, True)


def test_what_the_newcomer_did_before_is_not_shown_to_the_staff(awa, bakary, celia, cohort, place, section, now):
    """R22: Celia's quiz at home, while Awa was in class, stays hers alone."""
    private = make.quiz(celia, section, right=4, at=now - 2 * DAY)
    came = make.quiz(awa, section, right=3, at=now - DAY)
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert set(Attempt.objects.of(celia)) == {private, came}
    assert set(cohort.assignments.attempts()) == {came}


def test_nor_what_the_holder_does_afterwards(as_bakary, awa, bakary, celia, cohort, place, section, now):
    assert handovers.take(renewed(place, bakary, now), celia, now)
    private = make.quiz(awa, section, right=4, at=now + DAY)
    assert not cohort.assignments.attempts().exists()
    assert handovers.undo(Handover.objects.get(), awa, now + 2 * DAY)
    assert Attempt.objects.of(awa).get() == private
    assert not cohort.assignments.attempts().exists()
    own = make.quiz(awa, section, right=4, at=now + 3 * DAY)
    assert set(cohort.assignments.attempts()) == {own}


def test_whoever_is_in_the_cohort_without_a_name_on_its_list_has_one_row_afterwards(
    awa, bakary, guest, cohort, place, section, now
):
    """A nameless guest of the new phone, who joined by the cohort's code at once."""
    cohort.join(guest, now - DAY)
    own = make.quiz(guest, section, right=1, at=now - DAY / 2)
    came = make.quiz(awa, section, right=4, at=now - 3 * DAY)
    assert handovers.take(renewed(place, bakary, now), guest, now)
    assert set(cohort.assignments.attempts()) == {own, came}
    assert cohort.enrolments.learners().current().get().roster_name == CANARY
    assert handovers.undo(Handover.objects.get(), awa, now + DAY)
    assert cohort.enrolments.get(user=guest).left_at is None
    assert set(cohort.assignments.attempts()) == {own, came}
    assert {attempt.learner for attempt in (own, came) if not attempt.refresh_from_db()} == {awa, guest}


def test_more_exams_than_one_person_may_sit_count_no_more(awa, bakary, celia, cohort, place, section, now):
    cohort.join(celia, now - 5 * DAY)
    own = [make.exam_result(celia, section.module, "0.5", now - 2 * DAY) for _ in range(2)]
    came = make.exam_result(awa, section.module, "0.9", now - DAY)
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert set(cohort.assignments.attempts()) == set(own)
    assert handovers.undo(Handover.objects.get(), bakary, now)
    assert set(cohort.assignments.attempts()) == {*own, came}


# Who cannot


def test_it_works_once_and_a_spent_code_makes_no_guest(client, celia, bakary, place, now):
    code = renewed(place, bakary, now)
    assert handovers.take(code, celia, now)
    assert handovers.take(code, make.guest(), now) is None
    count = User.objects.count()
    page = client.post("/en/join/place/", {"code": code}, follow=True)
    assert page.request["PATH_INFO"] == "/en/join/"
    assert User.objects.count() == count


def test_the_staff_who_made_it_and_the_holder_cannot_use_it(as_bakary, as_awa, bakary, awa, place, cohort, now):
    code = codes.grouped(renewed(place, bakary, now))
    assert as_bakary.get(f"/en/join/{code}/", follow=True).status_code == 410  # as of a slip that was used
    assert as_awa.get(f"/en/join/{code}/", follow=True).request["PATH_INFO"] == "/en/join/cohort/"
    for user in (bakary, awa):
        assert handovers.offered(code, user, now) is None
        assert handovers.take(code, user, now) is None
    assert Cohort.objects.of(awa).get() == cohort


def test_whoever_has_a_place_of_their_own_is_told_to_give_it_back(as_celia, celia, bakary, place, cohort, now):
    places.claim_place(make.place(cohort, "Coulibaly, A."), celia, now)
    code = codes.grouped(renewed(place, bakary, now))
    page = as_celia.get(f"/en/join/{code}/", follow=True)
    assert "must be somebody else’s" in page.text
    assert "Bring my place here" not in page.text
    as_celia.post("/en/join/place/", {"code": code})
    assert Handover.objects.get().done_at is None


@pytest.mark.parametrize("case", ["old", "removed", "archived", "left", "renewed", "never"])
def test_a_code_that_leads_nowhere_is_no_way_in(client, bakary, awa, place, cohort, now, case):
    code = renewed(place, bakary, now - 31 * DAY if case == "old" else now)
    if case == "removed":
        places.remove(place, bakary, now)
    if case == "archived":
        cohort.archive(now)
    if case == "left":
        place.refresh_from_db()
        place.leave(now)
    if case == "renewed":
        renewed(place, bakary, now)
    if case == "never":
        code = "333344446666"
    was_used = case in ("old", "left")
    assert client.get(f"/en/join/{codes.grouped(code)}/", follow=True).status_code == (410 if was_used else 404)
    assert client.get("/en/join/place/")["Location"] == "/en/join/"
    assert client.post("/en/join/place/", {"code": code})["Location"] == "/en/join/"
    assert not User.objects.filter(is_guest=True).exists()


def test_a_code_is_made_anew_for_places_of_learners_alone_and_it_is_noted(bakary, danso, awa, place, cohort, now):
    former, free = place.personal_code, make.place(cohort, "Coulibaly, A.")
    assert renewed(place, bakary, now) != former
    assert renewed(free, bakary, now) != free.personal_code
    assert Handover.objects.get().source == place  # a place that nobody has taken is simply taken
    staff = make.staff(cohort, danso)
    assert not places.renew_code(staff, bakary, now)
    places.remove(place, bakary, now)
    assert not places.renew_code(place, bakary, now)
    assert Audit.objects.filter(what="code made", who=bakary).count() == 2


def test_wrong_codes_are_limited_like_those_of_joining(client, celia, now):
    as_celia = browser_of(celia)
    answers = [as_celia.post("/en/join/place/", {"code": f"333344446{n:03}"}).status_code for n in range(12)]
    assert answers == [302] * 10 + [429] * 2


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_that_enter_it_at_once_one_gets_it(awa, bakary, place, cohort, section, now, in_parallel):
    make.quiz(awa, section, right=4, at=now)
    code, phones = renewed(place, bakary, now), [make.guest() for _ in range(8)]
    taken = in_parallel(lambda number: handovers.take(code, phones[number], now) is not None, 8)
    assert sum(taken) == 1
    winner = phones[taken.index(True)]
    assert cohort.enrolments.current().learners().get().user == winner
    assert Attempt.objects.get().learner == winner


@pytest.mark.django_db(transaction=True)
def test_what_is_handed_in_meanwhile_is_in_one_place(awa, bakary, celia, place, section, now, in_parallel):
    """Awa's browser hands a quiz in while the place goes: it goes with it, or is refused, and is marked once."""
    quiz = make.quiz(awa, section, at=now)
    code = renewed(place, bakary, now)

    def act(number):
        try:
            return bool(quiz.submit(now) if number else handovers.take(code, celia, now))
        except Exception as error:  # noqa: BLE001 - PersonGone, of an attempt that went
            return type(error).__name__

    went, handed_in = in_parallel(act, 2)
    assert went is True
    quiz.refresh_from_db()
    assert quiz.learner == celia
    assert handed_in in (True, "PersonGone")
    assert (quiz.submitted_at is not None) == (handed_in is True)


# What it costs


def test_pages_cost_the_same_however_much_was_done(as_awa, client, awa, bakary, celia, cohort, place, section, now):
    as_awa.get("/en/")
    counts = []
    for number in range(2):
        for hour in range(1 + 5 * number):
            make.quiz(awa, section, right=3, at=now - timedelta(hours=hour))
        code = renewed(place, bakary, now)
        phone = Client()
        phone.get(f"/en/join/{codes.grouped(code)}/")
        acts = [
            lambda phone=phone: phone.get("/en/join/place/"),
            lambda code=code: handovers.take(code, celia, now),
            lambda: as_awa.get("/en/own/warnings/"),
            lambda: handovers.undo(Handover.objects.get(undone_at=None), awa, now),
        ]
        counts.append([])
        for act in acts:
            with CaptureQueriesContext(connection) as queries:
                assert act()
            counts[-1].append(len(queries))
    assert 0 < counts[0][0] == counts[1][0] <= 4
    assert 0 < counts[0][2] == counts[1][2] <= 8
    assert counts[1][1] <= counts[0][1] + 4  # a row that was there before is read too
    assert counts[1][3] <= counts[0][3] + 4


def test_a_visitor_may_look_at_none(bakary, celia, place, now):
    assert handovers.take(codes.grouped(renewed(place, bakary, now)), celia, now)
    assert Handover.objects.seen_by(celia).count() == 1
    assert not Handover.objects.seen_by(AnonymousUser()).exists()
