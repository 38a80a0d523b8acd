"""One learner's page for the staff of a cohort, and the attempts that they may open: those that count alone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Assignment, Role
from quizzes.models import Attempt
from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def module():
    return make.case_study(sections=3)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, sections, module):
    """Awa joined at NOW; sections 1 and 2 are set since an hour later."""
    row = make.cohort(bakary, [awa], name="Monday group")
    make.assignment(row, module, sections[:2], opens_at=make.NOW + HOUR, due_at=make.NOW + DAY)
    return row


@pytest.fixture
def place(cohort, awa):
    return cohort.enrolments.get(user=awa)


def shown(client, place, **query):
    return client.get(f"/en/cohorts/{place.cohort_id}/learners/{place.pk}/", query)


def opened(client, cohort, attempt):
    return client.get(f"/en/cohorts/{cohort.pk}/attempts/{attempt.pk}/").status_code


def test_bakary_sees_sections_and_each_attempt_that_counts_with_date_and_points(
    as_bakary, awa, cohort, place, sections
):
    make.reading(awa, sections[0].lessons.first())
    failed = make.quiz(awa, sections[0], right=0, at=make.NOW + 2 * HOUR)
    passed = make.quiz(awa, sections[0], right=5, at=make.NOW + 3 * HOUR)
    page = shown(as_bakary, place)
    first, second = page.text.split('<ol class="sections">')[1].split("<li id=")[1:3]
    assert "1 of 2 lessons read" in plain(first)
    assert "2 November 2026, 11:00 – 0 of 100, not passed 2 November 2026, 12:00 – 100 of 100, passed" in plain(first)
    assert [f"/attempts/{attempt.pk}/" in first for attempt in (failed, passed)] == [True, True]
    assert "s-passed" in first
    assert "late" in plain(second)


def test_the_name_and_the_cells_of_the_board_lead_there(as_bakary, cohort, place, module):
    board = as_bakary.get(f"/en/cohorts/{cohort.pk}/board/").text.split("<tbody>")[1]
    address = f"/en/cohorts/{cohort.pk}/learners/{place.pk}/?module={module.slug}"
    links = re.findall(r'href="(/[^"]+)"', board.split("</tbody>")[0])
    assert links == [address, f"{address}#s1", f"{address}#s2"]
    assert 'id="s2"' in shown(as_bakary, place, module=module.slug).text


def test_a_result_is_shown_as_its_learner_sees_it_but_for_whose_it_is(as_bakary, as_awa, awa, cohort, sections):
    attempt = make.quiz(awa, sections[0], right=2, at=make.NOW + 2 * HOUR)
    theirs = as_bakary.get(f"/en/cohorts/{cohort.pk}/attempts/{attempt.pk}/").text
    theirs = re.sub(r'<p class="small"><a href="[^"]*/items/[^"]*/">.*?</p>', "", theirs)
    theirs = theirs.replace("The learner’s answer", "Your answer").replace("The learner’s", "Yours")
    own = as_awa.get(attempt.get_absolute_url()).text
    own = re.sub(r"\?back=[0-9]+-[0-9]+&amp;step=why", "", own)  # the way back to it is the learner's
    items = re.findall(r'<section class="item".*?</section>', own, re.S)
    assert len(items) == 5
    assert re.findall(r'<section class="item".*?</section>', theirs, re.S) == items
    assert "action" not in theirs.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"is_late": True}, "Noted as late"), ({"expired_at": make.NOW + DAY}, "Time was over then")],
)
def test_staff_read_what_the_clock_made_of_it_in_their_learners_words(as_bakary, awa, cohort, sections, fields, told):
    attempt = make.quiz(awa, sections[0], right=2, at=make.NOW + 2 * HOUR)
    address = f"/en/cohorts/{cohort.pk}/attempts/{attempt.pk}/"
    assert told not in as_bakary.get(address).text
    Attempt.objects.filter(pk=attempt.pk).update(**fields)
    assert told in as_bakary.get(address).text


@pytest.mark.parametrize("rule", ["open", "required", "not_asked"])
def test_an_exam_counts_where_one_is_asked(as_bakary, awa, cohort, place, module, rule):
    cohort.assignments.update(exam=rule)
    attempt = make.exam_result(awa, module, "0.85", at=make.NOW + 2 * HOUR)
    asked = rule != "not_asked"
    assert opened(as_bakary, cohort, attempt) == (200 if asked else 404)
    assert ("85 of 100, passed" in plain(shown(as_bakary, place).text)) == asked


# What counts, and nothing else


@pytest.fixture
def attempts(awa, celia, cohort, sections):
    """{what it is: an attempt}; only `counts` and `at the opening` are the staff's business."""
    by_name = {
        "before opening": make.quiz(awa, sections[0], right=3, at=make.NOW + HOUR - timedelta(seconds=1)),
        "at the opening": make.quiz(awa, sections[0], right=3, at=make.NOW + HOUR),
        "counts": make.quiz(awa, sections[1], right=3, at=make.NOW + 2 * HOUR),
        "another section": make.quiz(awa, sections[2], right=3, at=make.NOW + 2 * HOUR),
        "a stranger's": make.quiz(celia, sections[0], right=3, at=make.NOW + 2 * HOUR),
        "open": make.quiz(awa, sections[0], at=make.NOW + 2 * HOUR),
        "a trial": make.quiz(awa, sections[1], right=3, at=make.NOW + 2 * HOUR),
    }
    Attempt.objects.filter(pk=by_name["a trial"].pk).update(is_trial=True)
    check = make.item(sections[0], uses=["check"])
    by_name["a check"] = Attempt.answer_check(awa, check, "a", list("abcd"), make.NOW + 2 * HOUR)
    return by_name


