"""Files of marks that leave the site: who is in them, how they are sent, and that taking one out is noted."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import Audit
from cohorts import exports
from cohorts.gradebook import Gradebook
from cohorts.models import Assignment, Cohort, Group, QuizAssignment, Role, Weight
from quizzes.models import Quiz
from tests import make
from tests.cohorts.test_marks import own

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
OFFICE = ["Name", "Number", "Group", "Status", "Done on", "Due on", "Valid until", "Total, points of 100"]


@pytest.fixture
def sections():
    return list(make.case_study(sections=2).sections.order_by("position"))


@pytest.fixture
def assignment(bakary, awa, sections):
    cohort = make.cohort(bakary, [awa], time_zone="Africa/Bamako")
    return make.assignment(cohort, sections[0].module, due_at=make.NOW + 3000 * DAY)


def file(client, assignment, kind="spreadsheet", language="en"):
    return client.post(f"/{language}/cohorts/{assignment.cohort_id}/gradebook/csv/", {"for": kind})


def table(response, language="en"):
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return rows_of(response.getvalue(), language)


def rows_of(content, language="en"):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";" if language == "fr" else ","))


def numbered(assignment, awa, celia):
    """Awa has a number and a group, Celia has neither."""
    cohort = assignment.cohort
    cohort.join(celia, make.NOW)
    group = Group.objects.create(cohort=cohort, name="B")
    names = {"roster_name": "Coulibaly Awa", "family_name": "Coulibaly", "given_name": "Awa"}
    cohort.enrolments.filter(user=awa).update(school_number="26-1041", group=group, **names)


# A spreadsheet with everything


def test_everything_leaves_as_a_file_and_that_is_noted(as_bakary, bakary, awa, celia, assignment, sections):
    numbered(assignment, awa, celia)
    make.quiz(awa, sections[0], right=2, at=make.NOW + HOUR)
    make.quiz(awa, sections[0], right=5, at=make.NOW + 2 * HOUR)
    make.hand_mark(assignment, awa, sections[1], "0.85")
    Assignment.objects.update(exam="open")
    place = assignment.cohort.enrolments.get(user=awa)
    place.write_comment(sections[0], "=Name the holder", bakary, make.NOW)
    place.write_comment(None, "Well begun", bakary, make.NOW)
    response = file(as_bakary, assignment)
    assert "no-store" in response["Cache-Control"]
    head, other, row = table(response)
    one, two = (f"{section.position}. {section.title}" for section in sections)
    assert dict(zip(head, row, strict=True)) == {
        "Name": "Coulibaly Awa",
        "Family name": "Coulibaly",
        "Given name": "Awa",
        "Name on this site": "Awa",
        "Number": "26-1041",
        "Group": "B",
        "Total, points of 100": "92.5",
        "Marks in the total": "2",
        one: "100",
        f"{one}: attempts": "2",
        f"{one}: handed in on": "2026-11-02",
        f"{one}: late": "",
        f"{one}: set by hand": "",
        f"{one}: comment": "'=Name the holder",
        two: "85",
        f"{two}: attempts": "0",
        f"{two}: handed in on": "",
        f"{two}: late": "",
        f"{two}: set by hand": "yes",
        f"{two}: comment": "",
        "Exam": "",
        "Exam: attempts": "0",
        "Exam: handed in on": "",
        "Exam: late": "",
        "Comment on all": "Well begun",
    }
    assert other[0] == "Celia"
    noted = Audit.objects.get()
    said = f"cohort {assignment.cohort_id}: marks, 2 rows"
    assert (noted.who, noted.what, noted.on_what) == (bakary, "export", said)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Groupe d’Été, n° 2", "groupe-dete-n-2"),
        ("فوج", "cohort-{pk}"),
        ('../etc "passwd"\r\n', "etc-passwd"),
        ("x" * 120, "x" * 60),
    ],
)
def test_the_name_of_a_file_speaks_in_ascii(as_bakary, assignment, name, wanted):
    Cohort.objects.update(name=name)
    disposition = file(as_bakary, assignment)["Content-Disposition"]
    day = datetime.now(UTC).date().isoformat()
    assert disposition == f'attachment; filename="marks-{wanted.format(pk=assignment.cohort_id)}-{day}.csv"'


def test_a_french_file_has_french_decimals(as_bakary, awa, assignment, sections):
    Cohort.objects.update(points=20)
    make.hand_mark(assignment, awa, sections[0], "0.775")
    head, row = table(file(as_bakary, assignment, language="fr"), "fr")
    assert row[6] == row[8] == "15,50"


def test_the_address_of_before_sends_the_same_file(as_bakary, assignment):
    assert table(as_bakary.post(own(assignment, "marks/csv/"))) == table(file(as_bakary, assignment))


# For other systems


def test_moodle_knows_people_by_id_number_and_a_hyphen_is_no_grade(as_bakary, awa, celia, assignment, sections):
    numbered(assignment, awa, celia)
    Cohort.objects.update(points=20)
    make.hand_mark(assignment, awa, sections[0], "0.775")
    response = file(as_bakary, assignment, "moodle")
    assert "moodle-" in response["Content-Disposition"]
    titles = [f"{section.position}. {section.title}" for section in sections]
    assert table(response) == [["ID number", *titles, "Total"], ["26-1041", "15.50", "-", "15.50"]]
    (_head, row) = table(file(as_bakary, assignment, "moodle", "fr"))
    assert row == ["26-1041", "15.50", "-", "15.50"], "whatever the language of the page"


@pytest.mark.parametrize(("points", "is_told"), [(100, False), (20, True)])
def test_whoever_counts_in_twentieths_is_told_what_moodle_makes_of_them(as_bakary, assignment, points, is_told):
    """A new item of Moodle's is of 100 points: 20 of 20 would stand there as a fifth."""
    Cohort.objects.update(points=points)
    page = as_bakary.get(f"/en/cohorts/{assignment.cohort_id}/gradebook/").text
    assert (f"make the items there first, of {points} points each" in " ".join(page.split())) == is_told


