"""What went over to another phone, or became one row, is given back."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from accounts.models import Audit, User
from cohorts import handovers, places
from cohorts.models import Cohort, Enrolment, Handover
from lessons.models import Reading
from quizzes.models import Attempt, Recall, Response
from tests import make
from tests.cohorts.test_handovers import (  # noqa: F401 - fixtures
    cohort,
    now,
    place,
    renewed,
    section,
    taken,
)

# ruff: noqa: F811

pytestmark = pytest.mark.django_db
CANARY = "Zerbo-Canary"
DAY = timedelta(days=1)


def address_of(row):
    return f"/en/cohorts/{row.cohort_id}/handovers/{row.pk}/undo/"


def kept(user):
    """All rows of what somebody did, by which an undoing is compared."""
    rows = Enrolment.objects.of(user).order_by("pk")
    return {
        "attempts": list(Attempt.objects.of(user).order_by("pk").values()),
        "responses": list(Response.objects.filter(attempt__learner=user).order_by("pk").values()),
        "readings": list(Reading.objects.of(user).order_by("pk").values()),
        "recalls": list(Recall.objects.of(user).order_by("item").values("item", "stability", "due_on", "mastered_on")),
        "rows": list(rows.values("roster_name", "role", "left_at", "school_number")),
        "extensions": list(rows.values_list("extensions", "hand_marks", "comments")),
    }


# Undone


@pytest.fixture
def full(awa, cohort, place, section, now):
    """Awa's work of each kind."""
    work = cohort.assignments.get()
    work.extensions.create(enrolment=place, due_at=now + DAY, reason="ill")
    make.any_hand_mark(place, work)
    place.comments.create(text="Well read.", made_at=now)
    Enrolment.objects.filter(pk=place.pk).update(school_number="77")
    make.reading(awa, section.lessons.first(), now - DAY)
    done = make.quiz(awa, section, right=3, at=now - 2 * DAY)
    done.retry(now - DAY)
    make.exam_result(awa, section.module, "0.9", now - DAY)
    make.quiz(awa, section, at=now)
    return awa


@pytest.mark.parametrize("who", ["the account", "the staff", "the newcomer"])
def test_undone_all_is_as_it_was(as_awa, as_bakary, as_celia, full, bakary, celia, cohort, place, now, who):
    before, of_celia = kept(full), kept(celia)
    code = renewed(place, bakary, now)
    assert handovers.take(code, celia, now)
    assert kept(full) != before
    client = {"the account": as_awa, "the staff": as_bakary, "the newcomer": as_celia}[who]
    page = client.post(address_of(Handover.objects.get()), follow=True)
    assert "It is as it was before" in page.text
    assert kept(full) == before
    after = kept(celia)
    assert [row["left_at"] is not None for row in after.pop("rows")] == [True]
    assert (after.pop("extensions"), of_celia.pop("rows"), of_celia.pop("extensions")) == ([(None, None, None)], [], [])
    assert after == of_celia
    assert list(Cohort.objects.of(full)) == [cohort]
    assert cohort.enrolments.get(user=full).personal_code not in (None, code)
    assert Audit.objects.filter(what="undone").count() == 1


def test_what_was_done_since_stays_with_whoever_did_it(awa, bakary, celia, cohort, place, section, now):
    begun = make.quiz(awa, section, at=now)
    untouched = make.quiz(awa, section.module.sections.exclude(pk=section.pk).get(), at=now)
    code = renewed(place, bakary, now)
    assert handovers.take(code, celia, now)
    begun.refresh_from_db()
    make.hand_in(begun, 4, now + DAY)
    own = make.quiz(celia, section, right=5, at=now + DAY)
    make.reading(celia, section.lessons.first(), now + DAY)
    assert handovers.undo(Handover.objects.get(), awa, now + 2 * DAY)
    assert set(Attempt.objects.of(celia)) == {begun, own}
    assert set(Attempt.objects.of(awa)) == {untouched}
    assert Reading.objects.of(celia).count() == 1
    assert not cohort.assignments.attempts().exists()