def test_only_attempts_that_count_open(as_bakary, cohort, attempts):
    codes = {name: opened(as_bakary, cohort, attempt) for name, attempt in attempts.items()}
    assert [name for name, code in codes.items() if code == 200] == ["at the opening", "counts"]
    assert set(codes.values()) == {200, 404}


def test_nothing_before_joining_counts(as_bakary, cohort, place, attempts):
    place.keep([(make.NOW + 2 * HOUR, None)])
    assert opened(as_bakary, cohort, attempts["at the opening"]) == 404
    assert opened(as_bakary, cohort, attempts["counts"]) == 200


def test_what_another_learner_has_makes_nothing_count(as_bakary, celia, cohort, place, attempts):
    """Celia was in before Awa, and is in when Awa has left."""
    cohort.join(celia, make.NOW)
    place.keep([(make.NOW + 2 * HOUR, None)])
    assert opened(as_bakary, cohort, attempts["at the opening"]) == 404
    place.leave(make.NOW + DAY)
    assert opened(as_bakary, cohort, attempts["counts"]) == 404


def test_where_an_exam_is_asked_a_quiz_of_another_section_does_not_count(as_bakary, cohort, attempts):
    cohort.assignments.update(exam="required")
    assert opened(as_bakary, cohort, attempts["another section"]) == 404


def test_what_has_no_mark_does_not_count(as_bakary, cohort, attempts):
    """All that it asked was withdrawn."""
    Attempt.objects.filter(pk=attempts["counts"].pk).update(score=None)
    assert opened(as_bakary, cohort, attempts["counts"]) == 404


def test_whoever_left_is_seen_no_more(as_bakary, cohort, place, attempts):
    place.leave(make.NOW + DAY)
    assert opened(as_bakary, cohort, attempts["counts"]) == 404
    assert shown(as_bakary, place).status_code == 404


def test_the_work_of_whoever_becomes_staff_is_seen_no_more(as_bakary, bakary, cohort, place, attempts):
    place.change_role(Role.LEAD, bakary, make.NOW)
    assert opened(as_bakary, cohort, attempts["counts"]) == 404
    assert shown(as_bakary, place).status_code == 404


def test_staff_of_two_cohorts_see_an_attempt_only_where_it_counts(as_bakary, as_danso, awa, danso, cohort, attempts):
    other = make.cohort(danso, [awa])
    make.assignment(other, sections_of(cohort)[2].module, sections_of(cohort)[2:])
    assert opened(as_danso, other, attempts["another section"]) == 200
    assert opened(as_danso, other, attempts["counts"]) == 404
    assert opened(as_danso, cohort, attempts["counts"]) == 404
    assert opened(as_bakary, other, attempts["another section"]) == 404


def sections_of(cohort):
    return list(cohort.assignments.get().module.sections.order_by("position"))


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_sees_neither(request, browser, cohort, place, attempts):
    client = request.getfixturevalue(browser)
    assert opened(client, cohort, attempts["counts"]) == 404
    assert shown(client, place).status_code == 404


