"""Overlapping assignments agree: a section has one mark, said alike wherever it is said; it can be taken back."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Audit
from cohorts import marks
from cohorts.certificates import eligibility_of
from cohorts.models import Assignment, Comment, HandMark
from cohorts.places import merge
from tests import make
from tests.cohorts.test_basis import fields_of
from tests.cohorts.test_board import cells, plain
from tests.cohorts.test_gradebook import table
from tests.cohorts.test_marks import by_hand, rows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def both(bakary, awa, module, sections):
    """(section 1 by its week, where the latest attempt counts; the whole module by the end of term, where the best)."""
    cohort = make.cohort(bakary, [awa])
    week = make.assignment(cohort, module, sections[:1], due_at=make.NOW + DAY, counts="latest")
    return week, make.assignment(cohort, module, due_at=make.NOW + 30 * DAY)


def said(client, awa, both):
    """The mark of section 1 on the board, both sheets, the page of the mark, and in the gradebook."""
    week, term = both
    cohort = week.cohort
    return [
        re.search(r"(\d+) ?/100", cells(client, cohort)[0][1])[1],
        rows(client, week)[0][1].split("/")[0],
        rows(client, term)[0][1].split("/")[0],
        plain(client.get(by_hand(week, awa, week.sections.get())).text).split("The mark now ")[1].split()[0],
        table(client.get(f"/en/cohorts/{cohort.pk}/gradebook/"))[0][3].split()[0],
    ]


def test_the_assignment_that_is_first_due_says_which_attempt_counts_everywhere(as_bakary, awa, both, sections):
    for hour, right in enumerate((5, 2)):
        make.quiz(awa, sections[0], right=right, at=make.NOW + hour * HOUR)
    assert set(said(as_bakary, awa, both)) == {"40"}
    Assignment.objects.filter(pk=both[0].pk).update(due_at=make.NOW + 60 * DAY)
    assert set(said(as_bakary, awa, both)) == {"100"}


def test_of_equal_dates_the_oldest_leads_and_what_has_no_date_comes_last(both, sections):
    week, term = both
    for dates, leads in [((1, 1), week), ((None, 9), term), ((None, None), week), ((9, 1), term)]:
        for row, days in zip(both, dates, strict=True):
            row.due_at = days and make.NOW + days * DAY
        assert marks.leading([term, week], sections[0]) == leads


def test_a_mark_by_hand_counts_for_the_section_whichever_assignment_it_was_set_under(
    as_bakary, as_awa, awa, module, both, sections
):
    make.quiz(awa, sections[0], right=1, at=make.NOW)
    for row, score in ((both[0], "0.7"), (both[1], "0.85")):
        make.hand_mark(row, awa, sections[0], score)
    assert set(said(as_bakary, awa, both)) == {"85"}
    place = both[0].cohort.enrolments.get(user=awa)
    assert sections[0] not in [mark.section for mark in eligibility_of(place, both[1]).missing(make.NOW)]
    page = plain(as_awa.get(module.get_absolute_url()).text)
    assert page.count("85 of 100, set by hand") == 1, "said once, not for each date"
    own = plain(as_awa.get(both[0].cohort.get_absolute_url()).text)
    assert own.count("85 of 100, set by hand") == 1
    assert "70 of 100" not in own


def test_after_the_closing_date_a_quiz_counts_for_no_mark_and_for_its_learner_all_the_same(
    as_bakary, as_awa, awa, both, sections
):
    both[1].delete()
    Assignment.objects.update(closes_at=make.NOW + 2 * DAY)
    make.quiz(awa, sections[0], right=5, at=make.NOW + 2 * DAY + HOUR)
    assert rows(as_bakary, both[0])[0][1] == "– no mark yet"
    assert "Passed" in plain(as_awa.get(sections[0].get_absolute_url()).text)
    place = both[0].cohort.enrolments.get(user=awa)
    both[0].refresh_from_db()
    both[0].extend(place, awa, make.NOW, due_at=make.NOW + 3 * DAY, reason="Ill")
    assert rows(as_bakary, both[0])[0][1].startswith("100/100 passed"), "the closing date moved by as much"


# Set by hand and taken back


def test_a_mark_is_taken_back_which_is_noted_and_told(as_bakary, as_awa, bakary, awa, both, sections):
    make.quiz(awa, sections[0], right=1, at=make.NOW)
    make.hand_mark(both[1], awa, sections[0], "0.85", bakary)
    address = by_hand(both[0], awa, sections[0])
    page = as_bakary.get(address)
    assert re.search("The mark now 85 of 100 ?, passed ?, set by hand", plain(page.text))
    assert as_bakary.post(address, {"take_back": "1", "basis": fields_of(page)["basis"]}).status_code == 302
    assert HandMark.objects.get().taken_back_at
    assert Audit.objects.filter(who=bakary, what="mark").count() == 1
    assert set(said(as_bakary, awa, both)) == {"20"}
    assert "taken back on" in plain(as_bakary.get(address).text)
    own = plain(as_awa.get(both[0].cohort.get_absolute_url()).text)
    assert "counts no more: your quizzes count again" in own
    make.hand_mark(both[0], awa, sections[0], "0.9")
    own = plain(as_awa.get(both[0].cohort.get_absolute_url()).text)
    assert "90 of 100" in own
    assert "taken back" not in own


def test_a_mark_that_a_colleague_set_meanwhile_is_not_taken_back_unseen(as_bakary, danso, awa, both, sections):
    make.hand_mark(both[0], awa, sections[0], "0.85")
    address = by_hand(both[0], awa, sections[0])
    basis = fields_of(as_bakary.get(address))["basis"]
    make.hand_mark(both[0], awa, sections[0], "0.4", danso)
    page = as_bakary.post(address, {"take_back": "1", "basis": basis})
    assert "Danso changed this" in page.text
    assert not HandMark.objects.exclude(taken_back_at=None).exists()


def test_an_earlier_mark_counts_again_once_the_later_is_taken_back(as_bakary, bakary, awa, both, sections):
    make.hand_mark(both[0], awa, sections[0], "0.6")
    make.hand_mark(both[0], awa, sections[0], "0.9", at=make.NOW + HOUR).take_back(bakary, make.NOW + DAY)
    assert set(said(as_bakary, awa, both)) == {"60"}


@pytest.mark.parametrize("typed", ["15,5", "15.5"])
def test_marks_are_set_in_points_of_20_with_halves_and_quarters(as_bakary, awa, both, sections, typed):
    both[0].cohort.points = 20
    both[0].cohort.save()
    address = by_hand(both[0], awa, sections[0])
    assert as_bakary.post(address, {"points": typed, "reason": "An essay"}).status_code == 302
    mark = HandMark.objects.get()
    assert (mark.score, mark.assignment) == (Decimal("0.775"), both[0])
    assert "15.5 of 20, set by hand" in plain(as_bakary.get(address).text)
    for wrong in ("15.3", "20.5", "quinze"):
        page = as_bakary.post(address, {"points": wrong, "reason": "An essay"})
        assert page.status_code == 422
        assert "such as 15.5" in plain(page.text)
    assert HandMark.objects.count() == 1


def test_the_address_of_before_leads_to_the_page_of_the_mark(as_bakary, awa, both, sections):
    place = both[0].cohort.enrolments.get(user=awa)
    before = f"{both[0].get_absolute_url()}learners/{place.pk}/sections/{sections[0].pk}/mark/"
    assert as_bakary.get(before).headers["Location"] == by_hand(both[0], awa, sections[0])
    as_bakary.post(before, {"points": "85", "reason": "An essay"}, follow=True)
    assert HandMark.objects.get().score == Decimal("0.85")


def test_a_mark_outlives_the_assignment_it_was_set_under_where_another_sets_its_section(awa, both, sections):
    week, term = both
    make.hand_mark(week, awa, sections[0], "0.6")
    week.delete()
    assert HandMark.objects.get().assignment == term
    term.delete()
    assert not HandMark.objects.exists()


# Comments


def words_to(awa, cohort, section=None):
    place = cohort.enrolments.get(user=awa)
    middle = f"sections/{section.pk}/" if section else ""
    return f"/en/cohorts/{cohort.pk}/learners/{place.pk}/{middle}comment/"


def test_bakary_comments_on_a_section_and_on_all_and_awa_reads_it(
    as_bakary, as_awa, as_celia, celia, bakary, awa, both, sections
):
    cohort = both[0].cohort
    cohort.join(celia, make.NOW)
    for section, text in ((sections[0], "Name the holder of each claim."), (None, "Well begun.")):
        assert as_bakary.post(words_to(awa, cohort, section), {"text": text}).status_code == 302
    assert [(row.section, row.made_by) for row in Comment.objects.order_by("pk")] == [
        (sections[0], bakary),
        (None, bakary),
    ]
    own = plain(as_awa.get(cohort.get_absolute_url()).text)
    assert "Name the holder of each claim." in own
    assert "Well begun." in own
    assert "Name the holder" in as_awa.get(sections[0].get_absolute_url()).text
    assert "Name the holder" not in as_awa.get(sections[1].get_absolute_url()).text
    for page in (cohort, sections[0]):
        assert "Name the holder" not in as_celia.get(page.get_absolute_url()).text
    place = cohort.enrolments.get(user=awa)
    assert "Well begun." in as_bakary.get(f"/en/cohorts/{cohort.pk}/learners/{place.pk}/").text
    assert "Name the holder" in as_bakary.get(by_hand(both[0], awa, sections[0])).text
    as_bakary.post(words_to(awa, cohort), {"text": " "})
    assert Comment.objects.count() == 1


def test_a_comment_over_a_newer_one_does_not_overwrite_it(as_bakary, as_danso, danso, awa, both):
    cohort = both[0].cohort
    make.staff(cohort, danso)
    old = fields_of(as_bakary.get(words_to(awa, cohort)))
    as_danso.post(words_to(awa, cohort), {"text": "Read part 2 again."})
    page = as_bakary.post(words_to(awa, cohort), old | {"text": "Fine."})
    assert page.status_code == 409
    assert "Danso changed this" in page.text
    assert Comment.objects.get().text == "Read part 2 again."
    assert as_bakary.post(words_to(awa, cohort), fields_of(page)).status_code == 302
    assert Comment.objects.get().text == "Fine."


def test_who_is_not_on_the_staff_comments_on_nobody(as_awa, as_danso, awa, both, sections):
    for client in (as_awa, as_danso):
        for section in (None, sections[0]):
            assert client.post(words_to(awa, both[0].cohort, section), {"text": "x"}).status_code == 404
    assert not Comment.objects.exists()


def test_a_comment_goes_along_when_two_rows_are_made_one(bakary, awa, both, sections):
    cohort = both[0].cohort
    place, own = make.place(cohort), cohort.enrolments.get(user=awa)
    place.write_comment(sections[0], "From the list.", bakary, make.NOW)
    place.write_comment(None, "Of the place.", bakary, make.NOW)
    own.write_comment(None, "Her own.", bakary, make.NOW)
    merge(cohort, [own.pk, place.pk], bakary, make.NOW)
    assert sorted(own.comments.values_list("text", flat=True)) == ["From the list.", "Her own."]
