"""What is late or due stands on the learner's own pages, with the way to it; going on leads there first."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from cohorts.dues import closest, dues_of, named
from cohorts.models import Assignment, Extension
from tests import make
from tests.cohorts.test_board import plain
from tests.conftest import browser_of
from tests.course.test_pages import leads_on, not_due, read_all

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FAR = datetime(2126, 12, 6, 18, tzinfo=UTC)


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def module():
    return make.case_study(sections=6, lessons=2)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, now):
    row = make.cohort(bakary, [awa], name="Monday group")
    make.joined(awa, now - 90 * DAY)
    return row


@pytest.fixture
def set_work(cohort, module, now):
    """set_work(sections, due_at, …): these sections are set, open for two months; the assignment."""

    def set_work(sections, due_at, **fields):
        return make.assignment(cohort, module, sections, **{"opens_at": now - 60 * DAY, "due_at": due_at} | fields)

    return set_work


def lines(client, address):
    """[(sentence, where its button leads)] of what is due, and how many more there are."""
    page = client.get(address)
    assert page.status_code == 200
    if 'id="due"' not in page.text:
        return [], 0
    box = page.text.split('aria-labelledby="due"')[1].split("</section>")[0]
    sentences = [plain(text) for text in re.findall(r"<h3>(.*?)</h3>", box, re.S)]
    ways = re.findall(r'<a class="btn" href="([^"]+)"', box)
    more = re.search(r"(\d+) more, with", box)
    return list(zip(sentences, ways, strict=True)), int(more[1]) if more else 0


def sentences(client, address="/en/"):
    return [sentence for sentence, _way in lines(client, address)[0]]


def way_to(section):
    return f"{section.get_absolute_url()}go-on/"


def pages(cohort):
    return ("/en/", "/en/progress/", cohort.get_absolute_url())


def test_home_progress_and_the_cohorts_page_name_the_three_closest_and_count_the_rest(
    as_awa, cohort, sections, set_work, now
):
    set_work(sections[2:3], datetime(2025, 11, 20, 18, tzinfo=UTC), opens_at=datetime(2025, 11, 1, tzinfo=UTC))
    set_work(sections[:1], now + 2 * DAY)
    set_work(sections[5:], FAR)
    set_work(sections[3:5], FAR - DAY)
    for address in pages(cohort):
        found, more = lines(as_awa, address)
        assert found[0] == ("Section 3 has been late since 20 November 2025", way_to(sections[2]))
        assert found[1][0].startswith("Section 1 is due on ")
        assert found[2] == ("Section 4 is due on Thursday 5 December 2126, at 18:00", way_to(sections[3]))
        assert (len(found), more) == (3, 2)


def of_two_modules(bakary, awa, set_work, sections, now):
    """Section 2 of the first module is due in two days, and of another cohort's module section 1 tomorrow, 3 later."""
    other = make.case_study(sections=3)
    other.document["neutral_title"] = make.text("Another case")
    other.save()
    first, _second, third = other.sections.order_by("position")
    elsewhere = make.cohort(bakary, [awa], name="Friday group")
    for section, days in ((first, 1), (third, 3)):
        make.assignment(elsewhere, other, [section], opens_at=now - 60 * DAY, due_at=now + days * DAY)
    set_work(sections[1:2], now + 2 * DAY)
    return first, third


def test_home_and_progress_name_what_is_due_in_every_module(as_awa, bakary, awa, cohort, sections, set_work, now):
    first, third = of_two_modules(bakary, awa, set_work, sections, now)
    for address in pages(cohort)[:2]:
        rows, more = lines(as_awa, address)
        assert [way for _sentence, way in rows] == [way_to(first), way_to(sections[1]), way_to(third)]
        text = plain(as_awa.get(address).text)
        assert f"Another case · {first.title} · Friday group" in text
        assert f"A case study · {sections[1].title} · Monday group" in text
        assert more == 0
    set_work(sections[3:4], now + 9 * DAY)
    assert lines(as_awa, "/en/")[1] == 1
    assert f'<a href="{sections[0].module.get_absolute_url()}">1 more' in as_awa.get("/en/").text
    assert lines(as_awa, cohort.get_absolute_url())[0][0][1] == way_to(sections[1])
    assert "A case study ·" not in plain(as_awa.get(cohort.get_absolute_url()).text)


