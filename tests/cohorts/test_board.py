"""The board: every learner and every section that is set, in words; what counts, and what it costs."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts import board
from cohorts.models import Enrolment, Role
from tests import make

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
def cohort(bakary, awa, module):
    return monday_group(bakary, awa, module)


def monday_group(bakary, awa, module):
    """A cohort in which Awa learns; sections 1 and 2 are set since NOW, and 1 is overdue."""
    row = make.cohort(bakary, [awa], name="Monday group")
    sections = list(module.sections.order_by("position"))
    make.assignment(row, module, sections[:1], due_at=make.NOW + DAY)
    make.assignment(row, module, sections[1:2], is_required=False, due_at=make.NOW + DAY)
    return row


def plain(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def shown(client, cohort, **query):
    return client.get(f"/en/cohorts/{cohort.pk}/board/", query)


def rows(client, cohort, **query):
    """[(head, [(state, words), …]), …] as the table has them."""
    text = shown(client, cohort, **query).text
    table = []
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", text.split("<tbody>")[1].split("</tbody>")[0], re.S):
        head, _, rest = row.partition("</th>")
        cells = re.findall(r'<td class="s-(\w+)[^>]*>(.*?)</td>', rest, re.S)
        table.append((plain(head), [(state, plain(words)) for state, words in cells]))
    return table


def names(client, cohort, **query):
    return [head.split()[0] for head, _ in rows(client, cohort, **query)]


def cells(client, cohort):
    return rows(client, cohort)[0][1]


def needs(client, cohort, **query):
    """{name: what it says that the learner needs}."""
    page = shown(client, cohort, **query).text
    found = re.findall(r'<td class="need">(.*?)</td>', page, re.S)
    return dict(zip(names(client, cohort, **query), map(plain, found), strict=True))


def lead(client, cohort, **query):
    return plain(shown(client, cohort, **query).text.split('<p class="lead">')[1].split("</p>")[0])


def test_a_cell_says_state_and_best_and_late_in_words(as_bakary, awa, cohort, sections):
    assert cells(as_bakary, cohort) == [("none", "Not started – late"), ("none", "Not started –")]
    make.reading(awa, sections[0].lessons.first())
    assert cells(as_bakary, cohort)[0] == ("reading", "Reading 1/2 late")
    make.reading(awa, sections[0].lessons.last())
    assert cells(as_bakary, cohort)[0] == ("read", "Read late")
    make.quiz(awa, sections[0], right=3, at=make.NOW + HOUR)
    assert cells(as_bakary, cohort)[0][0] == "read"
    assert re.fullmatch(r"Read \d\d /100 late", cells(as_bakary, cohort)[0][1])
    make.quiz(awa, sections[0], right=5, at=make.NOW + 2 * HOUR)
    assert cells(as_bakary, cohort)[0] == ("passed", "Passed 100 /100")


def test_only_sections_that_are_set_have_a_column(as_bakary, cohort):
    page = shown(as_bakary, cohort).text
    heads = [plain(head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, re.S)]
    assert len(heads) == 4
    assert "due 3 Nov" in heads[1]
    assert heads[2].endswith("optional")
    assert heads[3] == "Needs"


def test_a_section_with_two_dates_says_the_earlier_one_once(as_bakary, cohort, module, sections):
    make.assignment(cohort, module, due_at=make.NOW + 9 * DAY)
    head = plain(re.findall(r'<th scope="col">(.*?)</th>', shown(as_bakary, cohort).text, re.S)[1])
    assert "due 3 Nov" in head
    assert "11 Nov" not in head


def test_a_date_of_another_year_says_its_year_in_the_language_of_the_page(as_bakary, cohort):
    year = timezone.now().year + 1
    cohort.assignments.update(due_at=datetime(year, 12, 11, 12, tzinfo=UTC))
    assert f"11 Dec {year}" in shown(as_bakary, cohort).text
    assert f"11 déc. {year}" in as_bakary.get(f"/fr/cohorts/{cohort.pk}/board/").text


def test_a_place_stands_under_the_roster_name_and_beside_it_the_learners_own(as_bakary, awa, cohort):
    Enrolment.objects.filter(user=awa).update(roster_name="Coulibaly, S.")
    Enrolment.objects.create(cohort=cohort, role=Role.LEARNER, roster_name="Zerbo, M.")
    assert [head for head, _ in rows(as_bakary, cohort)] == [
        "Coulibaly, S. Awa",
        "Zerbo, M.",
    ]
    assert needs(as_bakary, cohort) == {"Coulibaly,": "not begun · 1 late", "Zerbo,": "not joined"}


def test_a_guest_stands_under_a_short_mark(as_bakary, guest, cohort):
    cohort.join(guest, make.NOW)
    assert f"Guest {guest.name[-4:]}" in shown(as_bakary, cohort).text
    assert guest.name not in shown(as_bakary, cohort).text


# What counts


def test_quizzes_before_joining_or_opening_do_not_count_but_readings_do(as_bakary, awa, cohort, sections):
    make.quiz(awa, sections[0], right=5, at=make.NOW - HOUR)
    make.reading(awa, sections[0].lessons.first(), at=make.NOW - DAY)
    assert cells(as_bakary, cohort)[0] == ("reading", "Reading 1/2 late")
    cohort.assignments.update(opens_at=make.NOW + 2 * HOUR)
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    assert cells(as_bakary, cohort)[0][0] == "reading"
    make.quiz(awa, sections[0], right=5, at=make.NOW + 2 * HOUR)
    assert cells(as_bakary, cohort)[0][0] == "passed"


def late(cohort, at):
    """Whether Awa's first section is late on the board at that moment."""
    assignments = cohort.assignments.by_due_date()
    whole = board.board_of(cohort, assignments[0].module, assignments, at)
    return whole.rows(whole.people)[0].cells[0].is_late