def test_a_name_that_was_mended_since_goes_back_mended(awa, bakary, celia, cohort, place, now):
    assert handovers.take(renewed(place, bakary, now), celia, now)
    cohort.enrolments.filter(user=celia).update(roster_name="Zerbo, Mariam")
    assert handovers.undo(Handover.objects.get(), bakary, now)
    names = cohort.enrolments.learners().order_by("pk").values_list("user__name", "roster_name")
    assert sorted(names) == [("Awa", "Zerbo, Mariam"), ("Celia", "")]


@pytest.mark.parametrize("case", ["30 days", "twice", "gone on", "erased", "named again", "staff"])
def test_it_is_undone_once_and_in_time_or_says_what_to_do(
    as_bakary, awa, bakary, celia, danso, cohort, place, now, case
):
    assert handovers.take(renewed(place, bakary, now), celia, now - 30 * DAY if case == "30 days" else now)
    row = Handover.objects.get()
    if case == "twice":
        assert handovers.undo(row, awa, now)
    if case == "gone on":
        code = renewed(cohort.enrolments.get(user=celia), bakary, now)
        assert handovers.take(code, danso, now)
    if case == "erased":
        awa.delete()
    if case in ("named again", "staff"):
        fields = {"roster_name": "Coulibaly, A."} if case == "named again" else {"role": "instructor"}
        Enrolment.objects.filter(pk=place.pk).update(left_at=None, **fields)
    page = as_bakary.post(address_of(row), follow=True)
    assert page.status_code == (404 if case == "erased" else 200)
    assert case == "erased" or "can be undone no more" in page.text
    assert Audit.objects.filter(what="undone").count() == (case == "twice")


def test_what_went_on_to_a_third_is_undone_from_the_end(awa, bakary, celia, danso, cohort, place, section, now):
    quiz = make.quiz(awa, section, right=4, at=now - DAY)
    assert handovers.take(renewed(place, bakary, now), celia, now)
    assert handovers.take(renewed(cohort.enrolments.get(user=celia), bakary, now), danso, now)
    first, second = Handover.objects.order_by("pk")
    assert [handovers.undo(row, bakary, now) for row in (first, second, first)] == [False, True, True]
    quiz.refresh_from_db()
    assert quiz.learner == awa
    assert list(Cohort.objects.of(awa)) == [cohort]


def test_a_stranger_and_a_learner_of_the_cohort_undo_nothing(
    as_danso, as_guest, guest, bakary, celia, cohort, place, now
):
    cohort.join(guest, now)
    assert handovers.take(renewed(place, bakary, now), celia, now)
    for client in (as_danso, as_guest):
        assert client.post(address_of(Handover.objects.get())).status_code == 404
    assert Handover.objects.get().undone_at is None


def test_whoever_says_so_is_warned_no_more_unless_something_happened_since(as_awa, awa, bakary, celia, place, now):
    assert handovers.take(renewed(place, bakary, now), celia, now)
    awa.refresh_from_db()
    for shown in ("", "yesterday", "2026-01-01", (now - DAY).isoformat()):
        as_awa.post("/en/own/warnings/", {"since": shown})
        assert "/en/own/warnings/" in as_awa.get("/en/own/").text
    as_awa.post("/en/own/warnings/", {"since": awa.warned_at.isoformat()})
    assert "/en/own/warnings/" not in as_awa.get("/en/own/").text
    assert "It was not me" in as_awa.get("/en/own/warnings/").text


def test_whoever_it_was_undone_for_is_told_what_and_who_undid_it_is_not_alarmed(
    as_awa, as_celia, awa, bakary, celia, place, now
):
    assert handovers.take(renewed(place, bakary, now), celia, now)
    awa.see_warnings(timezone.now().isoformat())
    as_awa.post(address_of(Handover.objects.get()))
    assert "/en/own/warnings/" not in as_awa.get("/en/own/").text
    assert "your place came back to you" in as_awa.get("/en/own/warnings/").text
    assert "/en/own/warnings/" in as_celia.get("/en/own/").text
    text = unescape(as_celia.get("/en/own/warnings/").text)
    assert "the place that a new code had brought here was given back" in text
    assert CANARY not in text


