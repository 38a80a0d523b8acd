"""All that the staff of a cohort may see, as one ZIP: what is in it, of whom, and what it costs."""

import csv
import io
import zipfile
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit
from cohorts import exports
from cohorts.gradebook import Gradebook
from cohorts.models import Cohort, Group, Role
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FILES = [
    *("README.txt", "members.csv", "dates.csv", "quizzes.csv", "exceptions.csv", "marks-1.csv", "marks-by-hand.csv"),
    *("comments.csv", "done-1.csv", "certificates.csv", "notes.csv"),
]


@pytest.fixture
def sections():
    return list(make.case_study(sections=2).sections.order_by("position"))


@pytest.fixture
def assignment(bakary, awa, sections):
    """Awa learns; she has a name on the roster, a number and a group, two marks, a comment and a later date."""
    cohort = make.cohort(bakary, [awa], name="Été", time_zone="Africa/Bamako", ends_on=date(2027, 6, 30))
    row = make.assignment(cohort, sections[0].module, due_at=make.NOW + 3 * DAY, late_rule="less", late_points=10)
    group = Group.objects.create(cohort=cohort, name="B")
    names = {"roster_name": "Coulibaly Awa", "family_name": "Coulibaly", "given_name": "Awa"}
    cohort.enrolments.filter(user=awa).update(school_number="26-1041", group=group, **names)
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    make.hand_mark(row, awa, sections[1], "0.85", bakary)
    place = cohort.enrolments.get(user=awa)
    place.write_comment(sections[0], "=Name the holder", bakary, make.NOW)
    later = make.NOW + 9 * DAY
    row.extend(place, bakary, make.NOW, due_at=later, extra_time=timedelta(minutes=30), reason="No power")
    cohort.write_note(sections[0], "Bring your sheets.", make.NOW)
    cohort.write_note(None, "No class on Friday.", make.NOW)
    make.certificate(awa, row.module, row)
    return row


def take(client, assignment, language="en"):
    return client.post(f"/{language}/cohorts/{assignment.cohort_id}/everything/")