def test_at_the_very_second_it_is_due_nothing_is_late(cohort):
    due = make.NOW + DAY
    assert [late(cohort, moment) for moment in (due, due + timedelta(microseconds=1))] == [False, True]


def test_of_a_section_that_is_set_twice_attempts_count_from_the_earlier_opening(cohort, module, sections):
    earlier = make.assignment(cohort, module, sections[:1], opens_at=make.NOW - DAY)
    columns = board.columns_of(module, cohort.assignments.by_due_date())
    assert [column.opens_at for column in columns] == [earlier.opens_at, make.NOW]


def test_open_quizzes_checks_and_other_sections_are_nobodys_business(as_bakary, awa, cohort, sections):
    make.quiz(awa, sections[0], at=make.NOW + HOUR)
    make.quiz(awa, sections[2], right=5, at=make.NOW + HOUR)
    make.reading(awa, sections[2].lessons.first())
    ((head, row),) = rows(as_bakary, cohort)
    assert [state for state, _ in row] == ["none", "none"]
    assert head == "Awa"
    assert needs(as_bakary, cohort) == {"Awa": "not begun · 1 late"}


def test_neither_staff_nor_those_who_left_nor_others_are_on_it(as_bakary, celia, danso, cohort, sections):
    make.staff(cohort, danso, Role.LEAD)
    cohort.join(celia, make.NOW).leave(make.NOW)
    make.quiz(make.user("Fatou"), sections[0], right=5, at=make.NOW + HOUR)
    assert names(as_bakary, cohort) == ["Awa"]


def test_work_for_another_cohort_does_not_count_before_joining_this_one(
    as_bakary, as_danso, awa, danso, cohort, module
):
    other = make.cohort(danso, at=make.NOW)
    other.join(awa, make.NOW + 2 * HOUR)
    make.assignment(other, module)
    make.quiz(awa, module.sections.order_by("position").first(), right=5, at=make.NOW + HOUR)
    assert cells(as_bakary, cohort)[0][0] == "passed"
    assert [state for state, _ in cells(as_danso, other)] == ["none"] * 3


# Who needs the instructor


@pytest.fixture
def class_of_four(cohort, sections):
    return work_of_three(cohort, sections)


def work_of_three(cohort, sections):
    """Awa has not started; Binta is stuck in section 2 (optional), Chaka has passed all, Demba is late and was last."""
    for number, name in enumerate(["Binta", "Chaka", "Demba"]):
        cohort.join(make.user(name), make.NOW)
        learner = cohort.enrolments.get(user__name=name).user
        if name == "Binta":
            make.quiz(learner, sections[0], right=5, at=make.NOW + HOUR)
            for hour in range(3):
                make.quiz(learner, sections[1], right=0, at=make.NOW + hour * HOUR)
        elif name == "Chaka":
            for section in sections[:2]:
                make.quiz(learner, section, right=5, at=make.NOW + number * HOUR)
        else:
            make.reading(learner, sections[0].lessons.first(), at=make.NOW + DAY)
    return cohort


