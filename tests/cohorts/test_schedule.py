"""The schedule of a cohort: nine weekly dates in two presses, one assignment a section, nothing overwritten unseen."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cohorts import schedules
from cohorts.models import Assignment
from cohorts.schedules import Closing
from tests import make
from tests.conftest import browser_of
from tests.forms import form_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEW_YORK, PARIS = ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")


@pytest.fixture
def module():
    return make.case_study(sections=3)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, danso, awa):
    """Bakary and Danso teach Awa."""
    row = make.cohort(bakary, [awa], time_zone="America/New_York", name="Monday group")
    make.staff(row, danso)
    return row


@pytest.fixture
def address(cohort, module):
    return f"/en/cohorts/{cohort.pk}/schedule/"


def shown(response):
    return form_of(response, "typed")[1]


def name(section, part):
    return f"s{section.pk}-{part}"


def fill(client, address, **typed):
    """The form after "Fill in the dates"."""
    fields = shown(client.get(address)) | {"first_on": "2026-12-04", "due_time": "18:00", "weeks": "1"} | typed
    page = client.post(address, fields | {"fill": "1"})
    return page, shown(page)


def local(moment, zone=NEW_YORK):
    return moment and moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def dues(cohort):
    """{position, or None for the whole module: when it is due in New York}."""
    rows = cohort.assignments.with_sections()
    return {next((section.position for section in row.chosen()), None): local(row.due_at) for row in rows}


def test_weekly_dates_take_two_presses(as_bakary, cohort, sections, address):
    page, fields = fill(as_bakary, address)
    assert page.status_code == 200
    assert "not saved yet" in page.text
    assert not Assignment.objects.exists()
    page = as_bakary.post(address, fields, follow=True)
    assert "The schedule is saved" in page.text
    assert dues(cohort) == {1: "2026-12-04 18:00", 2: "2026-12-11 18:00", 3: "2026-12-18 18:00"}
    row = cohort.assignments.order_by("pk").first()
    assert ([section.pk for section in row.chosen()], row.is_required) == ([sections[0].pk], True)
    midnight = datetime.combine(timezone.localdate(timezone.now(), NEW_YORK), datetime.min.time(), NEW_YORK)
    assert row.opens_at == midnight


def test_the_second_press_changes_nothing(as_bakary, cohort, address):
    _, fields = fill(as_bakary, address)
    as_bakary.post(address, fields)
    before = list(cohort.assignments.order_by("pk").values())
    assert as_bakary.post(address, fields).status_code == 302
    assert list(cohort.assignments.order_by("pk").values()) == before


def test_what_is_set_stands_in_the_form_and_is_changed_or_taken_away(as_bakary, cohort, sections, address):
    _, fields = fill(as_bakary, address)
    as_bakary.post(address, fields)
    first, second, _third = cohort.assignments.order_by("pk").values_list("pk", flat=True)
    fields = shown(as_bakary.get(address))
    assert fields[name(sections[1], "due_at")] == "2026-12-11T18:00"
    del fields[name(sections[2], "is_set")], fields[name(sections[0], "is_required")]
    as_bakary.post(address, fields | {name(sections[1], "due_at"): "2026-12-15T09:00"})
    assert dues(cohort) == {1: "2026-12-04 18:00", 2: "2026-12-15 09:00"}
    assert [*cohort.assignments.order_by("pk").values_list("pk", "is_required")] == [(first, False), (second, True)]


def test_every_other_week_each_opens_when_the_one_before_is_due(as_bakary, cohort, sections, address):
    fields = shown(as_bakary.get(address)) | {name(sections[0], "opens_at"): "2026-11-20T08:00"}
    fields |= {"first_on": "2026-12-04", "due_time": "09:30", "weeks": "2", "opening": "in_turn", "fill": "1"}
    page = as_bakary.post(address, fields)
    as_bakary.post(address, shown(page))
    rows = cohort.assignments.order_by("pk")
    assert [(local(row.opens_at), local(row.due_at)) for row in rows] == [
        ("2026-11-20 08:00", "2026-12-04 09:30"),
        ("2026-12-04 09:30", "2026-12-18 09:30"),
        ("2026-12-18 09:30", "2027-01-01 09:30"),
    ]


def test_sections_that_are_not_ticked_get_no_date_and_take_no_week(as_bakary, cohort, sections, address):
    fields = shown(as_bakary.get(address))
    del fields[name(sections[1], "is_set")]
    fields |= {"first_on": "2026-12-04", "due_time": "18:00", "weeks": "1", "fill": "1"}
    as_bakary.post(address, shown(as_bakary.post(address, fields)))
    assert dues(cohort) == {1: "2026-12-04 18:00", 3: "2026-12-11 18:00"}


def test_all_sections_together_are_due_with_the_last_and_make_one_more(as_bakary, cohort, address):
    _, fields = fill(as_bakary, address, **{"all-is_set": "on"})
    as_bakary.post(address, fields)
    assert dues(cohort)[None] == dues(cohort)[3] == "2026-12-18 18:00"
    assert cohort.assignments.count() == 4


def test_one_rule_for_late_work_holds_for_all(as_bakary, cohort, address):
    _, fields = fill(as_bakary, address)
    as_bakary.post(address, fields | {"closes_days": "7", "late_rule": "less", "late_points": "20"})
    rows = cohort.assignments.order_by("pk")
    assert {local(row.closes_at)[10:] for row in rows} == {" 18:00"}
    assert {(row.closes_at - row.due_at, row.late_rule, row.late_points) for row in rows} == {(7 * DAY, "less", 20)}
    fields = shown(as_bakary.get(address))
    assert (fields["closes_days"], fields["late_rule"], fields["late_points"]) == ("7", "less", "20")
    as_bakary.post(address, fields | {"closes_days": "", "late_rule": "full", "late_points": "20"})
    assert {(row.closes_at, row.late_rule, row.late_points) for row in rows.all()} == {(None, "full", 0)}


def test_several_rules_stay_as_they_are_and_closing_moves_with_its_due_date(
    as_bakary, cohort, module, sections, address
):
    due = datetime(2026, 12, 4, 18, tzinfo=NEW_YORK)
    fields = {"due_at": due, "closes_at": due + 2 * DAY, "late_rule": "less", "late_points": 10}
    make.assignment(cohort, module, sections[:1], **fields)
    make.assignment(cohort, module, sections[1:2], due_at=due)
    typed = shown(as_bakary.get(address))
    assert (typed["late_rule"], typed["closes_days"]) == ("", "")
    as_bakary.post(address, typed | {name(sections[0], "due_at"): "2026-12-05T18:00"})
    first, second = cohort.assignments.order_by("pk")
    assert (local(first.closes_at), first.late_points) == ("2026-12-07 18:00", 10)
    assert (second.closes_at, second.late_rule) == (None, "full")
    typed = shown(as_bakary.get(address)) | {"closes_days": "3"}
    assert as_bakary.post(address, typed).status_code == 422
    as_bakary.post(address, typed | {"late_rule": "full"})
    assert {row.closes_at - row.due_at for row in cohort.assignments.all()} == {3 * DAY}


def test_what_is_set_by_hand_over_several_sections_is_said_once_and_left_alone(
    as_bakary, cohort, module, sections, address
):
    row = make.assignment(cohort, module, sections[:2], title="Before the holidays")
    page = as_bakary.get(address)
    assert page.text.count("Before the holidays") == 1
    fields = shown(page)
    assert [name(section, "is_set") in fields for section in sections] == [False, False, True]
    as_bakary.post(address, fields)
    row.refresh_from_db()
    assert (row.due_at, len(row.chosen())) == (None, 2)
    assert cohort.assignments.count() == 2


def test_a_second_assignment_over_the_same_section_is_left_alone(as_bakary, cohort, module, sections, address):
    first, second = (make.assignment(cohort, module, sections[:1], title=title) for title in ("One", "Two"))
    page = as_bakary.get(address)
    assert f'<a href="{second.get_absolute_url()}">Two</a>' in page.text
    as_bakary.post(address, shown(page) | {name(sections[0], "due_at"): "2026-12-11T18:00"})
    assert local(Assignment.objects.get(pk=first.pk).due_at) == "2026-12-11 18:00"
    assert Assignment.objects.get(pk=second.pk).due_at is None


@pytest.mark.parametrize("what", ["extension", "hand mark", "exam", "certificate"])
def test_what_something_hangs_on_is_not_taken_away(as_bakary, cohort, awa, module, sections, address, what):
    row = make.assignment(cohort, module, sections[:1], exam="open")
    place = cohort.enrolments.get(user=awa)
    if what == "extension":
        row.extensions.create(enrolment=place, reason="Ill")
    elif what == "hand mark":
        make.hand_mark(row, awa, sections[0], "0.9")
    elif what == "exam":
        make.exam_result(awa, module, "0.9")
    else:
        make.certificate(awa, module, row)
    fields = shown(as_bakary.get(address))
    del fields[name(sections[0], "is_set")]
    page = as_bakary.post(address, fields)
    assert page.status_code == 422
    assert f'<a href="#id_{name(sections[0], "is_set")}">' in page.text
    assert cohort.assignments.filter(pk=row.pk).exists()


def test_the_exam_and_the_title_of_a_line_stay_as_they_are(as_bakary, cohort, module, sections, address):
    row = make.assignment(cohort, module, sections[:1], title="Essay week", exam="open", exam_minutes=40)
    fields = shown(as_bakary.get(address))
    as_bakary.post(address, fields | {name(sections[0], "due_at"): "2026-12-11T18:00"})
    row.refresh_from_db()
    assert (row.title, row.exam, row.exam_minutes) == ("Essay week", "open", 40)
    assert local(row.due_at) == "2026-12-11 18:00"


def test_seconds_that_no_form_shows_stay(as_bakary, cohort, module, sections, address):
    opens = datetime(2026, 11, 2, 9, 0, 30, tzinfo=UTC)
    row = make.assignment(cohort, module, sections[:1], opens_at=opens)
    fields = shown(as_bakary.get(address))
    as_bakary.post(address, fields | {name(sections[0], "due_at"): "2026-12-11T18:00"})
    row.refresh_from_db()
    assert row.opens_at == opens


def test_a_later_date_reaches_an_exam_that_runs(as_bakary, cohort, awa, module, sections, address):
    due = datetime(2126, 12, 4, 18, tzinfo=NEW_YORK)
    row = make.assignment(cohort, module, sections[:1], exam="open", exam_attempts=1, due_at=due)
    exam = make.exam(awa, module, at=timezone.now(), due_at=due)
    fields = shown(as_bakary.get(address)) | {name(sections[0], "due_at"): "2126-12-05T18:00"}
    page = as_bakary.post(address, fields, follow=True)
    assert "Exams that run now have the later end too" in page.text
    exam.refresh_from_db()
    row.refresh_from_db()
    assert exam.due_at == row.due_at == due + DAY


# What is refused


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("due_at", "2026-10-01T09:00"),
        ("due_at", "soon"),
        ("due_at", "2027-03-14T02:30"),
        ("due_at", "2026-11-01T01:30"),
        ("due_at", "9999-12-31T23:59"),
        ("opens_at", ""),
        ("opens_at", "soon"),
    ],
)
def test_what_cannot_be_is_refused_in_its_row_and_all_that_was_typed_stays(
    as_bakary, cohort, sections, address, part, value
):
    """New York's clocks leave out the one hour, and show the other twice."""
    _, fields = fill(as_bakary, address)
    fields |= {name(sections[1], part): value, name(sections[0], "due_at"): "2027-01-04T12:00"}
    fields |= {name(sections[2], "opens_at"): "2026-11-30T08:00"}
    page = as_bakary.post(address, fields)
    assert page.status_code == 422
    target = f"id_{name(sections[1], part)}"
    assert f'<a href="#{target}">' in page.text
    assert f'id="{target}_error"' in page.text
    assert f"Section 2: {'due' if part == 'due_at' else 'opens'}" in page.text
    assert not Assignment.objects.exists()
    again = shown(page)
    assert {key: again[key] for key in fields if "-" in key} == {key: fields[key] for key in fields if "-" in key}