def test_what_is_passed_in_another_module_is_due_no_more_at_home(
    as_awa, bakary, awa, celia, cohort, sections, set_work, now
):
    first, third = of_two_modules(bakary, awa, set_work, sections, now)
    make.quiz(celia, third, right=5)
    make.quiz(awa, first, right=5)
    assert [way for _sentence, way in lines(as_awa, "/en/")[0]] == [way_to(sections[1]), way_to(third)]


def test_a_second_module_costs_home_nothing_more(
    as_awa, bakary, awa, cohort, sections, set_work, now, django_assert_max_num_queries
):
    make.reading(awa, sections[0].lessons.first())
    of_two_modules(bakary, awa, set_work, sections, now)
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        assert len(sentences(as_awa)) == 3


def test_what_is_due_within_this_year_is_told_by_its_day_of_the_week(as_awa, sections, set_work, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 30, 9, tzinfo=UTC))
    Assignment.objects.all().delete()
    row = set_work(sections[5:], datetime(2026, 12, 4, 18, tzinfo=UTC))
    Assignment.objects.filter(pk=row.pk).update(opens_at=make.NOW)
    assert sentences(as_awa) == ["Section 6 is due on Friday 4 December, at 18:00"]
    Assignment.objects.filter(pk=row.pk).update(due_at=datetime(2026, 11, 30, 18, tzinfo=UTC))
    assert sentences(as_awa) == ["Section 6 is due today, at 18:00"]


def test_a_date_is_told_in_the_cohorts_zone_which_is_named_where_it_is_not_ones_own(
    as_awa, awa, cohort, sections, set_work
):
    cohort.time_zone = "America/New_York"
    cohort.save()
    set_work(sections[:1], FAR)
    assert sentences(as_awa) == ["Section 1 is due on Friday 6 December 2126, at 13:00"]
    assert "Monday group · America/New_York" in plain(as_awa.get("/en/").text)
    awa.time_zone = "America/New_York"
    awa.save()
    assert "Monday group · America/New_York" not in plain(as_awa.get("/en/").text)


def test_what_is_passed_excused_optional_undated_or_not_open_yet_is_not_named(
    as_awa, awa, cohort, sections, set_work, now
):
    make.quiz(awa, sections[0], right=5)
    set_work(sections[:1], now - DAY)
    excused = set_work(sections[1:2], now - DAY)
    Extension.objects.create(assignment=excused, enrolment=cohort.enrolments.get(user=awa), is_excused=True)
    set_work(sections[2:3], now - DAY, is_required=False)
    set_work(sections[3:4], None)
    set_work(sections[4:5], now + 9 * DAY, opens_at=now + DAY)
    by_hand = set_work(sections[5:], now - DAY)
    make.hand_mark(by_hand, awa, sections[5], "0.9")
    for address in pages(cohort):
        assert sentences(as_awa, address) == []


def test_a_later_date_of_ones_own_holds(as_awa, awa, cohort, sections, set_work, now):
    row = set_work(sections[:1], now - DAY)
    Extension.objects.create(assignment=row, enrolment=cohort.enrolments.get(user=awa), due_at=FAR)
    assert sentences(as_awa) == ["Section 1 is due on Friday 6 December 2126, at 18:00"]


def test_a_section_that_is_set_twice_is_named_once_by_the_closer_date(as_awa, sections, set_work):
    set_work(sections[:2], FAR)
    set_work(sections[:1], FAR - DAY)
    assert sentences(as_awa) == [
        "Section 1 is due on Thursday 5 December 2126, at 18:00",
        "Section 2 is due on Friday 6 December 2126, at 18:00",
    ]


def test_what_runs_out_within_six_weeks_or_has_run_out_is_named(as_awa, awa, cohort, sections, set_work, now):
    make.quiz(awa, sections[0], right=5, at=now - 100 * DAY)
    make.quiz(awa, sections[1], right=5, at=now - 25 * DAY)
    make.quiz(awa, sections[2], right=5, at=now - 2 * DAY)
    set_work(sections[:3], None, months_valid=2)
    make.quiz(awa, sections[3], right=5, at=now - 100 * DAY)
    excused = set_work(sections[3:4], None, months_valid=2)
    Extension.objects.create(assignment=excused, enrolment=cohort.enrolments.get(user=awa), is_excused=True)
    for address in pages(cohort):
        ran_out, runs_out = sentences(as_awa, address)
        assert re.fullmatch(r"Section 1 ran out on \d+ \w+ \d{4}: pass the quiz again", ran_out)
        assert re.fullmatch(r"Section 2 runs out on \d+ \w+ \d{4}: passing the quiz again renews it", runs_out)


