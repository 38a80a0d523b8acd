"""The page of the day of whoever teaches: what comes first, who needs somebody, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from cohorts.models import Role
from cohorts.staff_home import NAMED
from cohorts.teachers import opens_as_staff
from tests import make
from tests.cohorts.test_board import plain
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ADDRESS = "/en/cohorts/"


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def now():
    return timezone.now()


def taught(bakary, name="Group A", learners=0, at=make.NOW):
    """A cohort of Bakary's with so many learners, called "Group A 0" and so on."""
    return make.cohort(bakary, [make.user(f"{name} {number}") for number in range(learners)], name=name, at=at)


def learner(cohort, number):
    return cohort.enrolments.get(user__name=f"{cohort.name} {number}").user


def main(client):
    return client.get(ADDRESS).text.split("<main")[1].split("</main>")[0]


def first(client):
    """(what comes first in words, where its button leads); the page has no other filled button."""
    page = main(client)
    assert page.count("btn-primary") == 1
    box = page.split('<section class="box now"')[1].split("</section>")[0]
    return plain(re.search(r"<h2.*?</h2>", box, re.S)[0]), re.search(r'btn-primary"\s+href="([^"]*)"', box)[1]


def tasks(client):
    """Each line of what there is to do, in words."""
    return [plain(line) for line in re.findall(r"<li>(.*?)</li>", main(client).split('class="tasks"')[1], re.S)]


def stuck(user, section, at=make.NOW):
    for hour in range(3):
        make.quiz(user, section, right=0, at=at + hour * HOUR)


# What comes first


def test_what_presses_most_comes_first(as_bakary, bakary, module, sections, now):
    cohort = taught(bakary)
    board = f"{ADDRESS}{cohort.pk}/board/"
    assert first(as_bakary) == ("Nothing is set for Group A", f"{ADDRESS}{cohort.pk}/assignments/new/")
    row = make.assignment(cohort, module, sections[:1])
    assert first(as_bakary) == ("Nobody is in Group A yet", f"{ADDRESS}{cohort.pk}/")
    awa = make.user("Awa")
    cohort.join(awa, make.NOW)
    assert first(as_bakary) == ("Nobody needs you just now", board)
    make.place(cohort)
    assert first(as_bakary) == ("1 learner of Group A has not joined", f"{ADDRESS}{cohort.pk}/slips/")
    make.reading(awa, sections[0].lessons.first(), at=now - 20 * DAY)
    assert first(as_bakary) == ("1 learner of Group A has gone silent", f"{board}?show=silent")
    row.due_at = make.NOW + DAY
    row.save()
    assert first(as_bakary) == ("2 learners of Group A have something overdue", f"{board}?show=late")
    stuck(awa, sections[0])
    assert first(as_bakary) == ("1 learner of Group A is stuck", f"{board}?show=stuck")


def test_of_two_cohorts_the_one_with_more_of_it_comes_first(as_bakary, bakary, module, sections):
    for name, count in (("Few", 1), ("Many", 2)):
        cohort = taught(bakary, name, learners=2)
        make.assignment(cohort, module)
        for number in range(count):
            stuck(learner(cohort, number), sections[1])
    assert first(as_bakary)[0] == "2 learners of Many are stuck"
    assert f"above all in section 2, {sections[1].title}" in plain(main(as_bakary))


# Each cohort


def test_a_cohort_says_how_many_joined_and_were_here_and_passed_by_section(as_bakary, bakary, module, sections, now):
    cohort = taught(bakary, learners=6)
    make.place(cohort)
    make.assignment(cohort, module, sections[:1], due_at=now + 3 * DAY)
    make.assignment(cohort, module, sections[1:], opens_at=now + 2 * DAY)
    make.quiz(learner(cohort, 0), sections[0], right=5, at=now - DAY)
    make.reading(learner(cohort, 1), sections[0].lessons.first(), at=now - 8 * DAY)
    page = plain(main(as_bakary))
    assert "7 learners. 6 have joined, 1 was here this week." in page
    assert f"Section 1 is due on {(now + 3 * DAY).strftime('%A %-d %B')}; 6 have not passed it yet." in page
    strip = re.findall(r"<li>(.*?)</li>", main(as_bakary).split('class="strip dates"')[1].split("</ol>")[0], re.S)
    due, opens = (f"{day.day} {day.strftime('%b')}" for day in (now + 3 * DAY, now + 2 * DAY))
    assert plain(strip[0]).startswith(f"Section 1 due {due}")
    assert plain(strip[0]).endswith("1 of 7 passed")
    assert "here" in re.search(r'class="([^"]*)"', strip[0])[1].split()
    assert plain(strip[1]).startswith(f"Section 2 opens {opens}")
    assert plain(strip[1]).endswith("–")
    assert f"board/?module={module.slug}&amp;order=s1" in strip[0]
    assert f"Section 2 opens on {(now + 2 * DAY).strftime('%A')}" in page
    assert f"/{sections[1].slug}/sheet/" in main(as_bakary)