def test_what_is_wrong_in_a_line_that_is_not_set_hinders_nobody(as_bakary, cohort, sections, address):
    _, fields = fill(as_bakary, address)
    del fields[name(sections[1], "is_set")]
    assert as_bakary.post(address, fields | {name(sections[1], "due_at"): "soon"}).status_code == 302
    assert list(dues(cohort)) == [1, 3]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closes_days", "-1"),
        ("closes_days", "999"),
        ("closes_days", "week"),
        ("late_points", ""),
        ("late_points", "101"),
        ("late_rule", "double"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(as_bakary, address, field, value):
    _, fields = fill(as_bakary, address)
    fields |= {"closes_days": "7", "late_rule": "less", "late_points": "20"} | {field: value}
    page = as_bakary.post(address, fields)
    assert page.status_code == 422
    assert f'<a href="#id_{field}">' in page.text
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_on", ""),
        ("first_on", "soon"),
        ("first_on", "9999-12-31"),
        ("due_time", ""),
        ("due_time", "25:00"),
        ("weeks", "0"),
        ("weeks", "53"),
        ("weeks", "9" * 5000),
        ("opening", "never"),
    ],
)
def test_dates_that_cannot_be_filled_in_are_refused_beside_their_field(as_bakary, sections, address, field, value):
    page, fields = fill(as_bakary, address, **{name(sections[0], "due_at"): "2026-12-24T12:00", field: value})
    assert page.status_code == 422
    assert f'<a href="#id_{field}">' in page.text
    assert fields[name(sections[0], "due_at")] == "2026-12-24T12:00"