def test_an_archived_cohort_and_one_that_was_left_ask_nothing(as_awa, awa, cohort, sections, set_work, now):
    set_work(sections[:1], now - DAY)
    assert sentences(as_awa)
    cohort.archive(now)
    assert sentences(as_awa) == sentences(as_awa, cohort.get_absolute_url()) == []
    cohort.take_up(make.NOW.date())
    as_awa.post(f"/en/cohorts/{cohort.pk}/leave/")
    make.reading(awa, sections[0].lessons.first())
    assert sentences(as_awa) == []


def test_nobody_else_is_told(client, as_celia, as_bakary, celia, bakary, sections, set_work, now):
    set_work(sections[:1], now - DAY)
    for learner in (celia, bakary):
        make.reading(learner, sections[0].lessons.first())
    for browser in (client, as_celia, as_bakary):
        assert sentences(browser) == []


def test_whoever_has_joined_finds_their_way_at_home_before_they_begin(as_awa, as_celia, cohort, module):
    assert "Start the first lesson" not in as_awa.get("/en/").text
    assert "What next" in as_awa.get("/en/").text
    assert "What next" not in as_celia.get("/en/").text


# The way to it


def step_in(client, section):
    return client.get(way_to(section))["Location"]


def test_the_button_leads_to_the_next_step_of_its_section(as_awa, awa, sections, now):
    first, second = sections[1].lessons.order_by("position")
    assert step_in(as_awa, sections[1]) == first.get_absolute_url()
    make.reading(awa, first)
    assert step_in(as_awa, sections[1]) == second.get_absolute_url()
    make.reading(awa, second)
    assert step_in(as_awa, sections[1]) == f"{sections[1].get_absolute_url()}#quiz"
    sitting = make.quiz(awa, sections[1])
    assert step_in(as_awa, sections[1]) == sitting.get_absolute_url()
    assert step_in(as_awa, sections[0]) == sections[0].lessons.order_by("position").first().get_absolute_url()
    make.hand_in(sitting, right=1)
    assert step_in(as_awa, sections[1]) == sitting.get_absolute_url()
    make.quiz(awa, sections[1], right=5)
    assert step_in(as_awa, sections[1]) == f"{sections[1].get_absolute_url()}#quiz"


def test_a_section_that_opens_with_questions_begins_with_them(client, sections):
    sections[0].document["before"] = 1
    sections[0].save()
    make.item(sections[0], uses=["pre"])
    assert step_in(client, sections[0]) == f"{sections[0].get_absolute_url()}before/"


def test_of_what_is_no_section_there_is_no_way(client, module, sections):
    for path in (f"{module.get_absolute_url()}absent/go-on/", "/en/modules/absent/absent/go-on/"):
        assert client.get(path).status_code == 404


def test_going_on_leads_first_to_what_is_late_then_to_what_is_due_within_a_week(
    as_awa, awa, module, sections, set_work, now
):
    read_all(awa, sections[0])
    assert leads_on(as_awa, module) == f"{sections[0].get_absolute_url()}quiz/"
    set_work(sections[4:5], now + 6 * DAY)
    lesson = sections[4].lessons.order_by("position").first()
    assert leads_on(as_awa, module) == lesson.get_absolute_url()
    set_work(sections[3:4], now - 6 * DAY)
    read_all(awa, sections[3])
    assert leads_on(as_awa, module) == f"{sections[3].get_absolute_url()}quiz/"
    failed = make.quiz(awa, sections[3], right=1)
    assert leads_on(as_awa, module) == failed.get_absolute_url()
    make.quiz(awa, sections[3], right=5)
    assert leads_on(as_awa, module) == lesson.get_absolute_url()  # before what is due for review
    sitting = make.quiz(awa, sections[0])
    assert leads_on(as_awa, module) == sitting.get_absolute_url()