def test_canvas_reads_its_own_columns_and_how_many_points_are_possible(as_bakary, awa, celia, assignment, sections):
    numbered(assignment, awa, celia)
    make.quiz(awa, sections[0], right=4, at=make.NOW + HOUR)
    head, possible, row = table(file(as_bakary, assignment, "canvas"))
    titles = [f"{section.position}. {section.title}" for section in sections]
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles]
    assert possible == ["Points Possible", "", "", "", "", "100", "100"]
    assert row == ["Coulibaly Awa", "", "26-1041", "", "B", "80", ""]


def test_whoever_has_no_number_is_told_of_before(as_bakary, awa, celia, assignment):
    numbered(assignment, awa, celia)
    page = as_bakary.get(f"/en/cohorts/{assignment.cohort_id}/gradebook/").text
    assert "1 of 2 learners has no number of the school" in page
    assignment.cohort.enrolments.filter(user=celia).update(school_number="26-1048")
    assert "no number of the school" not in as_bakary.get(f"/en/cohorts/{assignment.cohort_id}/gradebook/").text


# The personnel office


def test_done_late_overdue_for_a_personnel_office(as_bakary, bakary, awa, celia, assignment, sections):
    """Days are those of the cohort's zone, names those of the roster where there is one."""
    cohort = assignment.cohort
    cohort.enrolments.filter(user=awa).update(roster_name="=Coulibaly, S.", school_number="26-1041")
    cohort.join(celia, make.NOW)
    late = cohort.join(make.user("Fatou"), make.NOW)
    other = cohort.join(make.user("Zan"), make.NOW)
    cohort.enrolments.create(role=Role.LEARNER, roster_name="Zongo, A.")
    Assignment.objects.update(due_at=make.NOW + DAY, months_valid=1200)
    assignment.refresh_from_db()
    for section in sections:
        make.quiz(awa, section, right=5, at=make.NOW + HOUR)
        make.quiz(late.user, section, right=4, at=make.NOW + 2 * DAY)
    assignment.extend(cohort.enrolments.get(user=celia), bakary, make.NOW, is_excused=True, reason="x")
    assignment.extend(other, bakary, make.NOW, due_at=datetime(2126, 1, 1, 23, 30, tzinfo=UTC), reason="x")
    response = as_bakary.post(own(assignment, "done/csv/"))
    assert response["Content-Disposition"].startswith('attachment; filename="done-autumn-')
    assert table(response) == [
        OFFICE,
        ["'=Coulibaly, S.", "26-1041", "", "done", "2026-11-02", "2026-11-03", "2126-11-02", "100.0"],
        ["Celia", "", "", "excused", "", "", "", ""],
        ["Fatou", "", "", "done late", "2026-11-04", "2026-11-03", "2126-11-04", "80.0"],
        ["Zan", "", "", "not done", "", "2126-01-01", "", ""],
        ["Zongo, A.", "", "", "not joined", "", "2026-11-03", "", "0.0"],
    ]


def test_the_score_of_the_office_is_weighed_as_the_total_is(as_bakary, awa, assignment, sections):
    for section, right in zip(sections, (5, 3), strict=True):
        make.quiz(awa, section, right=right, at=make.NOW + HOUR)
    Weight.objects.create(cohort=assignment.cohort, module=sections[0].module, section=sections[0], weight=3)
    assert table(as_bakary.post(own(assignment, "done/csv/")))[1][-1] == "90.0"
    assert Decimal(table(file(as_bakary, assignment))[1][6]) == 90


