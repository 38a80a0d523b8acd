"""The day's review: what is due over all modules, in which order, what the page says, and what it costs."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from course import reviews
from quizzes import schedule
from quizzes.figures import bars
from quizzes.models import Attempt, Use
from quizzes.models.reviews import open_review
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = "/en/review/"


@pytest.fixture
def section():
    return make.section(make.module())


def plain(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def title(page):
    return plain(page.text.split("<h1>")[1].split("</h1>")[0])


def lead(page):
    return plain(page.text.split('<p class="lead">')[1].split("</p>")[0])


def met(learner, section, count=1, days=5, claims=(), **fields):
    """So many items of the section that the learner got right so many days ago, so that they are due by now."""
    found = []
    for _ in range(count):
        item = make.item(section, **fields)
        item.claims.set(claims)
        make.answered(learner, item, at=timezone.now() - days * DAY)
        found.append(item)
    return found


# What the page says


def test_before_anything_is_met_it_says_how_items_come_here(as_awa, section):
    page = as_awa.get(PAGE)
    assert title(page) == "Nothing to review yet"
    assert f'<a class="btn btn-primary" href="{section.module.get_absolute_url()}"' in page.text
    assert "<figure" not in page.text


def test_what_is_due_is_told_with_its_minutes_and_a_button(as_awa, awa, section):
    met(awa, section, 7)
    page = as_awa.get(PAGE)
    assert title(page) == "Today: 7 items, about 4 minutes"
    assert len(re.findall("btn-primary", page.text)) == 1
    assert "Start the review" in page.text


def test_nothing_due_is_a_state_of_its_own_with_the_next_day(as_awa, awa, section):
    met(awa, section, 2, days=0)
    page = as_awa.get(PAGE)
    when = timezone.localdate() + 2 * DAY
    assert title(page) == "Nothing is due today"
    assert lead(page) == f"Next: 2 items on {when:%A} {when.day} {when:%B}."
    assert "Start the review" not in page.text


def test_more_than_twenty_wait_without_penalty(as_awa, awa, section):
    met(awa, section, 23)
    assert title(as_awa.get(PAGE)) == "Today: 20 items, about 10 minutes"
    for item in section.bank.items.order_by("pk")[:20]:
        make.answered(awa, item, at=timezone.now())
    page = as_awa.get(PAGE)
    assert title(page) == "Done for today"
    assert lead(page) == "3 items are left over. They wait without penalty: 20 a day are enough."
    as_awa.post(PAGE)
    assert not Attempt.objects.filter(use=Use.REVIEW).exists()


def test_it_says_in_words_what_is_probably_still_known(as_awa, awa, section):
    met(awa, section, 4, days=60)
    other = make.section(section.module)
    met(awa, other, 1)
    text = plain(as_awa.get(PAGE).text)
    recall = schedule.recall(2.3065, 60)
    assert f"You would probably still know {round(4 * recall)} of the 4 items that you met before today" in text
    assert "You would probably still know 1 of the 1 item that you met before today in this section." in text


def test_of_what_was_met_today_it_says_nothing(as_awa, awa, section):
    make.answered(awa, make.item(section), right=False, at=timezone.now())
    assert "probably still know" not in as_awa.get(PAGE).text


def test_the_week_is_a_picture_and_a_table_that_say_the_same(as_awa, awa, section):
    met(awa, section, 3)
    met(awa, section, 2, days=0)
    page = as_awa.get(PAGE).text
    picture = page.split('<svg class="fig"')[1].split("</svg>")[0]
    drawn = [int(each) for each in re.findall(r'<text x="[\d.]+%" y="\d+" text-anchor="middle">(\d+)</text>', picture)]
    told = [int(each) for each in re.findall(r'<td class="num">(\d+)</td>', page.split("<table")[1])]
    assert drawn == told == [3, 0, 2, 0, 0, 0, 0]
    assert plain(picture.split('<title id="week-t">')[1].split("</title>")[0]).startswith("Today 3, ")
    assert picture.count("<rect") == 7


def test_it_is_ones_own(as_celia, as_guest, awa, section):
    met(awa, section, 3)
    for browser in (as_celia, as_guest):
        assert title(browser.get(PAGE)) == "Nothing to review yet"
        browser.post(PAGE)
    assert not Attempt.objects.filter(use=Use.REVIEW).exists()


# What is asked


def test_only_live_items_for_review_that_were_met_are_asked(as_awa, awa, section):
    (kept,) = met(awa, section)
    make.item(section)
    met(awa, section, uses=["quiz", "exam"])
    (gone,) = met(awa, section)
    gone.withdrawn_at = timezone.now()
    gone.save()
    (check,) = met(awa, make.section(), uses=["check", "review"])
    as_awa.post(PAGE)
    attempt = Attempt.objects.get(use=Use.REVIEW)
    assert set(attempt.responses.values_list("item", flat=True)) == {kept.pk, check.pk}
    assert (attempt.learner, attempt.module, attempt.bank, attempt.retry_of) == (awa, None, None, None)


def test_the_lowest_recall_comes_first_and_no_two_of_a_claim_in_a_row(as_awa, awa, section):
    one, other = make.claim(section), make.claim(section)
    (late,) = met(awa, section, days=90, claims=[one])
    (later,) = met(awa, section, days=60, claims=[one, other])
    (last,) = met(awa, section, days=10)
    as_awa.post(PAGE)
    asked = Attempt.objects.get(use=Use.REVIEW).responses.order_by("position").values_list("item", flat=True)
    assert list(asked) == [late.pk, last.pk, later.pk]


def test_a_post_starts_and_a_second_one_goes_on(as_awa, awa, section):
    met(awa, section, 3)
    first = as_awa.post(PAGE)
    attempt = Attempt.objects.get(use=Use.REVIEW)
    assert first["Location"] == attempt.get_absolute_url()
    assert as_awa.post(PAGE)["Location"] == attempt.get_absolute_url()
    page = as_awa.get(PAGE)
    assert title(page) == "Your review is open: 3 of 3 items left"
    assert "Go on with the review" in page.text


def test_two_starts_at_once_are_one_review(awa, section):
    items = met(awa, section, 2)
    first = Attempt.start_review(awa, items, make.NOW)
    assert Attempt.start_review(awa, items, make.NOW) == first == open_review(awa)
    assert first.responses.count() == 2


def test_nothing_due_starts_nothing(as_awa, awa, section):
    met(awa, section, 2, days=0)
    page = as_awa.post(PAGE, follow=True)
    assert "Nothing is due now." in page.text
    assert not Attempt.objects.filter(use=Use.REVIEW).exists()


# A cohort's date


def test_what_is_set_comes_back_by_its_date(as_awa, awa, bakary, section):
    met(awa, section, 2, days=1)
    awa.recalls.update(due_on=timezone.localdate() + 30 * DAY)
    cohort = make.cohort(bakary, [awa])
    assert "Next: 2 items" in lead(as_awa.get(PAGE))
    at = timezone.now() - 9 * DAY
    make.assignment(cohort, section.module, opens_at=at, due_at=at + DAY)
    elsewhere = make.assignment(
        cohort, make.section().module, opens_at=at, due_at=timezone.now() + timedelta(seconds=90)
    )
    assert title(as_awa.get(PAGE)) == "Nothing is due today"
    elsewhere.delete()
    set_now = make.assignment(cohort, section.module, [section], opens_at=at, due_at=timezone.now() + 3 * DAY)
    (known, _) = reviews.known_to(awa, timezone.now())
    assert known.due_on == timezone.localdate() + 3 * DAY
    set_now.sections.set([make.section(section.module)])
    assert reviews.known_to(awa, timezone.now())[0].due_on == timezone.localdate() + 30 * DAY
    make.assignment(cohort, section.module, opens_at=at, due_at=timezone.now() + 2 * DAY)
    assert reviews.known_to(awa, timezone.now())[0].due_on == timezone.localdate() + 2 * DAY
    cohort.enrolments.get(user=awa).leave(timezone.now())
    assert reviews.known_to(awa, timezone.now())[0].due_on == timezone.localdate() + 30 * DAY


def test_a_date_of_this_very_moment_is_still_to_come(awa, bakary, section):
    now = timezone.now()
    met(awa, section, 1, days=1)
    awa.recalls.update(due_on=now.date() + 30 * DAY)
    make.assignment(make.cohort(bakary, [awa]), section.module, opens_at=now - 9 * DAY, due_at=now)
    assert [row.due_on for row in reviews.known_to(awa, now)] == [now.date()]


# The frame and the cost


def test_the_head_leads_there_for_whoever_has_work(as_awa, as_guest, awa, client, section):
    met(awa, section, 3)
    make.lesson(section)
    module = section.module.get_absolute_url()
    assert re.search(r'<a href="/en/review/">Review <b class="count num">3<', as_awa.get(module).text)
    assert f'<a href="{PAGE}" aria-current="page">' in as_awa.get(PAGE).text
    assert f'<a href="{PAGE}"' in as_guest.get(module).text
    assert f'<a href="{PAGE}"' not in client.get(module).text


@pytest.mark.parametrize(("path", "most"), [(PAGE, 8), ("/en/progress/", 11)])
def test_what_it_costs_does_not_grow(as_awa, awa, bakary, path, most, section):
    as_awa.get("/en/")
    counts = []
    for sections in (1, 4):
        for _ in range(sections):
            place = make.section(section.module)
            make.lesson(place)
            met(awa, place, 9, claims=[make.claim(place)])
            make.reading(awa, place.lessons.first())
            make.quiz(awa, place, right=5)
            make.assignment(make.cohort(bakary, [awa]), section.module, due_at=timezone.now() + DAY)
            met(awa, make.section())
        with CaptureQueriesContext(connection) as queries:
            assert as_awa.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most


# The picture


@given(values=st.lists(st.integers(0, 20), min_size=1, max_size=7))
def test_columns_stand_beside_each_other_and_within_the_picture(values):
    found = bars(values, values)
    assert [bar.of for bar in found] == values
    assert found[0].x >= 0
    assert found[-1].x + found[-1].width <= 100.1
    for one, other in zip(found, found[1:], strict=False):
        assert one.x + one.width < other.x
        assert (one.height >= other.height) == (one.of >= other.of) or abs(one.height - other.height) <= 1
    assert all(bar.y + bar.height == 76 and bar.height >= 1 and bar.over >= 12 for bar in found)
