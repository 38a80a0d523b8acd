"""manage.py tidy on a machine whose clock is wrong, or was: it says so, and erases nobody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Audit, User
from course import clock
from quizzes.models import Attempt, Recall
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def at(monkeypatch):
    """at(moment): the machine's clock says so."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def tidy(capsys):
    """tidy(...): what it warns of, in lines."""

    def run(**options):
        call_command("tidy", **options)
        return capsys.readouterr().err.splitlines()

    return run


def idle_guest(now):
    guest = make.guest()
    User.objects.filter(pk=guest.pk).update(last_seen_on=now.date() - 200 * DAY)


@pytest.mark.parametrize(("days", "stays"), [(45, False), (46, True), (181, True), (3650, True)])
def test_a_clock_that_jumped_erases_nobody_until_somebody_says_that_it_is_right(tidy, at, days, stays):
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    at(now)
    assert tidy() == []
    at(now + days * DAY)
    idle_guest(timezone.now())
    warnings = tidy()
    assert User.objects.exists() == stays
    assert bool(warnings) == stays
    if stays:
        assert "--clock-is-right" in warnings[-1]
        assert f"{days} days" in warnings[-1]
        assert tidy() == warnings, "a refused tidying is not the last one"
        assert tidy(clock_is_right=True) == []
        assert not User.objects.exists()
        assert tidy() == []


def test_a_site_that_was_set_up_by_a_clock_ahead_is_guarded_all_the_same(tidy, at):
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    for moment in (now + 400 * DAY, now):
        at(moment)
        tidy()
    at(now + 300 * DAY)
    idle_guest(timezone.now())
    assert "300 days after" in tidy()[-1]
    assert User.objects.exists()


def test_guests_of_a_clock_that_woke_up_in_1970_stay_when_it_is_put_right(tidy, at):
    make.case_study()
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    at(now)
    assert tidy() == []
    at(datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    User.objects.create_guest("en", timezone.now().date())
    assert "behind" in tidy()[0]
    at(now + DAY)
    assert tidy() == []
    assert User.objects.get().last_seen_on == timezone.now().date()
    assert Audit.objects.filter(what=clock.TIDIED).count() == 2, "a clock that is known to be behind notes nothing"


def test_before_the_first_tidying_the_newest_work_is_compared(tidy, at, awa):
    """As on a site that was made by an earlier release."""
    section = make.case_study().sections.get()
    make.quiz(awa, section, right=1)
    at(make.NOW + 60 * DAY)
    idle_guest(timezone.now())
    assert "60 days after" in tidy()[-1]
    assert User.objects.filter(is_guest=True).exists()


def test_an_empty_site_is_tidied(tidy):
    assert tidy() == []
    assert Audit.objects.filter(what=clock.TIDIED).count() == 1


def test_a_tidying_is_noted_once_a_day(tidy, at):
    for hours in (0, 1, 2, 25):
        at(datetime(2026, 12, 1, 12, tzinfo=UTC) + timedelta(hours=hours))
        tidy()
    assert Audit.objects.filter(what=clock.TIDIED).count() == 2


def test_a_clock_behind_what_is_taught_is_told_and_moves_nothing(tidy, at, awa):
    section = make.case_study().sections.get()
    make.answered(awa, section.bank.items.first(), at=make.NOW)
    due = Recall.objects.get().due_on
    at(datetime(1970, 1, 2, tzinfo=UTC))
    behind, ahead = tidy()
    assert "02 January 1970" in behind
    assert "behind" in behind
    assert "1 attempts" in ahead
    assert "1 items to review" in ahead
    assert Recall.objects.get().due_on == due


def test_what_a_clock_ahead_has_dated_is_told_and_review_goes_on(tidy, at, awa):
    """The item comes back in days, not in ten years; what was answered stays as it was given."""
    section = make.case_study().sections.get()
    item = section.bank.items.first()
    make.answered(awa, item, right=False, at=make.NOW + 3650 * DAY)
    at(make.NOW + DAY)
    told, replayed = tidy()
    assert "1 attempts" in told
    assert "1 learners" in replayed
    recall = Recall.objects.get()
    assert (recall.last_on, recall.due_on) == ((make.NOW + DAY).date(), (make.NOW + 2 * DAY).date())
    assert Attempt.objects.get().started_at == make.NOW + 3650 * DAY
    assert len(tidy()) == 1, "computed anew once"
    make.answered(awa, item, at=make.NOW + 2 * DAY)
    assert Recall.objects.get().last_on == (make.NOW + 2 * DAY).date()


def test_an_answer_counts_before_anybody_tidied(awa):
    section = make.case_study().sections.get()
    item = section.bank.items.first()
    make.answered(awa, item, at=make.NOW + 3650 * DAY)
    make.answered(awa, item, right=False, at=make.NOW)
    recall = Recall.objects.get()
    assert recall.last_on == make.NOW.date()
    assert recall.due_on == make.NOW.date() + DAY


def test_the_day_that_content_was_checked_is_looked_up_for_what_is_taught(at):
    module = make.case_study()
    assert clock.checked_after(make.NOW) is None
    module.document = module.document | {"dates": {"read_to": "2030-01-01", "checked_on": "2030-01-02"}}
    module.save()
    assert clock.checked_after(make.NOW) == date(2030, 1, 2)
    module.withdrawn_at = make.NOW
    module.save()
    assert clock.checked_after(make.NOW) is None
