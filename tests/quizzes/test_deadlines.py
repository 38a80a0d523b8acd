"""Deadlines by the server's clock: a grace of 30 seconds, a sweep with one winner, and ten minutes more (R7, A6)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quizzes.models import Attempt
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
DUE = make.NOW + timedelta(hours=1)
SECOND = timedelta(seconds=1)
GRACE = 30 * SECOND
TEN_MINUTES = timedelta(minutes=10)
THIRD = Decimal("0.3333")


@pytest.fixture
def module():
    return make.case_study(sections=1, items=3)


@pytest.fixture
def exam(awa, module):
    """Three items, due in an hour, and nothing to be added to it."""
    return make.exam(awa, module, due_at=DUE, extra_time=timedelta())


def key_of(exam, position=1):
    return {position: make.right_answer(exam.responses.get(position=position))}


def row(exam):
    exam.refresh_from_db()
    return exam.submitted_at, exam.expired_at, exam.is_late, exam.score


# The model


@pytest.mark.parametrize(
    ("after", "taken", "late"),
    [(-SECOND, True, False), (timedelta(), True, False), (SECOND, True, True), (GRACE, True, True)],
)
def test_until_the_grace_ends_an_answer_is_taken_and_after_time_it_is_late(exam, after, taken, late):
    assert exam.save_answers(key_of(exam), "en", DUE + after) is taken
    assert exam.submit(DUE + after) is taken
    assert row(exam) == (DUE + after, None, late, THIRD)


def test_after_the_grace_nothing_is_taken_and_what_was_saved_in_time_counts(exam):
    exam.save_answers(key_of(exam), "en", DUE - SECOND)
    late = DUE + GRACE + SECOND
    assert exam.save_answers(key_of(exam, 2), "en", late) is False
    assert exam.submit(late) is False
    assert row(exam) == (DUE, late, False, THIRD)
    assert list(exam.responses.order_by("position").values_list("answer", flat=True))[1:] == [None, None]
    assert set(exam.responses.values_list("marked_at", flat=True)) == {late}


def test_what_was_saved_in_the_grace_and_swept_is_late(exam):
    exam.save_answers(key_of(exam), "en", DUE + GRACE)
    Attempt.objects.expire(DUE + 2 * GRACE)
    assert row(exam) == (DUE, DUE + 2 * GRACE, True, THIRD)


def test_extra_time_is_added_to_the_deadline(awa, module):
    exam = make.exam(awa, module, due_at=DUE, extra_time=timedelta(minutes=20))
    assert exam.closes_at == DUE + timedelta(minutes=20)
    assert exam.submit(exam.closes_at)
    assert exam.is_late is False


def test_without_a_deadline_time_never_ends(awa, module):
    exam = make.exam(awa, module)
    years = make.NOW + timedelta(days=2000)
    assert (exam.closes_at, exam.seconds_left(years), exam.is_over(years)) == (None, None, False)
    assert exam.extend(years) is False
    assert Attempt.objects.expire(years) == 0
    assert exam.submit(years)


def test_the_sweep_hands_in_what_is_over_and_nothing_else(awa, celia, danso, module):
    over = make.exam(awa, module, due_at=DUE, extra_time=timedelta())
    longer = make.exam(celia, module, due_at=DUE, extra_time=timedelta(hours=1))
    free = make.exam(danso, module)
    assert Attempt.objects.expire(DUE + GRACE) == 0
    assert Attempt.objects.expire(DUE + GRACE + SECOND) == 1
    assert Attempt.objects.expire(DUE + GRACE + SECOND) == 0
    assert [row(each)[1] is not None for each in (over, longer, free)] == [True, False, False]
    assert row(over)[3] == 0


def test_tidy_sweeps(awa, module, capsys):
    make.exam(awa, module, due_at=timezone.now() - timedelta(minutes=1))
    call_command("tidy")
    call_command("tidy")
    assert [line.split("; ")[1][:13] for line in capsys.readouterr().out.splitlines()] == [
        "handed in: 1 ",
        "handed in: 0 ",
    ]
    assert not Attempt.objects.get().is_open


def test_a_sweep_that_read_an_old_deadline_takes_no_time_away(awa, module):
    exam = make.exam(awa, module, due_at=DUE)
    stale = Attempt.objects.get(pk=exam.pk)
    assert exam.extend(DUE)
    assert stale.expire(DUE + GRACE + SECOND) is False
    assert exam.save_answers(key_of(exam), "en", DUE + GRACE + SECOND)
    assert Attempt.objects.get(pk=exam.pk).is_open


def test_a_sweep_that_read_an_earlier_day_takes_no_time_away(exam):
    """Whoever set the exam moved its deadline in between."""
    stale = Attempt.objects.get(pk=exam.pk)
    Attempt.objects.update(due_at=DUE + timedelta(hours=1))
    assert stale.expire(DUE + GRACE + SECOND) is False
    assert Attempt.objects.get(pk=exam.pk).is_open


@given(offset=st.integers(-3600, 7200), extra=st.integers(0, 3600))
def test_the_clock_never_takes_what_is_over_and_never_refuses_what_is_not(offset, extra):
    attempt = Attempt(started_at=make.NOW, due_at=DUE, extra_time=timedelta(seconds=extra))
    at = DUE + timedelta(seconds=offset)
    assert attempt.is_over(at) == (offset > extra + 30)
    assert attempt.seconds_left(at) == extra - offset


# Time zones, and clocks that are set back and forward


NIGHTS = [  # of each the first half is before the change: back in Europe and America, forward in both
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2027, 3, 14, 6, 30, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
]


@pytest.mark.parametrize("key", ["Africa/Bamako", "Europe/Paris", "America/New_York"])
@pytest.mark.parametrize("start", NIGHTS)
def test_an_hour_is_an_hour_while_clocks_change(as_awa, awa, module, key, start):
    """Wherever Awa is: sixty minutes, and the page tells their end by the clock on her wall."""
    awa.time_zone, zone, end = key, ZoneInfo(key), start + timedelta(hours=1)
    awa.save()
    exam = make.exam(awa, module, at=start.astimezone(zone), due_at=end.astimezone(zone), extra_time=timedelta())
    exam.refresh_from_db()
    assert exam.seconds_left(start.astimezone(zone)) == 3600
    assert exam.save_answers(key_of(exam), "en", (end + GRACE).astimezone(zone))
    assert not exam.save_answers(key_of(exam), "en", (end + GRACE + SECOND).astimezone(zone))
    page = as_awa.get(exam.get_absolute_url()).text
    assert f"{end.astimezone(zone):%H:%M}" in page.split("<main")[1]


def test_the_nights_are_those_in_which_clocks_change():
    for start in NIGHTS:
        zone = ZoneInfo("Europe/Paris" if start.hour == 0 else "America/New_York")
        before, after = (moment.astimezone(zone).utcoffset() for moment in (start, start + timedelta(hours=1)))
        assert before != after


# Pages


def running(awa, module, left, **terms):
    now = timezone.now()
    return make.exam(awa, module, at=now - timedelta(hours=1), due_at=now + timedelta(seconds=left), **terms)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("left", "told"),
    [
        (12 * 60 + 30, {"en": ">12 minutes</b>", "fr": ">12 minutes</b>"}),
        (45, {"en": "less than a minute", "fr": "moins d’une minute"}),
        (-5, {"en": "Time is over. Hand in at once", "fr": "Le temps est écoulé. Rendez tout de suite"}),
    ],
)
def test_the_page_says_until_when_and_how_long_that_is(as_awa, awa, module, left, told, language):
    exam = running(awa, module, left)
    page = as_awa.get(exam.get_absolute_url().replace("/en/", f"/{language}/")).text
    assert told[language] in page
    assert 'id="clock"' in page
    assert "There is no time limit" not in page


def test_days_are_not_told_in_minutes(as_awa, awa, module):
    page = as_awa.get(running(awa, module, 3 * 86400).get_absolute_url()).text
    assert "Open until" in page
    assert 'id="left"' not in page


def test_an_answer_after_the_grace_is_refused_in_words_and_what_was_saved_is_handed_in(as_awa, awa, module):
    exam = running(awa, module, -31)
    exam.save_answers(key_of(exam), "en", exam.due_at - SECOND)
    second = exam.responses.get(position=2)
    fields = {"page": 1, **make.fields(second, make.right_answer(second))}
    page = as_awa.post(exam.get_absolute_url(), fields, headers={"X-Autosave": "1"})
    assert page.status_code == 409
    assert "Time was over" in page.json()["told"]
    page = as_awa.post(exam.get_absolute_url(), {**fields, "next": 1}, follow=True).text
    assert "What came later is not counted" in page
    assert "1 of 3 items right" in page
    assert "what was saved in time counts" in page
    second.refresh_from_db()
    assert second.answer is None


def test_whoever_comes_back_after_time_is_led_to_the_result_by_one_button(as_awa, awa, module):
    """Looking changes nothing: the button hands in, as the sweep would."""
    exam = running(awa, module, -31)
    exam.save_answers(key_of(exam), "en", exam.due_at)
    page = as_awa.get(exam.get_absolute_url()).text
    assert "<h1>Time is over</h1>" in page
    assert "1 item was answered in time" in page
    assert "<fieldset" not in page
    assert Attempt.objects.get().is_open
    page = as_awa.post(exam.get_absolute_url(), {"submit": 1}, follow=True).text
    assert "<h1>Exam not passed yet: 1 of 3 items right</h1>" in page
    assert row(exam)[1] is not None


def test_what_was_handed_in_within_the_grace_is_told_as_late(as_awa, awa, module):
    exam = running(awa, module, -10)
    page = as_awa.post(exam.get_absolute_url(), {"page": 9, "submit": 1}, follow=True).text
    assert "Noted as late" in page
    assert row(exam)[2] is True


def test_ten_minutes_more_once_by_one_button(as_awa, awa, module):
    exam = running(awa, module, 25)
    own, before = exam.get_absolute_url(), exam.closes_at
    first = exam.responses.get(position=1)
    assert 'name="more"' in as_awa.get(own).text
    fields = {"page": 1, **make.fields(first, make.right_answer(first)), "more": 1}
    page = as_awa.post(own, fields, follow=True)
    assert page.redirect_chain == [(f"{own}?page=1", 302)]
    assert "You have ten minutes more" in page.text
    assert 'name="more"' not in page.text
    assert "ask whoever set this exam" in page.text
    as_awa.post(own, {"page": 1, "more": 1})
    exam.refresh_from_db()
    assert (exam.closes_at, exam.extra_time) == (before + TEN_MINUTES, TEN_MINUTES)
    assert exam.responses.get(position=1).answer is not None


@pytest.mark.parametrize("extra", [timedelta(), timedelta(minutes=20)])
def test_a_limit_of_somebody_else_is_not_the_learners_to_move(as_awa, awa, module, extra):
    exam = running(awa, module, 25, extra_time=extra)
    own = exam.get_absolute_url()
    page = as_awa.get(own).text
    assert 'name="more"' not in page
    assert "ask whoever set this exam" in page
    page = as_awa.post(own, {"page": 1, "more": 1}, follow=True).text
    assert "ten minutes more" not in page
    exam.refresh_from_db()
    assert exam.extra_time == extra


def test_no_time_is_added_once_it_is_over(awa, module):
    exam = make.exam(awa, module, due_at=DUE)
    assert exam.extend(DUE + GRACE + SECOND) is False
    assert exam.extend(DUE + GRACE) is True


def test_no_time_is_offered_or_added_once_it_is_handed_in(awa, module):
    exam = make.exam(awa, module, right=0, due_at=DUE)
    assert not exam.may_extend
    assert exam.extend(DUE) is False


def test_without_an_answer_too_one_is_told_that_time_is_over(exam):
    assert exam.save_answers({}, "en", DUE + GRACE)
    assert exam.save_answers({}, "en", DUE + GRACE + SECOND) is False
    exam.submit(DUE)
    assert exam.save_answers({}, "en", DUE) is False


# Many at once, on SQLite's file or PostgreSQL


@pytest.mark.django_db(transaction=True)
def test_sweep_and_submit_have_one_winner(in_parallel, awa, module):
    """Half of them sweep, half hand in within the grace: one mark, one end, and nobody sees another."""
    exam = make.exam(awa, module, due_at=DUE, extra_time=timedelta())
    exam.save_answers(key_of(exam), "en", DUE)

    def act(number):
        mine = Attempt.objects.get(pk=exam.pk)
        won = mine.expire(DUE + 2 * GRACE) if number % 2 else mine.submit(DUE + SECOND)
        mine.refresh_from_db()
        return won, mine.submitted_at, mine.expired_at, mine.is_late, mine.score

    outcomes = in_parallel(act)
    assert Counter(won for won, *_ in outcomes) == {True: 1, False: 15}
    assert len({end for _, *end in [(won, tuple(rest)) for won, *rest in outcomes] for end in end}) == 1
    submitted_at, expired_at, is_late, _ = row(exam)
    assert (submitted_at, expired_at, is_late) in [(DUE + SECOND, None, True), (DUE, DUE + 2 * GRACE, False)]
    assert exam.responses.values("marked_at").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_time_is_added_once_of_16_asked_for_at_once(in_parallel, awa, module):
    exam = make.exam(awa, module, due_at=DUE)
    added = in_parallel(lambda _: Attempt.objects.get(pk=exam.pk).extend(DUE))
    exam.refresh_from_db()
    assert (sum(added), exam.extra_time) == (1, TEN_MINUTES)


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_hands_in_while_the_sweep_runs_sees_the_one_result(in_parallel, awa, module):
    exam = running(awa, module, -31)
    exam.save_answers(key_of(exam), "en", exam.due_at)
    own, at = exam.get_absolute_url(), timezone.now()
    browsers = [browser_of(awa) for _ in range(8)]

    def act(number):
        if number >= 8:
            return Attempt.objects.expire(at)
        return browsers[number].post(own, {"page": 9, "submit": 1}, follow=True).text.split("<h1>")[1][:40]

    results = in_parallel(act)
    assert sum(results[8:]) <= 1
    assert len(set(results[:8])) == 1