def test_a_sentence_and_a_word_on_each_line_say_who_needs_the_instructor(as_bakary, class_of_four):
    make.place(class_of_four, "Zerbo, M.")
    away = (timezone.now() - make.NOW - DAY).days
    assert lead(as_bakary, class_of_four) == (
        "5 learners. 1 has not joined, 1 has not begun, 1 is stuck, 1 is silent, 3 are late."
    )
    said = needs(as_bakary, class_of_four)
    assert said.pop("Chaka").endswith(" to review")
    assert said == {
        "Awa": "not begun · 1 late",
        "Binta": "stuck in 2",
        "Demba": f"silent {away} days · 1 late",
        "Zerbo,": "not joined",
    }
    foot = plain(shown(as_bakary, class_of_four).text.split("<tfoot>")[1].split("</tfoot>")[0])
    assert foot == "Passed, of 5 2 1"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, ["Awa", "Binta", "Chaka", "Demba"]),
        ({"show": "not_started"}, ["Awa"]),
        ({"show": "stuck"}, ["Binta"]),
        ({"show": "late"}, ["Awa", "Demba"]),
        ({"show": "silent"}, ["Demba"]),
        ({"show": "passed"}, ["Chaka"]),
        ({"order": "passed"}, ["Awa", "Demba", "Binta", "Chaka"]),
        ({"order": "s2"}, ["Binta", "Awa", "Demba", "Chaka"]),
        ({"order": "s9"}, ["Awa", "Binta", "Chaka", "Demba"]),
        ({"q": "EM b"}, ["Demba"]),
        ({"q": "a", "show": "late"}, ["Awa", "Demba"]),
        ({"order": "last"}, ["Awa", "Chaka", "Binta", "Demba"]),
        ({"show": "late", "order": "last"}, ["Awa", "Demba"]),
        ({"show": "x' OR 1", "order": "-password", "page": "zero", "module": "no-such"}, None),
    ],
)
def test_filter_and_order(as_bakary, class_of_four, query, wanted):
    assert names(as_bakary, class_of_four, **query) == (wanted or ["Awa", "Binta", "Chaka", "Demba"])


def test_a_place_that_nobody_has_taken_is_not_joined_and_not_among_those_who_have_not_begun(as_bakary, class_of_four):
    make.place(class_of_four, "Zerbo")
    assert names(as_bakary, class_of_four, show="not_joined") == ["Zerbo"]
    assert names(as_bakary, class_of_four, show="not_started") == ["Awa"]


def test_whoever_has_sat_the_exam_alone_has_begun_and_one_that_counts_elsewhere_says_nothing(
    as_bakary, celia, class_of_four, module, awa
):
    class_of_four.join(celia, make.NOW)
    make.exam_result(celia, module, "0.4", at=make.NOW + HOUR)  # no exam is asked here
    assert names(as_bakary, class_of_four, show="not_started") == ["Awa", "Celia"]
    make.assignment(class_of_four, module, exam="open")
    for _ in range(2):
        make.exam_result(awa, module, "0.4", at=make.NOW + 2 * HOUR)
    assert names(as_bakary, class_of_four, show="not_started") == ["Celia"]
    assert "not begun" not in needs(as_bakary, class_of_four)["Awa"]


def test_due_this_week_is_by_the_persons_own_date_and_not_passed(as_bakary, bakary, cohort, sections):
    now = timezone.now()
    row = cohort.assignments.filter(is_required=True).get()
    cohort.assignments.filter(pk=row.pk).update(due_at=now + 6 * DAY)
    row.refresh_from_db()
    for name in ("Binta", "Chaka", "Demba"):
        cohort.join(make.user(name), make.NOW)
    places = {place.user.name: place for place in cohort.enrolments.learners().select_related("user")}
    make.quiz(places["Binta"].user, sections[0], right=5, at=make.NOW + HOUR)
    row.extend(places["Chaka"], bakary, now, due_at=now + 8 * DAY, reason="Ill")
    row.extend(places["Demba"], bakary, now, is_excused=True, reason="Ill")
    assert names(as_bakary, cohort, show="soon") == ["Awa"]
    make.reading(places["Awa"].user, sections[0].lessons.first(), at=now)
    assert needs(as_bakary, cohort, show="soon") == {"Awa": "1 due this week"}


@pytest.mark.parametrize("words", ["ngolo", "N'Golo", "n’gölo", "fleur", "2026-17", "Awa doumbia"])
def test_somebody_is_found_by_any_name_or_the_number_of_the_school(as_bakary, awa, cohort, words):
    fields = {"roster_name": "Doumbia N’Golo", "said_name": "Fleur", "school_number": "2026-17"}
    Enrolment.objects.filter(user=awa).update(**fields)
    cohort.join(make.user("Binta"), make.NOW)
    assert names(as_bakary, cohort, q=words) == ["Doumbia"]
    assert names(as_bakary, cohort, q="  ") == ["Binta", "Doumbia"]