def opened(response):
    assert response["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def tables(response, delimiter=","):
    """{name: rows} of each table in it."""
    archive = opened(response)
    names = [name for name in archive.namelist() if name.endswith(".csv")]
    texts = {name: archive.read(name).decode("utf-8-sig") for name in names}
    return {name: list(csv.reader(io.StringIO(text), delimiter=delimiter)) for name, text in texts.items()}


# What is in it


def test_one_press_takes_everything_out_and_that_is_noted(as_bakary, bakary, assignment):
    response = take(as_bakary, assignment)
    assert "no-store" in response["Cache-Control"]
    today = timezone.now().astimezone(assignment.cohort.zone).date().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="everything-ete-{today}.zip"'
    archive = opened(response)
    assert archive.testzip() is None
    assert archive.namelist() == FILES
    line = Audit.objects.get(what="export")
    assert (line.who, line.on_what) == (bakary, f"cohort {assignment.cohort_id}: everything, 1 learners")


def test_its_tables_say_what_the_pages_say(as_bakary, assignment, sections):
    title, kept = assignment.shown_title, tables(take(as_bakary, assignment))
    one, two = (f"{section.position}. {section.title}" for section in sections)
    who = ["Coulibaly Awa", "26-1041"]
    assert kept["members.csv"][1][:1] == ["Bakary"]
    assert kept["members.csv"][2] == [
        *("Coulibaly Awa", "Coulibaly", "Awa", "", "Awa", "26-1041", "B", "Learner", "In the cohort"),
        *("2026-11-02", ""),
    ]
    assert kept["dates.csv"][1] == [
        *(title, title, "All sections", "2026-11-02 09:00", "2026-11-05 09:00", "", "yes", "10", "", "", "", ""),
    ]
    assert kept["exceptions.csv"][1:] == [[*who, title, "2026-11-11 09:00", "30", "", "", "No power"]]
    assert kept["marks-by-hand.csv"][1:] == [[*who, two, "85", "Told aloud", "Bakary", "2026-11-02", ""]]
    assert kept["comments.csv"][1:] == [[*who, one, "'=Name the holder", "Bakary", "2026-11-02"]]
    assert kept["notes.csv"][1:] == [
        ["On all", "No class on Friday.", "2026-11-02"],
        [one, "Bring your sheets.", "2026-11-02"],
    ]


def test_its_other_tables_are_the_files_that_were_there_before(as_bakary, assignment):
    kept, base = opened(take(as_bakary, assignment)), f"/en/cohorts/{assignment.cohort_id}/"
    assert kept.read("marks-1.csv") == as_bakary.post(f"{base}gradebook/csv/").getvalue()
    assert kept.read("done-1.csv") == as_bakary.post(f"{base}assignments/{assignment.pk}/done/csv/").getvalue()
    assert kept.read("certificates.csv") == as_bakary.post(f"{base}certificates/csv/").content


def test_the_readme_says_what_each_file_is(as_bakary, assignment):
    text = opened(take(as_bakary, assignment)).read("README.txt").decode("utf-8-sig")
    assert text.startswith("Cohort: Été\r\nAs it stood on ")
    assert [line.split(":")[0] for line in text.split("\r\n") if ".csv: " in line] == FILES[1:]


def test_a_french_page_gives_french_tables(as_bakary, assignment):
    kept = tables(take(as_bakary, assignment, "fr"), ";")
    assert kept["done-1.csv"][0][0] == kept["members.csv"][0][0] == "Nom"
    assert kept["done-1.csv"][1][-1] == "92,5"


def test_each_module_has_its_gradebook_and_each_assignment_its_personnel_file(as_bakary, assignment):
    other = make.case_study(sections=1)
    make.assignment(assignment.cohort, other, title="Second case")
    kept = tables(take(as_bakary, assignment))
    assert {"marks-1.csv", "marks-2.csv", "done-1.csv", "done-2.csv"} <= set(kept)
    assert kept["marks-2.csv"][0][8] == f"1. {other.sections.get().title}"


def test_quizzes_of_its_staff_have_their_dates_and_their_marks(as_bakary, bakary, awa, assignment):
    quiz = make.own_quiz(bakary, [make.item() for _ in range(4)], title="Week three", attempts_allowed=2)
    make.set_quiz(assignment.cohort, quiz, closes_at=make.NOW + DAY, is_for_marks=True, weight=3)
    make.set_quiz(assignment.cohort, make.own_quiz(bakary, title="Warming up"), make.NOW + DAY)
    make.own_sitting(awa, quiz, 3, make.NOW + HOUR)
    kept = tables(take(as_bakary, assignment))
    assert kept["quizzes.csv"][1:] == [
        ["Week three", "2026-11-02 09:00", "", "2026-11-03 09:00", "80", "2", "yes", "3"],
        ["Warming up", "2026-11-03 09:00", "", "", "80", "", "", ""],
    ]
    head, row = kept["marks-1.csv"]
    assert dict(zip(head, row, strict=True))["Quiz: Week three"] == "75"


def test_a_cohort_with_quizzes_alone_has_their_marks(as_bakary, bakary, awa):
    cohort = make.cohort(bakary, [awa])
    quiz = make.own_quiz(bakary, [make.item()])
    make.set_quiz(cohort, quiz)
    make.own_sitting(awa, quiz, 1)
    kept = tables(as_bakary.post(f"/en/cohorts/{cohort.pk}/everything/"))
    assert "100" in kept["marks-1.csv"][1]


def test_a_cohort_that_has_set_nothing_has_its_people_and_notes(as_bakary, bakary):
    cohort = make.cohort(bakary)
    response = as_bakary.post(f"/en/cohorts/{cohort.pk}/everything/")
    assert [row[0] for row in tables(response)["members.csv"]] == ["Name", "Bakary"]


# Of whom


def test_of_somebody_who_left_it_has_the_name_alone_as_the_pages_do(as_bakary, awa, assignment):
    assignment.cohort.enrolments.get(user=awa).leave(make.NOW + 4 * DAY)
    kept = tables(take(as_bakary, assignment))
    assert kept["members.csv"][2][8:] == ["Has left", "2026-11-02", "2026-11-06"]
    for name in ("exceptions.csv", "marks-1.csv", "marks-by-hand.csv", "comments.csv", "done-1.csv"):
        assert len(kept[name]) == 1, name


def test_a_code_that_opens_a_place_is_not_in_it(as_bakary, assignment):
    place = make.place(assignment.cohort)
    archive = opened(take(as_bakary, assignment))
    for code in (place.personal_code, place.grouped_code, assignment.cohort.join_code):
        assert not any(code.encode() in archive.read(name) for name in archive.namelist())


def test_a_lead_has_the_same_file_and_nobody_else_any(as_bakary, as_awa, as_celia, danso, assignment):
    make.staff(assignment.cohort, danso, Role.LEAD)
    assert tables(take(browser_of(danso), assignment)).keys() == tables(take(as_bakary, assignment)).keys()
    for client in (as_awa, as_celia):
        assert take(client, assignment).status_code == 404


# Where it is offered


def offers(client, cohort, path=""):
    page = unescape(client.get(f"/en/cohorts/{cohort.pk}/{path}").text)
    return page.count(f'action="/en/cohorts/{cohort.pk}/everything/"'), "Take out what you need" in page


def test_it_is_offered_where_the_end_is_told_and_first_of_all_when_it_comes(as_bakary, as_awa, assignment):
    cohort = assignment.cohort
    today = timezone.now().astimezone(cohort.zone).date()
    for ends_on, archived_at, wanted in (
        (today + 43 * DAY, None, (1, False)),
        (today + 42 * DAY, None, (2, True)),
        (today - DAY, timezone.now(), (2, True)),
        (None, None, (1, False)),
        (None, timezone.now(), (2, True)),
    ):
        Cohort.objects.update(ends_on=ends_on, archived_at=archived_at)
        assert offers(as_bakary, cohort) == wanted, (ends_on, archived_at)
        assert offers(as_awa, cohort) == (0, False)
    assert offers(as_bakary, cohort, "edit/") == (1, False)
    assert "everything/" not in as_bakary.get("/en/cohorts/new/").text


# How it is sent


def test_it_costs_the_same_for_two_and_for_a_hundred(as_bakary, bakary, assignment, sections):
    counts = []
    take(as_bakary, assignment).getvalue()
    for wanted in (2, 100):
        for number in range(assignment.cohort.enrolments.learners().count(), wanted):
            learner = make.user(f"Learner {number:03}")
            place = assignment.cohort.join(learner, make.NOW)
            place.write_comment(sections[0], "Well read", bakary, make.NOW)
            make.hand_mark(assignment, learner, sections[0], "0.7", bakary)
        with CaptureQueriesContext(connection) as queries:
            kept = tables(take(as_bakary, assignment))
        for name in ("marks-1.csv", "comments.csv", "marks-by-hand.csv", "done-1.csv"):
            assert len(kept[name]) == wanted + 1, name
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40


def test_in_chunks_it_is_the_same(as_bakary, assignment, monkeypatch):
    for number in range(4):
        assignment.cohort.join(make.user(f"Learner {number}"), make.NOW)
    whole = tables(take(as_bakary, assignment))
    monkeypatch.setattr(exports, "CHUNK", 2)
    assert tables(take(as_bakary, assignment)) == whole


def test_one_whose_database_goes_away_on_the_way_breaks_off(as_bakary, assignment, monkeypatch):
    """A file that ended well there would be taken for the whole."""
    parts = iter(take(as_bakary, assignment))
    assert next(parts)

    def gone(*args):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(Gradebook, "lines", gone)
    with pytest.raises(OperationalError):
        list(parts)
