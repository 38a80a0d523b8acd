"""Danso leads: what an instructor may in each cohort, and one page over all of them; the archive."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Audit
from accounts.privacy import FEWEST_PEOPLE
from cohorts.board import board_of
from cohorts.models import Cohort, Role
from cohorts.overview import FIGURES, figures_of
from tests import make
from tests.access_rows import TABLE
from tests.access_world import attempt, people  # noqa: F401 - fixtures
from tests.conftest import browser_of
from tests.test_access_table import COHORT_PAGES

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ADDRESS = "/en/cohorts/overview/"
HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>|<[^>]+>')


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


def led(danso, name="Monday group", learners=0, at=None, **fields):
    """A cohort in which Danso is lead, with so many learners."""
    cohort = make.cohort(make.user(f"Instructor of {name}"), name=name, at=at or make.NOW, **fields)
    make.staff(cohort, danso, Role.LEAD)
    for number in range(learners):
        cohort.join(make.user(f"{name} {number}"), make.NOW)
    return cohort


def learners(cohort):
    rows = cohort.enrolments.learners().exclude(user=None).order_by("pk").select_related("user")
    return [row.user for row in rows]


def lines(client):
    """{name of the cohort: its cells in words}."""
    body = client.get(ADDRESS).text.split("<tbody>")[1].split("</tbody>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in body.split("</tr>")[:-1]]
    plain = [[unescape(re.sub(HIDDEN, "", cell)).strip() for cell in row] for row in rows]
    return {cells[0]: cells[1:] for cells in plain}


# A lead in one cohort

FOR_LEARNERS = {"cohorts:cohort_certificate", "cohorts:offer", "cohorts:said_name", "cohorts:removal_seen"}


@pytest.mark.parametrize("name", COHORT_PAGES)
def test_a_lead_gets_what_an_instructor_gets(name, people, attempt):  # noqa: F811
    lead = make.user("Hawa", may_teach_at=make.NOW)
    make.staff(Cohort.objects.get(pk=900901), lead, Role.LEAD)
    address = reverse(name, args=TABLE[name][0])
    got = []
    for user in (people["bakary"], lead):
        client = browser_of(user)
        with transaction.atomic():
            got.append([client.get(address).status_code, client.post(address).status_code])
            transaction.set_rollback(True)
    assert got[0] == got[1]
    assert 404 not in got[0] or name in FOR_LEARNERS


def test_a_lead_gives_roles(as_danso, danso, awa):
    cohort = led(danso)
    own = cohort.join(awa, make.NOW)
    page = as_danso.post(f"/en/cohorts/{cohort.pk}/members/{own.pk}/", {"role": Role.INSTRUCTOR})
    assert page.status_code == 302
    assert list(Cohort.objects.taught_by(awa)) == [cohort]
    assert Audit.objects.get().who == danso


def test_a_learner_gives_none(as_awa, awa, bakary):
    cohort = make.cohort(bakary, [awa])
    own = cohort.enrolments.get(user=awa)
    assert as_awa.post(f"/en/cohorts/{cohort.pk}/members/{own.pk}/", {"role": Role.LEAD}).status_code == 404


# One page over all


def test_each_cohort_is_counted_as_on_its_own_board(as_danso, danso, module, sections):
    """Of six: one has not begun, one is stuck and overdue, one has passed all, three have read; a place counts too."""
    cohort = led(danso, learners=6)
    make.place(cohort)
    make.assignment(cohort, module, sections[:1], due_at=make.NOW + DAY)
    make.assignment(cohort, module, sections[1:], due_at=timezone.now() + 30 * DAY, is_required=False)
    _, stuck, passed, *reading = learners(cohort)
    for hour in range(3):
        make.quiz(stuck, sections[1], right=0, at=make.NOW + timedelta(hours=hour))
    for section in sections:
        make.quiz(passed, section, right=5, at=make.NOW + DAY)
    for learner in reading:
        make.reading(learner, sections[0].lessons.first())
    due = (timezone.now() + 30 * DAY).strftime("%-d %b %Y")
    assert lines(as_danso) == {"Monday group": ["7", "1", "1", "1", "6", "1", due]}
    now = timezone.now()
    board = board_of(cohort, module, list(cohort.assignments.all()), now)
    assert figures_of([cohort], now)[0].counts == {shown: board.counts[shown] for shown in FIGURES}


def test_an_exam_alone_is_a_beginning_here_too_however_often_it_was_sat(danso, module):
    cohort = led(danso, learners=5)
    make.assignment(cohort, module, exam="open")
    one, *_others = learners(cohort)
    for hour in range(3):
        make.exam_result(one, module, "0.4", at=make.NOW + timedelta(hours=hour))
    assert figures_of([cohort], timezone.now())[0].counts["not_started"] == 4


def test_what_has_run_out_is_counted_as_overdue(danso, module, sections):
    now = timezone.now()
    cohort = led(danso, learners=5)
    make.assignment(cohort, module, sections[:1], opens_at=now - 500 * DAY, due_at=now - 390 * DAY, months_valid=12)
    expired, renewed, *_ = learners(cohort)
    for learner in (expired, renewed):
        make.joined(learner, now - 500 * DAY)
        make.quiz(learner, sections[0], right=5, at=now - 380 * DAY)
    make.quiz(renewed, sections[0], right=5, at=now - DAY)
    assert figures_of([cohort], now)[0].counts == {
        "not_joined": 0,
        "not_started": 3,
        "stuck": 0,
        "late": 4,
        "passed": 1,
    }


def test_figures_lead_to_the_very_learners_on_the_board(as_danso, danso, module):
    cohort = led(danso, learners=5)
    make.assignment(cohort, module)
    page = as_danso.get(ADDRESS).text
    assert f'href="/en/cohorts/{cohort.pk}/board/?show=not_started"' in page
    make.assignment(cohort, make.case_study())
    assert "?show=" not in as_danso.get(ADDRESS).text


def test_quizzes_before_joining_or_opening_do_not_count_nor_do_other_sections(danso, module, sections):
    cohort = led(danso, learners=5)
    make.assignment(cohort, module, sections[:1], opens_at=make.NOW + DAY)
    early, late_joiner, elsewhere, right, _ = learners(cohort)
    make.joined(late_joiner, make.NOW + 3 * DAY)
    make.quiz(early, sections[0], right=5, at=make.NOW + DAY / 2)
    make.quiz(late_joiner, sections[0], right=5, at=make.NOW + 2 * DAY)
    make.quiz(elsewhere, sections[1], right=5, at=make.NOW + 2 * DAY)
    make.quiz(right, sections[0], right=5, at=make.NOW + 2 * DAY)
    assert figures_of([cohort], make.NOW + 9 * DAY)[0].counts == {
        "not_joined": 0,
        "not_started": 4,
        "stuck": 0,
        "late": 0,
        "passed": 1,
    }


def test_who_is_in_two_cohorts_is_counted_in_each_by_its_own_rules(danso, module, sections):
    one, two = led(danso, "One", 5), led(danso, "Two", 4)
    both = learners(one)[0]
    two.join(both, make.NOW + 5 * DAY)
    for cohort in (one, two):
        make.assignment(cohort, module, sections[:1])
    make.quiz(both, sections[0], right=5, at=make.NOW + DAY)
    assert [line.counts["passed"] for line in figures_of([one, two], make.NOW + 9 * DAY)] == [1, 0]


def test_fewer_than_five_are_not_broken_down(as_danso, danso, module):
    small, enough = led(danso, "Small", FEWEST_PEOPLE - 1), led(danso, "Enough", FEWEST_PEOPLE)
    for cohort in (small, enough):
        make.assignment(cohort, module, due_at=make.NOW + DAY)
    figures = lines(as_danso)
    assert figures["Small"] == ["4", "–", "–", "–", "–", "–", "–"]
    assert figures["Enough"] == ["5", "0", "5", "0", "5", "0", "–"]
    assert "fewer than five learners" in as_danso.get(ADDRESS).text


def test_a_cohort_in_which_nothing_is_set_has_no_figures(as_danso, danso):
    led(danso, learners=6)
    assert lines(as_danso) == {"Monday group": ["6", "–", "–", "–", "–", "–", "–"]}
    assert "nothing to count yet" in as_danso.get(ADDRESS).text


def test_the_next_date_is_the_first_ahead_in_the_zone_of_the_cohort(as_danso, danso, module):
    cohort = led(danso, time_zone="Pacific/Auckland")
    for due in (make.NOW + DAY, datetime(2126, 5, 1, 20, tzinfo=UTC), datetime(2127, 5, 1, tzinfo=UTC)):
        make.assignment(cohort, module, due_at=due)
    assert lines(as_danso)["Monday group"][-1] == "2 May 2126"


def test_only_cohorts_that_one_leads_and_none_of_the_archive(as_danso, danso, awa):
    led(danso, "Mine")
    led(danso, "Old").archive(make.NOW)
    led(danso, "Left").enrolments.get(user=danso).leave(make.NOW)
    make.cohort(awa, name="Somebody's")
    make.staff(make.cohort(make.user("Hawa"), name="Taught"), danso, Role.INSTRUCTOR)
    make.cohort(make.user("Ely"), [danso], name="Learnt")
    assert list(lines(as_danso)) == ["Mine"]


def test_whoever_leads_none_finds_no_page_and_no_way_to_it(as_bakary, bakary, as_danso, danso):
    make.cohort(bakary)
    assert as_bakary.get(ADDRESS).status_code == 404
    assert ADDRESS not in as_bakary.get("/en/cohorts/").text
    led(danso)
    assert f'href="{ADDRESS}"' in as_danso.get("/en/cohorts/").text


def test_it_names_no_learner(as_danso, danso, module):
    cohort = led(danso, learners=6)
    make.place(cohort, "Zerbo")
    make.assignment(cohort, module)
    page = as_danso.get(ADDRESS).text
    assert not [user.name for user in learners(cohort) if user.name in page]
    assert "Zerbo" not in page


def test_it_costs_the_same_however_many_cohorts_learners_and_modules(as_danso, danso):
    as_danso.get("/en/")
    counts = []
    for number in range(3):
        cohort = led(danso, f"Group {number}", 5 + number)
        for _ in range(number + 1):
            make.assignment(cohort, make.case_study(sections=2), due_at=make.NOW + DAY)
        section = cohort.assignments.first().module.sections.first()
        make.quiz(learners(cohort)[0], section, right=5, at=make.NOW + DAY)
        with CaptureQueriesContext(connection) as queries:
            assert as_danso.get(ADDRESS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 12


# The archive


def test_the_archive_closes_joining_and_leaves_the_rest_to_read(as_bakary, as_awa, bakary, awa, client, module):
    cohort = make.cohort(bakary, [awa], name="Old group")
    link = f"/en/join/{cohort.grouped_code}/"
    make.assignment(cohort, module)
    as_bakary.post(f"/en/cohorts/{cohort.pk}/archive/")
    cohort.refresh_from_db()
    assert (cohort.archived_at is not None, cohort.join_code) == (True, None)
    assert client.get(link).status_code == 404
    for browser, path in [(as_bakary, "board/"), (as_bakary, "members/"), (as_bakary, ""), (as_awa, "")]:
        assert browser.get(f"/en/cohorts/{cohort.pk}/{path}").status_code == 200
    assert "In the archive since" in as_awa.get(cohort.get_absolute_url()).text
    assert as_bakary.post(f"/en/cohorts/{cohort.pk}/code/").status_code == 404


def test_it_is_listed_apart(as_bakary, bakary):
    make.cohort(bakary, name="New group")
    make.cohort(bakary, name="Old group").archive(make.NOW)
    now, archive = as_bakary.get("/en/cohorts/").text.split("In the archive")
    assert ("New group" in now, "Old group" in now) == (True, False)
    assert ("New group" in archive, "Old group" in archive) == (False, True)


def test_out_of_the_archive_it_is_closed_until_there_is_a_new_code(as_bakary, bakary):
    cohort = make.cohort(bakary)
    cohort.archive(make.NOW)
    as_bakary.post(f"/en/cohorts/{cohort.pk}/archive/", {"back": "1"})
    cohort.refresh_from_db()
    assert (cohort.archived_at, cohort.join_code) == (None, None)
    as_bakary.post(f"/en/cohorts/{cohort.pk}/code/")
    cohort.refresh_from_db()
    assert cohort.join_code is not None


def test_a_second_press_keeps_the_day(as_bakary, bakary):
    cohort = make.cohort(bakary)
    cohort.archive(make.NOW)
    as_bakary.post(f"/en/cohorts/{cohort.pk}/archive/")
    cohort.refresh_from_db()
    assert cohort.archived_at == make.NOW


@pytest.mark.parametrize("browser", ["as_awa", "as_celia"])
def test_whoever_is_not_on_the_staff_archives_nothing(request, browser, bakary, awa):
    cohort = make.cohort(bakary, [awa])
    assert request.getfixturevalue(browser).post(f"/en/cohorts/{cohort.pk}/archive/").status_code == 404
    cohort.refresh_from_db()
    assert cohort.archived_at is None
