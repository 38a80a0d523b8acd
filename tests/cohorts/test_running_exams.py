"""Who sits an exam now, for the staff of a cohort, and ten minutes more for one or all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Audit
from cohorts.exams import running
from cohorts.models import ExamRule
from course import exams
from quizzes.models import Attempt
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], name="Monday group")


def end(sitting):
    return Attempt.objects.get(pk=sitting.pk).closes_at


def press(client, cohort, text=None):
    """Press the button for all, or the one of the exam that `text` names, as the page has them."""
    address = f"/en/cohorts/{cohort.pk}/exams/"
    ends = [each.split('"')[0] for each in (text or client.get(address).text).split('name="end" value="')[1:]]
    return client.post(address, {"end": list(dict.fromkeys(ends))}, follow=True)


@pytest.fixture
def sittings(cohort, module, awa, celia):
    now = timezone.now()
    cohort.join(celia, NOW)
    make.assignment(cohort, module, exam=ExamRule.REQUIRED, exam_attempts=1, exam_minutes=60)
    for place in cohort.enrolments.all():
        place.keep([(NOW, None)])
    return [exams.start(awa, module, now), exams.start(celia, module, now - 30 * MINUTE)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_staff_see_who_sits_since_when_until_when_and_how_far(as_bakary, cohort, sittings, language):
    first = sittings[0].responses.get(position=1)
    sittings[0].save_answers({1: make.right_answer(first), 2: None}, "en", timezone.now())
    page = as_bakary.get(f"/{language}/cohorts/{cohort.pk}/exams/").text
    assert page.index("Celia") < page.index("Awa")
    assert {"en": "1 of 6 items answered", "fr": "Réponses : 1 sur 6"}[language] in page.replace("\xa0", " ")
    assert first.shown_version.stem not in page
    assert [row.answered for row in running(cohort)] == [0, 1]


def test_ten_minutes_for_all_with_one_press_and_a_second_press_adds_nothing(as_bakary, bakary, cohort, sittings):
    before, page = [end(row) for row in sittings], as_bakary.get(f"/en/cohorts/{cohort.pk}/exams/").text
    assert "2 exams have ten minutes more" in press(as_bakary, cohort, page).text
    assert "Nothing was added" in press(as_bakary, cohort, page).text
    assert [end(row) for row in sittings] == [each + 10 * MINUTE for each in before]
    note = Audit.objects.get(what="more time")
    assert (note.who, note.on_what) == (bakary, f"cohort {cohort.pk}: ten minutes, running exams: 2")


def test_ten_minutes_for_one(as_bakary, cohort, sittings):
    before = [end(row) for row in sittings]
    as_bakary.post(f"/en/cohorts/{cohort.pk}/exams/", {"end": f"{sittings[1].pk} {before[1].isoformat()}"})
    assert [end(row) for row in sittings] == [before[0], before[1] + 10 * MINUTE]


@pytest.mark.django_db(transaction=True)
def test_of_eight_presses_at_once_one_counts(bakary, cohort, sittings, in_parallel):
    before, row = end(sittings[0]), sittings[0]
    fields = {"end": f"{row.pk} {before.isoformat()}"}
    in_parallel(lambda number: browser_of(bakary).post(f"/en/cohorts/{cohort.pk}/exams/", fields).status_code, 8)
    assert end(row) == before + 10 * MINUTE


def test_after_the_end_they_run_from_now_unless_it_is_handed_in(as_bakary, cohort, sittings):
    now = timezone.now()
    Attempt.objects.filter(pk=sittings[0].pk).update(due_at=now - HOUR)
    Attempt.objects.get(pk=sittings[1].pk).submit(now)
    assert "time was over" in as_bakary.get(f"/en/cohorts/{cohort.pk}/exams/").text
    press(as_bakary, cohort)
    assert now + 10 * MINUTE <= end(sittings[0]) < now + 12 * MINUTE


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1 yesterday", "1 2026-11-02", "9" * 40 + " 2026-11-02T09:00:00+00:00", "² x"]
)
def test_nonsense_gives_nothing(as_bakary, cohort, sittings, text):
    before = [end(row) for row in sittings]
    assert as_bakary.post(f"/en/cohorts/{cohort.pk}/exams/", {"end": text}).status_code == 302
    assert [end(row) for row in sittings] == before


def test_another_cohorts_exams_are_neither_seen_nor_given_time(as_danso, danso, cohort, sittings):
    own = make.cohort(danso)
    before = end(sittings[0])
    assert "Awa" not in as_danso.get(f"/en/cohorts/{own.pk}/exams/").text
    as_danso.post(f"/en/cohorts/{own.pk}/exams/", {"end": f"{sittings[0].pk} {before.isoformat()}"})
    assert as_danso.get(f"/en/cohorts/{cohort.pk}/exams/").status_code == 404
    assert end(sittings[0]) == before


def test_neither_practice_nor_a_learner_who_left_is_among_them(cohort, module, awa, sittings, guest):
    exams.start(guest, module, NOW)
    cohort.join(guest, NOW + HOUR)
    cohort.enrolments.get(user=awa).leave(timezone.now())
    assert running(cohort) == [sittings[1]]


@pytest.mark.parametrize("away", ["left", "on the staff"])
def test_whoever_is_no_learner_there_any_more_is_given_no_time(as_bakary, bakary, cohort, awa, sittings, away):
    """The page was opened before, when both were on it."""
    before, page = [end(row) for row in sittings], as_bakary.get(f"/en/cohorts/{cohort.pk}/exams/").text
    own = cohort.enrolments.get(user=awa)
    own.leave(timezone.now()) if away == "left" else own.change_role("lead", bakary, timezone.now())
    assert "1 exam has ten minutes more" in press(as_bakary, cohort, page).text
    assert [end(row) for row in sittings] == [before[0], before[1] + 10 * MINUTE]


def test_the_page_costs_the_same_however_many_sit(as_bakary, cohort, module, sittings, django_assert_max_num_queries):
    for number in range(5):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, NOW)
        exams.start(learner, module, timezone.now())
    as_bakary.get("/en/")
    with django_assert_max_num_queries(8):
        assert as_bakary.get(f"/en/cohorts/{cohort.pk}/exams/").text.count("Ten minutes more</button>") == 7
