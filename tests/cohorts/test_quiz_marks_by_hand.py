"""A mark set by hand for a quiz of staff: set, taken back, told, and before what was handed in wherever it counts."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit
from cohorts.gradebook import gradebook_of
from cohorts.models import Comment, HandMark
from cohorts.notices import notices_of
from cohorts.quiz_board import quiz_board_of
from cohorts.set_quizzes import missing
from tests import make
from tests.cohorts.test_basis import fields_of
from tests.cohorts.test_board import plain
from tests.cohorts.test_bundle import tables
from tests.cohorts.test_gradebook import table
from tests.cohorts.test_mark_files import rows_of
from tests.course.test_my_data import exported

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIELDS = {"points": "90", "reason": "Told aloud"}


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa])


@pytest.fixture
def quiz(bakary):
    bank = make.bank(bakary)
    return make.own_quiz(bakary, [make.own_item(bank) for _ in range(4)], title="Week three")


@pytest.fixture
def row(cohort, quiz):
    """For marks, due, and of the past."""
    return make.set_quiz(cohort, quiz, is_for_marks=True, due_at=make.NOW + DAY)


@pytest.fixture
def place(cohort, awa):
    return cohort.enrolments.get(user=awa)


def page_of(row, place):
    return f"/en/cohorts/{row.cohort_id}/learners/{place.pk}/quizzes/{row.pk}/"


def gradebook(client, cohort):
    return table(client.get(f"/en/cohorts/{cohort.pk}/gradebook/"))


def test_it_goes_before_what_was_handed_in_and_is_told_with_its_reason(as_bakary, as_awa, bakary, awa, row, place):
    make.own_sitting(awa, row.quiz, 1, make.NOW)
    address = page_of(row, place)
    assert re.search("The mark now 25 of 100 ?, not passed", plain(as_bakary.get(address).text))
    assert as_bakary.post(address, FIELDS).status_code == 302
    mark = HandMark.objects.get()
    assert (mark.score, mark.quiz, mark.assignment, mark.section, mark.made_by) == (
        Decimal("0.9"), row, None, None, bakary
    )  # fmt: skip
    assert re.search("The mark now 90 of 100 ?, passed ?, set by hand", plain(as_bakary.get(address).text))
    assert gradebook(as_bakary, row.cohort) == [["Awa", "90", "1", "90 set by hand", "–"]]
    own = as_awa.get(row.cohort.get_absolute_url())
    assert "Week three – 90 of 100, set by hand on" in plain(own.text)
    assert "Reason: Told aloud" in plain(own.text)
    assert f'href="{row.quiz.get_absolute_url()}"' in own.text


def test_it_is_taken_back_which_is_noted_and_told_and_the_quiz_counts_again(as_bakary, as_awa, bakary, awa, row, place):
    make.own_sitting(awa, row.quiz, 1, make.NOW)
    make.quiz_hand_mark(row, awa, "0.6")
    make.quiz_hand_mark(row, awa, "0.9", bakary, make.NOW + DAY)
    address = page_of(row, place)
    for wanted in ("60", "25"):
        basis = fields_of(as_bakary.get(address))["basis"]
        assert as_bakary.post(address, {"take_back": "1", "basis": basis}).status_code == 302
        assert gradebook(as_bakary, row.cohort)[0][3].startswith(wanted)
    assert Audit.objects.filter(who=bakary, what="mark").count() == 2
    assert "taken back on" in plain(as_bakary.get(address).text)
    assert "counts no more: your quizzes count again" in plain(as_awa.get(row.cohort.get_absolute_url()).text)


def test_one_that_a_colleague_set_meanwhile_is_not_taken_back_unseen(as_bakary, danso, awa, row, place):
    make.quiz_hand_mark(row, awa, "0.85")
    basis = fields_of(as_bakary.get(page_of(row, place)))["basis"]
    make.quiz_hand_mark(row, awa, "0.4", danso)
    page = as_bakary.post(page_of(row, place), {"take_back": "1", "basis": basis})
    assert "Danso changed this" in page.text
    assert not HandMark.objects.exclude(taken_back_at=None).exists()


@pytest.mark.parametrize("fields", [{"points": "101"}, {"reason": ""}])
def test_what_cannot_be_is_refused_beside_its_field_and_what_was_typed_stays(as_bakary, row, place, fields):
    page = as_bakary.post(page_of(row, place), FIELDS | fields)
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == fields.keys()
    assert not HandMark.objects.exists()


def test_a_quiz_of_another_cohort_and_a_learner_of_another_are_not_there(as_bakary, bakary, celia, quiz, row, place):
    other = make.cohort(bakary, [celia])
    elsewhere = make.set_quiz(other, quiz)
    for address in (
        f"/en/cohorts/{row.cohort_id}/learners/{place.pk}/quizzes/{elsewhere.pk}/",
        f"/en/cohorts/{row.cohort_id}/learners/{other.enrolments.get(user=celia).pk}/quizzes/{row.pk}/",
    ):
        assert as_bakary.post(address, FIELDS).status_code == 404
    assert not HandMark.objects.exists()


def test_whoever_has_one_is_neither_late_nor_asked_for_the_quiz(as_bakary, as_awa, awa, cohort, row):
    make.quiz_hand_mark(row, awa, "0.5")
    assert [quiz.state for quiz in notices_of(awa, timezone.now())[1]] == ["marked"]
    assert "Quizzes to hand in" not in as_awa.get("/en/").text
    board = quiz_board_of(cohort, timezone.now())
    (line,) = board.lines(board.members)
    assert [(cell.state, cell.is_late) for cell in line.cells] == [("read", False)]
    assert board.among("late") == board.among("none") == []
    assert not missing(row).exists()
    words = plain(as_bakary.get(row.get_absolute_url()).text)
    assert "50 set by hand" in words
    assert "late" not in words
    assert "handed in 50 set by hand" in plain(as_bakary.get(f"/en/cohorts/{cohort.pk}/board/quizzes/").text)


def test_taken_back_it_is_due_again(awa, bakary, row):
    make.quiz_hand_mark(row, awa, "0.9").take_back(bakary, make.NOW)
    assert [quiz.state for quiz in notices_of(awa, timezone.now())[1]] == ["open"]
    assert missing(row).exists()


def test_a_place_that_nobody_has_taken_can_have_one(as_bakary, cohort, row):
    place = make.place(cohort, "Zerbo, M.")
    assert as_bakary.post(page_of(row, place), FIELDS).status_code == 302
    assert gradebook(as_bakary, cohort)[1] == ["Zerbo, M.", "90", "1", "90 set by hand", "–"]
    assert "90 of 100" in plain(as_bakary.get(page_of(row, place)).text)


def test_a_place_that_nobody_has_taken_is_done_by_one_as_well(as_bakary, cohort, row):
    place = make.place(cohort, "Zerbo, M.")
    as_bakary.post(page_of(row, place), FIELDS)
    board = quiz_board_of(cohort, timezone.now())
    for shown in ("late", "none"):
        assert [member.known_name for member in board.among(shown)] == ["Awa"]


def test_the_page_of_a_learner_has_it_before_the_attempts(as_bakary, awa, row, place):
    make.own_sitting(awa, row.quiz, 4, make.NOW)
    make.quiz_hand_mark(row, awa, "0.5")
    page = as_bakary.get(f"/en/cohorts/{row.cohort_id}/learners/{place.pk}/")
    assert f'href="{page_of(row, place)}"' in page.text
    words = plain(page.text)
    assert words.index("50 of 100, set by hand") < words.index("100 of 100, passed")


def test_figures_of_the_class_rest_on_it(bakary, cohort, row):
    for number in range(6):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, make.NOW)
        make.own_sitting(learner, row.quiz, number % 5, make.NOW)
        if number % 2:
            make.quiz_hand_mark(row, learner, "0.7")
    book = gradebook_of(cohort, None, [], timezone.now())
    assert book.figures(book.members) == book.figures(book.members, book.lines(book.members))


def test_it_is_in_the_files(as_bakary, as_awa, bakary, awa, cohort, row):
    make.quiz_hand_mark(row, awa, "0.9", bakary)
    file = as_bakary.post(f"/en/cohorts/{cohort.pk}/gradebook/csv/", {"for": "spreadsheet"}).getvalue()
    head, line = rows_of(file)
    cells = dict(zip(head, line, strict=True))
    assert (cells["Quiz: Week three"], cells["Quiz: Week three: set by hand"]) == ("90", "yes")
    cohort.enrolments.filter(user=awa).update(school_number="26-1")
    moodle = as_bakary.post(f"/en/cohorts/{cohort.pk}/gradebook/csv/", {"for": "moodle"}).getvalue()
    assert rows_of(moodle)[1] == ["26-1", "90", "90.0"]


def test_it_and_a_comment_are_in_the_file_of_everything_and_in_the_learner_s_own(
    as_bakary, as_awa, bakary, awa, row, place
):
    make.quiz_hand_mark(row, awa, "0.9", bakary)
    place.write_comment(None, "Look again", bakary, make.NOW, row)
    kept = tables(as_bakary.post(f"/en/cohorts/{row.cohort_id}/everything/"))
    assert kept["marks-by-hand.csv"][1:] == [["Awa", "", "Week three", "90", "Told aloud", "Bakary", "2026-11-02", ""]]
    assert kept["comments.csv"][1:] == [["Awa", "", "Week three", "Look again", "Bakary", "2026-11-02"]]
    mine = {name: rows for name, rows in exported(as_awa).items() if name in ("hand_marks", "comments")}
    assert [rows[0]["quiz"] for rows in mine.values()] == ["Week three"] * 2


@pytest.mark.parametrize("fields", [{}, {"with_section": True}, {"with_all": True}])
def test_it_is_of_a_section_or_of_a_quiz_and_not_of_both(cohort, row, place, fields):
    section = make.section()
    values = {"score": Decimal(1), "reason": "x", "made_at": make.NOW, "enrolment": place}
    if fields:
        values |= {"section": section, "quiz": row}
    if "with_all" in fields:
        values["assignment"] = make.assignment(cohort, section.module)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandMark.objects.create(**values)


def test_in_the_archive_it_is_told_without_a_link_to_a_quiz_that_is_closed(as_awa, bakary, awa, cohort, row, place):
    make.quiz_hand_mark(row, awa, "0.9")
    place.write_comment(None, "Look again", bakary, make.NOW, row)
    link = f'<a href="{row.quiz.get_absolute_url()}">'
    assert link in as_awa.get(cohort.get_absolute_url()).text
    cohort.archived_at = make.NOW
    cohort.save()
    page = as_awa.get(cohort.get_absolute_url()).text
    assert "Week three – 90 of 100, set by hand" in plain(page)
    assert link not in page


# Comments


def test_a_comment_is_written_changed_and_taken_away_and_its_learner_reads_it(as_bakary, as_awa, cohort, row, place):
    address = f"{page_of(row, place)}comment/"
    assert "A comment to Awa on the quiz “Week three”" in plain(as_bakary.get(address).text)
    page = as_bakary.post(address, {"text": "Look at the second one again."})
    assert page["Location"] == page_of(row, place)
    learner = f"/en/cohorts/{cohort.pk}/learners/{place.pk}/"
    for browser, where in ((as_bakary, page_of(row, place)), (as_bakary, learner), (as_awa, cohort.get_absolute_url())):
        assert browser.get(where).text.count("Look at the second one again.") == 1, where
    basis = fields_of(as_bakary.get(address))["basis"]
    as_bakary.post(address, {"text": "", "basis": basis})
    assert not Comment.objects.exists()


def test_a_comment_on_a_quiz_stands_beside_one_on_all_and_is_in_the_files(as_bakary, bakary, cohort, row, place):
    place.write_comment(None, "Well begun", bakary, make.NOW)
    place.write_comment(None, "Look again", bakary, make.NOW, row)
    file = as_bakary.post(f"/en/cohorts/{cohort.pk}/gradebook/csv/", {"for": "spreadsheet"}).getvalue()
    head, line = rows_of(file)
    cells = dict(zip(head, line, strict=True))
    assert (cells["Quiz: Week three: comment"], cells["Comment on all"]) == ("Look again", "Well begun")
    place.write_comment(None, "", bakary, make.NOW)
    assert Comment.objects.get().text == "Look again"


def test_comments_on_quizzes_go_along_with_a_place_unless_the_other_has_one(bakary, cohort, row, place):
    other = make.place(cohort)
    again = make.set_quiz(cohort, make.own_quiz(bakary))
    for text, quiz in (("All", None), ("First", row), ("Second", again)):
        other.write_comment(None, text, bakary, make.NOW, quiz)
    place.write_comment(None, "Known", bakary, make.NOW, row)
    other.comments.all().move(place)
    assert sorted(place.comments.values_list("text", flat=True)) == ["All", "Known", "Second"]
    assert other.comments.get().text == "First"


@pytest.mark.parametrize("again", [False, True])
def test_of_each_quiz_there_is_one_comment_and_none_on_a_section_too(row, place, again):
    fields = {"enrolment": place, "quiz": row, "made_at": make.NOW, "text": "x"}
    if again:
        Comment.objects.create(**fields)
    else:
        fields["section"] = make.section()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(**fields)


def test_its_page_costs_the_same_whatever_was_handed_in_and_set(as_bakary, bakary, awa, row, place):
    as_bakary.get("/en/")
    counts = []
    for number in (1, 6):
        for _ in range(number):
            make.own_sitting(awa, row.quiz, 1, make.NOW)
            make.quiz_hand_mark(row, awa, "0.5", bakary)
        with CaptureQueriesContext(connection) as queries:
            assert as_bakary.get(page_of(row, place)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