def test_a_form_of_which_a_part_has_not_arrived_takes_nothing_away(as_bakary, cohort, module, sections, address):
    make.assignment(cohort, module, sections[:1])
    assert as_bakary.post(address, {}).status_code == 422
    assert cohort.assignments.count() == 1


def test_a_colleagues_newer_date_is_not_overwritten_unseen(as_bakary, danso, cohort, sections, address):
    _, fields = fill(as_bakary, address)
    as_bakary.post(address, fields)
    old = shown(as_bakary.get(address))
    as_danso = browser_of(danso)
    as_danso.post(address, shown(as_danso.get(address)) | {name(sections[1], "due_at"): "2026-12-13T18:00"})
    page = as_bakary.post(address, old | {name(sections[1], "due_at"): "2026-12-15T18:00"})
    assert page.status_code == 409
    assert "13 December 2026, 18:00" in page.text
    assert dues(cohort)[2] == "2026-12-13 18:00"
    assert as_bakary.post(address, shown(page)).status_code == 302
    assert dues(cohort)[2] == "2026-12-15 18:00"


def test_what_a_colleague_took_away_does_not_come_back_unseen(as_bakary, danso, cohort, sections, address):
    _, fields = fill(as_bakary, address)
    as_bakary.post(address, fields)
    old = shown(as_bakary.get(address))
    cohort.assignments.filter(sections=sections[2]).delete()
    page = as_bakary.post(address, old | {name(sections[0], "due_at"): "2026-12-05T18:00"})
    assert page.status_code == 409
    assert name(sections[2], "is_set") not in shown(page)
    as_bakary.post(address, shown(page))
    assert dues(cohort) == {1: "2026-12-05 18:00", 2: "2026-12-11 18:00"}


