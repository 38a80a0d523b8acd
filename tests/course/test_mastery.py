"""Mastered and fading where they are shown: module, section, progress and board; and predicted against observed."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizzes import calibration
from quizzes.models import Attempt, Item, Response
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def section():
    return make.case_study(sections=2).sections.order_by("position").first()


def plain(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def pass_and_review(learner, section, days, right=5):
    """Pass its quiz so many days ago, and get each item of it right two and thirteen days later."""
    at = timezone.now() - days * DAY
    quiz = make.quiz(learner, section, right=right, at=at)
    for response in quiz.responses.all():
        for later in (2, 13):
            make.answered(learner, response.item, at=at + later * DAY)
    return quiz


def state(page):
    return plain(page.text.split('class="state s-')[1].split("</span>")[0]).split(">")[-1].strip()


def test_right_on_three_days_is_mastered_everywhere(as_awa, awa, section):
    pass_and_review(awa, section, days=14)
    for path in (section.module.get_absolute_url(), section.get_absolute_url(), "/en/progress/"):
        page = as_awa.get(path)
        assert '<span class="state s-mastered">' in page.text
        assert state(page) == "Mastered"
        assert "Each item right on three days" in page.text
    strip = as_awa.get(section.module.get_absolute_url()).text.split('class="strip"')[1].split("</ol>")[0]
    assert re.findall(r'class="s-(\w+)', strip) == ["mastered", "none"]
    assert "1 of 2 sections passed" in as_awa.get(section.module.get_absolute_url()).text


def test_long_after_it_fades_and_says_what_is_due(as_awa, awa, section):
    pass_and_review(awa, section, days=13 + 170)
    page = as_awa.get(section.module.get_absolute_url())
    assert state(page) == "Fading"
    assert "now you would miss some. 5 items are due for review" in page.text


def test_one_item_that_is_not_there_yet_keeps_it_passed(as_awa, awa, section):
    quiz = pass_and_review(awa, section, days=14)
    awa.recalls.filter(item=quiz.responses.first().item).update(mastered_on=None)
    assert state(as_awa.get(section.module.get_absolute_url())) == "Passed"


def test_items_that_came_later_or_were_withdrawn_do_not_undo_it(as_awa, awa, section):
    quiz = pass_and_review(awa, section, days=14)
    make.answered(awa, make.item(section), right=False, at=timezone.now())
    assert state(as_awa.get(section.module.get_absolute_url())) == "Mastered"
    item = quiz.responses.first().item
    awa.recalls.filter(item=item).update(mastered_on=None)
    item.withdrawn_at = timezone.now()
    item.save()
    assert state(as_awa.get(section.module.get_absolute_url())) == "Mastered"


def test_a_mastered_section_is_no_longer_asked_for(as_awa, awa, section):
    """The next step is the quiz of the other section, and once that is passed the review."""
    other = section.module.sections.order_by("position").last()
    for lesson in [*section.lessons.all(), *other.lessons.all()]:
        make.reading(awa, lesson)
    pass_and_review(awa, section, days=14)
    box = as_awa.get("/en/").text.split('aria-labelledby="next"')[1].split("</section>")[0]
    assert f'action="{other.get_absolute_url()}quiz/"' in box
    make.quiz(awa, other, right=5, at=timezone.now() - 5 * DAY)
    box = as_awa.get("/en/").text.split('aria-labelledby="next"')[1].split("</section>")[0]
    assert 'href="/en/review/"' in box


# A learner's own page


def test_own_progress_has_every_module_with_its_best_and_what_is_due(as_awa, awa, section):
    other = make.case_study(sections=1).sections.get()
    make.quiz(awa, section, right=4, at=timezone.now() - 3 * DAY)
    make.quiz(awa, other, right=5, at=timezone.now())
    text = plain(as_awa.get("/en/progress/").text)
    assert section.module.title in text
    assert other.module.title in text
    assert "best quiz 100 of 100" in text
    assert "5 items are due for review today, 10 within seven days." in text


def test_own_progress_is_ones_own(as_celia, as_guest, awa, section):
    pass_and_review(awa, section, days=14)
    for browser in (as_celia, as_guest):
        page = browser.get("/en/progress/")
        assert set(re.findall(r'class="state s-(\w+)"', page.text)) == {"none"}
        assert "Nothing is due" in page.text


# The board


@pytest.fixture
def cohort(bakary, awa, section):
    cohort = make.cohort(bakary, [awa], at=timezone.now() - 400 * DAY)
    make.assignment(cohort, section.module, [section], opens_at=timezone.now() - 400 * DAY)
    return cohort


def board(client, cohort):
    return client.get(f"/en/cohorts/{cohort.pk}/board/")


def test_the_board_shows_mastered_and_fading_and_the_days_load(as_bakary, awa, cohort, section):
    pass_and_review(awa, section, days=14)
    page = board(as_bakary, cohort)
    assert re.findall(r'<td class="s-(\w+)', page.text) == ["mastered"]
    assert "to review" not in page.text
    assert "Passed, of 1 1" in plain(page.text.split("<tfoot>")[1])
    awa.recalls.update(last_on=timezone.localdate() - 200 * DAY, due_on=timezone.localdate() - 150 * DAY)
    page = board(as_bakary, cohort)
    assert re.findall(r'<td class="s-(\w+)', page.text) == ["fading"]
    assert "5 to review" in plain(page.text)
    assert "Passed, of 1 1" in plain(page.text.split("<tfoot>")[1])


def test_the_board_knows_of_no_other_section(as_bakary, awa, cohort, section):
    other = section.module.sections.order_by("position").last()
    make.quiz(awa, other, right=5, at=timezone.now() - 9 * DAY)
    assert "to review" not in board(as_bakary, cohort).text


def test_work_that_is_set_is_due_by_its_date(as_bakary, awa, cohort, section):
    make.quiz(awa, section, right=5, at=timezone.now() - 1 * DAY)
    assert "to review" not in board(as_bakary, cohort).text
    cohort.time_zone = "Pacific/Kiritimati"
    cohort.save()
    cohort.assignments.update(due_at=timezone.now() + timedelta(minutes=1))
    awa.recalls.update(due_on=timezone.localdate() + 90 * DAY)
    assert "5 to review" in plain(board(as_bakary, cohort).text)


def test_of_somebody_who_is_late_only_that_is_told(as_bakary, awa, cohort, section):
    make.quiz(awa, section, right=1, at=timezone.now() - 9 * DAY)
    awa.recalls.update(due_on=timezone.localdate())
    assert "5 to review" in plain(board(as_bakary, cohort).text)
    cohort.assignments.update(due_at=timezone.now() - 1 * DAY)
    needs = plain(board(as_bakary, cohort).text)
    assert "1 late" in needs
    assert "to review" not in needs


def test_who_passed_everything_is_still_so_when_it_fades(as_bakary, awa, cohort, section):
    pass_and_review(awa, section, days=300)
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/board/", {"show": "passed"})
    assert re.findall(r'<td class="s-(\w+)', page.text) == ["fading"]


@pytest.fixture
def rejoined(awa, cohort):
    """Awa left 20 days ago and came back 10 days ago; returns a moment of between."""
    own, now = cohort.enrolments.get(user=awa), timezone.now()
    own.keep([(now - 400 * DAY, now - 20 * DAY), (now - 10 * DAY, None)])
    return now - 15 * DAY


def test_the_board_knows_nothing_of_items_that_were_met_while_away(as_bakary, awa, cohort, section, rejoined):
    make.quiz(awa, section, right=5, at=rejoined)
    make.answered(awa, make.item(section), at=timezone.now() - 9 * DAY)  # in a review
    assert awa.recalls.count() == 6
    page = board(as_bakary, cohort)
    assert "to review" not in page.text
    assert "not begun" in page.text
    assert re.findall(r'<td class="s-(\w+)', page.text) == ["none"]


def test_what_is_known_counts_of_items_that_were_met_in_what_counts_whatever_else_was_met(
    as_bakary, awa, cohort, section, rejoined
):
    """Its quiz asks five of seven items; all are answered while she is away."""
    pass_and_review(awa, section, days=80)
    met = set(awa.recalls.values_list("item", flat=True))
    for item in Item.objects.filter(bank__section=section):
        make.answered(awa, item, right=item.pk in met, at=rejoined)
    make.answered(awa, make.item(section), right=False, at=rejoined)
    assert awa.recalls.exclude(mastered_on=None).count() == 5
    awa.recalls.update(due_on=timezone.localdate())
    page = board(as_bakary, cohort)
    assert "5 to review" in plain(page.text)
    assert re.findall(r'<td class="s-(\w+)', page.text) == ["mastered"]


def test_what_another_learner_met_in_the_cohort_shows_no_memory_of_this_one(
    as_bakary, celia, awa, cohort, section, rejoined
):
    cohort.join(celia, timezone.now() - 300 * DAY)
    make.quiz(celia, section, right=5, at=timezone.now() - 200 * DAY)
    make.quiz(awa, section, right=5, at=rejoined)
    assert plain(board(as_bakary, cohort).text).count("to review") == 1


def test_memory_of_items_that_an_exam_of_the_cohort_asked_is_shown(as_bakary, awa, cohort, section):
    cohort.assignments.update(exam="open")
    make.reading(awa, section.lessons.first())
    make.exam(awa, section.module, right=0, at=timezone.now() - 9 * DAY)
    assert "to review" in board(as_bakary, cohort).text


def test_memory_costs_the_board_one_query(as_bakary, awa, cohort, section):
    as_bakary.get("/en/")
    counts = []
    for wanted in (1, 30):
        for number in range(cohort.enrolments.learners().count(), wanted):
            learner = make.user(f"Learner {number:02}")
            cohort.join(learner, timezone.now() - 300 * DAY)
            make.quiz(learner, section, right=5, at=timezone.now() - 9 * DAY)
        make.quiz(awa, section, right=5, at=timezone.now() - 9 * DAY)
        with CaptureQueriesContext(connection) as queries:
            assert "to review" in board(as_bakary, cohort).text
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# Predicted against observed


def predicted(module, count, share, right, people=5):
    """So many responses of so many people with that predicted recall, so many of them right."""
    item = make.item(make.section(module))
    version = item.current_version
    learners = [make.user(f"Person {Attempt.objects.count()}-{number}") for number in range(people)]
    attempts = Attempt.objects.bulk_create(
        Attempt(learner=learners[number % people], use="review", seed=1, started_at=make.NOW, submitted_at=make.NOW)
        for number in range(count)
    )
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            position=1,
            item=item,
            shown_version=version,
            option_order=[],
            marked_at=make.NOW,
            score=int(number < right),
            predicted_recall=share,
        )
        for number, attempt in enumerate(attempts)
    )


def told(module):
    return [(row.count, row.right, row.people, row.is_silent, row.is_alarming) for row in calibration.bins(module)]


def test_five_bins_with_their_means(section):
    module = section.module
    for share in (0.3, 0.6, 0.75, 0.89, 0.9, 1.0):
        predicted(module, 10, share, right=7)
    low, *middle, high = calibration.bins(module)
    assert (low.predicted, low.observed, low.count) == (pytest.approx(0.3), 0.7, 10)
    assert [row.count for row in middle] == [10, 10, 10]
    assert (high.predicted, high.count, high.right, high.people) == (pytest.approx(0.95), 20, 14, 10)
    assert [(row.low, row.high) for row in (low, high)] == [(0.0, 0.6), (0.9, 1.0)]


@pytest.mark.parametrize(
    ("count", "right", "people", "alarming"),
    [(200, 138, 5, True), (200, 140, 5, False), (199, 100, 5, False), (200, 100, 4, False), (200, 182, 5, True)],
)
def test_an_alarm_needs_more_than_a_tenth_at_200_of_five_people(section, count, right, people, alarming):
    predicted(section.module, count, 0.8, right, people)
    assert calibration.bins(section.module)[3].is_alarming == alarming


def test_trials_other_modules_and_first_meetings_do_not_count(section):
    predicted(section.module, 5, 0.8, right=5)
    Attempt.objects.update(is_trial=True)
    predicted(make.module(), 5, 0.8, right=5)
    predicted(section.module, 5, None, right=5)
    assert told(section.module) == [(0, 0, 0, True, False)] * 5


def test_its_page_is_silent_below_five_people_and_flags_what_is_off(as_bakary, section):
    address = f"{section.module.get_absolute_url()}recall/"
    predicted(section.module, 40, 0.65, right=20, people=4)
    predicted(section.module, 250, 0.85, right=150)
    text = as_bakary.get(address).text
    page, table = plain(text), plain(text.split("<tbody>")[1])
    assert "Of 250 answers, 85 of 100 were expected to be right, and 60 of 100 were." in page
    assert table.count("fewer than five people") == 4
    assert "80–90 85 60 250 5" in table
    assert " 40 " not in page


def test_its_page_costs_three_queries_and_is_found_by_those_who_teach(
    as_bakary, as_awa, settings, section, django_assert_num_queries
):
    settings.OPEN_TEACHING = False
    module = section.module.get_absolute_url()
    assert f'href="{module}recall/"' in as_bakary.get(module).text
    assert f'href="{module}recall/"' not in as_awa.get(module).text
    with django_assert_num_queries(3):
        as_bakary.get(f"{module}recall/")
