"""Files of marks that leave the site: who is in them, how they are sent, and that taking one out is noted."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import Audit
from cohorts import marks
from cohorts.models import Assignment, Role
from cohorts.views import marks as views
from tests import make
from tests.cohorts.test_marks import own

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def sections():
    return list(make.case_study(sections=2).sections.order_by("position"))


@pytest.fixture
def assignment(bakary, awa, sections):
    cohort = make.cohort(bakary, [awa], time_zone="Africa/Bamako")
    return make.assignment(cohort, sections[0].module, due_at=make.NOW + 30 * DAY)


def table(response, language="en"):
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return rows_of(response.getvalue(), language)


def rows_of(content, language="en"):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";" if language == "fr" else ","))


def test_marks_leave_as_a_file_and_that_is_noted(as_bakary, bakary, awa, assignment, sections):
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    make.hand_mark(assignment, awa, sections[1], "0.85")
    Assignment.objects.update(exam="open")
    response = as_bakary.post(own(assignment, "marks/csv/"))
    assert response["Content-Disposition"] == f'attachment; filename="marks-{assignment.pk}.csv"'
    assert "no-store" in response["Cache-Control"]
    assert table(response) == [
        [
            "Name",
            "Name on the roster",
            "Section 1",
            "Section 2",
            "Exam",
            "Number passed",
            "Number asked",
            "Set by hand",
        ],
        ["Awa", "", "100", "85", "", "2", "2", "1"],
    ]
    noted = Audit.objects.get()
    assert (noted.who, noted.what, noted.on_what) == (bakary, "export", f"assignment {assignment.pk}: marks, 1 rows")


def test_done_not_done_overdue_for_a_personnel_office(as_bakary, bakary, awa, celia, assignment, sections):
    """Days are those of the cohort's zone, names those of the roster where there is one."""
    cohort = assignment.cohort
    cohort.enrolments.filter(user=awa).update(roster_name="=Coulibaly, S.")
    cohort.join(celia, make.NOW)
    late = cohort.enrolments.create(role=Role.LEARNER, roster_name="Zerbo, M.")
    Assignment.objects.update(due_at=make.NOW + DAY, months_valid=12)
    for section in sections:
        make.quiz(awa, section, right=5, at=make.NOW + HOUR)
    assignment.extend(cohort.enrolments.get(user=celia), bakary, make.NOW, is_excused=True, reason="x")
    assignment.refresh_from_db()
    assignment.extend(late, bakary, make.NOW, due_at=datetime(2126, 1, 1, 23, 30, tzinfo=UTC), reason="x")
    cohort.enrolments.create(role=Role.LEARNER, roster_name="Zongo, A.")
    assert sorted(table(as_bakary.post(own(assignment, "done/csv/")))) == [
        ["'=Coulibaly, S.", "done", "2026-11-02", "2026-11-03", "2027-11-02"],
        ["Celia", "excused", "", "", ""],
        ["Name", "Status", "Done on", "Due on", "Valid until"],
        ["Zerbo, M.", "not done", "", "2126-01-01", ""],
        ["Zongo, A.", "overdue", "", "2026-11-03", ""],
    ]


def test_a_french_page_gives_a_french_file(as_bakary, awa, assignment):
    response = as_bakary.post(own(assignment, "done/csv/").replace("/en/", "/fr/"))
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = rows_of(content, "fr")
    assert (head[0], row[0], len(row)) == ("Nom", "Awa", 5)


@pytest.fixture
def class_of_seven(assignment, bakary, sections):
    """Six named learners and a guest; the odd ones have passed."""
    for number in range(5):
        learner = make.user(f"Learner {number}")
        assignment.cohort.join(learner, make.NOW)
        if number % 2:
            make.quiz(learner, sections[0], right=5, at=make.NOW + HOUR)
    assignment.cohort.join(make.guest(), make.NOW)


@pytest.mark.parametrize("ending", ["marks/csv/", "done/csv/"])
def test_a_file_that_is_sent_in_parts_is_the_same_file(as_bakary, assignment, class_of_seven, monkeypatch, ending):
    address = own(assignment, ending).replace("/en/", "/fr/")
    whole = as_bakary.post(address).getvalue()
    monkeypatch.setattr(views, "CHUNK", 2)
    response = as_bakary.post(address)
    with override("en"):  # as another request of this thread may be
        parts = list(response)
    assert len(parts) == 1 + 4
    assert b"".join(parts) == whole
    assert len(rows_of(whole, "fr")) == 8
    assert "Invité" in whole.decode()


def test_a_file_whose_database_goes_away_on_the_way_breaks_off(as_bakary, assignment, class_of_seven, monkeypatch):
    """A file that ended well there would be taken for the whole."""
    monkeypatch.setattr(views, "CHUNK", 2)
    parts = iter(as_bakary.post(own(assignment, "marks/csv/"), headers={"Accept-Encoding": "gzip"}))
    assert next(parts)

    def gone(*args):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(marks, "lines_of", gone)
    with pytest.raises(OperationalError):
        list(parts)


@pytest.mark.parametrize("ending", ["marks/csv/", "done/csv/"])
def test_files_hold_everybody_and_cost_the_same(as_bakary, assignment, sections, ending):
    counts = []
    as_bakary.get("/en/")
    for wanted in (2, 120):
        for number in range(assignment.cohort.enrolments.count() - 1, wanted):
            learner = make.user(f"Learner {number:03}")
            assignment.cohort.join(learner, make.NOW)
        with CaptureQueriesContext(connection) as queries:
            lines = table(as_bakary.post(own(assignment, ending)))
        assert len(lines) == wanted + 1
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