def test_signing_in_from_the_new_phone_brings_all_of_it_home(client, awa, bakary, cohort, place, section, now):
    """The words were found again: Awa is asked whose the guest's work is, and has one row and all of the work."""
    quiz = make.quiz(awa, section, right=4, at=now - DAY)
    client.post("/en/join/place/", {"code": renewed(place, bakary, now)})
    own = make.quiz(User.objects.get(is_guest=True), section, right=5, at=timezone.now())
    client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    client.post("/en/visit/whose/", {"mine": 1})
    assert set(cohort.assignments.attempts()) == {quiz, own} == set(Attempt.objects.of(awa))
    assert cohort.enrolments.learners().get().roster_name == CANARY
    assert not Handover.objects.exists()


def test_after_30_days_nothing_is_kept_of_it(bakary, celia, cohort, place, now):
    assert handovers.take(renewed(place, bakary, now), celia, now)
    renewed(cohort.enrolments.get(user=celia), bakary, now)
    assert Handover.objects.forget_old(now + 29 * DAY) == 0
    assert Handover.objects.forget_old(now + 30 * DAY) == 2


# A merge undone


def test_a_merge_is_listed_for_staff_and_the_account_and_undone(as_bakary, as_celia, bakary, celia, cohort, now):
    own, place = cohort.join(celia, now - DAY), make.place(cohort, CANARY)
    work, code = cohort.assignments.get(), place.personal_code
    work.extensions.create(enrolment=own, due_at=now + DAY, reason="own")
    work.extensions.create(enrolment=place, due_at=now + 2 * DAY, reason="ill", made_by=bakary)
    mark = make.any_hand_mark(place, work)
    place.comments.create(text="On all.", made_at=now, made_by=bakary)
    own.comments.create(text="Own.", made_at=now)
    assert places.merge(cohort, [own.pk, place.pk], bakary, now)
    page = unescape(as_bakary.get(f"/en/cohorts/{cohort.pk}/places/{own.pk}/").text)
    assert f"Undo the merge of “{CANARY}”" in page
    text = unescape(as_celia.get("/en/own/warnings/").text)
    assert "They are not both me: undo it" in text
    assert CANARY not in text
    assert "/en/own/warnings/" not in as_celia.get("/en/own/").text  # no alarm: it stands in the list of what happened
    as_celia.post(address_of(Handover.objects.get()))
    assert "which its staff had made one, became two again" in as_celia.get("/en/own/warnings/").text
    own.refresh_from_db(), mark.refresh_from_db()
    again = cohort.enrolments.untaken().get()
    assert (own.roster_name, own.personal_code) == ("", None)
    assert (again.roster_name, again.personal_code, mark.enrolment) == (CANARY, code, again)
    assert [(row.reason, row.made_by) for row in again.extensions.all()] == [("ill", bakary)]
    assert [row.text for row in again.comments.all()] == ["On all."]
    assert (own.extensions.get().reason, own.comments.get().text) == ("own", "Own.")
    assert "Undo the merge" not in as_bakary.get(f"/en/cohorts/{cohort.pk}/places/{own.pk}/").text


def test_a_merge_with_somebody_who_left_is_undone_too(awa, celia, bakary, cohort, place, now):
    place.leave(now)
    own = cohort.join(celia, now)
    assert places.merge(cohort, [own.pk, place.pk], bakary, now)
    assert handovers.undo(Handover.objects.get(), bakary, now)
    place.refresh_from_db(), own.refresh_from_db()
    assert (place.roster_name, own.roster_name, place.left_at, own.left_at) == (CANARY, "", now, None)


def test_a_code_and_a_number_that_others_have_by_now_are_left_to_them(celia, bakary, cohort, now):
    own, place = cohort.join(celia, now), make.place(cohort, CANARY)
    Enrolment.objects.filter(pk=place.pk).update(school_number="77")
    assert places.merge(cohort, [own.pk, place.pk], bakary, now)
    Enrolment.objects.filter(pk=own.pk).update(school_number="", personal_code=None)
    other = make.place(cohort, "Coulibaly, A.")
    Enrolment.objects.filter(pk=other.pk).update(school_number="77", personal_code=place.personal_code)
    assert handovers.undo(Handover.objects.get(), bakary, now)
    again = cohort.enrolments.untaken().get(roster_name=CANARY)
    assert (again.school_number, again.personal_code == place.personal_code) == ("", False)