def test_another_day_has_begun_since_the_page_was_opened(as_bakary, cohort, address, monkeypatch):
    """What the page proposed as opening is nothing that stands."""
    fields = shown(as_bakary.get(address))
    tomorrow = timezone.now() + DAY
    monkeypatch.setattr("cohorts.views.schedule.timezone", SimpleNamespace(now=lambda: tomorrow))
    assert as_bakary.post(address, fields).status_code == 302
    assert cohort.assignments.count() == 3


def test_showing_it_in_french_writes_nothing_and_keeps_what_was_typed(as_bakary, sections, address):
    typed = shown(as_bakary.get(address)) | {name(sections[0], "due_at"): "2026-12-24T12:00", "weeks": "3"}
    page = as_bakary.post(address.replace("/en/", "/fr/"), typed | {"show": "1"})
    assert page.status_code == 200
    assert (shown(page)[name(sections[0], "due_at")], shown(page)["weeks"]) == ("2026-12-24T12:00", "3")
    assert not Assignment.objects.exists()


# Whose, which, and what it costs


@pytest.mark.parametrize("browser", ["as_awa", "as_celia"])
def test_whoever_is_not_on_the_staff_sees_and_sets_nothing(request, browser, cohort, address):
    client = request.getfixturevalue(browser)
    assert client.get(address).status_code == client.post(address, {"fill": "1"}).status_code == 404
    assert not Assignment.objects.exists()