def test_of_few_learners_no_more_is_counted_than_the_board_says_of_each(as_bakary, bakary, module):
    make.assignment(taught(bakary, learners=4), module)
    assert "were here this week" not in plain(main(as_bakary))
    assert "4 learners." in plain(main(as_bakary))


def test_where_quizzes_alone_are_set_something_is_set(as_bakary, bakary):
    cohort = taught(bakary, learners=1)
    assert "Nothing is set" in first(as_bakary)[0]
    make.set_quiz(cohort, make.own_quiz(bakary, [make.own_item(make.bank(bakary))]))
    page = main(as_bakary)
    assert "Nothing is set" not in page
    assert f'href="/en/cohorts/{cohort.pk}/board/quizzes/"' in page


def test_two_modules_have_a_strip_each(as_bakary, bakary, module):
    cohort = taught(bakary, learners=1)
    for row in (module, make.case_study()):
        make.assignment(cohort, row)
    assert main(as_bakary).count('class="strip dates"') == 2


def test_who_is_stuck_or_silent_stands_by_name_with_one_thing_to_do(as_bakary, bakary, module, sections, now):
    cohort = taught(bakary, learners=8)
    row = make.assignment(cohort, module, sections[:1], due_at=make.NOW + DAY)
    for number in (0, 1):
        stuck(learner(cohort, number), sections[0])
    for number in (2, 3, 4):
        make.reading(learner(cohort, number), sections[0].lessons.first(), at=now - (20 + number) * DAY)
    said = tasks(as_bakary)
    assert said[:NAMED] == [
        "Group A 0 section 1, three quizzes or more below 80, 1 section late See the answers – Group A 0",
        "Group A 1 section 1, three quizzes or more below 80, 1 section late See the answers – Group A 1",
        "Group A 2 silent for 22 days, 1 section late Give a later date – Group A 2",
    ]
    assert said[NAMED] == "2 more have been silent for two weeks See all who are silent"
    place = cohort.enrolments.get(user__name="Group A 2")
    page = main(as_bakary)
    assert f"assignments/{row.pk}/learners/{place.pk}/extension/" in page
    assert f"learners/{cohort.enrolments.get(user__name='Group A 0').pk}/?module={module.slug}#s1" in page


@pytest.fixture
def few_counted(monkeypatch):
    monkeypatch.setattr("cohorts.staff_home.MOST_COUNTED", 3)


def test_where_too_many_learn_the_smallest_cohorts_are_counted(few_counted, as_bakary, bakary, module, sections):
    for name, count in (("Small", 1), ("Middle", 2), ("Large", 3)):
        make.assignment(taught(bakary, name, count), module, due_at=make.NOW + DAY)
    large = bakary.enrolments.get(cohort__name="Large").cohort
    stuck(learner(large, 0), sections[0])
    page = main(as_bakary)
    assert "3 cohorts. 6 learners." in plain(page)
    assert first(as_bakary)[0] == "2 learners of Middle have something overdue"
    parts = {plain(part.split("</h2>")[0]): part for part in re.split(r'<section class="group"[^>]*>', page)[1:]}
    assert "3 learners. Count who is stuck, silent or late – Large" in plain(parts["Large"])
    assert f'href="/en/cohorts/{large.pk}/board/?count=1"' in parts["Large"]
    assert "passed" not in parts["Large"]
    assert "stuck" not in plain(parts["Large"]).replace("Count who is stuck", "")
    assert "Count" not in parts["Small"] + parts["Middle"]


def test_nobody_is_said_to_be_calm_who_was_not_counted(few_counted, as_bakary, bakary, module):
    make.assignment(taught(bakary, "Small", 1), module)
    large = taught(bakary, "Large", 4)
    assert first(as_bakary) == ("Nothing is set for Large", f"/en/cohorts/{large.pk}/assignments/new/")
    make.assignment(large, module)
    assert first(as_bakary) == ("Nobody is counted in Large yet", f"/en/cohorts/{large.pk}/board/?count=1")
    assert "due on" not in plain(main(as_bakary))


