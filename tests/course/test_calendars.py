"""A learner's dates in a calendar: right, neutral, the same events each time, and open to the address alone."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from accounts.models import Token
from cohorts.marks import months_later
from cohorts.models import Extension, HandMark, QuizAssignment
from course.calendars import DAYS_AHEAD, Entry, calendar_of
from lessons.models import Lesson, Module, Section
from quizzes.models import Recall
from tests import make

DAY = timedelta(days=1)
SECRET = "s" * 43


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def module(db):
    return make.case_study(sections=4)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, now):
    row = make.cohort(bakary, [awa], name="Monday group")
    make.joined(awa, now - 90 * DAY)
    return row


@pytest.fixture
def feed(awa):
    return make.feed(awa, SECRET)


def fetched(client=None, secret=SECRET, **headers):
    return (client or Client()).get(f"/calendar/{secret}.ics", headers=headers)


def events(client=None, secret=SECRET):
    """[(title, when, the event)] by time; days last."""
    response = fetched(client, secret)
    assert response.status_code == 200
    rows = [(str(event["SUMMARY"]), event.decoded("DTSTART"), event) for event in read(response.content)]
    return sorted(rows, key=lambda row: (not isinstance(row[1], datetime), str(row[1])))


def read(content):
    return Calendar.from_ical(content).walk("VEVENT")


def set_work(cohort, sections, due_at, **fields):
    given = {"opens_at": timezone.now() - 60 * DAY, "due_at": due_at} | fields
    return make.assignment(cohort, sections[0].module, sections, **given)


# What stands in it


def test_each_section_that_is_due_or_late_stands_at_its_moment(feed, cohort, sections, now):
    set_work(cohort, sections[:1], now - 3 * DAY)
    set_work(cohort, sections[1:2], now + 4 * DAY)
    set_work(cohort, sections[2:3], now + 9 * DAY, opens_at=now + DAY)
    assert [(title, when) for title, when, _event in events()] == [
        ("Section 1 is due", now - 3 * DAY),
        ("Section 2 is due", now + 4 * DAY),
        ("Section 3 is due", now + 9 * DAY),
    ]


def test_a_quiz_of_the_staff_that_has_a_date_stands_there_until_it_is_handed_in_or_closed(
    feed, awa, bakary, cohort, now
):
    bank = make.bank(bakary)
    quizzes = [make.own_quiz(bakary, [make.own_item(bank)], title="Wagner") for _ in range(6)]
    dates = [now - 2 * DAY, now + 3 * DAY, now + 4 * DAY, None, now - DAY, now + 5 * DAY]
    late, later, handed_in, _undated, closed, by_hand = [
        make.set_quiz(cohort, quiz, now - 9 * DAY, due_at=date) for quiz, date in zip(quizzes, dates, strict=True)
    ]
    QuizAssignment.objects.filter(pk=later.pk).update(opens_at=now + DAY)
    QuizAssignment.objects.filter(pk=closed.pk).update(closes_at=now - DAY)
    make.own_sitting(awa, handed_in.quiz, right=0, at=now - DAY)
    place = cohort.enrolments.get(user=awa)
    HandMark.objects.create(enrolment=place, quiz=by_hand, score="0.9", reason="Told aloud", made_at=now)
    found = [(title, when) for title, when, _event in events() if not title.startswith("Review")]
    assert found == [("A quiz is due", late.due_at), ("A quiz is due", later.due_at)]
    assert "Wagner" not in fetched().text
    ids = {event["UID"] for _title, _when, event in events()}
    QuizAssignment.objects.filter(pk=later.pk).update(due_at=now + 6 * DAY)
    assert {event["UID"] for _title, _when, event in events()} == ids


def test_what_is_passed_excused_or_optional_does_not_stand_there_and_ones_own_date_holds(
    feed, awa, cohort, sections, now
):
    place = cohort.enrolments.get(user=awa)
    make.quiz(awa, sections[0], right=5)
    Recall.objects.all().delete()
    set_work(cohort, sections[:1], now + DAY)
    Extension.objects.create(assignment=set_work(cohort, sections[1:2], now + DAY), enrolment=place, is_excused=True)
    set_work(cohort, sections[2:3], now + DAY, is_required=False)
    later = set_work(cohort, sections[3:], now + DAY)
    Extension.objects.create(assignment=later, enrolment=place, due_at=now + 5 * DAY)
    assert [(title, when) for title, when, _event in events()] == [("Section 4 is due", now + 5 * DAY)]


def test_days_of_review_stand_as_whole_days_for_a_month_in_the_learners_zone(feed, awa, sections, monkeypatch):
    awa.time_zone = "Pacific/Auckland"
    awa.save()
    make.quiz(awa, sections[0], right=5)
    today = date(2026, 12, 1)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 30, 20, tzinfo=UTC))  # it is the first there
    keys = list(Recall.objects.values_list("pk", flat=True))
    for key, days in zip(keys, (0, 0, 12, DAYS_AHEAD - 1, DAYS_AHEAD), strict=True):
        Recall.objects.filter(pk=key).update(due_on=today + timedelta(days=days), last_on=today - 5 * DAY)
    assert [(title, when) for title, when, _event in events()] == [
        ("Review: 2 questions", today),
        ("Review: 1 question", today + 12 * DAY),
        ("Review: 1 question", today + (DAYS_AHEAD - 1) * DAY),
    ]


def test_titles_are_in_the_language_of_the_person_whoever_asks(feed, awa, cohort, sections, now):
    awa.language = "fr"
    awa.save()
    set_work(cohort, sections[:1], now + DAY)
    [(_title, _when, event)] = events()
    assert "/fr/progress/" in str(event["URL"])


def test_not_a_word_of_the_case_of_a_cohort_or_of_a_person_is_in_it(feed, awa, cohort, sections, now):
    make.quiz(awa, sections[1], right=2)
    set_work(cohort, sections, now + DAY)
    text = fetched().text
    secrets = {"Awa", "Bakary", "Monday group", *Module.objects.values_list("slug", flat=True)}
    for row in [*Module.objects.all(), *Section.objects.all(), *Lesson.objects.all()]:
        secrets |= set(row.document["title"].values())
    for item in sections[1].bank.items.all():
        secrets |= {item.slug, item.current_version.document["stem"]["en"], item.document["explanation"]["en"]}
    assert {secret for secret in secrets if secret in text} == set()
    assert "Section 1 is due" in text


# What runs out


def test_the_moment_from_which_a_pass_counts_no_more_stands_there_however_far_off(feed, awa, cohort, sections, now):
    make.quiz(awa, sections[0], right=5, at=now - 10 * DAY)
    make.quiz(awa, sections[1], right=5, at=now - 20 * DAY)
    Recall.objects.all().delete()
    set_work(cohort, sections[:1], now + DAY, months_valid=12)
    set_work(cohort, sections[:1], now + DAY, months_valid=6)
    set_work(cohort, sections[1:2], now + DAY)
    set_work(cohort, sections[2:3], now + DAY, months_valid=6)
    assert [(title, when) for title, when, _event in events()] == [
        ("Section 3 is due", now + DAY),
        ("Section 1: the pass runs out", months_later(now - 10 * DAY, 6)),
    ]


def test_passing_again_moves_that_moment_and_it_is_the_same_event(feed, awa, cohort, sections, now):
    set_work(cohort, sections[:1], now + DAY, months_valid=1)
    make.quiz(awa, sections[0], right=5, at=now - 50 * DAY)
    Recall.objects.all().delete()
    [(_title, before, event)] = events()
    make.quiz(awa, sections[0], right=5, at=now - 2 * DAY)
    Recall.objects.all().delete()
    [(_title, after, renewed)] = events()
    assert (before, after) == (months_later(now - 50 * DAY, 1), months_later(now - 2 * DAY, 1))
    assert event["UID"] == renewed["UID"]


def test_what_is_optional_or_excused_runs_out_for_nobody(feed, awa, cohort, sections, now):
    for section in sections[:2]:
        make.quiz(awa, section, right=5, at=now - DAY)
    Recall.objects.all().delete()
    set_work(cohort, sections[:1], now + DAY, months_valid=6, is_required=False)
    excused = set_work(cohort, sections[1:2], now + DAY, months_valid=6)
    Extension.objects.create(assignment=excused, enrolment=cohort.enrolments.get(user=awa), is_excused=True)
    assert events() == []


def test_a_certificate_that_runs_out_stands_there_until_six_weeks_after(feed, awa, celia, cohort, sections, now):
    work = set_work(cohort, sections, None, is_required=False)
    module = work.module
    make.certificate(awa, module, work, at=now - 90 * DAY, expires_at=now - 41 * DAY)
    make.certificate(awa, make.case_study(), at=now - 90 * DAY, expires_at=now - 43 * DAY)
    make.certificate(awa, module, at=now)
    make.certificate(celia, module, work, at=now, expires_at=now + DAY)
    [(title, before, event)] = events()
    assert (title, before) == ("A certificate runs out", now - 41 * DAY)
    awa.certificates.filter(assignment=work).update(replaced_at=now)
    make.certificate(awa, module, work, at=now, expires_at=now + 300 * DAY)
    [(_title, after, renewed)] = events()
    assert after == now + 300 * DAY
    assert event["UID"] == renewed["UID"]


# Its form


def test_it_is_a_calendar_with_a_neutral_name_in_lines_that_others_can_read(feed, cohort, sections, now):
    set_work(cohort, sections, now + DAY)
    response = fetched()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.content.count(b"\r\n") == response.content.count(b"\n")
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(response.content)
    assert (calendar["VERSION"], str(calendar["X-WR-CALNAME"])) == ("2.0", "Study dates")
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"} <= set(event)
        assert event["DTSTART"].to_ical().endswith(b"Z")


def test_an_event_stays_the_same_from_fetch_to_fetch_and_where_its_date_moves(feed, cohort, sections, now, monkeypatch):
    row = set_work(cohort, sections[:2], now + DAY)
    before = {title: event for title, _when, event in events()}
    again = {title: event for title, _when, event in events()}
    row.due_at = now + 6 * DAY
    row.save()
    monkeypatch.setattr(timezone, "now", lambda: now + 2 * DAY)
    moved = {title: event for title, _when, event in events()}
    assert len({event["UID"] for event in before.values()}) == 2
    for title, event in before.items():
        assert event["UID"] == again[title]["UID"] == moved[title]["UID"]
        assert moved[title].decoded("DTSTART") == now + 6 * DAY
        assert moved[title]["SEQUENCE"] > event["SEQUENCE"]
        assert moved[title].decoded("DTSTAMP") > event.decoded("DTSTAMP")


def test_two_people_and_two_sites_have_different_ids(feed, awa, celia, cohort, sections, now, settings):
    cohort.join(celia, now - DAY)
    make.feed(celia, "c" * 43)
    set_work(cohort, sections[:1], now + DAY)
    [hers], [others] = events(), events(secret="c" * 43)
    assert hers[2]["UID"] != others[2]["UID"]
    settings.SECRET_KEY = "another"
    assert events()[0][2]["UID"] != hers[2]["UID"]


KEYS = st.text(min_size=1, max_size=30)
MOMENTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from(
        [UTC, *map(ZoneInfo, ("Africa/Bamako", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"))]
    ),
)
ENTRIES = st.lists(
    st.builds(Entry, KEYS, st.text(max_size=200), MOMENTS | st.dates(date(2020, 1, 1), date(2100, 1, 1))),
    max_size=8,
    unique_by=lambda entry: entry.key,
)


@given(ENTRIES, MOMENTS)
def test_whatever_stands_in_it_is_read_back_at_the_same_moment(entries, at):
    content = calendar_of(entries, "1", "https://example.org/en/progress/", 3, at)
    rows = list(read(content))
    assert len({event["UID"] for event in rows}) == len(entries)
    for entry, event in zip(entries, rows, strict=True):
        start = event.decoded("DTSTART")
        assert type(start) is type(entry.when)
        if isinstance(entry.when, datetime):  # as moments: of an hour that comes twice no two zones' are ever equal
            assert start.timestamp() == entry.when.replace(microsecond=0).timestamp()
        else:
            assert start == entry.when
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line


def test_an_hour_that_the_clocks_repeat_or_change_by_stays_its_own_moment():
    paris = ZoneInfo("Europe/Paris")
    summer, winter = (datetime(2026, 10, 25, 2, 30, tzinfo=paris, fold=fold) for fold in (0, 1))
    content = calendar_of([Entry("a", "a", summer), Entry("b", "b", winter)], "1", "https://x.org/", 0, summer)
    assert [event.decoded("DTSTART") for event in read(content)] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]


# Who reads it


def test_an_address_that_is_unknown_ended_or_past_its_year_says_so_in_one_sentence(feed, awa, monkeypatch, now):
    def refused(secret=SECRET):
        response = fetched(secret=secret)
        assert response.status_code == 404
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert len(response.text.strip().splitlines()) == 1
        return response.text

    assert fetched().status_code == 200
    unknown = refused("x" * 43)
    assert "make a new one" in unknown
    monkeypatch.setattr(timezone, "now", lambda: now + 366 * DAY)
    assert refused() == unknown
    monkeypatch.undo()
    feed.delete()
    assert refused() == unknown


@pytest.mark.django_db
def test_guessing_ends_after_three_hundred_tries_and_a_right_address_still_opens(feed, monkeypatch):
    monkeypatch.setattr("course.views.calendars.PER_NETWORK", 3)
    assert [fetched(secret=f"{number}").status_code for number in range(5)] == [404, 404, 404, 429, 429]
    assert fetched().status_code == 200


def test_it_asks_no_session_sets_no_cookie_and_is_kept_by_nobody(feed, as_awa):
    response = fetched()
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Location" not in fetched(secret="x").headers
    assert Client().post(f"/calendar/{SECRET}.ics").status_code == 405


def test_it_does_not_count_as_having_been_here(feed, awa):
    seen = awa.last_seen_on
    fetched()
    awa.refresh_from_db()
    assert awa.last_seen_on == seen


def test_it_costs_at_most_8_queries_whatever_stands_in_it(
    feed, awa, cohort, sections, now, django_assert_max_num_queries
):
    make.quiz(awa, sections[0], right=5)
    for section in sections:
        set_work(cohort, [section], now + DAY, months_valid=6)
        make.certificate(awa, make.case_study(), at=now, expires_at=now + DAY)
    with django_assert_max_num_queries(8):
        assert len(events()) >= 3 + 1 + 4


# The page where it is made


def test_an_address_is_shown_once_with_its_code_and_opens(as_awa, awa, cohort, sections, now):
    set_work(cohort, sections[:1], now + DAY)
    page = as_awa.get("/en/calendar/")
    press = re.search(r'name="press" value="(\w+)"', page.text)[1]
    made = as_awa.post("/en/calendar/", {"press": press})
    secret = re.search(r'value="http://testserver/calendar/([\w-]+)\.ics"', made.text)[1]
    assert f'href="webcal://testserver/calendar/{secret}.ics"' in made.text
    assert '<svg aria-hidden="true"' in made.text
    assert "no-store" in made["Cache-Control"]
    assert [title for title, _when, _event in events(secret=secret)] == ["Section 1 is due"]
    assert as_awa.post("/en/calendar/", {"press": press}).text.count(secret) == made.text.count(secret)
    assert Token.objects.count() == 1
    assert secret not in as_awa.get("/en/calendar/").text


def test_one_ends_ones_own_and_nobody_elses(as_awa, as_celia, feed):
    for browser, chosen in ((as_celia, feed.pk), (as_awa, feed.pk + 1), (as_awa, "x"), (as_awa, "")):
        page = browser.post("/en/calendar/end/", {"feed": chosen}, follow=True)
        assert "That address had ended before." in page.text
    assert fetched().status_code == 200
    page = as_awa.post("/en/calendar/end/", {"feed": feed.pk}, follow=True)
    assert "That address has ended." in page.text
    assert fetched().status_code == 404


def test_a_sixth_is_refused_with_what_to_do(as_awa, awa):
    for _ in range(5):
        assert as_awa.post("/en/calendar/", {"press": ""}).status_code == 200
    page = as_awa.post("/en/calendar/", {"press": ""}, follow=True)
    assert "There are 5 addresses already: end one, then make another." in page.text
    assert 'name="press"' not in page.text
    assert Token.objects.of(awa).count() == 5


def test_a_guest_has_one_too_and_each_finds_the_way_from_their_own_page(as_guest, as_awa):
    assert as_guest.post("/en/calendar/", {"press": "a"}).status_code == 200
    for browser in (as_guest, as_awa):
        assert 'href="/en/calendar/"' in browser.get("/en/own/").text


def test_the_page_costs_at_most_8_queries_and_making_one_12(as_awa, feed, django_assert_max_num_queries):
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        as_awa.get("/en/calendar/")
    with django_assert_max_num_queries(12):
        as_awa.post("/en/calendar/", {"press": "a"})