def test_of_several_modules_the_one_that_is_set_is_shown_first(as_bakary, cohort, module, address):
    other = make.case_study()
    make.assignment(cohort, other)
    page = as_bakary.get(address).text
    assert page.count(f's{other.sections.get().pk}-due_at"') > 0
    assert f'value="{other.slug}" selected' in page
    fields = shown(as_bakary.get(f"{address}?module={module.slug}"))
    as_bakary.post(f"{address}?module={module.slug}", fields)
    assert cohort.assignments.filter(module=module).count() == 3


def test_without_a_module_there_is_nothing_to_set(as_bakary, cohort):
    address = f"/en/cohorts/{cohort.pk}/schedule/"
    assert "no module here" in as_bakary.get(address).text
    assert as_bakary.post(address, {"fill": "1"}).status_code == 200


def test_an_optional_section_is_proposed_as_optional(as_bakary, cohort, sections, address):
    sections[1].document["optional"] = True
    sections[1].save()
    as_bakary.post(address, shown(as_bakary.get(address)))
    assert [*cohort.assignments.order_by("pk").values_list("is_required", flat=True)] == [True, False, True]


def test_looking_at_it_costs_at_most_12_queries_and_saving_30_whatever_is_set(as_bakary, cohort, module, address):
    as_bakary.get("/en/")
    counts = []
    for _ in range(2):
        fields = shown(as_bakary.get(address)) | {"all-is_set": "on"}
        with CaptureQueriesContext(connection) as looking:
            page = as_bakary.get(address)
        with CaptureQueriesContext(connection) as saving:
            assert as_bakary.post(address, fields | {"closes_days": "7"}).status_code == 302
        assert page.status_code == 200
        counts.append((len(looking), len(saving)))
        cohort.assignments.all().delete()
        for _ in range(4):
            make.lesson(make.section(module))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 12
    assert counts[0][1] <= 30


@pytest.mark.django_db(transaction=True)
def test_of_four_presses_at_once_one_writes(bakary, as_bakary, cohort, address, in_parallel):
    _, fields = fill(as_bakary, address)
    browsers = [browser_of(bakary) for _ in range(4)]
    answers = in_parallel(lambda number: browsers[number].post(address, fields).status_code, 4)
    assert answers == [302] * 4
    assert cohort.assignments.count() == 3


# The rule for late work


@pytest.mark.parametrize(
    ("due", "days", "closes"),
    [
        ("2026-10-20 18:00", 7, "2026-10-27 18:00"),
        ("2027-03-21 02:30", 7, "2027-03-28 03:30"),
        ("2026-10-18 02:30", 0, "2026-10-18 02:30"),
    ],
)
def test_it_closes_at_the_same_hour_on_the_clocks(due, days, closes):
    moment = datetime.fromisoformat(due).replace(tzinfo=PARIS)
    assert local(Closing(days).closes_at(moment, PARIS), PARIS) == closes


MOMENTS = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS, st.integers(0, 365), st.sampled_from([NEW_YORK, PARIS, ZoneInfo("Australia/Lord_Howe")]))
def test_it_never_closes_before_it_is_due(due, days, zone):
    assert Closing(days).closes_at(due, zone) >= due
    assert schedules.Closing(None).closes_at(due, zone) is None