def test_who_is_looked_for_and_not_there_is_said_to_be_so(as_bakary, cohort):
    page = shown(as_bakary, cohort, q="<b>Zoumana" + "\u0301" * 300).text
    assert "Nobody here answers to “&lt;b&gt;Zoumana" in page


def test_a_group_is_a_board_of_its_own(as_bakary, class_of_four, sections):
    north, south = (class_of_four.groups.create(name=name) for name in ("North", "South"))
    people = class_of_four.enrolments.learners().filter(user__isnull=False)
    people.filter(user__name__in=["Awa", "Binta"]).update(group=north)
    people.filter(user__name="Chaka").update(group=south)
    assert names(as_bakary, class_of_four, group=north.pk) == ["Awa", "Binta"]
    assert lead(as_bakary, class_of_four, group=north.pk).startswith("2 learners.")
    page = shown(as_bakary, class_of_four).text
    assert re.findall(r'<td class="grp"[^>]*>(.*?)</td>', page) == ["North", "North", "South", ""]
    assert '<td class="grp"' not in shown(as_bakary, class_of_four, group=north.pk).text
    for other in ("0", "x", "9" * 40):
        assert len(names(as_bakary, class_of_four, group=other)) == 4


def test_another_order_keeps_what_was_chosen_and_looked_for(as_bakary, class_of_four):
    page = unescape(shown(as_bakary, class_of_four, show="late", q="a & z", order="last").text)
    assert "Nobody here answers to “a & z”" in page
    page = unescape(shown(as_bakary, class_of_four, show="late", q="a", order="last").text)
    links = re.findall(r'href="(\?[^"]*order=s\d)"', page)
    assert [link.replace(class_of_four.assignments.first().module.slug, "-") for link in links] == [
        "?show=late&module=-&q=a&order=s1",
        "?show=late&module=-&q=a&order=s2",
    ]


def test_by_who_was_away_longest_each_line_says_since_when(as_bakary, class_of_four):
    assert needs(as_bakary, class_of_four, order="last")["Binta"] == "2 Nov 2026 · stuck in 2"


def test_who_passed_after_three_failures_is_not_stuck(as_bakary, class_of_four, sections):
    binta = class_of_four.enrolments.get(user__name="Binta").user
    make.quiz(binta, sections[1], right=5, at=make.NOW + 9 * HOUR)
    assert "stuck" not in lead(as_bakary, class_of_four)
    assert "No learner is in this state" in shown(as_bakary, class_of_four, show="stuck").text


def test_two_modules_are_two_boards(as_bakary, cohort):
    other = make.case_study(sections=1)
    make.assignment(cohort, other)
    assert len(cells(as_bakary, cohort)) == 2
    assert len(rows(as_bakary, cohort, module=other.slug)[0][1]) == 1
    assert 'name="module"' in shown(as_bakary, cohort).text


def test_before_anything_is_set_or_anybody_joined_it_says_so(as_bakary, bakary, module):
    cohort = make.cohort(bakary)
    assert "Nothing is set yet" in shown(as_bakary, cohort).text
    make.assignment(cohort, module)
    assert "Nobody has joined yet" in shown(as_bakary, cohort).text


def test_names_are_shown_as_text(as_bakary, cohort):
    cohort.join(make.user("<script>alert(1)</script>"), make.NOW)
    assert "<script>alert" not in shown(as_bakary, cohort).text


# What it costs


def test_60_learners_cost_as_many_queries_as_7(as_bakary, awa, cohort, sections):
    as_bakary.get("/en/")
    counts = []
    for wanted in (7, 60):
        for number in range(cohort.enrolments.count() - 1, wanted):
            learner = make.user(f"Learner {number:02}")
            cohort.join(learner, make.NOW)
            make.reading(learner, sections[0].lessons.first())
            make.quiz(learner, sections[0], right=number % 6, at=make.NOW + HOUR)
        with CaptureQueriesContext(connection) as queries:
            page = shown(as_bakary, cohort)
        assert f"{wanted} learners." in page.text
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("order", ["name", "last"])
def test_more_sections_assignments_and_exceptions_cost_no_more_queries(as_bakary, bakary, awa, order):
    as_bakary.get("/en/")
    counts = []
    for wanted in (3, 7):
        module = make.case_study(sections=wanted, items=0)
        cohort = make.cohort(bakary, [awa, *(make.user(f"Learner {wanted}-{number}") for number in range(wanted))])
        for section in module.sections.all():
            row = make.assignment(cohort, module, [section], due_at=make.NOW + DAY, months_valid=12)
            row.extend(cohort.enrolments.get(user=awa), bakary, make.NOW, is_excused=True, reason="x")
            make.hand_mark(row, awa, section, "0.9")
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(as_bakary, cohort, order=order)) == wanted + 1
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
