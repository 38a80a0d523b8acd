"""A text to paste into any messenger: for whom it is, in numbers, with a way to go on, and not a word of the case."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from cohorts.models import Extension
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def people(db):
    return [make.user(f"Learner {number}") for number in range(6)]


@pytest.fixture
def cohort(bakary, people, now):
    row = make.cohort(bakary, people, name="Mali 2026", time_zone="Africa/Bamako")
    for learner in people:
        make.joined(learner, now - 40 * DAY)
    return row


@pytest.fixture
def late(cohort, module, sections, now):
    return make.assignment(cohort, module, sections[:1], opens_at=now - 30 * DAY, due_at=now - DAY)


def page_of(client, cohort, **query):
    page = client.get(f"/en/cohorts/{cohort.pk}/remind/", query)
    assert page.status_code == 200
    return page.text


def text_in(page):
    found = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.S)
    return unescape(found[1]).strip() if found else None


def counts(page):
    return dict(re.findall(r'<option value="(\w+)"[^>]*>\s*[^<(]*\((\d+)\)', page))


def test_it_counts_who_is_late_due_not_begun_and_not_joined(as_bakary, cohort, module, sections, people, late, now):
    make.assignment(cohort, module, sections[1:], opens_at=now - 30 * DAY, due_at=now + 3 * DAY)
    make.quiz(people[0], sections[0], right=5)
    make.quiz(people[0], sections[1], right=5)
    make.reading(people[1], sections[0].lessons.first())
    make.place(cohort)
    found = counts(page_of(as_bakary, cohort))
    assert found == {"late": "5", "due": "5", "not_begun": "4", "not_joined": "1"}


def test_a_later_date_of_ones_own_is_heeded(as_bakary, cohort, module, people, late, now):
    place = cohort.enrolments.get(user=people[0])
    Extension.objects.create(assignment=late, enrolment=place, due_at=now + 2 * DAY)
    assert counts(page_of(as_bakary, cohort)) == {"late": "5", "due": "1", "not_begun": "6", "not_joined": "0"}


def test_the_text_counts_and_leads_on_and_names_neither_people_nor_what_it_is_about(as_bakary, cohort, late):
    page = page_of(as_bakary, cohort)
    assert text_in(page) == (
        "Hello everyone, for 6 of you work that was due is still missing.\n\n"
        f"Go on here: http://testserver/en/cohorts/{cohort.pk}/"
    )
    assert '<svg aria-hidden="true"' in page
    assert "Copy it, paste it and send it" in page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("who", ["late", "due", "not_begun", "not_joined"])
def test_no_text_says_a_name_or_the_title_unless_it_is_ticked(
    as_bakary, cohort, module, sections, people, late, now, who, language
):
    make.assignment(cohort, module, sections[1:], opens_at=now - 30 * DAY, due_at=now + 3 * DAY)
    make.place(cohort, "Coulibaly, A.")
    text = text_in(page_of(as_bakary, cohort, who=who, language=language))
    title = module.document["title"][language]
    for secret in ("Learner", "Coulibaly", "Mali", title, module.document["summary"]["en"], "Section"):
        assert secret not in text
    assert f"/{language}/" in text
    ticked = text_in(page_of(as_bakary, cohort, who=who, language=language, with_title="on"))
    assert title in ticked


def test_the_next_date_is_told_in_the_cohorts_zone(as_bakary, cohort, module, sections, monkeypatch):
    cohort.time_zone = "America/New_York"
    cohort.save()
    now = datetime.fromisoformat("2026-11-30T09:00+00:00")
    make.assignment(
        cohort, module, sections, opens_at=now - DAY, due_at=datetime.fromisoformat("2026-12-04T23:00+00:00")
    )
    monkeypatch.setattr(timezone, "now", lambda: now)
    text = text_in(page_of(as_bakary, cohort, who="due", language="en"))
    assert "something is due on Friday 4 December, at 18:00 (America/New_York). It is missing for 6 of you." in text


def test_of_fewer_than_five_no_number_is_told(as_bakary, cohort, sections, people, late):
    make.quiz(people[0], sections[0], right=5)
    assert "5 of you" in text_in(page_of(as_bakary, cohort, who="late", language="en"))
    make.quiz(people[1], sections[0], right=5)
    text = text_in(page_of(as_bakary, cohort, who="late", language="en"))
    assert "for some of you work" in text
    assert not re.search(r"\d+ of you", text)


def test_whoever_has_not_joined_is_led_to_the_code_and_staff_to_the_slips(as_bakary, cohort, late):
    make.place(cohort)
    page = page_of(as_bakary, cohort, who="not_joined", language="fr")
    assert f"http://testserver/fr/join/{cohort.grouped_code}/" in text_in(page)
    assert f'href="/en/cohorts/{cohort.pk}/slips/"' in page
    cohort.close_joining()
    page = page_of(as_bakary, cohort, who="not_joined", language="en")
    assert "/join/" not in text_in(page)
    assert "The slip with your own code says how." in text_in(page)


def test_where_nobody_is_concerned_there_is_no_text(as_bakary, cohort, bakary):
    page = page_of(as_bakary, cohort)
    assert text_in(page) is None
    assert "Nobody: there is nothing to remind of." in page
    make.place(cohort)
    assert "some of you have not joined yet" in text_in(page_of(as_bakary, cohort))


@pytest.mark.parametrize("query", [{"who": "x", "language": "en"}, {"who": "late", "language": "xx"}, {"who": "late"}])
def test_what_cannot_be_chosen_is_refused_in_words(as_bakary, cohort, late, query):
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/remind/", query)
    assert page.status_code == 422
    assert 'class="invalid-feedback"' in page.text


@pytest.mark.parametrize("browser", ["as_celia", "as_danso", "as_guest"])
def test_strangers_find_nothing_and_learners_neither(request, browser, cohort, people, client):
    assert request.getfixturevalue(browser).get(f"/en/cohorts/{cohort.pk}/remind/").status_code == 404
    client.force_login(people[0])
    assert client.get(f"/en/cohorts/{cohort.pk}/remind/").status_code == 404


def test_a_quiz_of_the_staff_that_is_missing_is_work_that_is_late(
    as_bakary, bakary, people, cohort, late, now, sections
):
    quiz = make.own_quiz(bakary, [make.item(sections[0])])
    make.set_quiz(cohort, quiz, now - 9 * DAY, due_at=now - DAY)
    for number, learner in enumerate(people):
        make.quiz(learner, sections[0], right=6, at=now - 2 * DAY)
        if number:
            make.own_sitting(learner, quiz, 0, now - 2 * DAY)
    assert "Late (1)" in unescape(page_of(as_bakary, cohort))
    cohort.quiz_assignments.update(due_at=now + DAY)
    page = page_of(as_bakary, cohort, who="due", language="en")
    assert "Late (0)" in page
    assert "Due within a week (1)" in page
    assert "something is due on" in text_in(page)


def test_whoever_handed_in_a_quiz_of_the_staff_and_nothing_else_has_begun(
    as_bakary, bakary, people, cohort, late, now, sections
):
    quiz = make.own_quiz(bakary, [make.item(sections[0])])
    make.set_quiz(cohort, quiz, now - 9 * DAY)
    make.own_sitting(people[0], quiz, 0, now - 2 * DAY)
    assert counts(page_of(as_bakary, cohort))["not_begun"] == "5"


# Where quizzes alone are set


@pytest.fixture
def quiz(bakary):
    bank = make.bank(bakary)
    return make.own_quiz(bakary, [make.own_item(bank)], title="Week three")


def test_where_quizzes_alone_are_set_it_speaks_of_those_not_done(as_bakary, bakary, people, cohort, quiz, now):
    """Of six one handed in both, one has begun the second; a place is free."""
    soon = make.own_quiz(bakary, quiz.items.all())
    make.set_quiz(cohort, quiz, now - 9 * DAY, due_at=now - DAY)
    make.set_quiz(cohort, soon, now - 9 * DAY, due_at=now + 3 * DAY)
    for row in (quiz, soon):
        make.own_sitting(people[0], row, 1, now - 2 * DAY)
    make.own_sitting(people[1], soon, at=now - 2 * DAY)
    make.place(cohort)
    page = page_of(as_bakary, cohort)
    assert counts(page) == {"late": "5", "due": "5", "not_begun": "4", "not_joined": "1"}
    assert "for 5 of you work that was due is still missing." in text_in(page)
    assert "something is due on" in text_in(page_of(as_bakary, cohort, who="due", language="en"))


@pytest.mark.parametrize(("begun", "some"), [(1, "5 of you"), (2, "some of you")])
def test_whoever_has_not_begun_where_there_are_no_lessons_is_sent_to_a_quiz(
    as_bakary, people, cohort, quiz, now, begun, some
):
    make.set_quiz(cohort, quiz, now - DAY)
    for learner in people[:begun]:
        make.own_sitting(learner, quiz, at=now)
    text = text_in(page_of(as_bakary, cohort, who="not_begun", language="en"))
    assert text == (
        f"Hello everyone, {some} have not begun a quiz yet.\n\nGo on here: http://testserver/en/cohorts/{cohort.pk}/"
    )


def test_before_the_first_quiz_opens_nobody_is_reminded_of_it(as_bakary, cohort, quiz, now):
    make.set_quiz(cohort, quiz, now + DAY)
    assert text_in(page_of(as_bakary, cohort, who="not_begun", language="en")) is None


def test_it_costs_as_many_queries_with_quizzes_alone_however_many_there_are(
    as_bakary, bakary, cohort, quiz, now, django_assert_max_num_queries
):
    for number in range(10):
        cohort.join(make.user(f"More {number}"), now - DAY)
        make.set_quiz(cohort, make.own_quiz(bakary), now - 30 * DAY, due_at=now - number * DAY)
    as_bakary.get("/en/")
    with django_assert_max_num_queries(10):
        page_of(as_bakary, cohort)


def test_it_costs_at_most_12_queries_however_many_there_are(
    as_bakary, bakary, cohort, module, sections, late, now, django_assert_max_num_queries
):
    for number in range(10):
        learner = make.user(f"More {number}")
        cohort.join(learner, now - DAY)
        make.quiz(learner, sections[0], right=1)
        make.assignment(cohort, module, sections[1:], due_at=now + DAY, opens_at=now - DAY)
        make.set_quiz(cohort, make.own_quiz(bakary), due_at=now - number * DAY)
    as_bakary.get("/en/")
    with django_assert_max_num_queries(12):
        page_of(as_bakary, cohort)