def test_one_rule_serves_the_board_and_the_list(awa, cohort, attempts):
    rows = Assignment.objects.filter(cohort=cohort).attempt_rows([awa.pk])
    assert [row.pk for row in rows] == [attempts["at the opening"].pk, attempts["counts"].pk]


# What it costs, and who has no name yet


def test_a_place_that_nobody_took_has_a_page(as_bakary, cohort):
    place = cohort.enrolments.create(role=Role.LEARNER, roster_name="Zerbo, M.")
    assert "Has not joined yet" in plain(shown(as_bakary, place).text)


def test_before_anything_is_set_it_says_so(as_bakary, cohort, place):
    cohort.assignments.all().delete()
    assert "Nothing is set yet" in shown(as_bakary, place).text


def test_sixty_attempts_cost_as_many_queries_as_two(as_bakary, awa, cohort, place, sections, module):
    make.assignment(cohort, make.case_study())
    as_bakary.get("/en/")
    counts = []
    for hours in (2, 30):
        for hour in range(hours):
            for section in sections[:2]:
                make.quiz(awa, section, right=0, at=make.NOW + (hour + 2) * HOUR)
        make.assignment(cohort, module, opens_at=make.NOW)
        with CaptureQueriesContext(connection) as queries:
            page = shown(as_bakary, place)
        assert 'name="module"' in page.text
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_an_attempt_costs_at_most_12_queries(as_bakary, cohort, attempts, django_assert_max_num_queries):
    as_bakary.get("/en/")
    with django_assert_max_num_queries(12):
        opened(as_bakary, cohort, attempts["counts"])


# What whoever teaches wants next


def test_an_attempt_speaks_of_the_learners_answer_and_leads_to_each_item_with_its_key(
    as_bakary, as_awa, bakary, awa, cohort, sections
):
    quiz = make.quiz(awa, sections[0], right=3, at=make.NOW + 2 * HOUR)
    address = f"/en/cohorts/{cohort.pk}/attempts/{quiz.pk}/"
    page = as_bakary.get(address).text
    assert "The learner’s answer" in page
    for words in ("Your answer", ">Yours<", "You chose"):
        assert words not in plain(page)
    items = [f"{sections[0].get_absolute_url()}items/{row.item.slug}/" for row in quiz.responses.select_related("item")]
    assert [f'href="{item}"' in page for item in items] == [True] * len(items)
    assert as_bakary.get(items[0]).status_code == 200
    assert "Your answer" in as_awa.get(quiz.get_absolute_url()).text
    bakary.may_teach_at = None
    bakary.save()
    assert "/items/" not in re.sub(r'href="[^"]*/report/"', "", as_bakary.get(address).text)


def test_one_learner_leads_to_the_next_of_the_board_and_back_to_it(as_bakary, awa, cohort, place, sections, module):
    cohort.join(make.user("Élie"), make.NOW)
    other = make.place(cohort, "Diarra, Élie")
    quiz = make.quiz(awa, sections[1], right=3, at=make.NOW + 2 * HOUR)
    following = f"/en/cohorts/{cohort.pk}/learners/{other.pk}/?module={module.slug}"
    board = f'href="/en/cohorts/{cohort.pk}/board/?module={module.slug}"'
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/attempts/{quiz.pk}/").text
    assert f'href="{following}#s2"' in page
    assert board in page
    page = shown(as_bakary, place).text
    assert f'href="{following}"' in page
    assert "Next learner: Diarra, Élie" in plain(page)
    last = shown(as_bakary, cohort.enrolments.get(user__name="Élie")).text
    assert board in last
    assert "Next learner" not in last


def test_the_cohort_and_what_is_set_lead_whoever_may_teach_to_items_keys_and_sheets(
    as_bakary, as_awa, bakary, cohort, sections
):
    pages = [f"/en/cohorts/{cohort.pk}/", cohort.assignments.get().get_absolute_url()]
    ways = [f"{section.get_absolute_url()}{way}/" for section in sections for way in ("items", "items/paper", "sheet")]
    for page in pages:
        text = as_bakary.get(page).text
        assert [f'href="{way}"' in text for way in ways] == [True] * 6 + [False] * 3, "the third section is not set"
    assert "/sheet/" not in as_awa.get(pages[0]).text
    bakary.may_teach_at = None
    bakary.save()
    assert [page for page in pages if "/sheet/" in as_bakary.get(page).text] == []