def test_quizzes_of_a_cohort_too_large_are_looked_at_on_their_own_board(few_counted, as_bakary, bakary):
    large = taught(bakary, "Large", 4)
    make.set_quiz(large, make.own_quiz(bakary, [make.own_item(make.bank(bakary))]))
    assert first(as_bakary)[1] == f"/en/cohorts/{large.pk}/board/quizzes/?count=1"


def test_running_exams_and_for_editors_open_reports_are_told(as_bakary, bakary, module, now):
    cohort = taught(bakary, learners=2)
    make.assignment(cohort, module, exam="open")
    make.exam(learner(cohort, 0), module, at=now)
    make.user("Reporter").reports.create(lesson=module.sections.first().lessons.first(), reason="Why?", made_at=now)
    assert "1 exam runs now Group A" in plain(main(as_bakary))
    assert "report" not in plain(main(as_bakary))
    editor = make.user("Editor", is_staff=True)
    make.staff(cohort, editor)
    assert "1 report about a question, a claim or a passage is open" in plain(main(browser_of(editor)))


def test_names_are_shown_as_text(as_bakary, bakary, module, sections):
    cohort = taught(bakary, "<script>alert(1)</script>")
    cohort.join(make.user("<script>alert(2)</script>"), make.NOW)
    make.assignment(cohort, module)
    stuck(cohort.enrolments.learners().get().user, sections[0])
    assert "<script>alert" not in main(as_bakary)


# Whose page it is


def test_an_instructor_who_made_two_groups_sees_both_and_no_cohort_of_the_archive(as_bakary, bakary, module):
    for name in ("Group A", "Group B"):
        make.assignment(taught(bakary, name, 1), module)
    taught(bakary, "Old").archive(make.NOW)
    page = main(as_bakary)
    assert page.count('<section class="group"') == 2
    assert "Old" not in page.split("In the archive")[0]
    assert "Old" in page.split("In the archive")[1]
    assert "2 cohorts. 2 learners." in plain(page)


def test_those_who_only_learn_keep_their_list(as_awa, awa, bakary, module):
    make.assignment(make.cohort(bakary, [awa], name="Group A"), module)
    page = main(as_awa)
    assert 'class="group"' not in page
    assert "Group A" in page
    assert "My cohorts" in plain(page)


def test_staff_who_may_not_see_keys_yet_read_how_banks_open(bakary):
    taught(bakary)
    bakary.may_teach_at = None
    bakary.save()
    page = main(browser_of(bakary))
    assert "open once an editor has let you teach" in page
    assert page.count("/banks/") == 1
    bakary.may_teach_at = make.NOW
    bakary.save()
    assert "once an editor" not in main(browser_of(bakary))


def test_staff_who_learn_elsewhere_find_that_too(as_bakary, bakary, danso):
    taught(bakary)
    make.cohort(danso, [bakary], name="Evening course")
    assert "Evening course" in main(as_bakary).split("Where I learn")[1]
    assert "Evening course" not in main(as_bakary).split("Where I learn")[0]


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.LEAD, Role.LEARNER])
def test_it_opens_as_staff_to_staff_alone(bakary, celia, role):
    cohort = taught(bakary)
    make.staff(cohort, celia, role)
    assert opens_as_staff(celia, resolve(ADDRESS)) == (role != Role.LEARNER)
    cohort.archive(make.NOW)
    assert not opens_as_staff(celia, resolve(ADDRESS))


def test_it_costs_the_same_however_many_cohorts_and_learners(as_bakary, bakary, now):
    as_bakary.get("/en/")
    counts = []
    for number in range(3):
        module = make.case_study(sections=2)
        cohort = taught(bakary, f"Group {number}", 2 + 3 * number)
        row = make.assignment(cohort, module, due_at=make.NOW + DAY, exam="open", months_valid=12)
        for one in range(2 + number):
            stuck(learner(cohort, one), module.sections.first())
        row.extend(cohort.enrolments.learners().first(), bakary, now, due_at=now + DAY, reason="x")
        make.exam(learner(cohort, 0), module, at=now)
        make.place(cohort, f"Zerbo {number}")
        with CaptureQueriesContext(connection) as queries:
            assert main(as_bakary).count('<section class="group"') == number + 1
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 12


def test_what_counts_is_written_once_for_all_cohorts_that_set_the_same(as_bakary, bakary, module, monkeypatch):
    make.assignment(taught(bakary, "Group A", 6), module)
    main(as_bakary)
    monkeypatch.setattr("cohorts.records.by_section", None)
    other = taught(bakary, "Group B", 6)
    make.assignment(other, module)
    make.quiz(learner(other, 0), module.sections.first(), right=5)
    assert plain(main(as_bakary)).count("1 of 6 passed") == 1