def test_what_is_due_later_than_that_waits_for_its_turn(as_awa, awa, module, sections, set_work, now):
    make.reading(awa, sections[0].lessons.order_by("position").first())
    set_work(sections[4:5], now + 8 * DAY)
    assert leads_on(as_awa, module) == sections[0].lessons.order_by("position").last().get_absolute_url()


def test_what_has_run_out_is_passed_again_by_a_quiz(as_awa, awa, module, sections, set_work, now):
    make.quiz(awa, sections[1], right=5, at=now - 100 * DAY)
    not_due(awa)
    set_work(sections[1:2], None, months_valid=1)
    assert leads_on(as_awa, module) == f"{sections[1].get_absolute_url()}quiz/"
    failed = make.quiz(awa, sections[1], right=0, at=now)
    assert leads_on(as_awa, module) == failed.get_absolute_url()


# The cohort's page


def test_the_cohorts_page_says_how_much_is_missing_and_what_is_late(as_awa, awa, cohort, sections, set_work, now):
    set_work(sections[:2], now - DAY)
    page = plain(as_awa.get(cohort.get_absolute_url()).text)
    assert "Late: 2 sections are not passed." in page
    make.quiz(awa, sections[0], right=5)
    assert "Late: 1 section is not passed." in plain(as_awa.get(cohort.get_absolute_url()).text)
    Assignment.objects.update(due_at=FAR)
    assert "1 section is not passed yet." in plain(as_awa.get(cohort.get_absolute_url()).text)
    make.quiz(awa, sections[1], right=5)
    assert "Every section that it asks for is passed." in plain(as_awa.get(cohort.get_absolute_url()).text)


def test_going_on_with_chosen_sections_leads_to_the_first_that_is_missing(as_awa, awa, cohort, sections, set_work, now):
    set_work(sections[1:3], now - DAY)
    make.quiz(awa, sections[1], right=5)
    page = as_awa.get(cohort.get_absolute_url()).text
    assert re.findall(r'class="btn btn-primary" href="([^"]+)"', page) == [sections[2].get_absolute_url()]


def test_the_certificate_is_a_button_only_once_nothing_is_missing(as_awa, awa, cohort, sections, set_work, now):
    row = set_work(sections[:1], now + DAY)
    way = rf'<a class="(btn[^"]*)" href="{cohort.get_absolute_url()}assignments/{row.pk}/certificate/">\s*([^<]*?)\s*<'
    assert re.findall(way, as_awa.get(cohort.get_absolute_url()).text) == [
        ("btn btn-link", "What the certificate asks for")
    ]
    make.quiz(awa, sections[0], right=5)
    assert re.findall(way, as_awa.get(cohort.get_absolute_url()).text) == [("btn", "Certificate")]


# What it costs


@pytest.mark.parametrize(("page", "most"), [(0, 8), (1, 8), (2, 8)])
def test_a_page_costs_no_more_with_more_that_is_due(
    as_awa, awa, cohort, sections, set_work, now, page, most, django_assert_max_num_queries
):
    cohort.write_note(None, "Bring the map.", now)
    make.reading(awa, sections[0].lessons.first())
    for section in sections:
        set_work([section], now + DAY)
    make.cohort(make.user("Fanta"), [awa])
    as_awa.get("/en/")
    with django_assert_max_num_queries(most):
        assert len(sentences(as_awa, pages(cohort)[page])) == 3


def test_the_way_into_a_section_costs_no_more_than_a_page(as_awa, awa, sections, django_assert_max_num_queries):
    make.reading(awa, sections[0].lessons.first())
    as_awa.get("/en/")
    with django_assert_max_num_queries(7):
        step_in(as_awa, sections[0])


def test_both_ways_of_reckoning_agree(awa, bakary, cohort, module, sections, set_work, now):
    """What the cohort's page finds in two queries, and the module's page along with progress."""
    make.quiz(awa, sections[0], right=5, at=now - 50 * DAY)
    make.quiz(awa, sections[1], right=1)
    set_work(sections[:3], now - DAY, months_valid=1)
    set_work(sections[2:5], now + DAY)
    there = browser_of(awa).get("/en/").context["way"].dues
    here = named(dues_of(awa, Assignment.objects.all(), [module], now))
    assert [(due.section, due.date, due.is_late, due.has_run_out) for due in here] == [
        (due.section, due.date, due.is_late, due.has_run_out) for due in there
    ]
    assert len(closest(here)) == 5