def test_a_french_page_gives_a_french_file(as_bakary, awa, assignment):
    response = as_bakary.post(own(assignment, "done/csv/").replace("/en/", "/fr/"))
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = rows_of(content, "fr")
    assert (head[0], row[0], len(row)) == ("Nom", "Awa", 8)


# How they are sent


@pytest.fixture
def class_of_seven(assignment, bakary, sections):
    """Six named learners and a guest; the odd ones have passed."""
    for number in range(5):
        learner = make.user(f"Learner {number}")
        assignment.cohort.join(learner, make.NOW)
        if number % 2:
            make.quiz(learner, sections[0], right=5, at=make.NOW + HOUR)
    assignment.cohort.join(make.guest(), make.NOW)


def french(client, assignment, kind):
    if kind == "done":
        return client.post(own(assignment, "done/csv/").replace("/en/", "/fr/"))
    return file(client, assignment, kind, "fr")


@pytest.mark.parametrize("kind", ["spreadsheet", "done"])
def test_a_file_that_is_sent_in_parts_is_the_same_file(as_bakary, assignment, class_of_seven, monkeypatch, kind):
    whole = french(as_bakary, assignment, kind).getvalue()
    monkeypatch.setattr(exports, "CHUNK", 2)
    response = french(as_bakary, assignment, kind)
    with override("en"):  # as another request of this thread may be
        parts = list(response)
    assert len(parts) == 1 + 4
    assert b"".join(parts) == whole
    assert len(rows_of(whole, "fr")) == 8
    assert "Invité" in whole.decode()


def test_a_file_whose_database_goes_away_on_the_way_breaks_off(as_bakary, assignment, class_of_seven, monkeypatch):
    """A file that ended well there would be taken for the whole."""
    monkeypatch.setattr(exports, "CHUNK", 2)
    parts = iter(as_bakary.post(own(assignment, "marks/csv/"), headers={"Accept-Encoding": "gzip"}))
    assert next(parts)

    def gone(*args):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(Gradebook, "lines", gone)
    with pytest.raises(OperationalError):
        list(parts)


@pytest.mark.parametrize("kind", ["spreadsheet", "moodle", "canvas", "done"])
def test_files_hold_everybody_and_cost_the_same(as_bakary, assignment, sections, kind):
    counts = []
    as_bakary.get("/en/")
    for wanted in (2, 120):
        for number in range(assignment.cohort.enrolments.count() - 1, wanted):
            learner = make.user(f"Learner {number:03}")
            assignment.cohort.join(learner, make.NOW)
        for place in assignment.cohort.enrolments.learners():
            assignment.cohort.enrolments.filter(pk=place.pk).update(school_number=str(place.pk))
        with CaptureQueriesContext(connection) as queries:
            lines = table(french(as_bakary, assignment, kind), "fr" if kind in ("spreadsheet", "done") else "en")
        assert len(lines) == wanted + (2 if kind == "canvas" else 1)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(
    ("titles", "wanted"),
    [
        (["A", "B", "A", "A"], ["A", "B", "A (2)", "A (3)"]),
        (["A", "A (2)", "A"], ["A", "A (2)", "A (3)"]),
        (["A", "A", "A (2)"], ["A", "A (2)", "A (2) (2)"]),
    ],
)
def test_columns_of_quizzes_are_never_alike_and_keep_their_names_whatever_opens_first(titles, wanted):
    quizzes = [QuizAssignment(pk=pk, quiz=Quiz(title=title)) for pk, title in enumerate(titles, 1)]
    wanted = [f"Quiz: {title}" for title in wanted]
    assert exports.quiz_titles(quizzes) == wanted
    assert exports.quiz_titles(quizzes[::-1]) == wanted[::-1]


def test_a_quiz_has_one_name_in_all_files_whether_one_of_the_same_title_is_practice(as_bakary, bakary, assignment):
    quiz = make.own_quiz(bakary, [make.own_item(make.bank(bakary))], title="A")
    practice = make.set_quiz(assignment.cohort, quiz)
    for_marks = make.set_quiz(
        assignment.cohort, make.own_quiz(bakary, quiz.items.all(), title="A"), make.NOW - DAY, is_for_marks=True
    )
    assert practice.pk < for_marks.pk
    heads = {kind: table(file(as_bakary, assignment, kind))[0] for kind in ("spreadsheet", "moodle", "canvas")}
    assert {"Quiz: A, for practice", "Quiz: A (2)"} <= {*heads["spreadsheet"]}
    for kind in ("moodle", "canvas"):
        assert [name for name in heads[kind] if name.startswith("Quiz")] == ["Quiz: A (2)"], kind
